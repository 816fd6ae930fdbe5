"""Giving seats: one way in, and one way up from the waiting list.

Why a lock on the seminar's row and a count of rows, and no counter, stands in
docs/adr/0013-seats-under-a-row-lock.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import OperationalError, transaction
from django.db.models import Exists, Func, OuterRef, Q, TextField, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from common.errors import Refused
from people import audit
from people.models import User
from seminars import letters
from seminars.models import Registration, RegistrationState, Seminar
from seminars.refusals import Full, NotRegistered, SeatsAreBusy, already_registered
from seminars.registration_window import closed_to_all, closed_to_leaders
from seminars.seats.active_registration import active_registration
from seminars.seats.confirmation import (
    approve,
    confirm_or_ask,
    settle_unanswered,
    tell_of_seat,
)
from seminars.seats.free_seats import FreeSeats, Seat, free_seats
from seminars.seats.offer_period import closed_to_queue, moves_up, offer_ends_at
from seminars.seats.queue_limits import closed_to_giving, closed_to_waiting
from seminars.seats.session_placement import Choices, place_in_sessions, wish_for_sessions
from seminars.seats.snapshots import snapshot_of

LOCK_TIMEOUT = "3s"
"""Longer than any of our transactions takes, shorter than a person's patience."""


GIVEN_AS = {
    RegistrationState.REGISTERED: "seminars.promote",
    RegistrationState.OFFERED: "seminars.offer",
    RegistrationState.AWAITING: "seminars.ask_approval",
}


Door = Callable[[Seminar, dt.datetime], Refused | None]
"""What keeps this way in closed now, or None."""


_PATIENCE = Func(
    Value("lock_timeout"),
    Value(LOCK_TIMEOUT),
    Value(True),
    function="set_config",
    output_field=TextField(),
)


def lock_seminar(pk: int) -> Seminar:
    """The seminar as it is now, held for the rest of the transaction.

    Whoever gives or frees a seat takes this lock first. FOR NO KEY UPDATE, as the trigger on
    registrations takes it: a plain FOR UPDATE waits for every new row that refers to the seminar,
    and two such transactions then wait for each other.

    Raises SeatsAreBusy when others hold it for 3 seconds.
    """
    try:
        # How long to wait is said before the row is locked: one question, not two.
        found = Seminar.objects.alias(patience=_PATIENCE).filter(pk=pk, patience__isnull=False)
        # With whom its letters name, so that no letter asks.
        locked: Seminar = (
            found.select_related("contact").select_for_update(no_key=True, of=("self",)).get()
        )
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise SeatsAreBusy(
                _("Det er stor pågang akkurat nå. Ingenting er endret; prøv igjen om litt.")
            ) from error
        raise
    return locked


@transaction.atomic
def allocate_seat(
    *,
    seminar: Seminar,
    user: User,
    by: User,
    now: dt.datetime,
    door: Door = closed_to_all,
    may_wait: bool = True,
    choices: Choices | None = None,
    asks_manager: bool = False,
    queued_at: dt.datetime | None = None,
) -> Registration:
    """Give the person a seat, or the last place on the waiting list when there is none.

    Every way in ends here, each with its own `door`, asked under the lock. A free seat goes to
    those who already wait before it goes to a newcomer; a newcomer gets one of the seats of their
    own agency before an open one. Writes the letter that says which it was, with a calendar part
    for a seat and none for the waiting list (RFC 5546 has no «perhaps»). Of sessions held side by
    side the person goes to their `choices`, or else where there is most room. With `asks_manager`
    the seat is held until the line manager has answered, where the seminar wants that; whoever
    registers as one who decides, as the organiser does, has answered by doing so.
    With `queued_at` the person has the seat from when they first came for it, or from before the
    first who waits where the organiser chooses among these.
    Once nobody moves up any more, the organiser alone gives what is free while somebody waits.

    Raises AlreadyRegistered when the person is in, whatever the door says; what the door says;
    Full for whoever may not wait, and where the waiting list takes nobody; NotOpen for a place in a
    queue that has ended, or when there is no time for a line manager to approve; SessionIsFull when
    a choice is; and SeatsAreBusy when the lock is not to be had.
    """
    # Asked before the lock, which others wait for.
    snapshot = snapshot_of(user, on=timezone.localdate(now))
    seminar = lock_seminar(seminar.pk)
    _refuse_second_or_closed(seminar, user, by=by, now=now, door=door)
    free, _given = _give_what_is_free(seminar, by=by, now=now)
    queue_closed = closed_to_queue(seminar, now)
    if queue_closed is not None and free.waiting and may_wait and door is not closed_to_all:
        raise queue_closed
    if queued_at is not None:
        free = free_seats(seminar, now)
        queued_at = _not_behind_the_first(seminar, queued_at)
    seat = free.take(snapshot.agency_id)
    if seat is None:
        _refuse_unless_they_may_wait(seminar, now, may_wait=may_wait)
    registration = Registration(
        seminar=seminar,
        user=user,
        registered_by=by,
        created_at=now,
        approved_at=None if asks_manager else now,
        **snapshot.as_fields(),
    )
    _place(registration, seat, now=now, queued_at=queued_at)
    registration.save(force_insert=True)
    other = None if by == user else user
    audit.record(
        "seminars.register",
        registration,
        by=by,
        on_behalf_of=other,
        state=registration.state,
        agency=registration.agency_id,
    )
    if registration.is_waiting:
        wish_for_sessions(registration, choices or {}, now=now)
    else:
        place_in_sessions(registration, choices or {}, now=now, is_strict=True)
    _tell_newcomer(registration, now, by=by)
    return registration


def _refuse_second_or_closed(
    seminar: Seminar, user: User, *, by: User, now: dt.datetime, door: Door
) -> None:
    present = active_registration(seminar, user)
    if present is not None:
        raise already_registered(present, by=by)
    refusal = door(seminar, now)
    if refusal is not None:
        raise refusal


def _refuse_unless_they_may_wait(seminar: Seminar, now: dt.datetime, *, may_wait: bool) -> None:
    """Nobody is put in a queue that is not served any more."""
    if not (may_wait and seminar.takes_newcomers(now)):
        raise Full(_("Alle plassene er tatt."))
    waiting = Registration.objects.waiting().filter(seminar=seminar).count()
    refusal = closed_to_queue(seminar, now) or closed_to_waiting(seminar, waiting)
    if refusal is not None:
        raise refusal


@transaction.atomic
def give_seat(
    *,
    registration: Registration,
    by: User,
    now: dt.datetime,
    door: Door = closed_to_giving,
    is_here: bool = False,
    choices: Choices | None = None,
) -> Registration:
    """Give a free seat to somebody who waits, as the organiser chooses.

    It is an offer where the seminar makes offers, and held until the line manager has answered
    where it wants that. Of whoever `is_here`, at the door, nobody is asked any more: the seat is
    theirs, also one that was offered or waited for an answer; nor once nobody moves up any more, as
    there is no time to answer then. Sends what a promotion sends. The person is put before the
    first who waits, so that nobody is passed.

    Raises Full when no seat is free for them, AlreadyRegistered when they have one, NotRegistered
    when they are out; what the door says; SessionIsFull, SeatsAreBusy.
    """
    seminar = lock_seminar(registration.seminar_id)
    refusal = door(seminar, now)
    if refusal is not None:
        raise refusal
    _free, given = _give_what_is_free(seminar, by=by, now=now)
    rows = seminar.registrations.select_related("user", "unit")
    fresh: Registration | None = rows.filter(pk=registration.pk).first()
    if fresh is None or not fresh.is_active:
        raise NotRegistered(_("Påmeldingen er allerede avsluttet."))
    fresh.seminar = seminar
    if fresh.has_seat and fresh in given:
        # It was their turn.
        return fresh
    if fresh.has_seat or not (fresh.is_waiting or is_here):
        raise already_registered(fresh, by=by)
    is_asked = not is_here and moves_up(seminar, now)
    if not is_asked:
        fresh.approved_at = now
    if not fresh.is_waiting:
        return _make_certain(fresh, by=by, now=now)
    seat = free_seats(seminar, now).take(fresh.agency_id)
    if seat is None:
        raise Full(_("Alle plassene er tatt."))
    fresh.queued_at = _not_behind_the_first(seminar, fresh.queued_at)
    return _give(fresh, seat, seminar, by=by, now=now, is_asked=is_asked, choices=choices)


def _make_certain(registration: Registration, *, by: User, now: dt.datetime) -> Registration:
    """Whoever stands at the door with an offer, or whose manager has not answered."""
    if registration.is_awaiting:
        approve(registration, by=by, now=now)
        return registration
    confirm_or_ask(registration, now=now)
    registration.save(
        update_fields=["state", "confirmed_at", "expires_at", "approver", "approved_at"]
    )
    audit.record("seminars.accept_offer", registration, by=by, on_behalf_of=registration.user)
    tell_of_seat(registration, now, by=by)
    return registration


def _not_behind_the_first(seminar: Seminar, queued_at: dt.datetime) -> dt.datetime:
    first = Registration.objects.waiting().filter(seminar=seminar).first()
    if first is None:
        return queued_at
    return min(queued_at, first.queued_at - dt.timedelta(microseconds=1))


def _place(
    registration: Registration,
    seat: Seat | None,
    *,
    now: dt.datetime,
    queued_at: dt.datetime | None,
) -> None:
    """A seat, or the end of the queue."""
    if seat is None:
        registration.state = RegistrationState.WAITLISTED
        registration.queued_at = _behind_the_last(registration.seminar, now)
        return
    registration.queued_at = queued_at or now
    registration.pool_id = seat.pool_id
    confirm_or_ask(registration, now=now)


def _behind_the_last(seminar: Seminar, now: dt.datetime) -> dt.datetime:
    """`now`, or a moment after the last who came for an open seat, whether they wait or have one.

    `now` was read before the wait for the lock, and whoever got the lock first has been told
    their place: nobody may come in before them afterwards, nor seem to have done so. While
    somebody waits no open seat goes past the queue, so its last is the last of all.
    """
    rows = Registration.objects.filter(seminar=seminar)
    last = (
        rows.waiting().last()
        or rows.holding_seat().filter(pool=None).order_by("queued_at", "pk").last()
    )
    return now if last is None else max(now, last.queued_at + dt.timedelta(microseconds=1))


def _tell_newcomer(registration: Registration, now: dt.datetime, *, by: User) -> None:
    if registration.is_waiting:
        seminar = registration.seminar
        place = Registration.objects.waiting().filter(seminar=seminar).count()
        letters.waiting(registration, place=place, by=by)
    else:
        tell_of_seat(registration, now, by=by)


@transaction.atomic
def fill_free_seats(*, seminar: Seminar, by: User | None, now: dt.datetime) -> list[Registration]:
    """Give every free seat to whoever has waited longest. Called from every release of a seat.

    Offers whose time is up end first. A seminar that makes offers holds the seat for the next in
    the queue and asks; otherwise the next has it at once. Each gets a letter, and an audit record;
    `by` is who freed the seat, or None when the portal found it itself. Gives nothing when the
    seminar is not held, when nobody moves up any more, or when there is nobody to give to. Takes
    the seminar's lock when the caller has not.

    Raises SeatsAreBusy.
    """
    seminar = lock_seminar(seminar.pk)
    if closed_to_all(seminar, now):
        return []
    _free, given = _give_what_is_free(seminar, by=by, now=now)
    return given


def _give_what_is_free(
    seminar: Seminar, *, by: User | None, now: dt.datetime
) -> tuple[FreeSeats, list[Registration]]:
    """What is still free afterwards, and who was given."""
    free = free_seats(seminar, now)
    if free.has_overdue:
        _end_what_is_overdue(seminar, now=now)
        free = free_seats(seminar, now)
    given: list[Registration] = []
    if not free.waiting or not moves_up(seminar, now):
        return free, given
    queue = list(_who_may_be_given(seminar, free))
    missing = _missing_from_the_file(queue, now)
    for waiting in queue:
        # Where the organiser chooses, a seat is set aside for each who waits: nobody new passes.
        # So it is for who may have left: they are withdrawn in some days, or in the next file.
        seat = free.take(waiting.agency_id)
        is_given = seminar.promotes_by_itself and waiting.user_id not in missing
        if seat is not None and is_given:
            given.append(_give(waiting, seat, seminar, by=by, now=now))
    return free, given


def _missing_from_the_file(queue: list[Registration], now: dt.datetime) -> set[int]:
    """Return those whom HR's latest file does not list as at work any more."""
    if not queue:
        return set()
    today = timezone.localdate(now)
    people = User.objects.get_queryset().who_left(before=today, today=today)
    left = people.filter(pk__in=[one.user_id for one in queue])
    return set(left.values_list("pk", flat=True))


def _who_may_be_given(seminar: Seminar, free: FreeSeats) -> Iterable[Registration]:
    """The part of the queue that the free seats can reach, in its order."""
    if not free.waiting:
        return []
    queue = Registration.objects.waiting().filter(seminar=seminar).select_related("user")
    agencies = free.agencies_with_seats()
    if not agencies:
        return queue[: max(free.open_left, 0)] if free.open_left > 0 else []
    return queue if free.open_left > 0 else queue.filter(agency__in=agencies)


def _give(
    registration: Registration,
    seat: Seat,
    seminar: Seminar,
    *,
    by: User | None,
    now: dt.datetime,
    is_asked: bool = True,
    choices: Choices | None = None,
) -> Registration:
    """The seat itself, or an offer of it.

    Whoever has no address cannot answer an offer: they have the seat, as those who put them in the
    queue wanted it for them.
    """
    registration.seminar = seminar
    place_in_sessions(registration, choices or {}, now=now, is_strict=bool(choices))
    registration.pool_id = seat.pool_id
    may_answer = is_asked and registration.user.email is not None
    offered_until = offer_ends_at(seminar, now) if may_answer else None
    if offered_until is None:
        confirm_or_ask(registration, now=now)
    else:
        registration.state = RegistrationState.OFFERED
        registration.expires_at = offered_until
    registration.save(
        update_fields=[
            *("state", "confirmed_at", "expires_at", "pool", "approver", "approved_at"),
            "queued_at",
        ]
    )
    action = GIVEN_AS[RegistrationState(registration.state)]
    audit.record(action, registration, by=by, on_behalf_of=registration.user)
    if registration.is_offered:
        letters.offered(registration)
    else:
        tell_of_seat(registration, now, by=by, is_promoted=True)
    return registration


def _end_what_is_overdue(seminar: Seminar, *, now: dt.datetime) -> None:
    """Who did not answer an offer in time is out, and is told; the seat is free again.

    Where a line manager did not answer, the seminar's default holds.
    """
    overdue = Registration.objects.overdue(now).filter(seminar=seminar).select_related("user")
    for registration in overdue:
        registration.seminar = seminar
        if registration.is_awaiting:
            settle_unanswered(registration, now=now)
            continue
        registration.state = RegistrationState.EXPIRED
        registration.expires_at = None
        registration.withdrawn_at = now
        registration.save(update_fields=["state", "expires_at", "withdrawn_at"])
        audit.record("seminars.expire_offer", registration, by=None, on_behalf_of=registration.user)
        letters.offer_expired(registration, is_open=closed_to_leaders(seminar, now) is None)


def reconcile_waiting_lists(*, now: dt.datetime) -> int:
    """End offers and approvals whose time is up, and find free seats that somebody waits for.

    The last is as after a change made past the code. A transaction a seminar, so that a busy one
    holds up none of the others. Returns how many people got a seat or an offer.
    """
    waiting_for = Registration.objects.waiting().order_by().values("seminar")
    offering = Registration.objects.overdue(now).order_by().values("seminar")
    coming = Seminar.objects.published().upcoming(now)
    served = coming.taking_newcomers(now).promoting_by_itself()
    stalled = served.with_free_seats().filter(pk__in=waiting_for)
    is_overdue = Exists(Registration.objects.overdue(now).filter(seminar=OuterRef("pk")))
    found = coming.filter(Q(pk__in=stalled.values("pk")) | Q(pk__in=offering))
    given = 0
    for seminar in found.annotate(is_overdue=is_overdue):
        if not seminar.is_overdue and not moves_up(seminar, now):
            continue
        try:
            given += len(fill_free_seats(seminar=seminar, by=None, now=now))
        except SeatsAreBusy:
            continue  # whoever holds the lock fills the seats, or the next round does
    return given
