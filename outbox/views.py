"""One's own letters, and the switch for reminders."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.languages import Written
from outbox import actions, rules
from outbox.models import Letter, ReminderOptOut
from outbox.unsubscribe import person_in
from people.requests import SignedInRequest, now_in, today_in

PAGE_SIZE = 20


@login_required
@require_GET
@never_cache
def mine(request: SignedInRequest) -> HttpResponse:
    person, today = request.user, today_in(request)
    letters = Letter.objects.visible_to(person, on=today).without_contents()
    context = {
        "page": Paginator(letters, PAGE_SIZE).get_page(request.GET.get("page")),
        "has_reminders": not ReminderOptOut.objects.visible_to(person, on=today).exists(),
        "may_tend_letters": rules.may_tend_letters(person, today),
        "breadcrumbs": [(_("Min side"), reverse("home")), (_("Mine brev"), None)],
    }
    return render(request, "outbox/mine.html", context)


@login_required
@require_GET
@never_cache
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(request.user, on=today_in(request)), pk=pk)
    context = {
        "letter": letter,
        "breadcrumbs": [
            (_("Min side"), reverse("home")),
            (_("Mine brev"), reverse("outbox:mine")),
            (Written(letter.subject, letter.language), None),
        ],
    }
    return render(request, "outbox/detail.html", context)


@login_required
@require_GET
def calendar_file(request: SignedInRequest, pk: int) -> HttpResponse:
    letters = Letter.objects.visible_to(request.user, on=today_in(request)).exclude(calendar="")
    letter = get_object_or_404(letters, pk=pk)
    return HttpResponse(
        letter.calendar,
        content_type=f"text/calendar; method={letter.calendar_method}; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="lederportalen.ics"'},
    )


@login_required
@require_GET
@never_cache
def image(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """A picture of one's own letter, by its number from 1."""
    letters = Letter.objects.visible_to(request.user, on=today_in(request))
    letter = get_object_or_404(letters.exclude(images=[]).filter(is_secret=False), pk=pk)
    pictures = dict(enumerate(letter.pictures, start=1))
    if number not in pictures:
        raise Http404
    return HttpResponse(pictures[number].png, content_type="image/png")


@login_required
@require_POST
def reminders(request: SignedInRequest) -> HttpResponse:
    person = request.user
    if request.POST.get("wanted") == "yes":
        actions.resume_reminders(user=person, by=person)
        messages.success(request, _("Du får påminnelser igjen."))
    else:
        actions.stop_reminders(user=person, by=person, now=now_in(request))
        messages.success(request, _("Du får ikke flere påminnelser."))
    return redirect("outbox:mine")


@csrf_exempt  # the mail program posts by itself and has no cookie (RFC 8058, 3.2)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    person = person_in(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        actions.stop_reminders(user=person, by=None, now=now_in(request))
    is_stopped = ReminderOptOut.objects.visible_to(person, on=today_in(request)).exists()
    return render(request, "outbox/unsubscribe.html", {"is_stopped": is_stopped})
