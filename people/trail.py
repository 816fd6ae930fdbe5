"""What the audit trail calls things on the screen; each room says it of its own, in its `trail.py`.

The trail itself keeps the names that the code has: they stay the same when a page is reworded.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Promise] = {}
THINGS: dict[str, Promise] = {}


def describe(*, actions: dict[str, Promise], things: dict[str, Promise]) -> None:
    ACTIONS.update(actions)
    THINGS.update(things)


def action_in_words(action: str) -> str:
    return str(ACTIONS.get(action, action))


def thing_in_words(object_type: str) -> str:
    return str(THINGS.get(object_type, object_type))


describe(
    actions={
        "grant_role": _("ga en rolle"),
        "end_role": _("avsluttet en rolle"),
        "people.name_substitute": _("oppga en stedfortreder"),
        "people.end_substitution": _("avsluttet en stedfortreder"),
        "import_staff": _("hentet enheter og ansatte fra HR-systemet"),
    },
    things={
        "people.rolegrant": _("rolle"),
        "people.substitution": _("stedfortreder"),
        "people.unit": _("enhet"),
        "people.user": _("person"),
    },
)
