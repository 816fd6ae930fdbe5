"""Every row of the database, so that a test can say of a whole world that nothing in it changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

Rows = dict[str, dict[str, str]]
"""By table: each row's key, and all that stands in it."""

OF_THE_FRAME = {"django_session", "django_migrations", "django_content_type", "auth_permission"}


def all_rows() -> Rows:
    rows: Rows = {}
    with connection.cursor() as cursor:
        for model in tables():
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT "{key}"::text, one::text FROM "{table}" one')  # noqa: S608
            rows[table] = dict(cursor.fetchall())
    return rows


def tables() -> list[type[Model]]:
    models: list[Any] = list(apps.get_models(include_auto_created=True))
    return [
        one
        for one in models
        if one._meta.managed and not one._meta.proxy and one._meta.db_table not in OF_THE_FRAME
    ]


def new_rows(before: Rows, after: Rows) -> Rows:
    """What came in between."""
    return {
        table: {key: row for key, row in rows.items() if key not in before[table]}
        for table, rows in after.items()
    }


def changed(world: Rows, now: Rows) -> list[tuple[str, str]]:
    """The rows of a world that are gone or say something else now."""
    return [
        (table, key)
        for table, rows in world.items()
        for key, row in rows.items()
        if now[table].get(key) != row
    ]


def pointing_at(world: Rows, before: Rows, now: Rows) -> list[str]:
    """Rows from outside that came or changed since and point into a world, as «table.column».

    Asked while the rows are there: it looks up where each of them points.
    """
    found = set()
    for model in tables():
        table = model._meta.db_table
        own, there_before = world.get(table, {}), before[table]
        keys = [
            key
            for key, row in now[table].items()
            if key not in own and there_before.get(key) != row
        ]
        if not keys:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                target = field.related_model._meta.db_table  # type: ignore[union-attr]
                there = world.get(target, {})
                values = model._base_manager.filter(pk__in=keys).values_list(field.attname)
                if any(str(value) in there for (value,) in values):
                    found.add(f"{model._meta.db_table}.{field.column}")
    return sorted(found)
