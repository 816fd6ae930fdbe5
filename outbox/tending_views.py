"""The post as an administrator sees to it: what did not get through, and what is held back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.refusals import refusals_told
from outbox import actions, mail_server, rules
from outbox.models import Envelope, EnvelopeQuerySet
from outbox.views import PAGE_SIZE
from people.models import User
from people.requests import SignedInRequest, now_in, today_in

ask_first = require_http_methods(["GET", "POST"])


@login_required
@require_GET
def failed(request: SignedInRequest) -> HttpResponse:
    envelopes = envelopes_of(request.user, today_in(request))
    context = {
        "page": Paginator(envelopes.in_trouble(), PAGE_SIZE).get_page(request.GET.get("page")),
        "server": mail_server.state(),
        "numbers": envelopes.numbers(),
        "unaddressed": envelopes.unaddressed().filter(emptied_at__isnull=True).count(),
        "breadcrumbs": [
            (_("Min side"), reverse("home")),
            (_("Mine brev"), reverse("outbox:mine")),
            (_("Brev som ikke kom fram"), None),
        ],
    }
    return render(request, "outbox/failed.html", context)


@login_required
@require_POST
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    envelope = get_object_or_404(envelopes_of(request.user, today_in(request)), pk=pk)
    with refusals_told(request):
        letter = actions.retry_letter(letter=envelope, by=request.user, now=now_in(request))
        if letter.is_unaddressed:
            words = _("%(name)s har ingen e-postadresse nå, så brevet er ikke sendt.")
            messages.warning(request, words % {"name": letter.recipient.name})
        else:
            messages.success(request, _("Brevet er lagt i køen på nytt."))
    return redirect("outbox:failed")


@login_required
@ask_first
def retry_all(request: SignedInRequest) -> HttpResponse:
    letters = envelopes_of(request.user, today_in(request)).to_be_retried()
    return ask_and_do(
        request,
        letters.count(),
        lambda: actions.retry_letters(letters=letters, by=request.user, now=now_in(request)),
        title=_("Send alle som feilet, på nytt?"),
        text=_("Hvert brev går til adressen mottakeren har i dag. Nye brev går foran i køen."),
        submit=_("Send alle på nytt"),
    )


@login_required
@ask_first
def release(request: SignedInRequest) -> HttpResponse:
    letters = envelopes_of(request.user, today_in(request)).held()
    return ask_and_do(
        request,
        letters.count(),
        lambda: actions.release_held(letters=letters, by=request.user, now=now_in(request)),
        title=_("Send brevene som holdes tilbake?"),
        text=_(
            "Er databasen hentet fra en sikkerhetskopi, kan brevene være sendt allerede, og "
            "mottakerne får dem to ganger."
        ),
        submit=_("Send brevene"),
    )


@login_required
@ask_first
def discard(request: SignedInRequest) -> HttpResponse:
    letters = envelopes_of(request.user, today_in(request)).held()
    return ask_and_do(
        request,
        letters.count(),
        lambda: actions.discard_held(letters=letters, by=request.user),
        title=_("La være å sende brevene?"),
        text=_("De går ikke ut på e-post. Mottakerne finner dem fortsatt under «Mine brev»."),
        submit=_("La være å sende"),
    )


def envelopes_of(user: User, today: dt.date) -> EnvelopeQuerySet:
    if not rules.may_tend_letters(user, today):
        raise PermissionDenied
    envelopes: EnvelopeQuerySet = Envelope.objects.visible_to(user, on=today)
    return envelopes


def ask_and_do(
    request: SignedInRequest, number: int, act: Callable[[], int], **page: Any
) -> HttpResponse:
    """Ask with the number of letters in sight, and do it when the answer is yes."""
    if request.method == "POST":
        done = act()
        words = ngettext("Det gjaldt %(number)s brev.", "Det gjaldt %(number)s brev.", done)
        messages.success(request, words % {"number": done})
        return redirect("outbox:failed")
    concerned = ngettext("Det gjelder %(number)s brev.", "Det gjelder %(number)s brev.", number)
    consequences = [concerned % {"number": number}]
    cancel = reverse("outbox:failed")
    context = {"consequences": consequences, "cancel": cancel, **page}
    return render(request, "components/confirm.html", context)
