"""Every letter the portal sends, from the transaction that caused it to the mail server's answer."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    QUEUED = "queued", _("venter")
    SENDING = "sending", _("sendes")
    SENT = "sent", _("sendt")
    FAILED = "failed", _("feilet")


class LetterQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """One's own letters and nobody else's."""
        return self.filter(recipient=user)

    def due(self, now: dt.datetime) -> Self:
        return self.filter(state=LetterState.QUEUED, next_attempt_at__lte=now)

    def stuck(self, now: dt.datetime, *, after: dt.timedelta) -> Self:
        """Claimed by a worker that never came back to say how it went."""
        return self.filter(state=LetterState.SENDING, claimed_at__lt=now - after)


class Letter(models.Model):
    """A message to one person, written when its cause happened and sent by a worker."""

    key = models.CharField(
        max_length=200,
        unique=True,
        help_text="What the letter is about and to whom: the same cause never writes twice.",
    )
    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="letters"
    )
    to_email = models.EmailField()
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=20, blank=True)
    is_reminder = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    about_type = models.CharField(max_length=80, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="letter_waiting",
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["recipient", "-queued_at"], name="letter_of_person"),
            models.Index(fields=["about_type", "about_id"], name="letter_about"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_its_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="letter_sending_is_claimed",
                condition=~Q(state="sending") | Q(claimed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
