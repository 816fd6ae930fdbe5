"""The least a Django site can do for a seat that somebody signed in asks for.

Its middleware is what `django-admin startproject` gives, its forms have Django's token and its
pages are one template of two lines; no question is asked of the seminar. Who is signed in comes
from the portal's own sessions and users, and a seat is the transaction of `seat.py`, written by
hand.
"""

from __future__ import annotations

import os

import django
from django.contrib.auth.decorators import login_required
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.test.utils import override_settings
from django.urls import path

from benchmarks.seat import take_seat
from portal.whole_requests import in_threads

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
WORDS = """<!doctype html><title>Seminar {{ seminar }}</title><p>{{ user.name }}</p>
<form method="post">{% csrf_token %}<button>Meld deg på</button></form>"""


@login_required
def page(request: HttpRequest, seminar: int) -> HttpResponse:
    if request.method == "POST":
        connection.ensure_connection()
        take_seat(connection.connection, seminar, request.user.pk)
        return redirect("receipt", seminar)
    return HttpResponse(words.render({"seminar": seminar}, request))


def healthy(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("healthz", healthy),
    path("<int:seminar>/", page),
    path("<int:seminar>/kvittering/", page, name="receipt"),
]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
django.setup()
override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE, TEMPLATES=TEMPLATES).enable()
application = in_threads(get_wsgi_application(), 4)
words = engines["django"].from_string(WORDS)
