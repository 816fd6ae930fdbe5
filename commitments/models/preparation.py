"""What each of the two thinks before they write: private to each until both are ready."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.models.agreement import Agreement
from commitments.models.reading_access import seen_by
from commitments.models.revision import Revision
from commitments.models.states import Party
from commitments.triggers import preparation as guards_preparing
from people.models import User, Viewer


class GuidingQuestion(models.TextChoices):
    """The guiding questions, as the employee is asked them."""

    CORE_TASK = "core_task", _("Hvem er vi her for, og hva er kjerneoppgaven vår?")
    ACTIVITIES = "activities", _("Hvilke kjerneaktiviteter bidrar du til, og hvordan?")
    COMMITMENT = (
        "commitment",
        _("Hva forplikter du deg til, og hvorfor betyr det noe for dem vi er til for?"),
    )
    LEADER = "leader", _("Hva bør lederen forplikte seg til for at du skal lykkes?")
    GOALS = "goals", _("Hvilke mål har lederen satt, og hvordan ser vi at vi er på vei?")
    ROOM = "room", _("Hva er handlingsrommet ditt, og når sier du fra?")
    PUT_OFF = "put_off", _("Hva stopper eller utsetter vi?")
    TALKING = "talking", _("Når snakker vi sammen, og hva gjør at vi reforhandler?")
    UPWARD = "upward", _("Hva må avklares oppover?")


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """That somebody is ready, both may know; what they answered is another question."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(seen_by(user, on, "agreement__"))

    def for_now(self) -> Self:
        """Of what is being written now, and not of what is signed already."""
        signed = (
            Revision.objects.filter(agreement=OuterRef("agreement"))
            .signed()
            .order_by()
            .values("agreement")
            .annotate(signed_count=Count("pk"))
            .values("signed_count")
        )
        return self.filter(occasion=Coalesce(Subquery(signed), 0))

    def revealed(self) -> Self:
        """Both have said that they are ready."""
        others = Preparation.objects.filter(
            agreement=OuterRef("agreement"), occasion=OuterRef("occasion"), ready_at__isnull=False
        ).exclude(party=OuterRef("party"))
        return self.filter(Exists(others), ready_at__isnull=False)

    def unrevealed(self) -> Self:
        return self.exclude(pk__in=self.revealed().values("pk"))


class Preparation(models.Model):
    """One party's answers before a conversation, and that they are ready to share them."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="preparations")
    party = models.CharField(max_length=10, choices=Party)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    occasion = models.PositiveSmallIntegerField(
        default=0, help_text="How many times the two had signed: each time is prepared anew."
    )
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)

    objects = PreparationQuerySet.as_manager()

    class Meta:
        ordering = ["agreement_id", "-occasion", "-party"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "occasion", "party"], name="party_prepares_once_an_occasion"
            ),
        ]
        triggers = guards_preparing.preparation_triggers()

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.party}"

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None


class PreparedAnswerQuerySet(models.QuerySet["PreparedAnswer"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own; the other's from the moment that both are ready."""
        if not isinstance(user, User):
            return self.none()
        revealed = Preparation.objects.revealed()
        return self.filter(
            Q(preparation__author=user) | Q(preparation__in=revealed),
            seen_by(user, on, "preparation__agreement__"),
        )


class PreparedAnswer(models.Model):
    """What one party thinks about one of the guiding questions."""

    preparation = models.ForeignKey(Preparation, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=10, choices=GuidingQuestion)
    text = models.TextField(_("svaret ditt"), max_length=2000)
    edited_at = models.DateTimeField(default=timezone.now)

    objects = PreparedAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["preparation_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["preparation", "question"], name="question_is_answered_once"
            ),
            models.CheckConstraint(name="answer_has_words", condition=~Q(text="")),
            models.CheckConstraint(
                name="answer_is_to_a_question", condition=Q(question__in=GuidingQuestion.values)
            ),
        ]
        triggers = guards_preparing.answer_triggers()

    def __str__(self) -> str:
        return self.question
