"""Digital badges: what one takes to sign, and the list that tells whether they stand.

A badge is signed when somebody downloads it, so it may take as long as a page. The list is open to
anybody and is signed each time it is asked for, so it has to be cheap, however many have ended.
"""

from __future__ import annotations

import datetime as dt
import random
import time

from django.utils import timezone

from benchmarks.report import Report
from benchmarks.size import Size
from certificates.badge_key import BadgeKey, find_badge_key
from certificates.models import LIST_SIZE
from certificates.open_badges import signed_badge
from certificates.snapshot import AttendedSession, CertificateFacts
from certificates.status_list import signed_list, status_entry

LIST_URL = "https://leder.example.org/kursbevis/merker/status/1/"


def run(report: Report, size: Size) -> None:
    key = find_badge_key()
    assert key is not None  # noqa: S101 - the demo's settings make one
    sign(key, 0)  # the contexts are read once a process
    work = time.process_time()
    for number in range(size.seats):
        sign(key, number)
    report.add("badges.sign", (time.process_time() - work) / size.seats * 1000, "ms", most=100)
    for ended in (0, LIST_SIZE // 4):
        places = random.Random(ended).sample(range(LIST_SIZE), ended)
        work = time.process_time()
        text = signed_list(LIST_URL, places, key=key, now=timezone.now())
        spent = (time.process_time() - work) * 1000
        report.add(f"badges.list_of_{ended}_ended", spent, "ms", most=100)
        report.add(f"badges.list_of_{ended}_ended_size", len(text) / 1024, "kB")


def sign(key: BadgeKey, number: int) -> None:
    now = timezone.now()
    starts_at = now - dt.timedelta(days=7)
    session = AttendedSession(
        title="Første dag", starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=6)
    )
    facts = CertificateFacts(
        number=f"{number:020}",
        name=f"Medarbeider {number}",
        seminar_title="Tillitsbasert ledelse i praksis",
        organiser="Seksjon for ledelse",
        rule="whole",
        is_whole=True,
        sessions=(session,),
        minutes=360,
        language="nb",
        issued_at=now,
    )
    page_url = f"https://leder.example.org/kursbevis/{number:020}/"
    status = status_entry(LIST_URL, number)
    signed_badge(facts, page_url=page_url, status=status, key=key, now=now)
