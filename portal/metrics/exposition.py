"""All figures in the text that Prometheus reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector

from portal.metrics.collector import PortalCollector
from portal.metrics.requests import are_counted

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class ProcessGauges:
    """Memory, files and start of the web process that answers.

    No counters: another process answers the next time, and its processor time is not a later one.
    """

    def collect(self) -> Iterator[Metric]:
        yield from (
            metric for metric in ProcessCollector(registry=None).collect() if metric.type == "gauge"
        )


def exposition(*, now: dt.datetime) -> bytes:
    registry = CollectorRegistry()
    registry.register(PortalCollector(now=now))
    registry.register(ProcessGauges())
    if are_counted():
        of_all_processes: Any = MultiProcessCollector  # has no types
        of_all_processes(registry)
    text: bytes = generate_latest(registry)
    return text
