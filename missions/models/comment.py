"""What a unit's people say about a draft that is shared with them."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.sql import trigger_body
from missions.models.mission import MissionVersion
from missions.responsibility import units_answered_for
from people.guards import append_only
from people.models import User, Viewer


class DraftCommentQuerySet(models.QuerySet["DraftComment"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own, and all of them for whoever answers for the unit."""
        if not isinstance(user, User):
            return self.none()
        answered_for = units_answered_for(user, on)
        return self.filter(Q(author=user) | Q(version__mission__unit_id__in=answered_for))


class DraftComment(models.Model):
    """What one of the unit's people says to its leader about the draft."""

    version = models.ForeignKey(MissionVersion, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("kommentar"), max_length=1000)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DraftCommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="draft_comment_has_words", condition=~Q(text=""))
        ]
        triggers = [
            *append_only("draft_comment"),
            pgtrigger.Trigger(
                name="draft_comment_on_shared_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=trigger_body("missions", "draft_comment_on_shared_draft"),
            ),
        ]

    def __str__(self) -> str:
        return self.text
