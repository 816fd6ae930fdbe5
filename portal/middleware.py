"""What happens on every request: the person, their language and last day here, and lost forms."""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from common.htmx import is_background, is_htmx
from people.models import User
from people.requests import affiliation_in
from portal.language_cookie import cookie_language
from portal.typed_words import typed_words
from portal.views import errors

GetResponse = Callable[[HttpRequest], HttpResponse]
REDIRECTS = {301, 302, 303, 307, 308}
NOT_KEPT = gettext_lazy("Du var logget ut, så det du sendte, ble ikke lagret.")


class ResponseHeadersMiddleware:
    """What the browser is told with every answer: page, file, redirect, download and error.

    Put together once, since no page has anything of its own in it. The outermost, so that nothing
    is answered past it. No answer is kept by the browser or by anything on the way unless the one
    that made it says otherwise (static files, the calendar that is subscribed to).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.told = {
            HEADER: build_policy(),
            "Permissions-Policy": settings.PERMISSIONS_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.told.items():
            response.headers.setdefault(name, value)
        return response


class BackgroundTokenMiddleware:
    """What a script sends carries its token in a header, and never among its fields.

    Fields are there for the taking: markup that somebody has smuggled into a page can have htmx
    send those of any form. A header is what our own element says
    (docs/adr/0003-content-security-policy.md). Stands after Django's own check, which then finds
    the header.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if request.method != "POST" or not is_background(request):
            return None
        has_token = "csrfmiddlewaretoken" in request.POST
        return errors.csrf_failure(request) if has_token else None


class PersonMiddleware(AuthenticationMiddleware):
    """The person as such and no stand-in that fetches them when asked: every page asks, for the
    language first, and a stand-in is asked anew each time it is looked at."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = get_user(request)


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
    if isinstance(request.user, User) and request.user.language in dict(settings.LANGUAGES):
        return request.user.language
    return cookie_language(request.COOKIES)


class PositionMiddleware:
    """A session ends when the last position does, however long the cookie would have lasted.

    So it does when HR takes the address away, without which nobody signs in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or (
            user.may_be_let_in and affiliation_in(request, user).works_here
        ):
            return self.get_response(request)
        logout(request)
        context = {"has_no_email": user.email is None}
        response = render(request, "portal/position_ended.html", context, status=403)
        response["HX-Refresh"] = "true"  # htmx shows no answer of 403; a fresh page explains
        return response


class HtmxRedirectMiddleware:
    """Sends the window itself where htmx was sent.

    htmx would follow on its own and put that page into a part of the one that is shown. Whose
    session is gone comes back, after signing in, to the page that they stood on.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_htmx(request) or response.status_code not in REDIRECTS:
            return response
        target = response.headers["Location"]
        if target == redirect_to_login(request.get_full_path()).headers["Location"]:
            if request.method == "POST":
                messages.warning(request, NOT_KEPT)
            target = redirect_to_login(shown_page(request)).headers["Location"]
        sent_on = HttpResponseClientRedirect(target)
        sent_on.cookies = response.cookies
        return sent_on


def shown_page(request: HttpRequest) -> str:
    """The page that htmx asked from, if it is ours; else Min side."""
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    try:
        return details.current_url_abs_path or reverse("home")
    except ValueError:  # The header holds what is no address.
        return reverse("home")


class LostFormMiddleware:
    """Nobody ends on an empty page because a form was sent too late, or never.

    A form sent after the session ended leads through signing in to the page it stood on, and says
    that nothing was kept; sentences that were typed are shown first. An address that takes forms
    only, opened as a page, says where to go.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and sent_to_sign_in(request, response):
            sign_in = redirect_to_login(page_of_form(request))
            if words := typed_words(request):
                context = {"typed_words": words, "sign_in_url": sign_in.headers["Location"]}
                return render(request, "portal/form_lost.html", context, status=403)
            messages.warning(request, NOT_KEPT)
            return sign_in
        if request.method == "GET" and response.status_code == 405:
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response


def sent_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    # Autosave and htmx ask in the background, where nobody would see what is said.
    if response.status_code != 302 or request.user.is_authenticated or is_background(request):
        return False
    wanted = redirect_to_login(request.get_full_path())
    return response.headers["Location"] == wanted.headers["Location"]


def page_of_form(request: HttpRequest) -> str:
    """Where the form stood, if the browser says so and it was here; else Min side."""
    came_from = request.headers.get("Referer", "")
    here = request.build_absolute_uri("/")
    return "/" + came_from.removeprefix(here) if came_from.startswith(here) else "/"
