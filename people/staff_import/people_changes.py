"""Brings people, positions, leaderships and roles to what people.csv says."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from dataclasses import replace

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.utils.translation import gettext as _

from common.languages import LANGUAGES
from people import audit
from people.models import FormerName, Leadership, Position, RoleGrant, User
from people.staff_import.changes import ChangeKind, Changes, JudgedKind
from people.staff_import.import_day import ImportDay
from people.staff_import.people_file import PersonRow, Staff
from people.staff_import.references import referred_to

BATCH = 2000
Known = dict[str, User]
"""Everybody whom HR knows, by HR's id; only what is needed here is fetched."""


def bring_people(staff: Staff, *, day: ImportDay, changes: Changes) -> dict[str, int]:
    """Write what differs; answers the ids of the listed people by their HR ids.

    Of a day ahead only those are written who are new. Whoever has an account that is not from HR
    is not among them: they are recognised by the file of the day itself.
    """
    known = _known()
    if day.is_ahead:
        _add(_to_come(staff, known, day.on), known, changes, are_to_come=True)
        return {hr_id: known[hr_id].pk for hr_id in staff.people if hr_id in known}
    _recognise(staff, known, changes)
    _judge(staff, known, changes)
    _release_addresses(staff, known, changes)
    changed = [(known[row.hr_id], row) for row in staff.people.values() if row.hr_id in known]
    _change([(user, row) for user, row in changed if _differs(user, row)], changes, on=day.on)
    _add([row for hr_id, row in staff.people.items() if hr_id not in known], known, changes)
    return {hr_id: known[hr_id].pk for hr_id in staff.people}


def _named(user: User) -> str:
    return f"{user.name} ({user.hr_id})"


def _known() -> Known:
    people = User.objects.only("hr_id", "name", "first_name", "email", "is_to_come")
    return {str(user.hr_id): user for user in people.filter(hr_id__isnull=False)}


def _addressed(name: str, email: str | None) -> str:
    address = email or _("ingen e-postadresse")
    return f"{name}, {address}"


def _to_come(staff: Staff, known: Known, on: dt.date) -> list[PersonRow]:
    """Those who begin, without the address and language that a file of the day will give them."""
    beginning = {row.person for row in staff.positions.values() if not row.has_ended_by(on)}
    of_others = User.objects.filter(hr_id__isnull=True, email__isnull=False)
    others = set(of_others.values_list("email", flat=True))
    return [
        replace(row, email=None, language="")
        for hr_id, row in staff.people.items()
        if hr_id in beginning and hr_id not in known and row.email not in others
    ]


def _recognise(staff: Staff, known: Known, changes: Changes) -> None:
    """Those who were given a role by hand before HR's files came: known by the address."""
    by_email = {
        row.email: row
        for row in staff.people.values()
        if row.email and (row.hr_id not in known or known[row.hr_id].is_to_come)
    }
    for user in User.objects.filter(hr_id__isnull=True, email__isnull=False):
        if row := by_email.get(str(user.email)):
            if row.hr_id in known:
                _hand_places_over(known[row.hr_id], user)
            user.hr_id = row.hr_id
            user.save(update_fields=["hr_id"])
            known[row.hr_id] = user
            changes.note(ChangeKind.PERSON_CHANGED, _named(user))


def _hand_places_over(to_come: User, user: User) -> None:
    """What was planned for somebody who turns out to have an account."""
    for places in (Position, Leadership):
        places.objects.filter(user=to_come).update(user=user)
    User.objects.filter(pk=to_come.pk).update(hr_id=None)
    _forget([to_come.pk])


def call_off_people(staff: Staff, changes: Changes) -> None:
    """Delete those who were to come and do not, once they have no place to come to."""
    to_come = User.objects.filter(is_to_come=True).only("hr_id", "name")
    gone = [
        user
        for user in to_come
        if user.hr_id not in staff.people and not staff.keeps(str(user.hr_id))
    ]
    forgotten = _forget([user.pk for user in gone])
    for user in gone:
        if user.pk in forgotten:
            changes.note(ChangeKind.PERSON_CALLED_OFF, _named(user))


def _forget(pks: list[int]) -> set[int]:
    """Delete those to whom nothing refers, and answer who they were."""
    forgotten = set(pks) - referred_to(User, pks)
    User.objects.filter(pk__in=forgotten).delete()
    return forgotten


def _judge(staff: Staff, known: Known, changes: Changes) -> None:
    """Count who is renamed, whose address is whose, and who is new but for the number."""
    owners = {user.email: hr_id for hr_id, user in known.items() if user.email}
    left: dict[str, list[str]] = defaultdict(list)
    for hr_id, user in known.items():
        if hr_id not in staff.people:
            left[user.name].append(hr_id)
    for hr_id, row in staff.people.items():
        before, owner = known.get(hr_id), owners.get(row.email or "")
        if owner not in (None, hr_id):
            changes.judge(JudgedKind.ADDRESSES_MOVED, f"{hr_id}: {row.email}")
        if before is None:
            changes.judge(JudgedKind.PEOPLE_ADDED, hr_id)
            if owner is not None:
                changes.judge(JudgedKind.PEOPLE_LOOK_ALIKE, hr_id)
        elif not before.is_to_come:
            if before.name != row.name or _is_called_otherwise(before, row):
                changes.judge(JudgedKind.PEOPLE_RENAMED, f"{hr_id}: {row.name}, {row.first_name}")
            if row.email is None and before.email is not None:
                changes.judge(JudgedKind.ADDRESSES_REMOVED, hr_id)
            elif before.email != row.email:
                changes.judge(JudgedKind.ADDRESSES_CHANGED, f"{hr_id}: {row.email}")
    new = {
        row.hr_id: left.get(row.name, []) for row in staff.people.values() if row.hr_id not in known
    }
    for hr_id in _working_where_a_namesake_did(
        {one: old for one, old in new.items() if old}, staff
    ):
        changes.judge(JudgedKind.PEOPLE_LOOK_ALIKE, hr_id)


def _is_called_otherwise(before: User, row: PersonRow) -> bool:
    """Another first name than before; a column that comes or goes renames nobody."""
    return before.first_name != row.first_name and bool(before.first_name and row.first_name)


def _working_where_a_namesake_did(namesakes: dict[str, list[str]], staff: Staff) -> set[str]:
    """New people in a unit where somebody of their name works who is listed no more."""
    before = {hr_id for old in namesakes.values() for hr_id in old}
    held = Position.objects.filter(user__hr_id__in=before).order_by()
    worked = set(held.values_list("user__hr_id", "unit__hr_id"))
    return {
        person
        for person, unit, _title in staff.positions
        if any((hr_id, unit) in worked for hr_id in namesakes.get(person, []))
    }


def _release_addresses(staff: Staff, known: Known, changes: Changes) -> None:
    """An address of somebody who left, which HR has given to another."""
    claimed = {row.email for row in staff.people.values() if row.email}
    left = [user for hr_id, user in known.items() if hr_id not in staff.people]
    released = [user for user in left if user.email in claimed]
    for user in released:
        changes.note(ChangeKind.EMAIL_RELEASED, f"{_named(user)}: {user.email}")
    _set_aside_addresses(released)


def _set_aside_addresses(users: list[User]) -> None:
    """Take the addresses away, so that they can pass from one to another in any order."""
    for user in users:
        user.email = None
    User.objects.bulk_update(users, ["email"], batch_size=BATCH)
    EmailAddress.objects.filter(user__in=users).delete()


def _differs(user: User, row: PersonRow) -> bool:
    is_now = (user.name, user.first_name, user.email, user.is_to_come)
    return is_now != (row.name, row.first_name, row.email, False)


def _change(changed: list[tuple[User, PersonRow]], changes: Changes, *, on: dt.date) -> None:
    for user, row in changed:
        before = _addressed(_named(user), user.email)
        changes.note(ChangeKind.PERSON_CHANGED, f"{before} → {_addressed(row.name, row.email)}")
        if user.email and not row.email:
            changes.note(ChangeKind.EMAIL_REMOVED, f"{_named(user)}: {user.email}")
    came = [(user, row) for user, row in changed if user.is_to_come]
    to_remember = [user for user, row in changed if user.name != row.name and not user.is_to_come]
    _set_aside_addresses([user for user, row in changed if user.email != row.email])
    _remember_names(to_remember, on=on)
    for user, row in changed:
        user.name, user.first_name, user.email = row.name, row.first_name, row.email
        user.is_to_come = False
    users = [user for user, _row in changed]
    fields = ["name", "first_name", "email", "is_to_come"]
    User.objects.bulk_update(users, fields, batch_size=BATCH)
    for language in LANGUAGES:
        theirs = [user.pk for user, row in came if row.language == language]
        User.objects.filter(pk__in=theirs).update(language=language)


def _remember_names(users: list[User], *, on: dt.date) -> None:
    """What they were called until the day: a list made before is searched by it."""
    FormerName.objects.bulk_create(
        [FormerName(user=user, name=user.name, until=on) for user in users],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["user", "name"],
        update_fields=["until"],
    )


def _add(
    rows: list[PersonRow], known: Known, changes: Changes, *, are_to_come: bool = False
) -> None:
    users = [_new(row, is_to_come=are_to_come) for row in rows]
    for user in User.objects.bulk_create(users, batch_size=BATCH):
        known[str(user.hr_id)] = user
        changes.note(ChangeKind.PERSON_ADDED, _named(user))


def _new(row: PersonRow, *, is_to_come: bool) -> User:
    user = User(
        hr_id=row.hr_id,
        name=row.name,
        first_name=row.first_name,
        email=row.email,
        is_to_come=is_to_come,
    )
    if row.language:
        user.language = row.language
    # What set_unusable_password() writes, at a fiftieth of its time: there are 50,000 of them.
    user.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)
    return user


def end_roles_of_those_who_left(staff: Staff, *, on: dt.date, changes: Changes) -> None:
    """Without a position a role would still let them sign in. One audit record a role."""
    grants = (
        RoleGrant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .filter(user__hr_id__isnull=False)
        .select_related("user", "unit")
    )
    here = {row.person for row in staff.positions.values() if not row.has_ended_by(on)}
    for grant in grants:
        if grant.user.hr_id in here or staff.keeps(str(grant.user.hr_id)):
            continue
        changes.note(ChangeKind.ROLE_ENDED, f"{_named(grant.user)}, {grant}")
        audit.record("end_role", grant, by=None, cause="import_staff")
        grant.end_before(on)
