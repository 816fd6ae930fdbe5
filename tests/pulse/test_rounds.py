"""Opening, answering and settling a pulse."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.utils import timezone

from ballots.sealing import CannotBeOpened
from missions.refusals import MissionRefused
from outbox.models import Letter
from people.models import AuditRecord, User
from pulse.actions import (
    Guess,
    answer_pulse,
    erase_expired_pulses,
    note_conversation,
    open_pulse,
    settle_pulse,
)
from pulse.figures import figures_of
from pulse.models import PulseAnswer, PulseInvitation, PulseResult, PulseRound, Unsure
from pulse.tally import Tally, seal, unseal
from pulse.tasks import keep_pulses
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee
from tests.missions.factories import make_mission
from tests.pulse.factories import (
    asked_in,
    make_colleagues,
    make_pulse,
    open_again,
    say,
    say_all,
    settle,
)

DAY = dt.timedelta(days=1)
SALT = uuid.UUID(int=7)


def shown(pulse: PulseRound) -> tuple[object, ...]:
    return pulse.result, pulse.answers, pulse.yes, pulse.other, pulse.partly, pulse.no


def opened(cast: Cast, **changes: object) -> PulseRound:
    now = timezone.now()
    today = timezone.localdate(now)
    asked = {
        "unit": cast.unit,
        "guess": Guess(3, 2, 1),
        "opens_on": today,
        "closes_on": today + 14 * DAY,
        "by": cast.leader,
        "now": now,
    }
    return open_pulse(**{**asked, **changes})


# the tally


def test_a_tally_opens_to_what_was_sealed() -> None:
    tally = (
        Tally()
        .with_answer(PulseAnswer.PARTLY, frozenset(Unsure))
        .with_answer(PulseAnswer.NO, frozenset(Unsure))
    )
    assert unseal(seal(tally, SALT), SALT) == Tally(0, 1, 1, 1, 1, 1)


def test_a_sealed_tally_has_one_length_and_never_the_same_bytes() -> None:
    first, again, other = seal(Tally(), SALT), seal(Tally(), SALT), seal(Tally(yes=200), SALT)
    assert {len(first), len(again), len(other)} == {52}
    assert first != again


def test_a_tally_does_not_open_with_another_key_or_another_round(settings) -> None:
    sealed = seal(Tally(yes=1), SALT)
    with pytest.raises(CannotBeOpened):
        unseal(sealed, uuid.UUID(int=8))
    settings.SECRET_KEY, before = "another", settings.SECRET_KEY
    with pytest.raises(CannotBeOpened):
        unseal(sealed, SALT)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unseal(sealed, SALT) == Tally(yes=1)


# what is shown


@pytest.mark.parametrize(
    ("tally", "result"),
    [
        (Tally(4, 0, 0), PulseResult.TOO_FEW),
        (Tally(5, 0, 0), PulseResult.NEARLY_ALL_YES),
        (Tally(4, 1, 0), PulseResult.NEARLY_ALL_YES),
        (Tally(3, 2, 0), PulseResult.MERGED),
        (Tally(2, 1, 2), PulseResult.MERGED),
        (Tally(2, 3, 0), PulseResult.MERGED),
        (Tally(2, 0, 7), PulseResult.MERGED),
        (Tally(2, 3, 3), PulseResult.FULL),
        (Tally(4, 3, 3), PulseResult.FULL),
        (Tally(4, 5, 1), PulseResult.MERGED),
        (Tally(4, 2, 5), PulseResult.MERGED),
        (Tally(1, 4, 0), PulseResult.HARDLY_ANY_YES),
        (Tally(0, 0, 6), PulseResult.HARDLY_ANY_YES),
    ],
)
def test_figures_are_as_coarse_as_the_numbers_are_small(tally: Tally, result: str) -> None:
    assert figures_of(tally).result == result


def test_only_topics_that_three_are_unsure_of_are_named() -> None:
    tally = Tally(5, 4, 0, unsure_mission=3, unsure_for_whom=2, unsure_contribution=4)
    assert figures_of(tally).unsure == {Unsure.MISSION, Unsure.CONTRIBUTION}


def test_no_topic_is_named_that_would_tell_how_many_said_nja() -> None:
    """Of three who did not say «ja», three who are unsure are all of them."""
    assert figures_of(Tally(5, 3, 0, unsure_mission=3)).unsure == frozenset()


# opening


def test_opening_asks_everybody_but_the_leader_and_writes_once_to_each(cast: Cast) -> None:
    pulse = make_pulse(cast, colleagues=5)
    asked = asked_in(pulse)
    assert (len(asked), cast.leader in asked, cast.employee in asked) == (6, False, True)
    letters = Letter.objects.filter(kind="pulse.invitation")
    assert {letter.key for letter in letters} == {
        f"pulse:invited:{pulse.pk}:{person.pk}" for person in asked
    }
    assert f"/puls/{pulse.pk}/" in letters[0].text
    record = AuditRecord.objects.get(action="pulse.open_pulse")
    assert record.details == {"unit": cast.unit.pk, "letters": 6}


def test_opening_without_a_mission_is_refused(cast: Cast) -> None:
    make_colleagues(cast.unit, 5)
    with pytest.raises(MissionRefused, match="Publiser oppdraget"):
        opened(cast)


def test_opening_for_fewer_than_five_is_refused(cast: Cast) -> None:
    make_mission(cast.unit)
    make_colleagues(cast.unit, 3)
    with pytest.raises(MissionRefused, match="minst fem"):
        opened(cast, guess=Guess(4, 0, 0))


def test_opening_with_a_guess_of_another_number_is_refused(cast: Cast) -> None:
    make_mission(cast.unit)
    make_colleagues(cast.unit, 5)
    with pytest.raises(MissionRefused, match="de 6 som blir spurt"):
        opened(cast, guess=Guess(3, 3, 3))


def test_opening_beside_an_open_round_or_soon_after_one_is_refused(cast: Cast) -> None:
    pulse = make_pulse(cast)
    with pytest.raises(MissionRefused, match="ikke er avsluttet"):
        open_again(cast, cast.unit, now=timezone.now())
    settle(pulse)
    with pytest.raises(MissionRefused, match="tidligst"):
        open_again(cast, cast.unit, now=timezone.now() + 60 * DAY)
    assert open_again(cast, cast.unit, now=timezone.now() + 104 * DAY).pk != pulse.pk


# answering


def test_answering_counts_once(cast: Cast) -> None:
    pulse = make_pulse(cast)
    say(pulse, cast.employee, "ja")
    with pytest.raises(MissionRefused, match="ikke telt med"):
        say(pulse, cast.employee, "nei")
    pulse.refresh_from_db()
    assert unseal(bytes(pulse.sealed_tally), pulse.salt) == Tally(yes=1)
    assert PulseInvitation.objects.get(has_answered=True).user == cast.employee


def test_only_who_is_asked_may_answer_and_only_while_it_is_open(cast: Cast) -> None:
    pulse = make_pulse(cast)
    with pytest.raises(MissionRefused):
        say(pulse, cast.stranger, "ja")
    for day in (pulse.opens_on - DAY, pulse.closes_on + DAY):
        with pytest.raises(MissionRefused, match="ikke åpen"):
            answer_pulse(
                pulse=pulse, answer=PulseAnswer.YES, unsure=frozenset(), by=cast.employee, today=day
            )


# settling


def test_settling_keeps_what_may_be_shown_and_forgets_the_tally(cast: Cast) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja nja nja nja nei nei nei")
    settled = settle(pulse)
    assert shown(settled) == ("full", 8, 2, 6, 3, 3)
    assert (settled.sealed_tally, settled.unsure) == (None, [Unsure.MISSION])
    settled.refresh_from_db()
    assert (settled.sealed_tally, settled.has_task) == (None, True)


def test_settling_stores_no_small_number(cast: Cast) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja ja ja nja nja nei")
    assert shown(settle(pulse)) == ("merged", 7, 4, 3, None, None)


def test_settling_four_answers_stores_nothing_of_them(cast: Cast) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja nja nei")
    settled = settle(pulse)
    assert shown(settled) == ("too_few", 4, None, None, None, None)
    assert settled.has_task is False


def test_settling_waits_for_the_last_day_also_when_all_have_answered(cast: Cast) -> None:
    pulse = make_pulse(cast, colleagues=5)
    say_all(pulse, "ja ja ja ja nja nja")
    on_the_last_day = timezone.now() + 14 * DAY
    with pytest.raises(MissionRefused, match="når fristen er ute"):
        settle_pulse(pulse=pulse, by=cast.leader, now=on_the_last_day)
    settled = settle_pulse(pulse=pulse, by=cast.leader, now=on_the_last_day + DAY)
    assert settled.result == "merged"
    assert settle(pulse).answers == 6
    # The trail is read by administrators, whom the figures are not for.
    assert AuditRecord.objects.get(action="pulse.settle_pulse").details == {"unit": cast.unit.pk}


def test_a_round_one_person_away_from_a_shown_one_is_withheld(cast: Cast) -> None:
    first = make_pulse(cast)
    say_all(first, "ja ja ja ja nei nei nei nei")
    settle(first)
    make_employee(cast.unit, "Ny Kollega")
    second = open_again(cast, cast.unit, now=timezone.now() + 104 * DAY)
    say_all(second, "ja ja ja ja nei nei nei nei nei")
    assert shown(settle(second)) == ("withheld", 9, None, None, None, None)


def test_a_round_of_the_same_people_is_shown_again(cast: Cast) -> None:
    first = make_pulse(cast)
    say_all(first, "ja ja ja ja nei nei nei nei")
    settle(first)
    second = open_again(cast, cast.unit, now=timezone.now() + 104 * DAY)
    say_all(second, "ja ja ja ja ja nei nei nei")
    assert settle(second).result == "merged"


def test_a_tally_that_cannot_be_opened_is_withheld(cast: Cast, settings) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja ja ja nei nei nei nei")
    settings.SECRET_KEY = "lost"
    assert settle(pulse).result == "withheld"


def test_a_tally_of_another_number_than_answered_is_withheld(cast: Cast) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja ja ja nei nei nei nei")
    PulseRound.objects.update(sealed_tally=seal(Tally(9, 9, 9), pulse.salt))
    assert settle(pulse).result == "withheld"


def test_the_sweep_settles_what_is_over_and_erases_what_is_a_year_old(cast: Cast) -> None:
    now = timezone.now()
    old = make_pulse(cast, now=now - 420 * DAY)
    settle(old)
    over = open_again(cast, cast.unit, now=now - 60 * DAY)
    running = make_pulse(cast, unit=cast.department)
    keep_pulses()
    assert list(PulseRound.objects.order_by("pk").values_list("pk", "result")) == [
        (over.pk, "too_few"),
        (running.pk, ""),
    ]
    assert PulseInvitation.objects.filter(round_id=old.pk).exists() is False
    assert erase_expired_pulses(now=now) == 0


def test_one_round_that_cannot_be_settled_does_not_stop_the_sweep(cast: Cast) -> None:
    pulse = make_pulse(cast, now=timezone.now() - 30 * DAY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pulse_pulseround ADD CHECK (settled_at IS NULL)")
    with transaction.atomic():
        keep_pulses()
    pulse.refresh_from_db()
    assert pulse.is_settled is False


# the conversation


def test_noting_the_conversation_keeps_the_first_day(cast: Cast, today: dt.date) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja ja ja nei nei nei nei")
    settle(pulse)
    note_conversation(pulse=pulse, by=cast.leader, now=timezone.now())
    later = note_conversation(pulse=pulse, by=cast.leader, now=timezone.now() + DAY)
    assert later.talked_on == today
    assert AuditRecord.objects.filter(action="pulse.note_conversation").count() == 1


def test_a_round_without_a_task_has_no_conversation_to_note(cast: Cast) -> None:
    pulse = make_pulse(cast)
    with pytest.raises(MissionRefused):
        note_conversation(pulse=pulse, by=cast.leader, now=timezone.now())


# what PostgreSQL keeps


def change(pulse: PulseRound, **fields: object) -> None:
    with transaction.atomic():
        PulseRound.objects.filter(pk=pulse.pk).update(**fields)


@pytest.mark.parametrize("field", ["guess_yes", "guess_partly", "guess_no"])
def test_a_guess_never_changes(cast: Cast, field: str) -> None:
    pulse = make_pulse(cast)
    with pytest.raises((InternalError, ProgrammingError), match="Cannot update"):
        change(pulse, **{field: 77})


def test_settled_figures_never_change_but_the_conversation_may_be_noted(
    cast: Cast, today: dt.date
) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja ja ja nei nei nei nei")
    settle(pulse)
    change(pulse, talked_on=today)
    with pytest.raises((InternalError, ProgrammingError), match="Cannot update"):
        change(pulse, yes=5, other=3, no=3)


@pytest.mark.parametrize(
    "fields",
    [
        {"result": "full", "answers": 4, "yes": 4, "other": 0, "partly": 0, "no": 0},
        {"result": "full", "answers": 6, "yes": 4, "other": 2, "partly": 2, "no": 0},
        {"result": "full", "answers": 8, "yes": 4, "other": 4, "partly": 4, "no": 0},
        {"result": "full", "answers": 8, "yes": 4, "other": 4, "partly": 0, "no": 4},
        {"result": "merged", "answers": 7, "yes": 4, "other": 3, "is_unsure_of_mission": True},
        {"result": "full", "answers": 7, "yes": 1, "other": 6, "partly": 3, "no": 3},
        {"result": "merged", "answers": 6, "yes": 5, "other": 1},
        {"result": "merged", "answers": 6, "yes": 4, "other": 2, "partly": 1, "no": 1},
        {"result": "merged", "answers": 6, "yes": 4, "other": 2, "is_unsure_of_mission": True},
        {"result": "too_few", "answers": 4, "yes": 4},
        {"result": "withheld", "answers": 9, "other": 4},
        {"result": "nearly_all_yes", "answers": 4},
    ],
)
def test_no_small_number_is_let_in(cast: Cast, fields: dict[str, object]) -> None:
    pulse = make_pulse(cast)
    with pytest.raises(IntegrityError, match=r"pulse_(keeps_no_small_number|shows_no_small_group)"):
        change(pulse, settled_at=timezone.now(), sealed_tally=None, **fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sealed_tally": None}, "pulse_is_sealed_or_settled"),
        ({"settled_at": dt.timedelta()}, "pulse_is_sealed_or_settled"),
        ({"sealed_tally": b"short"}, "pulse_tally_has_one_length"),
    ],
)
def test_a_round_is_sealed_or_settled(cast: Cast, fields: dict[str, object], constraint) -> None:
    pulse = make_pulse(cast)
    with pytest.raises(IntegrityError, match=constraint):
        change(pulse, **clock.from_now(fields))


def test_an_answer_is_not_taken_back_and_an_invitation_not_moved(cast: Cast) -> None:
    pulse = make_pulse(cast)
    say(pulse, cast.employee, "ja")
    own = PulseInvitation.objects.filter(user=cast.employee)
    for fields in ({"has_answered": False}, {"user": cast.stranger}):
        with (
            pytest.raises((InternalError, ProgrammingError), match="Cannot update"),
            transaction.atomic(),
        ):
            own.update(**fields)


@pytest.mark.parametrize("table", ["pulse_pulseround", "pulse_pulseinvitation"])
def test_pulses_are_never_truncated(cast: Cast, table: str) -> None:
    with (
        pytest.raises((InternalError, ProgrammingError), match=f"Cannot truncate {table}"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_unit_has_one_round_at_a_time_and_it_closes_in_time(cast: Cast) -> None:
    pulse = make_pulse(cast)
    twin = PulseRound.objects.get(pk=pulse.pk)
    twin.pk = None
    with pytest.raises(IntegrityError, match="unit_has_one_pulse"), transaction.atomic():
        twin.save()
    twin.unit, twin.closes_on = cast.department, twin.opens_on + 61 * DAY
    twin.version = make_mission(cast.department, by=cast.manager)
    with pytest.raises(IntegrityError, match="pulse_closes_in_time"), transaction.atomic():
        twin.save()


def test_invitations_are_seen_by_their_own_person_alone(cast: Cast) -> None:
    pulse = make_pulse(cast)

    def seen(person: User) -> int:
        own = PulseInvitation.objects.visible_to(person, on=clock.today())
        return own.filter(round=pulse).count()

    assert [seen(one) for one in (cast.employee, cast.leader, cast.hr)] == [1, 0, 0]
