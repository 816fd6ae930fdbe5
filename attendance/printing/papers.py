"""The list to tick off at a door and the badges of those who come, as PDFs for a printer.

Each is set in the language of whoever prints it, and read back before it is handed out: a name that
does not stand in it whole is worse than no list.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import segno
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from attendance import codes
from attendance.door.rules import is_of_session
from attendance.refusals import NobodyToPrint, TooManyToPrint
from common import dates
from common.numbers import number
from evidence.documents import Layout, set_whole
from seminars.models import Registration, Seminar, Session

FOLDER = Path(__file__).resolve().parent / "typst"
LIST: Final = Layout(FOLDER / "attendance_list.typ", foot=68, exact=frozenset({"language"}))
BADGES: Final = Layout(FOLDER / "badges.typ", foot=0, exact=frozenset({"language", "code"}))
MOST_ROWS: Final = 800
"""Of one file: set within seconds, while somebody waits for it."""
EMPTY_ROWS: Final = 8
"""For those who come without being registered."""


def seated(seminar: Seminar) -> list[Registration]:
    """Return everybody with a certain seat, as they stand in a directory."""
    rows = seminar.registrations.confirmed().with_people().prefetch_related("choices")
    prefetch_related_objects([seminar], "sessions")
    found = list(rows.order_by("user__sort_key", "pk"))
    for one in found:
        one.seminar = seminar
    return found


def attendance_list(seminar: Seminar, sessions: Sequence[Session], *, now: dt.datetime) -> bytes:
    """Return who is expected to each of the sessions, each from a page of its own.

    Raises TooManyToPrint.
    """
    people = seated(seminar)
    expected = [
        (session, [one for one in people if is_of_session(one, session)]) for session in sessions
    ]
    _refuse_too_many(sum(len(those) for _session, those in expected))
    data = _shared(seminar, _("Oppmøteliste: %(title)s"), now) | {
        "sessions": [_session_data(session, those) for session, those in expected],
        "columns": [_("Nr."), _("Møtt"), _("Navn"), _("Enhet"), _("Signatur")],
        "walk_ins": _("Kom uten påmelding"),
        "empty_rows": EMPTY_ROWS,
        "warning": _("Listen har personopplysninger. Makuler den når oppmøtet er ført."),
        # The template puts its own figures in, which are known when all pages are.
        "page_of": _("Side %(page)s av %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }
    said = [words for _session, those in expected for words in _said(those)]
    return set_whole(LIST, data, said=said, made_at=now)


def badges(
    seminar: Seminar, session: Session | None, *, with_codes: bool, now: dt.datetime
) -> bytes:
    """Return a badge for each who comes to the session, or to the seminar.

    Raises TooManyToPrint, and NobodyToPrint.
    """
    people = [one for one in seated(seminar) if session is None or is_of_session(one, session)]
    _refuse_too_many(len(people))
    if not people:
        raise NobodyToPrint()
    key = codes.key_of(seminar) if with_codes else None
    data = _shared(seminar, _("Navneskilt: %(title)s"), now) | {
        "above": seminar.title,
        "badges": [_person(one) | _code(one, key) for one in people],
    }
    return set_whole(BADGES, data, said=_said(people), made_at=now)


def _refuse_too_many(rows: int) -> None:
    if rows > MOST_ROWS:
        raise TooManyToPrint(rows, MOST_ROWS)


def _shared(seminar: Seminar, title: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "language": get_language() or "nb",
        "title": title % {"title": seminar.title},
        "printed": _("Skrevet ut %(when)s") % {"when": dates.moment(now)},
    }


def _session_data(session: Session, people: list[Registration]) -> dict[str, Any]:
    when = dates.span(session.starts_at, session.ends_at)
    names = [session.title, session.seminar.title] if session.title else [session.seminar.title]
    count = ngettext("%(count)s påmeldt", "%(count)s påmeldte", len(people))
    return {
        "heading": names[0],
        "about": [
            *names[1:],
            ", ".join(part for part in (when, session.place) if part),
            count % {"count": number(len(people))},
        ],
        "people": [_person(one) for one in people],
    }


def _person(registration: Registration) -> dict[str, str]:
    """A name and where they work: no address, no needs, no answers."""
    return {"name": registration.user.name, "unit": _unit(registration)}


def _unit(registration: Registration) -> str:
    unit, agency = registration.unit, registration.agency
    names = [one.name for one in (unit, agency) if one]
    return ", ".join(dict.fromkeys(names))


def _said(people: list[Registration]) -> list[str]:
    return [words for one in people for words in _person(one).values() if words]


def _code(registration: Registration, key: bytes | None) -> dict[str, str]:
    if key is None:
        return {"code": "", "alt": ""}
    file = io.BytesIO()
    drawn = segno.make(codes.code_of(registration.pk, key), error="m", micro=False)
    drawn.save(file, kind="svg", border=2, dark="#000", light="#fff", xmldecl=False)
    alt = _("QR-koden til %(name)s") % {"name": registration.user.name}
    return {"code": file.getvalue().decode(), "alt": alt}
