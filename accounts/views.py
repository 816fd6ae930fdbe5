"""One's own account, and the two ways of confirming who one is that allauth lacks."""

import datetime as dt
import time
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import passthrough_next_redirect_url
from allauth.account.views import LogoutView, PasswordResetFromKeyView
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from requests import RequestException

from accounts.adapter import factors_of
from accounts.events import reauthentication_failed
from accounts.forms import CodeForm
from accounts.identity_provider import OIDC_PROVIDER_ID
from accounts.letters import send_account_letter
from accounts.oidc.adapter import ASKED_AT
from accounts.oidc.views import not_reached
from accounts.second_factor import is_missing
from accounts.sessions import end_sessions, sessions_of
from people.models import User
from people.requests import SignedInRequest, now_in

CODE_KEY = "portal_reauthentication_code"
CODE_LIFETIME = 600
CODE_ATTEMPTS = 3


@login_required
def overview(request: SignedInRequest) -> HttpResponse:
    context = {"factors": factors_of(request.user)}
    return render(request, "portal/account.html", context)


@never_cache
@login_required
def second_factor_needed(request: SignedInRequest) -> HttpResponse:
    """Why nothing else opens, and the two ways on."""
    if not is_missing(request, request.user):
        return redirect("home")
    return render(request, "account/second_factor_needed.html")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def sessions(request: SignedInRequest) -> HttpResponse:
    """Where one is signed in, with a way out of each and of all."""
    found = sessions_of(request.user, now=now_in(request))
    current = request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        ended = found if chosen == "all" else [one for one in found if str(one.pk) == chosen]
        end_sessions(ended)
        if chosen == "all" or any(one.session_key == current for one in ended):
            return sign_out(request)
        if ended:
            messages.success(request, _("Du er logget ut der."))
        return redirect("account_sessions")
    context = {"sessions": found, "current_key": current}
    return render(request, "account/sessions.html", context)


def sign_out(request: HttpRequest) -> HttpResponse:
    """On a computer that is shared, «back» must not show what was read or written before.

    The browser lets go of its pages at sign-out, and not of each page when it is left: somebody
    who goes back to a half-filled form finds what was typed.
    """
    response: HttpResponse = LogoutView.as_view()(request)
    if not request.user.is_authenticated:
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


class ResetPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """A link that is used or too old is gone, and the answer says so to programs too."""
        if context.get("token_fail"):
            kwargs["status"] = HTTPStatus.GONE
        response: HttpResponse = super().render_to_response(context, **kwargs)
        return response


reset_password = ResetPassword.as_view()


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def reauthenticate_by_code(request: SignedInRequest) -> HttpResponse:
    """A code to the mailbox of whoever is signed in; three guesses, ten minutes."""
    alternatives = other_methods(request, "code")
    form = CodeForm()
    if request.method == "POST":
        if limited := rate_limited(request):
            return limited
        if request.POST.get("action") != "confirm":
            send_code(request, request.user)
        elif (form := CodeForm(request.POST)).is_valid():
            if code_is_right(request, form.cleaned_data["code"]):
                record_authentication(request, request.user, method="code", reauthenticated=True)
                return resume_request(request) or redirect("home")
            reauthentication_failed(request, way="code", user=request.user)
            form.add_error(
                "code", _("Koden er feil eller for gammel. Sjekk den, eller be om en ny.")
            )
    context = {
        "form": form,
        **sent_code(request),
        "reauthentication_alternatives": alternatives,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "account/reauthenticate_by_code.html", context)


def rate_limited(request: HttpRequest) -> HttpResponse | None:
    """The same allowance as allauth's own ways of confirming who one is."""
    limited: HttpResponse | None = ratelimit.consume_or_429(
        request, app="allauth.account", action="reauthenticate", user=request.user
    )
    return limited


def other_methods(request: HttpRequest, method_id: str) -> list[dict[str, str]]:
    """The other ways open to this person, each leading on to where they were going.

    Refuses when `method_id` is not a way of theirs at all.
    """
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not any(method["id"] == method_id for method in methods):
        raise PermissionDenied
    others = (method for method in methods if method["id"] != method_id)
    return [
        {**method, "url": passthrough_next_redirect_url(request, method["url"], "next")}
        for method in others
    ]


def send_code(request: HttpRequest, user: User) -> None:
    code = get_adapter().generate_login_code()
    request.session[CODE_KEY] = {"digest": digest(code), "at": time.time(), "wrong": 0}
    send_account_letter("login_code", to=user, context={"code": code})


def sent_code(request: HttpRequest) -> dict[str, Any]:
    """When the code was sent and until when it works, while it does."""
    sent = request.session.get(CODE_KEY)
    if sent is None or time.time() - sent["at"] > CODE_LIFETIME:
        return {"is_too_old": sent is not None}
    at = dt.datetime.fromtimestamp(sent["at"], tz=dt.UTC)
    lifetime = dt.timedelta(seconds=CODE_LIFETIME)
    return {"code_is_sent": True, "sent_at": at, "works_until": at + lifetime}


def code_is_right(request: HttpRequest, typed: str) -> bool:
    """A code works once, and no longer after three wrong guesses."""
    sent = request.session.get(CODE_KEY)
    if sent is None or time.time() - sent["at"] > CODE_LIFETIME:
        request.session.pop(CODE_KEY, None)
        return False
    if constant_time_compare(digest(typed), sent["digest"]):
        del request.session[CODE_KEY]
        return True
    sent["wrong"] += 1
    request.session[CODE_KEY] = sent
    if sent["wrong"] >= CODE_ATTEMPTS:
        del request.session[CODE_KEY]
    return False


def digest(code: str) -> str:
    """Compared without case, spaces or dashes, as people type it."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return salted_hmac("portal.reauthentication", plain).hexdigest()


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def reauthenticate_by_provider(request: HttpRequest) -> HttpResponse:
    """Send the person to the provider, which is told to ask again although it knows them."""
    alternatives = other_methods(request, "provider")
    next_url = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        provider = get_social_adapter().get_provider(request, OIDC_PROVIDER_ID)
        request.session[ASKED_AT] = time.time()
        safe = next_url if get_adapter().is_safe_url(next_url) else settings.LOGIN_REDIRECT_URL
        try:
            response: HttpResponse = provider.redirect(
                request,
                process=AuthProcess.REDIRECT,
                next_url=safe,
                auth_params={"prompt": "login", "max_age": "0"},
            )
        except (OAuth2Error, RequestException) as error:
            return not_reached(request, provider, error)
        return response
    context = {"next": next_url, "reauthentication_alternatives": alternatives}
    return render(request, "account/reauthenticate_by_provider.html", context)
