"""Certificates for a full hall: issued by one press, sealed by one worker, corrected by one sweep.

Three hundred are to be issued and sealed within a minute, by a worker that has nothing else to do.
Beside it stands what sealing costs one by one in the same run: the hall may take no more than as
many times that.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time

from django.utils import timezone

from attendance.marking.actions import mark_attendance
from benchmarks.report import Report
from benchmarks.seed import prepare_with_people
from benchmarks.size import Size
from certificates.basis import outdated
from certificates.issuing import issue_certificates
from certificates.models import Certificate, CertificateDocument
from certificates.sealing import keep_document
from people.models import Unit, User
from seminars.models import Seminar
from tests.factories import make_employee, make_unit
from tests.seminars.factories import make_registration, make_seminar


def run(report: Report, size: Size) -> None:
    prepare_with_people(size)
    unit = make_unit("Målingen", hr_id=secrets.token_hex(8))
    organiser = make_employee(unit, "Arrangør", **own_numbers())
    warm_up = issue(held(unit, organiser, people=2), organiser)
    seal(warm_up[:1])  # the fonts and the certificate are read once a process
    alone = timed_sealing(warm_up[1:])

    seminar = held(unit, organiser, people=size.seats)
    began = time.perf_counter()
    issued = issue(seminar, organiser)
    pressed = time.perf_counter() - began
    sealed = timed_sealing(issued)
    report.add("certificates.press", pressed, "s", most=5)
    report.add("certificates.issue", pressed + sealed, "s", most=60)
    report.add(
        "certificates.issue_to_alone", (pressed + sealed) / len(issued) / alone, "times", most=2
    )
    pdf = bytes(CertificateDocument.objects.order_by("-pk")[0].pdf)
    report.add("certificates.document", len(pdf) / 1024, "kB")

    began = time.perf_counter()
    found = outdated()
    report.add("certificates.sweep", (time.perf_counter() - began) * 1000, "ms")
    report.add("certificates.outdated", len(found), "certificates", most=0)


def held(unit: Unit, organiser: User, *, people: int) -> Seminar:
    """Yesterday, and everybody came."""
    starts_at = timezone.now() - dt.timedelta(days=1, hours=7)
    seminar = make_seminar(unit, created_by=organiser, starts_at=starts_at, capacity=people)
    marks = {}
    for number in range(people):
        person = make_employee(unit, f"Deltaker {number}", **own_numbers())
        marks[make_registration(seminar, person, unit=unit).pk] = "attended"
    mark_attendance(seminar=seminar, marks=marks, by=organiser, now=timezone.now())
    return seminar


def issue(seminar: Seminar, organiser: User) -> list[Certificate]:
    return issue_certificates(seminar=seminar, by=organiser, now=timezone.now())


def timed_sealing(certificates: list[Certificate]) -> float:
    began = time.perf_counter()
    seal(certificates)
    return time.perf_counter() - began


def seal(certificates: list[Certificate]) -> None:
    for certificate in certificates:
        keep_document(certificate=certificate, now=timezone.now())


def own_numbers() -> dict[str, str]:
    """Nobody else's in a database that others have filled."""
    own = secrets.token_hex(8)
    return {"email": f"{own}@bench.example", "hr_id": own}
