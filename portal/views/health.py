"""For whatever watches the portal: is it alive, and can it do its work?"""

from collections.abc import Callable

from celery import current_app
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from commitments import invariants
from evidence.seal_health import SealState, seal_health
from outbox.delivery import mail_is_delivered
from portal.tasks import HEARTBEAT_KEY, HEARTBEAT_LIMIT


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Whether this web process can serve people: 503 as long as it lacks something it needs.

    It needs a database that takes what people do. That broker, beat, mail server or seal are away
    is a warning here: pages answer and seats are given all the same, and a proxy that took every
    web process out of service for it would turn late letters into no portal.
    """
    return answer(
        checks={
            "database": works(database_takes_rows),
            "migrations": works(migrations_are_applied),
            "grants": works(tables_may_be_used),
        },
        warnings={
            "broker": broker_answers,
            "beat": beat_is_recent,
            "mail": mail_is_sent,
            "seal": seal_holds,
            "seal_expires": seal_holds_for_long,
            "documents": documents_are_made,
        },
    )


@never_cache
def working(request: HttpRequest) -> JsonResponse:
    """Whether background work is done: 503 while the workers, beat or the broker are away."""
    return answer(
        checks={
            "database": works(database_takes_rows),
            "broker": works(broker_answers),
            "beat": works(beat_is_recent),
        },
        warnings={
            "mail": mail_is_sent,
            "seal": seal_holds,
            "seal_expires": seal_holds_for_long,
            "documents": documents_are_made,
        },
    )


PROBES = {"/healthz": alive, "/readyz": ready, "/readyz/work": working}


class ProbeMiddleware:
    """Answer probes by whatever name the portal is asked for.

    A balancer and a container's host ask by number, and ALLOWED_HOSTS is for what people type. It
    stands before all that reads `Host`, which no answer here says or leads to.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


def answer(checks: dict[str, bool], warnings: dict[str, Callable[[], bool]]) -> JsonResponse:
    """Say which of them does not hold, and nothing about why: anybody may ask."""
    is_ready = all(checks.values())
    return JsonResponse(
        {
            "status": "ready" if is_ready else "not ready",
            "checks": checks,
            "warnings": [name for name, question in warnings.items() if not works(question)],
        },
        status=200 if is_ready else 503,
    )


def works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever is wrong with it, it does not work
        return False


def database_takes_rows() -> bool:
    """Neither a standby nor one that was set to read only, as a full disk makes people do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only') = 'off'")
        return bool(cursor.fetchone()[0])


def migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def tables_may_be_used() -> bool:
    """Whether the portal's role may read and write in every table; `database_grants` says how."""
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(has_table_privilege(to_regclass(name), 'SELECT')"
            " AND has_table_privilege(to_regclass(name), 'INSERT'))"
            " FROM unnest(%s::text[]) AS name",
            [[connection.ops.quote_name(table) for table in tables]],
        )
        return bool(cursor.fetchone()[0])


def broker_answers() -> bool:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        return bool(broker.connected)


def beat_is_recent() -> bool:
    last = cache.get(HEARTBEAT_KEY)
    return last is not None and timezone.now() - last <= HEARTBEAT_LIMIT


def mail_is_sent() -> bool:
    return mail_is_delivered(timezone.now())


def seal_holds() -> bool:
    return seal_health(timezone.now()).can_seal


def seal_holds_for_long() -> bool:
    """Whether nobody has to see to a new certificate yet; one that has ended is `seal` alone."""
    return seal_health(timezone.now()).standing != SealState.EXPIRES_SOON


def documents_are_made() -> bool:
    return not invariants.faults(now=timezone.now())
