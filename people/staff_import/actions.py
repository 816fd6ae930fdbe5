"""What people do about an import that stopped."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Refused
from people import audit
from people.models import StaffImportConsent, StaffImportRun, User


class ImportKindRefused(Refused):
    """The run did not stop at that, or another run has come after it."""


@transaction.atomic
def agree_to_import(*, run: StaffImportRun, kind: str, by: User) -> StaffImportConsent:
    """Let the next run change so much of the kind, if it is what this run would have changed.

    Raises ImportKindRefused for anything but what the last run stopped at.
    """
    locked = StaffImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if StaffImportRun.objects.filter(pk__gt=locked.pk).exists():
        raise ImportKindRefused(_("Det er kommet en ny kjøring. Se hva den sier, og godta der."))
    stopped: dict[str, Any] | None = next(
        (one for one in locked.stopped_by if one["kind"] == kind), None
    )
    if stopped is None:
        raise ImportKindRefused(_("Importen stoppet ikke ved dette."))
    consent, is_new = StaffImportConsent.objects.get_or_create(
        run=locked, kind=kind, defaults={"digest": stopped["digest"], "by": by}
    )
    if is_new:
        audit.record("people.agree_to_import", locked, by=by, kind=kind, count=stopped["count"])
    return consent
