"""Food and accessibility: health data, in a table of its own, for a short time."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Role, Viewer
from people.organisation import units_in_role
from seminars.models.registration import Registration
from seminars.models.states import HOLDS_SEAT, IS_OVER


class Diet(models.TextChoices):
    VEGETARIAN = "vegetarian", _("Vegetar")
    VEGAN = "vegan", _("Vegan")
    NO_PORK = "no_pork", _("Uten svin")
    HALAL = "halal", _("Halal")
    GLUTEN_FREE = "gluten_free", _("Uten gluten")
    LACTOSE_FREE = "lactose_free", _("Uten laktose")
    NO_NUTS = "no_nuts", _("Uten nøtter")
    NO_FISH = "no_fish", _("Uten fisk og skalldyr")
    OTHER = "other_food", _("Annet om mat")


class Access(models.TextChoices):
    WHEELCHAIR = "wheelchair", _("Plass til rullestol")
    SIGN_LANGUAGE = "sign_language", _("Tegnspråktolk")
    CAPTIONS = "captions", _("Skrivetolk")
    HEARING_LOOP = "hearing_loop", _("Teleslynge")
    FRONT_ROW = "front_row", _("Plass langt framme")
    QUIET_ROOM = "quiet_room", _("Et stille rom i pausene")
    OTHER = "other_access", _("Annen tilrettelegging")


class NeedsQuerySet(models.QuerySet["Needs"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own, and those of seminars where the person has the logistics role."""
        if isinstance(user, AnonymousUser):
            return self.none()
        units = units_in_role(user, Role.LOGISTICS, on=on).values("pk")
        return self.filter(
            Q(registration__user=user) | Q(registration__seminar__organiser_unit__in=units)
        )

    def of_those_coming(self) -> Self:
        return self.filter(registration__state__in=HOLDS_SEAT)

    def due_for_erasure(self, ended_before: dt.datetime) -> Self:
        """Of seminars that are long over or called off, and of people who are not coming."""
        return self.filter(
            Q(registration__seminar__ends_at__lt=ended_before)
            | Q(registration__seminar__state="cancelled")
            | Q(registration__state__in=IS_OVER)
        )


class Needs(models.Model):
    """What one participant needs to eat, and to be able to take part."""

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="needs"
    )
    diet = ArrayField(models.CharField(max_length=20, choices=Diet), default=list)
    access = ArrayField(models.CharField(max_length=20, choices=Access), default=list)
    details = models.CharField(_("mer om dette"), max_length=300, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    objects = NeedsQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="needs_say_something",
                condition=Q(diet__len__gte=1) | Q(access__len__gte=1) | ~Q(details=""),
            ),
            models.CheckConstraint(
                name="needs_are_known",
                condition=Q(diet__contained_by=Diet.values) & Q(access__contained_by=Access.values),
            ),
        ]

    @property
    def in_words(self) -> list[str]:
        return [str(Diet(value).label) for value in self.diet] + [
            str(Access(value).label) for value in self.access
        ]
