"""What is missing of a draft, and what is odd about it: page and action ask the same.

What is missing stops it from being published; what is odd is told, and the organiser decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from common import dates
from common.dates import local
from common.working_time import is_working_day
from seminars.models import Seminar, Session
from seminars.refusals import PlaceMissing
from seminars.seminar_content import SeminarContent

EARLIEST, LATEST = dt.time(7), dt.time(22)
"""On the clock; what begins before or lasts longer is told of, as a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Remark:
    text: str
    href: str
    """Where it is put right."""


@dataclass(frozen=True, slots=True)
class Checklist:
    missing: list[Remark]
    odd: list[Remark]


def checklist_of(seminar: Seminar, now: dt.datetime) -> Checklist:
    """Return what the organiser is told before publishing a draft from `seminar_for`.

    Of one whose time is over there is nothing more to say: nothing about it can be changed.
    """
    odd = [] if seminar.has_ended(now) else list(_odd(seminar, now))
    return Checklist(missing=missing_of(seminar, now), odd=odd)


def missing_of(seminar: Seminar, now: dt.datetime) -> list[Remark]:
    """Return what must be there before it is shown to everybody."""
    if seminar.has_ended(now):
        words = _("Tidspunktet er passert, så utkastet kan ikke endres. Lag en kopi med ny dato.")
        return [Remark(words, reverse("seminars:copy", args=[seminar.pk]))]
    return list(_missing(seminar, now))


def _missing(seminar: Seminar, now: dt.datetime) -> Iterator[Remark]:
    if seminar.has_started(now):
        words = _("Starttidspunktet er passert. Flytt seminaret fram i tid før du publiserer.")
        yield _at_field(seminar, "sessions-0-starts_at", words)
    if refusal := lacking_a_place(seminar):
        yield _at_field(seminar, "place_name", refusal.message)
    if not seminar.summary:
        words = _("Skriv kort om seminaret før du publiserer. Teksten står på kortet i listen.")
        yield _at_field(seminar, "summary", words)


def lacking_a_place(said: Seminar | SeminarContent) -> PlaceMissing | None:
    """What stops it from being shown to everybody, now or after a change."""
    if said.place_name or said.meeting_url:
        return None
    return PlaceMissing(
        _("Fyll inn sted eller lenke til digitalt møte. Et publisert seminar må ha én av delene.")
    )


def _odd(seminar: Seminar, now: dt.datetime) -> Iterator[Remark]:
    yield from _odd_texts(seminar)
    sessions = seminar.sessions_in_order()
    has_room = seminar.room or seminar.address or any(one.room for one in sessions)
    if seminar.place_name and not has_room:
        yield _at_field(seminar, "room", _("Verken rom eller adresse er oppgitt."))
    yield from _odd_days(seminar, sessions)
    yield from _at_the_same_time(seminar, sessions)
    yield from _odd_registration(seminar, now)
    if not seminar.seats_left:
        words = _("Alle plassene er holdt av til virksomheter, så ingen andre kan få plass.")
        yield Remark(words, reverse("seminars:pools", args=[seminar.pk]))


def _odd_texts(seminar: Seminar) -> Iterator[Remark]:
    if not seminar.contact_details:
        words = _("Deltakerne ser ikke hvem de kan spørre. Velg en kontaktperson.")
        yield _at_field(seminar, "contact", words)
    if not seminar.description:
        words = _("Seminaret har ingen beskrivelse utover den korte teksten.")
        yield _at_field(seminar, "description", words)


def _odd_days(seminar: Seminar, sessions: list[Session]) -> Iterator[Remark]:
    """A session is shown in the editor at its place in the order of time."""
    told: set[dt.date] = set()
    for place, session in enumerate(sessions):
        starts, ends = local(session.starts_at), local(session.ends_at)
        when = dates.span(session.starts_at, session.ends_at)
        if not is_working_day(starts.date()) and starts.date() not in told:
            told.add(starts.date())
            words = _("Dette er ikke en arbeidsdag: %(day)s.") % {"day": dates.day(starts.date())}
            yield _at_field(seminar, f"sessions-{place}-starts_at", words)
        if ends.date() != starts.date():
            words = _("En samling slutter ikke den dagen den starter: %(when)s.") % {"when": when}
            yield _at_field(seminar, f"sessions-{place}-ends_at", words)
        elif starts.time() < EARLIEST or ends.time() > LATEST:
            words = _("En samling er svært tidlig eller sent på dagen: %(when)s.") % {"when": when}
            yield _at_field(seminar, f"sessions-{place}-starts_at", words)


def _at_the_same_time(seminar: Seminar, sessions: list[Session]) -> Iterator[Remark]:
    """Once for each session that everybody goes to while another is held."""
    for place, one in enumerate(sessions):
        others = [
            other
            for other in sessions
            if other != one and other.starts_at < one.ends_at and one.starts_at < other.ends_at
        ]
        if one.choice_group_id is None and others:
            when = dates.span(one.starts_at, one.ends_at)
            words = _("Alle skal på samlingen %(when)s, og da holdes også: %(others)s.") % {
                "when": when,
                "others": ", ".join(
                    other.title or dates.span(other.starts_at, other.ends_at) for other in others
                ),
            }
            yield _at_field(seminar, f"sessions-{place}-ends_at", words)


def _odd_registration(seminar: Seminar, now: dt.datetime) -> Iterator[Remark]:
    """A new draft is open from the hour it is made, which is nothing to tell of."""
    opens, closes = seminar.registration_opens_at, seminar.registration_closes_at
    if local(opens).date() < local(seminar.created_at).date():
        when = dates.moment(opens)
        words = _("Påmeldingen skulle åpnet %(when)s. Den åpner når du publiserer.")
        yield _at_field(seminar, "registration_opens_at", words % {"when": when})
    if closes < now:
        when = dates.moment(closes)
        words = _("Påmeldingsfristen gikk ut %(when)s, så ingen kan melde seg på selv.")
        yield _at_field(seminar, "registration_closes_at", words % {"when": when})
    if closes > seminar.joining_ends_at:
        words = _("Påmeldingsfristen er etter at seminaret starter.")
        yield _at_field(seminar, "registration_closes_at", words)


def _at_field(seminar: Seminar, name: str, words: str) -> Remark:
    return Remark(words, f"{reverse('seminars:edit', args=[seminar.pk])}#id_{name}")
