"""Why attendance cannot be recorded, in words for the person who asked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.errors import Refused
from common.numbers import number


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


class NobodyToPrint(Refused):
    """Nobody has a certain seat, and an empty sheet helps nobody."""

    def __init__(self) -> None:
        super().__init__(_("Ingen har plass ennå, så det er ingen å skrive ut for."))


class TooManyToPrint(Refused):
    """More rows than one file is set with while somebody waits."""

    def __init__(self, rows: int, most: int) -> None:
        words = _(
            "Det er %(rows)s å skrive ut, og én fil har plass til %(most)s. "
            "Skriv ut én samling om gangen, eller bruk regnearket med deltakerne."
        )
        super().__init__(words % {"rows": number(rows), "most": number(most)})
