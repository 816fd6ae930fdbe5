"""What one took part in before the portal."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attendance.models import PastParticipation
from people.requests import SignedInRequest, today_in

PAGE_SIZE = 50


@login_required
@require_safe
def past(request: SignedInRequest) -> HttpResponse:
    own = PastParticipation.objects.visible_to(request.user, on=today_in(request))
    page = Paginator(own.newest_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "total": own.hours_in_words(),
        "breadcrumbs": [(_("Min side"), reverse("home")), (_("Før portalen"), None)],
    }
    return render(request, "attendance/past.html", context)
