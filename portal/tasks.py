import datetime as dt

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

HEARTBEAT_KEY = "portal:last-beat"
HEARTBEAT_LIMIT = dt.timedelta(minutes=2)


@shared_task
def record_heartbeat() -> None:
    """Beat queued it and a worker ran it: both are alive. Read by /readyz/work."""
    cache.set(HEARTBEAT_KEY, timezone.now(), timeout=60 * 60)
