"""Whether a waiting list takes one more, and who may be given a seat by hand: page and action ask
the same."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common.errors import Refused
from seminars.models import Seminar
from seminars.refusals import ListIsFull, NotChangeable
from seminars.registration_window import closed_to_all
from seminars.seats.offer_period import moves_up


def closed_to_waiting(seminar: Seminar, waiting: int) -> ListIsFull | None:
    """What keeps one more out of the queue, when so many stand in it."""
    if not seminar.has_waiting_list:
        return ListIsFull(_("Alle plassene er tatt, og seminaret har ikke venteliste."))
    if seminar.waiting_list_limit is not None and waiting >= seminar.waiting_list_limit:
        return ListIsFull(_("Alle plassene er tatt, og ventelisten er full."))
    return None


def closed_to_giving(seminar: Seminar, now: dt.datetime) -> Refused | None:
    """What keeps the organiser from giving a seat to somebody of their choice in the queue.

    As long as whoever waits moves up in their order, it is the order that is changed.
    """
    refusal = closed_to_all(seminar, now)
    if refusal is None and seminar.promotes_by_itself and moves_up(seminar, now):
        return NotChangeable(
            _("Plassene går til dem som står først. Flytt personen fram i køen i stedet.")
        )
    return refusal
