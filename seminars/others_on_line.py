"""Whom a line of a list names beside the people found on it, so that nobody is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import CharField, F, Func, Q, Value, prefetch_related_objects
from django.db.models.functions import Lower

from common.norwegian import search_words
from people.models import Position, Unit, User
from seminars.people_list import BETWEEN_NAMES, BRACKETS, Beside
from seminars.people_lookup import people_by_key, people_by_name

MOST_LOOKED_UP = 3_000
"""Names, of a whole list; a line that asks for more is told instead."""
MOST_WORDS = 12
ABBREVIATION = re.compile(r"[A-ZÆØÅ]{2,5}")
UNIT = re.compile(
    r"bydel\w*|etat\w*|\w*avdeling\w*|\w*seksjon\w*|\w*enhet\w*|\w*kontor\w*|\w*skole\w*"
    r"|\w*barnehage\w*|\w*sykehjem\w*|\w*tjeneste\w*|kommune|team|department|section|unit|agency",
    re.I,
)
TITLE = re.compile(
    r"\w*leder|\w*sjef|\w*direktør|\w*rådgiver|\w*konsulent|\w*ansvarlig|\w*pleier|\w*lærer|rektor"
    r"|styrer|fagarbeider|ingeniør|leader|manager|director|advis[eo]r|consultant|officer",
    re.I,
)

ANSWER = re.compile(
    r"ja|nei|kanskje|kommer|(ikke )?(svart|påmeldt|invitert|møtt)|venteliste|yes|no|maybe|coming"
    r"|(not )?(answered|registered|invited)|waiting list",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Other:
    """One more person on a line; or nobody, where the line has to be told."""

    beside: Beside
    typed: str
    person: User | None


@dataclass(frozen=True, slots=True)
class LinePiece:
    """The words between two marks, and the wider texts that they stand in."""

    text: str
    rest: str
    """The words that are not of the people found on the line."""
    within: tuple[str, ...]
    of: str
    """Of which kind of `Beside`: «parts», «doubtful», «mentions» or «called»."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the municipality knows of the words: people by name and by HR number, and the rest."""

    by_name: Mapping[str, list[User]]
    by_id: Mapping[str, User]
    looked_up: frozenset[str]
    given_names: frozenset[str]
    units_and_titles: frozenset[str]


def others_on_lines(
    lines: Iterable[Beside],
    people: Mapping[int, Sequence[User]],
    unknown: Mapping[int, Sequence[str]],
) -> list[Other]:
    """Return who else is named on the lines, by the people and the unknown words told on each.

    Every word is of a person on its line, or known to be a unit, a title or a number, or it leads
    to an `Other`. Costs no query where all words are of the people found.
    """
    left = [(one, _pieces(one, people, unknown)) for one in lines]
    left = [(one, pieces) for one, pieces in left if pieces]
    if not left:
        return []
    concerned = [person for one, _pieces_left in left for person in people.get(one.number, ())]
    prefetch_related_objects(concerned, "former_names")
    left = [(one, _pieces(one, people, unknown, with_former=True)) for one, _pieces_left in left]
    known = _known([pieces for _one, pieces in left])
    return [
        other
        for one, pieces in left
        for other in _others(
            one, pieces, people.get(one.number, ()), known, told=one.number in unknown
        )
    ]


def _pieces(
    one: Beside,
    people: Mapping[int, Sequence[User]],
    unknown: Mapping[int, Sequence[str]],
    *,
    with_former: bool = False,
) -> list[LinePiece]:
    """Return the pieces of the line that hold more than the words of its people."""
    here = people.get(one.number, ())
    own = {word for person in here for word in _own_words(person, with_former=with_former)}
    own |= {word for typed in unknown.get(one.number, ()) for word in _words(typed)}
    pieces = [
        LinePiece(text, " ".join(_unexplained(text, own)), within, kind)
        for kind, texts in (
            ("parts", one.parts),
            ("doubtful", one.doubtful),
            ("mentions", one.mentions),
            ("called", one.called),
        )
        for chunk in texts
        for text, within in _apart(chunk)
    ]
    twice = _names_of_several(pieces, here)
    return [piece for piece in pieces if piece.rest or piece in twice]


def _names_of_several(pieces: list[LinePiece], people: Sequence[User]) -> list[LinePiece]:
    """Return full names that say different things, where fewer people are found than names.

    «Tuva Marie Dahl, Tuva Dahl» may be two, though all the words are of the first.
    """
    full = {
        frozenset(words): piece
        for piece in pieces
        if piece.of == "parts" and not piece.rest and len(words := _words(piece.text)) > 1
    }
    return list(full.values()) if len(full) > len(people) else []


def _apart(chunk: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    plain = BRACKETS.sub(" ", chunk)
    for text in [plain, *BRACKETS.findall(chunk)]:
        for wider in text.split(","):
            for piece in BETWEEN_NAMES.split(wider):
                if words := piece.strip(" .:\"'<>[]"):
                    yield words, (chunk, text.strip(), wider.strip())


def _words(text: str) -> list[str]:
    """Return the words that may name somebody: with letters, and more than an initial."""
    tokens = text.split()
    folded = [word for token in tokens for word in search_words(token.strip(".:\"'<>[]«»"))]
    return [word for word in folded if len(word) > 1 and not word.isdigit()]


def _own_words(person: User, *, with_former: bool) -> Iterator[str]:
    yield from _words(person.name)
    yield from _words(re.sub(r"[._+-]", " ", (person.email or "").partition("@")[0]))
    yield from search_words(person.hr_id or "")
    yield person.email or ""
    if with_former:
        for former in person.former_names.all():
            yield from _words(former.name)


def _unexplained(text: str, own: set[str]) -> list[str]:
    """A number may be of anybody: it is looked up."""
    tokens = [token.strip(".:\"'<>[]«»") for token in text.split()]
    ids = [one for one in tokens if _has_digit(one) and not own.issuperset(search_words(one))]
    if len(tokens) == len(ids) == 1:
        return ids
    return [word for word in _words(text) if word not in own and not _has_digit(word)]


def _has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _candidates(pieces: Sequence[LinePiece]) -> list[list[str]]:
    """Return for each piece the names it may be: itself, what is left of it, and with the next.

    «Moen, Jonas» is one name in two pieces.
    """
    found = []
    for place, piece in enumerate(pieces):
        nearby = [*pieces[max(place - 1, 0) : place], *pieces[place + 1 : place + 2]]
        joined = [f"{piece.rest} {other.rest}" for other in nearby if other.of == piece.of]
        bare = " ".join(word for word in piece.rest.split() if not _is_unit_or_title(word))
        whole = " ".join(search_words(piece.text))
        others = dict.fromkeys(one for one in (piece.rest, bare, *joined) if one not in ("", whole))
        found.append([piece.text, *others])
    return found


def _is_unit_or_title(word: str) -> bool:
    return bool(UNIT.fullmatch(word) or TITLE.fullmatch(word))


def _can_be_looked_up(name: str) -> bool:
    return not _has_digit(name) and len(name.split()) <= MOST_WORDS


def _known(of_lines: list[list[LinePiece]]) -> Known:
    pieces = [piece for some in of_lines for piece in some]
    names = dict.fromkeys(
        name
        for of_line in of_lines
        for some in _candidates(of_line)
        for name in some
        if _can_be_looked_up(name)
    )
    looked_up = list(names)[:MOST_LOOKED_UP]
    ids = {word for piece in pieces for word in piece.text.split() if _has_digit(word)}
    wider = {text.lower() for piece in pieces for text in (piece.text, *piece.within)}
    single = {piece.rest for piece in pieces if piece.rest and " " not in piece.rest}
    words = {word.lower() for piece in pieces for word in piece.text.split() if word}
    return Known(
        people_by_name(looked_up),
        people_by_key(set(), ids) if ids else {},
        frozenset(looked_up),
        _given_names(words) if single else frozenset(),
        _units_and_titles(wider),
    )


def _given_names(words: set[str]) -> frozenset[str]:
    first = Func(
        *(F("name"), Value(" "), Value(1)), function="split_part", output_field=CharField()
    )
    named = User.objects.filter(is_active=True).annotate(given=Lower(first))
    named = named.filter(given__in=words)
    return frozenset(
        word for given in named.values_list("given", flat=True).distinct() for word in _words(given)
    )


def _units_and_titles(texts: set[str]) -> frozenset[str]:
    units = Unit.objects.annotate(long=Lower("name"), short=Lower("short_name"))
    found = units.filter(Q(long__in=texts) | Q(short__in=texts)).values_list("long", "short")
    titles = Position.objects.annotate(lower=Lower("title")).filter(lower__in=texts)
    return frozenset(
        [
            *(name for both in found for name in both if name),
            *titles.values_list("lower", flat=True).distinct(),
        ]
    )


def _others(
    one: Beside, pieces: Sequence[LinePiece], here: Sequence[User], known: Known, *, told: bool
) -> Iterator[Other]:
    """Nobody is taken from a line that is told: a name may be of the address that nobody has."""
    seen = list(here)
    tell = False
    for piece, names in zip(pieces, _candidates(pieces), strict=True):
        found = _found(piece, names, known)
        new = [person for person in found if person not in seen]
        if len(found) == 1 and new and piece.of == "parts" and not told:
            seen += new
            yield Other(one, piece.text, new[0])
        elif new or (not found and _may_be_somebody(piece, names, known)):
            tell = True
    if tell:
        yield Other(one, one.line, None)


def _found(piece: LinePiece, names: list[str], known: Known) -> list[User]:
    by_id = [known.by_id[word] for word in piece.text.split() if word in known.by_id]
    by_name = next((known.by_name[name] for name in names if known.by_name.get(name)), [])
    return by_id or by_name


def _may_be_somebody(piece: LinePiece, names: list[str], known: Known) -> bool:
    """Whether nothing says that the words, which find nobody, are of something else."""
    if any(_can_be_looked_up(name) and name not in known.looked_up for name in names):
        return True
    if piece.of == "called" or piece.rest.isdigit() or not re.search(r"[^\W\d_]", piece.rest):
        return False
    words = piece.rest.split()
    is_given = any(word in known.given_names for word in words)
    if piece.of == "mentions":
        return len(words) == 1 and is_given
    tokens = piece.text.split()
    if any(text.lower() in known.units_and_titles for text in (piece.text, *piece.within)):
        return False
    if ANSWER.fullmatch(piece.text) or any(UNIT.fullmatch(word) for word in tokens):
        return False
    if piece.text.islower() and any(UNIT.fullmatch(word) for word in piece.within[-1].split()):
        return is_given  # «Avdeling for lek og lyd»
    if ABBREVIATION.fullmatch(piece.text):
        return is_given
    others = [word for word in tokens if not TITLE.fullmatch(word)]
    is_title = len(others) < len(tokens)
    return not is_title or is_given or sum(word[:1].isupper() for word in others) > 1
