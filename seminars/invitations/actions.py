"""Asking leaders to a seminar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from people import audit
from people.models import Leadership, Unit, User
from people.organisation import subtree_ids
from seminars import letters
from seminars.audience_size import people_of_audiences
from seminars.models import Invitation, Seminar
from seminars.registration_window import closed_to_all
from seminars.seats.snapshots import Snapshot, snapshots_of


@transaction.atomic
def invite_leaders(
    *,
    seminar: Seminar,
    units: Iterable[Unit],
    people: Iterable[User] = (),
    is_to_audiences: bool = False,
    by: User,
    now: dt.datetime,
) -> list[Invitation]:
    """Ask everybody who leads one of the units, or a unit below them, today, and the people named.

    `is_to_audiences` asks everybody as well whom the seminar's audiences are for today.

    Each gets a letter; nobody is asked twice, so a second call asks those who are new, and one at
    the same time waits for this to end. Not under the seminar's own lock: some thousand letters
    take their time, and people register meanwhile.

    Raises NotOpen when the seminar is not published or is over.
    """
    chosen, named = [unit.pk for unit in units], list(people)
    _wait_for_other_invitations(seminar)
    seminar.refresh_from_db(fields=["state", "ends_at"])
    refusal = closed_to_all(seminar, now)
    if refusal is not None:
        raise refusal
    asked = [*named, *_people_of(seminar, is_to_audiences, now)]
    made = _invitations(seminar, chosen, asked, by=by, now=now)
    invitations = Invitation.objects.bulk_create(made, batch_size=1000)
    for invited in invitations:
        letters.invitation(invited)
    details: dict[str, Any] = {"units": chosen, "invited": len(invitations)}
    if named:
        details["named"] = len(named)
    if is_to_audiences:
        details["audiences"] = True
    audit.record("seminars.invite", seminar, by=by, **details)
    return invitations


def _wait_for_other_invitations(seminar: Seminar) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('seminars.invite'), %s)", [seminar.pk]
        )


def to_invite(
    seminar: Seminar,
    units: Iterable[Unit],
    people: Iterable[User],
    *,
    is_to_audiences: bool = False,
    by: User,
    now: dt.datetime,
) -> list[Invitation]:
    """Return the invitations that would be made, by name: to nobody who was asked before."""
    asked = [*people, *_people_of(seminar, is_to_audiences, now)]
    made = _invitations(seminar, [unit.pk for unit in units], asked, by=by, now=now)
    agencies = Unit.objects.in_bulk({one.agency_id for one in made if one.agency_id})
    for one in made:
        one.agency = agencies.get(one.agency_id or 0)
    return sorted(made, key=lambda one: (one.user.sort_key, one.user.pk))


def _people_of(seminar: Seminar, is_to_audiences: bool, now: dt.datetime) -> Iterable[User]:
    if not is_to_audiences:
        return ()
    return people_of_audiences(seminar, on=timezone.localdate(now))


def _invitations(
    seminar: Seminar, unit_ids: list[int], people: list[User], *, by: User, now: dt.datetime
) -> list[Invitation]:
    """One a person, for the unit they have led the longest of those asked."""
    asked_before = Invitation.objects.filter(seminar=seminar).values("user")
    today = timezone.localdate(now)
    leaders = (
        Leadership.objects.valid_on(today)
        .filter(unit__in=subtree_ids(unit_ids), user__is_active=True)
        .exclude(user__in=asked_before)
        .select_related("user", "unit")
        .order_by("valid_from", "pk")
    )
    about = {"seminar": seminar, "invited_at": now, "invited_by": by}
    invitations: dict[int, Invitation] = {}
    for leadership in leaders:
        invited = Invitation(
            user=leadership.user,
            unit=leadership.unit,
            agency_id=leadership.unit.agency_id,
            was_leader=True,
            **about,
        )
        invitations.setdefault(leadership.user_id, invited)
    asked = set(asked_before.values_list("user", flat=True)) | invitations.keys()
    new = {person.pk: person for person in people if person.pk not in asked}
    works = snapshots_of(new, on=today)
    for key, person in new.items():
        place = works.get(key, Snapshot()).as_fields()
        invitations[key] = Invitation(user=person, **place, **about)
    return list(invitations.values())
