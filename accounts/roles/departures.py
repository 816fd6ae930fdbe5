"""Telling administrators which roles nobody has any more, as their holders have left."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from accounts.roles.letters import write_roles_of_who_left
from people.models import AuditRecord, RoleGrant, User
from people.organisation import administrators_over

TOLD_WITHIN = dt.timedelta(days=4)
"""So long it is caught up with when nothing has run."""


@transaction.atomic
def tell_of_roles_of_who_left(*, now: dt.datetime) -> None:
    """Write to the administrators whose holders of roles are missing in HR's file.

    The import that ends the roles is in a room below the post, so the letter follows it: one for
    each who left to each administrator, however often this is asked.
    """
    today = timezone.localdate(now)
    ended = RoleGrant.objects.filter(valid_to__gte=today - TOLD_WITHIN, valid_to__lt=today)
    grants = {str(one.pk): one for one in ended.select_related("user", "unit").order_by("pk")}
    by_import = AuditRecord.objects.filter(
        object_type="people.rolegrant",
        object_id__in=grants,
        action="end_role",
        details__cause="import_staff",
    )
    told: defaultdict[tuple[User, User, dt.date], list[RoleGrant]] = defaultdict(list)
    for pk in sorted(set(by_import.values_list("object_id", flat=True)), key=int):
        grant = grants[pk]
        assert grant.valid_to is not None  # noqa: S101
        for person in administrators_over(grant.unit, on=today):
            if person != grant.user:
                told[person, grant.user, grant.valid_to].append(grant)
    for (person, holder, last), theirs in told.items():
        write_roles_of_who_left(holder, theirs, last=last, to=person)
