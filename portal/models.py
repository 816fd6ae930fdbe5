"""What the portal knows of its own work."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone


class DutyRun(models.Model):
    """When a duty of the schedule (`common/duties.py`) was last done."""

    name = models.CharField(max_length=80, unique=True)
    known_since = models.DateTimeField(default=timezone.now)
    """When beat first had it in its schedule."""
    succeeded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def waits_since(self) -> dt.datetime:
        """The moment from which its next time is counted."""
        return self.succeeded_at or self.known_since
