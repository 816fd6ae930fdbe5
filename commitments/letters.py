"""The letters of this room: neutral subjects, a link, and nothing of what an agreement says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils import timezone

from commitments import calendar
from commitments.models import (
    Agreement,
    Ending,
    FollowUp,
    GuidingQuestion,
    Preparation,
    Revision,
    RevisionState,
    Share,
)
from common.sending_times import Near, near
from common.working_time import closing_of, opening_of
from outbox.actions import queue_letter
from outbox.calendar import CalendarPart
from outbox.letters import absolute_url, render_letter
from outbox.models import Letter
from people.models import Substitution, User
from people.rules import may_sign_in


def write_begun(agreement: Agreement, *, to: User, by: User) -> Letter:
    """«En samtale om avtale er begynt»."""
    return _write("begun", agreement, 0, to=to, by=by, page="prepare")


def write_asked_to_prepare(preparation: Preparation, *, to: User, by: User) -> Letter:
    """«En samtale venter på forberedelsen din», with how many `by` has answered."""
    return _write_of_preparation("asked_to_prepare", preparation, to=to, by=by)


def write_revealed(preparation: Preparation, *, to: User, by: User) -> Letter:
    """«Dere er begge klare», with how many `by` has answered."""
    return _write_of_preparation("revealed", preparation, to=to, by=by)


def _write_of_preparation(name: str, preparation: Preparation, *, to: User, by: User) -> Letter:
    said: dict[str, Any] = {
        "answered": preparation.answers.count(),
        "questions": len(GuidingQuestion),
    }
    about, number = preparation.agreement, preparation.occasion
    return _write(name, about, number, to=to, by=by, page="prepare", **said)


def write_proposed(revision: Revision, *, to: User, by: User) -> Letter:
    """«Et forslag venter på deg», with the day on which it lapses."""
    said: dict[str, Any] = {"is_change": _is_change(revision), "lapses_on": revision.lapses_on}
    return _write("proposed", revision.agreement, revision.number, to=to, by=by, **said)


def _is_change(revision: Revision) -> bool:
    """Return whether the two have signed something already, which holds meanwhile."""
    return revision.agreement.revisions.signed().exists()


def write_sent_back(revision: Revision, *, to: User, by: User) -> Letter:
    """«Forslaget ditt er sendt tilbake»."""
    return _write("sent_back", revision.agreement, revision.number, to=to, by=by)


def write_agreed(revision: Revision, *, to: User, by: User) -> Letter:
    """«Avtalen er klar til signering», with the day on which it lapses."""
    said: dict[str, Any] = {"is_change": _is_change(revision), "lapses_on": revision.lapses_on}
    return _write("agreed", revision.agreement, revision.number, to=to, by=by, page="sign", **said)


def write_signature_voided(revision: Revision, *, to: User, by: User) -> Letter:
    """«Avtalen er endret, og signaturen din gjelder ikke»; a substitute is led to their own page.

    A substitute has nothing more to read of it.
    """
    agreement = revision.agreement
    is_party = agreement.party_of(to) is not None
    said: dict[str, Any] = {
        "page": "detail" if is_party else "substitutes",
        "is_party": is_party,
        "leader": agreement.leader.name,
    }
    return _write("signature_voided", agreement, revision.number, to=to, by=by, **said)


def write_rewritten(revision: Revision, *, to: User, by: User) -> Letter:
    """«Avtalen er endret», to who has not signed: what they were asked to answer or sign is no
    more."""
    said: dict[str, Any] = {
        "was_agreed": revision.is_agreed,
        "was_own": revision.is_proposed and revision.proposed_by_id == to.pk,
        "is_change": _is_change(revision),
    }
    return _write("rewritten", revision.agreement, revision.number, to=to, by=by, **said)


def write_signed(revision: Revision, *, to: User, signer: User) -> Letter:
    """«Avtalen er signert av begge», with both names where a substitute has signed."""
    by = revision.agreement.counterpart_of(to)
    stood_in = revision.signatures.filter(on_behalf_of__isnull=False).first()
    names: dict[str, Any] = {
        "substitute": stood_in.signer_name if stood_in else "",
        "leader": stood_in.on_behalf_of_name if stood_in else "",
    }
    agreement, number = revision.agreement, revision.number
    return _write("signed", agreement, number, to=to, by=by, caused_by=signer, **names)


def write_waits_for_substitute(revision: Revision, *, to: User) -> Letter:
    """«En avtale venter på deg som stedfortreder»: the leader's name, and nothing of the other."""
    agreement = revision.agreement
    return _write(
        "substitute_waits", agreement, revision.number, to=to, by=agreement.leader, page="sign"
    )


def write_substitution(name: str, substitution: Substitution, *, to: User, by: User) -> Letter:
    """«Stedfortreder er oppgitt» (named), «Du er stedfortreder» (asked), and when it is ended."""
    concerned = (substitution.leader_id, substitution.substitute_id)
    page = "substitutes" if to.pk in concerned else "list"
    context = {
        "substitute": substitution.substitute.name,
        "leader": substitution.leader.name,
        "first": substitution.valid_from,
        "last": substitution.valid_to,
        "url": absolute_url(reverse(f"commitments:{page}")),
    }
    words = render_letter(f"commitments/substitute_{name}", to=to, context=context)
    return queue_letter(
        key=f"substitution:{substitution.pk}:{name}:{to.pk}",
        kind=f"commitments.substitute_{name}",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=substitution,
        by=by,
    )


def write_ended(agreement: Agreement) -> None:
    """«Avtalen er avsluttet», to both, with when all of it is erased.

    A leader who has lost sight of it learns that alone.
    """
    assert agreement.ended_at is not None  # noqa: S101
    for to in _at_work(agreement, timezone.localdate(agreement.ended_at)):
        reads_on = agreement.party_of(to) is not None
        _write(
            "ended",
            agreement,
            0,
            to=to,
            by=agreement.counterpart_of(to),
            page="detail" if reads_on else "list",
            caused_by=agreement.ended_by,
            reads_on=reads_on,
            is_own=agreement.ended_by == to,
            ender=agreement.ended_by.name if agreement.ended_by else "",
            ending=Ending(agreement.ended_as).value,
            is_signed=agreement.revisions.signed().exists(),
            erases_on=agreement.erases_on,
        )


def write_change_lapsed(revision: Revision, *, was: RevisionState, today: dt.date) -> None:
    """«En endring av avtalen er falt bort», to both who are at work."""
    agreement = revision.agreement
    for to in _at_work(agreement, today):
        other = agreement.counterpart_of(to)
        _write("change_lapsed", agreement, revision.number, to=to, by=other, was=was.value)


def write_follow_up_lapsed(follow_up: FollowUp, *, today: dt.date) -> None:
    """«En oppfølgingssamtale står ikke lenger på planen», to both who are at work."""
    agreement = follow_up.agreement
    for to in _at_work(agreement, today):
        other = agreement.counterpart_of(to)
        _write("follow_up_lapsed", agreement, follow_up.pk, to=to, by=other, day=follow_up.due_on)


def write_declined(revision: Revision, *, to: User, by: User) -> Letter:
    """«En endring er avslått»: what was signed before holds."""
    return _write("declined", revision.agreement, revision.number, to=to, by=by)


def write_withdrawn(revision: Revision, *, was_proposed: bool, to: User, by: User) -> Letter:
    """«Et forslag er trukket», or «En endring er lagt bort» where it was a draft still."""
    said: dict[str, Any] = {"was_proposed": was_proposed, "is_change": _is_change(revision)}
    return _write("withdrawn", revision.agreement, revision.number, to=to, by=by, **said)


def write_paused(
    agreement: Agreement, *, resumes_on: dt.date | None, by: User, now: dt.datetime
) -> Letter:
    """«En avtale er satt på pause»; the moment tells one pause from the next."""
    to = agreement.counterpart_of(by)
    label = f"paused:{now:%Y%m%d%H%M%S}"
    return _write("paused", agreement, 0, to=to, by=by, label=label, resumes_on=resumes_on)


def write_resumed(
    agreement: Agreement, *, to: User, by: User, is_by_itself: bool = False
) -> Letter:
    """«En avtale går videre»: the other resumed it, or its day had come."""
    label = f"resumed:{agreement.paused_at:%Y%m%d%H%M%S}"
    return _write("resumed", agreement, 0, to=to, by=by, label=label, is_by_itself=is_by_itself)


def write_carried(agreement: Agreement, *, to: User, by: User) -> Letter:
    """«En avtale er ført videre»."""
    return _write("carried", agreement, 0, to=to, by=by)


def write_arranged(follow_up: FollowUp, *, by: User, is_moved: bool, now: dt.datetime) -> None:
    """«Oppfølgingssamtale», to both, with what puts it in the calendar or moves it."""
    part, said = calendar.invitation, {"is_moved": is_moved}
    _write_to_calendars("follow_up_arranged", part, follow_up, by=by, now=now, said=said)


class TakenOut(StrEnum):
    """Why a conversation leaves the calendars."""

    HELD = "held"
    PAUSED = "paused"
    ENDED = "ended"
    PARTED = "parted"
    MOVED = "moved"


def write_taken_out(follow_up: FollowUp, *, why: TakenOut, now: dt.datetime) -> None:
    """«Oppfølgingssamtalen er ute av kalenderen», to both, with what takes it out and why."""
    name, part, said = "follow_up_taken_out", calendar.cancellation, {"why": why.value}
    _write_to_calendars(name, part, follow_up, by=None, now=now, page="list", said=said)


def _write_to_calendars(
    name: str,
    part: Callable[..., CalendarPart],
    follow_up: FollowUp,
    *,
    by: User | None,
    now: dt.datetime,
    said: dict[str, Any],
    page: str = "detail",
) -> None:
    agreement, number = follow_up.agreement, follow_up.calendar_sequence
    for to in agreement.signers:
        _write(
            name,
            agreement,
            number,
            to=to,
            by=agreement.counterpart_of(to),
            page=page,
            label=f"{name}:{follow_up.pk}",
            ics=part(follow_up, to=to, now=now),
            caused_by=by,
            when=near(opening_of(follow_up.due_on), closing_of(follow_up.due_on)),
            follow_up=follow_up,
            is_own=by == to,
            **said,
        )


def write_parted(
    agreement: Agreement, *, is_signed: bool, erases_on: dt.date | None, today: dt.date
) -> None:
    """«Hvem som ser en avtale, er endret», to both, and nothing of what it says.

    With a day of erasure where it ended by that: nobody had signed it.
    """
    employee, leader = agreement.employee, agreement.leader
    said: dict[str, Any] = {"is_signed": is_signed, "erases_on": erases_on}
    at_work = _at_work(agreement, today)
    if employee in at_work:
        _write("parted", agreement, 0, to=employee, by=leader, **said)
    if leader in at_work:
        _write("parted_leader", agreement, 0, to=leader, by=employee, page="list", **said)


def _at_work(agreement: Agreement, on: dt.date) -> list[User]:
    """Whoever has left is asked for nothing, and could read nothing of it."""
    return [one for one in agreement.signers if may_sign_in(one, on)]


def write_shared(share: Share) -> Letter:
    """«En avtale er delt med deg»."""
    return _write(
        "shared",
        share.agreement,
        share.pk,
        to=share.with_user,
        by=share.agreement.employee,
        page="shared",
    )


def write_shared_by_employee(share: Share) -> Letter:
    """«Du har delt en avtale»."""
    agreement = share.agreement
    return _write(
        "shared_by_employee",
        agreement,
        share.pk,
        to=agreement.employee,
        by=share.with_user,
        caused_by=agreement.employee,
    )


def _write(
    name: str,
    agreement: Agreement,
    number: int,
    *,
    to: User,
    by: User,
    page: str = "detail",
    label: str = "",
    ics: CalendarPart | None = None,
    caused_by: User | None = None,
    when: Near | None = None,
    **more: Any,
) -> Letter:
    args = [] if page in ("list", "substitutes") else [agreement.pk]
    context: dict[str, Any] = {
        "other": by.name,
        "url": absolute_url(reverse(f"commitments:{page}", args=args)),
        **more,
    }
    words = render_letter(f"commitments/{name}", to=to, context=context)
    return queue_letter(
        key=f"agreement:{agreement.pk}:{label or name}:{number}:{to.pk}",
        kind=f"commitments.{name}",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        calendar=ics,
        about=agreement,
        by=caused_by,
        near=when,
    )
