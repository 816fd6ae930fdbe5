"""The demo's certificates: of what the cast has been at, and what became of two of them."""

from __future__ import annotations

import datetime as dt

from attendance.marking.actions import correct_attendance, mark_attendance
from certificates.correcting import correct_certificates
from certificates.issuing import issue_anew, issue_own
from certificates.models import Certificate
from certificates.sealing import keep_document
from demo.post import delivered
from demo.stage import Stage
from evidence.seal import find_seal
from people import audit
from people.models import User
from seminars.models import Registration, RegistrationState, Seminar
from seminars.seats.snapshots import snapshots_of

LEADER_WAS_AT = "Tillitsbasert ledelse: introduksjon"
ALL_WERE_AT = "Medarbeidersamtalen"
FORMER_NAME = "Marit Berg"
"""What the leader of the demo was called when the first certificate was issued."""
NOT_THERE = "coordinator"
WHY_NOT = "Sto på listen, men var på et annet seminar den dagen."
DAY = dt.timedelta(days=1)


def play_certificates(stage: Stage) -> None:
    """After the seminars. The leader has a new name since, and one was not there after all."""
    _bring_the_rest(stage, Seminar.objects.get(title=ALL_WERE_AT, ends_at__lt=stage.now))
    _change_of_name(stage, Seminar.objects.get(title=LEADER_WAS_AT, ends_at__lt=stage.now))
    _not_there(stage, Seminar.objects.get(title=ALL_WERE_AT, ends_at__lt=stage.now))


def _bring_the_rest(stage: Stage, seminar: Seminar) -> None:
    """Those of the cast who have not been at it have been at it, and each has a certificate."""
    present = set(seminar.registrations.values_list("user", flat=True))
    others = [one for one in stage.cast.values() if one.pk not in present]
    # How many are in already goes by the day the demo is made on: there is room for them all.
    room = len(present) + len(others)
    Seminar.objects.filter(pk=seminar.pk, capacity__lt=room).update(capacity=room)
    snapshots = snapshots_of([one.pk for one in others], on=stage.today)
    at = seminar.registration_opens_at + DAY
    rows = Registration.objects.bulk_create(
        Registration(
            seminar=seminar,
            user=one,
            state=RegistrationState.REGISTERED,
            created_at=at,
            queued_at=at,
            confirmed_at=at,
            registered_by=one,
            **snapshots[one.pk].as_fields(),
        )
        for one in others
    )
    for row in rows:  # as all whose letters were sent before there was a portal
        audit.record("seminars.register", row, by=row.user, state="registered", source="history")
    marks = {row.pk: "attended" for row in rows}
    organiser = stage.cast["organiser"]
    mark_attendance(seminar=seminar, marks=marks, by=organiser, now=seminar.ends_at + DAY)
    for person in stage.cast.values():
        _issue(stage, seminar, person, seminar.ends_at + 2 * DAY)


def _issue(stage: Stage, seminar: Seminar, person: User, now: dt.datetime) -> Certificate:
    with delivered(now):
        certificate = issue_own(seminar=seminar, by=person, now=now)
        _seal(stage, certificate)
    return certificate


def _seal(stage: Stage, certificate: Certificate) -> None:
    """As soon as there is a seal that holds: a new machine's did not when most were issued."""
    seal = find_seal()
    begins = seal.certificate.not_valid_before_utc if seal else stage.now
    keep_document(certificate=certificate, now=max(stage.now, begins))


def _change_of_name(stage: Stage, seminar: Seminar) -> None:
    leader = stage.cast["leader"]
    name, leader.name = leader.name, FORMER_NAME
    leader.save(update_fields=["name"])
    older = _issue(stage, seminar, leader, seminar.ends_at + DAY)
    leader.name = name
    leader.save(update_fields=["name"])
    now = seminar.ends_at + 20 * DAY
    with delivered(now):
        newer = issue_anew(certificate=older, by=leader, now=now)
        _seal(stage, newer)


def _not_there(stage: Stage, seminar: Seminar) -> None:
    organiser, absent = stage.cast["organiser"], stage.cast[NOT_THERE]
    registration = seminar.registrations.get(user=absent)
    now = seminar.ends_at + 9 * DAY
    with delivered(now):
        for session in seminar.sessions.all():
            correct_attendance(
                registration,
                session=session,
                outcome="no_show",
                reason=WHY_NOT,
                by=organiser,
                now=now,
            )
        correct_certificates(now=now)
