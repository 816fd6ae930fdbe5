"""The list of participants and its spreadsheet as a seminar grows: 100, 10,000 and 100,000 people.

Time is to be flat. Each size is limited by the list of the smallest; nothing is left behind.
"""

from __future__ import annotations

import datetime as dt
import time

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.pages import milliseconds, queries
from benchmarks.report import Report
from people.models import Level, Role, RoleGrant, Unit, User
from seminars.models import Registration, Seminar, Session

SIZES = (100, 10_000, 100_000)
SPREADSHEET = 50_000
SPREADSHEET_SECONDS = 4.0
AT_A_TIME = 5_000


def run(report: Report) -> None:
    with transaction.atomic():
        unit = a_unit()
        client = organiser(unit)
        people = a_crowd(max(SIZES))
        smallest = None
        for size in SIZES:
            path = participants(a_seminar(unit, people[:size]))
            (taken,) = milliseconds(client, path)
            smallest = smallest or taken
            report.add(f"pages.growth.{size}", taken, "ms", limit=smallest)
            report.add(f"pages.growth.{size}.queries", queries(client, path), "queries")
        spreadsheet(report, client, a_seminar(unit, people[:SPREADSHEET]))
        transaction.set_rollback(True)


def participants(seminar: Seminar) -> str:
    return reverse("seminars:participants", args=[seminar.pk])


def spreadsheet(report: Report, client: Client, seminar: Seminar) -> None:
    path = reverse("seminars:participants_xlsx", args=[seminar.pk])
    start = time.perf_counter()
    response = client.get(path)
    taken = time.perf_counter() - start
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    report.add("pages.growth.xlsx", taken, "s", limit=SPREADSHEET_SECONDS)
    report.add("pages.growth.xlsx.queries", queries(client, path), "queries")


def a_unit() -> Unit:
    since = timezone.localdate() - dt.timedelta(days=365)
    unit: Unit = Unit.objects.create(
        name="Vekstetaten",
        hr_id="GROWTH",
        level=Level.AGENCY,
        level_name="etat",
        valid_from=since,
    )
    unit.agency = unit
    unit.save(update_fields=["agency"])
    return unit


def organiser(unit: Unit) -> Client:
    user = User.objects.create_user("growth@example.org", name="Vera Vekst")
    RoleGrant.objects.create(user=user, role=Role.ORGANISER, unit=unit, valid_from=unit.valid_from)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def a_crowd(size: int) -> list[User]:
    return User.objects.bulk_create(
        [
            User(email=f"growth{number}@example.org", name=f"Deltaker {number}")
            for number in range(size)
        ],
        batch_size=AT_A_TIME,
    )


def a_seminar(unit: Unit, people: list[User]) -> Seminar:
    now = timezone.now()
    starts_at, ends_at = now + dt.timedelta(days=30), now + dt.timedelta(days=30, hours=6)
    seminar: Seminar = Seminar.objects.create(
        title="Vekst",
        summary="Vekst",
        organiser_unit=unit,
        created_by=people[0],
        capacity=len(people),
        state="published",
        published_at=now,
        place_name="Rådhuset",
        registration_opens_at=now - dt.timedelta(days=1),
        registration_closes_at=starts_at,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    Session.objects.create(seminar=seminar, starts_at=starts_at, ends_at=ends_at)
    registrations = [
        Registration(
            seminar=seminar,
            user=person,
            state="registered",
            confirmed_at=now,
            registered_by=person,
            unit=unit,
            agency=unit,
        )
        for person in people
    ]
    with connection.cursor() as cursor:
        # Counting each seat as it is given is another benchmark.
        cursor.execute("SET LOCAL session_replication_role = replica")
        Registration.objects.bulk_create(registrations, batch_size=AT_A_TIME)
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE seminars_registration, people_user")
    return seminar
