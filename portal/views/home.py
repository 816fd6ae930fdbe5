from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.requests import SignedInRequest, affiliation_in, now_in
from portal.my_page import my_page


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    page = my_page(request.user, affiliation_in(request, request.user), now_in(request))
    return render(request, "portal/home.html", {"page": page})
