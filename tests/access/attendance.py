"""Who gets what at the URLs about who came."""

from __future__ import annotations

from django.utils import timezone

from seminars.models import SeminarState
from tests.access import Row, row
from tests.cast import Cast
from tests.seminars.factories import make_choice, make_participants, make_seminar


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
    return [
        row("attendance:past"),
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
