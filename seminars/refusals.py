"""Why something about a seminar cannot be done, in words for the person who asked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.errors import Refused
from people.models import User
from seminars.models import Registration, Session


class SeatsAreBusy(Refused):
    """Others held the seminar's lock for as long as we wait."""


class NotOpen(Refused):
    """The seminar takes no registrations now."""


class AlreadyRegistered(Refused):
    """The person is in already; `registration` says how."""

    is_so_already = True

    def __init__(self, message: str, registration: Registration) -> None:
        super().__init__(message)
        self.registration = registration


class Full(Refused):
    """There is no seat, and the waiting list is no answer."""


class ListIsFull(Full):
    """There is no seat, and no place on the waiting list either."""


class ListTooLong(Refused):
    """More people wait than the waiting list would allow."""


class SessionIsFull(Refused):
    """The hall has a seat, but the parallel session that was chosen has none."""

    def __init__(self, message: str, session: Session) -> None:
        super().__init__(message)
        self.session = session


class SessionDoesNotFit(Refused):
    """Fewer seats in a parallel session than have chosen it, or in a choice than in the hall."""

    def __init__(self, message: str, session_pk: int | None) -> None:
        super().__init__(message)
        self.session_pk = session_pk


class NotForThem(Refused):
    """The seminar is for others, or the person is not theirs to register."""


class OfferIsOver(Refused):
    """The offer was answered already, or its time was up."""


class ApprovalIsOver(Refused):
    """The line manager was not the first to answer, or answered too late."""


class PoolDoesNotFit(Refused):
    """The pool is larger than what the hall has left, or smaller than its use."""


class NotRegistered(Refused):
    """The registration is over already."""


class CapacityTooLow(Refused):
    """More people have a seat than the new capacity."""


class PlaceMissing(Refused):
    """What everybody sees says neither where nor how to come."""


class NotChangeable(Refused):
    """The seminar's state does not allow it."""


class IsDone(NotChangeable):
    """It was done before: somebody pressed twice, or another was first."""

    is_so_already = True


TO_PUT_RIGHT = (SessionIsFull, SeatsAreBusy)
"""What the person who registers can put right on the page itself, choosing anew or waiting."""


def not_for_them() -> NotForThem:
    return NotForThem(_("Seminaret er ikke åpent for målgruppen du er i."))


def _already_in_words(registration: Registration) -> str:
    """To whoever registers another."""
    if registration.is_offered:
        return _("Personen har allerede et tilbud om plass.")
    if registration.is_awaiting:
        return _("Påmeldingen til personen venter på godkjenning.")
    if registration.is_waiting:
        return _("Personen står allerede på ventelisten.")
    return _("Personen er allerede påmeldt.")


def already_registered(registration: Registration, *, by: User) -> AlreadyRegistered:
    if registration.user_id != by.pk:
        return AlreadyRegistered(_already_in_words(registration), registration)
    if registration.is_offered:
        return AlreadyRegistered(_("Du har allerede et tilbud om plass."), registration)
    if registration.is_awaiting:
        return AlreadyRegistered(_("Påmeldingen din venter på godkjenning."), registration)
    if registration.is_waiting:
        return AlreadyRegistered(_("Du står allerede på ventelisten."), registration)
    return AlreadyRegistered(_("Du er allerede påmeldt."), registration)
