"""Agreements without surprises, made by the same actions as in the portal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.drafts import AgreementContent, Promise
from commitments.eligible_pairs import Pair
from commitments.leader_changes.actions import part_agreement
from commitments.models import Agreement, FollowUp, Method, Revision
from commitments.preparing.actions import save_answer, say_ready
from commitments.proposing.actions import agree_to_proposal, propose_agreement
from commitments.signing.actions import Proof, sign_agreement
from commitments.writing.actions import save_draft, start_agreement
from missions.models import MissionVersion
from people import substituting
from people.models import IMPORT_UNDO_WINDOW, Substitution, User
from tests.cast import Cast
from tests.missions.factories import make_mission

PASSWORD = "correct horse battery staple"
LEADERS_TEXT = "Frigir onsdager til faglig fordypning"
EMPLOYEES_TEXT = "Ringer pårørende samme dag"
SECRETS = (LEADERS_TEXT, EMPLOYEES_TEXT, "Fordi de venter på svar", "Vi er uenige om turnusen")


def make_promise(owner: str, mission: MissionVersion, **fields: Any) -> Promise:
    text = LEADERS_TEXT if owner == "leader" else EMPLOYEES_TEXT
    return Promise(
        owner=owner,
        text=fields.pop("text", text),
        why=fields.pop("why", "Fordi de venter på svar"),
        core_activity_id=mission.core_activities.all()[0].pk,
        **fields,
    )


def make_content(mission: MissionVersion, *owners: str, **fields: Any) -> AgreementContent:
    """A commitment for each of these; of the leader and of the employee unless told otherwise."""
    owners = owners or ("leader", "employee")
    return AgreementContent(
        commitments=[make_promise(owner, mission) for owner in owners], **fields
    )


def make_agreement(cast: Cast, *, by: User | None = None) -> Agreement:
    """Started and empty, on the mission of the unit."""
    if not MissionVersion.objects.published().filter(mission__unit=cast.unit).exists():
        make_mission(cast.unit)
    return start_agreement(
        pair=Pair(cast.leader, cast.employee, cast.unit, "Konsulent"),
        by=by or cast.employee,
        now=timezone.now(),
    )


def newest(agreement: Agreement) -> Revision:
    return Revision.objects.filter(agreement=agreement).with_content().order_by("-number")[0]


def make_ready(agreement: Agreement, *, by: User) -> None:
    """Answers one question, and says that it may be shown."""
    now = timezone.now()
    save_answer(agreement=agreement, question="core_task", text="Dem", by=by, now=now)
    say_ready(agreement=agreement, by=by, now=now)


def make_draft(cast: Cast, *owners: str, by: User | None = None, **fields: Any) -> Revision:
    """A draft with a commitment on each side."""
    return save(newest(make_agreement(cast, by=by)), *owners, by=by or cast.employee, **fields)


def save(revision: Revision, *owners: str, by: User, **fields: Any) -> Revision:
    saved = save_draft(
        revision=revision,
        seen_version=revision.version,
        content=make_content(revision.mission_version, *owners, **fields),
        by=by,
        now=timezone.now(),
    )
    return newest(saved.agreement)


def propose(revision: Revision, *, by: User) -> Revision:
    propose_agreement(revision=revision, seen_version=revision.version, by=by, now=timezone.now())
    return newest(revision.agreement)


def agree(revision: Revision, *, by: User) -> Revision:
    agree_to_proposal(revision=revision, sha256=revision.sha256, by=by, now=timezone.now())
    return newest(revision.agreement)


def make_proof(now: dt.datetime | None = None) -> Proof:
    return Proof(Method.PASSWORD, now or timezone.now())


def sign(revision: Revision, *, by: User, now: dt.datetime | None = None) -> Revision:
    now = now or timezone.now()
    sign_agreement(revision=revision, sha256=revision.sha256, proof=make_proof(now), by=by, now=now)
    return newest(revision.agreement)


def make_proposal(cast: Cast, *owners: str, **fields: Any) -> Revision:
    """Proposed by the employee; the leader has the word."""
    return propose(make_draft(cast, *owners, **fields), by=cast.employee)


def make_agreed(cast: Cast, **fields: Any) -> Revision:
    return agree(make_proposal(cast, **fields), by=cast.leader)


def make_signed(cast: Cast, **fields: Any) -> Revision:
    """Signed today; a conversation on a day that has passed was planned in its time."""
    day = fields.pop("follow_up_on", None)
    is_passed = day is not None and day < timezone.localdate()
    agreed = make_agreed(cast, **fields, follow_up_on=None if is_passed else day)
    signed = sign(sign(agreed, by=cast.employee), by=cast.leader)
    if is_passed:
        plan_talk(signed, day)
    return signed


def plan_talk(signed: Revision, day: dt.date) -> FollowUp:
    return FollowUp.objects.create(agreement=signed.agreement, revision=signed, due_on=day)


def make_substitution(
    cast: Cast,
    *,
    substitute: User | None = None,
    first: dt.date | None = None,
    days: int = 10,
    **fields: Any,
) -> Substitution:
    """The stranger stands in for the leader, from today unless told otherwise."""
    first = first or timezone.localdate()
    return substituting.name_substitute(
        leader=fields.pop("leader", cast.leader),
        substitute=substitute or cast.stranger,
        unit=fields.pop("unit", cast.unit),
        valid_from=first,
        valid_to=first + dt.timedelta(days=days),
        by=fields.pop("by", cast.leader),
        now=timezone.now(),
        today=timezone.localdate(),
    )


def sign_on_paper(
    revision: Revision, *, by: User, day: dt.date | None = None, now: dt.datetime | None = None
) -> Revision:
    now = now or timezone.now()
    sign_agreement(
        revision=revision,
        sha256=revision.sha256,
        proof=make_proof(now),
        by=by,
        now=now,
        paper_signed_on=day or timezone.localdate(now),
    )
    return newest(revision.agreement)


def sign_in_fully(user: User) -> Client:
    """By the portal's own page, so that the session says how the person signed in."""
    user.set_password(PASSWORD)
    user.save()
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return browser


def part(pk: int, *, now: dt.datetime) -> Agreement | None:
    """Close the leader's access, a day after it was seen that they lead no more."""
    Agreement.objects.filter(pk=pk).update(left_behind_at=now - IMPORT_UNDO_WINDOW)
    return part_agreement(pk, now=now)
