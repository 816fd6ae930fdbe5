"""Going into a digital meeting, which counts as having come."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from attendance.door.actions import ScanResult, Sighting, scan
from attendance.joining.rules import closed_to_counting
from attendance.models import ScanWay
from people.models import User
from seminars.models import Registration, Session


@transaction.atomic
def join_meeting(
    *, registration: Registration, session: Session, by: User, now: dt.datetime
) -> ScanResult:
    """Record that somebody goes into the meeting of a session: one scan, however often they press.

    Raises DoorIsClosed when it does not count now, and what `scan` raises.
    """
    if refusal := closed_to_counting(session, now):
        raise refusal
    day = timezone.localdate(now)
    seen = Sighting(
        key=uuid.uuid5(uuid.NAMESPACE_OID, f"meeting:{registration.pk}:{session.pk}:{day}"),
        device_time=now,
        way=ScanWay.MEETING,
        registration_pk=registration.pk,
    )
    return scan(session=session, seen=seen, by=by, now=now)
