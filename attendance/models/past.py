"""What people attended before the portal, or beside it."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.numbers import number
from people.models import Unit, User, Viewer


class PastSeminar(models.Model):
    """What a unit held before the portal, or beside it, as a file of another system tells.

    No `seminars.Seminar`: it has no seats, no registrations and no list, so that nothing is sent
    about it and nobody is asked for anything (docs/adr/0030).
    """

    title = models.CharField(_("tittel"), max_length=200)
    title_key = models.CharField(max_length=600, editable=False)
    """The title as it is compared: a list writes one seminar's name in more ways than one."""
    organiser_unit = models.ForeignKey(
        Unit, verbose_name=_("arrangør"), on_delete=models.PROTECT, related_name="+"
    )
    first_day = models.DateField(_("første dag"))
    last_day = models.DateField(_("siste dag"))

    class Meta:
        ordering = ["-first_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first_day", "title_key", "organiser_unit"],
                name="past_seminar_is_known_by_title_day_and_organiser",
            ),
            models.CheckConstraint(
                name="past_seminar_days_in_order", condition=Q(last_day__gte=F("first_day"))
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PastOutcome(models.TextChoices):
    """What another system says became of it; the portal's own attendance knows no «partly»."""

    ATTENDED = "attended", _("Møtt")
    PARTLY = "partly", _("Delvis")
    NO_SHOW = "no_show", _("Ikke møtt")
    EXCUSED = "excused", _("Gyldig fravær")


class PastParticipationQuerySet(models.QuerySet["PastParticipation"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own, and nobody else's."""
        return self.none() if isinstance(user, AnonymousUser) else self.filter(user=user)

    def newest_first(self) -> Self:
        """With the seminar and its organiser at hand."""
        return self.select_related("seminar__organiser_unit").order_by("-seminar__first_day", "pk")

    def hours_in_words(self) -> str:
        """The hours of what was attended, wholly or partly; empty where none is known."""
        came = self.filter(outcome__in=[PastOutcome.ATTENDED, PastOutcome.PARTLY])
        return _in_hours(came.aggregate(sum=Sum("minutes"))["sum"])


def _in_hours(minutes: int | None) -> str:
    """«1,5»; a third of an hour is «0,33»."""
    if not minutes:
        return ""
    return number(round(minutes / 60, 2) if minutes % 60 else minutes // 60)


class PastParticipation(models.Model):
    """One person's part in a past seminar. It is shown to them, and counted in no figure."""

    seminar = models.ForeignKey(
        PastSeminar, on_delete=models.PROTECT, related_name="participations"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="past_participations", db_index=False
    )
    outcome = models.CharField(_("oppmøte"), max_length=10, choices=PastOutcome)
    minutes = models.PositiveIntegerField(_("minutter"), null=True)
    """None where the file does not say how long it lasted for them."""
    imported_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PastParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "seminar"], name="past_participation_is_one_a_person"
            ),
            models.CheckConstraint(
                name="past_outcome_is_known", condition=Q(outcome__in=PastOutcome.values)
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="past_participation_stays_with_its_person", fields=["seminar", "user"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.seminar}"

    @property
    def hours_in_words(self) -> str:
        return _in_hours(self.minutes)
