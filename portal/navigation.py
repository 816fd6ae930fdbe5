"""The main menu: what leads somewhere for this person, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.affiliation import Affiliation
from people.models import Role, User
from people.requests import affiliation_in


@dataclass(frozen=True)
class Destination:
    text: str | Promise
    url_name: str
    leads_somewhere: Callable[[Affiliation], bool] = lambda affiliation: True


@dataclass(frozen=True)
class Item:
    text: str | Promise = field(compare=False)
    href: str
    is_current: bool
    is_here: bool


MAIN = [
    Destination(_("Min side"), "home"),
    Destination(_("Seminarer"), "seminars:list"),
    Destination(_("Oppdrag"), "missions:mine"),
    Destination(_("Avtaler"), "commitments:list"),
    Destination(
        _("Arrangere"),
        "seminars:organise",
        lambda affiliation: affiliation.has_any(Role.ORGANISER),
    ),
    Destination(
        _("Behov"),
        "seminars:catering",
        lambda affiliation: affiliation.has_any(Role.LOGISTICS),
    ),
    Destination(
        _("Rapporter"), "reports:participation", lambda affiliation: affiliation.has_any(Role.HR)
    ),
    Destination(
        _("Dekning"), "missions:coverage", lambda affiliation: affiliation.has_any(Role.HR)
    ),
    Destination(
        _("Roller"), "people:roles", lambda affiliation: affiliation.has_any(Role.ADMINISTRATOR)
    ),
]
PERSONAL = [
    Destination(_("Min profil"), "people:profile"),
    Destination(_("Mine brev"), "outbox:mine"),
    Destination(_("Konto og innlogging"), "account"),
]


@cache
def address_of(url_name: str) -> str:
    """The menu is on every page, and its addresses are the same for ever."""
    return reverse(url_name)


def menu(
    request: HttpRequest, destinations: list[Destination], affiliation: Affiliation
) -> list[Item]:
    """What leads somewhere, with the one that the page lies below marked as current."""
    shown = [one for one in destinations if one.leads_somewhere(affiliation)]
    places = [(one.text, address_of(one.url_name)) for one in shown]
    home = address_of("home")
    above = [href for _text, href in places if href != home and request.path.startswith(href)]
    current = max(above, key=len, default=home if request.path == home else None)
    return [Item(text, href, href == current, request.path == href) for text, href in places]


def frame_menus(request: HttpRequest) -> dict[str, list[Item]]:
    """Both menus of the header; none for whoever is not signed in."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": [], "user_navigation": []}
    affiliation = affiliation_in(request, user)
    return {
        "navigation": menu(request, MAIN, affiliation),
        "user_navigation": menu(request, PERSONAL, affiliation),
    }
