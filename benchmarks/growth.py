"""A seminar's pages and its spreadsheet as it grows: 100, 10,000 and 100,000 people.

The list of seminars, the seminar's page and the list of participants, as the organiser sees them.
Time is to be flat: the sizes are asked for in turns, and each is limited by the same page of the
smallest. Nothing is left behind.
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
        seminars = [a_seminar(unit, people[:size]) for size in SIZES]
        for name, paths in pages_of(seminars).items():
            taken = milliseconds(client, *paths)
            for size, path, time_taken in zip(SIZES, paths, taken, strict=True):
                figure = f"pages.growth.{name}.{size}"
                report.add(figure, time_taken, "ms", limit=taken[0])
                report.add(f"{figure}.queries", queries(client, path), "queries")
        spreadsheet(report, client, a_seminar(unit, people[:SPREADSHEET]))
        transaction.set_rollback(True)


def pages_of(seminars: list[Seminar]) -> dict[str, list[str]]:
    """By page, the address of each seminar's; a list of seminars shows the one that is sought."""
    found = [f"{reverse('seminars:list')}?q={seminar.title}" for seminar in seminars]
    about = {
        name: [reverse(f"seminars:{name}", args=[seminar.pk]) for seminar in seminars]
        for name in ("detail", "participants")
    }
    return {"list": found, "seminar": about["detail"], "participants": about["participants"]}


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
        title=f"Vekst{len(people)}",
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
