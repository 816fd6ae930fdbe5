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
from benchmarks.size import Size
from commitments.drafts import AgreementContent, Promise
from commitments.eligible_pairs import Pair
from commitments.evidence.sealing import keep_document
from commitments.evidence.verification import verify_all
from commitments.models import WORDING, Agreement, Document, Method, Revision
from commitments.proposing.actions import agree_to_proposal, propose_agreement
from commitments.signing.actions import Proof, sign_agreement
from commitments.writing.actions import save_draft, start_agreement
from people.models import Unit, User
from tests.factories import make_employee, make_leader, make_unit
from tests.missions.factories import make_mission

TEXT = (
    "Jeg holter av onsdagene til faglig fordypning, og sier fra i god tid når vakter flyttes, slik "
    "at de som venter på svar fra oss, får det samme dag og av en som kjenner saken deres."
)


def run(report: Report, size: Size) -> None:
    rounds = size.agreements
    agreed = [prepare(number) for number in range(rounds + 1)]
    sign_and_seal(agreed.pop())  # the fonts and the certificate are read once a process
    work, wall = time.process_time(), time.perf_counter()
    for revision in agreed:
        sign_and_seal(revision)
    each = (time.process_time() - work) / rounds
    report.add("signing.seal", each * 1000, "ms", most=300)
    report.add("signing.seal_wall", (time.perf_counter() - wall) / rounds * 1000, "ms")
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
    report.add("signing.findings", findings, "findings", most=0)


def prepare(number: int) -> Revision:
    """An agreement of six commitments, signed by the employee; only the leader is missing."""
    now = timezone.now()
    unit = a_unit()
    leader = make_leader(unit, f"Leder {number}", **own_numbers())
    employee = make_employee(unit, f"Medarbeider {number}", **own_numbers())
    mission = make_mission(unit, by=leader)
    pair = Pair(leader, employee, unit, "Konsulent")
    agreement = start_agreement(pair=pair, by=leader, now=now)
    activity = mission.core_activities.all()[0].pk
    promises = [
        Promise(owner, TEXT, TEXT, activity, support=TEXT, signs=TEXT, room=TEXT)
        for owner in ("leader", "employee", "both") * 2
    ]
    wording = dict.fromkeys(WORDING, TEXT)
    content = AgreementContent(promises, follow_up_on=now.date() + dt.timedelta(days=90), **wording)
    draft = save_draft(
        revision=agreement.revisions.get(), seen_version=1, content=content, by=leader, now=now
    )
    proposed = propose_agreement(revision=draft, seen_version=draft.version, by=leader, now=now)
    agreed = agree_to_proposal(revision=proposed, sha256=proposed.sha256, by=employee, now=now)
    return sign(agreed, by=employee)


def sign(revision: Revision, *, by: User) -> Revision:
    now = timezone.now()
    return sign_agreement(
        revision=revision, sha256=revision.sha256, proof=Proof(Method.DEMO, now), by=by, now=now
    )


def sign_and_seal(revision: Revision) -> None:
    signed = sign(revision, by=revision.agreement.leader)
    content = Revision.objects.with_content().get(pk=signed.pk)
    keep_document(revision=content, now=timezone.now())


def own_numbers() -> dict[str, str]:
    """Nobody else's in a database that others have filled."""
    own = secrets.token_hex(8)
    return {"email": f"{own}@bench.example", "hr_id": own}


def a_unit() -> Unit:
    """One that this pair leads and works in: nobody signs for a unit that another leads."""
    top = Unit.objects.filter(parent=None).first()
    top = top or make_unit("Solvik kommune", hr_id=secrets.token_hex(8))
    return make_unit("Målingen", parent=top, hr_id=secrets.token_hex(8))
