"""An agreement from the second party's signature to its sealed PDF: the work of one, one at a time.

57,000 agreements are to take a night on two cores, so each may take 300 ms of work.
"""

from __future__ import annotations

import datetime as dt
import resource
import secrets
import time

from django.utils import timezone

from benchmarks.report import Report
from commitments import actions
from commitments.actions import Content, Promise, Proof
from commitments.documents import keep_document
from commitments.line import Pair
from commitments.models import WORDING, Agreement, Document, Method, Revision
from commitments.verification import verify_all
from missions.models import MissionVersion
from people.models import User
from tests.factories import make_unit, make_user
from tests.missions.factories import make_mission

ROUNDS = 40
TEXT = (
    "Jeg holter av onsdagene til faglig fordypning, og sier fra i god tid når vakter flyttes, slik "
    "at de som venter på svar fra oss, får det samme dag og av en som kjenner saken deres."
)


def run(report: Report) -> None:
    agreed = [prepare(number) for number in range(ROUNDS + 1)]
    sign_and_seal(agreed.pop())  # the fonts and the certificate are read once a process
    work, wall = time.process_time(), time.perf_counter()
    for revision in agreed:
        sign_and_seal(revision)
    each = (time.process_time() - work) / ROUNDS
    report.add("signing.seal", each * 1000, "ms", limit=300)
    report.add("signing.seal_wall", (time.perf_counter() - wall) / ROUNDS * 1000, "ms")
    size = len(bytes(Document.objects.order_by("-pk")[0].pdf))
    report.add("signing.document", size / 1024, "kB")
    verify(report)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report.add("signing.memory", peak, "MB")


def verify(report: Report) -> None:
    count = Agreement.objects.count()
    start = time.perf_counter()
    findings = sum(1 for _finding in verify_all())
    report.add("signing.verify", (time.perf_counter() - start) / count * 1000, "ms/agreement")
    report.add("signing.findings", findings, "findings")


def prepare(number: int) -> Revision:
    """An agreement of six commitments, signed by the employee; only the leader is missing."""
    now = timezone.now()
    leader, employee = (person(f"{role} {number}") for role in ("Leder", "Medarbeider"))
    mission = a_mission(leader)
    pair = Pair(leader, employee, mission.mission.unit, "Konsulent")
    agreement = actions.start_agreement(pair=pair, by=leader, now=now)
    activity = mission.core_activities.all()[0].pk
    promises = [
        Promise(owner, TEXT, TEXT, activity, support=TEXT, signs=TEXT, room=TEXT)
        for owner in ("leader", "employee", "both") * 2
    ]
    wording = dict.fromkeys(WORDING, TEXT)
    content = Content(promises, follow_up_on=now.date() + dt.timedelta(days=90), **wording)
    draft = actions.save_draft(
        revision=agreement.revisions.get(), seen_version=1, content=content, by=leader, now=now
    )
    proposed = actions.propose_agreement(
        revision=draft, seen_version=draft.version, by=leader, now=now
    )
    agreed = actions.agree_to_proposal(
        revision=proposed, sha256=proposed.sha256, by=employee, now=now
    )
    return sign(agreed, by=employee)


def sign(revision: Revision, *, by: User) -> Revision:
    now = timezone.now()
    return actions.sign_agreement(
        revision=revision, sha256=revision.sha256, proof=Proof(Method.DEMO, now), by=by, now=now
    )


def sign_and_seal(revision: Revision) -> None:
    signed = sign(revision, by=revision.agreement.leader)
    content = Revision.objects.with_content().get(pk=signed.pk)
    keep_document(revision=content, now=timezone.now())


def person(name: str) -> User:
    own = secrets.token_hex(8)
    return make_user(name, email=f"{own}@bench.example", hr_id=own)


def a_mission(by: User) -> MissionVersion:
    """Today's of any unit; an empty database gets a unit that has one."""
    found = MissionVersion.objects.published().select_related("mission__unit").first()
    return found or make_mission(make_unit("Solvik kommune", hr_id=secrets.token_hex(8)), by=by)
