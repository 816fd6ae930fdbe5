"""Why attendance cannot be recorded, in words for the person who asked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.errors import Refused


class NotYet(Refused):
    """It is too early."""


class NotInList(Refused):
    """A row was addressed that is not in the list, or no longer; nothing is stored."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Ingenting er lagret, for listen er endret siden du åpnet den. "
                "Last siden på nytt, og før oppmøtet igjen."
            )
        )


class DoorIsClosed(Refused):
    """Nobody is let in: it is another day, or the seminar is not held."""


class NotOfThisSession(Refused):
    """They had a seat in the session beside this one: nobody is told that they are in here."""

    def __init__(self) -> None:
        super().__init__(
            _("Personen skal være på en annen samling, og får plassen ved døren til den.")
        )


class ScanIsAnothers(Refused):
    """The same key was sent with somebody else, or by somebody else: nothing is stored."""

    def __init__(self) -> None:
        super().__init__(_("Innsjekkingen er allerede brukt. Prøv på nytt."))


class ScanIsUndone(Refused):
    """What is sent again was taken back meanwhile: nobody is told that they are in."""

    def __init__(self) -> None:
        super().__init__(_("Innsjekkingen er angret. Finn personen i listen og slipp inn på nytt."))


class TooLateToUndo(Refused):
    """It can be corrected with a reason, and no more with one press."""
