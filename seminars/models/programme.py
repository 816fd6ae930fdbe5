"""What happens at a seminar, and who speaks there."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.dates import as_date
from seminars.models.seminar import Seminar


class ProgrammeItem(models.Model):
    """A line of the programme: what happens at a time of the day."""

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="programme")
    starts_at = models.DateTimeField(_("starter"))
    title = models.CharField(_("tittel"), max_length=200)
    description = models.CharField(_("beskrivelse"), max_length=500, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def starts_on(self) -> dt.date:
        return as_date(self.starts_at)


class Speaker(models.Model):
    """A person who speaks at a seminar; often from outside the municipality."""

    seminar = models.ForeignKey(Seminar, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(_("navn"), max_length=200)
    title = models.CharField(_("tittel og arbeidssted"), max_length=200, blank=True)
    biography = models.TextField(_("om"), blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
