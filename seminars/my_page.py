"""What seminars put on «Min side»."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from common import dates
from common.my_page import Card, NextStep, Part, Step, Visit
from people.models import Role, User
from seminars import rules
from seminars.desk_work import desk_work
from seminars.models import Registration, SeatPool, Seminar, SeminarRoleGrant, gatherings_of

SOON = dt.timedelta(days=14)
"""How near a seminar must be to be what a person should think of next."""
SHOWN = 3


def short_questions(user: Any, today: Any, now: Any) -> dict[str, Exists]:
    """Ask whether somebody's registration waits for this person's answer as a leader, and whether
    they help with some seminar."""
    helped = SeminarRoleGrant.objects.held_on(today).filter(user=user).order_by()
    return {
        "approval": Exists(Registration.objects.awaiting_answer_of(user, now=now)),
        "helping": Exists(helped),
    }


def my_page(visit: Visit) -> Part:
    """Return the offers, approvals and seminars of one person, and what they arrange."""
    found = _Found(visit)
    return Part(steps=found.steps(), cards=found.cards())


class _Found:
    """What is asked for once and used by several steps and cards."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.user: User = visit.user
        self.now = visit.now

    def steps(self) -> list[Step]:
        return [
            Step(10, self.offer),
            Step(40, self.approval),
            Step(110, self.coming),
            Step(200, self.organising),
            Step(900, find_seminar),
        ]

    def cards(self) -> list[Card]:
        cards = [Card(30, "seminars/my_page/seminars.html", {"rows": self.registrations[:SHOWN]})]
        if self.to_approve:
            cards.append(Card(10, "seminars/my_page/to_approve.html", {"rows": self.to_approve}))
        if self.pools:
            cards.append(Card(20, "seminars/my_page/pools.html", {"pools": self.pools}))
        if rules.may_organise_some(self.visit.affiliation):
            work = desk_work(self.user, self.visit.today, self.now)
            cards.append(Card(15, "seminars/my_page/desk.html", {"work": work}))
        if self.helping:
            cards.append(Card(25, "seminars/my_page/helping.html", {"grants": self.helping}))
        return cards

    @cached_property
    def registrations(self) -> list[Registration]:
        mine = Registration.objects.visible_to(self.user, on=self.visit.today)
        coming = mine.active().filter(seminar__ends_at__gte=self.now).select_related("seminar")
        return list(coming.order_by("seminar__starts_at", "pk"))

    @cached_property
    def to_approve(self) -> list[Registration]:
        """Of those they lead, whose seat waits for them; the first deadline first."""
        if not self.visit.answers["approval"]:
            return []
        asked = Registration.objects.awaiting_answer_of(self.user, now=self.now)
        waiting = list(asked.select_related("seminar", "user").order_by("expires_at", "pk"))
        may = set(asked.approvable_by(self.user, on=self.visit.today).values_list("pk", flat=True))
        return [registration for registration in waiting if registration.pk in may]

    @cached_property
    def pools(self) -> list[SeatPool]:
        """Seats held for the agencies one coordinates, at seminars that people still come into."""
        if not self.visit.affiliation.has_any(Role.COORDINATOR):
            return []
        held = SeatPool.objects.coordinated_by(self.user, on=self.visit.today).live().with_use()
        open_ones = Seminar.objects.published().taking_newcomers(self.now)
        coming = held.filter(seminar__in=open_ones.values("pk"))
        return list(coming.select_related("agency", "seminar").order_by("seminar__starts_at", "pk"))

    @cached_property
    def helping(self) -> list[SeminarRoleGrant]:
        """What they do in single seminars, drafts too; the first to be held first."""
        if not self.visit.answers["helping"]:
            return []
        own = SeminarRoleGrant.objects.visible_to(self.user, on=self.visit.today)
        held = own.held_on(self.visit.today).select_related("seminar")
        return list(held.order_by("seminar__starts_at", "pk"))

    def offer(self) -> NextStep | None:
        """Before all else: the seat goes to the next in the queue when the time is up."""
        offers = [
            (one.expires_at, one)
            for one in self.registrations
            if one.is_offered and one.expires_at is not None and one.expires_at > self.now
        ]
        if not offers:
            return None
        until, registration = min(offers, key=lambda offer: (offer[0], offer[1].pk))
        return NextStep(
            _("Du kan få plass på «%(title)s»") % {"title": registration.seminar.title},
            _("Plassen er holdt av til deg til %(until)s.") % {"until": dates.moment(until)},
            reverse("seminars:offer", args=[registration.seminar_id]),
            _("Svar på tilbudet"),
        )

    def approval(self) -> NextStep | None:
        """A seat is held meanwhile, and somebody may be waiting for it."""
        registration = next(iter(self.to_approve), None)
        if registration is None or registration.expires_at is None:
            return None
        return NextStep(
            _("Kan %(name)s delta på «%(title)s»?")
            % {"name": registration.user.name, "title": registration.seminar.title},
            _("Påmeldingen venter på godkjenning fra deg. Svar innen %(until)s.")
            % {"until": dates.moment(registration.expires_at)},
            reverse("seminars:approve", args=[registration.seminar_id, registration.pk]),
            _("Svar på påmeldingen"),
        )

    def coming(self) -> NextStep | None:
        held = [one for one in self.registrations if one.has_seat and one.seminar.is_published]
        near = [
            (*when, one)
            for one in held
            if one.seminar.starts_at <= self.now + SOON
            and (when := self._meets_next(one))
            and when[0] <= self.now + SOON
        ]
        if not near:
            return None
        starts_at, ends_at, registration = min(near, key=lambda one: (one[0], one[2].pk))
        seminar = registration.seminar
        words = _(
            "%(when)s. Se programmet, og meld deg av hvis du ikke kan, så får en annen plassen."
        )
        if seminar.has_started(self.now):
            words = _("%(when)s. Se programmet, og si fra hvis du ikke kan komme.")
        return NextStep(
            _("Snart: %(title)s") % {"title": seminar.title},
            words % {"when": dates.span(starts_at, ends_at)},
            reverse("seminars:detail", args=[seminar.pk]),
            _("Se programmet"),
        )

    def _meets_next(self, registration: Registration) -> tuple[dt.datetime, dt.datetime] | None:
        """From when until when, of the gathering that is going on or else the next to come."""
        seminar = registration.seminar
        if not seminar.has_several_gatherings:
            return seminar.starts_at, seminar.ends_at
        own = gatherings_of(registration.own_sessions)
        coming = next((one for one in own if one.ends_at >= self.now), None)
        return None if coming is None else (coming.starts_at, coming.ends_at)

    def organising(self) -> NextStep | None:
        """When nobody waits for anything: what an organiser most often comes for."""
        if not rules.may_organise_some(self.visit.affiliation):
            return None
        words = _("Se påmeldinger, og før oppmøte.")
        if rules.may_arrange(self.visit.affiliation):
            words = _("Se påmeldinger, før oppmøte, eller lag et nytt seminar.")
        return NextStep(
            _("Seminarene du arrangerer"),
            words,
            reverse("seminars:organise"),
            _("Gå til seminarene"),
        )


def find_seminar() -> NextStep:
    return NextStep(
        _("Finn et seminar"),
        _("Ingenting venter på deg. Se hva som kommer, og meld deg på det du vil bli bedre på."),
        reverse("seminars:list"),
        _("Se seminarene"),
    )
