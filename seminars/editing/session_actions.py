"""A seminar's sessions as its organiser writes them: at what time, and beside which others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import RestrictedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import dates
from common.numbers import number
from seminars.models import ChoiceGroup, Registration, Seminar, Session, SessionChoice
from seminars.refusals import NotChangeable, SessionDoesNotFit
from seminars.seminar_content import SeminarContent, SessionContent

SessionsOfEach = Callable[[Registration], list[Session]]
TOLD_TO_NOBODY = frozenset({"capacity"})


def sessions_of_each(*seminars: Seminar) -> SessionsOfEach:
    """Whom each session is for, as it stands now; two queries, however many people there are."""
    sessions: defaultdict[int, list[Session]] = defaultdict(list)
    found = Session.objects.filter(seminar__in=seminars).select_related("choice_group")
    for session in found:
        sessions[session.seminar_id].append(session)
    if not any(session.is_parallel for session in found):
        return lambda registration: sessions[registration.seminar_id]
    of_seminars = SessionChoice.objects.filter(registration__seminar__in=seminars).order_by()
    chosen = set(of_seminars.values_list("registration", "session"))
    return lambda registration: [
        one
        for one in sessions[registration.seminar_id]
        if not one.is_parallel or (registration.pk, one.pk) in chosen
    ]


def refuse_crowded_sessions(content: SeminarContent, seminar: Seminar | None = None) -> None:
    """A choice has room for all in the hall, and a session for those who have chosen it."""
    taken = {} if seminar is None else _seats_taken(seminar)
    for session in content.sessions:
        held = taken.get(session.pk, 0)
        if session.choice and session.capacity is not None and session.capacity < held:
            words = ngettext(
                "%(taken)s person har valgt samlingen. Den kan ikke ha færre plasser enn det.",
                "%(taken)s personer har valgt samlingen. Den kan ikke ha færre plasser enn det.",
                held,
            )
            raise SessionDoesNotFit(words % {"taken": number(held)}, session.pk)
    for title, options in _by_choice(content.sessions).items():
        total = sum(session.capacity or 0 for session in options)
        if total < content.capacity:
            words = _(
                "Samlingene i «%(choice)s» har %(total)s plasser til sammen, men seminaret har "
                "%(capacity)s. Alle deltakerne må få plass i en av dem."
            )
            about = {
                "choice": title,
                "total": number(total),
                "capacity": number(content.capacity),
            }
            raise SessionDoesNotFit(words % about, options[-1].pk)


def _seats_taken(seminar: Seminar) -> dict[int | None, int]:
    if not seminar.has_choices:
        return {}
    counted = seminar.sessions.parallel().with_seats_taken()
    return {session.pk: session.taken for session in counted}


def _by_choice(sessions: Sequence[SessionContent]) -> dict[str, list[SessionContent]]:
    found: dict[str, list[SessionContent]] = defaultdict(list)
    for session in sessions:
        if session.choice:
            found[session.choice].append(session)
    return found


def write_sessions(seminar: Seminar, sessions: Sequence[SessionContent]) -> None:
    groups = _write_groups(seminar, sessions, [])
    _make(seminar, sessions, groups)


def rewrite_sessions(seminar: Seminar, sessions: Sequence[SessionContent]) -> bool:
    """Whether anything is new that calendars are to be told of. A dropped one takes the choices
    of it along, and so does one that is no longer part of that choice.

    Raises NotChangeable for a dropped one of which attendance is recorded.
    """
    present = {session.pk: session for session in seminar.sessions.all()}
    groups = _write_groups(seminar, sessions, list(present.values()))
    fresh: list[SessionContent] = []
    has_moved = False
    for content in sessions:
        session = present.pop(content.pk, None) if content.pk else None
        if session is None:
            fresh.append(content)
        else:
            has_moved |= _rewrite(session, content, groups.get(content.choice))
    _make(seminar, fresh, groups)
    _drop(list(present.values()))
    seminar.choice_groups.filter(sessions__isnull=True).delete()
    return has_moved or bool(fresh) or bool(present)


def _drop(sessions: Sequence[Session]) -> None:
    """All at once: what a choice has room for is asked when none of them is left.

    Locked before it is asked whether attendance is recorded: a door may be letting somebody in.
    """
    dropped = Session.objects.filter(pk__in=[one.pk for one in sessions])
    list(dropped.select_for_update().order_by("pk").values_list("pk"))
    try:
        dropped.delete()
    except RestrictedError as error:
        recorded: set[Any] = error.restricted_objects
        held = {one.session_id for one in recorded}
        names = [
            one.title or dates.span(one.starts_at, one.ends_at)
            for one in sessions
            if one.pk in held
        ]
        words = _(
            "Det er ført oppmøte på samlingen du fjernet (%(session)s), så den må bli stående. "
            "Last siden på nytt for å få den tilbake."
        )
        raise NotChangeable(words % {"session": ", ".join(names)}) from error


def _make(
    seminar: Seminar, sessions: Sequence[SessionContent], groups: dict[str, ChoiceGroup]
) -> None:
    Session.objects.bulk_create(
        Session(seminar=seminar, choice_group=groups.get(one.choice), **one.values())
        for one in sessions
    )


def _rewrite(session: Session, content: SessionContent, group: ChoiceGroup | None) -> bool:
    values = content.values() | {"choice_group_id": group.pk if group else None}
    changed = {name for name, value in values.items() if getattr(session, name) != value}
    if not changed:
        return False
    if "choice_group_id" in changed:
        session.choices.all().delete()
    for name, value in values.items():
        setattr(session, name, value)
    session.save(update_fields=list(changed))
    return bool(changed - TOLD_TO_NOBODY)


def _write_groups(
    seminar: Seminar, sessions: Sequence[SessionContent], present: Sequence[Session]
) -> dict[str, ChoiceGroup]:
    """By name. One whose sessions all bear a new name is renamed: what people chose stands."""
    titles = list(dict.fromkeys(session.choice for session in sessions if session.choice))
    groups = {group.title: group for group in seminar.choice_groups.all()}
    was_in = {session.pk: session.choice_group_id for session in present}
    unnamed = {group.pk: group for title, group in groups.items() if title not in titles}
    for session in sessions:
        group = unnamed.get(was_in.get(session.pk) or 0) if session.pk else None
        if group is not None and session.choice and session.choice not in groups:
            del groups[group.title]
            group.title = session.choice
            group.save(update_fields=["title"])
            groups[group.title] = unnamed.pop(group.pk)
    for title in titles:
        if title not in groups:
            groups[title] = ChoiceGroup.objects.create(seminar=seminar, title=title)
    return groups
