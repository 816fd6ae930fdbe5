"""Who stands in for a leader on leave, from a day to a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.guards import never_truncated
from people.roles import Role
from people.tree import ids_above, ids_led
from people.validity import Validity, ValidityQuerySet, validity_in_order, validity_range

if TYPE_CHECKING:
    from people.models.user import User, Viewer


class SubstitutionQuerySet(ValidityQuerySet["Substitution"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Of those whom it concerns, and in units that one leads or administers on the day."""
        if isinstance(user, AnonymousUser):
            return self.none()
        overseen = ids_led(user.pk, on, or_in_roles=[Role.ADMINISTRATOR])
        return self.filter(_concerns(user) | Q(unit__in=overseen))

    def concerning(self, user: User) -> Self:
        """Those where the person is the leader, the substitute, or the one who named them."""
        return self.filter(_concerns(user))

    def standing(self) -> Self:
        """Those that nobody has ended."""
        return self.filter(ended_at__isnull=True)

    def not_over(self, today: dt.date) -> Self:
        """Those that hold today or will hold."""
        return self.standing().filter(valid_to__gte=today)

    def for_leader_in(self, leader: Any, unit_id: int, on: dt.date) -> Self:
        """What holds on the day for this leader in the unit, named there or on a unit above it."""
        named_on = self.standing().valid_on(on).filter(leader=leader)
        return named_on.filter(unit__in=ids_above([unit_id]))

    def with_people(self) -> Self:
        return self.select_related("leader", "substitute", "unit", "named_by")


def _concerns(user: User) -> Q:
    return Q(leader=user) | Q(substitute=user) | Q(named_by=user)


class Substitution(Validity):
    """That somebody stands in for a leader on leave, in a unit and all below it.

    It always has a last day. What it was is never changed, only ended: signatures rest on it.
    """

    leader = models.ForeignKey(
        "people.User",
        verbose_name=_("leder"),
        on_delete=models.PROTECT,
        related_name="substitutions",
    )
    substitute = models.ForeignKey(
        "people.User",
        verbose_name=_("stedfortreder"),
        on_delete=models.PROTECT,
        related_name="substitutions_as_substitute",
    )
    unit = models.ForeignKey(
        "people.Unit", verbose_name=_("enhet"), on_delete=models.PROTECT, related_name="+"
    )
    named_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            validity_in_order("substitution_validity_in_order"),
            models.CheckConstraint(
                name="substitution_has_a_last_day", condition=Q(valid_to__isnull=False)
            ),
            models.CheckConstraint(
                name="substitute_is_another", condition=~Q(substitute=F("leader"))
            ),
            # Else a leader above could get in to what is between two others.
            models.CheckConstraint(
                name="substitute_is_named_by_another", condition=~Q(substitute=F("named_by"))
            ),
            models.CheckConstraint(
                name="substitution_is_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            ExclusionConstraint(
                name="leader_has_one_substitute_at_a_time",
                expressions=[
                    ("leader", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (validity_range(), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["substitute"],
                name="substitution_not_ended",
                condition=Q(ended_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="substitution_keeps_its_words",
                fields=[
                    "leader",
                    "substitute",
                    "unit",
                    "valid_from",
                    "valid_to",
                    "named_by",
                    "named_at",
                ],
            ),
            pgtrigger.Protect(
                name="substitution_is_ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Protect(name="substitution_is_kept", operation=pgtrigger.Delete),
            never_truncated("substitution"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute}, {self.leader}"
