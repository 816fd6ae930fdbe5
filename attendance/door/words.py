"""What a door says, in words: of the person who came, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from attendance.door.actions import ScanResult
from attendance.door.rules import DoorAnswer
from attendance.models import Scan
from common import dates
from seminars.models import Session

SKINS = {
    DoorAnswer.WELCOME: "green",
    DoorAnswer.ALREADY_IN: "yellow",
    DoorAnswer.OTHER_SESSION: "yellow",
    DoorAnswer.WAITING: "yellow",
    DoorAnswer.UNCERTAIN: "yellow",
    DoorAnswer.NOT_REGISTERED: "red",
    DoorAnswer.OTHER_SEMINAR: "red",
    DoorAnswer.UNKNOWN_CODE: "red",
}


@dataclass(frozen=True, slots=True)
class DoorMessage:
    """The large word of an answer, whom it is about, and the line below it."""

    answer: DoorAnswer
    word: str
    name: str = ""
    line: str = ""

    @property
    def skin(self) -> str:
        return SKINS[self.answer]


def message_of(result: ScanResult) -> DoorMessage:
    """Return what the door says of a scan."""
    registration = result.registration
    name = registration.user.name if registration else ""
    word = word_of(result.answer)
    match result.answer:
        case DoorAnswer.WELCOME:
            agency = registration.agency if registration else None
            return DoorMessage(result.answer, word, name, agency.name if agency else "")
        case DoorAnswer.ALREADY_IN:
            line = when_and_where(result.scan) if result.scan else ""
            return DoorMessage(result.answer, word, name, line)
        case DoorAnswer.OTHER_SESSION:
            own = registration.own_sessions if registration else []
            return DoorMessage(result.answer, word, name, own_in_words(own))
    return DoorMessage(result.answer, word, name, line_of(result.answer))


_TURNED_AWAY = {
    DoorAnswer.WAITING: lambda: (
        _("På venteliste"),
        _("Er det ledig plass, kan du gi den til personen her."),
    ),
    DoorAnswer.UNCERTAIN: lambda: (
        _("Plassen er ikke bekreftet"),
        _("Personen har et tilbud om plass, eller venter på godkjenning."),
    ),
    DoorAnswer.NOT_REGISTERED: lambda: (
        _("Ikke påmeldt"),
        _("Er det ledig plass, kan du melde på personen her."),
    ),
    DoorAnswer.OTHER_SEMINAR: lambda: (
        _("Et annet seminar"),
        _("Koden er ekte, men gjelder et annet seminar. Søk etter navnet."),
    ),
    DoorAnswer.UNKNOWN_CODE: lambda: (
        _("Ukjent kode"),
        _("Koden er ikke laget av portalen. Søk etter navnet."),
    ),
}


def line_of(answer: DoorAnswer) -> str:
    """Return the line below the word where it is the same of everybody; else nothing."""
    return _TURNED_AWAY[answer]()[1] if answer in _TURNED_AWAY else ""


def word_of(answer: DoorAnswer) -> str:
    """Return the large word of an answer."""
    match answer:
        case DoorAnswer.WELCOME:
            return _("Velkommen")
        case DoorAnswer.ALREADY_IN:
            return _("Allerede inne")
        case DoorAnswer.OTHER_SESSION:
            return _("En annen samling")
    return _TURNED_AWAY[answer]()[0]


def when_and_where(scan: Scan) -> str:
    """Return «kl. 08.52, dør B», or the time alone where the door has no name."""
    time = _("kl. %(time)s") % {"time": dates.clock(scan.happened_at)}
    return f"{time}, {scan.door}" if scan.door else time


def own_in_words(own: list[Session]) -> str:
    """Return where somebody is to be, who chose another session."""
    places = [f"{one.title or dates.span(one.starts_at, one.ends_at)}, {one.place}" for one in own]
    return _("Skal være på: %(sessions)s") % {"sessions": "; ".join(places)} if places else ""
