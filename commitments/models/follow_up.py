"""Conversations about what was agreed, and what the two said."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from commitments.models.agreement import Agreement
from commitments.models.content import Commitment
from commitments.models.reading_access import seen_by
from commitments.models.revision import Revision
from commitments.models.states import TALK_PATIENCE, Word
from commitments.triggers import agreements, erasure, pairs
from people.models import User, Viewer

_OSLO_DAY = Cast(
    Func(
        Value("Europe/Oslo"),
        F("starts_at"),
        function="timezone",
        output_field=models.DateTimeField(),
    ),
    models.DateField(),
)
"""The day of the appointment where the two are."""


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(seen_by(user, on, "agreement__"))

    def outstanding(self) -> Self:
        """Neither held nor lapsed, in agreements that go on."""
        return self.filter(
            held_at__isnull=True,
            lapsed_at__isnull=True,
            agreement__ended_at__isnull=True,
            agreement__leader_access_ended_at__isnull=True,
        )

    def due(self, until: dt.date) -> Self:
        """Outstanding ones that fall by the day, in agreements that neither rest nor part."""
        return self.outstanding().filter(
            agreement__paused_at__isnull=True,
            agreement__left_behind_at__isnull=True,
            due_on__lte=until,
        )

    def held(self) -> Self:
        return self.filter(held_at__isnull=False).order_by("-held_at")

    def with_content(self) -> Self:
        return self.select_related(
            "agreement__leader", "agreement__employee", "agreement__unit", "revision"
        ).prefetch_related("revision__commitments__core_activity")

    def due_between(self, first: dt.date, last: dt.date) -> Self:
        """Outstanding ones that fall from `first` to `last`, both days included."""
        return (
            self.due(last)
            .filter(due_on__gte=first)
            .select_related("agreement__leader", "agreement__employee")
        )


class FollowUp(models.Model):
    """A conversation about a signed agreement: planned by it, and held."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="follow_ups")
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        help_text="The signed revision whose commitments are talked about.",
    )
    due_on = models.DateField(_("dato"))
    starts_at = models.DateTimeField(
        null=True, help_text="Set once the two have a time; then it is in their calendars."
    )
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(_("sted"), max_length=200, blank=True)
    notes = models.TextField(
        _("felles notat"), max_length=4000, blank=True, help_text="What both have written down."
    )
    calendar_sequence = models.PositiveIntegerField(
        default=0, help_text="Raised each time the calendars are told (RFC 5546, 2.1.4)."
    )
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    arranged_at = models.DateTimeField(
        null=True, help_text="When both were told of the time it has now."
    )
    lapsed_at = models.DateTimeField(
        null=True, help_text="When it was let go of by itself, as nobody had written it down."
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(held_at__isnull=True, lapsed_at__isnull=True),
                name="agreement_has_one_planned_follow_up",
            ),
            models.CheckConstraint(
                name="follow_up_held_by_somebody",
                condition=Q(held_at__isnull=True, held_by__isnull=True)
                | Q(held_at__isnull=False, held_by__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_is_held_or_lapses",
                condition=Q(held_at__isnull=True) | Q(lapsed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="follow_up_starts_on_its_day",
                condition=Q(starts_at__isnull=True) | Q(due_on=_OSLO_DAY),
            ),
            models.CheckConstraint(
                name="follow_up_is_told_before_it_is_in_calendars",
                condition=Q(starts_at__isnull=True) | Q(calendar_sequence__gt=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="follow_up_planned",
                condition=Q(held_at__isnull=True, lapsed_at__isnull=True),
            ),
        ]
        triggers = [
            pairs.follow_up_of_its_agreement(),
            pgtrigger.Protect(
                name="follow_up_held_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__held_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="follow_up_lapsed_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__lapsed_at__isnull=False),
            ),
            agreements.follow_up_lapse_trigger(),
            erasure.goes_with_erasure(
                "follow_up", erasure.OWN, only_when="OLD.held_at IS NOT NULL AND"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.due_on}"

    @property
    def lapses_on(self) -> dt.date:
        """When it is let go of by itself, unless it is written down or moved before."""
        return self.due_on + TALK_PATIENCE

    @property
    def ends_at(self) -> dt.datetime | None:
        return self.starts_at + dt.timedelta(minutes=self.minutes) if self.starts_at else None


class PrivateNoteQuerySet(models.QuerySet["PrivateNote"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The author's own and nobody else's, for as long as they may read the agreement."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(seen_by(user, on, "follow_up__agreement__"), author=user)


class PrivateNote(models.Model):
    """What one of the two has written in private about a conversation."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="private_notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("privat notat"), max_length=4000)
    written_at = models.DateTimeField()

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        ordering = ["follow_up_id", "author_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "author"], name="person_has_one_private_note_a_follow_up"
            ),
            models.CheckConstraint(name="private_note_has_words", condition=~Q(text="")),
        ]
        triggers = agreements.private_note_triggers()

    def __str__(self) -> str:
        return f"{self.follow_up_id}, {self.author_id}"


class Outcome(models.Model):
    """What the two said about one commitment in a follow-up."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="outcomes")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="outcomes")
    word = models.CharField(_("hvordan det gikk"), max_length=20, choices=Word)
    why = models.TextField(_("og hvorfor"), max_length=600, blank=True)

    class Meta:
        ordering = ["follow_up_id", "commitment__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "commitment"], name="commitment_has_one_word_a_follow_up"
            ),
            models.CheckConstraint(
                name="outcome_let_go_says_why", condition=~Q(word="let_go") | ~Q(why="")
            ),
        ]
        triggers = [
            pairs.outcome_of_its_conversation(),
            *erasure.kept_until_erased("outcome", erasure.OF_FOLLOW_UP),
        ]

    def __str__(self) -> str:
        return self.word
