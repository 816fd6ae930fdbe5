#!/usr/bin/env python3
"""Django's command line, with the portal's local settings unless told otherwise.

Where the local settings name no database, the embedded one is there for as long as the
command runs.
"""

import importlib.util
import os
import sys
from pathlib import Path

VENV_PYTHON = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help",
    "makemessages", "messages", "version", "--help", "--version", "-h",
}  # fmt: skip


def find_django() -> None:
    """Hand over to .venv when this Python has no Django."""
    if importlib.util.find_spec("django") is not None:
        return
    if not VENV_PYTHON.exists() or sys.prefix == str(VENV_PYTHON.parents[1]):
        sys.exit("manage.py: Django is not installed here; run script/setup first.")
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), *sys.argv])  # noqa: S606


def lease_services() -> object:
    """A lease on the embedded servers, if the settings point at them. Ends with the process."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in WITHOUT_DATABASE:
        return None
    from django.conf import settings

    from devtools import embedded

    if not embedded.are_used_by(settings):
        return None
    try:
        return embedded.lease(settings.VAR_DIR).acquire()
    except embedded.EmbeddedServicesError as error:
        sys.exit(f"manage.py: {error}")


def main() -> None:
    find_django()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    import structlog
    from django.core.management import execute_from_command_line
    from structlog.contextvars import bind_contextvars

    lease = lease_services()  # noqa: F841 (held until the process ends)
    bind_contextvars(command=sys.argv[1] if len(sys.argv) > 1 else "")
    try:
        execute_from_command_line(sys.argv)
    except Exception:
        structlog.get_logger("portal.command").exception("command_failed")
        if sys.stderr.isatty():  # somebody is there to read the rest; a log is not to
            raise
        sys.exit(1)


if __name__ == "__main__":
    main()
