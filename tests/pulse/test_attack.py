"""Somebody with every page and the whole database looks for what one person answered.

Each search has a positive control: a leak is planted, and the same search finds it.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from ballots.disclosure import overlaps_shown
from people import audit
from people.models import Position, Unit, User
from pulse import actions
from pulse.figures import Figures, figures_of
from pulse.models import PulseAnswer, PulseInvitation, PulseResult, PulseRound, Unsure
from pulse.page import conversation_about, rows_of
from pulse.tally import Tally
from tests.cast import Cast
from tests.factories import make_employee
from tests.missions.factories import make_mission
from tests.pulse.factories import (
    DAY,
    asked_in,
    make_pulse,
    open_again,
    say,
    say_all,
    settle,
)

FEWEST = 5

# One page: which answers does a figure leave possible?

Seen = tuple[Any, ...]


def pages_of(tally: Tally, show: Callable[[Tally], Figures]) -> Seen:
    """All that the leader's page says about a round with these answers."""
    figures = show(tally)
    pulse = PulseRound(answers=tally.answers, guess_yes=0, guess_partly=0, guess_no=0)
    actions._write_figures(pulse, figures)
    rows = [(row.label, row.said, row.least, row.most) for row in rows_of(pulse)]
    task = (pulse.has_task, *conversation_about(pulse))
    return figures.result, tally.answers, *rows, *pulse.unsure, *task


def all_tallies(most: int) -> Iterator[Tally]:
    for yes, partly, no in product(range(most + 1), repeat=3):
        if 0 < yes + partly + no <= most:
            for unsure in product((0, partly), repeat=len(Unsure)):
                yield Tally(yes, partly, no, *unsure)


def certain(show: Callable[[Tally], Figures], most: int = 9) -> set[str]:
    """What somebody who reads a page, and knows who answered, can be certain of."""
    worlds: dict[Seen, list[Tally]] = {}
    for tally in all_tallies(most):
        worlds.setdefault(pages_of(tally, show), []).append(tally)
    found = set()
    for possible in worlds.values():
        for name in ("yes", "partly", "no", "other"):
            counts = {getattr(tally, name) for tally in possible}
            if counts == {possible[0].answers}:
                found.add(f"everybody said {name}")
            if counts == {0}:
                found.add(f"nobody said {name}")
            if counts in ({1}, {2}) and name in ("partly", "no"):
                found.add(f"one or two said {name}")
    return found


def show_everything(tally: Tally) -> Figures:
    return Figures(PulseResult.FULL, tally.yes, tally.other, tally.partly, tally.no, frozenset())


def test_no_page_makes_anybodys_answer_certain() -> None:
    assert certain(figures_of) == set()


def test_control_figures_shown_as_they_are_make_answers_certain() -> None:
    assert {
        "everybody said no",
        "nobody said yes",
        "nobody said no",
        "one or two said partly",
    } <= certain(show_everything)


def test_four_answers_show_nothing_at_all() -> None:
    seen = {pages_of(tally, figures_of) for tally in all_tallies(FEWEST - 1)}
    assert seen == {(PulseResult.TOO_FEW, answers, False) for answers in range(1, FEWEST)}


# Several pages: whatever is possible, given all of them and who answered in each.

Group = frozenset[int]
Guard = Callable[[Group, Sequence[Group]], bool]


def shown_in_turn(groups: Sequence[Group], is_withheld: Guard) -> list[Group]:
    """Which of these rounds are shown, when each is settled after the one before."""
    shown: list[Group] = []
    for group in groups:
        if len(group) >= FEWEST and not is_withheld(group, shown):
            shown.append(group)
    return shown


def betrayed_by(shown: Sequence[Group], said_yes: Group) -> Group:
    """Those whose answer is the same in every world in which the pages are as they are.

    Tries every world, so no sum, difference, multiple or bound of what is shown finds more. Nobody
    changes the answer from round to round, which is the best that an attacker can hope for.
    """
    people = sorted(frozenset().union(*shown))
    groups = [sum(1 << people.index(one) for one in group) for group in shown]
    truth = sum(1 << place for place, one in enumerate(people) if one in said_yes)
    pages = [[_page(yes, mask.bit_count()) for yes in range(len(people) + 1)] for mask in groups]
    possible = [
        world
        for world in range(1 << len(people))
        if all(
            page[(world & mask).bit_count()] == page[(truth & mask).bit_count()]
            for mask, page in zip(groups, pages, strict=True)
        )
    ]
    always, never = (1 << len(people)) - 1, 0
    for world in possible:
        always, never = always & world, never | world
    certain = always | ~never
    return frozenset(one for place, one in enumerate(people) if certain >> place & 1)


@cache
def _page(yes: int, answers: int) -> Seen:
    return pages_of(Tally(yes=yes, no=max(answers - yes, 0)), figures_of)


def never_withheld(group: Group, shown: Sequence[Group]) -> bool:
    return False


def differs_by_few(group: Group, shown: Sequence[Group]) -> bool:
    """Compares with one round at a time, and takes a difference of five people for safe."""
    return any(0 < len(rest) < FEWEST for other in shown for rest in (group - other, other - group))


FIRST_FIVE, LAST_FIVE, X = frozenset(range(5)), frozenset(range(5, 10)), 10
A_MINUS_B_PLUS_C = [FIRST_FIVE | LAST_FIVE, LAST_FIVE, FIRST_FIVE | {X}]
THIRDS = [frozenset(range(start, start + 3)) for start in (0, 3, 6)]
PAIRS_AND_ALL = [
    THIRDS[0] | THIRDS[1],
    THIRDS[1] | THIRDS[2],
    THIRDS[0] | THIRDS[2],
    frozenset(range(9)) | {X},
]
FIVE_NEWCOMERS = [frozenset(range(6)), frozenset(range(11))]


@pytest.mark.parametrize(
    ("groups", "guard", "said_yes", "betrayed"),
    [
        # A unit is asked, then split, and one half gets a newcomer: A − B + C.
        (A_MINUS_B_PLUS_C, never_withheld, {0, 1, 5, 6, X}, {X}),
        # The three pairs hold everybody twice: half their sum, and one person stands alone.
        (PAIRS_AND_ALL, never_withheld, {0, 1, 3, 4, 6, 7, X}, {X}),
        # The difference is five people, and none of them said «ja»: each is known.
        (FIVE_NEWCOMERS, differs_by_few, {0, 1, 2}, {6, 7, 8, 9, 10}),
    ],
)
def test_control_rounds_shown_by_a_weaker_rule_betray_people(
    groups: list[Group], guard: Guard, said_yes: set[int], betrayed: set[int]
) -> None:
    shown = shown_in_turn(groups, guard)
    assert shown == groups
    assert betrayed_by(shown, frozenset(said_yes)) == betrayed
    assert betrayed_by(shown_in_turn(groups, overlaps_shown), frozenset(said_yes)) == frozenset()


people_of_ten = st.frozensets(st.integers(0, 9), min_size=FEWEST)


@settings(max_examples=150, deadline=None)
@given(st.lists(people_of_ten, min_size=1, max_size=6), st.frozensets(st.integers(0, 9)))
def test_no_rounds_that_are_shown_betray_anybody(groups: list[Group], said_yes: Group) -> None:
    assert betrayed_by(shown_in_turn(groups, overlaps_shown), said_yes) == frozenset()


def answered_by(pulse: PulseRound, said_yes: Group) -> list[Group]:
    """The round is answered and settled; who answered, where it is shown."""
    people = asked_in(pulse)
    for person in people:
        say(pulse, person, "ja" if person.pk in said_yes else "nei")
    return [frozenset(one.pk for one in people)] if settle(pulse).is_shown else []


def move(people: Sequence[User], unit: Unit, day: dt.date) -> None:
    Position.objects.filter(user__in=people).update(valid_to=day - DAY)
    for person in people:
        Position.objects.create(user=person, unit=unit, title="Flyttet", valid_from=day)


def split_and_newcomer(cast: Cast) -> tuple[list[Group], Group, User]:
    """Ten are asked; five move to another unit, which gets a newcomer; both are asked."""
    start = timezone.now() - 300 * DAY
    first = make_pulse(cast, colleagues=9, now=start)
    people = asked_in(first)
    said_yes = frozenset(one.pk for one in (*people[:2], *people[5:7]))
    shown = answered_by(first, said_yes)
    later = start + 110 * DAY
    move(people[5:], cast.department, timezone.localdate(later))
    new = make_employee(cast.department, "Ny Kollega")
    make_mission(cast.department)
    for unit in (cast.unit, cast.department):
        shown += answered_by(open_again(cast, unit, now=later), said_yes | {new.pk})
    return shown, said_yes | {new.pk}, new


def test_a_unit_that_is_split_betrays_no_newcomer(cast: Cast) -> None:
    shown, said_yes, _new = split_and_newcomer(cast)
    assert [len(group) for group in shown] == [10]
    assert betrayed_by(shown, said_yes) == frozenset()


def test_control_a_split_shown_without_looking_at_what_was_shown_betrays_the_newcomer(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "overlaps_shown", never_withheld)
    shown, said_yes, new = split_and_newcomer(cast)
    assert [len(group) for group in shown] == [10, 5, 6]
    assert betrayed_by(shown, said_yes) == {new.pk}


def test_rounds_of_two_units_with_the_same_people_are_seen_together(cast: Cast) -> None:
    first = make_pulse(cast, colleagues=9)
    for person in asked_in(first):
        Position.objects.create(
            user=person, unit=cast.department, title="Også her", valid_from=first.opens_on
        )
    say_all(first, "ja ja ja ja ja nei nei nei nei nei")
    settle(first)
    second = make_pulse(cast, unit=cast.department, colleagues=1)
    say_all(second, ["ja"] * 5 + ["nei"] * 6)
    assert settle(second).result == "withheld"


def test_figures_stand_on_the_own_leaders_page_alone(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja ja ja nei nei nei nei")
    settle(pulse)
    make_pulse(cast, unit=cast.department)
    page = reverse("pulse:pulse", args=[cast.unit.pk])
    answers = {
        kind: signed_in(getattr(cast, kind)).get(page).status_code
        for kind in ("leader", "employee", "manager", "hr", "coordinator", "administrator")
    }
    assert answers == {"leader": 200} | dict.fromkeys(
        ("employee", "manager", "hr", "coordinator", "administrator"), 403
    )
    above = signed_in(cast.manager).get(reverse("pulse:pulse", args=[cast.department.pk]))
    assert (above.context["latest"].unit, above.context["rows"]) == (cast.department, [])


# The database: what does an answer leave behind?


@dataclass(frozen=True)
class Snapshot:
    """Every row of every table with its place and its transaction, and every sequence."""

    rows: dict[tuple[str, str], dict[str, Any]]
    xmin: dict[tuple[str, str], str]
    sequences: dict[str, int | None]


def snapshot() -> Snapshot:
    rows, xmin = {}, {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT to_jsonb(t)::text, xmin::text FROM "{table}" t')  # noqa: S608
            for text, transaction in cursor.fetchall():
                row = json.loads(text)
                key = (table, str(row.get("id") or row.get("session_key") or text))
                rows[key], xmin[key] = row, transaction
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        sequences = dict(cursor.fetchall())
    return Snapshot(rows, xmin, sequences)


def footprint(before: Snapshot, after: Snapshot) -> list[tuple[str, str, int]]:
    """What changed: table, column and how long the new value is; rows that came or went whole."""
    changed = [
        (table, column, len(str(row[column])))
        for (table, key), row in after.rows.items()
        if (table, key) in before.rows
        for column in row
        if row[column] != before.rows[table, key][column]
    ]
    others = before.rows.keys() ^ after.rows.keys()
    moved = [name for name, last in after.sequences.items() if before.sequences[name] != last]
    return sorted(
        changed
        + [(table, "a whole row", len(str(after.rows.get((table, key))))) for table, key in others]
        + [(name, "a sequence", 0) for name in moved]
    )


def ages_of_invitations(at: Snapshot) -> set[str]:
    return {at.xmin[key] for key in at.rows if key[0] == "pulse_pulseinvitation"}


def plain_difference(before: Snapshot, after: Snapshot) -> list[int]:
    """The tallies of two backups subtracted, as if their last bytes were the six sums."""
    sums = []
    for at in (before, after):
        (tally,) = [row["sealed_tally"] for key, row in at.rows.items() if "pulseround" in key[0]]
        sums.append(struct.unpack(">6I", bytes.fromhex(tally[2:])[-24:]))
    return [new - old for old, new in zip(*sums, strict=True)]


@dataclass(frozen=True)
class Traces:
    footprints: list[list[tuple[str, str, int]]]
    ages: list[set[str]]
    differences: list[list[int]]
    """Of the sums in two backups, one on each side of an answer."""


WORDS = ("yes", "no", "partly", "yes", "no")


def traces_of_answers(cast: Cast, signed_in) -> Traces:
    """Five people answer through the page, one after the other, with a backup after each."""
    pulse = make_pulse(cast)
    url = reverse("pulse:answer_pulse", args=[pulse.pk])
    traces = Traces([], [], [])
    for person, word in zip(asked_in(pulse), WORDS, strict=False):
        browser = signed_in(person)
        before = snapshot()
        browser.get(url)
        browser.post(url, {"remembered": "1", "remembered_mission": "Hemmelig minne"})
        sent = browser.post(url, {"answer": word, "unsure": ["mission", "contribution"]})
        assert sent.status_code == 302
        after = snapshot()
        assert "Hemmelig minne" not in str(after)
        traces.footprints.append(footprint(before, after))
        traces.ages.append(ages_of_invitations(after))
        traces.differences.append(plain_difference(before, after))
    return traces


def reveals(traces: Traces) -> set[str]:
    """The ways in which an answer can be joined to a person."""
    found = set()
    if any(one != traces.footprints[0] for one in traces.footprints):
        found.add("answers leave different traces")
    if any(
        what in ("a whole row", "a sequence")
        for footprints in traces.footprints
        for _table, what, _length in footprints
    ):
        found.add("an answer leaves a row of its own")
    if any(len(ages) > 1 for ages in traces.ages):
        found.add("participants are of different ages")
    if any(0 < sum(difference) <= 3 for difference in traces.differences):
        found.add("two backups subtract to an answer")
    return found


@pytest.mark.django_db(transaction=True)
def test_an_answer_leaves_nothing_that_joins_it_to_a_person(cast: Cast, signed_in) -> None:
    traces = traces_of_answers(cast, signed_in)
    assert reveals(traces) == set()
    changed = {(table, column) for table, column, _length in traces.footprints[0]}
    assert changed == {
        ("pulse_pulseinvitation", "has_answered"),
        ("pulse_pulseround", "sealed_tally"),
    }


def plant_audit_record(monkeypatch: pytest.MonkeyPatch) -> None:
    note = actions._note_answered

    def note_and_record(pulse: PulseRound, person: User) -> bool:
        audit.record("pulse.answer_pulse", pulse, by=person)
        return note(pulse, person)

    monkeypatch.setattr(actions, "_note_answered", note_and_record)


def plant_own_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the person's own row is updated, and is then younger than the others."""

    def note_own(pulse: PulseRound, person: User) -> bool:
        own = PulseInvitation.objects.filter(round=pulse, user=person, has_answered=False)
        return bool(own.update(has_answered=True))

    monkeypatch.setattr(actions, "_note_answered", note_own)


def plant_plain_tally(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(tally: Tally, salt: object) -> bytes:
        sums = (tally.yes, tally.partly, tally.no, 0, 0, 0)
        return bytes(28) + struct.pack(">6I", *sums)

    def read(sealed: bytes, salt: object) -> Tally:
        return Tally(*struct.unpack(">6I", sealed[-24:]))

    monkeypatch.setattr(actions, "seal", plain)
    monkeypatch.setattr(actions, "unseal", read)


def plant_longer_tally(monkeypatch: pytest.MonkeyPatch) -> None:
    """A note in a table that is not the pulse's, by those who say «nei» alone."""
    add = Tally.with_answer

    def add_and_mark(self: Tally, answer: PulseAnswer, unsure: frozenset[Unsure]) -> Tally:
        if answer == PulseAnswer.NO:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE people_unit SET short_name = short_name || 'x'")
        return add(self, answer, unsure)

    monkeypatch.setattr(Tally, "with_answer", add_and_mark)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("plant", "leak"),
    [
        (plant_audit_record, "an answer leaves a row of its own"),
        (plant_own_row, "participants are of different ages"),
        (plant_plain_tally, "two backups subtract to an answer"),
        (plant_longer_tally, "answers leave different traces"),
    ],
)
def test_control_a_planted_leak_is_found(
    cast: Cast, signed_in, monkeypatch: pytest.MonkeyPatch, plant, leak: str
) -> None:
    plant(monkeypatch)
    assert leak in reveals(traces_of_answers(cast, signed_in))


def order_on_disk(cast: Cast, places: Sequence[int]) -> list[int]:
    """The invitations' places as they lie in the table, when these have answered in this order."""
    pulse = make_pulse(cast)
    asked = asked_in(pulse)
    for place in places:
        say(pulse, asked[place], "ja")
    place_of = {person.pk: place for place, person in enumerate(asked)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id FROM pulse_pulseinvitation ORDER BY ctid")
        return [place_of[user_id] for (user_id,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_where_a_row_lies_says_nothing_of_who_answered_when(cast: Cast) -> None:
    assert order_on_disk(cast, [6, 2, 4]) == list(range(8))


@pytest.mark.django_db(transaction=True)
def test_control_rows_updated_alone_lie_in_the_order_of_answers(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant_own_row(monkeypatch)
    assert order_on_disk(cast, [6, 2, 4])[-3:] == [6, 2, 4]


@pytest.mark.django_db(transaction=True)
def test_a_settled_round_holds_only_what_its_page_shows(cast: Cast) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja ja ja nja nja nei nei")
    settle(pulse)
    (row,) = [row for key, row in snapshot().rows.items() if key[0] == "pulse_pulseround"]
    kept = {name: row[name] for name in ("sealed_tally", "yes", "other", "partly", "no")}
    assert kept == {"sealed_tally": None, "yes": 4, "other": 4, "partly": None, "no": None}
