"""What an organiser asks those who register, and what they answer."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.sql import trigger_body
from seminars.models.registration import Registration
from seminars.models.seminar import Seminar
from seminars.models.states import IS_OVER


class QuestionKind(models.TextChoices):
    TEXT = "text", _("Fritekst")
    ONE = "one", _("Ett valg")
    SEVERAL = "several", _("Flere valg")


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_answer_counts(self) -> Self:
        """Adds `answer_count`; in their order, which grouping would lose."""
        return self.annotate(answer_count=Count("answers")).order_by("position", "pk")


class Question(models.Model):
    """Something the organiser needs to know of everybody who registers for one seminar."""

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("spørsmål"), max_length=200)
    kind = models.CharField(_("svartype"), max_length=10, choices=QuestionKind)
    options = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    is_required = models.BooleanField(_("må besvares"), default=False)
    shown_if = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="dependents"
    )
    shown_if_option = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="Its place in the order; a trigger puts a new one last.",
    )

    answer_count: int
    # What `with_answer_counts` adds.

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "position"],
                name="question_has_a_place_of_its_own",
                deferrable=models.Deferrable.DEFERRED,
            ),
            # Of no other kind either.
            models.CheckConstraint(
                name="question_has_options_to_choose_from",
                condition=Q(kind="text", options__len=0)
                | Q(kind__in=["one", "several"], options__len__gte=2),
            ),
            models.CheckConstraint(
                name="question_condition_names_its_option",
                condition=Q(shown_if=None, shown_if_option="")
                | (Q(shown_if__isnull=False) & ~Q(shown_if_option="")),
            ),
        ]
        triggers = [
            # A condition is asked before what hangs on it, and is an answer that can be given.
            pgtrigger.Trigger(
                name="question_condition_can_come_true",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=pgtrigger.Func(trigger_body("seminars", "question_condition_can_come_true")),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_text(self) -> bool:
        return self.kind == QuestionKind.TEXT


class AnswerQuerySet(models.QuerySet["Answer"]):
    def current(self) -> Self:
        """Of those who are in, or wait to come in."""
        return self.exclude(registration__state__in=IS_OVER)

    def kept_too_long(self, ended_before: dt.datetime) -> Self:
        return self.filter(registration__seminar__ends_at__lt=ended_before)


class Answer(models.Model):
    """What one person answered to one question: a text, or the options they chose."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    values = ArrayField(models.TextField())
    answered_at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["question__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="answer_is_one_to_a_question"
            ),
            models.CheckConstraint(name="answer_says_something", condition=Q(values__len__gte=1)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answer_is_to_its_own_seminar",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("registration_id", "question_id"),
                when=pgtrigger.Before,
                func=pgtrigger.Func(trigger_body("seminars", "answer_is_to_its_own_seminar")),
            )
        ]

    @property
    def in_words(self) -> str:
        return joined(self.values)


def joined(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values)
