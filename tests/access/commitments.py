"""Agreements: the two who are named on them, and 404 for everybody else whatever their role."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from commitments.eligible_pairs import Pair
from commitments.leader_changes.actions import share_agreement
from commitments.models import AgreementRound, Revision
from commitments.pausing.actions import pause_agreement
from commitments.preparing.actions import save_answer
from commitments.writing.actions import start_agreement
from commitments.writing.autosave_actions import keep_unsaved
from tests.access import Row, row
from tests.cast import Cast
from tests.commitments.factories import (
    agree,
    make_signed,
    make_substitution,
    newest,
    part,
    propose,
    save,
    sign,
)
from tests.factories import make_employee, make_leadership, make_position, make_unit
from tests.missions.factories import make_mission

PARTIES = {"leader": 200, "employee": 200}


def urls(cast: Cast) -> list[Row]:
    """One agreement in each state; the employee has proposed, so that the leader answers."""
    make_mission(cast.agency)
    draft = draft_in("Draft", cast)
    for who in (cast.employee, cast.leader):
        now = timezone.now()
        save_answer(agreement=draft.agreement, question="core_task", text="Dem", by=who, now=now)
        keep_unsaved(agreement=draft.agreement, typed={"goals": "Ro"}, by=who, now=now)
    proposal = propose(draft_in("Proposal", cast), by=cast.employee)
    agreed = agree(propose(draft_in("Agreed", cast), by=cast.employee), by=cast.leader)
    signed = make_signed(cast, follow_up_on=timezone.localdate() + dt.timedelta(days=30))
    talk = signed.agreement.follow_ups.get()
    begun = AgreementRound.objects.create(leader=cast.leader, unit=cast.unit)
    make_employee(cast.unit, "Åse Moe")
    seen = {"revision": proposal.pk, "version": proposal.version, "sha256": proposal.sha256}
    held = make_substitution(cast, substitute=cast.hr, first=dt.date(2098, 1, 1))
    named = {
        "person": cast.coordinator.email,
        "valid_from": "2099-01-01",
        "valid_to": "2099-02-01",
    }
    may_name = {"leader": 200, "manager": 200, "administrator": 200}
    parties, kept = {"signed_in": 404} | PARTIES, signed.agreement_id
    moved = {"signed_in": 404, "leader": 302, "employee": 302}
    left = left_behind(cast)
    own = {"signed_in": 404, "employee": 200}
    paused = draft_in("Paused", cast).agreement
    pause_agreement(agreement=paused, resumes_on=None, by=cast.leader, now=timezone.now())
    neither = {"signed_in": 404, "leader": 403, "employee": 403}
    why = {"text": "Ny turnus"}
    return [
        row("commitments:decline", proposal.agreement_id, signed_in=404, leader=200, employee=403),
        row("commitments:decline", agreed.agreement_id, method="post", data=why, **moved),
        row("commitments:decline", draft.agreement_id, **neither),
        row("commitments:withdraw", proposal.agreement_id, signed_in=404, leader=403, employee=200),
        row("commitments:withdraw", draft.agreement_id, **neither),
        row("commitments:withdraw", draft.agreement_id, method="post", data=why, **neither),
        row("commitments:reconcile", kept, **parties),
        row("commitments:reconcile", draft.agreement_id, **parties),
        row("commitments:reconcile", draft.agreement_id, method="post", **moved),
        row("commitments:pause", kept, **parties),
        row("commitments:pause", kept, method="post", data={"resumes_on": ""}, **moved),
        row("commitments:pause", paused.pk, **neither),
        row("commitments:resume", paused.pk, **parties),
        row("commitments:resume", paused.pk, method="post", **moved),
        row("commitments:resume", kept, **neither),
        row("commitments:carry", left, signed_in=404, employee=200, stranger=200),
        row("commitments:carry", left, method="post", signed_in=404, employee=302, stranger=302),
        row("commitments:carry", kept, signed_in=404),
        row("commitments:detail", left, **own),
        row("commitments:amend", left, signed_in=404, employee=403),
        row("commitments:share", left, signed_in=404, employee=302),  # to confirm who they are
        row("commitments:share", left, method="post", signed_in=404, employee=302),
        row("commitments:share", kept, signed_in=404, leader=403, employee=403),
        row("commitments:stop_sharing", left, **own),
        row("commitments:stop_sharing", left, method="post", signed_in=404, employee=302),
        row("commitments:close", left, **own),
        row("commitments:close", left, method="post", signed_in=404, employee=302),
        row("commitments:shared", left, signed_in=404, employee=200, stranger=200),
        row("commitments:shared", kept, signed_in=404),
        row("commitments:list"),
        row("commitments:start"),
        row("commitments:unheld", signed_in=403, leader=200, manager=200, stranger=200),
        row("commitments:verify"),
        row("commitments:rounds"),
        row("commitments:begin_round", cast.unit.pk, signed_in=404, leader=200, manager=200),
        row(
            "commitments:begin_round",
            cast.unit.pk,
            method="post",
            signed_in=404,
            leader=200,
            manager=200,
        ),
        row("commitments:round", begun.pk, signed_in=404, leader=200),
        row("commitments:delete_round", begun.pk, method="post", signed_in=404, leader=302),
        row("commitments:verify", method="post", data={"sha256": "0" * 64}),
        row("commitments:detail", draft.agreement_id, **parties),
        row("commitments:detail", proposal.agreement_id, **parties),
        row("commitments:detail", kept, **parties),
        row("commitments:revision", kept, 1, **parties),
        row("commitments:revision", kept, 9, signed_in=404),
        row("commitments:edit", draft.agreement_id, **parties),
        row("commitments:edit", proposal.agreement_id, **parties),
        row("commitments:edit", kept, signed_in=404, leader=403, employee=403),
        row("commitments:edit", draft.agreement_id, method="post", data={"more": "1"}, **parties),
        row("commitments:prepare", draft.agreement_id, **parties),
        row("commitments:prepare", kept, signed_in=404, leader=403, employee=403),
        row("commitments:answer", draft.agreement_id, "goals", **parties),
        row("commitments:answer", draft.agreement_id, "nothing", signed_in=404),
        row(
            "commitments:answer",
            draft.agreement_id,
            "goals",
            method="post",
            data={"text": "Vi er på vei"},
            **moved,
        ),
        row("commitments:autosave_answer", draft.agreement_id, "goals", method="post", **parties),
        row("commitments:autosave_answer", draft.agreement_id, "x", method="post", signed_in=404),
        row("commitments:ready", draft.agreement_id, method="post", **moved),
        row("commitments:ready", draft.agreement_id, **parties),
        row("commitments:ready", kept, signed_in=404, leader=403, employee=403),
        row("commitments:ready", kept, method="post", signed_in=404, leader=403, employee=403),
        row("commitments:autosave", draft.agreement_id, method="post", **parties),
        row("commitments:autosave", kept, method="post", signed_in=404, leader=403, employee=403),
        row("commitments:discard", draft.agreement_id, method="post", **moved),
        row("commitments:discard", kept, method="post", signed_in=404, leader=403, employee=403),
        row("commitments:propose", draft.agreement_id, **parties),
        row("commitments:propose", kept, signed_in=404, leader=403, employee=403),
        row(
            "commitments:propose",
            draft.agreement_id,
            method="post",
            data={"revision": draft.pk, "version": draft.version},
            **moved,
        ),
        row("commitments:agree", proposal.agreement_id, signed_in=404, leader=200, employee=403),
        row(
            "commitments:agree",
            proposal.agreement_id,
            method="post",
            data=seen,
            signed_in=404,
            leader=302,
            employee=403,
        ),
        row(
            "commitments:send_back", proposal.agreement_id, signed_in=404, leader=200, employee=403
        ),
        row(
            "commitments:send_back",
            proposal.agreement_id,
            method="post",
            data={**seen, "text": "Ikke ennå"},
            signed_in=404,
            leader=302,
            employee=403,
        ),
        row("commitments:comment", draft.agreement_id, method="post", **parties),
        row("commitments:sign", agreed.agreement_id, **moved),
        row("commitments:sign", agreed.agreement_id, method="post", **moved),
        row("commitments:sign", draft.agreement_id, signed_in=404, leader=403, employee=403),
        row("commitments:paper", agreed.agreement_id, **parties),
        row("commitments:paper", draft.agreement_id, signed_in=404, leader=403, employee=403),
        row("commitments:paper", agreed.agreement_id, method="post", **moved),
        row("commitments:paper_pdf", agreed.agreement_id, **parties),
        row("commitments:paper_pdf", kept, **moved),
        row("commitments:substitutes"),
        row(
            "commitments:name_substitute",
            cast.unit.pk,
            signed_in=403,
            **dict.fromkeys(may_name, 302),  # to confirm who they are
        ),
        row("commitments:name_substitute", cast.sibling_unit.pk, signed_in=404),
        row(
            "commitments:name_substitute",
            cast.unit.pk,
            method="post",
            data=named,
            signed_in=403,
            leader=302,
            manager=302,
            administrator=302,
        ),
        row("commitments:end_substitution", held.pk, signed_in=404, hr=200, **may_name),
        row(
            "commitments:end_substitution",
            held.pk,
            method="post",
            signed_in=404,
            hr=302,
            leader=302,
            manager=302,
            administrator=302,
        ),
        row("commitments:pdf", kept, **parties),
        row("commitments:pdf", draft.agreement_id, signed_in=404),
        row("commitments:amend", kept, **parties),
        row("commitments:amend", draft.agreement_id, signed_in=404, leader=403, employee=403),
        row("commitments:amend", kept, method="post", data={"text": "Ny turnus"}, **moved),
        row("commitments:arrange", kept, **parties),
        row("commitments:arrange", kept, method="post", data={"day": "x"}, **parties),
        row("commitments:arrange", draft.agreement_id, signed_in=404, leader=403, employee=403),
        row("commitments:private_note", kept, talk.pk, **parties),
        row("commitments:private_note", kept, talk.pk, method="post", data={"text": "x"}, **moved),
        row("commitments:follow_up", kept, **parties),
        row("commitments:follow_up", draft.agreement_id, signed_in=404),
        row("commitments:follow_up", kept, method="post", **parties),
        row("commitments:end", kept, **parties),
        row("commitments:end", kept, method="post", data={"text": "Ny stilling"}, **moved),
    ]


def draft_in(name: str, cast: Cast) -> Revision:
    """In a unit of its own that they lead and are led in: two have one open agreement in each."""
    unit = make_unit(name, parent=cast.agency)
    make_position(cast.employee, unit)
    make_leadership(cast.leader, unit)
    pair = Pair(cast.leader, cast.employee, unit, "Konsulent")
    agreement = start_agreement(pair=pair, by=cast.employee, now=timezone.now())
    return save(newest(agreement), by=cast.employee)


def left_behind(cast: Cast) -> int:
    """Signed with a former leader of another unit; the stranger leads it now, and may read it."""
    unit, today, now = make_unit("Left", parent=cast.agency), timezone.localdate(), timezone.now()
    make_position(cast.employee, unit)
    led = make_leadership(cast.manager, unit, since=today - dt.timedelta(days=9))
    pair = Pair(cast.manager, cast.employee, unit, "Konsulent")
    draft = newest(start_agreement(pair=pair, by=cast.employee, now=now))
    agreed = agree(propose(save(draft, by=cast.employee), by=cast.employee), by=cast.manager)
    agreement = sign(sign(agreed, by=cast.employee), by=cast.manager).agreement
    led.valid_to = today - dt.timedelta(days=1)
    led.save()
    make_leadership(cast.stranger, unit, since=today)
    part(agreement.pk, now=now)
    shared = {"agreement": agreement, "with_user": cast.stranger, "by": cast.employee}
    share_agreement(**shared, now=now)
    return agreement.pk
