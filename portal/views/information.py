"""What the law asks every public service to tell, for anyone to read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.rooms import rooms


def privacy(request: HttpRequest) -> HttpResponse:
    records = [record for room in rooms() for record in room.records]
    silence = [sentence for room in rooms() for sentence in room.silence]
    return render(request, "portal/privacy.html", {"records": records, "silence": silence})


def accessibility(request: HttpRequest) -> HttpResponse:
    context = {"support_email": settings.SUPPORT_EMAIL}
    return render(request, "portal/accessibility.html", context)
