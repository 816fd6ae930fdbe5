"""What happens on every request: which language, and whether the person still works here."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from people.models import User
from people.requests import standing_in

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The person's own choice, else the browser's cookie, else bokmål.

    Accept-Language is not asked: many browsers in the municipality are set up in English, and the
    pages would then surprise those who never chose it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


def chosen_language(request: HttpRequest) -> str:
    offered = dict(settings.LANGUAGES)
    if isinstance(request.user, User) and request.user.language in offered:
        return request.user.language
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return cookie if cookie in offered else settings.LANGUAGE_CODE


class PositionMiddleware:
    """A session ends when the last position does, however long the cookie would have lasted."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or (user.is_active and standing_in(request, user).works_here):
            return self.get_response(request)
        logout(request)
        response = render(request, "portal/position_ended.html", status=403)
        response["HX-Refresh"] = "true"  # htmx shows no answer of 403; a fresh page explains
        return response
