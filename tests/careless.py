"""Forms whose id nobody looks up within anything: the control of whoever searches for such."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.html import format_html

from people.models import User
from seminars.models import Audience, Seminar
from tests.access import Row, row
from tests.cast import Cast
from tests.seminars.factories import make_seminar


def add_to(key: str, user: User) -> None:
    Audience.objects.create(seminar_id=key, kind="everyone")


def lead_to(key: str, user: User) -> None:
    Seminar.objects.filter(created_by=user).update(organiser_unit_id=key)


def write_on(key: str, user: User) -> None:
    Seminar.objects.filter(pk=key).update(title="Noe annet")


CARELESS: dict[str, Callable[[str, User], None]] = {
    "add_to": add_to,
    "lead_to": lead_to,
    "write_on": write_on,
}
"""A new row of another's, a row of one's own that turns to another's, and another's row itself."""


def careless(request: HttpRequest, deed: str, pk: int) -> HttpResponse:
    if request.method == "POST":
        CARELESS[deed](request.POST["key"], request.user)
        return HttpResponse("Lagret")
    form = '<main><form method="post">{}<input type="hidden" name="key" value="{}"></form></main>'
    own = Seminar.objects.get(pk=pk)
    key = own.organiser_unit_id if deed == "lead_to" else own.pk
    return HttpResponse(format_html(form, get_token(request), key))


def urls(cast: Cast) -> list[Row]:
    pk = make_seminar(cast.other_unit, created_by=cast.organiser).pk
    return [row("careless", deed, pk, signed_in=403, organiser=200) for deed in CARELESS]


urlpatterns = [
    path("slurv/<str:deed>/<int:pk>/", careless, name="careless"),
    path("", include("portal.urls")),
]
