"""What publishing or calling off a seminar would lead to, told by what there is."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.letters_wait import letters_wait
from common.numbers import number
from common.sending_times import near
from seminars.audience_size import people_of_audiences
from seminars.eligibility import audiences_of, leaves_somebody_out, who_in_words
from seminars.models import Registration, Seminar
from seminars.registration_window import opening_in_words


def consequences_of_publishing(seminar: Seminar, now: dt.datetime) -> list[str]:
    """Return who will see it, who may register and from when, and that nobody gets a letter."""
    return [
        _("Seminaret vises i listen for alle ansatte."),
        _who_may_register(seminar, now),
        opening_in_words(seminar, now),
        _("Ingen får brev før du sender invitasjoner."),
    ]


def _who_may_register(seminar: Seminar, now: dt.datetime) -> str:
    if not leaves_somebody_out(seminar):
        return _("Alle ansatte kan melde seg på.")
    count = people_of_audiences(seminar, on=timezone.localdate(now)).count()
    words = ngettext(
        "Bare målgruppen kan melde seg på: %(who)s, %(count)s person i dag.",
        "Bare målgruppen kan melde seg på: %(who)s, %(count)s personer i dag.",
        count,
    )
    who = ", ".join(who_in_words(audience) for audience in audiences_of(seminar))
    return words % {"who": who, "count": number(count)}


def consequences_of_cancelling(seminar: Seminar, now: dt.datetime) -> list[str]:
    """Return a sentence for each kind of person who would get a letter, or that nobody would."""
    people = Registration.objects.active().filter(seminar=seminar)
    waiting = people.waiting().count()
    seated = people.count() - waiting
    invited = seminar.invitations.unanswered().count()
    told = [
        sentence % {"count": number(count)}
        for count, sentence in (
            (seated, _with_seat(seated)),
            (waiting, _who_wait(waiting)),
            (invited, _invited(invited)),
        )
        if count
    ]
    if told:
        when = near(seminar.starts_at, seminar.ends_at)
        told += letters_wait("seminars.cancelled", now, when=when)
    else:
        told = [_("Ingen er påmeldt, på venteliste eller invitert, så ingen får brev.")]
    return [*told, _("Avlysningen kan ikke angres.")]


def _with_seat(count: int) -> str:
    return ngettext(
        "%(count)s person med plass får brev, og seminaret tas ut av kalenderen deres.",
        "%(count)s personer med plass får brev, og seminaret tas ut av kalenderen deres.",
        count,
    )


def _who_wait(count: int) -> str:
    return ngettext(
        "%(count)s person på ventelisten får brev.",
        "%(count)s personer på ventelisten får brev.",
        count,
    )


def _invited(count: int) -> str:
    return ngettext(
        "%(count)s person som er invitert og ikke har svart, får brev.",
        "%(count)s personer som er invitert og ikke har svart, får brev.",
        count,
    )
