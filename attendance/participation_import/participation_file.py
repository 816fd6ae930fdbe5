"""A file of past participation, into rows of people and seminars that are known.

What cannot be read is set aside and counts as the file's fault. Rows of people whom the portal does
not know are told apart from it: years of history speak of many who have left, in a file that is
quite right.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from attendance.models import PastOutcome
from attendance.participation_import.hours import read_minutes
from attendance.participation_import.known import KnownPeople, KnownUnits, WhyUnknown
from attendance.participation_import.words import HEADINGS, LEFT_OUT, OUTCOMES, WORDS
from common import dates
from common.staff_files.cells import kind_of
from common.staff_files.faults import StaffFileFault
from common.staff_files.file_map import FileSection
from common.staff_files.headings import folded
from common.staff_files.reading import StaffFile, StaffFileColumn, StaffFileLine
from people.models import Unit
from seminars.models import Seminar, SeminarState

FIRST_YEAR = 1970
"""A seminar before it is a day that a spreadsheet has spoilt."""
HOURS_OF_DAY = 24
COLUMNS = [
    StaffFileColumn("hr_id", max_length=40),
    StaffFileColumn("epost", max_length=254),
    StaffFileColumn("seminar", is_required=True, is_filled=True, max_length=200),
    StaffFileColumn("dato", is_required=True, is_filled=True),
    StaffFileColumn("til"),
    StaffFileColumn("resultat", is_required=True, is_filled=True),
    StaffFileColumn("timer"),
    StaffFileColumn("arrangør", max_length=200),
]

SeminarKey = tuple[dt.date, str, int]
"""First day, the title as it is compared, and the organiser."""


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    line: int
    user: int
    outcome: PastOutcome
    minutes: int | None


@dataclass(slots=True)
class SeminarRead:
    """One seminar of the file, whoever took part in it."""

    organiser: Unit
    titles: Counter[str] = field(default_factory=Counter)
    last_day: dt.date | None = None
    """The last that a row says; None where no row does."""
    rows: list[ParticipationRow] = field(default_factory=list)

    @property
    def title(self) -> str:
        """As most rows write it."""
        return min(self.titles, key=lambda title: (-self.titles[title], title))


@dataclass
class PastParticipationFile:
    file: StaffFile
    seminars: dict[SeminarKey, SeminarRead] = field(default_factory=dict)
    unknown: list[StaffFileFault] = field(default_factory=list)
    """Rows of people whom the portal does not know, or whom HR lists no more."""
    left_out: int = 0
    """Rows that the map says are no participation."""


@dataclass(slots=True)
class _Line:
    """A row that could be read, before anybody in it is looked up."""

    number: int
    hr_id: str
    address: str
    title: str
    first_day: dt.date
    last_day: dt.date | None
    outcome: PastOutcome
    minutes: int | None
    organiser: str


def read_participation(
    path: Path,
    section: FileSection,
    *,
    today: dt.date,
    organiser: Unit | None = None,
    are_all_attended: bool = False,
) -> PastParticipationFile:
    """Return the seminars of a file with who took part; worth something if it has no faults.

    `organiser` holds where a row names none. Where `are_all_attended`, the file need not say what
    became of anybody.
    """
    columns = [_unless_said(one) for one in COLUMNS] if are_all_attended else COLUMNS
    file = StaffFile(path, columns, HEADINGS, section)
    read = PastParticipationFile(file)
    lines = _lines(read, today=today)
    if file.fields and not {"hr_id", "epost"} & file.fields.keys():
        file.fault(0, "", _("Verken hr_id eller epost er blant kolonnene"))
    if not file.faults:
        _look_up(lines, read, organiser, today)
        _set_contradictions_aside(read)
    return read


def _unless_said(column: StaffFileColumn) -> StaffFileColumn:
    """The outcome need be neither a column nor filled in where all are said to have come."""
    if column.name != "resultat":
        return column
    return replace(column, is_required=False, is_filled=False)


def _lines(read: PastParticipationFile, *, today: dt.date) -> list[_Line]:
    found = []
    for line in read.file.lines():
        result = _result(line, read.file)
        if result == LEFT_OUT:
            read.left_out += 1
            continue
        first_day, last_day = _days(line, today)
        minutes = _minutes(line, first_day, last_day)
        if not (line.text("hr_id") or line.text("epost")):
            line.fault("hr_id", _("Verken HR-nummer eller e-postadresse"))
        address = line.email("epost")
        if line.faulty or first_day is None or not isinstance(result, PastOutcome):
            continue
        found.append(
            _Line(
                number=line.number,
                hr_id=line.text("hr_id"),
                address=address,
                title=line.text("seminar"),
                first_day=first_day,
                last_day=last_day,
                outcome=result,
                minutes=minutes,
                organiser=line.text("arrangør"),
            )
        )
    return found


def _result(line: StaffFileLine, file: StaffFile) -> PastOutcome | str:
    """Return the outcome, `LEFT_OUT`, or nothing for a word that is unknown.

    A cell that may be empty, and is, is of somebody who came.
    """
    written = line.text("resultat")
    if not written and "resultat" not in line.faulty:
        return PastOutcome.ATTENDED
    theirs = file.section.values.get("resultat", {}).get(written.casefold(), "")
    if theirs == LEFT_OUT:
        return LEFT_OUT
    outcome = OUTCOMES.get(theirs) or WORDS.get(folded(written))
    if outcome is None and "resultat" not in line.faulty:
        line.fault("resultat", _("Ukjent resultat: %(kind)s") % {"kind": kind_of(written)})
    return outcome or ""


def _days(line: StaffFileLine, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Return the first day, and the last where the row has one."""
    if {"dato", "til"}.intersection(line.faulty):
        return None, None
    first, last = line.dates("dato", "til")
    if first is None:
        if "dato" not in line.faulty:
            line.fault("dato", _("Ingen dag"))
        return None, None
    if first.year < FIRST_YEAR:
        line.fault("dato", _("En dag før %(year)d") % {"year": FIRST_YEAR})
    for column, day in (("dato", first), ("til", last)):
        if day and day > today:
            line.fault(column, _("En dag som ikke har vært"))
    return first, last


def _minutes(
    line: StaffFileLine, first_day: dt.date | None, last_day: dt.date | None
) -> int | None:
    written = line.text("timer")
    if not written or "timer" in line.faulty:
        return None
    minutes = read_minutes(written)
    if minutes is None:
        line.fault("timer", _("Ikke timer, men %(kind)s") % {"kind": kind_of(written)})
    elif minutes < 0:
        line.fault("timer", _("Færre timer enn ingen"))
    elif first_day and minutes > _most_minutes(first_day, last_day or first_day):
        line.fault("timer", _("Flere timer enn dagene har"))
    return minutes


def _most_minutes(first_day: dt.date, last_day: dt.date) -> int:
    return ((last_day - first_day).days + 1) * HOURS_OF_DAY * 60


def _look_up(
    lines: Iterable[_Line], read: PastParticipationFile, organiser: Unit | None, today: dt.date
) -> None:
    people, units, held = KnownPeople(today), KnownUnits(), _held_in_the_portal()
    for line in lines:
        unit = _organiser(line, read.file, units, organiser)
        if unit is None:
            continue
        key = (line.first_day, title_key(line.title), unit.pk)
        if key in held:
            message = _("Seminaret er i portalen, og oppmøtet føres der")
            read.file.set_row_aside(line.number, "seminar", message)
            continue
        person = people.find(line.hr_id, line.address)
        if isinstance(person, WhyUnknown):
            _say_unknown(line, read, person)
            continue
        seminar = read.seminars.setdefault(key, SeminarRead(unit))
        seminar.titles[line.title] += 1
        if line.last_day and (seminar.last_day is None or line.last_day > seminar.last_day):
            seminar.last_day = line.last_day
        seminar.rows.append(ParticipationRow(line.number, person, line.outcome, line.minutes))


def title_key(title: str) -> str:
    return title.casefold()


def _held_in_the_portal() -> set[SeminarKey]:
    """Return the portal's own seminars: what is imported beside them would be told twice."""
    held = Seminar.objects.exclude(state=SeminarState.DRAFT).order_by()
    return {
        (dates.as_date(starts_at), title_key(title), unit)
        for starts_at, title, unit in held.values_list("starts_at", "title", "organiser_unit")
    }


def _organiser(
    line: _Line, file: StaffFile, units: KnownUnits, organiser: Unit | None
) -> Unit | None:
    if not line.organiser:
        if organiser is None:
            file.set_row_aside(line.number, "arrangør", _("Ingen arrangør"))
        return organiser
    found = units.find(line.organiser, on=line.first_day)
    if len(found) == 1:
        return found[0]
    kind = {"kind": kind_of(line.organiser)}
    wrong = _("Flere enheter heter det (%(kind)s)") if found else _("Ukjent enhet (%(kind)s)")
    file.set_row_aside(line.number, "arrangør", wrong % kind)
    return None


def _say_unknown(line: _Line, read: PastParticipationFile, why: WhyUnknown) -> None:
    """By kind alone: whoever the portal does not know is in no log of it."""
    column = "hr_id" if line.hr_id else "epost"
    kind = {"kind": kind_of(line.hr_id or line.address)}
    if why is WhyUnknown.TWO_PEOPLE:
        message = _("HR-nummeret og e-postadressen er to personers")
        read.file.set_row_aside(line.number, column, message)
        return
    message = {
        WhyUnknown.NOBODY: _("Ukjent person (%(kind)s)"),
        WhyUnknown.HAS_LEFT: _("En person som har sluttet (%(kind)s)"),
    }[why] % kind
    read.unknown.append(read.file.row_fault(line.number, column, message))


def _set_contradictions_aside(read: PastParticipationFile) -> None:
    """Two rows that say two things of one person: which is right, the file does not say.

    Rows that say the same are one, and one that is silent on the hours says no other.
    """
    for key, seminar in list(read.seminars.items()):
        by_person: defaultdict[int, list[ParticipationRow]] = defaultdict(list)
        for row in seminar.rows:
            by_person[row.user].append(row)
        kept = []
        for rows in by_person.values():
            column, message = _contradiction(rows)
            for row in rows if column else ():
                read.file.set_row_aside(row.line, column, message)
            if not column:
                kept.append(max(rows, key=lambda row: -1 if row.minutes is None else row.minutes))
        seminar.rows = kept
        if not kept:
            del read.seminars[key]


def _contradiction(rows: list[ParticipationRow]) -> tuple[str, str]:
    """Return the column that rows of one person contradict each other in, and that they do."""
    if len(rows) == 1:
        return "", ""
    lines = {"lines": ", ".join(str(row.line) for row in rows)}
    if len({row.outcome for row in rows}) > 1:
        return "resultat", _(
            "Ulike resultater for samme person og seminar: linje %(lines)s"
        ) % lines
    if len({row.minutes for row in rows} - {None}) > 1:
        return "timer", _("Ulike timer for samme person og seminar: linje %(lines)s") % lines
    return "", ""
