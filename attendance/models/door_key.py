"""What the codes of one seminar's seats are signed with."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from seminars.models import Seminar

KEY_BYTES = 32


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


class DoorKey(models.Model):
    """A secret of the seminar's own: a code that is signed with another's opens nothing here.

    A new one makes every code that is out worthless at once.
    """

    seminar = models.OneToOneField(Seminar, on_delete=models.CASCADE, related_name="door_key")
    secret = models.BinaryField(default=new_key)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
