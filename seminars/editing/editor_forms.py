"""The organiser's page: a seminar with its sessions, programme and speakers in one form.

«Legg til» is a submit button that answers with the page as it was and one more empty row, so that
it works without JavaScript; nothing is judged until «Lagre».
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.keys import read_key
from people.models import User
from seminars.editing.forms import WITH_A_LINK, ProgrammeRows, SeminarForm, SessionRows, SpeakerRows
from seminars.editing.formsets import MAX_ROWS, QuietForm
from seminars.editing.new_seminar import (
    closing_date,
    last_promotion,
    suggested,
    with_end_on_the_day,
)
from seminars.models import Seminar, WaitingListMode, last_gathering_at
from seminars.refusals import CapacityTooLow, ListTooLong, PlaceMissing, SessionDoesNotFit
from seminars.seminar_content import (
    ProgrammeContent,
    SeminarContent,
    SessionContent,
    SpeakerContent,
)

FOLDED = {
    "about": ("summary", "description", "audience", "contact", "contact_phone"),
    "place": ("room", "address", "meeting_url"),
    "registration": (
        *("waiting_list_mode", "waiting_list_limit", "offers_expire_after", "approval_days"),
        *("approval_default", "admits_latecomers", "registration_opens_at"),
        *("registration_closes_at", "promotion_ends_at"),
    ),
}
"""The seminar's own fields that the page of a new one folds away, by the part they stand in."""


class SeminarEditor:
    """The forms of the page together, before and after somebody has typed in them."""

    def __init__(
        self,
        *,
        user: User,
        now: dt.datetime,
        seminar: Seminar | None = None,
        data: QueryDict | None = None,
    ) -> None:
        added = "" if data is None else data.get("add", "")
        typed = data if data is None else _with_one_more(data, added)
        if typed is not None and seminar is None:
            typed = with_end_on_the_day(typed, suggested(now)["sessions"][0])
        is_searching = data is not None and "contact-finn" in data
        stored = SeminarContent.of(seminar) if seminar else None
        initial = _written(stored) if stored else _new(user, now)
        if typed is not None:
            # A row typed like one that another has added meanwhile would pass for an empty one.
            initial |= {"sessions": None, "programme": None, "speakers": None}
        self.is_new = seminar is None
        self.is_searching = is_searching
        self.is_quiet = bool(added) or is_searching
        quiet = {"is_quiet": self.is_quiet}
        self.form = SeminarForm(
            typed,
            initial=initial["seminar"],
            user=user,
            seminar=seminar,
            today=timezone.localdate(now),
            **quiet,
        )
        if stored is not None:
            self.form.shows(stored.state())
        self.sessions = SessionRows(
            typed, prefix="sessions", initial=initial["sessions"], form_kwargs=quiet
        )
        self.programme = ProgrammeRows(
            typed, prefix="programme", initial=initial["programme"], form_kwargs=quiet
        )
        self.speakers = SpeakerRows(
            typed, prefix="speakers", initial=initial["speakers"], form_kwargs=quiet
        )

    def is_valid(self) -> bool:
        parts = (self.form, self.sessions, self.programme, self.speakers)
        if self.is_quiet:
            return False
        judged = [part.is_valid() for part in parts]  # each one, so that all errors show at once
        if not all(judged):
            return False
        if self.is_new and not self._fill_in_times():
            return False
        return all(
            [
                self._is_before_it_closes(
                    "registration_closes_at",
                    _("Fristen kan ikke være etter at seminaret starter."),
                    _("Fristen kan ikke være etter at den siste samlingen starter."),
                ),
                self._is_before_it_closes(
                    "promotion_ends_at",
                    _("Siste opprykk kan ikke være etter at seminaret starter."),
                    _("Siste opprykk kan ikke være etter at den siste samlingen starter."),
                ),
                self._has_links(),
                self._has_real_choices(),
            ]
        )

    def _fill_in_times(self) -> bool:
        """What was left open of a new seminar follows from when it starts."""
        values = self.form.cleaned_data
        starts_at = min(row["starts_at"] for row in self.sessions.kept())
        opens_at = values["registration_opens_at"]
        if values["registration_closes_at"] is None:
            ends_at = values["promotion_ends_at"]
            closes_at = closing_date(starts_at, opens_at=opens_at, promotion_ends_at=ends_at)
            if closes_at <= opens_at:
                words = _("Påmeldingen må åpne før seminaret starter.")
                self.form.add_error("registration_opens_at", words)
                return False
            values["registration_closes_at"] = closes_at
        if values["promotion_ends_at"] is None:
            closes_at = values["registration_closes_at"]
            values["promotion_ends_at"] = last_promotion(starts_at, closes_at=closes_at)
        return True

    def _has_links(self) -> bool:
        """A digital session needs a link: its own, or the seminar's."""
        lacking = [
            form
            for form in self.sessions.kept_forms()
            if form.cleaned_data["form"] in WITH_A_LINK
            and not form.cleaned_data["meeting_url"]
            and not self.form.cleaned_data["meeting_url"]
        ]
        for form in lacking:
            form.add_error("meeting_url", _("Skriv lenken til møtet, her eller for seminaret."))
        return not lacking

    def _has_real_choices(self) -> bool:
        """One of one is no choice."""
        counts = Counter(row["choice"] for row in self.sessions.kept())
        alone = [
            form
            for form in self.sessions.kept_forms()
            if form.cleaned_data["choice"] and counts[form.cleaned_data["choice"]] < 2
        ]
        for form in alone:
            form.add_error(
                "choice",
                _("Minst to samlinger må være del av valget. Skriv det samme navnet på dem."),
            )
        return not alone

    def place_refusal(self, refusal: Refused) -> bool:
        """At the number it is about; a session that is not saved yet is known by nothing."""
        if isinstance(refusal, ListTooLong):
            is_off = self.form.cleaned_data["waiting_list_mode"] == WaitingListMode.OFF
            self.form.add_error(
                "waiting_list_mode" if is_off else "waiting_list_limit", str(refusal)
            )
            return True
        if isinstance(refusal, PlaceMissing):
            self.form.add_error("place_name", str(refusal))
            return True
        if not isinstance(refusal, CapacityTooLow | SessionDoesNotFit):
            return False
        session_pk = refusal.session_pk if isinstance(refusal, SessionDoesNotFit) else None
        about = [
            form
            for form in self.sessions.kept_forms()
            if session_pk and form.cleaned_data["pk"] == session_pk
        ]
        (about or [self.form])[0].add_error("capacity", str(refusal))
        return True

    def _is_before_it_closes(
        self, name: str, words: str | Promise, late_words: str | Promise
    ) -> bool:
        """Before the start, or where people are let in later, before the last gathering."""
        starts = [row["starts_at"] for row in self.sessions.kept()]
        admits_latecomers = self.form.cleaned_data["admits_latecomers"]
        latest = last_gathering_at(starts) if admits_latecomers else min(starts)
        moment = self.form.cleaned_data[name]
        if moment is None or moment <= latest:
            return True
        self.form.add_error(name, str(late_words if admits_latecomers else words))
        return False

    def errors(self) -> list[tuple[str, str]]:
        """Every error of the page as a sentence and the id of where it is, in the page's order."""
        if not self.form.is_bound or self.is_quiet:
            return []
        found = _errors_of(self.form)
        for rows in (self.sessions, self.programme, self.speakers):
            found += [(str(error), rows.prefix or "") for error in rows.non_form_errors()]
            for place, form in enumerate(rows.forms, start=1):
                of_form = [] if _is_gone(form) else _errors_of(form)
                if len(rows.forms) > 1:
                    name = rows.prefix or ""
                    of_form = [(_named(name, place, text), where) for text, where in of_form]
                found += of_form
        return found

    def unfolded(self) -> dict[str, bool]:
        """Return which folded parts of a new seminar stand open: where something is typed or wrong.

        What is folded away is never what stops one from saving, nor what one has just written.
        """
        typed = set(self.form.changed_data) if self.form.is_bound else set()
        asked = set() if self.is_quiet or not self.form.is_bound else set(self.form.errors)
        parts = {part: bool((typed | asked) & set(names)) for part, names in FOLDED.items()}
        parts["about"] |= self.is_quiet and self.is_searching
        rest = [
            field
            for form in self.sessions.forms[:1]
            for line in form.lines_below_times()
            for field in line
        ]
        is_one = len(self.sessions.forms) == 1
        parts["sessions"] = not is_one or any(one.errors or one.value() for one in rest)
        parts["programme"] = bool(self.programme.forms)
        parts["speakers"] = bool(self.speakers.forms)
        return parts

    def content(self) -> SeminarContent:
        return SeminarContent(
            **self.form.cleaned_data,
            sessions=[SessionContent(**_values(row)) for row in self.sessions.kept()],
            programme=[ProgrammeContent(**_values(row)) for row in self.programme.kept()],
            speakers=[SpeakerContent(**_values(row)) for row in self.speakers.kept()],
        )


def _errors_of(form: QuietForm) -> list[tuple[str, str]]:
    found = [(str(error), "") for error in form.non_field_errors()]
    for field in form:
        found += [(f"{field.label}: {error}", field.id_for_label) for error in field.errors]
    return found


def _is_gone(form: QuietForm) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "DELETE"}


def _with_one_more(data: QueryDict, prefix: str) -> QueryDict:
    if prefix not in ("sessions", "programme", "speakers"):
        return data
    longer = data.copy()
    count = read_key(longer.get(f"{prefix}-TOTAL_FORMS", "0"))
    if count is not None and count < MAX_ROWS:
        longer[f"{prefix}-TOTAL_FORMS"] = str(count + 1)
    return longer


def _new(user: User, now: dt.datetime) -> dict[str, Any]:
    """Whoever makes a seminar answers for it, until they say who does."""
    begun = suggested(now)
    return begun | {"seminar": begun["seminar"] | {"contact": user if user.email else None}}


def _written(stored: SeminarContent) -> dict[str, Any]:
    return {
        "seminar": stored.own_values(),
        "sessions": [asdict(one) for one in stored.sessions],
        "programme": [asdict(one) for one in stored.programme],
        "speakers": [asdict(one) for one in stored.speakers],
    }


def _named(prefix: str, place: int, text: str) -> str:
    """The sentence with which of several rows it is about."""
    one = {"sessions": _("Samling"), "programme": _("Programpost"), "speakers": _("Kursholder")}
    return f"{one[prefix]} {place} – {text}"
