"""Who gets what at the seminars' URLs."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from people.models import Role
from seminars.calendar_feed.actions import open_calendar_feed
from seminars.models import Registration, SeatPool, Seminar, SeminarState
from tests.access import Row, row
from tests.cast import Cast
from tests.factories import make_employee, make_role
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
    make_seminar_role,
)


def urls(cast: Cast) -> list[Row]:
    """An open seminar, a draft, one called off, and a full one with the leader in it.

    Beside them one that is held now, one with sessions to choose among, one that offers the leader
    a seat, and one where a line manager approves.
    """
    open_one = make_seminar(cast.other_agency, created_by=cast.organiser)
    draft = make_seminar(cast.other_agency, created_by=cast.organiser, state=SeminarState.DRAFT)
    called_off = make_seminar(
        cast.other_agency, created_by=cast.organiser, state=SeminarState.CANCELLED
    )
    taken = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=2)
    pool = SeatPool.objects.create(seminar=taken, agency=cast.agency, seats=1)
    make_registration(taken, cast.leader)
    make_registration(called_off, cast.leader)
    participant = make_registration(
        taken, make_employee(cast.unit, "Dina Dal"), pool=pool, unit=cast.unit, agency=cast.agency
    )
    taken.questions.create(text="Trenger du hotell?", kind="one", options=["Ja", "Nei"])
    question = taken.questions.create(text="Hvilket hotell?", kind="text")
    asked = {"text": question.text, "kind": "text"}
    make_role(cast.administrator, Role.LOGISTICS, cast.other_agency)
    token = open_calendar_feed(by=cast.leader, now=timezone.now())
    (waiting,) = make_participants(taken, cast.unit, 1, state="waitlisted")
    audience = open_one.audiences.create(kind="everyone")
    helper = make_seminar_role(open_one, make_employee(cast.unit, "Hege Hjelper"), "host")
    helping = {"person": "stranger@example.org", "role": "co_organiser"}
    choosing, chooser = seminar_to_choose_in(cast)
    going_on = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=timezone.now(), hours=3
    )
    make_participants(going_on, cast.unit, 2)
    (late,) = make_participants(going_on, cast.unit, 1, state="waitlisted")
    offering = make_seminar(cast.other_agency, created_by=cast.organiser, offers_expire_after=48)
    make_registration(offering, cast.leader, state="offered", unit=cast.unit, agency=cast.agency)
    asking = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    awaited = make_registration(
        asking,
        make_employee(cast.unit, "Anna Ny"),
        state="awaiting",
        approver=cast.leader,
        unit=cast.unit,
    )
    refused = make_registration(
        asking,
        make_employee(cast.unit, "Nils Nei"),
        state="declined",
        approver=cast.leader,
        withdrawn_at=timezone.now(),
        unit=cast.unit,
    )
    above = {"signed_in": 404, "leader": 200, "manager": 200}
    answered = {"signed_in": 404, "leader": 302, "manager": 302, "method": "post"}
    moved = {"place": 1, "reason": "Holder innlegg"}
    staff = {"signed_in": 403, "leader": 200, "manager": 200, "coordinator": 200}
    replacing = {
        "signed_in": 404,
        "leader": 200,
        "manager": 200,
        "coordinator": 200,
        "organiser": 200,
    }
    desk = {"signed_in": 403, "organiser": 200}
    press = {"signed_in": 403, "organiser": 302, "method": "post"}
    return [
        row("seminars:list"),
        row("seminars:calendar"),
        row("seminars:calendar_feed"),
        row("seminars:calendar_feed", method="post"),
        row("seminars:close_calendar_feed", method="post", signed_in=302),
        row("seminars:feed", token, anonymous=200),
        row("seminars:feed", "x" * 43, anonymous=404, signed_in=404),
        row("seminars:detail", open_one.pk),
        row("seminars:detail", draft.pk, signed_in=404, organiser=200),
        row("seminars:detail", called_off.pk, signed_in=404, leader=200, organiser=200),
        row("seminars:preview", open_one.pk, **desk),
        row("seminars:preview", draft.pk, signed_in=404, organiser=200),
        row("seminars:preview", called_off.pk, signed_in=404, leader=403, organiser=302),
        row("seminars:register", open_one.pk),
        row("seminars:register", open_one.pk, method="post", signed_in=302),
        row("seminars:register", draft.pk, method="post", signed_in=404, organiser=302),
        row("seminars:receipt", taken.pk, signed_in=302, leader=200),
        row("seminars:withdraw", taken.pk, signed_in=302, leader=200),
        row("seminars:withdraw", taken.pk, method="post", signed_in=302),
        row("seminars:calendar_file", taken.pk, signed_in=404, leader=200),
        row("seminars:organise", **desk),
        row("seminars:create", **desk),
        row("seminars:create", method="post", signed_in=403, organiser=200),
        row("seminars:edit", open_one.pk, **desk),
        row("seminars:edit", draft.pk, signed_in=404, organiser=200),
        row("seminars:edit", open_one.pk, method="post", signed_in=403, organiser=200),
        row("seminars:publish", draft.pk, signed_in=404, organiser=200),
        row("seminars:publish", draft.pk, method="post", signed_in=404, organiser=302),
        row("seminars:publish", open_one.pk, **press),
        row("seminars:cancel", open_one.pk, **desk),
        row("seminars:cancel", open_one.pk, data={"reason": "Sykdom"}, **press),
        row("seminars:discard", draft.pk, signed_in=404, organiser=200),
        row("seminars:discard", draft.pk, method="post", signed_in=404, organiser=302),
        row("seminars:discard", open_one.pk, **desk),
        row("seminars:discard", open_one.pk, **press),
        row("seminars:participants", taken.pk, **desk),
        row("seminars:participants", going_on.pk, **desk),
        row("seminars:participants_xlsx", taken.pk, **desk),
        row("seminars:remove_participant", taken.pk, participant.pk, **desk),
        row("seminars:remove_participant", taken.pk, participant.pk, **press),
        row(
            "seminars:remove_participant", open_one.pk, participant.pk, signed_in=403, organiser=404
        ),
        row("seminars:offer", taken.pk, signed_in=302),
        row("seminars:offer", offering.pk, signed_in=302, leader=200),
        row("seminars:offer", offering.pk, method="post", signed_in=302),
        row("seminars:audiences", open_one.pk, **desk),
        row("seminars:audiences", draft.pk, signed_in=404, organiser=200),
        row("seminars:add_audience", open_one.pk, "leaders", **desk),
        row("seminars:add_audience", open_one.pk, "leaders", **press),
        row("seminars:add_audience", open_one.pk, "agencies", **desk),
        row("seminars:add_audience", open_one.pk, "friends", signed_in=403, organiser=404),
        row("seminars:change_audience", open_one.pk, audience.pk, **desk),
        row("seminars:change_audience", open_one.pk, audience.pk, **press),
        row("seminars:change_audience", taken.pk, audience.pk, signed_in=403, organiser=404),
        row("seminars:remove_audience", open_one.pk, audience.pk, **desk),
        row("seminars:remove_audience", open_one.pk, audience.pk, **press),
        row("seminars:approve", asking.pk, awaited.pk, **above),
        row("seminars:approve", asking.pk, awaited.pk, data={"answer": "approve"}, **answered),
        row("seminars:approve", taken.pk, awaited.pk, signed_in=404),
        row("seminars:restore_declined", asking.pk, refused.pk, organiser=200, **above),
        row("seminars:restore_declined", asking.pk, refused.pk, organiser=302, **answered),
        row("seminars:restore_declined", asking.pk, awaited.pk, signed_in=404),
        row("seminars:restore_declined", taken.pk, refused.pk, signed_in=404),
        row("seminars:approve", taken.pk, participant.pk, signed_in=404),
        row("seminars:pools", taken.pk, **desk),
        row("seminars:pools", taken.pk, method="post", signed_in=403, organiser=200),
        row("seminars:release_pool", taken.pk, pool.pk, **desk),
        row("seminars:release_pool", taken.pk, pool.pk, **press),
        row("seminars:release_pool", open_one.pk, pool.pk, signed_in=403, organiser=404),
        row("seminars:register_several", **staff),
        row("seminars:register_several", method="post", **staff),
        row("seminars:own_staff", taken.pk, **staff),
        row("seminars:own_staff", taken.pk, method="post", **staff),
        row("seminars:own_staff", draft.pk, signed_in=404, organiser=403),
        row("seminars:substitute", taken.pk, participant.pk, **replacing),
        row("seminars:substitute", taken.pk, participant.pk, method="post", **replacing),
        row("seminars:queue", taken.pk, **desk),
        row("seminars:move_in_queue", taken.pk, waiting.pk, **desk),
        row("seminars:move_in_queue", taken.pk, waiting.pk, data=moved, **press),
        row("seminars:move_in_queue", open_one.pk, waiting.pk, signed_in=403, organiser=404),
        row("seminars:give_seat", going_on.pk, late.pk, **desk),
        row("seminars:give_seat", going_on.pk, late.pk, **press),
        row("seminars:give_seat", taken.pk, waiting.pk, **desk),
        row("seminars:give_seat", open_one.pk, late.pk, signed_in=403, organiser=404),
        row("seminars:write", taken.pk, **desk),
        row("seminars:write", taken.pk, method="post", signed_in=403, organiser=200),
        row("seminars:seats", taken.pk, **desk),
        row("seminars:personal_data", taken.pk, **desk),
        row("seminars:copy", taken.pk, **desk),
        row("seminars:copy", taken.pk, data={"starts_on": "2030-01-15"}, **press),
        row("seminars:register_list", taken.pk, **desk),
        row("seminars:register_list", taken.pk, method="post", signed_in=403, organiser=200),
        row("seminars:choose", taken.pk, signed_in=302, leader=200),
        row("seminars:choose", choosing.pk, signed_in=302, leader=200),
        row("seminars:choose", choosing.pk, method="post", signed_in=302, leader=200),
        row("seminars:choose_for", choosing.pk, chooser.pk, **desk),
        row("seminars:choose_for", choosing.pk, chooser.pk, **press | {"organiser": 200}),
        row("seminars:register", choosing.pk, leader=302),
        row("seminars:own_staff", choosing.pk, **staff),
        row("seminars:edit", choosing.pk, **desk),
        row("seminars:choose_for", open_one.pk, participant.pk, signed_in=403, organiser=404),
        row("seminars:answer", taken.pk, signed_in=302, leader=200),
        row("seminars:answer", taken.pk, method="post", signed_in=302),
        row("seminars:questions", taken.pk, **desk),
        row("seminars:ask", taken.pk, **desk),
        row("seminars:ask", taken.pk, method="post", signed_in=403, organiser=200),
        row("seminars:answers", taken.pk, question.pk, **desk),
        row("seminars:rewrite_question", taken.pk, question.pk, **desk),
        row("seminars:rewrite_question", taken.pk, question.pk, data=asked, **press),
        row("seminars:rewrite_question", open_one.pk, question.pk, signed_in=403, organiser=404),
        row("seminars:move_question", taken.pk, question.pk, **press),
        row("seminars:drop_question", taken.pk, question.pk, **desk),
        row("seminars:drop_question", taken.pk, question.pk, **press),
        row("seminars:needs", taken.pk, signed_in=302, leader=200),
        row("seminars:needs", taken.pk, method="post", signed_in=302),
        row("seminars:catering", signed_in=403, administrator=200),
        row("seminars:needs_overview", taken.pk, signed_in=403, administrator=200),
        row("seminars:needs_overview", draft.pk, signed_in=404, organiser=403),
        row("seminars:needs_xlsx", taken.pk, signed_in=403, administrator=200),
        row("seminars:seminar_roles", open_one.pk, **desk),
        row("seminars:seminar_roles", draft.pk, signed_in=404, organiser=200),
        row("seminars:give_seminar_role", open_one.pk, signed_in=403, organiser=302),
        row("seminars:give_seminar_role", open_one.pk, data=helping, **press),
        row("seminars:give_seminar_role", draft.pk, signed_in=404, organiser=302),
        row("seminars:give_seminar_role", called_off.pk, signed_in=404, leader=403, organiser=302),
        row("seminars:end_seminar_role", open_one.pk, helper.pk, signed_in=403, organiser=302),
        row("seminars:end_seminar_role", open_one.pk, helper.pk, **press),
        row("seminars:end_seminar_role", taken.pk, helper.pk, signed_in=403, organiser=404),
        row("seminars:invitations", open_one.pk, **desk),
        row("seminars:invitations", open_one.pk, method="post", signed_in=403, organiser=200),
    ]


def seminar_to_choose_in(cast: Cast) -> tuple[Seminar, Registration]:
    """The leader and another are in the first of two parallel sessions."""
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    here, _there = make_choice(seminar, 20, 20)
    with transaction.atomic():
        choose(make_registration(seminar, cast.leader), here)
        (other,) = make_participants(seminar, cast.unit, 1)
        choose(other, here)
    return seminar, other
