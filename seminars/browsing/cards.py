"""What a list shows of a seminar: its card, its tags, its seats in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import dates
from common.numbers import number
from common.templatetags.punkt import words
from seminars.models import CAME, AttendanceOutcome, RegistrationState, Seminar
from seminars.registration_window import closed_to_leaders, has_opened
from seminars.seats.queue_limits import closed_to_waiting
from seminars.seats.seats_left import leads_to_queue


@dataclass(frozen=True, slots=True)
class Tag:
    text: str
    skin: str


@dataclass(frozen=True, slots=True)
class SeminarCard:
    title: str
    href: str
    days: tuple[dt.datetime, dt.datetime]
    when: str
    text: str
    tags: list[Tag]
    seats: str
    place: str


def card_of(seminar: Seminar, now: dt.datetime, *, left: int) -> SeminarCard:
    """For a seminar read `with_seat_counts` and `with_own_state`.

    `left` is how many seats are free to whoever reads. What nobody can come to any more has none.
    """
    has_seats = not seminar.is_cancelled and seminar.takes_newcomers(now)
    return SeminarCard(
        title=seminar.title,
        href=reverse("seminars:detail", args=[seminar.pk]),
        days=(seminar.starts_at, seminar.ends_at),
        when=dates.with_whole_times(dates.span(seminar.starts_at, seminar.ends_at)),
        text=seminar.summary,
        tags=[tag for tag in (own_tag(seminar, now), seats_tag(seminar, now, left)) if tag],
        seats=seats_in_words(seminar, left) if has_seats else "",
        place=place_in_words(seminar),
    )


def place_in_words(seminar: Seminar) -> str:
    """Where it is held, marked as written by people where it is."""
    return seminar.place if seminar.is_digital else words(seminar.place)


def own_tag(seminar: Seminar, now: dt.datetime) -> Tag | None:
    if seminar.has_ended(now) and not seminar.is_cancelled:
        return past_tag(seminar)
    match seminar.own_state:
        case RegistrationState.REGISTERED:
            return Tag(_("Du er påmeldt"), "green")
        case RegistrationState.WAITLISTED:
            return Tag(_("Du står på venteliste"), "yellow")
        case RegistrationState.OFFERED:
            return Tag(_("Du har fått tilbud om plass"), "yellow")
        case RegistrationState.AWAITING:
            return Tag(_("Venter på godkjenning"), "yellow")
    return None


def past_tag(seminar: Seminar) -> Tag | None:
    """How one's own attendance is recorded, of a seminar that was held."""
    if seminar.own_state != RegistrationState.REGISTERED:
        return None
    if not seminar.own_outcome:
        return Tag(_("Oppmøtet ditt er ikke ført"), "gray")
    outcome = AttendanceOutcome(seminar.own_outcome)
    skin = "green" if outcome in CAME else "beige"
    return Tag(str(outcome.label), skin)


def seats_tag(seminar: Seminar, now: dt.datetime, left: int) -> Tag | None:
    if seminar.is_cancelled:
        return Tag(_("Avlyst"), "red")
    if seminar.has_ended(now):
        return Tag(_("Gjennomført"), "gray")
    if not has_opened(seminar, now):
        when = dates.day_month(seminar.registration_opens_at)
        return Tag(_("Påmeldingen åpner %(when)s") % {"when": when}, "gray")
    if not is_open_for_registration(seminar, now):
        return Tag(_("Påmeldingen er stengt"), "gray")
    return full_tag(seminar, left) or Tag(_("Ledige plasser"), "blue-light")


def is_open_for_registration(seminar: Seminar, now: dt.datetime) -> bool:
    """To whoever may register first of all."""
    return closed_to_leaders(seminar, now) is None


def full_tag(seminar: Seminar, left: int) -> Tag | None:
    """That nobody gets a seat at once, and whether there is a waiting list instead."""
    if left == 0 and closed_to_waiting(seminar, seminar.waiting_count):
        return Tag(_("Fullt"), "beige")
    if leads_to_queue(seminar, left):
        return Tag(_("Venteliste") if left else _("Fullt – venteliste"), "beige")
    return None


def seats_in_words(seminar: Seminar, left: int) -> str:
    free = ngettext(
        "%(left)s av %(capacity)s plass ledig",
        "%(left)s av %(capacity)s plasser ledige",
        seminar.capacity,
    ) % {"left": number(left), "capacity": number(seminar.capacity)}
    if not seminar.waiting_count:
        return free
    waiting = ngettext(
        "%(count)s på venteliste", "%(count)s på venteliste", seminar.waiting_count
    ) % {"count": number(seminar.waiting_count)}
    return f"{free}, {waiting}"
