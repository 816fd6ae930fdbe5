"""The organiser's own verbs: make, change, publish, cancel and throw away a seminar."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.edit_conflicts import Seen
from common.errors import Refused
from common.numbers import number
from people import audit
from people.models import User
from seminars import calendar, letters
from seminars.editing.session_actions import (
    SessionsOfEach,
    refuse_crowded_sessions,
    rewrite_sessions,
    sessions_of_each,
    write_sessions,
)
from seminars.editing_window import (
    closed_to_cancelling,
    closed_to_change,
    closed_to_discarding,
    closed_to_publishing,
)
from seminars.models import (
    ProgrammeItem,
    Registration,
    Seminar,
    SeminarState,
    Speaker,
    WaitingListMode,
)
from seminars.publishing_checklist import lacking_a_place
from seminars.refusals import CapacityTooLow, IsDone, ListTooLong
from seminars.seats.allocation import fill_free_seats, lock_seminar
from seminars.seats.confirmation import approve_everybody
from seminars.seats.free_seats import free_seats
from seminars.seats.session_placement import place_everyone
from seminars.seminar_content import SeminarContent

TOLD_TO_CALENDARS = ("title", "place_name", "address", "room", "meeting_url")


@transaction.atomic
def create_seminar(*, content: SeminarContent, by: User, now: dt.datetime) -> Seminar:
    """Make a draft that its organisers alone see. Raises SessionDoesNotFit."""
    refuse_crowded_sessions(content)
    seminar: Seminar = Seminar.objects.create(
        **content.own_values(),
        created_by=by,
        created_at=now,
        starts_at=min(session.starts_at for session in content.sessions),
        ends_at=max(session.ends_at for session in content.sessions),
    )
    write_sessions(seminar, content.sessions)
    seminar.refresh_from_db(fields=["last_gathering_at", "has_choices"])
    _write_programme_and_speakers(seminar, content)
    audit.record("seminars.create", seminar, by=by)
    return seminar


@transaction.atomic
def change_seminar(
    *,
    seminar: Seminar,
    content: SeminarContent,
    by: User,
    now: dt.datetime,
    seen: Seen | None = None,
) -> Seminar:
    """Write what the organiser now says.

    A new time or place is told to everybody who is in, with a calendar part of a higher SEQUENCE
    for those who have a seat; a session they no longer go to is taken out of their calendars.
    Whoever has no session in a choice, as it is new or theirs was dropped, is placed where there is
    most room. More seats go to the waiting list at once, and so does what is free when its order
    holds again. When line managers need not approve any more, whoever waited for one has the seat.

    Raises EditConflict when another has saved what was not `seen`; CapacityTooLow; ListTooLong when
    more wait than may; PlaceMissing when everybody sees it; SessionDoesNotFit; NotChangeable for a
    seminar that is cancelled or over; SeatsAreBusy.
    """
    seminar = lock_seminar(seminar.pk)
    _refuse_if(closed_to_change(seminar, now))
    stored = SeminarContent.of(seminar)
    if seen is not None:
        seen.refuse_conflict(stored.state(), content.state())
    content = content.with_keys_of(stored)
    if seminar.is_published:
        _refuse_if(lacking_a_place(content))
    _refuse_too_few_seats(seminar, content.capacity, now)
    _refuse_a_list_too_long(seminar, content)
    refuse_crowded_sessions(content, seminar)
    before = {name: getattr(seminar, name) for name in content.own_values()}
    for name, value in content.own_values().items():
        setattr(seminar, name, value)
    seminar.save(update_fields=list(before))
    went_to = sessions_of_each(seminar)
    has_moved = rewrite_sessions(seminar, content.sessions)
    _write_programme_and_speakers(seminar, content)
    changed = [name for name in before if before[name] != getattr(seminar, name)]
    audit.record("seminars.change", seminar, by=by, fields=changed, has_moved=has_moved)
    seminar.refresh_from_db(fields=["starts_at", "ends_at", "last_gathering_at", "has_choices"])
    place_everyone(seminar, now=now)
    if seminar.is_published and (has_moved or set(changed) & set(TOLD_TO_CALENDARS)):
        _tell_of_change(seminar, went_to, now)
    if seminar.is_published and before["approval_days"] and not seminar.approval_days:
        approve_everybody(seminar, by=by, now=now)
    fill_free_seats(seminar=seminar, by=by, now=now)
    return seminar


@transaction.atomic
def publish_seminar(*, seminar: Seminar, by: User, now: dt.datetime) -> Seminar:
    """Show the seminar to everybody.

    Raises IsDone when it is shown already, and NotChangeable unless it is a draft still to come.
    """
    seminar = lock_seminar(seminar.pk)
    _refuse_if(closed_to_publishing(seminar, now))
    seminar.state = SeminarState.PUBLISHED
    seminar.published_at = now
    seminar.save(update_fields=["state", "published_at"])
    audit.record("seminars.publish", seminar, by=by)
    return seminar


@transaction.atomic
def cancel_seminar(*, seminar: Seminar, reason: str, by: User, now: dt.datetime) -> Seminar:
    """Call the seminar off.

    Everybody who is in gets a letter with the reason, those with a seat also CANCEL to their
    calendars for what is to come; so do those who were invited and had not answered. Registrations
    keep their state: they say who would have come. Raises IsDone when it is cancelled already, and
    NotChangeable unless it is published and not over.
    """
    seminar = lock_seminar(seminar.pk)
    _refuse_if(closed_to_cancelling(seminar, now))
    seminar.state = SeminarState.CANCELLED
    seminar.cancelled_at = now
    seminar.cancel_reason = reason
    seminar.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    audit.record("seminars.cancel", seminar, by=by, reason=reason)
    _tell_of_cancellation(seminar, now)
    return seminar


@transaction.atomic
def discard_draft(*, seminar: Seminar, by: User) -> None:
    """Throw away a draft with all that is set up in it; its record in the trail stays.

    Raises IsDone when somebody has done so meanwhile, and NotChangeable when it is no draft.
    """
    try:
        seminar = lock_seminar(seminar.pk)
    except Seminar.DoesNotExist:
        raise IsDone(_("Utkastet er allerede forkastet.")) from None
    _refuse_if(closed_to_discarding(seminar))
    audit.record("seminars.discard", seminar, by=by)
    for grant in seminar.role_grants.not_ended().select_related("user"):
        grant.seminar = seminar
        letters.seminar_role_ended(grant, by=by)
    # A question that hangs on the answer to another keeps that one from being deleted.
    seminar.questions.update(shown_if=None, shown_if_option="")
    seminar.delete()


def _refuse_if(refusal: Refused | None) -> None:
    if refusal is not None:
        raise refusal


def _refuse_too_few_seats(seminar: Seminar, capacity: int, now: dt.datetime) -> None:
    """What has a person in it, and what is held for an agency, is spoken for."""
    spoken_for = seminar.capacity - free_seats(seminar, now).open_left
    taken = Registration.objects.holding_seat().filter(seminar=seminar).count()
    if capacity >= spoken_for:
        return
    words = ngettext(
        "%(taken)s person har plass. Antall plasser kan ikke være lavere enn det.",
        "%(taken)s personer har plass. Antall plasser kan ikke være lavere enn det.",
        taken,
    )
    if spoken_for > taken:
        words = _(
            "%(spoken_for)s plasser er tatt eller holdt av til virksomheter. "
            "Antall plasser kan ikke være lavere enn det."
        )
    raise CapacityTooLow(words % {"taken": number(taken), "spoken_for": number(spoken_for)})


def _refuse_a_list_too_long(seminar: Seminar, content: SeminarContent) -> None:
    """Nobody who waits is sent away by a setting."""
    most = 0 if content.waiting_list_mode == WaitingListMode.OFF else content.waiting_list_limit
    waiting = Registration.objects.waiting().filter(seminar=seminar).count()
    if most is None or waiting <= most:
        return
    words = ngettext(
        "%(waiting)s person står på ventelisten. Grensen kan ikke være lavere enn det.",
        "%(waiting)s personer står på ventelisten. Grensen kan ikke være lavere enn det.",
        waiting,
    )
    if content.waiting_list_mode == WaitingListMode.OFF:
        words = ngettext(
            "%(waiting)s person står på ventelisten. Gi plass eller ta bort påmeldingen først, "
            "eller sett en grense for hvor mange som kan vente.",
            "%(waiting)s personer står på ventelisten. Gi plass eller ta bort påmeldingene først, "
            "eller sett en grense for hvor mange som kan vente.",
            waiting,
        )
    raise ListTooLong(words % {"waiting": number(waiting)})


def _write_programme_and_speakers(seminar: Seminar, content: SeminarContent) -> None:
    """Nothing refers to these rows, so they are written anew, in the organiser's order."""
    seminar.programme.all().delete()
    seminar.speakers.all().delete()
    ProgrammeItem.objects.bulk_create(
        ProgrammeItem(
            seminar=seminar,
            starts_at=item.starts_at,
            title=item.title,
            description=item.description,
        )
        for item in content.programme
    )
    Speaker.objects.bulk_create(
        Speaker(
            seminar=seminar, name=speaker.name, title=speaker.title, biography=speaker.biography
        )
        for speaker in content.speakers
    )


def _raised_registrations(seminar: Seminar) -> list[Registration]:
    """Everybody who is in, the calendar's sequence one higher, also for those who wait."""
    goes_to = sessions_of_each(seminar)
    active = list(
        Registration.objects.active().filter(seminar=seminar).select_related("user").order_by("pk")
    )
    for registration in active:
        registration.seminar = seminar
        registration.own_sessions = goes_to(registration)
        registration.calendar_sequence += 1
    Registration.objects.bulk_update(active, ["calendar_sequence"], batch_size=500)
    return active


def _tell_of_change(seminar: Seminar, went_to: SessionsOfEach, now: dt.datetime) -> None:
    """Of sessions that are over calendars are not told, unless one was to come before it was
    moved."""
    for registration in _raised_registrations(seminar):
        starts = [one.starts_at for one in went_to(registration)]
        began_at = min(starts, default=seminar.starts_at)
        if registration.has_seat:
            before = [one for one in went_to(registration) if one.is_to_come(now)]
            goes_to = registration.own_sessions
            gone = [one for one in before if one not in goes_to]
            told = [one for one in goes_to if one.is_to_come(now) or one in before]
            parts = calendar.requests(registration, told, now=now)
            parts += calendar.cancellations(registration, gone, now=now)
            letters.changed(registration, parts, began_at=began_at)
        else:
            letters.changed(registration, [], began_at=began_at)


def _tell_of_cancellation(seminar: Seminar, now: dt.datetime) -> None:
    for registration in _raised_registrations(seminar):
        goes_to = registration.sessions_to_come(now) if registration.has_seat else []
        parts = calendar.cancellations(registration, goes_to, now=now)
        letters.cancelled(registration, parts)
    for invited in seminar.invitations.unanswered().select_related("user"):
        invited.seminar = seminar
        letters.invitation_cancelled(invited)
