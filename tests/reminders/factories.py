"""An agreement on its way to being signed, by the actions that take it there."""

from __future__ import annotations

import datetime as dt

from commitments.drafts import AgreementContent, Promise
from commitments.eligible_pairs import Pair
from commitments.models import Method, Revision
from commitments.proposing.actions import agree_to_proposal, propose_agreement
from commitments.signing.actions import Proof, sign_agreement
from commitments.writing.actions import save_draft, start_agreement
from people.models import Unit, User
from tests.missions.factories import make_acknowledgement, make_mission


def make_agreed(
    leader: User,
    employee: User,
    unit: Unit,
    *,
    at: dt.datetime,
    follow_up_on: dt.date | None = None,
) -> Revision:
    """Agreed at the moment, and signed by nobody."""
    mission = make_mission(unit, at=at)
    # Read by all, so that nobody is reminded of reading it.
    for position in unit.positions.all():
        make_acknowledgement(mission, position.user)
    agreement = start_agreement(pair=Pair(leader, employee, unit, "Konsulent"), by=leader, now=at)
    activity = mission.core_activities.first()
    assert activity is not None
    promises = [
        Promise(owner=owner, text="Jeg lytter.", why="Tillit", core_activity_id=activity.pk)
        for owner in ("leader", "employee")
    ]
    draft = agreement.revisions.get()
    draft = save_draft(
        revision=draft,
        seen_version=draft.version,
        content=AgreementContent(commitments=promises, follow_up_on=follow_up_on),
        by=leader,
        now=at,
    )
    proposed = propose_agreement(revision=draft, seen_version=draft.version, by=leader, now=at)
    return agree_to_proposal(revision=proposed, sha256=proposed.sha256, by=employee, now=at)


def sign(revision: Revision, *, by: User, at: dt.datetime) -> Revision:
    proof = Proof(Method.PASSWORD, at)
    return sign_agreement(revision=revision, sha256=revision.sha256, proof=proof, by=by, now=at)


def make_signed(
    leader: User, employee: User, unit: Unit, *, at: dt.datetime, follow_up_on: dt.date
) -> Revision:
    agreed = make_agreed(leader, employee, unit, at=at, follow_up_on=follow_up_on)
    sign(agreed, by=employee, at=at)
    return sign(agreed, by=leader, at=at)
