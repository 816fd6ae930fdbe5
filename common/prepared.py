"""Questions to the database that are built once and asked often.

Building the SQL of a queryset takes Django three to twenty times as long as the answer takes
PostgreSQL, and PostgreSQL plans it anew each time besides. The pages everybody opens at nine
o'clock ask theirs this way: written with the words of the querysets, as any other, but with holes
where the person and the day belong; built when first asked, and then a prepared statement.
docs/adr/0016-speed-of-registration.md says what that gains.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import query as django_query
from django.db.models.base import ModelState
from django.db.models.expressions import Expression

populators: Any = django_query.get_related_populators

Row = TypeVar("Row", bound=models.Model)

# Such a text is in no query of ours, and PostgreSQL's quoting leaves it as it is.
_HOLE = re.compile("'\ue000(\\w+)\ue001([\\w ]+)\ue000'")
_NAME = re.compile(r"%\((\w+)\)s")


class Given(Expression):
    """A hole in a question: the value that comes with each asking, under this name."""

    def __init__(self, name: str, kind: type[models.Field[Any, Any]]) -> None:
        super().__init__(output_field=kind())
        self.name = name

    @property
    def pk(self) -> Given:
        """Stands for a row's key where a queryset's word takes the row."""
        return self

    @property
    def mark(self) -> str:
        kind = self.output_field.cast_db_type(connection)
        return f"\ue000{self.name}\ue001{kind}\ue000"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


def given_key(name: str) -> Any:
    return Given(name, models.BigIntegerField)


def given_day(name: str) -> Any:
    return Given(name, models.DateField)


def given_moment(name: str) -> Any:
    return Given(name, models.DateTimeField)


def given_text(name: str) -> Any:
    return Given(name, models.TextField)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL whose holes are named, and the same with numbers, which needs no reading to be sent."""

    named: str
    numbered: bytes
    names: list[str]

    @classmethod
    def of(cls, named: str) -> Statement:
        names = list(dict.fromkeys(_NAME.findall(named)))
        numbered = _NAME.sub(lambda hole: f"${names.index(hole[1]) + 1}", named)
        return cls(named, numbered.replace("%%", "%").encode(), names)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A question's SQL, and where in its rows the parts of a model's row stand."""

    statement: Statement
    model: Any
    fields: slice
    names: list[str]
    annotations: list[tuple[str, int]]
    converters: list[tuple[int, tuple[list[Callable[..., Any]], Any]]]
    related: list[Any]


class Prepared(Generic[Row]):
    """A queryset with holes. `build` is called once, when somebody first asks."""

    def __init__(self, build: Callable[[], models.QuerySet[Row]]) -> None:
        self._build = build

    def all(self, **given: Any) -> list[Row]:
        plan = self._plan
        return [self._row(plan, values) for values in asked(plan.statement, given)]

    def first(self, **given: Any) -> Row | None:
        plan = self._plan
        for values in asked(plan.statement, given):
            return self._row(plan, values)
        return None

    @cached_property
    def _plan(self) -> _Plan:
        query = self._build().query
        compiler = query.get_compiler(connection=connection)
        sql = Statement.of(with_holes(*compiler.as_sql()))
        columns = [column[0] for column in compiler.select]
        places = compiler.klass_info["select_fields"]
        fields = slice(places[0], places[-1] + 1)
        return _Plan(
            statement=sql,
            model=compiler.klass_info["model"],
            fields=fields,
            names=[column.target.attname for column in columns[fields]],
            annotations=list(compiler.annotation_col_map.items()),
            converters=list(compiler.get_converters(columns).items()),
            related=populators(compiler.klass_info, compiler.select, connection.alias),
        )

    def _row(self, plan: _Plan, columns: tuple[Any, ...]) -> Row:
        values = list(columns)
        for place, (converters, column) in plan.converters:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        row: Row = _made(plan, values[plan.fields])
        for populator in plan.related:
            populator.populate(values, row)
        for name, place in plan.annotations:
            setattr(row, name, values[place])
        return row


def _made(plan: _Plan, values: list[Any]) -> Any:
    """As `from_db` makes it, without the signals that nobody listens to."""
    row = plan.model.__new__(plan.model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    row.__dict__.update(zip(plan.names, values, strict=True))
    return row


def with_holes(sql: str, params: tuple[Any, ...]) -> str:
    """SQL whose constants stand in it, and whose holes are named: `%(user)s::bigint`."""
    connection.ensure_connection()
    marked = tuple(one.mark if isinstance(one, Given) else one for one in params)
    whole = mogrify(sql, marked, connection.connection).replace("%", "%%")
    return _HOLE.sub(r"%(\1)s::\2", whole)


def asked(statement: Statement, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows; on a connection that has asked before, without parsing or planning."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.execute_wrappers or database.queries_logged:
        return _asked_openly(statement, given)
    # What Django's own cursor does before each statement; it would go on to write the values into
    # the SQL, which is then new each time.
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        cursor = psycopg.RawCursor(database.connection)
        cursor.execute(statement.numbered, [given[name] for name in statement.names])
        return cursor.fetchall()


def _asked_openly(statement: Statement, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    """By Django's cursor, for a log that is fond of the values, and for whoever wraps a statement
    (as leaving a trigger out does) and puts values before ours."""
    with connection.cursor() as cursor:
        if connection.execute_wrappers:
            whole = mogrify(statement.named, given, connection.connection).replace("%", "%%")
            cursor.execute(whole, ())
        else:
            cursor.execute(statement.named, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


class PreparedInsert(Generic[Row]):
    """Writes rows of a model one at a time by an INSERT that is built once.

    What `save` does besides is not done: no signal is sent, and the row's key is always a new one.
    """

    def __init__(self, model: type[Row], *, unless_there: bool = False) -> None:
        self._model = model
        self._unless_there = unless_there

    def write(self, row: Row) -> bool:
        """Whether it was written: with `unless_there` a row it would collide with stays alone."""
        database = connections[DEFAULT_DB_ALIAS]
        given = {
            field.column: field.get_db_prep_save(field.pre_save(row, True), database)
            for field in self._fields
        }
        keys = asked(self._statement, given)
        if not keys:
            return False
        row.pk = keys[0][0]
        row._state.adding, row._state.db = False, connection.alias
        return True

    @cached_property
    def _fields(self) -> list[Any]:
        meta = self._model._meta
        return [one for one in meta.local_concrete_fields if not (one.primary_key or one.generated)]

    @cached_property
    def _statement(self) -> Statement:
        name: Callable[[Any], str] = connection.ops.quote_name
        meta: Any = self._model._meta
        columns = ", ".join(name(field.column) for field in self._fields)
        values = ", ".join(f"%({field.column})s" for field in self._fields)
        unless = " ON CONFLICT DO NOTHING" if self._unless_there else ""
        return Statement.of(
            f"INSERT INTO {name(meta.db_table)} ({columns}) VALUES ({values})"  # noqa: S608 (names)
            f"{unless} RETURNING {name(meta.pk.column)}"
        )
