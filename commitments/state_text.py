"""How things stand in an agreement, for one of the two who came by a link that is too old."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import Agreement, Party, Revision
from commitments.workflow import how_it_ended, sent_back_with
from common import dates
from people.models import User


def state_told(agreement: Agreement, user: User) -> str:
    """Return who did what last, and when."""
    if agreement.ended_at is not None:
        return how_it_ended(agreement)
    if agreement.is_parted or agreement.is_parting:
        return _("%(name)s står ikke lenger som lederen din her.") % {"name": agreement.leader.name}
    newest = agreement.revisions.live().with_content().order_by("-number").first()
    if newest is None:
        return ""
    told = _told_of(newest, user)
    if agreement.paused_at is not None:
        return _("Avtalen er på pause.") + " " + told
    return told


def _told_of(newest: Revision, user: User) -> str:
    agreement = newest.agreement
    if newest.is_draft:
        return _draft_told(newest, user)
    if newest.is_proposed:
        words = {
            "name": _name(newest.proposed_by, user),
            "other": _turn(newest, user),
            "day": _day(newest.proposed_at),
        }
        return _("%(name)s foreslo det som står nå, %(day)s. Det venter på %(other)s.") % words
    if newest.is_agreed:
        signed = {one.party for one in newest.signatures.all()}
        missing = [
            _you_or(agreement.leader if party == Party.LEADER else agreement.employee, user)
            for party in Party
            if party not in signed
        ]
        words = {"day": _day(newest.agreed_at), "names": _(" og ").join(missing)}
        return _("Dere ble enige %(day)s. Avtalen venter på signatur fra %(names)s.") % words
    return _("Avtalen ble signert av dere begge %(day)s.") % {"day": _day(newest.signed_at)}


def _draft_told(draft: Revision, user: User) -> str:
    note = sent_back_with(draft)
    if note is not None:
        words = {"name": _name(note.author, user), "day": _day(note.created_at)}
        return _("%(name)s sendte forslaget tilbake %(day)s. Det er et utkast igjen.") % words
    words = {"name": _name(draft.edited_by, user), "day": _day(draft.edited_at)}
    if draft.number == 1:
        return _("Avtalen er et utkast. %(name)s skrev sist på det %(day)s.") % words
    return _("%(name)s har endret utkastet %(day)s. Ingen har foreslått det ennå.") % words


def _day(at: dt.datetime | None) -> str:
    return dates.long_date(timezone.localtime(at)) if at is not None else ""


def _name(person: User | None, user: User) -> str:
    """At the beginning of a sentence."""
    if person is None or person == user:
        return _("Du")
    return person.name


def _you_or(person: User, user: User) -> str:
    return _("deg") if person == user else person.name


def _turn(revision: Revision, user: User) -> str:
    agreement = revision.agreement
    asked = agreement.leader if revision.turn == Party.LEADER else agreement.employee
    return _you_or(asked, user)
