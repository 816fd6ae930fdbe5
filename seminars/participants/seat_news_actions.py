"""Telling organisers what has become of the seats: one letter a day at most of all they arrange."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import connection, transaction
from django.utils import timezone

from common.working_time import is_working_day
from people.models import User
from seminars import letters
from seminars.models import OF_THE_HALL, SeatNews, SeatNewsKind, Seminar
from seminars.organisers import organisers_of
from seminars.registration_window import has_opened
from seminars.seats.queue_limits import closed_to_giving

NEAR = dt.timedelta(days=14)
"""So long before the start there is still time to invite more, or to call it off."""
FEW = 3
"""Fewer than one in so many seats taken is few."""

Told = list[tuple[Seminar, SeatNewsKind]]


@transaction.atomic
def tell_of_seats(*, now: dt.datetime) -> int:
    """Write to the organisers of seminars that are full, or free again, or that few come to.

    What stands is compared with what they were last told: a seat that was freed and taken between
    two letters is no news. Writes once a day at most, and on working days alone. Returns how
    many letters there are.
    """
    _one_at_a_time()
    today = timezone.localdate(now)
    if not is_working_day(today) or SeatNews.objects.filter(told_on=today).exists():
        return 0
    news = _news(now)
    SeatNews.objects.bulk_create(
        SeatNews(seminar=seminar, kind=kind, told_on=today) for seminar, kind in news
    )
    by_organiser: defaultdict[User, Told] = defaultdict(list)
    for seminar, kind in news:
        for organiser in organisers_of(seminar, today):
            by_organiser[organiser].append((seminar, kind))
    for organiser, told in by_organiser.items():
        letters.seat_news(told, to=organiser, on=today)
    return len(by_organiser)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seminars.tell_of_seats'))")


def _news(now: dt.datetime) -> Told:
    coming = Seminar.objects.published().taking_newcomers(now).with_seat_counts()
    last: dict[int, str] = {}
    told_few: set[int] = set()
    for one in SeatNews.objects.filter(seminar__in=coming.values("pk")).order_by("told_on", "pk"):
        if one.kind in OF_THE_HALL:
            last[one.seminar_id] = one.kind
        else:
            told_few.add(one.seminar_id)
    news: Told = []
    for seminar in coming.order_by("starts_at", "pk"):
        kind = _of_the_hall(seminar, last.get(seminar.pk), now)
        if kind is not None:
            news.append((seminar, kind))
        elif seminar.pk not in told_few and _is_quite_empty(seminar, now):
            news.append((seminar, SeatNewsKind.FEW))
    return news


def _of_the_hall(seminar: Seminar, last: str | None, now: dt.datetime) -> SeatNewsKind | None:
    """What is other than they were told. That there are seats from the beginning is no news."""
    stands = None
    if seminar.seats_taken >= seminar.capacity:
        stands = SeatNewsKind.FULL
    elif seminar.seats_left and seminar.waiting_count and not closed_to_giving(seminar, now):
        stands = SeatNewsKind.CHOOSE
    elif seminar.seats_left and not seminar.waiting_count and last is not None:
        stands = SeatNewsKind.FREE
    return None if stands == last else stands


def _is_quite_empty(seminar: Seminar, now: dt.datetime) -> bool:
    is_near = now < seminar.starts_at <= now + NEAR
    return is_near and has_opened(seminar, now) and seminar.seats_taken * FEW < seminar.capacity
