"""Letters about imports of HR's files, to those who tend them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from outbox.actions import queue_letter
from outbox.letters import absolute_url, render_letter
from outbox.models import Letter
from people.models import IMPORT_IS_LATE, StaffImportRun, User
from people.organisation import tenders_of_staff_imports


@transaction.atomic
def tell_of_staff_imports(*, now: dt.datetime, today: dt.date) -> None:
    """Write to those who tend the imports of each run that stopped, failed or set rows aside.

    The command that runs the import is in a room below the post, so the letter follows it.
    """
    tenders = list(tenders_of_staff_imports(on=today))
    for run in StaffImportRun.objects.untold().order_by("pk").select_for_update(skip_locked=True):
        for person in tenders:
            write_staff_import(run, to=person)
        run.told_at = now
        run.save(update_fields=["told_at"])


@transaction.atomic
def tell_of_silence(*, now: dt.datetime, today: dt.date) -> None:
    """Write to them, once, when no run has come since IMPORT_IS_LATE although there was one before.

    Where none has ever come nobody waits for one.
    """
    last = StaffImportRun.objects.of_files().order_by("-pk").select_for_update().first()
    if last is None or last.at >= now - IMPORT_IS_LATE or last.silence_told_at is not None:
        return
    for person in tenders_of_staff_imports(on=today):
        write_staff_import_is_late(last, to=person)
    last.silence_told_at = now
    last.save(update_fields=["silence_told_at"])


def write_staff_import_is_late(last: StaffImportRun, *, to: User) -> Letter:
    """«Personalimporten er ikke kjørt»."""
    url = absolute_url(reverse("people:staff_imports"))
    words = render_letter("people/staff_import_is_late", to=to, context={"run": last, "url": url})
    return queue_letter(
        key=f"staff_import_is_late:{last.pk}:{to.pk}",
        kind="people.staff_import_is_late",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=last,
    )


def write_staff_import(run: StaffImportRun, *, to: User) -> Letter:
    """«Personalimporten stoppet», or failed, or set rows aside."""
    url = absolute_url(reverse("people:staff_import", args=[run.pk]))
    words = render_letter("people/staff_import", to=to, context={"run": run, "url": url})
    return queue_letter(
        key=f"staff_import:{run.pk}:{to.pk}",
        kind="people.staff_import",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=run,
    )
