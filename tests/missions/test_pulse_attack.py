"""Somebody with every page and the whole database looks for what one person answered.

Each search has a positive control: a leak is planted, and the same search finds it.
"""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from missions.actions import pulse as actions
from missions.models import Answer, PulseInvitation, PulseResult, PulseRound, Unsure
from missions.pulse_figures import Figures, figures_of, isolates_few
from missions.pulse_page import conversation_about, rows_of
from missions.pulse_tally import Tally
from people import audit
from people.models import Position, User
from tests.cast import Cast
from tests.factories import make_employee
from tests.missions.pulse_factories import (
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
    rows = [(row.label, row.said) for row in rows_of(pulse)]
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
            if counts == {0} and name in ("yes", "other"):
                found.add(f"nobody said {name}")
            if counts in ({1}, {2}) and name in ("partly", "no"):
                found.add(f"one or two said {name}")
    return found


def show_everything(tally: Tally) -> Figures:
    return Figures(PulseResult.FULL, tally.yes, tally.other, tally.partly, tally.no, frozenset())


def test_no_page_makes_anybodys_answer_certain() -> None:
    assert certain(figures_of) == set()


def test_control_figures_shown_as_they_are_make_answers_certain() -> None:
    assert {"everybody said no", "nobody said yes", "one or two said partly"} <= certain(
        show_everything
    )


def test_four_answers_show_nothing_at_all() -> None:
    seen = {pages_of(tally, figures_of) for tally in all_tallies(FEWEST - 1)}
    assert seen == {(PulseResult.TOO_FEW, answers, False) for answers in range(1, FEWEST)}


# Several pages: every sum and difference of what was shown.


def small_remainders(
    groups: Sequence[frozenset[int]], times: Sequence[int] = (-2, -1, 1, 2)
) -> list[tuple[int, ...]]:
    """Each sum that speaks of one to four people, each round added or subtracted once or twice."""
    found = []
    for count in range(1, len(groups) + 1):
        for chosen in combinations(groups, count):
            people = frozenset().union(*chosen)
            for signs in product(times, repeat=count):
                weights = {
                    person: sum(
                        sign for group, sign in zip(chosen, signs, strict=True) if person in group
                    )
                    for person in people
                }
                left = tuple(sorted(person for person, weight in weights.items() if weight))
                if 0 < len(left) < FEWEST:
                    found.append(left)
    return found


def four_rounds(cast: Cast) -> list[PulseRound]:
    """In a year: ten answer; ten and a new one; ten others; then everybody and the new one."""
    start = timezone.now() - 360 * DAY
    first = make_pulse(cast, colleagues=19, now=start)
    people = asked_in(first)
    new = make_employee(cast.unit, "Ny Kollega")
    groups = [people[:10], [*people[:10], new], people[10:], [*people, new]]
    rounds = []
    for number, group in enumerate(groups):
        pulse = (
            first if number == 0 else open_again(cast, cast.unit, now=start + number * 106 * DAY)
        )
        for place, person in enumerate(group):
            actions.answer_pulse(
                pulse=pulse,
                answer=Answer.NO if place > 4 else Answer.YES,
                unsure=frozenset(),
                by=person,
                today=pulse.opens_on,
            )
        rounds.append(settle(pulse))
    return rounds


def groups_shown(rounds: list[PulseRound]) -> list[frozenset[int]]:
    return [
        frozenset(
            PulseInvitation.objects.filter(round=pulse, has_answered=True).values_list(
                "user_id", flat=True
            )
        )
        for pulse in rounds
        if pulse.is_shown
    ]


def test_no_sum_or_difference_of_rounds_speaks_of_few(cast: Cast) -> None:
    rounds = four_rounds(cast)
    assert [pulse.result for pulse in rounds] == ["full", "withheld", "full", "withheld"]
    assert small_remainders(groups_shown(rounds)) == []


def test_control_rounds_shown_without_looking_at_each_other_leak(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "isolates_few", lambda group, shown: False)
    rounds = four_rounds(cast)
    new = User.objects.get(name="Ny Kollega")
    assert (new.pk,) in small_remainders(groups_shown(rounds))


SIX, SEVEN_TO, THIRTEEN_TO = (frozenset(range(start, start + 6)) for start in (0, 6, 12))
PAIRS = [SIX | SEVEN_TO, SEVEN_TO | THIRTEEN_TO, SIX | THIRTEEN_TO]
EVERYBODY_AND_ONE = SIX | SEVEN_TO | THIRTEEN_TO | {99}


def test_a_round_that_must_be_subtracted_twice_is_seen_too() -> None:
    """The three pairs hold everybody twice: half their sum, and one person stands alone."""
    assert isolates_few(EVERYBODY_AND_ONE, PAIRS) is True
    assert isolates_few(EVERYBODY_AND_ONE - {99}, PAIRS) is False
    assert small_remainders(PAIRS) == []


def test_control_adding_and_subtracting_once_does_not_see_it() -> None:
    groups = [EVERYBODY_AND_ONE, *PAIRS]
    assert small_remainders(groups, times=(-1, 1)) == []
    assert (99,) in small_remainders(groups)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_shown_never_isolates_whoever_happens_to_answer(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    shown: list[frozenset[int]] = []
    for _round in range(4):
        group = frozenset(one for one in range(16) if chance.random() < 0.7)
        if len(group) >= FEWEST and not isolates_few(group, shown):
            shown.append(group)
    assert small_remainders(shown) == []


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
    page = reverse("missions:pulse", args=[cast.unit.pk])
    answers = {
        kind: signed_in(getattr(cast, kind)).get(page).status_code
        for kind in ("leader", "employee", "manager", "hr", "coordinator", "administrator")
    }
    assert answers == {"leader": 200} | dict.fromkeys(
        ("employee", "manager", "hr", "coordinator", "administrator"), 403
    )
    above = signed_in(cast.manager).get(reverse("missions:pulse", args=[cast.department.pk]))
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
    return {at.xmin[key] for key in at.rows if key[0] == "missions_pulseinvitation"}


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
    url = reverse("missions:answer_pulse", args=[pulse.pk])
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
        ("missions_pulseinvitation", "has_answered"),
        ("missions_pulseround", "sealed_tally"),
    }


def plant_audit_record(monkeypatch: pytest.MonkeyPatch) -> None:
    note = actions._note_answered

    def note_and_record(pulse: PulseRound, person: User) -> bool:
        audit.record("missions.answer_pulse", pulse, by=person)
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

    def add_and_mark(self: Tally, answer: Answer, unsure: frozenset[Unsure]) -> Tally:
        if answer == Answer.NO:
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
        cursor.execute("SELECT user_id FROM missions_pulseinvitation ORDER BY ctid")
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
    (row,) = [row for key, row in snapshot().rows.items() if key[0] == "missions_pulseround"]
    kept = {name: row[name] for name in ("sealed_tally", "yes", "other", "partly", "no")}
    assert kept == {"sealed_tally": None, "yes": 4, "other": 4, "partly": None, "no": None}
