"""What a person is asked when registering: which of the parallel sessions, and the questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import dates
from common.edit_conflicts import StoredForm
from common.errors import Refused
from common.forms import TileRadioSelect
from common.languages import Written
from common.templatetags.punkt import words
from seminars.clashes import Clash
from seminars.forms.answers import AnswersForm, questions_of
from seminars.models import ChoiceGroup, Question, Registration, Seminar, Session
from seminars.refusals import SessionIsFull
from seminars.session_lists import room_left

WHERE_THERE_IS_ROOM = _("Der det er mest plass")
TOLD_IN_THE_LETTER = _("Personen får vite det i brevet, og kan velge om igjen.")


class SessionRadios(TileRadioSelect):
    """A full session can be read about, and not chosen."""

    full: Collection[int] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.full:
            option["attrs"]["disabled"] = True
        return option


class ChoicesForm(StoredForm):
    """One field a choice. Whether there still is a seat is decided under the lock, not here."""

    must_choose = True

    def __init__(self, sessions: Iterable[Session], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options: dict[ChoiceGroup, list[Session]] = {
            group: list(options)
            for group, options in groupby(sessions, key=lambda one: one.choice_group)
            if group is not None
        }
        self.refused: set[int] = set()
        for group, options in self.options.items():
            self.fields[_name_of(group.pk)] = _choice_field(
                group, options, must_choose=self.must_choose
            )
        self.order_fields([_name_of(group.pk) for group in self.options])

    def show(self, *, is_for_queue: bool = False, clashes: Sequence[Clash] = ()) -> None:
        """Before the page: what each session is, and which can be had. One may wish for all."""
        meanwhile = {clash.session.pk: clash.other for clash in clashes}
        for group, options in self.options.items():
            field = self.fields[_name_of(group.pk)]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = [
                *([] if self.must_choose else [("", WHERE_THERE_IS_ROOM)]),
                *((one.pk, _option(one, meanwhile.get(one.pk))) for one in options),
            ]
            assert isinstance(field.widget, SessionRadios)  # noqa: S101
            if not is_for_queue:
                full = {one.pk for one in options if not one.seats_left}
                field.widget.full = full | self.refused

    def choosing(self) -> list[forms.BoundField]:
        """For the page."""
        return [self[_name_of(group.pk)] for group in self.options]

    def stored_in_words(self, name: str, value: Any) -> Sequence[str]:
        options = [one for group in self.options.values() for one in group]
        return [str(one) for one in options if one.pk == value]

    @property
    def choices(self) -> dict[int, int]:
        """By choice group: the session, where one is chosen. Ask after `is_valid`."""
        chosen = {group.pk: self.cleaned_data[_name_of(group.pk)] for group in self.options}
        return {group: int(session) for group, session in chosen.items() if session}

    def place_refusal(self, refusal: Refused) -> bool:
        """At the choice, where the session was taken meanwhile."""
        if not isinstance(refusal, SessionIsFull):
            return False
        session = refusal.session
        assert session.choice_group_id is not None  # noqa: S101
        self.refused.add(session.pk)
        self.add_error(_name_of(session.choice_group_id), str(refusal))
        return True


class RegistrationForm(ChoicesForm, AnswersForm):
    def __init__(
        self, questions: Sequence[Question], sessions: Iterable[Session], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(sessions, questions, *args, **kwargs)


def registration_form(
    seminar: Seminar, now: dt.datetime, data: Any = None, **kwargs: Any
) -> RegistrationForm:
    sessions = parallel_sessions(seminar, now)
    return RegistrationForm(questions_of(seminar), sessions, data, **kwargs)


def choices_form(registration: Registration, now: dt.datetime, data: Any = None) -> ChoicesForm:
    """What the person has chosen before, to choose anew."""
    sessions = parallel_sessions(registration.seminar, now)
    chosen = {choice.group_id: choice.session_id for choice in registration.choices.all()}
    if not registration.is_waiting:
        _count_out(sessions, chosen)
    stored = {_name_of(group): session for group, session in chosen.items()}
    form = ChoicesForm(sessions, data, initial=stored)
    form.shows(stored)
    return form


def parallel_sessions(seminar: Seminar, now: dt.datetime) -> list[Session]:
    """Of the choices that are still to be made: one stands fast when its first session begins."""
    if not seminar.has_choices:
        return []
    sessions = list(seminar.sessions.parallel().with_seats_taken())
    begun = {one.choice_group_id for one in sessions if one.has_started(now)}
    return [one for one in sessions if one.choice_group_id not in begun]


def _count_out(sessions: Iterable[Session], chosen: Mapping[int, int]) -> None:
    """One's own seat is not in one's own way."""
    for session in sessions:
        if session.pk in chosen.values():
            session.taken -= 1


def _name_of(group_pk: int) -> str:
    return f"c{group_pk}"


def _choice_field(
    group: ChoiceGroup, options: Iterable[Session], *, must_choose: bool
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=Written(group.title),
        help_text="" if must_choose else TOLD_IN_THE_LETTER,
        choices=[*([] if must_choose else [("", "")]), *((one.pk, one.title) for one in options)],
        required=must_choose,
        widget=SessionRadios,
        error_messages={
            "required": _("Velg hvilken samling du vil gå på."),
            "invalid_choice": _("Samlingen finnes ikke lenger. Velg en annen."),
        },
    )


def _option(session: Session, meanwhile: Session | None) -> SafeString:
    when = dates.span(session.starts_at, session.ends_at)
    place = session.place if session.is_digital else words(session.place)
    where = format_html(" · {}", place) if place else ""
    about = [format_html("{}{}", when, where), room_left(session)]
    if meanwhile is not None:
        clash = gettext("Samtidig har du plass på «%(title)s».")
        about.append(clash % {"title": meanwhile.seminar.title})
    return format_html(
        '<span class="lp-option"><span class="lp-option__title">{}</span>{}</span>',
        words(session.title) or gettext("Samling"),
        format_html_join("", '<span class="lp-option__about">{}</span>', ((one,) for one in about)),
    )
