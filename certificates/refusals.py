"""Why a certificate cannot be issued, in words for the person who asked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.errors import Refused


class NotOverYet(Refused):
    """The last session has not ended: nobody has been at all of it."""

    def __init__(self) -> None:
        super().__init__(_("Kursbevis kan utstedes når seminaret er over."))


class NoCertificates(Refused):
    """The organiser has settled that the seminar has none, or it was not held."""

    def __init__(self) -> None:
        super().__init__(_("Dette seminaret har ikke kursbevis."))


class NotEarned(Refused):
    """What is recorded of the person is not what the seminar asks for."""

    def __init__(self) -> None:
        super().__init__(_("Oppmøtet som er ført på deg, gir ikke kursbevis på dette seminaret."))


class IsIssued(Refused):
    """The person has a valid one already."""

    is_so_already = True

    def __init__(self) -> None:
        super().__init__(_("Kursbeviset er allerede utstedt."))


class SaysTheSame(Refused):
    """A new one would say what the valid one says."""

    is_so_already = True

    def __init__(self) -> None:
        super().__init__(_("Et nytt kursbevis ville sagt det samme som det du har."))


class NotValid(Refused):
    """It has been replaced or withdrawn meanwhile."""

    is_so_already = True

    def __init__(self) -> None:
        super().__init__(_("Kursbeviset gjelder ikke lenger. Se hva som har skjedd med det."))


class AskedLately(Refused):
    """The person has had a new one within the last day."""

    def __init__(self) -> None:
        super().__init__(
            _("Du fikk et nytt kursbevis for mindre enn et døgn siden. Prøv igjen i morgen.")
        )
