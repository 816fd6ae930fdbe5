"""Erasing those who have left, when nothing needs to know who they were."""

from __future__ import annotations

import datetime as dt
import logging
import secrets

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from common.rooms import rooms
from people import audit
from people.models import Position, StaffImportChange, User
from people.models.user import UserQuerySet

logger = logging.getLogger(__name__)

KEPT_AFTER_LEAVING = dt.timedelta(days=90)
"""So long everything is there for whoever comes back: HR's file may lack them for a season."""
NOBODY = "Slettet person"
"""What is left of a name; the row stays, so that what was counted and done still adds up."""


def erase_who_left(*, now: dt.datetime) -> int:
    """Erase those who left so long ago that nothing refers to; answers with how many.

    What refers to somebody, each room says (`needs_person`). Each in a transaction of its own: one
    who cannot be erased is logged, and tried again.
    """
    done = 0
    for pk in list(_erasable(timezone.localdate(now)).order_by("pk").values_list("pk", flat=True)):
        try:
            done += _erase(pk, now=now)
        except Exception:
            logger.exception("Person %s was not erased.", pk)
    return done


def _erasable(today: dt.date) -> UserQuerySet:
    people = User.objects.get_queryset().who_left(before=today - KEPT_AFTER_LEAVING, today=today)
    for room in rooms():
        for one in room.needs_person:
            rows, name = _rows(one.label)
            referring = rows.filter(**one.where, **{f"{name}__isnull": False}).order_by()
            people = people.exclude(pk__in=referring.values(name))
    return people


def _rows(label: str) -> tuple[QuerySet, str]:  # type: ignore[type-arg]
    """All rows of a model, and the field's name, of «app.Model.field»."""
    app, model, name = label.split(".")
    return apps.get_model(app, model)._base_manager.all(), name


@transaction.atomic
def _erase(pk: int, *, now: dt.datetime) -> bool:
    """Take away who it was; false when something refers to them, or they are back, after all."""
    person = User.objects.get_queryset().select_for_update().get(pk=pk)
    if not _erasable(timezone.localdate(now)).filter(pk=pk).exists():
        return False
    for room in rooms():
        for label in room.goes_with_person:
            rows, name = _rows(label)
            rows.filter(**{name: person}).delete()
    _forget_what_imports_changed(pk)
    # Two that were held at once in one unit are told apart by their titles.
    Position.objects.filter(user=person).update(title=Cast("pk", CharField()))
    person.name, person.first_name, person.hr_id = NOBODY, "", None
    person.email = None
    person.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)
    person.is_active = False
    person.save()
    audit.record("people.erase_person", person, by=None)
    return True


def _forget_what_imports_changed(pk: int) -> None:
    """What is kept of the last import holds their address, and taking it back would restore it."""
    own = Q(before__user_id=pk) | Q(after__user_id=pk)
    StaffImportChange.objects.filter(
        Q(table_name="people_user", row_id=pk)
        | Q(own, table_name__in=["people_formername", "account_emailaddress"])
    ).delete()
