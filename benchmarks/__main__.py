"""`script/bench [NAME …] [--json]`: runs benchmarks/NAME.py, all of them unless named.

A benchmark is a module with `run(report)`. It gets a migrated database of its own, in
var/bench unless VAR_DIR or DATABASE_URL say otherwise, and may empty it.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Report

HERE = Path(__file__).resolve().parent
NOT_BENCHMARKS = {
    "__init__",
    "__main__",
    "crowd",
    "minimal_site",
    "report",
    "seat",
    "signed_in_site",
}


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_BENCHMARKS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--json", action="store_true", help="one line a figure")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        parser.error(f"no benchmark called {', '.join(unknown)}; there are {', '.join(names())}")
    report = Report(as_json=options.json)
    with services():
        for name in options.names or names():
            importlib.import_module(f"benchmarks.{name}").run(report)
    report.close()
    return 0


@contextlib.contextmanager
def services() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    os.environ.setdefault("VAR_DIR", str(HERE.parent / "var" / "bench"))
    import django
    from django.conf import settings
    from django.core.management import call_command

    from portal import embedded

    django.setup()
    with contextlib.ExitStack() as stack:
        if embedded.are_used_by(settings):
            stack.enter_context(embedded.lease(settings.VAR_DIR))
        call_command("migrate", interactive=False, verbosity=0)
        yield


if __name__ == "__main__":
    sys.exit(main())
