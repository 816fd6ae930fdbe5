"""Who gets what at the URLs about who came."""

from __future__ import annotations

import uuid

from django.utils import timezone

from attendance.self_check_in.screen_codes import token_of
from seminars.models import SeminarState
from tests.access import Row, row
from tests.cast import Cast
from tests.seminars.factories import (
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
    make_seminar_role,
)


def urls(cast: Cast) -> list[Row]:
    """A draft, one to come, one that is held now, and one with sessions to choose among."""
    draft = make_seminar(cast.other_agency, created_by=cast.organiser, state=SeminarState.DRAFT)
    coming = make_seminar(cast.other_agency, created_by=cast.organiser)
    going_on = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=timezone.now(), hours=3
    )
    choosing = make_seminar(cast.other_agency, created_by=cast.organiser)
    make_choice(choosing, 20, 20)
    (participant, _other) = make_participants(going_on, cast.unit, 2)
    marks = {f"outcome-{participant.pk}": "attended"}
    named = {"person": "stranger@example.org"}
    desk = {"signed_in": 403, "organiser": 200}
    press = {"signed_in": 403, "organiser": 302, "method": "post"}
    session = going_on.sessions.get()
    at_door = (going_on.pk, session.pk)
    sent = {"registration": participant.pk, "key": str(uuid.uuid4())}
    token = token_of(session, timezone.now())
    own = make_registration(going_on, cast.employee, at=timezone.now())
    elsewhere = coming.sessions.get()
    joined = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=timezone.now(),
        place_name="",
        meeting_url="https://mote.example.org/1",
    )
    meeting = joined.sessions.get()
    make_registration(joined, cast.employee, at=timezone.now())
    online = {"signed_in": 403, "employee": 200}
    make_seminar_role(going_on, cast.coordinator, "host")
    host_too = {"coordinator": 200}
    see = {"signed_in": 403, "organiser": 200}
    door = see | host_too
    pressed = {"signed_in": 403, "organiser": 302, "coordinator": 302, "method": "post"}
    wrong = {"signed_in": 403, "organiser": 404}
    wrong_door = wrong | {"coordinator": 404}
    own_page = {"signed_in": 403, "employee": 200}
    correction = {"session": session.pk, "outcome": "attended", "reason": "Sto ved døren."}
    return [
        row("attendance:past"),
        row("attendance:doors", draft.pk, signed_in=404, organiser=302),
        row("attendance:doors", going_on.pk, signed_in=403, organiser=302, coordinator=302),
        row("attendance:doors", choosing.pk, **see),
        row("attendance:door", *at_door, **door),
        row("attendance:door", coming.pk, session.pk, **wrong),
        row("attendance:door", going_on.pk, elsewhere.pk, **wrong_door),
        row("attendance:door", *at_door, data=sent, **door, method="post"),
        row("attendance:door", going_on.pk, elsewhere.pk, data=sent, **wrong_door, method="post"),
        row("attendance:door", coming.pk, elsewhere.pk, data=sent, **see, method="post"),
        row(
            "attendance:scans",
            *at_door,
            method="post",
            signed_in=403,
            organiser=400,
            coordinator=400,
        ),
        row("attendance:scans", going_on.pk, elsewhere.pk, **wrong_door, method="post"),
        *(
            one
            for name in ("door_list", "door_shell", "door_worker")
            for one in (
                row(f"attendance:{name}", *at_door, **door),
                row(f"attendance:{name}", going_on.pk, elsewhere.pk, **wrong_door),
            )
        ),
        row("attendance:mark_rest", going_on.pk, **see),
        row("attendance:mark_rest", going_on.pk, **press),
        row("attendance:undo", *at_door, uuid.uuid4(), **pressed),
        row(
            "attendance:undo", going_on.pk, elsewhere.pk, uuid.uuid4(), **wrong_door, method="post"
        ),
        row("attendance:give_seat", *at_door, participant.pk, **pressed),
        row(
            "attendance:give_seat",
            going_on.pk,
            elsewhere.pk,
            participant.pk,
            **wrong_door,
            method="post",
        ),
        row(
            "attendance:give_seat", coming.pk, elsewhere.pk, participant.pk, **wrong, method="post"
        ),
        row("attendance:walk_in", *at_door, **door),
        row("attendance:walk_in", *at_door, data=named, **door, method="post"),
        row("attendance:walk_in", going_on.pk, elsewhere.pk, **wrong_door),
        row("attendance:walk_in", going_on.pk, elsewhere.pk, **wrong_door, method="post"),
        row("attendance:rest", *at_door, **see),
        row("attendance:rest", *at_door, **press),
        row("attendance:rest", coming.pk, session.pk, **wrong),
        row("attendance:printing", going_on.pk, **door),
        row("attendance:list_pdf", going_on.pk, **door),
        row("attendance:session_list_pdf", *at_door, **door),
        row("attendance:session_list_pdf", going_on.pk, elsewhere.pk, **wrong_door),
        row("attendance:badges_pdf", going_on.pk, **door),
        row("attendance:session_badges_pdf", *at_door, **door),
        row("attendance:session_badges_pdf", going_on.pk, elsewhere.pk, **wrong_door),
        row("attendance:coded_badges_pdf", going_on.pk, **see),
        row("attendance:session_coded_badges_pdf", *at_door, **see),
        row("attendance:session_coded_badges_pdf", going_on.pk, elsewhere.pk, **wrong),
        row("attendance:screen", *at_door, **door),
        row("attendance:screen", going_on.pk, elsewhere.pk, **wrong_door),
        row("attendance:screen_image", *at_door, **door),
        row("attendance:check_in", session.pk, token),
        row("attendance:check_in", session.pk, token, method="post"),
        row("attendance:check_in", session.pk, "a" * 16, signed_in=403),
        row("attendance:my_code", going_on.pk, **own_page),
        *(
            row(*address, **online | {"method": method})
            for address in (
                ("attendance:meeting", joined.pk),
                ("attendance:meeting_of_session", joined.pk, meeting.pk),
            )
            for method in ("get", "post")
        ),
        row("attendance:meeting_of_session", joined.pk, session.pk, signed_in=403),
        row("attendance:meeting", draft.pk, signed_in=404, organiser=403),
        row("attendance:my_code_image", going_on.pk, **own_page),
        row("attendance:my_code", draft.pk, signed_in=404, organiser=403),
        row("attendance:my_record", going_on.pk, **own_page),
        row(
            "attendance:my_record",
            going_on.pk,
            **own_page | {"employee": 302},
            data={"words": "Jeg var der."},
            method="post",
        ),
        row("attendance:correct", going_on.pk, own.pk, **see),
        row("attendance:correct", coming.pk, own.pk, **wrong),
        row("attendance:correct", going_on.pk, own.pk, data=correction, **press),
        row("attendance:correct", coming.pk, own.pk, data=correction, **wrong, method="post"),
        # Where the form that marks is shown.
        row("seminars:participants", going_on.pk, **desk),
        row("attendance:mark", draft.pk, **press | {"signed_in": 404}),
        row("attendance:mark", coming.pk, **press),
        row("attendance:mark", going_on.pk, **press),
        row("attendance:mark", going_on.pk, data=marks, **press),
        row("attendance:register_other", draft.pk, signed_in=404, organiser=200),
        row("attendance:register_other", coming.pk, **desk),
        row("attendance:register_other", coming.pk, data=named, **press),
        row("attendance:register_other", going_on.pk, **desk),
        row("attendance:register_other", going_on.pk, data=named, **press),
        row("attendance:register_other", choosing.pk, **desk),
    ]
