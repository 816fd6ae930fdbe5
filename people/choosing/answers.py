"""What a page answers to its own field that a person is chosen in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numbers import number
from common.text import clean_line
from people.choosing.candidates import FOUND_LISTED, OWN_LISTED, PersonOption, options_of
from people.choosing.fields import LONGEST, FindsPeople, PersonChoiceField
from people.models import User
from people.requests import now_in

MINUTE = 60


def answer_person_search(request: HttpRequest, form: FindsPeople) -> HttpResponse | None:
    """Return those found to the script that asks the page, or the page of too many searches.

    Called where the page has let the person in and has made the form: the form says who may be
    chosen. None when nobody is looked for.
    """
    asked = [name for name in form.person_fields if f"{name}-sok" in request.GET]
    is_asked = request.method == "GET" and bool(asked)
    if not (is_asked or _searches(form)):
        return None
    assert isinstance(request.user, User)  # noqa: S101
    if not may_search(str(request.user.pk), now_in(request)):
        if not is_asked:
            return render(request, "429.html", status=429)
        words = _("Du har søkt mange ganger. Vent et minutt, og prøv igjen.")
        return JsonResponse({"people": [], "status": words}, status=429)
    if not is_asked:
        return None
    return _found(form.person_fields[asked[0]], clean_line(request.GET[f"{asked[0]}-sok"]))


def may_search(who: str, now: dt.datetime) -> bool:
    """Count a search; False for one more than a person does in a minute."""
    key = f"person_search:{who}:{int(now.timestamp()) // MINUTE}"
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key) <= settings.PERSON_SEARCHES_A_MINUTE
    except ValueError:  # the cache is away, or has just forgotten
        return True


def _searches(form: FindsPeople) -> bool:
    """The form was sent with words that somebody is to be found by."""
    if not form.is_bound:
        return False
    typed = [form.typed_person(name) for name in form.person_fields]
    return any(one.words and one.chosen is None for one in typed)


def _found(field: PersonChoiceField, words: str) -> JsonResponse:
    is_long = len(words) > LONGEST
    if not words:
        own = options_of(field.candidates.listed()[:OWN_LISTED], field.candidates.on)
        return JsonResponse({"people": _rows(own), "status": ""})
    people = [] if is_long else field.candidates.matching(words)
    options = options_of(people[:FOUND_LISTED], field.candidates.on, typed=words)
    return JsonResponse({"people": _rows(options), "status": status_text(len(people), words)})


def _rows(options: list[PersonOption]) -> list[dict[str, Any]]:
    return [
        {"key": one.key, "name": one.name, "about": one.about, "words": one.words}
        for one in options
    ]


def status_text(found: int, words: str) -> str:
    """Return what a screen reader is told of a search, and everybody of one without result."""
    if not found:
        return _("Ingen du kan velge her, passer med «%(words)s».") % {"words": words}
    if found > FOUND_LISTED:
        most = _("Viser de %(count)s første. Skriv mer for å finne flere.")
        return most % {"count": number(FOUND_LISTED)}
    told = ngettext("%(count)s treff.", "%(count)s treff.", found)
    return told % {"count": number(found)}
