"""How one person says that they contribute."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Leadership, Unit, User, Viewer
from people.tree import ids_below


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own, and those shared with one who still leads there or above."""
        if not isinstance(user, User):
            return self.none()
        led = Leadership.objects.valid_on(on).filter(user=user).values_list("unit_id", flat=True)
        return self.filter(Q(user=user) | Q(shared_with=user, unit__in=ids_below(led)))

    def of(self, user: User) -> Self:
        return self.filter(user=user)


class Contribution(models.Model):
    """A person's own words on what they do for the unit's mission; theirs alone until shared."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contributions"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="contributions")
    text = models.TextField(_("mitt bidrag"), max_length=600)
    written_at = models.DateTimeField()
    shared_with = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shared_at = models.DateTimeField(null=True, blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "unit"], name="contribution_is_one_a_unit"),
            models.CheckConstraint(name="contribution_has_words", condition=~Q(text="")),
            models.CheckConstraint(
                name="contribution_is_shared_with_somebody_at_a_time",
                condition=Q(shared_with__isnull=True, shared_at__isnull=True)
                | Q(shared_with__isnull=False, shared_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contribution_is_shared_with_another",
                condition=Q(shared_with__isnull=True) | ~Q(shared_with=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.unit_id}"
