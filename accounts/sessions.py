"""Where a person is signed in, for how long, and how it ends."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from people.models import User

BEGAN_KEY, SEEN_KEY = "portal_began_at", "portal_seen_at"
SECONDS_BETWEEN = 60
"""How often it is written down that somebody is here: a write for every page would be too much."""

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def device_in_words(user_agent: str) -> str:
    """Return the browser and the device as their owner would name them."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), None)
    device = next((name for mark, name in DEVICES.items() if mark in user_agent), None)
    if browser and device:
        return _("%(browser)s på %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("En nettleser vi ikke kjenner")


def sessions_of(user: User, *, now: dt.datetime) -> list[UserSession]:
    """Return where the person is signed in now, the newest first, with `device` in words."""
    running = Session.objects.filter(expire_date__gt=now).values("session_key")
    found = UserSession.objects.filter(user=user, session_key__in=running)
    sessions = list(found.order_by("-last_seen_at", "-pk"))
    for session in sessions:
        session.device = device_in_words(session.user_agent)
    return sessions


def end_sessions(sessions: list[UserSession]) -> None:
    """Sign out there: the next page asked for there leads to where one signs in."""
    for session in sessions:
        session.end()


def forget_ended_sessions(*, now: dt.datetime) -> None:
    """Where somebody was signed in is nobody's business once it is over."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def begin(sender: object, request: HttpRequest, **about: Any) -> None:
    request.session[BEGAN_KEY] = request.session[SEEN_KEY] = int(time.time())


def rotate(sender: object, request: HttpRequest, **about: Any) -> None:
    """A new key for who has just confirmed who they are: what was overheard before is worthless."""
    if not about.get("reauthenticated"):
        return
    former = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)


def end_others(sender: object, request: HttpRequest, user: User, **about: Any) -> None:
    """A new password ends what the old one may have opened."""
    others = UserSession.objects.filter(user=user)
    end_sessions(list(others.exclude(session_key=request.session.session_key or "")))


def listen() -> None:
    for changed in (password_changed, password_set, password_reset):
        changed.connect(end_others, dispatch_uid="accounts.sessions.end_others")
    user_logged_in.connect(begin, dispatch_uid="accounts.sessions.begin")
    authentication_step_completed.connect(rotate, dispatch_uid="accounts.sessions.rotate")


class SessionAgeMiddleware:
    """A session ends when nobody has used it for a while, and after a working day in any case.

    Cookies and rows of sessions only know the last time something was saved, which lasts as long
    as somebody goes on saving.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            keep_time(request, time.time())
        return self.get_response(request)


def keep_time(request: HttpRequest, now: float) -> None:
    """Sign out whose time is over, and write down that the others are here."""
    session = request.session
    began, seen = session.get(BEGAN_KEY), session.get(SEEN_KEY)
    if began is None or seen is None:
        began = seen = session[BEGAN_KEY] = session[SEEN_KEY] = int(now)
    if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_LONGEST_SECONDS:
        logout(request)
        messages.info(request, _("Du er logget ut fordi det er lenge siden sist. Logg inn igjen."))
        return
    if now - seen > SECONDS_BETWEEN and is_done_by_somebody(request):
        session[SEEN_KEY] = int(now)
        seen_at = dt.datetime.fromtimestamp(now, dt.UTC)
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=seen_at)


def longest_until(request: HttpRequest) -> dt.datetime:
    """Return when the person is signed out at the latest, however busy they are."""
    began: float = request.session.get(BEGAN_KEY, time.time())
    return dt.datetime.fromtimestamp(began + settings.SESSION_LONGEST_SECONDS, dt.UTC)


def is_done_by_somebody(request: HttpRequest) -> bool:
    """A page that fetches news by itself does not show that anybody is at the screen."""
    return (
        request.method == "POST" or request.headers.get("Sec-Fetch-Dest", "document") == "document"
    )
