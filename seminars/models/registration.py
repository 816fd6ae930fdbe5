"""Who is in, and who waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common.sql import trigger_body
from people.models import Role, User, Viewer
from people.tree import ids_led
from seminars.models.search import person_or_unit_is_named
from seminars.models.seminar_role import is_organised_by
from seminars.models.states import (
    HELD_FOR_A_TIME,
    HOLDS_SEAT,
    HOLDS_SEAT_SQL,
    IN_QUEUE,
    IN_QUEUE_SQL,
    IS_ACTIVE,
    AttendanceOutcome,
    RegistrationState,
    SnapshotOfWork,
    new_calendar_uid,
)

if TYPE_CHECKING:
    from seminars.models.session import Session


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> Self:
        return self.filter(state__in=IS_ACTIVE)

    def holding_seat(self) -> Self:
        return self.filter(state__in=HOLDS_SEAT)

    def confirmed(self) -> Self:
        """With a seat that is certain; an offer of one is not."""
        return self.filter(state=RegistrationState.REGISTERED)

    def waiting(self) -> Self:
        """In the order they are to have a seat."""
        return self.filter(state__in=IN_QUEUE).order_by("queued_at", "pk")

    def overdue(self, now: dt.datetime) -> Self:
        """Offers, and seats that a line manager is asked about, whose time is up."""
        return self.filter(state__in=HELD_FOR_A_TIME, expires_at__lte=now)

    def with_sessions_at_hand(self) -> Self:
        """With what a letter about the person's own sessions says."""
        return self.select_related("seminar__contact", "user").prefetch_related(
            "seminar__sessions", "choices"
        )

    def recordable(self) -> Self:
        """Of whom it may be written down whether they came: who has a seat, and who had one when
        something was written down and left between two gatherings."""
        return self.filter(Q(state=RegistrationState.REGISTERED) | ~Q(outcome=""))

    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own; organisers reach the others through their seminar."""
        return self.none() if isinstance(user, AnonymousUser) else self.filter(user=user)

    def with_people(self) -> Self:
        return self.select_related("user", "unit", "agency")

    def staff_of(self, user: User, *, units: Iterable[int]) -> Self:
        """People of the units that `with_staff_units` of the seminar says; by name, `user` apart.

        Numbers and not a subquery: PostgreSQL then knows how few of everybody they are.
        """
        staff = self.filter(unit__in=list(units)).exclude(user=user)
        return staff.with_people().order_by("user__sort_key", "pk")

    def asked_about(self) -> Self:
        """A line manager was asked to approve them, whatever became of it."""
        return self.filter(approver__isnull=False)

    def approvable_by(self, user: User, *, on: dt.date) -> Self:
        """Asked about, and of people in units that the person leads or stands above today.

        Not only of the one who got the letter: leaders change, and are away.
        """
        return self.asked_about().filter(_leads(user, on), ~Q(user=user))

    def declined(self) -> Self:
        """The line manager said no, or nothing in time where that means no."""
        return self.filter(state=RegistrationState.DECLINED)

    def awaiting_answer_of(self, user: User, *, now: dt.datetime) -> Self:
        """The person got the letter, and there is time; whether they still lead is not asked."""
        return self.awaiting_anybodys_answer(now).filter(approver=user)

    def awaiting_anybodys_answer(self, now: dt.datetime) -> Self:
        """A line manager is asked, and there is time."""
        return self.filter(
            state=RegistrationState.AWAITING, expires_at__gt=now, seminar__state="published"
        )

    def replaceable_by(self, user: User, *, on: dt.date) -> Self:
        """With a seat, and the person's own to give: their staff's, or as organiser everybody's."""
        return self.holding_seat().filter(
            _works_for(user, on) | is_organised_by(user, on=on, of="seminar")
        )

    def in_list_order(self) -> Self:
        """Those with a seat, then the queue in its order, then those who are out; by name."""
        group = Case(
            When(state__in=HOLDS_SEAT, then=0), When(state__in=IN_QUEUE, then=1), default=2
        )
        place = Case(When(state__in=IN_QUEUE, then="queued_at"))
        return self.order_by(group, place, "user__sort_key", "pk")

    def of(self, seminar: Any) -> Registration | None:
        """The person's one row in a seminar, its seminar at hand, or None."""
        registration = self.filter(seminar=seminar).select_related("user").first()
        if registration is not None:
            registration.seminar = seminar
        return registration

    def ahead_of(self, registration: Registration) -> Self:
        """Those of the same seminar who came into the queue before."""
        return self.filter(
            Q(queued_at__lt=registration.queued_at)
            | Q(queued_at=registration.queued_at, pk__lt=registration.pk),
            seminar=registration.seminar_id,
        )

    def named(self, text: str) -> Self:
        """Those whose name or e-mail address, or unit then, holds each word typed; nothing typed
        is all."""
        return self.filter(person_or_unit_is_named(text))


def _works_for(user: User, on: dt.date) -> Q:
    """Registered in a unit `user` leads, stands above or coordinates today; not `user`."""
    return Q(unit__in=staff_units(user, on)) & ~Q(user=user)


def staff_units(user: User, on: dt.date) -> RawSQL:
    """The units `user` leads or coordinates today, and all below them."""
    return ids_led(user.pk, on, or_in_roles=[Role.COORDINATOR])


def _leads(user: User, on: dt.date) -> Q:
    """Registered in a unit that `user` leads or stands above today."""
    return Q(unit__in=ids_led(user.pk, on))


class Registration(SnapshotOfWork):
    """A person's place in a seminar or in its queue, from registering until it is over."""

    seminar = models.ForeignKey(
        "seminars.Seminar",
        on_delete=models.PROTECT,
        related_name="registrations",
        db_index=False,
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    state = models.CharField(_("status"), max_length=10, choices=RegistrationState)
    created_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(
        default=timezone.now, help_text="The order of the queue; kept when a seat is given."
    )
    pool = models.ForeignKey(
        "seminars.SeatPool",
        null=True,
        on_delete=models.PROTECT,
        related_name="registrations",
        help_text="The agency's pool that the seat is one of; none for an open seat.",
    )
    expires_at = models.DateTimeField(
        null=True, help_text="Until when a seat that is not certain is held for the person."
    )
    approver = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The line manager who was asked.",
    )
    approved_at = models.DateTimeField(
        null=True, help_text="Since when no line manager has to be asked."
    )
    confirmed_at = models.DateTimeField(null=True, help_text="When the seat was given.")
    withdrawn_at = models.DateTimeField(
        null=True,
        help_text="When it ended, by the person, the organiser or the end of the seminar.",
    )
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Whether the person came, copied by a trigger: figures read one index.",
    )
    calendar_uid = models.CharField(
        max_length=60, unique=True, default=new_calendar_uid, editable=False
    )
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            # Answers alone what is counted: seats, pools, agencies, who came.
            models.Index(
                fields=["seminar", "state", "agency", "outcome", "pool"],
                name="registration_seat_count",
            ),
            models.Index(
                fields=["seminar", "queued_at", "id"],
                name="registration_queue",
                condition=Q(state="waitlisted"),
            ),
            models.Index(fields=["agency", "seminar"], name="registration_agency"),
            models.Index(
                fields=["user", "seminar", "state", "outcome"], name="registration_of_person"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                # The person first: sought by seminar alone, the rows have other indexes.
                fields=["user", "seminar"],
                condition=Q(state__in=["registered", "waitlisted", "offered", "awaiting"]),
                name="registration_is_one_while_active",
            ),
            models.CheckConstraint(
                name="registration_over_has_its_time",
                condition=Q(
                    state__in=["withdrawn", "removed", "expired", "declined", "unseated"],
                    withdrawn_at__isnull=False,
                )
                | Q(
                    state__in=["registered", "waitlisted", "offered", "awaiting"],
                    withdrawn_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="registration_seat_has_its_time",
                condition=Q(state="registered", confirmed_at__isnull=False)
                | Q(state__in=["waitlisted", "offered", "awaiting"], confirmed_at__isnull=True)
                | Q(state__in=["withdrawn", "removed", "expired", "declined", "unseated"]),
            ),
            models.CheckConstraint(
                name="registration_times_in_order",
                condition=Q(withdrawn_at__isnull=True)
                | Q(confirmed_at__isnull=True)
                | Q(withdrawn_at__gte=F("confirmed_at")),
            ),
            models.CheckConstraint(
                name="registration_offer_has_its_end",
                condition=Q(state__in=["offered", "awaiting"], expires_at__isnull=False)
                | (~Q(state__in=["offered", "awaiting"]) & Q(expires_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="registration_awaits_somebody_else",
                condition=~Q(state__in=["awaiting", "declined"])
                | (Q(approver__isnull=False) & ~Q(approver=F("user"))),
            ),
            models.CheckConstraint(
                name="registration_waits_for_any_seat",
                condition=~Q(state="waitlisted") | Q(pool__isnull=True),
            ),
        ]
        triggers = [
            # Locks before it counts, and in the strength that `allocate_seat` takes, so that
            # whoever comes past the code waits its turn and nobody waits for each other.
            pgtrigger.Trigger(
                name="registration_has_a_seat",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "seminar_id", "pool_id"),
                when=pgtrigger.Before,
                declare=[
                    ("hall", "integer"),
                    ("reserved", "integer"),
                    ("in_pool", "integer"),
                    ("taken", "integer"),
                    ("outside", "integer"),
                    ("used", "integer"),
                ],
                func=pgtrigger.Func(
                    trigger_body("seminars", "registration_has_a_seat", holds_seat=HOLDS_SEAT_SQL)
                ),
            ),
            # Locks as the guard of seats does, where the list has an end.
            pgtrigger.Trigger(
                name="registration_has_a_place_in_the_queue",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "seminar_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(f"NEW.state IN {IN_QUEUE_SQL}"),
                declare=[("most", "integer")],
                func=pgtrigger.Func(
                    trigger_body(
                        "seminars", "registration_has_a_place_in_the_queue", in_queue=IN_QUEUE_SQL
                    )
                ),
            ),
            # Also of one that holds no seat, which the guard above passes over.
            pgtrigger.Trigger(
                name="registration_pool_is_of_its_seminar",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("seminar_id", "pool_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.pool_id IS NOT NULL"),
                func=pgtrigger.Func(
                    trigger_body("seminars", "registration_pool_is_of_its_seminar")
                ),
            ),
            # What somebody who waited wished for becomes a seat when they get one in the hall.
            pgtrigger.Trigger(
                name="registration_has_its_sessions",
                operation=pgtrigger.UpdateOf("state"),
                when=pgtrigger.After,
                condition=pgtrigger.Condition(
                    f"NEW.state IN {HOLDS_SEAT_SQL} AND OLD.state NOT IN {HOLDS_SEAT_SQL}"
                ),
                func=pgtrigger.Func(
                    trigger_body(
                        "seminars", "registration_has_its_sessions", holds_seat=HOLDS_SEAT_SQL
                    )
                ),
            ),
            # Whoever records who came does it in a table of their own, whose trigger writes here.
            # A statement that is in no trigger is somebody else's. Kept and not refused: `save`
            # writes each column, the outcome as it was when the row was read.
            pgtrigger.Trigger(
                name="registration_keeps_its_outcome",
                operation=pgtrigger.UpdateOf("outcome"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "pg_trigger_depth() = 0 AND NEW.outcome <> OLD.outcome"
                ),
                func=trigger_body("seminars", "registration_keeps_its_outcome"),
            ),
            pgtrigger.Trigger(
                name="registration_begins_without_outcome",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.outcome <> ''"),
                func=trigger_body("seminars", "registration_begins_without_outcome"),
            ),
        ]

    @cached_property
    def own_sessions(self) -> list[Session]:
        """Those the person goes to: all that are not parallel, and the chosen of the parallel."""
        sessions = self.seminar.sessions_in_order()
        if not self.seminar.has_choices:
            return sessions
        chosen = {choice.session_id for choice in self.choices.all()}
        return [one for one in sessions if not one.is_parallel or one.pk in chosen]

    def sessions_to_come(self, now: dt.datetime) -> list[Session]:
        """Of one's own those that are not over: what a calendar is still told of."""
        return [session for session in self.own_sessions if session.is_to_come(now)]

    @property
    def is_recordable(self) -> bool:
        """As `recordable` says of many."""
        return self.has_seat or bool(self.outcome)

    @property
    def is_active(self) -> bool:
        return self.state in IS_ACTIVE

    @property
    def has_seat(self) -> bool:
        return self.state == RegistrationState.REGISTERED

    @property
    def outcome_in_words(self) -> str:
        """Whether the person came, as it is recorded; empty where nobody has recorded it."""
        return str(AttendanceOutcome(self.outcome).label) if self.outcome else ""

    @property
    def is_waiting(self) -> bool:
        return self.state in IN_QUEUE

    @property
    def is_offered(self) -> bool:
        return self.state == RegistrationState.OFFERED

    @property
    def is_declined(self) -> bool:
        return self.state == RegistrationState.DECLINED

    @property
    def is_awaiting(self) -> bool:
        return self.state == RegistrationState.AWAITING
