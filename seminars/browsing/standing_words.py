"""What a person is told of their own place in a seminar, before it is over and after."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from seminars.models import RegistrationState

Texts = dict[str, tuple[object, object]]

HEADINGS: Texts = {
    RegistrationState.REGISTERED.value: (_("Du er påmeldt"), _("Du var påmeldt")),
    RegistrationState.WAITLISTED.value: (
        _("Du står på venteliste"),
        _("Du sto på venteliste"),
    ),
    RegistrationState.OFFERED.value: (
        _("Du har fått tilbud om plass"),
        _("Du fikk tilbud om plass"),
    ),
    RegistrationState.AWAITING.value: (
        _("Plassen venter på godkjenning"),
        _("Plassen ventet på godkjenning"),
    ),
}
"""By state: while something is to come, and when it is over or called off."""


def standing_heading(state: str, *, is_past: bool, is_cancelled: bool) -> str:
    """Return the heading of what a person's own page of the seminar says of them.

    `state` is empty for those who are not in.
    """
    if state in HEADINGS:
        return str(HEADINGS[state][is_past])
    return str(_("Avlyst") if is_cancelled else _("Påmelding"))
