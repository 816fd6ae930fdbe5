"""What a unit asks of the one above it."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from common.sql import trigger_body
from missions.models.mission import MissionVersion
from missions.responsibility import units_taken_over
from people.guards import never_truncated
from people.models import User, Viewer


class UpwardQuestionQuerySet(models.QuerySet["UpwardQuestion"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Whoever may read the version that asks, and whoever is to answer."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(
            Q(version__in=MissionVersion.objects.visible_to(user, on=on))
            | Q(above__mission__unit_id__in=units_taken_over(user, on))
        )

    def asked_of(self, user: User, today: dt.date) -> Self:
        """What this person is to answer, or has had to; also of a unit that has closed since."""
        return self.filter(above__mission__unit_id__in=units_taken_over(user, today))

    def unanswered(self) -> Self:
        return self.filter(answered_at__isnull=True)

    def due_within(self, days: int, today: dt.date) -> Self:
        """Not answered, needed within so many days, and asked before that."""
        lead = dt.timedelta(days=days)
        asked_before = ExpressionWrapper(F("answer_by") - lead, models.DateTimeField())
        return self.unanswered().filter(
            answer_by__range=(today, today + lead), asked_on__lt=asked_before
        )

    def with_both_ends(self) -> Self:
        return self.select_related(
            "version__mission__unit", "above__mission__unit", "asked_by", "answered_by"
        ).order_by(F("answered_at").desc(nulls_first=True), "answer_by", "pk")


class UpwardQuestion(models.Model):
    """What a unit must know from the leader above to do its part, and the day it needs it."""

    version = models.ForeignKey(MissionVersion, on_delete=models.PROTECT, related_name="questions")
    above = models.ForeignKey(MissionVersion, on_delete=models.PROTECT, related_name="asked")
    text = models.TextField(_("spørsmål"), max_length=600)
    answer_by = models.DateField(_("svar innen"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    answer = models.TextField(_("svar"), max_length=1200, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = UpwardQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["answer_by", "pk"]
        constraints = [
            models.CheckConstraint(name="upward_question_has_words", condition=~Q(text="")),
            models.CheckConstraint(
                name="upward_question_is_answered_after_it_is_asked",
                condition=Q(answer_by__gte=F("asked_on")),
            ),
            models.CheckConstraint(
                name="upward_question_is_answered_by_somebody",
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="upward_question_goes_up",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=trigger_body("missions", "upward_question_goes_up"),
            ),
            pgtrigger.ReadOnly(
                name="upward_question_stands",
                fields=[
                    "version",
                    "above",
                    "text",
                    "answer_by",
                    "asked_by",
                    "asked_at",
                    "asked_on",
                ],
            ),
            pgtrigger.Protect(
                name="upward_question_answer_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
            pgtrigger.Protect(name="upward_question_stays", operation=pgtrigger.Delete),
            never_truncated("upward_question"),
        ]

    def __str__(self) -> str:
        return self.text
