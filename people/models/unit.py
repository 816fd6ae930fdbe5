"""The municipality's organisation: a tree of units with periods of validity and successors."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from common.norwegian import SearchFold, holds_words, sort_key_field
from common.sql import trigger_body
from people.models.leadership import Leadership
from people.tree import ids_below
from people.validity import Validity, ValidityQuerySet, validity_in_order

if TYPE_CHECKING:
    from people.models.user import Viewer


class Level(models.TextChoices):
    MUNICIPALITY = "municipality", _("kommune")
    AGENCY = "agency", _("virksomhet")
    UNIT = "unit", _("enhet")


class UnitQuerySet(ValidityQuerySet["Unit"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The organisation is no secret to those who work in it, nor to anybody else's business."""
        return self.none() if isinstance(user, AnonymousUser) else self.all()

    def agencies(self) -> Self:
        return self.filter(level=Level.AGENCY)

    def named_like(self, words: str) -> Self:
        """Name or short name holds what was typed, however it was spelt."""
        name = SearchFold(Concat("name", Value(" "), "short_name"))
        return self.alias(searched=name).filter(holds_words("searched", words))

    def with_leader(self, day: dt.date) -> Self:
        """Each unit has `leader_name`, None for a vacancy on the day."""
        leading = Leadership.objects.valid_on(day).filter(unit=OuterRef("pk"))
        return self.annotate(leader_name=Subquery(leading.values("user__name")[:1]))

    def below(self, unit_ids: list[int]) -> Self:
        """These units and everything under them."""
        return self.filter(pk__in=ids_below(unit_ids)) if unit_ids else self.none()


class Unit(Validity):
    """A part of the municipality's organisation, from the municipality itself to a clinic."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("enheten over"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    hr_id = models.CharField(_("HR-nummer"), max_length=40, unique=True)
    name = models.CharField(_("navn"), max_length=200)
    short_name = models.CharField(_("kortnavn"), max_length=40, blank=True)
    level = models.CharField(_("nivå"), max_length=20, choices=Level)
    level_name = models.CharField(
        _("nivånavn"),
        max_length=60,
        help_text=_("Det enheten kalles, som «bydel» eller «klinikk»."),
    )
    agency = models.ForeignKey(
        "self",
        verbose_name=_("virksomhet"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agency_units",
        help_text=_("Nærmeste virksomhet oppover; virksomheten selv for en virksomhet."),
    )
    successors = models.ManyToManyField(
        "self",
        verbose_name=_("etterfølgere"),
        symmetrical=False,
        blank=True,
        related_name="predecessors",
    )
    sort_key = sort_key_field("name")

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            validity_in_order("unit_validity_in_order"),
            models.CheckConstraint(
                name="unit_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
            ),
            models.CheckConstraint(name="unit_level_is_known", condition=Q(level__in=Level.values)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="unit_tree_has_no_circle",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.After,
                # At the end of the transaction: a reform moves many units at once. It reads the
                # row as it is by then; NEW is as it was at the statement that set it off.
                timing=pgtrigger.Deferred,
                func=trigger_body("people", "unit_tree_has_no_circle"),
            )
        ]

    def __str__(self) -> str:
        return self.name
