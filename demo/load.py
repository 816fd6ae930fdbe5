"""Loads the demo, from empty tables to a municipality at work."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from demo.agreements import play_agreements
from demo.cast import DEMO_PASSWORD
from demo.certificates import play_certificates
from demo.conversations import play_conversations
from demo.missions import play_missions
from demo.organisation import SEED, demo_organisation
from demo.post import turned_away
from demo.seats import play_seats
from demo.seminars import play_seminars
from demo.sessions import play_sessions
from demo.staff import import_staff_files, write_staff_files
from demo.stage import Stage
from people.models import Role, RoleGrant, User
from reports.attendance_counting import count_attendance

ROLES = {
    Role.ORGANISER: ("organiser", "Utviklings- og kompetanseetaten"),
    Role.LOGISTICS: ("organiser", "Utviklings- og kompetanseetaten"),
    Role.COORDINATOR: ("coordinator", "Tannhelsetjenesten"),
    Role.HR: ("hr", "Oslo kommune"),
    Role.ADMINISTRATOR: ("administrator", "Oslo kommune"),
}
TURNED_AWAY = {
    "Bydel Sagene": "550 5.1.1 Recipient address rejected: User unknown",
    "Plan- og bygningsetaten": "552 5.2.2 Mailbox full",
}
"""What the mail server said to letters to the leaders of these."""


def staff_folder() -> Path:
    return Path(settings.VAR_DIR) / "demo"


@transaction.atomic
def load_demo(*, today: dt.date, seed: int = SEED) -> Stage:
    """Everything or nothing; the worker hears of the letters when all of it is there."""
    organisation = demo_organisation(seed)
    write_staff_files(organisation, staff_folder(), today)
    import_staff_files(staff_folder(), today)
    stage = Stage(organisation, today, seed)
    grant_roles(stage)
    give_passwords(stage)
    play_missions(stage)
    play_conversations(stage)
    play_seminars(stage)
    play_seats(stage)
    play_sessions(stage)
    play_certificates(stage)
    play_agreements(stage)
    count_attendance(today=today)
    fail_some_letters(stage)
    return stage


def grant_roles(stage: Stage) -> None:
    RoleGrant.objects.bulk_create(
        RoleGrant(
            user=stage.cast[key],
            role=role,
            unit=stage.named(unit),
            # The first administrator has the role by command, and so from nobody.
            granted_by=None if key == "administrator" else stage.cast["administrator"],
            valid_from=stage.at(-400).date(),
        )
        for role, (key, unit) in ROLES.items()
    )


def fail_some_letters(stage: Stage) -> None:
    """As every mail server turns some away: an administrator sees which, and sends them again."""
    for unit, why in TURNED_AWAY.items():
        turned_away(stage.leader_of(stage.named(unit)), why)


def give_passwords(stage: Stage) -> None:
    """One password for the whole cast; nobody else in the demo can sign in with one."""
    cast = [person.pk for person in stage.cast.values()]
    User.objects.filter(pk__in=cast).update(password=make_password(DEMO_PASSWORD))
