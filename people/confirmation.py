"""Giving somebody power takes a fresh confirmation of who one is, and loses nothing of the form."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

TYPED_KEY = "people_typed_before_confirming"
LONGEST = 10_000
"""Characters of a form that the session keeps; the forms that give power are short."""


@reauthentication_required  # type: ignore[untyped-decorator]
def _pass_if_confirmed(request: HttpRequest) -> None:
    """The library has the question whether one has just confirmed as a decorator alone."""


def ask_to_confirm(request: HttpRequest) -> HttpResponse | None:
    """Lead whoever has not just confirmed who they are to where they do; None for who has.

    A form that was sent too late is not carried out once they have: they see what it was, filled
    in as they typed it, and send it themselves. The library would send it on unseen.
    """
    try:
        _pass_if_confirmed(request)
    except ReauthenticationRequired:
        if request.method != "POST":
            raise
        _keep_typed(request)
        return redirect(request.get_full_path())
    return None


def _keep_typed(request: HttpRequest) -> None:
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    if sum(len(str(value)) for value in typed.values()) <= LONGEST:
        request.session[TYPED_KEY] = {"path": request.path, "typed": typed}
    messages.warning(
        request,
        _("Ingenting er endret ennå. Bekreft hvem du er, se over det du skrev, og send det igjen."),
    )


def typed_before_confirming(request: HttpRequest) -> dict[str, Any]:
    """Return what this page's form held when its sender had to confirm who they were, once."""
    kept = request.session.get(TYPED_KEY)
    if request.method == "POST" or not kept or kept["path"] != request.path:
        return {}
    typed: dict[str, Any] = request.session.pop(TYPED_KEY)["typed"]
    return typed
