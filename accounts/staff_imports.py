"""Letters to administrators about imports of HR's files that they have to look at."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from outbox.actions import queue_letter
from outbox.letters import absolute_url, render_letter
from outbox.models import Letter
from people.models import Level, StaffImportRun, Unit, User
from people.organisation import administrators_over


@transaction.atomic
def tell_of_staff_imports(*, now: dt.datetime, today: dt.date) -> None:
    """Write to the administrators at the top of each run that stopped, failed or set rows aside.

    The command that runs the import is in a room below the post, so the letter follows it.
    """
    tops = Unit.objects.valid_on(today).filter(level=Level.MUNICIPALITY, parent__isnull=True)
    administrators = {
        person.pk: person for top in tops for person in administrators_over(top, on=today)
    }
    for run in StaffImportRun.objects.untold().order_by("pk").select_for_update(skip_locked=True):
        for person in administrators.values():
            write_staff_import(run, to=person)
        run.told_at = now
        run.save(update_fields=["told_at"])


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
