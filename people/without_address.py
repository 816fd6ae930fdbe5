"""What is said of somebody without an e-mail address to whoever waits for them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from people.models import User


def no_address_text(person: User) -> str:
    """Return why the portal cannot reach somebody and what to do; empty for who has an address."""
    if person.email is not None:
        return ""
    words = _(
        "%(name)s har ingen e-postadresse, får ikke brev herfra og kan ikke logge inn. "
        "Be HR om å registrere en e-postadresse."
    )
    return words % {"name": person.name}


def label_of(person: User, label: str) -> str:
    """Return what somebody is called where one chooses among people: it says who has none."""
    if person.email is not None:
        return label
    return _("%(label)s (ingen e-postadresse)") % {"label": label}
