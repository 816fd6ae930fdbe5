"""How many requests there were and how long they took, counted in every web process.

The processes of one web server write into files of one folder, prometheus_client's own way for
several processes, and whichever is asked adds them up (docs/adr/0031-metrics.md).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library looks for it in the environment, and nowhere else."""
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NO_VIEW = "none"
"""Static files, and addresses that do not exist: what is asked for is somebody's words."""


class RequestMetricsMiddleware:
    """Stands first, so that what others refuse is counted too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not are_counted():
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.seconds = request_seconds()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        labels = (view_name(request), f"{response.status_code // 100}xx")
        self.seconds.labels(*labels).observe(time.perf_counter() - begun)
        return response


def are_counted() -> bool:
    folder = os.environ.get(FOLDER)
    return bool(settings.METRICS_TOKEN and folder and Path(folder).is_dir())


def view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name if match else "") or NO_VIEW


def request_seconds() -> Any:
    """Return the histogram of this process.

    The library is loaded where it is used: it looks for the folder as it is loaded.
    """
    from prometheus_client import CollectorRegistry, Histogram

    return Histogram(
        "lederportalen_request_seconds",
        "How long an answer took, by the name of its view and the class of its status.",
        ("view", "status"),
        buckets=BUCKETS,
        registry=CollectorRegistry(),
    )
