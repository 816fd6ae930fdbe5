"""Opening a pulse, answering it so that nobody can tell what, and settling what may be shown."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from dataclasses import asdict, dataclass

from django.db import connection, transaction
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from ballots.disclosure import overlaps_shown
from ballots.sealing import CannotBeOpened
from common import dates
from common.numbers import number
from common.small_groups import SMALL_GROUP, SMALL_GROUP_WORD
from missions.models import Mission, MissionVersion
from missions.refusals import MissionRefused
from missions.responsibility import answering_for
from people import audit
from people.models import Unit, User
from pulse.figures import Figures, figures_of
from pulse.letters import write_pulse_invitations, write_pulse_settled
from pulse.models import (
    PulseAnswer,
    PulseInvitation,
    PulseResult,
    PulseRound,
    Unsure,
)
from pulse.rules import invited_to, opens_again_on
from pulse.tally import Tally, seal, unseal

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Guess:
    """How many the leader believes will say what, written down before anybody has answered."""

    yes: int
    partly: int
    no: int

    @property
    def people(self) -> int:
        return self.yes + self.partly + self.no


@transaction.atomic
def open_pulse(
    *,
    unit: Unit,
    guess: Guess,
    opens_on: dt.date,
    closes_on: dt.date,
    by: User,
    now: dt.datetime,
) -> PulseRound:
    """Ask everybody in the unit about the mission that holds, and write one letter to each.

    Who is asked is settled here: whoever begins later is asked the next time. The guess cannot be
    changed afterwards. Raises MissionRefused when there is no mission to ask about, when a round
    is under way or ended lately, when it would outlast the unit, when a small group would be
    asked, or when the guess is not about as many as are asked.
    """
    today = timezone.localdate(now)
    Mission.objects.select_for_update().filter(unit=unit).first()
    version = MissionVersion.objects.current_for(unit)
    invited = list(invited_to(unit, by, today))
    if version is None:
        raise MissionRefused(_("Publiser oppdraget før du spør om noen kan si det."))
    _refuse_too_soon(unit, opens_on)
    _refuse_too_late(unit, closes_on)
    _refuse_too_few(invited, guess)
    pulse = _new_round(version, guess, opens_on=opens_on, closes_on=closes_on, by=by, now=now)
    PulseInvitation.objects.bulk_create(
        PulseInvitation(round=pulse, user=person) for person in invited
    )
    audit.record("pulse.open_pulse", pulse, by=by, unit=unit.pk, letters=len(invited))
    write_pulse_invitations(pulse, to=invited)
    return pulse


def _refuse_too_soon(unit: Unit, opens_on: dt.date) -> None:
    latest = PulseRound.objects.filter(unit=unit).first()
    if latest is None:
        return
    if not latest.is_settled:
        raise MissionRefused(_("Enheten har allerede en pulsmåling som ikke er avsluttet."))
    if opens_on < (again := opens_again_on(latest)):
        raise MissionRefused(
            _("Neste pulsmåling kan åpne tidligst %(date)s.") % {"date": dates.long_date(again)}
        )


def _refuse_too_late(unit: Unit, closes_on: dt.date) -> None:
    if unit.valid_to is not None and closes_on > unit.valid_to:
        raise MissionRefused(
            _("Enheten legges ned etter %(date)s. Målingen må være over til da.")
            % {"date": dates.long_date(unit.valid_to)}
        )


def _refuse_too_few(invited: list[User], guess: Guess) -> None:
    if len(invited) < SMALL_GROUP:
        raise MissionRefused(
            _(
                "En pulsmåling trenger minst %(fewest)s medarbeidere, "
                "for at ingen skal kunne kjennes igjen."
            )
            % {"fewest": SMALL_GROUP_WORD}
        )
    if guess.people != len(invited):
        raise MissionRefused(
            _("Gjetningen må gjelde de %(people)s som blir spurt.")
            % {"people": number(len(invited))}
        )


def _new_round(
    version: MissionVersion,
    guess: Guess,
    *,
    opens_on: dt.date,
    closes_on: dt.date,
    by: User,
    now: dt.datetime,
) -> PulseRound:
    pulse = PulseRound(
        unit=version.mission.unit,
        version=version,
        opened_by=by,
        opened_at=now,
        opens_on=opens_on,
        closes_on=closes_on,
        guess_yes=guess.yes,
        guess_partly=guess.partly,
        guess_no=guess.no,
    )
    pulse.sealed_tally = seal(Tally(), pulse.salt)
    pulse.save()
    return pulse


@transaction.atomic
def answer_pulse(
    *, pulse: PulseRound, answer: PulseAnswer, unsure: frozenset[Unsure], by: User, today: dt.date
) -> None:
    """Add one to the round's sums, and note that this person has answered.

    Writes no audit record and takes no time: an answer is the one thing that must not be traced.
    All of the round's invitations are rewritten in the statement that decides, so that none of
    them is younger than another. Raises MissionRefused when the round is not open, and when the
    person has answered or is not asked.
    """
    held = _locked(pulse)
    if not held.is_open_on(today):
        raise MissionRefused(_("Pulsmålingen er ikke åpen."))
    if held.sealed_tally is None or not _note_answered(held, by):
        raise MissionRefused(
            _("Du har svart før, og det svaret gjelder. Det du sendte nå, er ikke telt med.")
        )
    tally = unseal(bytes(held.sealed_tally), held.salt)
    held.sealed_tally = seal(tally.with_answer(answer, unsure), held.salt)
    held.save(update_fields=["sealed_tally"])


def _note_answered(pulse: PulseRound, person: User) -> bool:
    """False where nothing was left to note: the update itself decides."""
    waiting = PulseInvitation.objects.filter(
        round=OuterRef("round"), user=person, has_answered=False
    )
    noted = Case(When(user=person, then=Value(True)), default=F("has_answered"))
    return bool(
        PulseInvitation.objects.filter(Exists(waiting), round=pulse).update(has_answered=noted)
    )


@transaction.atomic
def settle_pulse(*, pulse: PulseRound, by: User | None, now: dt.datetime) -> PulseRound:
    """Write down what may be shown, and forget the rest for good. Twice changes nothing.

    `by` is None for the sweep. Whoever answers for the unit gets a letter, unless they
    did it. Raises MissionRefused while somebody may still answer.
    """
    _one_at_a_time()
    held = _locked(pulse)
    if held.is_settled:
        return held
    if not held.may_be_settled_on(timezone.localdate(now)):
        raise MissionRefused(_("Pulsmålingen kan avsluttes når fristen er ute."))
    group = _answered_in(held)
    _write_figures(held, _figures(held, group))
    held.answers = len(group)
    held.settled_at = now
    held.sealed_tally = None
    held.save()
    audit.record("pulse.settle_pulse", held, by=by, unit=held.unit_id)
    reader = answering_for(held.unit, timezone.localdate(now))
    if reader is not None and reader != by:
        write_pulse_settled(held, to=reader)
    return held


def _one_at_a_time() -> None:
    """Two rounds with some of the same people must not both be shown for not seeing each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('pulse.settle_pulse'))")


def _answered_in(pulse: PulseRound) -> frozenset[int]:
    answered = PulseInvitation.objects.filter(round=pulse, has_answered=True)
    return frozenset(answered.values_list("user_id", flat=True))


def _figures(pulse: PulseRound, group: frozenset[int]) -> Figures:
    try:
        tally = unseal(bytes(pulse.sealed_tally or b""), pulse.salt)
    except CannotBeOpened:
        logger.exception("The tally of pulse round %s could not be opened.", pulse.pk)
        return Figures(PulseResult.WITHHELD)
    if tally.answers != len(group):
        logger.error("Pulse round %s has another number of answers than answered.", pulse.pk)
        return Figures(PulseResult.WITHHELD)
    figures = figures_of(tally)
    if figures.result.is_shown and overlaps_shown(group, _groups_shown_with(group)):
        return Figures(PulseResult.WITHHELD)
    return figures


def _groups_shown_with(group: frozenset[int]) -> list[frozenset[int]]:
    """Who answered in each round whose figures are shown, where any of these people did."""
    answered = PulseInvitation.objects.filter(has_answered=True)
    rounds = PulseRound.objects.shown().filter(
        pk__in=answered.filter(user__in=group).values("round_id")
    )
    people: defaultdict[int, set[int]] = defaultdict(set)
    for round_id, user_id in answered.filter(round__in=rounds).values_list("round_id", "user_id"):
        people[round_id].add(user_id)
    return [frozenset(answering) for answering in people.values()]


def _write_figures(pulse: PulseRound, figures: Figures) -> None:
    numbers = asdict(figures)
    for name in ("result", "yes", "other", "partly", "no"):
        setattr(pulse, name, numbers[name])
    for topic in figures.unsure:
        setattr(pulse, f"is_unsure_of_{topic}", True)


@transaction.atomic
def note_conversation(*, pulse: PulseRound, by: User, now: dt.datetime) -> PulseRound:
    """The task that «nja» gave the leader is done: the unit has talked about it.

    Raises MissionRefused when the round gave no task. Saying it twice keeps the first day.
    """
    held = _locked(pulse)
    if not held.has_task:
        raise MissionRefused(_("Denne pulsmålingen krever ingen samtale."))
    if held.talked_on is None:
        held.talked_on = timezone.localdate(now)
        held.save(update_fields=["talked_on"])
        audit.record("pulse.note_conversation", held, by=by, unit=held.unit_id)
    return held


@transaction.atomic
def erase_expired_pulses(*, now: dt.datetime) -> int:
    """Rounds that closed more than a year ago go, with who answered and what was shown."""
    expired = list(PulseRound.objects.expired(timezone.localdate(now)).select_for_update())
    for pulse in expired:
        audit.record("pulse.erase_pulse", pulse, by=None, unit=pulse.unit_id)
        pulse.delete()
    return len(expired)


def _locked(pulse: PulseRound) -> PulseRound:
    """The row that all of a round's answers pass by, one at a time."""
    locked: PulseRound = (
        PulseRound.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pulse.pk)
    )
    return locked
