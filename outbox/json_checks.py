"""What constraints ask of a JSON column."""

from __future__ import annotations

from django.db import models
from django.db.models import Func


class IsArray(Func):
    """Whether JSON is a list."""

    template = "jsonb_typeof(%(expressions)s) = 'array'"
    output_field = models.BooleanField()


class LengthOfJson(Func):
    """How many characters JSON takes as text."""

    template = "length((%(expressions)s)::text)"
    output_field = models.IntegerField()
