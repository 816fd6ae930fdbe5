"""What a list of people says: whom each row names, by address, HR number or name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from django.utils.translation import gettext as _

from common.addresses import addresses_as_written, addresses_in, as_sent
from common.tables import Row

EMAIL = re.compile(r"e-?\s?post\w*|e-?mail( ?addresse?s?)?|mail|epostadresser?|adresse", re.I)
OF_ANOTHER = re.compile(
    r"leder|sjef|manager|arrang|organi[sz]|bestill|kontakt|contact|order|kopi|innmeld|betal|invoice",
    re.I,
)
OF_ATTENDEE = re.compile(r"deltak|attendee|participant|registrant", re.I)
HR_ID = re.compile(
    r"(hr|ansatt|personal|person|ressurs|employee|staff)[- ]?(nummer|nr\.?|no\.?|number|id)|hr|nr",
    re.I,
)
FIRST_NAME = re.compile(r"fornavn|first ?name|given ?name|first", re.I)
LAST_NAME = re.compile(r"etternavn|last ?name|surname|family ?name|last", re.I)
NAME = re.compile(
    r"(fullt |full |attendee |deltakers? |participant )?(navn|name)"
    r"|deltakere?|participants?|ansatte?",
    re.I,
)
OTHERS = re.compile(
    r"virksomhet|enhet|avdeling|stilling|tittel|status|leder|telefon|mobil|affiliation|phone|id"
    r"|title|position|organi[sz]ation|agency|unit|order code|ordre|ordrekode|country|land",
    re.I,
)
TITLES_ABOVE = 10
"""How far down the headings may stand, under what a report is called."""
ITEM_MARK = re.compile(r"^\s*(?:[-–—*•▪■□●○◦‣·∙◆❖⬥◻❑>▶►→➢➔⇨✓✔✗☐☑☒o]\s+|\(?\d{1,4}[.):]\s+)+")
"""What Word's own lists begin with, and others'; see `common.text` for what becomes of Word's."""
OF_PERSON = re.compile(
    r"makker|partner|kollega|colleague|vikar|stedfortreder|erstatter|substitute|deputy|person"
    r"|\bnavn|\bname",
    re.I,
)
"""A column of people, whoever they are to the person of the row."""
OF_PLACE = re.compile(
    r"virksomhet|enhet|avdeling|unit|agency|organi[sz]|department|kurs|course|seminar|event", re.I
)
MAILTO = re.compile(r"\bmailto:[^\s<>\"(),;]*", re.I)
NOT_APART = re.compile(r"[^\s<>()\[\]\"‘«»:;,|]+")
"""A word, as addresses are read."""
BRACKETS = re.compile(r"\(([^()]*)\)")
BETWEEN_NAMES = re.compile(r"[,;|/&+]|\s[-–—]\s|\b(?:og|and|samt|eller|or)\b", re.I)
MOST_NAMES = 10
"""Readings of one row that are looked up; what is beyond them is told."""
LABEL = re.compile(r"^[^:@]{1,40}:\s+(?=\S)")
"""«Kopi: Liv Dahl», «Deltaker 2: Even Moen»: what somebody is in the list is no part of a name."""


@dataclass(frozen=True, slots=True)
class Named:
    """One person that a row names: by an address, an HR number, or else by one of the names."""

    number: int
    typed: str
    address: str = ""
    hr_ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands on a row beside what its people are looked up by, and may be of somebody else."""

    number: int
    line: str
    parts: tuple[str, ...] = ()
    """Who or what each is, nothing says; a person among them is one of the list."""
    doubtful: tuple[str, ...] = ()
    """Under a heading of people, or under none: whether they are of the list, nothing says."""
    mentions: tuple[str, ...] = ()
    """In brackets, before a colon, or under a heading that is not known: seldom people."""
    called: tuple[str, ...] = ()
    """What the person of the row is called, by its heading."""
    bare: bool = False
    """The row has one address, which no bracket ties to a name."""


@dataclass(frozen=True, slots=True)
class PeopleList:
    named: list[Named]
    beside: list[Beside]
    said: str = ""
    """Which column was read, for who sent the list to check."""


@dataclass(slots=True)
class Headings:
    row: Row
    email: int | None = None
    hr_id: int | None = None
    names: list[int] = field(default_factory=list)


def people_list(rows: Sequence[Row]) -> PeopleList:
    """Return everybody whom the rows name, in their order, and the words beside them.

    What names nobody comes back as a name that nobody has. Every other word is in `Beside`, for who
    knows the people to judge, unless its column is known to say something else of the person.
    """
    headings = _headings(rows)
    if headings is None:
        named = [one for row in rows for one in _freely(row)]
        return PeopleList(named, [_beside_freely(row) for row in rows])
    below = [row for row in rows if row.number > headings.row.number]
    above = [row for row in rows if row.number < headings.row.number and addresses_in(row.text)]
    _find_address_column(headings, below)
    named = [one for row in above for one in _freely(row)]
    named += [one for row in below for one in _by_column(row, headings)]
    beside = [_beside_freely(row) for row in above]
    beside += [_beside_headings(row) for row in rows if row.number <= headings.row.number]
    beside += [_beside_columns(row, headings) for row in below]
    return PeopleList(named, beside, _said(headings, below))


def _headings(rows: Sequence[Row]) -> Headings | None:
    """Of the rows above the first address that one which has most headings."""
    above = list(takewhile(lambda row: not addresses_in(row.text), rows[:TITLES_ABOVE]))
    kinds = {row.number: [kind for cell in row.cells if (kind := _kind(cell))] for row in above}
    known = {number: len(some) for number, some in kinds.items()}
    # «Deltakere» alone may be what the whole list is called.
    row = max(above, key=lambda row: (known[row.number], EMAIL in kinds[row.number]), default=None)
    if row is None or not known[row.number]:
        return None
    filled = sum(bool(cell) for cell in row.cells)
    return _headings_of(row) if known[row.number] * 2 >= min(filled, 4) else None


def _kind(cell: str) -> re.Pattern[str] | None:
    words = re.sub(r"[*:?]|\([^()]*\)", "", cell).strip()
    patterns = (EMAIL, HR_ID, FIRST_NAME, LAST_NAME, NAME, OTHERS)
    return next((one for one in patterns if one.fullmatch(words)), None) or (
        EMAIL if _is_email_heading(words) else None
    )


def _is_email_heading(words: str) -> bool:
    """«Deltakers e-post», «Attendee email», «Leders e-post»: an address, and of whom."""
    return len(words) < 60 and re.search(r"\be-?(post|mail)", words, re.I) is not None


def _headings_of(row: Row) -> Headings:
    headings = Headings(row)
    kinds = [_kind(cell) for cell in row.cells]
    if HR_ID in kinds:
        headings.hr_id = kinds.index(HR_ID)
    parts = [kinds.index(one) for one in (FIRST_NAME, LAST_NAME) if one in kinds]
    whole = [kinds.index(NAME)] if NAME in kinds else []
    headings.names = parts if len(parts) == 2 else whole or parts
    return headings


def _find_address_column(headings: Headings, rows: Sequence[Row]) -> None:
    """That whose cells look like addresses; of several the attendee's own, then the fullest."""
    filled = _address_columns(rows)

    def merit(column: int) -> tuple[int, int, int]:
        cells = headings.row.cells
        heading = cells[column] if column < len(cells) else ""
        rank = 1 if _kind(heading) is EMAIL else 0
        rank += 1 if OF_ATTENDEE.search(heading) else 0
        rank -= 3 if OF_ANOTHER.search(heading) else 0
        return rank, filled[column], -column

    headings.email = max(filled, key=merit, default=None)


def _address_columns(rows: Iterable[Row]) -> Counter[int]:
    return Counter(
        column for row in rows for column, cell in enumerate(row.cells) if addresses_in(cell)
    )


def _said(headings: Headings, rows: Sequence[Row]) -> str:
    def called(column: int) -> str:
        cells = headings.row.cells
        named = cells[column] if column < len(cells) else ""
        return f"«{named}»" if named else str(column + 1)

    if headings.email is None:
        if headings.hr_id is None or len(headings.row.cells) == 1:
            return ""
        return _("Leste HR-numrene i kolonnen %(column)s.") % {"column": called(headings.hr_id)}
    others = [called(one) for one in sorted(_address_columns(rows)) if one != headings.email]
    if len(headings.row.cells) == 1 and not others:
        return ""
    said = _("Leste adressene i kolonnen %(column)s.") % {"column": called(headings.email)}
    if others:
        said += " " + _("Adressene i %(columns)s er ikke lest.") % {"columns": ", ".join(others)}
    return said


def _cell(row: Row, column: int | None) -> str:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def _by_column(row: Row, headings: Headings) -> list[Named]:
    if sum(bool(cell) for cell in row.cells) == 1:
        return _freely(row)
    cell = _cell(row, headings.email)
    found = addresses_as_written(cell)
    if found:
        return [Named(row.number, one, as_sent(one.lower())) for one in found]
    if "@" in cell:
        return [Named(row.number, cell)]
    hr_id = _cell(row, headings.hr_id)
    names = " ".join(filter(None, (_cell(row, one) for one in headings.names)))
    if hr_id or names:
        typed = hr_id or names
        return [Named(row.number, typed, hr_ids=(hr_id,) if hr_id else (), names=_readings(names))]
    if headings.email is None and headings.hr_id is None and not headings.names:
        return _freely(row)
    return [Named(row.number, _shown(row))]


def _freely(row: Row) -> list[Named]:
    """Everybody on a row that no heading explains: addresses, else HR numbers, else names."""
    found = addresses_as_written(row.text)
    if not found:
        return _without_address(row)
    named = [Named(row.number, one, as_sent(one.lower())) for one in found]
    broken = [part for part in _parts(row) if "@" in part and not addresses_in(part)]
    return named + [Named(row.number, part) for part in broken]


def _readings(words: str) -> tuple[str, ...]:
    """Return the words as one name, then the names that they may be of."""
    parts = [part.strip() for part in BETWEEN_NAMES.split(words)]
    return (words, *[part for part in parts if _is_name(part) and part != words][:MOST_NAMES])


def _beside_columns(row: Row, headings: Headings) -> Beside:
    if sum(bool(cell) for cell in row.cells) == 1:
        return _beside_freely(row)
    known_by_key = bool(_cell(row, headings.email) or _cell(row, headings.hr_id))
    parts: list[str] = []
    doubtful: list[str] = []
    mentions: list[str] = []
    called: list[str] = []
    one_column = sum(bool(cell) for cell in headings.row.cells) == 1
    for column, cell in enumerate(row.cells):
        heading = _cell(headings.row, column)
        kind = _kind(heading)
        if column == headings.email:
            parts += _chunks(_without_addresses(cell))
        elif column in headings.names or kind in (FIRST_NAME, LAST_NAME, HR_ID):
            (called if known_by_key else parts).append(cell)
        elif not heading or kind is NAME or _is_of_person(heading):
            (parts if one_column else doubtful).append(cell)
        elif kind is None and not OF_ANOTHER.search(heading):
            mentions.append(cell)
    return Beside(
        row.number,
        _shown(row),
        parts=tuple(parts),
        doubtful=tuple(doubtful),
        mentions=tuple(mentions),
        called=tuple(called),
        bare=_is_bare(_cell(row, headings.email)),
    )


def _is_of_person(heading: str) -> bool:
    if OF_ANOTHER.search(heading) or OF_PLACE.search(heading):
        return False
    return OF_PERSON.search(heading) is not None


def _beside_headings(row: Row) -> Beside:
    """The headings, and what stands above them: most often what the list is called."""
    mentions = tuple(cell for cell in row.cells if not _kind(cell))
    return Beside(row.number, _shown(row), mentions=mentions)


def _beside_freely(row: Row) -> Beside:
    """All words of a row that no heading explains."""
    text = _without_addresses(row.text)
    mentions = BRACKETS.findall(text)
    parts: list[str] = []
    for chunk in _chunks(BRACKETS.sub(" ", text)):
        label = LABEL.match(chunk)
        part = LABEL.sub("", chunk).strip()
        mentions += [label.group()] if label else []
        (mentions if part.endswith(":") else parts).append(part)
    return Beside(
        row.number,
        _shown(row),
        parts=tuple(parts),
        mentions=tuple(mentions),
        bare=_is_bare(row.text),
    )


def _is_bare(text: str) -> bool:
    return not re.search(r"[<(]", text) and len(addresses_as_written(text)) == 1


def _without_addresses(text: str) -> str:
    return NOT_APART.sub(
        lambda word: ";" if "@" in word.group() else word.group(), MAILTO.sub(";", text)
    )


def _chunks(text: str) -> list[str]:
    chunks = (ITEM_MARK.sub("", one).strip(" ,\"'<>[]") for one in re.split(r"[;\t\n|]", text))
    return [one for one in chunks if one]


def _parts(row: Row) -> list[str]:
    """What semicolons, tabs and the ends of lines part; commas stand within names."""
    marks = r"[;\t\n]" if re.search(r"[;\t\n]", row.text) else r"(?<=>)\s*,"
    parts = (part.strip(" ,\"'") for part in re.split(marks, row.text))
    # «Ledere: liv@…, even@…;» is a group of addresses, and its name is nobody's.
    return [part for part in parts if part and not part.endswith(":")]


def _without_address(row: Row) -> list[Named]:
    if "@" in row.text:
        return [Named(row.number, _shown(row))]
    if _shown(row).endswith(":"):  # «Kopi:» above those who are
        return []
    cells = [LABEL.sub("", ITEM_MARK.sub("", cell)).strip() for cell in row.cells if cell]
    whole = _name(" ".join(cells))
    people = [part for part in _parts(row) if _is_name(part)]
    if len(cells) > 1 and all(_is_number(cell) for cell in cells):
        return [Named(row.number, cell, hr_ids=(cell,)) for cell in cells]
    if ";" in row.text and len(people) > 1 and len(people) == len(_parts(row)):
        return [Named(row.number, part, names=(_name(part),)) for part in people]
    apart = [one for part in _parts(row) for one in _readings(_name(part))]
    names = (
        *(_name(row.text), whole, " ".join(cells[:2])),
        *(one for one in [*cells, *apart][:MOST_NAMES] if _is_name(one)),
    )
    hr_ids = tuple(cell for cell in cells if " " not in cell)
    typed = cells[0] if cells and _is_number(cells[0]) else _shown(row)
    return [Named(row.number, typed, hr_ids=hr_ids, names=tuple(dict.fromkeys(names)))]


def _is_number(word: str) -> bool:
    """May be an HR number: one word with a digit in it."""
    return " " not in word and any(sign.isdigit() for sign in word)


def _is_name(words: str) -> bool:
    plain = _name(words)
    return len(plain.split()) > 1 and not any(sign.isdigit() for sign in plain)


def _name(words: str) -> str:
    """Return the name without the number before it and what stands in brackets after it."""
    plain = re.sub(r"\([^()]*\)|[\"<>]", " ", LABEL.sub("", ITEM_MARK.sub("", words)))
    return " ".join(plain.replace(";", " ").split()).strip(" ,")


def _shown(row: Row) -> str:
    return " ".join(row.text.split()).strip(" ;,\"'")
