"""The line manager answers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common import dates
from common.errors import Refused
from people import audit
from people.models import User
from seminars import letters
from seminars.models import Registration
from seminars.refusals import ApprovalIsOver, NotChangeable
from seminars.seats import confirmation
from seminars.seats.allocation import fill_free_seats, lock_seminar
from seminars.seats.approver import approver_of
from seminars.seats.withdrawal import registration_in


def approve_registration(*, registration: Registration, by: User, now: dt.datetime) -> Registration:
    """Give the person the seat that waited. They are told, with REQUEST to their calendar.

    An answer after the deadline changes nothing: what the seminar says of silence is done here and
    now, so that it makes no difference whether the sweep came first. Raises ApprovalIsOver then,
    and when it is settled already or the person has withdrawn; NotChangeable, SeatsAreBusy.
    """
    with transaction.atomic():
        fresh = _under_the_lock(registration)
        if not _is_late(fresh, now):
            confirmation.approve(fresh, by=by, now=now)
            return fresh
        fill_free_seats(seminar=fresh.seminar, by=None, now=now)
    raise _too_late(fresh)


def decline_registration(
    *, registration: Registration, by: User, reason: str, now: dt.datetime
) -> Registration:
    """Refuse the person the seat, and say why. It goes to whoever waits.

    Late answers, and what it raises, are as in `approve_registration`.
    """
    with transaction.atomic():
        fresh = _under_the_lock(registration)
        is_late = _is_late(fresh, now)
        if not is_late:
            confirmation.decline(fresh, by=by, reason=reason, now=now)
        fill_free_seats(seminar=fresh.seminar, by=None if is_late else by, now=now)
    if is_late:
        raise _too_late(fresh)
    return fresh


def ask_new_leaders(*, now: dt.datetime) -> int:
    """Ask whoever is the line manager now, where the one who was asked is not any more.

    Called from the sweep, as leaders come and go by import. The new one gets the letter that the
    other got, once however often leaders change, and a line on «Min side»; the deadline stands, and
    what is asked of nobody is settled by it. A transaction each, with one audit record. Returns how
    many are asked of another.
    """
    asked = Registration.objects.awaiting_anybodys_answer(now).select_related("user", "unit")
    passed_on = 0
    for registration in asked:
        approver = approver_of(registration, now)
        if approver is not None and approver.pk != registration.approver_id:
            passed_on += _ask_instead(registration, approver, now)
    return passed_on


def _ask_instead(registration: Registration, approver: User, now: dt.datetime) -> int:
    try:
        with transaction.atomic():
            fresh = _under_the_lock(registration)
            if _is_late(fresh, now):
                return 0
            fresh.approver = approver
            fresh.save(update_fields=["approver"])
            audit.record(
                "seminars.ask_new_leader",
                fresh,
                by=None,
                on_behalf_of=fresh.user,
                asked=approver.pk,
            )
            letters.take_back_questions(fresh, now=now)
            letters.approval_wanted(fresh)
    except Refused:
        return 0  # settled meanwhile, or whoever holds the lock is waited for in the next round
    return 1


def _under_the_lock(registration: Registration) -> Registration:
    seminar = lock_seminar(registration.seminar_id)
    fresh = registration_in(seminar, registration)
    if fresh.has_seat:
        raise ApprovalIsOver(_("Påmeldingen er allerede godkjent."))
    if not fresh.is_awaiting:
        raise ApprovalIsOver(
            _("Påmeldingen er allerede avsluttet: den er avslått, eller personen har meldt seg av.")
        )
    if seminar.is_cancelled:
        raise NotChangeable(_("Seminaret er avlyst."))
    return fresh


def _is_late(registration: Registration, now: dt.datetime) -> bool:
    return registration.expires_at is not None and registration.expires_at <= now


def _too_late(registration: Registration) -> ApprovalIsOver:
    """What became of it; the row at hand is as it was before."""
    assert registration.expires_at is not None  # noqa: S101
    when = {"when": dates.moment(registration.expires_at)}
    if Registration.objects.get(pk=registration.pk).has_seat:
        return ApprovalIsOver(
            _("Svarfristen gikk ut %(when)s, og påmeldingen ble da godkjent.") % when
        )
    return ApprovalIsOver(_("Svarfristen gikk ut %(when)s, og påmeldingen falt da bort.") % when)
