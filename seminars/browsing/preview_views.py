from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.requests import SignedInRequest, now_in
from seminars.breadcrumbs import seminar_path
from seminars.browsing.preview import (
    closed_to_preview,
    known_viewer,
    show_as_published,
    status_as,
    tabs_of,
)
from seminars.browsing.views import content_of_page
from seminars.gates import organised
from seminars.page_queries import programme_of


@login_required
@require_safe
def preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The seminar's page as others would meet it, for its organiser alone."""
    now = now_in(request)
    seminar = organised(request, pk)
    if refusal := closed_to_preview(seminar):
        messages.error(request, refusal.message)
        return redirect("seminars:detail", pk)
    was_draft = seminar.is_draft
    show_as_published(seminar)
    content = programme_of(seminar)
    shown_as = known_viewer(request.GET.get("som", ""), seminar)
    context = {
        **content_of_page(seminar, content, status_as(shown_as, seminar, now), now),
        "preview_tabs": tabs_of(seminar, shown_as),
        "was_draft": was_draft,
        "breadcrumbs": seminar_path(seminar, _("Forhåndsvisning")),
    }
    return render(request, "seminars/preview.html", context)
