"""The least a Django site can do for a seat: two pages without a template, and one transaction.

Nobody is signed in, and nothing is checked, translated or rendered.
"""

from __future__ import annotations

import os
import threading
import uuid

import psycopg
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.seat import take_seat

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

    from portal.whole_requests import in_threads

    application = in_threads(get_wsgi_application(), 4)
