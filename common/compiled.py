"""Querysets whose SQL is built once, for the few that thousands ask within a minute.

Building the SQL of a queryset takes Django several times as long as the answer takes PostgreSQL.
The few here are written with the words of the querysets, as any other, with a `Given` where the
person, the moment or the seminar belongs; docs/adr/0016-speed-of-registration.md says what each
gains, and why there are not more of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import Expression
from psycopg.sql import Literal

Row = TypeVar("Row", bound=models.Model)


class Given(Expression):
    """A place in a queryset for the value that comes with each asking, under this name."""

    def __init__(self, name: str, kind: type[models.Field[Any, Any]]) -> None:
        super().__init__(output_field=kind())
        self.name = name

    @property
    def pk(self) -> Given:
        """Stands for a row's key where a queryset's word takes the row."""
        return self

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


def given_key(name: str) -> Any:
    return Given(name, models.BigIntegerField)


def given_day(name: str) -> Any:
    return Given(name, models.DateField)


def given_moment(name: str) -> Any:
    return Given(name, models.DateTimeField)


class CompiledQuery(Generic[Row]):
    """A queryset with places for values. `build` is called once, when somebody first asks.

    The rows are made by `raw()`: fields, deferred ones and annotations are as the queryset has
    them. What `select_related` or `prefetch_related` would bring along is not, nor are annotations
    that Django converts after reading (JSON).
    """

    def __init__(self, build: Callable[[], models.QuerySet[Row]]) -> None:
        self._build = build

    def first(self, **given: Any) -> Row | None:
        """Return the first row, or None; `given` has the value of each `Given` by its name."""
        return next(iter(self.raw(**given)), None)

    def raw(self, **given: Any) -> models.query.RawQuerySet[Row]:
        rows, sql = self._compiled
        return rows.raw(sql, given)

    @cached_property
    def _compiled(self) -> tuple[models.QuerySet[Row], str]:
        rows = self._build()
        if rows.query.select_related or rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError("a compiled query brings no related rows along")
        sql, values = rows.query.sql_with_params()
        connection.ensure_connection()
        # One reading of the percent signs is spent on writing the values in.
        return rows, sql.replace("%%", "%%%%") % tuple(map(_written, values))


def _written(value: Any) -> str:
    """A place for what is given; anything else as it stands, so that the plan may count on it."""
    if isinstance(value, Given):
        return f"%({value.name})s::{value.output_field.db_type(connection)}"
    return Literal(value).as_string(connection.connection).replace("%", "%%")
