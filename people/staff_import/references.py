"""What other rows hang on, whatever room they are in."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import ForeignObjectRel, Model


def referred_to(model: type[Model], pks: Iterable[int]) -> set[int]:
    """Return the keys among `pks` that a row of another model refers to."""
    asked, found = set(pks), set[int]()
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        if relation.related_model is model:
            continue
        name = relation.field.name
        rows = relation.related_model._base_manager.filter(**{f"{name}__in": asked - found})
        found.update(rows.order_by().values_list(name, flat=True).distinct())
    return found
