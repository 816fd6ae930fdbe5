"""Questions that are built once answer as the querysets do that they are built from."""

import datetime as dt

import pgtrigger
import pytest
from django.db import DataError, connection, transaction
from django.db.models import Count, F, Value
from django.test.utils import CaptureQueriesContext

from common.prepared import (
    Given,
    Prepared,
    PreparedInsert,
    Statement,
    given_day,
    given_key,
    given_moment,
    given_text,
)
from outbox.models import Letter
from people.models import AuditRecord, Leadership, Unit, User
from tests.cast import Cast
from tests.factories import make_user

LED: Prepared[Leadership] = Prepared(
    lambda: (
        Leadership.objects.valid_on(given_day("on"))
        .filter(user=given_key("user"))
        .select_related("unit")
        .annotate(twice=F("unit_id") * Value(2))
    )
)
NAMED: Prepared[User] = Prepared(
    lambda: User.objects.defer("password").filter(name=given_text("name")).exclude(name="100 %")
)
SINCE: Prepared[User] = Prepared(
    lambda: User.objects.filter(created_at__gte=given_moment("since")).order_by("pk")
)
UNITS: Prepared[Unit] = Prepared(
    lambda: Unit.objects.annotate(led=Count("leaderships")).order_by("pk")
)


def test_rows_are_those_of_the_queryset(cast: Cast, today: dt.date) -> None:
    plain = Leadership.objects.valid_on(today).filter(user=cast.leader)
    (found,) = LED.all(user=cast.leader.pk, on=today)
    assert found == plain.get()
    assert (found.valid_from, found.valid_to) == (plain.get().valid_from, None)
    assert found.twice == 2 * cast.unit.pk


def test_related_rows_come_along(cast: Cast, today: dt.date) -> None:
    found = LED.first(user=cast.leader.pk, on=today)
    with CaptureQueriesContext(connection) as asked:
        assert found is not None
        assert found.unit.name == "Hjemmetjenesten nord"
    assert len(asked) == 0


def test_every_asking_has_its_own_values(cast: Cast, today: dt.date) -> None:
    people = [cast.leader, cast.manager, cast.employee] * 3
    units = [[row.unit for row in LED.all(user=person.pk, on=today)] for person in people]
    assert units == [[cast.unit], [cast.department], []] * 3
    assert LED.first(user=cast.leader.pk, on=today - dt.timedelta(days=20_000)) is None


def test_nothing_found_is_none(cast: Cast, today: dt.date) -> None:
    assert LED.first(user=cast.employee.pk, on=today) is None


@pytest.mark.parametrize("name", ["Liv' Dahl", "100 % %s %(name)s", 'æ"ø', "\\", "100 %"])
def test_what_is_typed_stays_a_value(cast: Cast, name: str) -> None:
    User.objects.filter(pk=cast.leader.pk).update(name=name)
    expected = [] if name == "100 %" else [cast.leader]
    assert NAMED.all(name=name) == expected


def test_deferred_fields_are_left_in_the_database(cast: Cast) -> None:
    found = NAMED.first(name=cast.leader.name)
    assert found is not None
    assert found.get_deferred_fields() == {"password"}
    assert found.password == cast.leader.password


def test_moments_are_compared_as_moments(cast: Cast) -> None:
    User.objects.filter(pk=cast.leader.pk).update(
        created_at=dt.datetime(2040, 1, 1, 12, tzinfo=dt.UTC)
    )
    later = dt.datetime(2040, 1, 1, 13, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert SINCE.all(since=later) == [cast.leader]
    assert SINCE.all(since=later + dt.timedelta(microseconds=1)) == []


def test_counts_follow_the_rows(cast: Cast) -> None:
    plain = Unit.objects.annotate(led=Count("leaderships")).order_by("pk")
    assert [(row, row.led) for row in UNITS.all()] == [(row, row.led) for row in plain]


def test_the_third_asking_is_prepared(cast: Cast, today: dt.date) -> None:
    for _time in range(3):
        LED.all(user=cast.leader.pk, on=today)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%twice%'")
        assert cursor.fetchone() == (1,)


def test_a_log_of_queries_shows_the_values(cast: Cast, today: dt.date) -> None:
    with CaptureQueriesContext(connection) as asked:
        LED.all(user=cast.leader.pk, on=today)
    assert f"({cast.leader.pk}::bigint)" in asked.captured_queries[0]["sql"]


def test_a_wrapped_statement_has_the_same_answer(cast: Cast, today: dt.date) -> None:
    with pgtrigger.ignore("people.AuditRecord:audit_record_append_only"):
        assert NAMED.all(name="100 % %s %(name)s") == []
        assert NAMED.first(name=cast.leader.name) == cast.leader


def test_a_hole_asked_for_twice_is_one_value() -> None:
    statement = Statement.of("SELECT %(a)s::text, %(b)s::bigint, %(a)s::text, '100 %%'")
    assert statement.numbered == b"SELECT $1::text, $2::bigint, $1::text, '100 %'"
    assert statement.names == ["a", "b"]


def test_a_row_is_made_as_django_makes_it(cast: Cast, today: dt.date) -> None:
    found, plain = (
        NAMED.first(name=cast.leader.name),
        User.objects.defer("password").get(pk=cast.leader.pk),
    )
    assert found is not None
    own = {name: value for name, value in found.__dict__.items() if name != "_state"}
    assert own == {name: value for name, value in plain.__dict__.items() if name != "_state"}
    assert found._state.__dict__ == plain._state.__dict__
    found.name = "En annen"
    found.save(update_fields=["name"])
    assert User.objects.get(pk=found.pk).name == "En annen"


def test_a_transaction_that_is_to_be_undone_answers_no_more(db: None) -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            UNITS.all()
    assert UNITS.all() == []


def test_a_hole_that_nothing_fills_is_refused(cast: Cast) -> None:
    with pytest.raises(Exception, match="user"):
        LED.all(on=dt.date(2026, 1, 1))


def test_a_hole_stands_for_a_row_as_well_as_for_its_key() -> None:
    hole = Given("user", User._meta.pk.__class__)
    assert hole.pk is hole


RECORD = PreparedInsert(AuditRecord)
LETTER = PreparedInsert(Letter, unless_there=True)
FIELDS = [one.attname for one in AuditRecord._meta.local_concrete_fields if not one.primary_key]
ENVELOPE = {"kind": "test", "to_email": "a@example.org", "language": "nb", "subject": "Hei"}


def test_a_row_is_written_as_save_writes_it(cast: Cast) -> None:
    values = {"actor": cast.leader, "action": "a 'b' %s", "object_type": "x", "object_id": "7"}
    quick = AuditRecord(**values, details={"n": [1, None, "æ"]})
    assert RECORD.write(quick) is True
    slow = AuditRecord.objects.create(**values, at=quick.at, details={"n": [1, None, "æ"]})
    written, saved = AuditRecord.objects.order_by("pk").values(*FIELDS)
    assert written == saved
    assert [quick.pk, slow.pk] == [row.pk for row in AuditRecord.objects.order_by("pk")]
    assert quick._state.adding is False


def test_a_row_that_is_there_already_is_left_as_it_is(db: None) -> None:
    first = Letter(key="a", **ENVELOPE, message_id="1", recipient=make_user("A"))
    second = Letter(key="a", **ENVELOPE, message_id="2", recipient=first.recipient)
    assert [LETTER.write(first), LETTER.write(second)] == [True, False]
    assert (Letter.objects.get().message_id, second.pk) == ("1", None)


def test_a_value_too_long_is_refused_and_not_cut(cast: Cast) -> None:
    with pytest.raises(DataError), transaction.atomic():
        RECORD.write(AuditRecord(action="a" * 81, object_type="x", object_id="7"))
