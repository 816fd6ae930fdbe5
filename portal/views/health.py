"""For whatever watches the portal: is it alive, and can it do its work?"""

from collections.abc import Callable

from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from commitments import invariants
from evidence.seal_health import seal_health
from portal.tasks import HEARTBEAT_KEY, HEARTBEAT_LIMIT


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """503 as long as one of them is missing; says which, and nothing about why.

    A warning is for whoever runs the portal, which answers all the same.
    """
    checks = {
        "database": works(database_answers),
        "broker": works(broker_answers),
        "beat": works(beat_is_recent),
    }
    is_ready = all(checks.values())
    status = "ready" if is_ready else "not ready"
    questions = {"seal": seal_holds, "documents": documents_are_made}
    warnings = [name for name, question in questions.items() if not works(question)]
    answer = {"status": status, "checks": checks, "warnings": warnings}
    return JsonResponse(answer, status=200 if is_ready else 503)


def works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever is wrong with it, it does not work
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def broker_answers() -> bool:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        return bool(broker.connected)


def beat_is_recent() -> bool:
    last = cache.get(HEARTBEAT_KEY)
    return last is not None and timezone.now() - last <= HEARTBEAT_LIMIT


def seal_holds() -> bool:
    return seal_health(timezone.now()).can_seal


def documents_are_made() -> bool:
    return not invariants.faults(now=timezone.now())
