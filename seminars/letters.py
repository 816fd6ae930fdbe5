"""What people are told about their seminars, each in their own language."""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import translation

from common import dates
from common.sending_times import Near, near
from outbox.actions import queue_letter, take_back
from outbox.calendar import CalendarPart
from outbox.letters import Rendered, absolute_url, render_letter
from outbox.models import Letter
from people.models import User
from seminars.calendar import SessionPart
from seminars.models import (
    Invitation,
    Registration,
    SeatNewsKind,
    Seminar,
    SeminarRole,
    SeminarRoleGrant,
    Session,
)
from seminars.models.seminar_role import last_day_of_roles
from seminars.seats.offer_period import promotions_end_at
from seminars.seminar_content import SeminarContent


def confirmed(registration: Registration, parts: Sequence[SessionPart], *, by: User | None) -> None:
    _write("confirmed", registration, parts, caused_by=by)


def waiting(registration: Registration, *, place: int, by: User | None) -> None:
    _write(
        "waiting",
        registration,
        caused_by=by,
        place=place,
        **_about_queue(registration.seminar, registration.user),
    )


def promoted(registration: Registration, parts: Sequence[SessionPart], *, by: User | None) -> None:
    _write("promoted", registration, parts, caused_by=by)


def offered(registration: Registration) -> None:
    _write_about_offer("offered", registration)


def awaiting(registration: Registration, *, by: User | None) -> None:
    about = _about_approval(registration, registration.user)
    _write("awaiting", registration, caused_by=by, **about)


def approval_wanted(registration: Registration) -> None:
    """To the line manager, and to the next when leaders change, once each; who it is about stands
    behind the sign-in."""
    approver = registration.approver
    assert approver is not None  # noqa: S101
    key = f"{registration.pk}:{registration.calendar_sequence}:{approver.pk}"
    context = _about_approval(registration, approver)
    _queue("approval_wanted", registration.seminar, approver, key, about=registration, **context)


def take_back_questions(registration: Registration, *, now: dt.datetime) -> None:
    """Take back what still waits for work and asks for an answer that nobody needs any more."""
    take_back("seminars.offered", "seminars.approval_wanted", about=registration, now=now)


def not_approved(registration: Registration, *, by: User | None, reason: str) -> None:
    _write("not_approved", registration, by=by, reason=reason)


def restored(registration: Registration, *, by: User) -> None:
    """That the refusal is taken back; the confirmation of the seat is a letter of its own."""
    _write("restored", registration, by=by)


def offer_expired(registration: Registration, *, is_open: bool) -> None:
    """`is_open` says whether they may register again."""
    _write("offer_expired", registration, is_open=is_open)


def without_last_word(seminar: Seminar, waiting: Sequence[Registration]) -> list[Registration]:
    """Return those who wait and have not been told that nobody moves up any more."""
    by_key = {_last_word_key(seminar, one): one for one in waiting}
    told = Letter.objects.filter(key__in=[f"seminars:not_seated:{key}" for key in by_key])
    has_letter = set(told.values_list("key", flat=True))
    return [one for key, one in by_key.items() if f"seminars:not_seated:{key}" not in has_letter]


def _last_word_key(seminar: Seminar, registration: Registration) -> str:
    """The moment is in it: whoever waits again, as the organiser set a later one, is told anew."""
    return f"{registration.pk}:{promotions_end_at(seminar):%Y%m%d%H%M}"


def not_seated(registration: Registration, *, now: dt.datetime) -> None:
    """To whoever waited to the end: nobody moves up any more."""
    seminar, to = registration.seminar, registration.user
    _queue(
        "not_seated",
        seminar,
        to,
        _last_word_key(seminar, registration),
        about=registration,
        when=_while_one_may_join(seminar),
        now=now,
        is_over=seminar.has_ended(now),
        **_about_queue(seminar, to),
    )


def _while_one_may_join(seminar: Seminar) -> Near:
    """A last word waits for work unless nobody could be let in any more by then."""
    return Near(seminar.joining_ends_at, seminar.joining_ends_at)


NAMES_IN_A_LETTER = 50


def waiting_list_ended(
    seminar: Seminar, told: Sequence[Registration], *, to: User, now: dt.datetime
) -> None:
    """To an organiser: who waited to the end, in the order of the queue."""
    is_over = seminar.has_ended(now)
    page = "participants" if is_over else "queue"
    named = [f"{one.user.name}, {one.agency}" if one.agency else one.user.name for one in told]
    _queue(
        "waiting_list_ended",
        seminar,
        to,
        f"{_last_word_key(seminar, told[0])}:{to.pk}",
        about=seminar,
        when=_while_one_may_join(seminar),
        now=now,
        people=named[:NAMES_IN_A_LETTER],
        left_out=max(0, len(named) - NAMES_IN_A_LETTER),
        total=len(named),
        people_url=absolute_url(reverse(f"seminars:{page}", args=[seminar.pk])),
        is_over=is_over,
        **_about_queue(seminar, to),
    )


def changed(
    registration: Registration, parts: Sequence[SessionPart], *, began_at: dt.datetime
) -> None:
    """`began_at` is when it was to begin before: who would come in vain tomorrow is told now."""
    seminar = registration.seminar
    when = near(min(began_at, seminar.starts_at), seminar.ends_at)
    _write("changed", registration, parts, when=when)


def choice_changed(
    registration: Registration, parts: Sequence[SessionPart], *, by: User | None
) -> None:
    _write("choice_changed", registration, parts, caused_by=by)


def withdrawn(registration: Registration, parts: Sequence[SessionPart], *, by: User | None) -> None:
    _write("withdrawn", registration, parts, caused_by=by)


def removed(registration: Registration, parts: Sequence[SessionPart], *, reason: str) -> None:
    _write("removed", registration, parts, reason=reason)


def cancelled(registration: Registration, parts: Sequence[SessionPart]) -> None:
    _write("cancelled", registration, parts)


def departed(given_up: Mapping[Seminar, Sequence[Registration]], *, to: User) -> None:
    """To an organiser, one about all their seminars: who has left, so that places went on."""
    first, *others = given_up
    one, all_of_them = "seminars:participants", "seminars:organise"
    path = reverse(all_of_them) if others else reverse(one, args=[first.pk])
    _queue_departed("departed", given_up, to, participants_url=absolute_url(path))


def departed_from_line(given_up: Mapping[Seminar, Sequence[Registration]], *, to: User) -> None:
    """To the line manager who approved or was asked: whose places are given up, and where."""
    _queue_departed("departed_from_line", given_up, to)


def _queue_departed(
    letter: str, given_up: Mapping[Seminar, Sequence[Registration]], to: User, **context: Any
) -> None:
    """A registration is given up once: the first of them tells one letter from the next."""
    registrations = [one for some in given_up.values() for one in some]
    words = render_letter(
        f"seminars/{letter}",
        to=to,
        context={
            "given_up": [
                (seminar, [registration.user.name for registration in some])
                for seminar, some in given_up.items()
            ],
            "total": len({registration.user_id for registration in registrations}),
            **context,
        },
    )
    queue_letter(
        key=f"seminars:{letter}:{min(one.pk for one in registrations)}:{to.pk}",
        kind=f"seminars.{letter}",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=next(iter(given_up)),
    )


def contact_left(seminars: Sequence[Seminar], *, to: User, now: dt.datetime) -> None:
    """To an organiser, one about all their seminars: nobody answers questions about them now."""
    one, all_of_them = "seminars:edit", "seminars:organise"
    path = reverse(all_of_them) if len(seminars) > 1 else reverse(one, args=[seminars[0].pk])
    context = {"seminars": seminars, "total": len(seminars), "edit_url": absolute_url(path)}
    words = render_letter("seminars/contact_left", to=to, context=context)
    queue_letter(
        key=f"seminars:contact_left:{min(one.pk for one in seminars)}:{now:%Y%m%d%H%M}:{to.pk}",
        kind="seminars.contact_left",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=seminars[0],
    )


def seminar_role_given(grant: SeminarRoleGrant) -> None:
    """«Du er medarrangør for …», to whoever is now."""
    _write_about_role("role_given", grant, to=grant.user, by=grant.given_by)


def seminar_role_given_to_another(grant: SeminarRoleGrant, *, to: User) -> None:
    """To whoever gave it, whose browser another may have used, and to those who arrange there."""
    _write_about_role("role_given_to_another", grant, to=to, by=grant.given_by)


def seminar_role_ended(grant: SeminarRoleGrant, *, by: User) -> None:
    """To whoever had it, when it ends before its time."""
    _write_about_role("role_ended", grant, to=grant.user, by=by)


def _write_about_role(letter: str, grant: SeminarRoleGrant, *, to: User, by: User) -> None:
    seminar, role = grant.seminar, SeminarRole(grant.role)
    with translation.override(to.language):
        last_day = dates.long_date(last_day_of_roles(seminar))
    _queue(
        letter,
        seminar,
        to,
        f"{grant.pk}:{to.pk}",
        about=grant,
        caused_by=by,
        grant=grant,
        role=role,
        by=by,
        did_it=to == by,
        last_day=last_day,
        list_of_helpers_url=absolute_url(reverse("seminars:seminar_roles", args=[seminar.pk])),
        home_url=absolute_url(reverse("home")),
    )


def helpers_left(grants: Sequence[SeminarRoleGrant], *, to: User) -> None:
    """To an organiser, one about all their seminars: who helped with them has left."""
    first = grants[0]
    one, all_of_them = "seminars:seminar_roles", "seminars:organise"
    is_one = len({grant.seminar_id for grant in grants}) == 1
    path = reverse(one, args=[first.seminar_id]) if is_one else reverse(all_of_them)
    context = {"grants": grants, "is_one": is_one, "desk_url": absolute_url(path)}
    words = render_letter("seminars/helpers_left", to=to, context=context)
    queue_letter(
        key=f"seminars:helpers_left:{min(grant.pk for grant in grants)}:{to.pk}",
        kind="seminars.helpers_left",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=first.seminar,
    )


def seat_news(told: Sequence[tuple[Seminar, SeatNewsKind]], *, to: User, on: dt.date) -> None:
    """To an organiser, one a day about all their seminars: which are full, free again or empty."""
    first, _kind = told[0]
    one, all_of_them = "seminars:participants", "seminars:organise"
    path = reverse(all_of_them) if len(told) > 1 else reverse(one, args=[first.pk])
    words = render_letter(
        "seminars/seat_news",
        to=to,
        context={"told": told, "total": len(told), "desk_url": absolute_url(path)},
    )
    queue_letter(
        key=f"seminars:seat_news:{on:%Y%m%d}:{to.pk}",
        kind="seminars.seat_news",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=first,
    )


def invitation(invited: Invitation) -> None:
    seminar = invited.seminar
    when = Near(seminar.registration_closes_at, seminar.ends_at)
    _queue("invitation", seminar, invited.user, f"{invited.pk}", about=invited, when=when)


def invitation_cancelled(invited: Invitation) -> None:
    _queue("invitation_cancelled", invited.seminar, invited.user, f"{invited.pk}", about=invited)


def message(
    registration: Registration, key: uuid.UUID, *, subject: str, words: str, by: User
) -> None:
    """What the organiser has written; the same key never reaches the same person twice."""
    seminar, to = registration.seminar, registration.user
    _queue(
        "message",
        seminar,
        to,
        f"{key}:{registration.pk}",
        about=registration,
        message_subject=subject,
        words=words,
        by=by,
    )


def is_sent(key: uuid.UUID) -> bool:
    return Letter.objects.filter(key__startswith=f"seminars:message:{key}:").exists()


def message_preview(seminar: Seminar, *, subject: str, words: str, by: User) -> Rendered:
    return _words("message", seminar, by, message_subject=subject, words=words, by=by)


def change_preview(seminar: Seminar, content: SeminarContent, *, to: User) -> Rendered:
    """What those with a seat would read if this were saved."""
    changed = copy.copy(seminar)
    for name, value in content.own_values().items():
        setattr(changed, name, value)
    changed.starts_at = min(session.starts_at for session in content.sessions)
    changed.ends_at = max(session.ends_at for session in content.sessions)
    return _words("changed", changed, to, has_seat=True)


def cancel_preview(seminar: Seminar, *, reason: str, to: User) -> Rendered:
    cancelled = copy.copy(seminar)
    cancelled.cancel_reason = reason
    return _words("cancelled", cancelled, to, has_seat=True)


def removed_preview(seminar: Seminar, *, reason: str, to: User) -> Rendered:
    return _words("removed", seminar, to, reason=reason)


def registered_preview(seminar: Seminar, *, to: User) -> Rendered:
    """What somebody the organiser brings in would read: of a seat, or of a place in the queue.

    For a seminar read `with_seat_counts`, and for its organiser alone: it has the meeting's link.
    """
    if seminar.seats_left and not seminar.waiting_count:
        return _words("confirmed", seminar, to, has_seat=True)
    about = _about_queue(seminar, to)
    return _words("waiting", seminar, to, place=seminar.waiting_count + 1, **about)


def invitation_preview(seminar: Seminar, *, to: User) -> Rendered:
    return _words("invitation", seminar, to)


def _about_queue(seminar: Seminar, to: User) -> dict[str, Any]:
    with translation.override(to.language):
        return {"promotions_end": dates.moment(promotions_end_at(seminar))}


def _write_about_offer(letter: str, registration: Registration) -> None:
    assert registration.expires_at is not None  # noqa: S101
    with translation.override(registration.user.language):
        answer_by = dates.moment(registration.expires_at)
    offer_url = absolute_url(reverse("seminars:offer", args=[registration.seminar_id]))
    _write(letter, registration, answer_by=answer_by, offer_url=offer_url)


def _about_approval(registration: Registration, to: User) -> dict[str, Any]:
    assert registration.expires_at is not None  # noqa: S101
    with translation.override(to.language):
        answer_by = dates.moment(registration.expires_at)
    approve_url = reverse("seminars:approve", args=[registration.seminar_id, registration.pk])
    return {
        "approver": registration.approver,
        "answer_by": answer_by,
        "approve_url": absolute_url(approve_url),
        "is_approved_by_silence": registration.seminar.approval_default == "approve",
    }


def _write(
    letter: str,
    registration: Registration,
    parts: Sequence[SessionPart] = (),
    *,
    caused_by: User | None = None,
    when: Near | None = None,
    **context: Any,
) -> None:
    """The letter with the first session's calendar part, and one more letter a further session.

    The calendar's sequence tells this occasion from the one before; it rises on the waiting list
    too, where no calendar is told of it.
    """
    seminar, to = registration.seminar, registration.user
    key = f"{registration.pk}:{registration.calendar_sequence}"
    sent: dict[str, Any] = {"about": registration, "caused_by": caused_by, "when": when}
    context |= {"has_seat": registration.has_seat} | about_sessions(registration)
    first = parts[0] if parts else None
    _queue(letter, seminar, to, key, calendar=first, **sent, **context)
    for number, part in enumerate(parts[1:], start=2):
        context |= _about_part(part, to)
        letter_key = f"{key}:{number}"
        _queue("session", seminar, to, letter_key, calendar=part, **sent, **context)


def _about_part(part: SessionPart, to: User) -> dict[str, Any]:
    """Which session, by its own name or else by its time: a number would count letters."""
    session = part.session
    with translation.override(to.language):
        session_when = dates.span(session.starts_at, session.ends_at)
        session_place = session.place
    return {
        "session_name": session.title or session_when,
        "session_when": session_when,
        "session_place": session_place,
        "is_cancelled": part.method == "CANCEL",
    }


def _queue(
    letter: str,
    seminar: Seminar,
    to: User,
    key: str,
    *,
    about: Registration | Invitation | Seminar | SeminarRoleGrant,
    calendar: CalendarPart | None = None,
    caused_by: User | None = None,
    when: Near | None = None,
    now: dt.datetime | None = None,
    **context: Any,
) -> None:
    words = _words(letter, seminar, to, **context)
    queue_letter(
        key=f"seminars:{letter}:{key}",
        kind=f"seminars.{letter}",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        reply_to=words.reply_to,
        calendar=calendar,
        about=about,
        by=caused_by,
        near=when or near(seminar.starts_at, seminar.ends_at),
        now=now,
    )


def _words(letter: str, seminar: Seminar, to: User, **context: Any) -> Rendered:
    template, about = f"seminars/{letter}", _about_seminar(seminar, to)
    return render_letter(template, to=to, context=about | {"seminar": seminar} | context)


def about_sessions(
    registration: Registration, sessions: Iterable[Session] | None = None
) -> dict[str, Any]:
    """What the person has chosen, or wishes for, and the links of sessions that have their own.

    Of all the sessions they go to, or of those that are told of.
    """
    seminar, language = registration.seminar, registration.user.language
    if not seminar.has_choices and not registration.has_seat:
        return {}
    if sessions is None:
        sessions = registration.own_sessions
    with translation.override(language):
        chosen = tuple(
            (session.choice_group.title, _session_in_words(session))
            for session in sessions
            if session.choice_group is not None
        )
    links = tuple(
        (session.title or seminar.title, session.meeting_url)
        for session in sessions
        if registration.has_seat and session.meeting_url
    )
    return {
        "chosen": chosen,
        "is_assigned": _is_assigned(registration),
        "session_links": links,
        "choose_url": absolute_url(reverse("seminars:choose", args=[seminar.pk])),
    }


def _is_assigned(registration: Registration) -> bool:
    """Whether the portal chose any of them."""
    if not registration.seminar.has_choices:
        return False
    return any(choice.is_assigned for choice in registration.choices.all())


def _session_in_words(session: Session) -> str:
    when = dates.span(session.starts_at, session.ends_at)
    return ", ".join(part for part in (session.title, when, session.place) if part)


def _about_seminar(seminar: Seminar, to: User) -> dict[str, Any]:
    with translation.override(to.language):
        when = dates.span(seminar.starts_at, seminar.ends_at)
        closes = dates.moment(seminar.registration_closes_at)
    return {
        "contact": seminar.contact_details,
        "title": seminar.title,
        "where": seminar.place,
        "meeting_url": seminar.meeting_url,
        "when": when,
        "closes": closes,
        "url": absolute_url(reverse("seminars:detail", args=[seminar.pk])),
        "withdraw_url": absolute_url(reverse("seminars:withdraw", args=[seminar.pk])),
        "list_url": absolute_url(reverse("seminars:list")),
    }
