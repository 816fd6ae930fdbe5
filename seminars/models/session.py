"""The stretches a seminar consists of, and the choice between those that are held side by side."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import LONGEST_LINK
from common.sql import trigger_body
from people.models import User
from seminars.models.choice_room import room_guard
from seminars.models.registration import Registration
from seminars.models.states import HOLDS_SEAT, HOLDS_SEAT_SQL, IN_QUEUE


class SessionForm(models.TextChoices):
    IN_PLACE = "in_place", _("Fysisk")
    DIGITAL = "digital", _("Digitalt")
    HYBRID = "hybrid", _("Fysisk og digitalt")


class ChoiceGroup(models.Model):
    """Sessions held side by side, of which each participant goes to one: «Økt 2: velg én»."""

    seminar = models.ForeignKey(
        "seminars.Seminar", on_delete=models.CASCADE, related_name="choice_groups"
    )
    title = models.CharField(_("navn på valget"), max_length=100)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "title"], name="choice_group_has_a_title_of_its_own"
            ),
            models.CheckConstraint(name="choice_group_has_a_title", condition=~Q(title="")),
        ]
        triggers = [
            room_guard(
                "choice_begins_with_room", pgtrigger.Insert | pgtrigger.UpdateOf("seminar_id")
            )
        ]

    def __str__(self) -> str:
        return self.title


class SessionQuerySet(models.QuerySet["Session"]):
    def parallel(self) -> Self:
        """Those to choose between, by choice and then in the order they stand in."""
        return self.filter(choice_group__isnull=False).order_by("choice_group", "starts_at", "pk")

    def attended_by(self, user: User) -> Self:
        """Of seminars that are held, and where the person has a seat or is offered one."""
        held = Registration.objects.holding_seat().filter(user=user)
        chosen = SessionChoice.objects.filter(registration__in=held).values("session")
        return self.filter(
            Q(choice_group__isnull=True) | Q(pk__in=chosen),
            seminar__in=held.values("seminar"),
            seminar__state="published",
        )

    def overlapping(self, starts: Any, ends: Any) -> Self:
        """With time in common: one that begins as the other ends has none."""
        return self.filter(starts_at__lt=ends, ends_at__gt=starts)

    def starting_between(self, after: dt.datetime, until: dt.datetime) -> Self:
        """Of published seminars, those that start in that time."""
        return self.filter(seminar__state="published", starts_at__gt=after, starts_at__lte=until)

    def with_seats_taken(self) -> Self:
        """Adds `taken`: how many with a seat have chosen the session."""
        return self.select_related("choice_group").annotate(taken=_chosen_by(HOLDS_SEAT))

    def with_wishes(self) -> Self:
        """Adds `wished`: how many wait and wish for it."""
        return self.annotate(wished=_chosen_by(IN_QUEUE))


def _chosen_by(states: tuple[str, ...]) -> Coalesce:
    chosen = (
        SessionChoice.objects.filter(session=OuterRef("pk"), registration__state__in=states)
        .order_by()
        .values("session")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(chosen), 0, output_field=models.IntegerField())


HELD_IN_SESSION = trigger_body("seminars", "_held_in_session", holds_seat=HOLDS_SEAT_SQL)


class Session(models.Model):
    """One continuous stretch of a seminar, in one room. Most seminars have one."""

    seminar = models.ForeignKey(
        "seminars.Seminar", on_delete=models.CASCADE, related_name="sessions"
    )
    title = models.CharField(
        _("navn på samlingen"),
        max_length=200,
        blank=True,
        help_text=_("Kan stå tom når seminaret har én samling."),
    )
    starts_at = models.DateTimeField(_("starter"))
    ends_at = models.DateTimeField(_("slutter"))
    room = models.CharField(_("rom"), max_length=100, blank=True)
    form = models.CharField(
        _("oppmøteform"),
        max_length=10,
        choices=SessionForm,
        blank=True,
        help_text=_("Står feltet tomt, gjelder seminarets sted og lenke."),
    )
    meeting_url = models.URLField(
        _("egen lenke til digitalt møte"),
        max_length=LONGEST_LINK,
        blank=True,
        help_text=_("Vises bare for dem som har plass."),
    )
    choice_group = models.ForeignKey(
        ChoiceGroup,
        verbose_name=_("valg"),
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="sessions",
    )
    capacity = models.PositiveIntegerField(
        _("plasser i samlingen"),
        null=True,
        blank=True,
        help_text=_("Bare for samlinger som deltakerne velger mellom."),
    )

    taken: int
    wished: int
    # What `with_seats_taken` and `with_wishes` add.

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="session_to_choose_has_its_seats",
                condition=Q(choice_group__isnull=True, capacity__isnull=True)
                | Q(choice_group__isnull=False, capacity__isnull=False, capacity__gte=1),
            ),
            models.CheckConstraint(
                name="session_form_is_known",
                condition=Q(form__in=["", "in_place", "digital", "hybrid"]),
            ),
            models.CheckConstraint(
                name="session_with_a_link_is_digital",
                condition=Q(meeting_url="") | Q(form__in=["digital", "hybrid"]),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="session_sets_the_seminars_times",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                declare=[("of_seminar", "bigint")],
                func=pgtrigger.Func(trigger_body("seminars", "session_sets_the_seminars_times")),
            ),
            # Locks the seminar before it counts, as whoever gives a seat does.
            pgtrigger.Trigger(
                name="session_keeps_seats_given",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("capacity", "choice_group_id"),
                when=pgtrigger.After,
                func=pgtrigger.Func(
                    trigger_body("seminars", "session_keeps_seats_given", held=HELD_IN_SESSION)
                ),
            ),
            room_guard(
                "session_leaves_room_in_its_choice",
                pgtrigger.UpdateOf("capacity", "choice_group_id", "seminar_id") | pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.seminar.title

    def has_started(self, now: dt.datetime) -> bool:
        return self.starts_at <= now

    def is_to_come(self, now: dt.datetime) -> bool:
        """Not over: a calendar may still be told of it."""
        return now < self.ends_at

    @property
    def is_parallel(self) -> bool:
        return self.choice_group_id is not None

    @property
    def is_digital(self) -> bool:
        """With nowhere to come to."""
        return self.form == SessionForm.DIGITAL or (not self.form and self.seminar.is_digital)

    @property
    def is_hybrid(self) -> bool:
        return self.form == SessionForm.HYBRID or (not self.form and self.seminar.is_hybrid)

    @property
    def link(self) -> str:
        """To the meeting; for those alone who have a seat."""
        if self.form == SessionForm.IN_PLACE:
            return ""
        return self.meeting_url or self.seminar.meeting_url

    @property
    def place(self) -> str:
        """Where, on one line: its own room instead of the seminar's."""
        if self.is_digital:
            return str(_("Digitalt"))
        seminar = self.seminar
        room = self.room or seminar.room
        return ", ".join(part for part in (seminar.place_name, room, seminar.address) if part)

    @property
    def seats_left(self) -> int:
        """For a parallel session read `with_seats_taken`."""
        return max((self.capacity or 0) - self.taken, 0)


class SessionChoice(models.Model):
    """Which of a group's sessions a person goes to; while they wait, which they wish for."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="choices")
    group = models.ForeignKey(ChoiceGroup, on_delete=models.CASCADE, related_name="choices")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="choices")
    is_assigned = models.BooleanField(
        default=False, help_text="By the portal, where the person chose none or theirs was full."
    )
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["group_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "group"], name="session_choice_is_one_in_a_group"
            ),
        ]
        triggers = [
            # Takes the seminar's lock first and in the strength that `allocate_seat` takes it.
            pgtrigger.Trigger(
                name="session_choice_has_a_seat",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("session_id", "group_id", "registration_id"),
                when=pgtrigger.Before,
                declare=[("of_seminar", "bigint"), ("room", "integer")],
                func=pgtrigger.Func(
                    trigger_body(
                        "seminars",
                        "session_choice_has_a_seat",
                        held=HELD_IN_SESSION,
                        holds_seat=HOLDS_SEAT_SQL,
                    )
                ),
            )
        ]
