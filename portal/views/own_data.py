"""«Last ned opplysningene mine»: one's own alone, so there is nobody else's to ask for."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from people.requests import SignedInRequest, now_in
from portal.own_data import export_own_data


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def own_data(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        crumbs = [(_("Min profil"), reverse("people:profile")), (_("Opplysningene mine"), None)]
        return render(request, "portal/own_data.html", {"breadcrumbs": crumbs})
    now = now_in(request)
    content = export_own_data(by=request.user, now=now)
    filename = f"opplysninger-{timezone.localdate(now)}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
