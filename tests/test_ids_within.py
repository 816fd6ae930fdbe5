"""Every action that takes an object or an id besides the one it locks: never another's.

The actions are found where they stand. One that takes a row of something larger (a revision, a
registration …) or ids among what was typed has an entry in `CROSSED` that says how it is called
rightly; the test then calls it with the key of a row in another agreement or seminar, which is the
same person's to act on, and nothing of either changes. One that takes an id as it is, by whatever
name and in whatever place, is called with that of what it is not for (`BY_ID`). An action that is
new and has none fails, and so does a parameter of a kind that is not written down here.
"""

from __future__ import annotations

import ast
import copy
import dataclasses
import datetime as dt
import importlib
import inspect
import pkgutil
import re
import textwrap
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils import timezone

from attendance.door.actions import Sighting, scan
from attendance.joining.actions import join_meeting
from attendance.marking.actions import (
    correct_attendance,
    mark_attendance,
)
from attendance.own_attendance.actions import ask_for_correction
from attendance.walk_ins.actions import give_seat_at_the_door, register_walk_in
from commitments.declining.actions import decline_proposal, withdraw_proposal
from commitments.drafts import AgreementContent, Base
from commitments.eligible_pairs import Pair
from commitments.follow_up.actions import Said, hold_follow_up, write_private_note
from commitments.leader_changes.actions import part_agreement, share_agreement
from commitments.locking import lock_for_signing, lock_open_agreement
from commitments.models import (
    Agreement,
    AgreementRound,
    Commitment,
    FollowUp,
    Method,
    Revision,
    Share,
)
from commitments.proposing.actions import (
    agree_to_proposal,
    comment_on_agreement,
    propose_agreement,
    send_back_proposal,
)
from commitments.renewing.actions import carry_agreement_forward, reconcile_draft
from commitments.retention.actions import erase_agreement
from commitments.rounds import actions as rounds_actions
from commitments.signing.actions import Proof, sign_agreement
from commitments.writing.actions import save_draft, start_agreement
from common.errors import Refused
from missions.models import MissionVersion, Term, UpwardQuestion
from missions.writing import actions as writing_actions
from outbox.images import LetterImage
from outbox.letters import Rendered
from outbox.models import Letter, LetterQuerySet
from people.models import RoleGrant, StaffImportRun, Substitution, Unit, User
from pulse.models import PulseRound
from seminars.approvals.actions import approve_registration, decline_registration
from seminars.approvals.restore_actions import restore_declined
from seminars.audiences.actions import remove_audience, write_audience
from seminars.editing import actions as editing_actions
from seminars.models import (
    Audience,
    ChoiceGroup,
    Question,
    Registration,
    SeatPool,
    Seminar,
    SeminarRoleGrant,
    Session,
)
from seminars.offers.actions import accept_offer, decline_offer
from seminars.parallel_sessions import actions as parallel_sessions_actions
from seminars.pools.actions import release_pool
from seminars.questions import actions as questions_actions
from seminars.registration_window import closed_to_all
from seminars.requirements.actions import write_needs
from seminars.seats.allocation import allocate_seat, give_seat
from seminars.seats.ways_in import register_for_seminar, register_on_behalf, register_staff
from seminars.seats.withdrawal import remove_participant, withdraw_registration
from seminars.seminar_content import AudienceContent, QuestionContent, SeminarContent
from seminars.substitution.actions import substitute_participant
from seminars.waiting_list.actions import move_in_queue
from tests.attendance.factories import seen
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreed,
    make_content,
    make_draft,
    make_proposal,
    make_signed,
    propose,
)
from tests.commitments.test_parting import new_leader
from tests.factories import make_employee
from tests.missions.factories import make_mission
from tests.rows import Rows, all_rows, changed, pointing_at
from tests.seminars.factories import (
    choose,
    make_choice,
    make_registration,
    make_seminar,
)
from tests.seminars.test_organising import content_of
from tests.sources import modules as modules_of_the_portal
from tests.sources import objects_in

pytestmark = pytest.mark.no_cover

ROOT = Path(settings.BASE_DIR)
DAY = dt.timedelta(days=1)

PARENTS: dict[type[Model], str] = {
    Revision: "agreement",
    FollowUp: "agreement",
    Share: "agreement",
    Registration: "seminar",
    Question: "seminar",
    Audience: "seminar",
    SeatPool: "seminar",
}
"""Rows that are locked through what they are part of."""
WHOLE = {
    *(Agreement, AgreementRound, Seminar, MissionVersion, PulseRound, UpwardQuestion, Term),
    *(Letter, LetterQuerySet, RoleGrant, Substitution, Unit, User, Model),
    *(Session, Commitment, HttpRequest, StaffImportRun, SeminarRoleGrant),
}
"""Rows that are locked themselves, or that nothing is part of."""
WITH_IDS = {
    AgreementContent,
    Base,
    SeminarContent,
    QuestionContent,
    Pair,
    Sighting,
    writing_actions.MissionWording,
}
"""What was typed, with ids of rows in it."""
OF_ALL = {AudienceContent}
"""What was typed, with people and agencies in it, who are part of nothing."""
PLAIN = {
    Any,
    str,
    int,
    bool,
    Path,
    dt.date,
    dt.datetime,
    dt.timedelta,
    UUID,
    type(None),
    Proof,
    Said,
    Rendered,
    LetterImage,
}


CORE = {
    "allocation",
    "confirmation",
    "registration",
    "ways_in",
    "session_placement",
    "withdrawal",
    "scanning",
    "locking",
}
"""What the journeys of a room share and does what they do."""


def actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each public function of the rooms' actions, by its room and name."""
    for config in apps.get_app_configs():
        if Path(config.path).parent == ROOT:
            for module in modules(config.name):
                for name, found in vars(module).items():
                    is_own = getattr(found, "__module__", "") == module.__name__
                    if inspect.isfunction(found) and is_own and not name.startswith("_"):
                        yield f"{config.name}.{name}", found


def modules(room: str) -> Iterator[types.ModuleType]:
    for one in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
        last = one.name.rpartition(".")[2]
        if last in CORE or last == "actions" or last.endswith("_actions"):
            yield importlib.import_module(one.name)


ACTIONS = dict(actions())
CONTAINERS = (
    *(Collection, Sequence, Iterable, list, tuple, set, frozenset),
    *(typing.Union, types.UnionType),
)


def flat(hint: Any) -> Iterator[Any]:
    """The classes in an annotation; a mapping from numbers is one from ids."""
    origin = get_origin(hint)
    if origin is Mapping or origin is dict:
        yield from (["ids"] if get_args(hint)[0] is int else [])
        for one in get_args(hint)[1:]:
            yield from flat(one)
    elif origin in (Collection, Sequence, Iterable, list, tuple, set, frozenset) or origin in (
        typing.Union,
        types.UnionType,
    ):
        for one in get_args(hint):
            yield from flat(one)
    elif origin is None:
        yield hint


NUMBERS = {"seats", "place", "seen", "seen_version"}
"""Parameters that count or say which version was seen; any other whole number is an id."""
CALLED_AN_ID = re.compile(r"(?:^|_)(?:ids?|pks?)$")


def parameters(action: Callable[..., Any]) -> dict[str, Any]:
    """What an action is called with, but for who does it: each name with its annotation."""
    hints = get_type_hints(inspect.unwrap(action))
    names = inspect.signature(action).parameters
    return {name: hints[name] for name in names if name != "by"}


def takes(action: Callable[..., Any]) -> set[Any]:
    """The classes of what an action is called with, by name or by place."""
    return {one for hint in parameters(action).values() for one in flat(hint)}


def takes_an_id(action: Callable[..., Any]) -> bool:
    """A number, or several, that is or are no count; or whatever is called an id."""
    return any(
        CALLED_AN_ID.search(name) or (int in flat(hint) and name not in NUMBERS)
        for name, hint in parameters(action).items()
    )


def takes_a_pair(action: Callable[..., Any]) -> bool:
    taken = takes(action)
    return bool(taken & {"ids", *PARENTS, *WITH_IDS})


# How each is called rightly, and with what of another


@dataclasses.dataclass(frozen=True)
class Crossed:
    """`own` goes through; none of `foreign` does, or what it names of another is passed over."""

    own: Callable[[], object]
    foreign: list[Callable[[], object]]
    is_passed_over: bool = False


def as_if_in(mine: Model, other: Model) -> Any:
    """The other's key in a row that says it is part of what mine is part of."""
    forged = copy.copy(mine)
    forged.pk = other.pk
    return forged


def beside(cast: Cast) -> Cast:
    return replace(cast, employee=make_employee(cast.unit, "Åse Berg"))


def crossed(action: Any, name: str, mine: Model, other: Model, **values: Any) -> Crossed:
    call = partial(action, now=timezone.now(), **values)
    return Crossed(
        own=partial(call, **{name: mine}),
        foreign=[partial(call, **{name: as_if_in(mine, other)})],
    )


def of_two(
    action: Any, make: Callable[[Cast], Revision], cast: Cast, by: User, values: Any
) -> Crossed:
    mine, other = make(cast), make(beside(cast))
    made = crossed(action, "revision", mine, other, by=by, **values(mine))
    # With what the page showed of the other one, too.
    forged = partial(
        action, revision=as_if_in(mine, other), by=by, now=timezone.now(), **values(other)
    )
    return replace(made, foreign=[*made.foreign, forged])


def nothing(_revision: Revision) -> dict[str, Any]:
    return {}


def leaders_proposal(cast: Cast) -> Revision:
    return propose(make_draft(cast), by=cast.leader)


def on_an_older_mission(cast: Cast) -> Crossed:
    made = of_two(reconcile_draft, make_draft, cast, cast.leader, nothing)
    make_mission(cast.unit)
    return made


def hold(cast: Cast) -> Crossed:
    soon = timezone.localdate() + DAY
    mine, other = (make_signed(one, follow_up_on=soon) for one in (cast, beside(cast)))
    talks = [one.agreement.follow_ups.get() for one in (mine, other)]
    said, others = (
        {row.pk: Said("kept") for row in one.commitments.all()} for one in (mine, other)
    )
    call = partial(hold_follow_up, next_on=None, by=cast.leader, now=timezone.now())
    return Crossed(
        own=partial(call, follow_up=talks[0], said=said),
        foreign=[
            partial(call, follow_up=as_if_in(*talks), said=said),
            partial(call, follow_up=as_if_in(*talks), said=others),
            partial(call, follow_up=talks[0], said=others),
        ],
    )


def note(cast: Cast) -> Crossed:
    soon = timezone.localdate() + DAY
    talks = [
        make_signed(one, follow_up_on=soon).agreement.follow_ups.get()
        for one in (cast, beside(cast))
    ]
    return crossed(write_private_note, "follow_up", *talks, text="Mitt", by=cast.leader)


def carry(cast: Cast) -> Crossed:
    mine, other = (make_signed(one).agreement for one in (cast, beside(cast)))
    successor = new_leader(cast)
    shares = [
        share_agreement(agreement=one, with_user=successor, by=one.employee, now=timezone.now())
        for one in (mine, other)
    ]
    return crossed(carry_agreement_forward, "share", *shares, by=successor)


def start(cast: Cast) -> Crossed:
    """A pair is people and a unit, whom the view asks the rules about; nothing is locked yet."""
    make_mission(cast.unit)
    pair = Pair(cast.leader, cast.employee, cast.unit, "Konsulent")
    call = partial(start_agreement, by=cast.leader, now=timezone.now())
    return Crossed(own=partial(call, pair=pair), foreign=[])


def begin_round(cast: Cast) -> Crossed:
    """With somebody of another unit that the leader leads, and with another's mission."""
    mission = make_mission(cast.unit)
    elsewhere = make_employee(cast.sibling_unit, "Åse Berg")
    others = make_content(make_mission(cast.sibling_unit), "leader")
    mine = Pair(cast.leader, cast.employee, cast.unit, "Konsulent")
    other = Pair(cast.leader, elsewhere, cast.sibling_unit, "Konsulent")
    call = partial(
        rounds_actions.begin_round,
        unit=cast.unit,
        content=make_content(mission, "leader"),
        by=cast.leader,
        now=timezone.now(),
    )
    return Crossed(
        own=partial(call, pairs=[mine]),
        foreign=[
            partial(call, pairs=[other]),
            partial(call, pairs=[mine, other]),
            partial(call, pairs=[mine], content=others),
        ],
    )


def save(cast: Cast) -> Crossed:
    made = of_two(
        save_draft,
        make_draft,
        cast,
        cast.leader,
        lambda one: {
            "seen_version": one.version,
            "content": make_content(one.mission_version, goals="Nye mål"),
        },
    )
    return made


def two_seminars(cast: Cast, **fields: Any) -> list[Seminar]:
    return [
        make_seminar(cast.other_agency, created_by=cast.organiser, title=title, **fields)
        for title in ("Mitt seminar", "Et annet seminar")
    ]


def registrations(cast: Cast, **fields: Any) -> list[Registration]:
    """The same person in both, and both the same organiser's."""
    return [make_registration(one, cast.employee, **fields) for one in two_seminars(cast)]


def of_registrations(
    action: Any,
    cast: Cast,
    *,
    by: User | None = None,
    state: dict[str, Any] | None = None,
    **values: Any,
) -> Crossed:
    mine, other = registrations(cast, **(state or {}))
    return crossed(action, "registration", mine, other, by=by or cast.organiser, **values)


def awaiting(cast: Cast) -> dict[str, Any]:
    soon = timezone.now() + DAY
    return {"state": "awaiting", "approver": cast.leader, "expires_at": soon, "unit": cast.unit}


def declined(cast: Cast) -> dict[str, Any]:
    gone = timezone.now()
    return {"state": "declined", "approver": cast.leader, "withdrawn_at": gone, "unit": cast.unit}


def offered() -> dict[str, Any]:
    return {"state": "offered", "expires_at": timezone.now() + DAY}


def questions(cast: Cast) -> list[Question]:
    found = []
    for seminar in two_seminars(cast):
        Question.objects.create(seminar=seminar, text="Først?", kind="text")
        found.append(Question.objects.create(seminar=seminar, text="Hotell?", kind="text"))
    return found


def question(action: Any, cast: Cast, **values: Any) -> Crossed:
    mine, other = questions(cast)
    call = partial(action, by=cast.organiser, **values)
    return Crossed(
        own=partial(call, question=mine), foreign=[partial(call, question=as_if_in(mine, other))]
    )


def conditional(**shown: Any) -> QuestionContent:
    return QuestionContent(text="Når?", kind="text", options=[], is_required=False, **shown)


def ask(cast: Cast) -> Crossed:
    mine, other = two_seminars(cast)
    asked = Question.objects.create(
        seminar=other, text="Hotell?", kind="one", options=["Ja", "Nei"]
    )
    call = partial(questions_actions.ask_question, seminar=mine, by=cast.organiser)
    foreign = conditional(shown_if=asked, shown_if_option="Ja")
    return Crossed(
        own=partial(call, content=conditional()), foreign=[partial(call, content=foreign)]
    )


def rewrite(cast: Cast) -> Crossed:
    made = question(questions_actions.rewrite_question, cast, content=conditional())
    mine, other = Question.objects.filter(text="Hotell?").order_by("seminar")
    earlier = mine.seminar.questions.get(text="Først?")
    foreign = conditional(shown_if=as_if_in(earlier, other), shown_if_option="Ja")
    call = partial(
        questions_actions.rewrite_question, question=mine, content=foreign, by=cast.organiser
    )
    return replace(made, foreign=[*made.foreign, call])


def audience(cast: Cast) -> Crossed:
    rows = [one.audiences.create(kind="everyone") for one in two_seminars(cast)]
    content = replace(AudienceContent.of(rows[0]), opens_at=timezone.now())
    call = partial(write_audience, content=content, by=cast.organiser, now=timezone.now())
    return Crossed(
        own=partial(call, seminar=rows[0].seminar, audience=rows[0]),
        foreign=[
            partial(call, seminar=rows[0].seminar, audience=rows[1]),
            partial(call, seminar=rows[0].seminar, audience=as_if_in(*rows)),
        ],
    )


def no_audience(cast: Cast) -> Crossed:
    rows = [one.audiences.create(kind="everyone") for one in two_seminars(cast)]
    made = crossed(remove_audience, "audience", *rows, by=cast.organiser)
    return replace(made, is_passed_over=True)


def pool(cast: Cast) -> Crossed:
    rows = [
        SeatPool.objects.create(seminar=one, agency=cast.agency, seats=1)
        for one in two_seminars(cast)
    ]
    return crossed(release_pool, "pool", *rows, by=cast.organiser)


def attendance(cast: Cast) -> Crossed:
    mine, other = two_seminars(cast, starts_at=timezone.now() - dt.timedelta(hours=1))
    rows = [make_registration(one, cast.employee) for one in (mine, other)]
    call = partial(mark_attendance, seminar=mine, by=cast.organiser, now=timezone.now())
    return Crossed(
        own=partial(call, marks={rows[0].pk: "attended"}),
        foreign=[partial(call, marks={rows[1].pk: "attended"})],
    )


def correction(cast: Cast) -> Crossed:
    mine, other = two_seminars(cast, starts_at=timezone.now() - dt.timedelta(hours=1))
    rows = [make_registration(one, cast.employee) for one in (mine, other)]
    words = {"outcome": "attended", "reason": "x"}
    call = partial(correct_attendance, by=cast.organiser, now=timezone.now(), **words)
    own, foreign = mine.sessions.get(), other.sessions.get()
    return Crossed(
        own=partial(call, rows[0], session=own),
        foreign=[
            partial(call, rows[0], session=foreign),
            partial(call, as_if_in(*rows), session=foreign),
        ],
    )


def wish_for_correction(cast: Cast) -> Crossed:
    mine, other = two_seminars(cast, starts_at=timezone.now() - dt.timedelta(hours=1))
    rows = [make_registration(one, cast.employee) for one in (mine, other)]
    return crossed(ask_for_correction, "registration", *rows, words="Jeg kom.", by=cast.employee)


def seen_at_the_door(cast: Cast) -> Crossed:
    mine, other = two_seminars(cast, starts_at=timezone.now() - dt.timedelta(hours=1))
    rows = [make_registration(one, cast.employee) for one in (mine, other)]
    session = mine.sessions.select_related("seminar").get()
    call = partial(scan, session=session, by=cast.organiser, now=timezone.now())
    return Crossed(
        own=partial(call, seen=seen(rows[0], timezone.now())),
        foreign=[partial(call, seen=seen(rows[1], timezone.now()))],
        is_passed_over=True,
    )


def into_the_meeting(cast: Cast) -> Crossed:
    mine, other = two_seminars(cast, starts_at=timezone.now() - dt.timedelta(hours=1))
    rows = [make_registration(one, cast.employee) for one in (mine, other)]
    session = mine.sessions.select_related("seminar").get()
    call = partial(join_meeting, session=session, by=cast.employee, now=timezone.now())
    return Crossed(
        own=partial(call, registration=rows[0]),
        foreign=[
            partial(call, registration=rows[1]),
            partial(call, registration=as_if_in(*rows)),
        ],
        is_passed_over=True,
    )


def answer_again(cast: Cast) -> Crossed:
    mine, other = questions(cast)
    rows = [make_registration(one.seminar, cast.leader) for one in (mine, other)]
    call = partial(questions_actions.answer_questions, by=cast.leader, now=timezone.now())
    return Crossed(
        own=partial(call, registration=rows[0], answers={mine.pk: ["Ja"]}),
        foreign=[
            partial(call, registration=rows[0], answers={other.pk: ["Ja"]}),
            lambda: refused(partial(call, registration=as_if_in(*rows), answers={mine.pk: ["x"]})),
        ],
        is_passed_over=True,
    )


def register_with_answers(cast: Cast) -> Crossed:
    mine, other = questions(cast)
    call = partial(
        questions_actions.register_with_answers,
        seminar=mine.seminar,
        by=cast.leader,
        now=timezone.now(),
    )
    return Crossed(
        own=partial(call, answers={mine.pk: ["Ja"]}),
        foreign=[partial(call, answers={other.pk: ["Ja"]})],
        is_passed_over=True,
    )


def sessions(action: Any, cast: Cast, **values: Any) -> Crossed:
    """With a session of another seminar, in one's own choice and in the other's."""
    begun = action in (register_walk_in, give_seat_at_the_door)
    starts_at = timezone.now() - dt.timedelta(hours=1) if begun else None
    mine, other = two_seminars(cast, starts_at=starts_at)
    own, foreign = (make_choice(one, 30, 30)[0] for one in (mine, other))
    call = partial(action, seminar=mine, now=timezone.now(), **values)
    return Crossed(
        own=partial(call, choices={own.choice_group_id: own.pk}),
        foreign=[
            partial(call, choices={own.choice_group_id: foreign.pk}),
            partial(call, choices={foreign.choice_group_id: foreign.pk}),
        ],
        is_passed_over=True,
    )


def change_choices(cast: Cast) -> Crossed:
    pairs = [(one, make_choice(one, 30, 30)) for one in two_seminars(cast)]
    rows = [choose(make_registration(one, cast.leader), made[0]) for one, made in pairs]
    mine, other = (row.registration for row in rows)
    own, foreign = (made[1] for _one, made in pairs)
    call = partial(parallel_sessions_actions.change_choices, by=cast.leader, now=timezone.now())
    choices = {own.choice_group_id: own.pk}
    return Crossed(
        own=partial(call, registration=mine, choices=choices),
        foreign=[
            partial(call, registration=mine, choices={own.choice_group_id: foreign.pk}),
            partial(call, registration=mine, choices={foreign.choice_group_id: foreign.pk}),
            lambda: refused(partial(call, registration=as_if_in(mine, other), choices=choices)),
        ],
        is_passed_over=True,
    )


def change_seminar(cast: Cast) -> Crossed:
    """A session that the form says is another seminar's becomes a new one of this."""

    mine, other = two_seminars(cast)
    content = content_of(mine)
    theirs = replace(content.sessions[0], pk=other.sessions.get().pk)
    call = partial(
        editing_actions.change_seminar, seminar=mine, by=cast.organiser, now=timezone.now()
    )
    return Crossed(
        own=partial(call, content=content),
        foreign=[partial(call, content=replace(content, sessions=[theirs]))],
        is_passed_over=True,
    )


def create_seminar(cast: Cast) -> Crossed:

    mine, other = two_seminars(cast)
    content = content_of(mine)
    theirs = replace(content.sessions[0], pk=other.sessions.get().pk)
    call = partial(editing_actions.create_seminar, by=cast.organiser, now=timezone.now())
    return Crossed(
        own=partial(call, content=content),
        foreign=[partial(call, content=replace(content, sessions=[theirs]))],
        is_passed_over=True,
    )


def served(cast: Cast) -> Crossed:
    """The core activity above that a mission serves is one of the mission above."""
    above = make_mission(cast.department)
    elsewhere = make_mission(cast.other_unit)
    draft = writing_actions.draft_mission(unit=cast.unit, by=cast.leader, now=timezone.now())
    call = partial(writing_actions.save_draft, version=draft, by=cast.leader, now=timezone.now())

    def wording(version: MissionVersion) -> writing_actions.MissionWording:
        return writing_actions.MissionWording(
            core_task="Hva", serves=version.core_activities.all()[0].pk
        )

    return Crossed(
        own=partial(call, wording=wording(above)),
        foreign=[partial(call, wording=wording(elsewhere))],
    )


def refused(call: Callable[[], object]) -> None:
    with pytest.raises(Refused):
        call()


CROSSED: dict[str, Callable[[Cast], Crossed]] = {
    "commitments.propose_agreement": lambda cast: of_two(
        propose_agreement,
        make_draft,
        cast,
        cast.leader,
        lambda one: {"seen_version": one.version},
    ),
    "commitments.send_back_proposal": lambda cast: of_two(
        send_back_proposal, make_proposal, cast, cast.leader, lambda _one: {"note": "x"}
    ),
    "commitments.agree_to_proposal": lambda cast: of_two(
        agree_to_proposal,
        make_proposal,
        cast,
        cast.leader,
        lambda one: {"sha256": one.sha256},
    ),
    "commitments.comment_on_agreement": lambda cast: of_two(
        comment_on_agreement, make_draft, cast, cast.leader, lambda _one: {"text": "x"}
    ),
    "commitments.decline_proposal": lambda cast: of_two(
        decline_proposal, make_proposal, cast, cast.leader, lambda _one: {"reason": "x"}
    ),
    "commitments.withdraw_proposal": lambda cast: of_two(
        withdraw_proposal,
        leaders_proposal,
        cast,
        cast.leader,
        lambda _one: {"reason": "x"},
    ),
    "commitments.sign_agreement": lambda cast: of_two(
        sign_agreement,
        make_agreed,
        cast,
        cast.leader,
        lambda one: {"sha256": one.sha256, "proof": Proof(Method.PASSWORD, timezone.now())},
    ),
    "commitments.reconcile_draft": on_an_older_mission,
    "commitments.save_draft": save,
    "commitments.hold_follow_up": hold,
    "commitments.write_private_note": note,
    "commitments.carry_agreement_forward": carry,
    "commitments.start_agreement": start,
    "commitments.begin_round": begin_round,
    "missions.save_draft": served,
    "seminars.withdraw_registration": lambda cast: of_registrations(withdraw_registration, cast),
    "seminars.remove_participant": lambda cast: of_registrations(
        remove_participant, cast, reason="x"
    ),
    "seminars.substitute_participant": lambda cast: of_registrations(
        substitute_participant, cast, user=cast.stranger
    ),
    "seminars.write_needs": lambda cast: of_registrations(
        write_needs, cast, by=cast.employee, diet=["vegan"], access=[], details=""
    ),
    "seminars.move_in_queue": lambda cast: of_registrations(
        move_in_queue, cast, state={"state": "waitlisted"}, place=1, reason="x"
    ),
    "seminars.give_seat": lambda cast: of_registrations(
        give_seat, cast, state={"state": "waitlisted"}, door=closed_to_all
    ),
    "seminars.accept_offer": lambda cast: of_registrations(
        accept_offer, cast, by=cast.employee, state=offered()
    ),
    "seminars.decline_offer": lambda cast: of_registrations(
        decline_offer, cast, by=cast.employee, state=offered()
    ),
    "seminars.approve_registration": lambda cast: of_registrations(
        approve_registration, cast, by=cast.leader, state=awaiting(cast)
    ),
    "seminars.decline_registration": lambda cast: of_registrations(
        decline_registration, cast, by=cast.leader, state=awaiting(cast), reason="x"
    ),
    "seminars.restore_declined": lambda cast: of_registrations(
        restore_declined, cast, by=cast.leader, state=declined(cast)
    ),
    "seminars.rewrite_question": rewrite,
    "seminars.move_question": lambda cast: question(
        questions_actions.move_question, cast, place=2, is_up=True
    ),
    "seminars.drop_question": lambda cast: question(questions_actions.drop_question, cast),
    "seminars.ask_question": ask,
    "seminars.write_audience": audience,
    "seminars.remove_audience": no_audience,
    "seminars.release_pool": pool,
    "attendance.mark_attendance": attendance,
    "attendance.correct_attendance": correction,
    "attendance.scan": seen_at_the_door,
    "attendance.ask_for_correction": wish_for_correction,
    "attendance.join_meeting": into_the_meeting,
    "seminars.answer_questions": answer_again,
    "seminars.register_with_answers": register_with_answers,
    "seminars.change_choices": change_choices,
    "seminars.register_for_seminar": lambda cast: sessions(
        register_for_seminar, cast, by=cast.leader
    ),
    "seminars.register_staff": lambda cast: sessions(
        register_staff, cast, user=cast.employee, by=cast.leader
    ),
    "seminars.register_on_behalf": lambda cast: sessions(
        register_on_behalf, cast, user=cast.employee, by=cast.organiser
    ),
    "attendance.register_walk_in": lambda cast: sessions(
        register_walk_in, cast, user=cast.employee, by=cast.organiser
    ),
    "attendance.give_seat_at_the_door": lambda cast: sessions(
        give_seat_at_the_door, cast, user=cast.employee, by=cast.organiser
    ),
    "seminars.allocate_seat": lambda cast: sessions(
        allocate_seat, cast, user=cast.employee, by=cast.organiser
    ),
    "seminars.change_seminar": change_seminar,
    "seminars.create_seminar": create_seminar,
}

IN_A_LARGER_ONE = {
    "seminars.place_in_sessions": "called under the lock by each that registers or chooses",
    "seminars.wish_for_sessions": "called under the lock by each that registers or chooses",
}
"""Steps of the actions above, which are tried through them."""
STEPS = {
    *("commitments.copy_forward", "commitments.copy_words", "commitments.next_draft"),
    *("commitments.supersede", "commitments.tell_substitute", "commitments.revision_in"),
    *("missions.write_wording", "seminars.approve", "seminars.decline"),
    *("seminars.confirm_or_ask", "seminars.settle_unanswered", "seminars.tell_of_seat"),
    *("seminars.end_registration", "seminars.locked_registration", "seminars.registration_in"),
}
"""What the actions call with a row that they looked up under the lock; no page calls any."""
READS = {
    *("commitments.appointment_stored", "commitments.missing_sides", "commitments.still_to_come"),
    *("commitments.refuse_passed_days", "commitments.without_activity", "seminars.by_field"),
    *("seminars.answers_stored", "seminars.choices_stored", "seminars.needs_stored"),
    *("seminars.outcome_in_words", "seminars.refuse_crowded_sessions", "attendance.first_scan"),
    *("seminars.choices_form", "seminars.given_in_words", "seminars.registration_to_end"),
    *(name for name in ACTIONS if name.partition(".")[2].startswith("closed_to_")),
}
"""What is asked of a row, which writes nothing."""
WRITING = {
    *("create", "bulk_create", "get_or_create", "update_or_create", "save", "update", "delete"),
    *("bulk_update", "record", "add", "remove", "clear", "queue_letter"),
}
LOCKS = {"seminars.lock_seminar", "commitments.lock_agreement"}
"""What holds the row it is told to, for an action that then asks who does it; no page calls any."""


def both_ways(action: Any, name: str, value: int, **rest: Any) -> list[Callable[[], object]]:
    return [partial(action, **{name: value}, **rest), partial(action, value, **rest)]


def lock_of_others(action: Any, cast: Cast) -> list[Callable[[], object]]:
    pk = make_draft(cast).agreement_id
    return both_ways(action, "pk", pk, by=cast.stranger, now=timezone.now())


def not_left(cast: Cast) -> list[Callable[[], object]]:
    """An agreement whose two still lead and are led is closed for nobody."""
    return both_ways(part_agreement, "pk", make_signed(cast).agreement_id, now=timezone.now())


def not_due(cast: Cast) -> list[Callable[[], object]]:
    return both_ways(erase_agreement, "pk", make_signed(cast).agreement_id, now=timezone.now())


BY_ID: dict[str, Callable[[Cast], list[Callable[[], object]]]] = {
    "commitments.lock_open_agreement": partial(lock_of_others, lock_open_agreement),
    "commitments.lock_for_signing": partial(lock_of_others, lock_for_signing),
    "commitments.part_agreement": not_left,
    "commitments.erase_agreement": not_due,
}
"""What takes an id as it is, called with that of what it is not for, by name and by place."""


@pytest.mark.parametrize("name", BY_ID)
def test_an_id_of_what_an_action_is_not_for_changes_nothing(cast: Cast, name: str) -> None:
    calls = BY_ID[name](cast)
    before = all_rows()
    for call in calls:
        with transaction.atomic():
            with suppress(Refused, Http404, DatabaseError), transaction.atomic():
                assert call() is None
            assert all_rows() == before
            transaction.set_rollback(True)


def test_every_action_that_takes_an_id_is_tried() -> None:
    """A new one joins `BY_ID`, or is a lock that no page calls."""
    ids = {name for name, action in ACTIONS.items() if takes_an_id(action)}
    assert ids - set(CROSSED) - set(IN_A_LARGER_ONE) - READS == {*BY_ID, *LOCKS}


@pytest.mark.parametrize(
    ("annotation", "name", "is_an_id"),
    [
        (int, "pk", True),
        (int, "unit", True),
        (int | None, "chosen", True),
        (list[int], "chosen", True),
        (Iterable[int], "closed", True),
        (Sequence[int], "rows", True),
        (Collection[int] | None, "rows", True),
        (str, "unit_id", True),
        (str, "pks", True),
        (Any, "ids", True),
        (int, "seats", False),
        (str, "identity", False),
        (str, "paid", False),
    ],
)
@pytest.mark.parametrize("kind", ["POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY"])
def test_ids_are_recognised(annotation: Any, name: str, is_an_id: bool, kind: str) -> None:
    def action() -> None: ...

    parameter = inspect.Parameter(name, getattr(inspect.Parameter, kind), annotation=annotation)
    action.__signature__ = inspect.Signature([parameter])  # type: ignore[attr-defined]
    action.__annotations__ = {name: annotation}
    assert takes_an_id(action) is is_an_id


def names_in(tree: ast.AST) -> set[str]:
    nodes = list(ast.walk(tree))
    return {one.id for one in nodes if isinstance(one, ast.Name)} | {
        one.attr for one in nodes if isinstance(one, ast.Attribute)
    }


def test_no_page_calls_a_step_or_a_lock() -> None:
    inner = {ACTIONS[name] for name in STEPS | LOCKS}
    called = {
        f"{module}: {one.__name__}"
        for module, tree in modules_of_the_portal()
        if module.rpartition(".")[2] == "views"
        for one in objects_in(module, tree)
        if inspect.isfunction(one) and one in inner
    }
    assert called == set()


@pytest.mark.parametrize("name", sorted(READS))
def test_what_is_asked_writes_nothing(name: str) -> None:
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(ACTIONS[name])))
    assert names_in(ast.parse(source)) & WRITING == set()


@pytest.mark.parametrize("name", CROSSED)
def test_what_is_anothers_is_refused_and_nothing_of_either_changes(cast: Cast, name: str) -> None:
    crossing = CROSSED[name](cast)
    before = all_rows()
    with transaction.atomic():
        crossing.own()
        assert all_rows() != before, "the right call does nothing, so that a wrong one proves none"
        transaction.set_rollback(True)
    for call in crossing.foreign:
        with transaction.atomic():
            if crossing.is_passed_over:
                other = of_the_other(before)
                call()
                now = all_rows()
                assert changed(other, now) == []
                assert pointing_at(other, before, now) == []
            else:
                refused(call)
                assert all_rows() == before
            transaction.set_rollback(True)


def of_the_other(before: Rows) -> Rows:
    """The rows of the seminar that the call is not about."""
    other = Seminar.objects.get(title="Et annet seminar")
    world: Rows = {"seminars_seminar": {str(other.pk): before["seminars_seminar"][str(other.pk)]}}
    for rows in OF_A_SEMINAR:
        table = rows._meta.db_table
        keys = rows._base_manager.filter(seminar=other).values_list("pk", flat=True)
        world[table] = {str(key): before[table][str(key)] for key in keys}
    return world


OF_A_SEMINAR = (Session, ChoiceGroup, Question, Registration, Audience, SeatPool)


def test_every_action_that_takes_a_pair_is_tried() -> None:
    """A new one joins `CROSSED`, or says here through which others it is tried."""
    pairs = {name for name, action in ACTIONS.items() if takes_a_pair(action)}
    assert pairs - set(CROSSED) - set(IN_A_LARGER_ONE) - STEPS - READS == set()


def test_nothing_is_tried_that_is_gone() -> None:
    named = {*CROSSED, *IN_A_LARGER_ONE, *STEPS, *READS, *LOCKS, *BY_ID}
    assert named - set(ACTIONS) == set()


def test_every_kind_of_parameter_is_known() -> None:
    """A class of rows, or of what is typed, that no action took before is written down here."""
    known = {"ids", *PARENTS, *WHOLE, *WITH_IDS, *OF_ALL, *PLAIN}
    unknown = {
        (name, getattr(one, "__name__", str(one)))
        for name, action in ACTIONS.items()
        for one in takes(action)
        if one not in known and not is_without_ids(one)
    }
    assert unknown == set()


def is_without_ids(one: Any) -> bool:
    """A dataclass of plain values, or a word out of a few."""
    if inspect.isclass(one) and issubclass(one, str):
        return True
    if not dataclasses.is_dataclass(one):
        return False
    hints = get_type_hints(one)
    return all(kind in PLAIN for hint in hints.values() for kind in flat(hint))
