"""Seminars of the year: published, filled, withdrawn from, held, and marked late or never."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Count

from attendance.marking.actions import mark_attendance
from people.models import Role, User
from people.organisation import line_manager_of
from seminars.approvals.actions import approve_registration, decline_registration
from seminars.editing.actions import cancel_seminar, change_seminar, create_seminar, publish_seminar
from seminars.models import Registration, Seminar
from seminars.offers.actions import accept_offer, decline_offer
from seminars.requirements.actions import write_needs
from seminars.seats.ways_in import register_for_seminar, register_staff
from seminars.seats.withdrawal import remove_participant, withdraw_registration
from seminars.seminar_content import SeminarContent, SessionContent
from seminars.substitution.actions import substitute_participant
from tests.year.town import Town

MARKED_WITHIN = dt.timedelta(days=12)


def live_with_seminars(town: Town) -> None:
    """What is done about seminars in one part of a working day."""
    announce(town)
    register(town)
    bring_staff(town)
    withdraw(town)
    substitute(town)
    answer_offers(town)
    answer_approvals(town)
    change_or_cancel(town)
    mark(town)


def open_seminars(town: Town) -> Any:
    return Seminar.objects.filter(
        state="published", starts_at__gt=town.now, registration_closes_at__gt=town.now
    )


def announce(town: Town) -> None:
    organiser = town.any_of(town.holders(Role.ORGANISER))
    if organiser is None:
        return
    for _each in town.times(0.25):
        content = _content(town)
        seminar = town.act(
            "seminars.create",
            organiser,
            lambda content=content: create_seminar(content=content, by=organiser, now=town.now),
            content.title,
        )
        if seminar is not None and town.dice.random() < 0.9:  # the rest stays a draft for ever
            town.act(
                "seminars.publish",
                organiser,
                partial(publish_seminar, seminar=seminar, by=organiser, now=town.now),
                content.title,
            )


def _content(town: Town) -> SeminarContent:
    dice = town.dice
    first = dice.randint(9, 30)
    days = dice.choice([1, 1, 1, 1, 2, 3])
    starts = [town.day_at(first + 7 * number, 9) for number in range(days)]
    closes = starts[0] - dt.timedelta(days=dice.choice([1, 2, 5]))
    sessions = [
        SessionContent(
            at, at + dt.timedelta(hours=6), title=f"Samling {number}" if days > 1 else ""
        )
        for number, at in enumerate(starts, start=1)
    ]
    return SeminarContent(
        title=f"Seminar {town.ledger.acts['seminars.create'] + 1}",
        summary="Om å lede.",
        organiser_unit=town.live_units().filter(level="municipality").get(),
        capacity=dice.randint(4, 12),
        registration_opens_at=town.now,
        registration_closes_at=closes,
        promotion_ends_at=dice.choice([None, closes, starts[0] - dt.timedelta(hours=21)]),
        sessions=sessions,
        place_name="Rådhuset",
        offers_expire_after=dice.choice([None, None, 8, 24]),
        approval_days=dice.choice([None, None, None, 3]),
        approval_default=dice.choice(["approve", "decline"]),
    )


def register(town: Town) -> None:
    for _each in town.times(2.5):
        seminar = town.any_of(open_seminars(town))
        if seminar is None:
            return
        person = town.any_of(town.leaders() if town.dice.random() < 0.4 else town.staff())
        registration = town.act(
            "seminars.register",
            person,
            partial(register_for_seminar, seminar=seminar, by=person, now=town.now),
            seminar.title,
        )
        if registration is not None and town.dice.random() < 0.2:
            town.act("seminars.write_needs", None, partial(_say_needs, town, registration))


def _say_needs(town: Town, registration: Registration) -> None:
    write_needs(
        registration=registration,
        diet=["vegan"],
        access=[],
        details="",
        by=registration.user,
        now=town.now,
    )


def bring_staff(town: Town) -> None:
    for _each in town.times(0.5):
        seminar, leader = town.any_of(open_seminars(town)), town.any_of(town.leaders())
        if seminar is None or leader is None:
            return
        person = town.any_of(_own_people(town, leader))
        if person is None:
            continue
        town.act(
            "seminars.register",
            leader,
            partial(register_staff, seminar=seminar, user=person, by=leader, now=town.now),
            f"{person.hr_id} {seminar.title}",
        )


def _own_people(town: Town, leader: User) -> Any:
    led = leader.leaderships.valid_on(town.today).values("unit")
    return town.staff().filter(positions__unit__in=led).exclude(pk=leader.pk).distinct()


def withdraw(town: Town) -> None:
    active = Registration.objects.filter(
        state__in=["registered", "waitlisted", "awaiting"],
        seminar__state="published",
        seminar__starts_at__gt=town.now,
        user__in=town.staff(),
    ).select_related("seminar", "user")
    for _each in town.times(0.7):
        registration = town.any_of(active)
        if registration is not None:
            town.act(
                "seminars.withdraw",
                registration.user,
                partial(
                    withdraw_registration,
                    registration=registration,
                    by=registration.user,
                    now=town.now,
                ),
                registration.seminar.title,
            )
    organiser = town.any_of(town.holders(Role.ORGANISER))
    for _each in town.times(0.08):
        registration = town.any_of(active)
        if registration is not None and organiser is not None:
            town.act(
                "seminars.remove",
                organiser,
                partial(
                    remove_participant,
                    registration=registration,
                    by=organiser,
                    reason="Etter avtale",
                    now=town.now,
                ),
                f"{registration.user.hr_id} {registration.seminar.title}",
            )


def substitute(town: Town) -> None:
    """By the person's line manager, with another of their own."""
    seated = Registration.objects.filter(
        state="registered", seminar__state="published", seminar__starts_at__gt=town.now
    ).select_related("seminar", "user")
    for _each in town.times(0.2):
        registration = town.any_of(seated)
        leader = registration and line_manager_of(registration.user, on=town.today)
        if leader is None or not town.staff().filter(pk=leader.pk).exists():
            continue
        person = town.any_of(_own_people(town, leader).exclude(pk=registration.user_id))
        if person is not None:
            town.act(
                "seminars.substitute",
                leader,
                partial(
                    substitute_participant,
                    registration=registration,
                    user=person,
                    by=leader,
                    now=town.now,
                ),
                f"{person.hr_id} for {registration.user.hr_id}, {registration.seminar.title}",
            )


def answer_offers(town: Town) -> None:
    offers = Registration.objects.filter(state="offered", user__in=town.staff())
    for registration in town.some(offers.select_related("seminar", "user"), 0.35):
        is_yes = town.dice.random() < 0.75
        answer = accept_offer if is_yes else decline_offer
        town.act(
            "seminars.accept_offer" if is_yes else "seminars.decline_offer",
            registration.user,
            partial(answer, registration=registration, by=registration.user, now=town.now),
            registration.seminar.title,
        )


def answer_approvals(town: Town) -> None:
    asked = Registration.objects.filter(state="awaiting", approver__in=town.staff())
    for registration in town.some(asked.select_related("seminar", "user", "approver"), 0.3):
        approver, about = registration.approver, registration.seminar.title
        if town.dice.random() < 0.8:
            town.act(
                "seminars.approve",
                approver,
                partial(approve_registration, registration=registration, by=approver, now=town.now),
                about,
            )
        else:
            town.act(
                "seminars.decline_approval",
                approver,
                partial(
                    decline_registration,
                    registration=registration,
                    by=approver,
                    reason="Vi trenger deg her.",
                    now=town.now,
                ),
                about,
            )


def change_or_cancel(town: Town) -> None:
    organiser = town.any_of(town.holders(Role.ORGANISER))
    coming = Seminar.objects.filter(
        state="published", starts_at__gt=town.now + dt.timedelta(days=2)
    )
    if organiser is None:
        return
    for _each in town.times(0.04):
        seminar = town.any_of(coming)
        if seminar is not None:
            town.act(
                "seminars.cancel",
                organiser,
                partial(
                    cancel_seminar,
                    seminar=seminar,
                    reason="Kursholderen er syk.",
                    by=organiser,
                    now=town.now,
                ),
                seminar.title,
            )
    for _each in town.times(0.06):
        seminar = town.any_of(coming)
        if seminar is not None:
            content = SeminarContent.of(seminar)
            town.act(
                "seminars.change",
                organiser,
                partial(
                    change_seminar,
                    seminar=seminar,
                    by=organiser,
                    now=town.now,
                    content=_elsewhere(content),
                ),
                seminar.title,
            )


def _elsewhere(content: SeminarContent) -> SeminarContent:
    return replace(content, place_name="Biblioteket", capacity=content.capacity + 1)


def mark(town: Town) -> None:
    """Within twelve days or never; some rows are left out, and some mended."""
    held = Seminar.objects.filter(
        state="published", ends_at__lt=town.now, ends_at__gt=town.now - MARKED_WITHIN
    )
    organiser = town.any_of(town.holders(Role.ORGANISER))
    if organiser is None:
        return
    unmarked = held.annotate(marks=Count("registrations__attendance")).filter(marks=0)
    for seminar in town.some(unmarked, 0.15):
        seated = seminar.registrations.filter(state="registered")
        marks = {
            one.pk: town.dice.choices(["attended", "no_show", "excused"], [8, 1, 1])[0]
            for one in town.some(seated, 0.95)
        }
        if marks:
            town.act(
                "attendance.mark_attendance",
                organiser,
                partial(mark_attendance, seminar=seminar, marks=marks, by=organiser, now=town.now),
                seminar.title,
            )
