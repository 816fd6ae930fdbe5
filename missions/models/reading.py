"""That a mission has been read."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from common.sql import trigger_body
from missions.models.mission import MissionVersion


class Acknowledgement(models.Model):
    """«Lest og forstått»: that a person has read one published version, and when."""

    version = models.ForeignKey(
        MissionVersion, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mission_acknowledgements"
    )
    acknowledged_at = models.DateTimeField()

    class Meta:
        ordering = ["version_id", "acknowledged_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "user"], name="mission_is_acknowledged_once"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="acknowledgement_of_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=trigger_body("missions", "acknowledgement_of_published"),
            ),
        ]
