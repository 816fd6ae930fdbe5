"""Letters to those whose address HR has changed: to the old one as well, as it may be a mistake."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from outbox.actions import queue_letter
from outbox.letters import render_letter
from outbox.models import Letter
from people.affiliation import affiliation_of
from people.models import StaffImportRun, User

KIND = "people.address_changed"


@transaction.atomic
def tell_of_address_changes(*, now: dt.datetime, today: dt.date) -> None:
    """Write to those whose address each run has changed, also one that took another back.

    Once a run. Nobody is written to who has no work and no role here any more, nor where there was
    no address before.
    """
    untold = StaffImportRun.objects.addresses_untold(now).order_by("pk")
    for run in untold.select_for_update(skip_locked=True, of=("self",)):
        former = _told_before(run) if run.is_undoing else run.former_addresses()
        for person in User.objects.filter(pk__in=former, is_active=True).order_by("pk"):
            has_changed = (person.email or "").casefold() != former[person.pk].casefold()
            if has_changed and affiliation_of(person, today).works_here:
                _write_to_both(run, person, former[person.pk])
        run.addresses_told_at = now
        run.save(update_fields=["addresses_told_at"])


def _told_before(run: StaffImportRun) -> dict[int, str]:
    """Return the addresses given by the run that was taken back, of those who were told of them."""
    told = Letter.objects.filter(
        kind=KIND, about_type=run._meta.label_lower, about_id=str(run.undoes_id)
    )
    by_person = told.filter(is_to_former_address=False).exclude(to_email="")
    return dict(by_person.values_list("recipient", "to_email"))


def _write_to_both(run: StaffImportRun, person: User, former: str) -> None:
    """To the old address unless somebody else has it now: it is their mailbox then."""
    if person.email is not None:
        _write(run, person, former, to_former=False)
    if not User.objects.filter(email__iexact=former).exists():
        _write(run, person, former, to_former=True)


def _write(run: StaffImportRun, person: User, former: str, *, to_former: bool) -> Letter:
    """«E-postadressen din er endret», without any link: it may be read by somebody else."""
    context = {"former": former, "address": person.email or ""}
    words = render_letter("people/address_changed", to=person, context=context)
    return queue_letter(
        key=f"address_changed:{run.pk}:{person.pk}:{'former' if to_former else 'new'}",
        kind=KIND,
        to=person,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=run,
        former_address=former if to_former else "",
    )
