"""A correction of one session, with its reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.derivation import NOT_RECORDED
from common import dates
from common.forms import CharField, textarea
from seminars.models import AttendanceOutcome, Registration, Session

NOT_RECORDED_CHOICE = ("not_recorded", _("Ikke ført"))


class CorrectionForm(forms.Form):
    """One session's outcome, and why it is another than was recorded."""

    session = forms.ChoiceField(label=_("Samling"))
    outcome = forms.ChoiceField(label=_("Oppmøte"))
    reason = CharField(
        label=_("Begrunnelse"),
        help_text=_("Personen kan lese den. Ikke skriv om helse."),
        max_length=500,
        widget=textarea(rows=2),
    )

    def __init__(self, registration: Registration, data: Any = None) -> None:
        super().__init__(data)
        sessions = registration.seminar.sessions_in_order()
        self.sessions = {str(one.pk): one for one in sessions}
        session, outcome = self.fields["session"], self.fields["outcome"]
        assert isinstance(session, forms.ChoiceField)  # noqa: S101
        assert isinstance(outcome, forms.ChoiceField)  # noqa: S101
        session.choices = [(str(one.pk), session_in_words(one)) for one in sessions]
        outcome.choices = [*AttendanceOutcome.choices, NOT_RECORDED_CHOICE]
        if len(sessions) == 1:
            session.initial = str(sessions[0].pk)
            session.widget = session.hidden_widget()

    @property
    def correction(self) -> dict[str, Any]:
        """What `correct_attendance` takes of it. Ask after `is_valid`."""
        outcome = self.cleaned_data["outcome"]
        return {
            "session": self.sessions[self.cleaned_data["session"]],
            "outcome": NOT_RECORDED if outcome == NOT_RECORDED_CHOICE[0] else outcome,
            "reason": self.cleaned_data["reason"],
        }


def session_in_words(session: Session) -> str:
    """Return its name and time, which tell it from the seminar's others."""
    time = dates.span(session.starts_at, session.ends_at)
    return f"{session.title}, {time}" if session.title else time
