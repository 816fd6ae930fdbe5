"""Participation and signed agreements as rows, at the moment and the place one says."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import count
from typing import Any

from attendance.models import Attendance
from commitments.models import Agreement, Commitment, Ending, Revision, Signature
from common.dates import OSLO
from missions.models import MissionVersion
from people.models import Unit, User
from seminars.models import Invitation, Registration, Seminar
from tests.cast import Cast
from tests.factories import make_employee
from tests.missions.factories import make_mission
from tests.seminars.factories import make_registration, make_seminar

_numbers = count(1)
SNAPSHOT = "{}"
SHA256 = hashlib.sha256(SNAPSHOT.encode()).hexdigest()


def oslo(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), OSLO)


def held(cast: Cast, day: dt.date, **fields) -> Seminar:
    """A published seminar that starts at nine on the day."""
    return make_seminar(
        cast.municipality,
        created_by=cast.organiser,
        starts_at=oslo(day),
        capacity=fields.pop("capacity", 500),
        **fields,
    )


def put(
    seminar: Seminar,
    unit: Unit | None,
    *,
    user: User | None = None,
    state: str = "registered",
    outcome: str = "",
    **fields: Any,
) -> Registration:
    """A person of the unit in the seminar, with how it went if that is recorded."""
    user = user or make_employee(unit, f"Deltaker {next(_numbers)}")
    registration = make_registration(
        seminar, user, state=state, unit=unit, agency=unit.agency if unit else None, **fields
    )
    if outcome:
        Attendance.objects.create(registration=registration, outcome=outcome, marked_by=user)
    return registration


def invite(seminar: Seminar, unit: Unit) -> Invitation:
    user = make_employee(unit, f"Invitert {next(_numbers)}")
    return Invitation.objects.create(seminar=seminar, user=user, unit=unit, agency=unit.agency)


def sign(unit: Unit, leader: User, day: dt.date, *, employee: User | None = None) -> Agreement:
    """An agreement that both sign on the day, for a new employee unless one is named."""
    employee = employee or make_employee(unit, f"Medarbeider {next(_numbers)}")
    mission = _mission(unit, leader)
    at = oslo(day)
    agreement = Agreement.objects.create(
        employee=employee, leader=leader, unit=unit, agency=unit.agency, created_by=leader
    )
    revision = Revision.objects.create(
        agreement=agreement, number=1, turn="leader", mission_version=mission, edited_by=leader
    )
    _commit(revision, mission)
    _move(revision, "proposed", proposed_by=leader, proposed_at=at, schema_version=1)
    _move(revision, "agreed", turn="", agreed_by=employee, agreed_at=at)
    for party, signer in (("leader", leader), ("employee", employee)):
        Signature.objects.create(
            revision=revision,
            signer=signer,
            signer_name=signer.name,
            party=party,
            method="password",
            authenticated_at=at,
            signed_at=at,
            sha256=SHA256,
        )
    _move(revision, "signed", signed_at=at)
    return agreement


def sign_again(agreement: Agreement, day: dt.date) -> None:
    """The same two sign the next revision."""
    Agreement.objects.filter(pk=agreement.pk).update(
        ended_at=oslo(day),
        ended_by=agreement.leader_id,
        ended_as=Ending.ENDED,
        erases_on=day + dt.timedelta(days=1826),
    )
    sign(agreement.unit, agreement.leader, day, employee=agreement.employee)


def _mission(unit: Unit, leader: User) -> MissionVersion:
    return MissionVersion.objects.current_for(unit) or make_mission(unit, by=leader)


def _commit(revision: Revision, mission: MissionVersion) -> None:
    for order, owner in enumerate(("leader", "employee"), start=1):
        Commitment.objects.create(
            revision=revision,
            order=order,
            owner=owner,
            text="Hemmelig forpliktelse",
            why="Fordi",
            core_activity=mission.core_activities.all()[0],
        )


def _move(revision: Revision, state: str, **fields) -> None:
    snapshot = {"snapshot": SNAPSHOT, "sha256": SHA256} if state == "proposed" else {}
    Revision.objects.filter(pk=revision.pk).update(state=state, **snapshot, **fields)
