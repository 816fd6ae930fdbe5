"""A person's own words on their contribution: theirs alone until shared."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.edit_conflicts import Seen
from missions.models import Contribution
from missions.refusals import MissionRefused
from people import audit
from people.models import Unit, User
from people.organisation import line_manager_of


@transaction.atomic
def write_contribution(
    *, unit: Unit, text: str, by: User, now: dt.datetime, seen: Seen | None = None
) -> Contribution | None:
    """Keep the words, as shared or unshared as they were; no words at all removes them.

    Raises EditConflict when other words are stored than were `seen`.
    """
    stored = Contribution.objects.select_for_update().filter(user=by, unit=unit).first()
    if seen is not None:
        seen.refuse_conflict({"text": stored.text if stored else ""}, {"text": text})
    if not text:
        removed, _rows = Contribution.objects.filter(user=by, unit=unit).delete()
        if removed:
            audit.record("missions.remove_contribution", unit, by=by)
        return None
    written, _is_new = Contribution.objects.update_or_create(
        user=by, unit=unit, defaults={"text": text, "written_at": now}
    )
    audit.record("missions.write_contribution", written, by=by, unit=unit.pk)
    return written


@transaction.atomic
def share_contribution(*, unit: Unit, by: User, now: dt.datetime) -> Contribution:
    """Let the line manager of the position in the unit read it.

    Raises MissionRefused when nothing is written, or nobody leads above.
    """
    written = Contribution.objects.select_for_update().filter(user=by, unit=unit).first()
    if written is None:
        raise MissionRefused(_("Skriv bidraget ditt før du deler det."))
    manager = line_manager_of(by, on=timezone.localdate(now), unit=unit)
    if manager is None:
        raise MissionRefused(_("Enheten har ingen leder å dele med nå."))
    written.shared_with = manager
    written.shared_at = now
    written.save(update_fields=["shared_with", "shared_at"])
    audit.record("missions.share_contribution", written, by=by, shared_with=manager.pk)
    return written


@transaction.atomic
def withdraw_contribution(*, unit: Unit, by: User) -> None:
    """Let nobody but its author read it any more."""
    written = Contribution.objects.select_for_update().filter(user=by, unit=unit).first()
    if written is None or written.shared_at is None:
        return
    written.shared_with = None
    written.shared_at = None
    written.save(update_fields=["shared_with", "shared_at"])
    audit.record("missions.withdraw_contribution", written, by=by)
