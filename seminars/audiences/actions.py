"""Saying whom a seminar is for, and from when."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common.edit_conflicts import Seen
from people import audit
from people.models import User
from seminars.editing_window import closed_to_audiences
from seminars.models import Audience, Seminar
from seminars.refusals import NotChangeable
from seminars.seats.allocation import lock_seminar
from seminars.seminar_content import AudienceContent


@transaction.atomic
def write_audience(
    *,
    seminar: Seminar,
    content: AudienceContent,
    by: User,
    now: dt.datetime,
    audience: Audience | None = None,
    seen: Seen | None = None,
) -> Audience:
    """Add an audience, or change the one given. Who has registered already stays registered.

    The first one closes the seminar to everybody else. Sent twice, it adds one. Raises
    NotChangeable when the seminar has begun or is cancelled, or the audience is gone; EditConflict
    when another has saved what was not `seen`; SeatsAreBusy.
    """
    seminar = lock_seminar(seminar.pk)
    _refuse_unless_open(seminar, now)
    present = {one.pk: AudienceContent.of(one) for one in seminar.audiences.all()}
    if audience is None:
        same = next((pk for pk, other in present.items() if other.is_same_as(content)), None)
        if same is not None:
            return Audience.objects.get(pk=same)
        audience = Audience(seminar=seminar)
    elif audience.pk not in present:
        raise NotChangeable(_("Målgruppen er fjernet av en annen."))
    elif seen is not None:
        seen.refuse_conflict(present[audience.pk].state(), content.state())
    action = "seminars.change_audience" if audience.pk else "seminars.add_audience"
    for name, value in content.values().items():
        setattr(audience, name, value)
    audience.save()
    audience.agencies.set(content.agencies)
    audience.people.set(content.people)
    _record(action, audience, content, by=by)
    return audience


@transaction.atomic
def remove_audience(*, audience: Audience, by: User, now: dt.datetime) -> None:
    """Take it away; without any the seminar is open to all. One that is gone already is no fault.

    Raises NotChangeable when the seminar has begun or is cancelled, and SeatsAreBusy.
    """
    seminar = lock_seminar(audience.seminar_id)
    _refuse_unless_open(seminar, now)
    present = seminar.audiences.filter(pk=audience.pk).first()
    if present is None:
        return
    _record("seminars.remove_audience", present, AudienceContent.of(present), by=by)
    present.delete()


def _record(action: str, audience: Audience, content: AudienceContent, *, by: User) -> None:
    """On the seminar, for the audience may go. Whom a list names stays out of the trail."""
    opens_at = content.opens_at.isoformat() if content.opens_at else None
    audit.record(
        action,
        audience.seminar,
        by=by,
        audience=audience.pk,
        kind=content.kind,
        levels=sorted(content.levels),
        agencies=sorted(unit.pk for unit in content.agencies),
        people=len(content.people),
        led_on=content.led_on.isoformat() if content.led_on else None,
        opens_at=opens_at,
    )


def _refuse_unless_open(seminar: Seminar, now: dt.datetime) -> None:
    refusal = closed_to_audiences(seminar, now)
    if refusal is not None:
        raise refusal
