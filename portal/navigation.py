"""The main menu: what leads somewhere for this person, and nothing else."""

from dataclasses import dataclass, field
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from common.rooms import MenuEntry, menu_entries
from people.affiliation import Affiliation
from people.models import User
from people.requests import affiliation_in


@dataclass(frozen=True)
class Item:
    text: str | Promise = field(compare=False)
    href: str
    is_current: bool
    is_here: bool


@cache
def address_of(url_name: str) -> str:
    """The menu is on every page, and its addresses are the same for ever."""
    return reverse(url_name)


def menu(request: HttpRequest, entries: list[MenuEntry], affiliation: Affiliation) -> list[Item]:
    """What leads somewhere, with the one that the page lies below marked as current."""
    shown = [one for one in entries if one.leads_somewhere(affiliation)]
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
        "navigation": menu(request, menu_entries(is_personal=False), affiliation),
        "user_navigation": menu(request, menu_entries(is_personal=True), affiliation),
    }
