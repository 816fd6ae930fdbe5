"""Rows that come along in one value of another row, as JSON: several lists by one question.

Which values each row has is said once, with the fields they are read by: JSON has no dates.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Field, QuerySet
from django.db.models.functions import JSONObject

PackedFields = Mapping[str, "Field[Any, Any] | PackedFields"]
"""Columns and annotations by name; where a value is packed rows itself, what those have."""


def packed(rows: QuerySet[Any], fields: PackedFields) -> ArraySubquery:
    """Return these values of the rows, in the rows' order, as an expression for a queryset."""
    one: QuerySet[Any] = rows.values(packed_row=JSONObject(**{name: name for name in fields}))
    return ArraySubquery(one)


def unpacked(answer: Iterable[str | dict[str, Any]], fields: PackedFields) -> list[dict[str, Any]]:
    """Return the rows that `packed` brought along, each as its values by name."""
    rows = [json.loads(row) if isinstance(row, str) else row for row in answer]
    return [{name: _read(row[name], kind) for name, kind in fields.items()} for row in rows]


def _read(value: Any, kind: Field[Any, Any] | PackedFields) -> Any:
    return kind.to_python(value) if isinstance(kind, Field) else unpacked(value, kind)
