"""`script/bench [NAME …] [--json] [--strict]`: runs benchmarks/NAME.py, all of them unless named.

A benchmark is a module with `run(report, size)`. It gets a migrated database of its own, in
var/bench unless VAR_DIR or DATABASE_URL say otherwise, and may empty it. One that fails takes no
other's figures with it. With --smallest, which script/test runs, each goes through all it does with
as little as there can be. The figures say nothing then, and one line says that it still works.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.report import Report
from benchmarks.size import FULL, SMALLEST, Size

Benchmark = Callable[[Report, Size], None]
HERE = Path(__file__).resolve().parent
NOT_BENCHMARKS = {
    "__init__",
    "__main__",
    "crowd",
    "report",
    "seat",
    "size",
}


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_BENCHMARKS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--json", action="store_true", help="one line a figure")
    parser.add_argument("--strict", action="store_true", help="fail for a figure beyond its limit")
    parser.add_argument("--smallest", action="store_true", help="only see that each one works")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        parser.error(f"no benchmark called {', '.join(unknown)}; there are {', '.join(names())}")
    is_brief = options.smallest and not options.json
    report = Report(as_json=options.json, is_brief=is_brief, output=sys.stdout)
    size = SMALLEST if options.smallest else FULL
    try:
        with services(is_smallest=options.smallest):
            run_all({name: named(name) for name in options.names or names()}, report, size)
    finally:
        report.close()
    return report.status(is_strict=options.strict)


def named(name: str) -> Benchmark:
    """Return what imports the module and runs it: one that cannot be imported fails alone, too."""
    return lambda report, size: importlib.import_module(f"benchmarks.{name}").run(report, size)


def run_all(benchmarks: Mapping[str, Benchmark], report: Report, size: Size) -> None:
    """Run them one after the other; what the others measured is kept when one fails."""
    from django.db import connections

    for name, run in benchmarks.items():
        began = time.monotonic()
        try:
            run(report, size)
            report.done(name, time.monotonic() - began)
        except Exception as error:
            report.fail(name, error)
        # A transaction that was broken off is no concern of the next one's.
        connections.close_all()


@contextlib.contextmanager
def services(*, is_smallest: bool) -> Iterator[None]:
    folder = "bench-smallest" if is_smallest else "bench"
    if is_smallest:
        # Not a line for everybody that signs in.
        os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    os.environ.setdefault("VAR_DIR", str(HERE.parent / "var" / folder))
    import django
    from django.conf import settings
    from django.core.management import call_command

    from devtools import embedded

    django.setup()
    with contextlib.ExitStack() as stack:
        if embedded.are_used_by(settings):
            stack.enter_context(embedded.lease(settings.VAR_DIR, durable=not is_smallest))
        call_command("migrate", interactive=False, verbosity=0)
        yield


if __name__ == "__main__":
    sys.exit(main())
