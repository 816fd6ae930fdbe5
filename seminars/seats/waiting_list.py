"""Why somebody who waits has no seat yet, in one sentence each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import dates
from common.numbers import number
from common.sections import Section, Sections
from people.without_address import no_address_text
from seminars.models import (
    HELD_FOR_A_TIME,
    Registration,
    RegistrationQuerySet,
    RegistrationState,
    Seminar,
)
from seminars.models.seat_counts import registrations_in
from seminars.seats.free_seats import FreeSeats, seats_counted, taken
from seminars.seats.offer_period import promotions_end_at

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Queue:
    """The state of a seminar's queue at one moment, enough to answer for each who stands in it."""

    seminar: Seminar
    seats: FreeSeats
    offers: int
    approvals: int
    last_answer_by: dt.datetime | None
    is_served: bool
    """Seats that come free still go to those who wait."""
    ended_at: dt.datetime | None
    """The last moment for moving up, where it has passed."""

    @property
    def uncertain(self) -> int:
        return self.offers + self.approvals

    def reason_for(self, agency_id: int | None) -> str:
        if self.seminar.is_cancelled or not self.is_served:
            return _("Det deles ikke ut flere plasser.")
        if self.ended_at is not None:
            return _(
                "Siste opprykk var %(when)s. Plasser som blir ledige nå, er det arrangøren som "
                "deler ut."
            ) % {"when": dates.moment(self.ended_at)}
        if self.seats.left_for(agency_id) > 0 and self.seminar.promotes_by_hand:
            return _("Det er ledig plass. Arrangøren velger hvem som får den.")
        if self.seats.left_for(agency_id) > 0:
            return _("Det er ledig plass. Den deles ut i køens rekkefølge om få minutter.")
        if self.seats.agencies_with_seats():
            return self._held_for_others()
        if self.approvals and self.last_answer_by is not None:
            return self._seats_are_uncertain(self.last_answer_by)
        if self.offers and self.last_answer_by is not None:
            return self._offers_are_out(self.last_answer_by)
        return _("Alle plassene er tatt.")

    def _held_for_others(self) -> str:
        if self.seats.next_release_at is None:
            return _("De ledige plassene er holdt av til andre virksomheter.")
        return _(
            "De ledige plassene er holdt av til andre virksomheter. "
            "De første som ikke blir brukt, frigis %(when)s."
        ) % {"when": dates.moment(self.seats.next_release_at)}

    def _offers_are_out(self, last: dt.datetime) -> str:
        return ngettext(
            "Alle plassene er tatt, men %(count)s har et tilbud og svarer innen %(when)s.",
            "Alle plassene er tatt, men %(count)s har et tilbud og svarer innen %(when)s.",
            self.offers,
        ) % {"count": number(self.offers), "when": dates.moment(last)}

    def _seats_are_uncertain(self, last: dt.datetime) -> str:
        count = self.uncertain
        return ngettext(
            "Alle plassene er tatt, men %(count)s er ikke bekreftet ennå. "
            "Det er avgjort innen %(when)s.",
            "Alle plassene er tatt, men %(count)s er ikke bekreftet ennå. "
            "Det er avgjort innen %(when)s.",
            count,
        ) % {"count": number(count), "when": dates.moment(last)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the queue: who, at which place, and why without an offer yet."""

    registration: Registration
    place: int
    reason: str


def page_of_queue(
    seminar: Seminar, now: dt.datetime, number: str | None, *, words: str | None = ""
) -> Page[Any]:
    """First those whose seat is not certain yet, then the queue in its order.

    With words, those of them who are so named, each at their own place; with None, nobody.
    """
    queue = queue_of(seminar, now)
    people = seminar.registrations.with_people()
    held = people.filter(state__in=HELD_FOR_A_TIME).select_related("approver")
    if words != "":
        return _page_of_named(queue, held.order_by("expires_at", "pk"), words, number)
    waiting = Section(people.waiting(), queue.seats.waiting)
    rows: Any = Sections(Section(held.order_by("expires_at", "pk"), queue.uncertain), waiting)
    page: Page[Any] = Paginator(rows, PAGE_SIZE).get_page(number)
    place = page.start_index() - queue.uncertain
    page.object_list = [
        _entry(queue, row, place + passed) for passed, row in enumerate(page.object_list)
    ]
    return page


def _page_of_named(
    queue: Queue, held: RegistrationQuerySet, words: str | None, number: str | None
) -> Page[Any]:
    waiting = queue.seminar.registrations.waiting()
    found: list[int] = []
    if words is not None:
        for rows in (held, waiting):
            found += rows.named(words).values_list("pk", flat=True)
    page: Page[Any] = Paginator(found, PAGE_SIZE).get_page(number)
    people = queue.seminar.registrations.with_people().select_related("approver")
    on_page = people.in_bulk(page.object_list)
    keys = waiting.values_list("pk", flat=True) if on_page else []
    places = {pk: place for place, pk in enumerate(keys, start=1)}
    page.object_list = [
        _entry(queue, on_page[pk], places.get(pk, 0)) for pk in page.object_list if pk in on_page
    ]
    return page


def _entry(queue: Queue, row: Registration, place: int) -> Entry:
    if row.state in HELD_FOR_A_TIME:
        return Entry(row, 0, _held_until(row))
    return Entry(row, place, queue.reason_for(row.agency_id))


def _held_until(registration: Registration) -> str:
    moment = registration.expires_at
    when = {"when": dates.short_moment(moment) if moment else ""}
    if registration.approver is None or not registration.is_awaiting:
        return _("Har et tilbud, og svarer innen %(when)s.") % when
    said = _("Har en plass som %(name)s må godkjenne innen %(when)s.") % {
        **when,
        "name": registration.approver.name,
    }
    return " ".join(filter(None, [said, no_address_text(registration.approver)]))


def queue_of(seminar: Seminar, now: dt.datetime) -> Queue:
    counted: Any = (
        taken(seminar.pk, now)
        .annotate(
            offers=registrations_in((RegistrationState.OFFERED.value,)),
            approvals=registrations_in((RegistrationState.AWAITING.value,)),
            last_answer_by=_last_answer_by(),
        )
        .get()
    )
    ends_at = promotions_end_at(seminar)
    return Queue(
        seminar=seminar,
        seats=seats_counted(seminar, counted),
        offers=counted.offers,
        approvals=counted.approvals,
        last_answer_by=counted.last_answer_by,
        is_served=seminar.takes_newcomers(now),
        ended_at=ends_at if ends_at < now else None,
    )


def _last_answer_by() -> Subquery:
    held = Registration.objects.filter(seminar=OuterRef("pk"), state__in=HELD_FOR_A_TIME)
    return Subquery(held.order_by("-expires_at").values("expires_at")[:1])
