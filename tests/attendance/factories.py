"""What a door saw, and when."""

from __future__ import annotations

import datetime as dt
import uuid

from attendance.door.actions import Sighting
from attendance.models import ScanWay
from common.dates import OSLO
from seminars.models import Registration
from tests import clock


def at_noon() -> dt.datetime:
    """Today's noon in Oslo, whatever the hour is."""
    return dt.datetime.combine(clock.today(), dt.time(12), OSLO)


def seen(
    registration: Registration,
    at: dt.datetime,
    *,
    door: str = "",
    key: uuid.UUID | None = None,
) -> Sighting:
    """A person pressed in the list."""
    return Sighting(
        key=key or uuid.uuid4(),
        device_time=at,
        way=ScanWay.NAME,
        door=door,
        registration_pk=registration.pk,
    )
