"""A line of the log, the answer and the page for an error say the same number."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from celery import current_app, shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from accounts.forms import use_up
from common.log import class_of
from outbox import delivery
from people.actions import end_role, grant_role
from people.models import Role
from portal import urls
from portal.request_guard import LONGEST_COOKIE
from portal.task_log import begin_task, send_request_id
from tests.cast import Cast
from tests.common.test_log import CANARY, lines
from tests.outbox.factories import make_letter

__all__ = ["lines"]

NUMBER = re.compile(r"<code>([^<]+)</code>")


def broken(request: HttpRequest, **about: Any) -> HttpResponse:
    secret = CANARY
    raise RuntimeError(f"no good: {secret}")


def refused(request: HttpRequest, **about: Any) -> HttpResponse:
    raise settings.REFUSED


urlpatterns = [
    *urls.urlpatterns,
    path("odelagt/<int:pk>/<str:word>/", broken),
    path("uten-plass/", refused),
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


class BackendThatTalks(BaseEmailBackend):
    """Fails with the words of the letter in its mouth."""

    def send_messages(self, messages: Any) -> int:
        raise ValueError(messages[0].body)


@pytest.fixture
def site(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def code_on(response: HttpResponse) -> str:
    (code,) = NUMBER.findall(response.content.decode())
    return str(code)


def test_an_error_in_a_view_leaves_its_place_and_none_of_its_words(
    site: Client, cast: Cast, lines: Any
) -> None:
    site.force_login(cast.leader)
    answer = site.post(f"/odelagt/7/{CANARY}/?q={CANARY}", {"text": CANARY})
    (line,) = [one for one in lines() if one["level"] == "error"]
    assert CANARY not in str(lines())
    assert (answer.status_code, line["event"], line["status"]) == (500, "request_failed", 500)
    assert line["error"] == ["RuntimeError"]
    assert line["place"][-1].endswith(" broken")
    assert (line["user_id"], line["method"]) == (cast.leader.pk, "POST")
    assert (line["route"], line["ids"]) == ("odelagt/<int:pk>/<str:word>/", {"pk": 7})
    assert line["request_id"] == answer.headers["X-Request-ID"] == code_on(answer)


@pytest.mark.parametrize(
    ("address", "status", "event"),
    [
        ("/folk/spor/", 403, "access_refused"),
        ("/seminarer/999999999/", 404, "not_found"),
        ("/seminarer/?q=%00", 400, "bad_request"),
        ("/konto/logg-ut/x/", 404, "not_found"),
    ],
)
def test_what_is_refused_is_written_and_its_number_is_on_the_page(
    client: Client, cast: Cast, lines: Any, address: str, status: int, event: str
) -> None:
    client.force_login(cast.employee)
    answer = client.get(address)
    (line,) = [one for one in lines() if one["level"] == "warning"]
    assert (answer.status_code, line["event"]) == (status, event)
    assert line["request_id"] == answer.headers["X-Request-ID"] == code_on(answer)


def test_too_many_tries_are_written_without_who_was_tried(
    client: Client, settings: Any, lines: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    cache.clear()
    answers = [
        client.post("/konto/passord/glemt/", {"email": f"{CANARY}@example.org"})
        for _time in range(2)
    ]
    (line,) = [one for one in lines() if one["level"] == "warning"]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert (line["event"], line["status"]) == ("rate_limited", 429)
    assert line["request_id"] == answers[1].headers["X-Request-ID"] == code_on(answers[1])
    assert CANARY not in str(lines())


def test_a_password_that_is_not_even_tried_is_written_too(
    client: Client, cast: Cast, settings: Any, lines: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"password_here": "2/m/key"}
    cache.clear()
    for _time in range(3):
        client.post("/konto/logg-inn/", {"login": cast.leader.email, "password": CANARY})
    told = [(one["event"], one["ip"]) for one in lines() if one["level"] == "warning"]
    failed, held = ("sign_in_failed", "127.0.0.1"), ("rate_limited", "127.0.0.1")
    assert told == [failed, failed, held]
    assert CANARY not in str(lines())
    assert cast.leader.email not in str(lines())


@pytest.mark.parametrize(
    "error", [DataError(CANARY), UnicodeError(CANARY), OverflowError(CANARY)], ids=class_of
)
def test_a_value_that_nothing_has_room_for_is_written_and_is_no_error_of_ours(
    site: Client, cast: Cast, lines: Any, settings: Any, error: Exception
) -> None:
    site.force_login(cast.leader)
    settings.REFUSED = error
    answer = site.get("/uten-plass/")
    (line,) = [one for one in lines() if one["level"] == "error"]
    assert (answer.status_code, line["event"]) == (400, "input_refused")
    assert (line["error"], line["place"][-1].split(" ")[1]) == ([class_of(error)], "refused")
    assert CANARY not in str(lines())


def test_a_cookie_that_is_none_of_ours_is_as_good_as_none(client: Client, cast: Cast) -> None:
    client.force_login(cast.employee)
    client.cookies["fremmed"] = "a" * (LONGEST_COOKIE + 1)
    assert list(client.get("/seminarer/").wsgi_request.COOKIES) == [settings.SESSION_COOKIE_NAME]


def test_a_command_that_fails_says_which_and_none_of_its_words(db: None) -> None:
    code = f"raise RuntimeError({CANARY!r})"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    env = os.environ | {"LOG_FORMAT": "json"}
    ended = subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )
    line = json.loads(ended.stderr.splitlines()[-1])
    assert (ended.returncode, line["event"], line["command"]) == (1, "command_failed", "shell")
    assert line["error"] == ["RuntimeError"]
    assert CANARY not in ended.stdout + ended.stderr


def test_a_page_that_answers_leaves_no_line(client: Client, cast: Cast, lines: Any) -> None:
    client.force_login(cast.employee)
    before = len(lines())
    client.get("/seminarer/")
    assert lines()[before:] == []


@pytest.mark.parametrize(
    ("trusted", "given", "is_taken"),
    [
        ("X-Request-ID", "0123-abcd-4567", True),
        ("X-Request-ID", "kort", False),
        ("X-Request-ID", "a" * 65, False),
        ("X-Request-ID", "0123 abcd; drop", False),
        ("X-Request-ID", "0123abcd\nevent=x", False),
        ("", "0123-abcd-4567", False),
    ],
)
def test_a_number_is_taken_from_a_proxy_alone_and_if_it_is_one(
    client: Client, settings: Any, trusted: str, given: str, is_taken: bool
) -> None:
    settings.TRUSTED_REQUEST_ID_HEADER = trusted
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is is_taken


def test_two_requests_have_two_numbers(client: Client) -> None:
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _time in range(2))
    assert first != second


def test_signing_in_and_failing_to_are_written_without_what_was_typed(
    client: Client, cast: Cast, lines: Any
) -> None:
    cast.leader.set_password("en-lang-og-god-setning")
    cast.leader.save()
    for password in (CANARY, "en-lang-og-god-setning"):
        client.post("/konto/logg-inn/", {"login": cast.leader.email, "password": password})
    client.post("/konto/logg-ut/")
    events = [line["event"] for line in lines() if line["logger"] == "accounts.events"]
    assert events == ["sign_in_failed", "signed_in", "signed_out"]
    assert CANARY not in str(lines())
    assert cast.leader.email not in str(lines())


def refusals(lines: Any) -> list[tuple[Any, ...]]:
    """Event, way, who, from where, of each line about what was refused."""
    return [
        (line["event"], line.get("way"), line.get("user_id"), line["ip"])
        for line in lines()
        if line["logger"] == "accounts.events" and line["level"] == "warning"
    ]


def test_a_wrong_code_from_a_letter_is_written_with_whose_it_is(cast: Cast, lines: Any) -> None:
    cache.clear()
    for email in (cast.leader.email, f"{CANARY}@example.org"):
        browser = Client()
        browser.post("/konto/logg-inn/kode/", {"email": email})
        browser.post("/konto/logg-inn/kode/bekreft/", {"code": CANARY})
    failed = ("sign_in_failed", "code")
    assert refusals(lines) == [
        (*failed, cast.leader.pk, "127.0.0.1"),
        (*failed, None, "127.0.0.1"),
    ]
    assert CANARY not in str(lines())
    assert cast.leader.email not in str(lines())


def test_a_wrong_second_factor_is_written_until_none_is_tried(
    client: Client, cast: Cast, settings: Any, lines: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/key"}
    cache.clear()
    secret = generate_totp_secret()
    TOTP.activate(cast.leader, secret)
    use_up(cast.leader, "123456")
    cast.leader.set_password("en-lang-og-god-setning")
    cast.leader.save()
    client.post(
        "/konto/logg-inn/", {"login": cast.leader.email, "password": "en-lang-og-god-setning"}
    )
    for code in ("123456", CANARY, CANARY, CANARY):
        client.post("/konto/logg-inn/trinn-to/", {"code": code})
    failed = ("sign_in_failed", "second_factor", cast.leader.pk, "127.0.0.1")
    held = ("rate_limited", "second_factor", cast.leader.pk, "127.0.0.1")
    assert refusals(lines) == [failed, failed, failed, held]
    assert CANARY not in str(lines())


@pytest.mark.parametrize(
    ("address", "typed", "way"),
    [
        ("/konto/bekreft/trinn-to/", {"code": CANARY}, "second_factor"),
        ("/konto/bekreft/passnokkel/", {"credential": json.dumps({"id": CANARY})}, "passkey"),
    ],
)
def test_whoever_cannot_confirm_who_they_are_is_written(
    client: Client, cast: Cast, lines: Any, address: str, typed: dict[str, str], way: str
) -> None:
    cache.clear()
    TOTP.activate(cast.leader, generate_totp_secret())
    Authenticator.objects.create(user=cast.leader, type="webauthn", data={"name": "Telefonen"})
    client.force_login(cast.leader)
    client.post(address, typed)
    assert refusals(lines) == [("reauthentication_failed", way, cast.leader.pk, "127.0.0.1")]
    assert CANARY not in str(lines())


def test_a_wrong_code_to_confirm_with_is_written(client: Client, cast: Cast, lines: Any) -> None:
    cache.clear()
    client.force_login(cast.employee)
    client.post("/konto/bekreft/kode/", {"action": "send"})
    client.post("/konto/bekreft/kode/", {"action": "confirm", "code": CANARY})
    assert refusals(lines) == [("reauthentication_failed", "code", cast.employee.pk, "127.0.0.1")]
    assert CANARY not in str(lines())


@pytest.mark.parametrize("answer", ["[]", "7", "{}", '{"id": 7}', '{"id": "a", "response": []}'])
def test_what_is_no_answer_of_a_key_is_refused_like_any_other(
    client: Client, db: None, lines: Any, answer: str
) -> None:
    client.raise_request_exception = False
    cache.clear()
    refused = client.post("/konto/logg-inn/passnokkel/", {"credential": answer})
    assert (refused.status_code, refused.headers["Location"]) == (302, "/konto/logg-inn/")


def test_a_passkey_that_lets_nobody_in_is_written_without_who_it_says_it_is(
    client: Client, cast: Cast, lines: Any
) -> None:
    cache.clear()
    client.post("/konto/logg-inn/passnokkel/", {"credential": json.dumps({"id": CANARY})})
    cast.leader.set_password("en-lang-og-god-setning")
    cast.leader.save()
    Authenticator.objects.create(user=cast.leader, type="totp", data={"secret": ""})
    client.post(
        "/konto/logg-inn/", {"login": cast.leader.email, "password": "en-lang-og-god-setning"}
    )
    client.post("/konto/logg-inn/trinn-to/", {"credential": json.dumps({"id": CANARY})})
    failed = ("sign_in_failed", "passkey")
    assert refusals(lines) == [
        (*failed, None, "127.0.0.1"),
        (*failed, cast.leader.pk, "127.0.0.1"),
    ]
    assert CANARY not in str(lines())


def test_roles_given_and_ended_are_written_as_numbers(cast: Cast, lines: Any) -> None:
    today = timezone.localdate()
    grant = grant_role(
        user=cast.leader,
        role=Role.HR,
        unit=cast.unit,
        by=cast.administrator,
        valid_from=today,
        today=today,
    )
    number = grant.pk
    end_role(grant=grant, by=cast.administrator, today=today)
    about = {
        "role": "hr",
        "unit_id": cast.unit.pk,
        "holder_id": cast.leader.pk,
        "by": cast.administrator.pk,
    }
    assert number
    assert [
        (line["event"], {name: line[name] for name in about})
        for line in lines()
        if line["event"].startswith("role_")
    ] == [("role_granted", about), ("role_ended", about)]


def test_a_letter_that_cannot_be_sent_leaves_none_of_its_words(
    cast: Cast, lines: Any, settings: Any
) -> None:
    letter = make_letter(cast.employee, subject=CANARY, text=CANARY)
    settings.EMAIL_BACKEND = f"{__name__}.BackendThatTalks"
    delivery.deliver(letter.pk, now=timezone.now())
    letter.refresh_from_db()
    (line,) = [one for one in lines() if one["event"] == "letter_not_sent"]
    assert (letter.last_error, line["letter_id"], line["attempt"]) == ("ValueError", letter.pk, 1)
    assert CANARY not in str(lines())


@pytest.fixture
def task() -> Iterator[Any]:
    @shared_task(name="tests.breaks")
    def breaks(word: str) -> None:
        secret = word
        raise RuntimeError(secret)

    yield current_app.tasks["tests.breaks"]
    current_app.tasks.pop("tests.breaks")


def test_a_task_that_fails_says_which_and_what_request_it_came_of(task: Any, lines: Any) -> None:
    task.apply((CANARY,), headers={"request_id": "0123456789abcdef"})
    (line,) = [one for one in lines() if one["event"] == "task_failed"]
    assert (line["task"], line["request_id"]) == ("tests.breaks", "0123456789abcdef")
    assert line["task_id"]
    assert line["place"][-1].endswith(" breaks")
    assert CANARY not in str(lines())


def test_what_a_request_hands_over_carries_its_number() -> None:
    clear_contextvars()
    bind_contextvars(request_id="0123456789abcdef")
    headers: dict[str, Any] = {}
    send_request_id(headers=headers)
    clear_contextvars()
    assert headers == {"request_id": "0123456789abcdef"}


def test_a_task_forgets_what_its_process_did_before(task: Any) -> None:
    bind_contextvars(user_id=1)
    begin_task("abc", task)
    assert get_contextvars() == {"task": "tests.breaks", "task_id": "abc"}
    clear_contextvars()


def test_the_log_is_written_at_the_level_that_is_set() -> None:
    assert logging.getLogger().level == logging.INFO
