"""The import while people use the portal, and when it is killed in the middle."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from people.models import Leadership, Position, StaffImportRun, Unit, User
from seminars.models import Registration
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from tests.factories import make_user
from tests.machine import PATIENCE, own_session, wait_for
from tests.people.staff_files import UNITS, StaffFolder
from tests.seminars.factories import make_seminar

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CROWD, RENAMED = 30, 20
"""Fewer are renamed than always may be."""
RUN = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from django.core.management import call_command
call_command("import_staff", "--units", sys.argv[2], "--people", sys.argv[3])
"""


def crowd(title: str, *, renamed: str = "") -> list[str]:
    return [
        f"K{n};Kari{renamed if n <= RENAMED else ''} Vik {n};vik{n}@solvik.example;201;{title};"
        + ("ja" if n == 1 else "")
        for n in range(1, CROWD + 1)
    ]


def all_people() -> list[list[tuple]]:
    tables = (Unit, User, Position, Leadership)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def test_an_import_that_is_killed_in_the_middle_has_done_nothing(staff: StaffFolder) -> None:
    staff.on = timezone.localdate()
    staff.write(people=crowd("Leder"))
    staff.run()
    before = all_people()
    staff.write(
        units=[*UNITS, "203;Hjemmetjenesten vest;enhet;20;seksjon"],
        people=[*crowd("Leder", renamed="n"), "K99;Ny Lie;ny@solvik.example;203;Leder;ja"],
    )
    with transaction.atomic():
        # The import comes as far as the people, and waits there for one of them.
        User.objects.select_for_update().get(hr_id=f"K{RENAMED}")
        worker = subprocess.Popen(
            [
                sys.executable,
                "-c",
                RUN,
                connection.settings_dict["NAME"],
                str(staff.units),
                str(staff.people),
            ],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
            stdout=subprocess.DEVNULL,
        )
        wait_for(lambda: worker.poll() is not None or someone_waits_for(own_session()))
        assert worker.poll() is None, "it waited for nobody"
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE)
    wait_for(nobody_else_is_connected)
    assert all_people() == before
    assert StaffImportRun.objects.count() == 1
    staff.run()
    assert User.objects.filter(name__startswith="Karin Vik").count() == RENAMED
    assert Unit.objects.get(hr_id="203").leaderships.count() == 1


def someone_waits_for(session: int) -> bool:
    # Not from pg_stat_activity, which a transaction reads once.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks"
            " WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid)))",
            [session],
        )
        return bool(cursor.fetchone()[0])


def nobody_else_is_connected() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid())"
        )
        return bool(cursor.fetchone()[0])


def test_people_register_and_withdraw_while_the_import_changes_them(staff: StaffFolder) -> None:
    staff.on = timezone.localdate()
    staff.write(people=crowd("Leder"))
    staff.run()
    organiser = make_user("Arrangør")
    seminar = make_seminar(Unit.objects.get(hr_id="30"), created_by=organiser, capacity=CROWD)
    people = list(User.objects.filter(hr_id__startswith="K").order_by("-pk"))
    errors: list[Exception] = []

    def come_and_go() -> None:
        try:
            for person in people:
                now = timezone.now()
                one = register_for_seminar(seminar=seminar, by=person, now=now)
                if person.pk % 2:
                    withdraw_registration(registration=one, by=person, now=now)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    crowd_thread = threading.Thread(target=come_and_go)
    crowd_thread.start()
    runs = 0
    while crowd_thread.is_alive() or not runs:
        runs += 1
        staff.write(people=crowd(f"Leder {runs}", renamed="n" * (runs % 2)))
        staff.run("--accept", "positions_ended")
    crowd_thread.join(PATIENCE)
    assert errors == []
    stayed = {person.pk for person in people if not person.pk % 2}
    registered = Registration.objects.active().filter(seminar=seminar)
    assert {one.user_id for one in registered} == stayed
    assert Registration.objects.filter(seminar=seminar).count() == CROWD
    held = Position.objects.valid_on(staff.on + dt.timedelta(days=1)).filter(user__in=people)
    assert list(held.values_list("title", flat=True)) == [f"Leder {runs}"] * CROWD
