"""The way to a page about a seminar, for those who come to it and for those who arrange it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from common.languages import Written
from seminars.models import Seminar
from seminars.rules import organises_shown

Crumb = tuple[str, str | None]


def seminar_path(seminar: Seminar, here: str) -> list[Crumb]:
    return [_catalogue(), _seminar(seminar), (here, None)]


def desk_path(seminar: Seminar, here: str, *, below: tuple[str, str] | None = None) -> list[Crumb]:
    """The organiser's; `below` is the name of a list of the seminar's, and its route."""
    path: list[Crumb] = [_catalogue(), (_("Arrangør"), reverse("seminars:organise"))]
    path.append(_seminar(seminar))
    if below is not None:
        name, route = below
        path.append((name, reverse(route, args=[seminar.pk])))
    return [*path, (here, None)]


def door_path(seminar: Seminar, here: str) -> list[Crumb]:
    """The host's as well: of a seminar read `with_roles_of` the person."""
    return desk_path(seminar, here) if organises_shown(seminar) else seminar_path(seminar, here)


def _catalogue() -> Crumb:
    return _("Seminarer"), reverse("seminars:list")


def _seminar(seminar: Seminar) -> Crumb:
    return Written(seminar.title), reverse("seminars:detail", args=[seminar.pk])
