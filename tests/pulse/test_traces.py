"""What an answer leaves outside its own row: in the web, the statements, the queue and the pages.

Beside `test_pulse_attack.py`, and as there each search finds the leak that is planted for it.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import redis
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outbox.tasks import deliver_letter
from people.models import AuditRecord, Leadership, User
from portal.celery import app
from portal.request_log import ID_HEADER
from pulse import actions, views
from pulse.models import PulseAnswer, PulseInvitation, PulseRound, PulseRoundQuerySet
from pulse.page import EVEN_LENGTH
from pulse.tasks_of_person import pulse_steps
from reminders.due import due_reminders
from tests.cast import Cast
from tests.factories import make_leadership
from tests.missions.factories import make_acknowledgement
from tests.pulse.factories import asked_in, make_pulse, say, say_all, settle
from tests.steady import steady_text

ANSWERS: list[dict[str, Any]] = [
    {"answer": "yes"},
    {"answer": "no"},
    {"answer": "partly"},
    {"answer": "partly", "unsure": ["mission", "for_whom", "contribution"]},
    {"answer": "no", "unsure": ["mission"]},
]
Planting = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Left:
    """What somebody beside the portal sees of one answer."""

    web: tuple[tuple[object, ...], ...]
    """Status, headers and length of each response: at the most what an access log holds."""
    statements: tuple[str, ...]
    """The SQL with every value taken out, as a statement log or its statistics have it."""
    values: str
    """The values too: what a statement log with parameters holds."""
    queue: dict[bytes, bytes]
    """Everything in the broker and the cache."""
    log: tuple[str, ...]
    touched: frozenset[str]
    """Tables with rows of the answer's own transactions, whatever their values."""


def left_by(pulse: PulseRound, person: User, sent: dict[str, Any], caplog: Any) -> Left:
    """Answers as this person does, and looks at everything around it."""
    browser, url = Client(), reverse("pulse:answer_pulse", args=[pulse.pk])
    browser.force_login(person)
    browser.get(url)
    before, newest = queue(), next_transaction()
    caplog.clear()
    with CaptureQueriesContext(connection) as captured, caplog.at_level(logging.DEBUG):
        responses = [browser.post(url, sent), browser.get(url)]
    statements = [one["sql"] for one in captured.captured_queries]
    return Left(
        web=tuple(seen(response) for response in responses),
        statements=tuple(without_values(sql) for sql in statements),
        values="".join(statements),
        queue={key: value for key, value in queue().items() if before.get(key) != value},
        log=tuple(without_values(one) for one in caplog.messages if "http" not in one.lower()),
        touched=frozenset(touched_since(newest)),
    )


def seen(response: HttpResponse) -> tuple[object, ...]:
    fresh = {"Date", "Expires", ID_HEADER}
    headers = sorted(
        (name, len(value) if name in fresh else value) for name, value in response.items()
    )
    cookies = sorted((name, len(one.value)) for name, one in response.cookies.items())
    return response.status_code, len(response.content), *headers, *cookies


def without_values(sql: str) -> str:
    """Numbers, quoted values and bytes are one and the same."""
    return re.sub(r"'[^']*'(::\w+)?|\b\d+(\.\d+)?\b|\w*\\\\x[0-9a-f]+", "?", sql)


def queue() -> dict[bytes, bytes]:
    location = settings.CACHES["default"]["LOCATION"]
    found: dict[bytes, bytes] = {}
    with app.connection_for_read() as broker:
        stores = [broker.default_channel.client, redis.Redis.from_url(location)]
        for number, store in enumerate(stores):
            for key in store.scan_iter():
                found[b"%d %b" % (number, key)] = store.dump(key) or b""
    return found


def next_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def touched_since(first: int) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" WHERE xmin::text::bigint >= %s)',  # noqa: S608
                [first],
            )
            if cursor.fetchone()[0]:
                yield table


def traces(cast: Cast, caplog: Any) -> list[Left]:
    pulse = make_pulse(cast)
    # Their names are of one length, and so are the pages that greet them.
    people = [person for person in asked_in(pulse) if person != cast.employee]
    return [
        left_by(pulse, person, sent, caplog) for person, sent in zip(people, ANSWERS, strict=False)
    ]


def reveals(found: list[Left]) -> set[str]:
    first = found[0]
    leaks = {
        "the web": any(one.web != first.web for one in found),
        "the statements": any(one.statements != first.statements for one in found),
        "a value": any(re.search(r"'(yes|no|partly|for_whom)'", one.values) for one in found),
        "the queue": any(one.queue for one in found),
        "the log": any(one.log != first.log for one in found),
        "another table": any(
            one.touched != {"pulse_pulseinvitation", "pulse_pulseround"} for one in found
        ),
    }
    return {name for name, is_there in leaks.items() if is_there}


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_like_any_other_from_without(cast: Cast, caplog: Any) -> None:
    assert reveals(traces(cast, caplog)) == set()


def after_noting(monkeypatch: pytest.MonkeyPatch, work: Callable[[PulseRound, User], Any]) -> None:
    note = actions._note_answered

    def note_and_work(pulse: PulseRound, person: User) -> bool:
        work(pulse, person)
        return note(pulse, person)

    monkeypatch.setattr(actions, "_note_answered", note_and_work)


def plant_thanks_by_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = views._answered

    def thank(request: Any, pulse: PulseRound, form: Any) -> HttpResponse:
        if form.chosen[0] == PulseAnswer.YES:
            messages.success(request, "Så fint!")
        return answered(request, pulse, form)

    monkeypatch.setattr(views, "_answered", thank)


def plant_question_by_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    add = actions.Tally.with_answer

    def add_and_look(self: Any, answer: PulseAnswer, unsure: Any) -> Any:
        if answer == PulseAnswer.NO:
            User.objects.count()
        return add(self, answer, unsure)

    monkeypatch.setattr(actions.Tally, "with_answer", add_and_look)


def plant_answer_in_a_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    add = actions.Tally.with_answer

    def add_and_say(self: Any, answer: PulseAnswer, unsure: Any) -> Any:
        User.objects.filter(name=str(answer)).exists()
        return add(self, answer, unsure)

    monkeypatch.setattr(actions.Tally, "with_answer", add_and_say)


def plant_message_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    after_noting(monkeypatch, lambda pulse, person: deliver_letter.delay(0))


def plant_note_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    after_noting(monkeypatch, lambda pulse, person: cache.set(f"answered-{person.pk}", 1, 60))


def plant_line_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    add = actions.Tally.with_answer

    def add_and_log(self: Any, answer: PulseAnswer, unsure: Any) -> Any:
        logging.getLogger("missions").info("Somebody said %s.", answer)
        return add(self, answer, unsure)

    monkeypatch.setattr(actions.Tally, "with_answer", add_and_log)


def plant_row_saved_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """No value changes, but the person's own row is as young as the sums."""
    after_noting(
        monkeypatch,
        lambda pulse, person: User.objects.filter(pk=person.pk).update(name=F("name")),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("plant", "leak"),
    [
        (plant_thanks_by_answer, "the web"),
        (plant_question_by_answer, "the statements"),
        (plant_answer_in_a_statement, "a value"),
        (plant_message_to_the_worker, "the queue"),
        (plant_note_in_the_cache, "the queue"),
        (plant_line_in_the_log, "the log"),
        (plant_row_saved_as_it_was, "another table"),
    ],
)
def test_control_a_planted_leak_is_found(
    cast: Cast, caplog: Any, monkeypatch: pytest.MonkeyPatch, plant: Planting, leak: str
) -> None:
    plant(monkeypatch)
    assert leak in reveals(traces(cast, caplog))


# the hidden columns of the invitations

HIDDEN = ("xmin", "xmax", "cmin", "cmax")


def hidden_columns() -> set[tuple[str, ...]]:
    columns = ", ".join(f"{name}::text" for name in HIDDEN)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM pulse_pulseinvitation")  # noqa: S608 (constants)
        return set(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_hidden_columns_of_all_invitations_are_alike(cast: Cast) -> None:
    pulse = make_pulse(cast)
    for person in asked_in(pulse)[2:5]:
        say(pulse, person, "ja")
        assert len(hidden_columns()) == 1


@pytest.mark.django_db(transaction=True)
def test_control_a_locked_invitation_is_unlike_the_others(cast: Cast) -> None:
    pulse = make_pulse(cast)
    person = asked_in(pulse)[3]
    say(pulse, person, "ja")
    with transaction.atomic():
        PulseInvitation.objects.select_for_update().get(user=person)
    assert len(hidden_columns()) == 2


# what the portal does because of answers


def test_answering_changes_no_reminder_and_settling_writes_no_letter_and_no_number(
    cast: Cast,
) -> None:
    now = timezone.now()
    pulse = make_pulse(cast)
    before = due_reminders(now)
    say_all(pulse, "ja ja nja nja nja nei")
    assert due_reminders(now) == before
    settle(pulse)
    details = AuditRecord.objects.filter(action="pulse.settle_pulse").values_list("details")
    assert list(details) == [({"unit": cast.unit.pk},)]
    kinds = set(AuditRecord.objects.values_list("action", flat=True))
    assert {kind for kind in kinds if "pulse" in kind} == {
        "pulse.open_pulse",
        "pulse.settle_pulse",
    }


def test_who_has_read_the_mission_says_nothing_of_who_answered(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    make_acknowledgement(pulse.version, cast.employee)
    url = reverse("missions:readers", args=[pulse.version_id])
    browser = signed_in(cast.leader)
    pages = [steady_text(browser.get(url))]
    say_all(pulse, "ja nei nja")
    assert [*pages, steady_text(browser.get(url))] == pages * 2


# a reader who knows one of the answers


def promoted(cast: Cast) -> tuple[PulseRound, User]:
    """One of five who answered leads the unit when the round is read."""
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja nja nja nja")
    settle(pulse)
    new = asked_in(pulse)[0]
    Leadership.objects.filter(unit=cast.unit).delete()
    make_leadership(new, cast.unit)
    return pulse, new


def figures_read_by(cast: Cast, reader: User, signed_in: Callable[[User], Client]) -> list[str]:
    response = signed_in(reader).get(reverse("pulse:pulse", args=[cast.unit.pk]))
    assert response.status_code == 200
    return [row.said for row in response.context["rows"]]


def test_a_leader_who_answered_too_reads_no_figures_and_has_no_task(cast: Cast, signed_in) -> None:
    _pulse, new = promoted(cast)
    assert figures_read_by(cast, new, signed_in) == []
    assert pulse_steps(new, timezone.localdate()).to_talk_about == []
    page = signed_in(new).get(reverse("pulse:pulse", args=[cast.unit.pk])).content.decode()
    assert "Du svarte selv i denne målingen" in page


def test_control_without_that_the_leader_reads_what_four_others_said(
    cast: Cast, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    def took_no_part(self: PulseRoundQuerySet, user: User) -> PulseRoundQuerySet:
        return self.extra(select={"took_part": "false"})

    _pulse, new = promoted(cast)
    monkeypatch.setattr(PulseRoundQuerySet, "with_part_of", took_no_part)
    assert figures_read_by(cast, new, signed_in) == ["2", "3"]


# The page between memory and answer: how much was remembered?

MEMORIES = [
    {},
    {"remembered_mission": "Trygghet"},
    {"remembered_mission": "Vi gir «trygghet» & ro. " * 30, "remembered_contribution": "Jeg " * 99},
    # What was ticked before the answer was forgotten comes back ticked.
    {"answer": "", "unsure": ["mission", "for_whom", "contribution"]},
]


def lengths_of_pages(cast: Cast) -> list[int]:
    """Of what comes back to the same person, who remembers more and more."""
    pulse = make_pulse(cast)
    browser = Client()
    browser.force_login(cast.employee)
    url = reverse("pulse:answer_pulse", args=[pulse.pk])
    sent = [memory if "answer" in memory else {**memory, "remembered": "1"} for memory in MEMORIES]
    answers = [browser.post(url, one, headers={"Accept-Encoding": "gzip"}) for one in sent]
    return [int(answer.headers["Content-Length"]) for answer in answers]


def test_the_length_of_the_page_does_not_tell_how_much_was_remembered(cast: Cast) -> None:
    assert set(lengths_of_pages(cast)) == {EVEN_LENGTH}


def test_control_a_page_that_is_not_filled_up_tells(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "of_even_length", lambda response: response)
    assert len(set(lengths_of_pages(cast))) == len(MEMORIES)


def test_what_fills_the_page_compresses_no_better_than_words(cast: Cast) -> None:
    pulse = make_pulse(cast)
    browser = Client()
    browser.force_login(cast.employee)
    page = browser.post(reverse("pulse:answer_pulse", args=[pulse.pk]), {"remembered": "1"})
    start, _filling, _end = page.content.partition(b"<!-- ")
    left = len(zlib.compress(page.content)) - len(zlib.compress(start))
    assert left > (EVEN_LENGTH - len(start)) // 3
