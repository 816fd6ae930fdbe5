"""Forms whose id nobody looks up within anything: the control of whoever searches for such."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.utils.html import format_html

from seminars.models import Audience, Seminar
from tests.access import Row, row
from tests.cast import Cast
from tests.seminars.factories import make_seminar

FORM = '<main><form method="post">{}<input type="hidden" name="key" value="{}"></form></main>'


def new_row_in_anothers(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        Audience.objects.create(seminar_id=request.POST["key"], kind="everyone")
    return HttpResponse(format_html(FORM, get_token(request), pk))


def own_row_turned_to_anothers(request: HttpRequest, pk: int) -> HttpResponse:
    own = Seminar.objects.get(pk=pk)
    if request.method == "POST":
        mine = Seminar.objects.filter(created_by=request.user)
        mine.update(organiser_unit_id=request.POST["key"])
    return HttpResponse(format_html(FORM, get_token(request), own.organiser_unit_id))


def anothers_row_in_a_field(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        Seminar.objects.filter(pk=request.POST["key"]).update(title="Noe annet")
    return HttpResponse(format_html(FORM, get_token(request), pk))


def anothers_row_in_the_address(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    get_object_or_404(Seminar, pk=pk, created_by=request.user)
    if request.method == "POST":
        Audience.objects.filter(pk=key).update(opens_at=None, kind="leaders")
    return HttpResponse(format_html(FORM, get_token(request), pk))


ONE = (new_row_in_anothers, own_row_turned_to_anothers, anothers_row_in_a_field)
TWO = anothers_row_in_the_address


def urls(cast: Cast) -> list[Row]:
    seminar = make_seminar(cast.other_unit, created_by=cast.organiser)
    audience = seminar.audiences.create(kind="everyone")
    own = {"signed_in": 403, "organiser": 200}
    rows = [row(view.__name__, seminar.pk, **own) for view in ONE]
    return [*rows, row(TWO.__name__, seminar.pk, audience.pk, **own)]


urlpatterns = [
    *(path(f"slurv/{view.__name__}/<int:pk>/", view, name=view.__name__) for view in ONE),
    path("slurv/<int:pk>/<int:key>/", TWO, name=TWO.__name__),
    path("", include("portal.urls")),
]
