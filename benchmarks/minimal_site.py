"""The least a Django site can do for a seat: two pages without a template, and one transaction.

`take_seat` writes by hand what a registration writes: the lock, the count, the row, the audit
record and the letter. Nothing is signed in, checked, translated or rendered.
"""

from __future__ import annotations

import os
import threading
import uuid

import psycopg
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

LETTER = "Velkommen til seminaret. " * 160
"""About as long as the real one, its calendar part and its HTML together."""

LOCK = "SELECT capacity FROM seminars_seminar WHERE id = %s FOR NO KEY UPDATE"
PRESENT = """
    SELECT 1 FROM seminars_registration WHERE seminar_id = %s AND user_id = %s
       AND state IN ('registered', 'offered', 'waitlisted')
"""
COUNT = """
    SELECT count(*) FROM seminars_registration
     WHERE seminar_id = %s AND state IN ('registered', 'offered')
"""
REGISTER = """
    INSERT INTO seminars_registration (seminar_id, user_id, registered_by_id, was_leader, state,
           created_at, queued_at, confirmed_at, calendar_uid, calendar_sequence)
    VALUES (%(seminar)s, %(user)s, %(user)s, true, %(state)s::text, now(), now(),
            CASE WHEN %(state)s::text = 'registered' THEN now() END, %(uid)s, 0)
    RETURNING id
"""
AUDIT = """
    INSERT INTO people_auditrecord (at, actor_id, action, object_type, object_id, reason, details)
    VALUES (now(), %s, 'seminars.register', 'seminars.registration', %s, '', '{}')
"""
LETTER_ROW = """
    INSERT INTO outbox_letter (key, kind, recipient_id, to_email, language, subject, text, html,
           calendar, calendar_method, is_reminder, is_secret, about_type, about_id, message_id,
           state, attempts, last_error, queued_at, next_attempt_at)
    VALUES (%(uid)s::text, 'seminars.confirmed', %(user)s, 'leder@example.org', 'nb',
            'Du har plass', %(words)s, %(words)s, %(words)s, 'REQUEST', false, false,
            'seminars.registration', %(id)s::text, %(uid)s::text, 'queued', 0, '', now(), now())
"""


def take_seat(connection: psycopg.Connection, seminar: int, user: int) -> str:
    with connection.transaction():
        capacity = connection.execute(LOCK, [seminar]).fetchone()[0]
        if connection.execute(PRESENT, [seminar, user]).fetchone():
            return "present"
        taken = connection.execute(COUNT, [seminar]).fetchone()[0]
        state = "registered" if taken < capacity else "waitlisted"
        values = {"seminar": seminar, "user": user, "state": state, "uid": str(uuid.uuid4())}
        row = connection.execute(REGISTER, values).fetchone()[0]
        connection.execute(AUDIT, [user, str(row)])
        connection.execute(LETTER_ROW, values | {"id": str(row), "words": LETTER})
    return state


_local = threading.local()


def connected() -> psycopg.Connection:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["BENCHMARK_DATABASE"], autocommit=True)
    connection: psycopg.Connection = _local.connection
    return connection


def page(request: HttpRequest, seminar: int, user: int) -> HttpResponse:
    words = "Seminar"
    if request.method == "POST":
        words = take_seat(connected(), seminar, user)
    return HttpResponse(f"<!doctype html><title>{words}</title><p>{words}</p>")


def healthy(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("healthz", healthy), path("<int:seminar>/<int:user>/", page)]

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY=uuid.uuid4().hex, MIDDLEWARE=[]
    )
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
