"""Two who edit the same thing: nothing of either is lost in silence.

A form over something stored carries, in a hidden field, a digest of each value that it showed.
The action compares them with what is stored, under the row's lock, and raises EditConflict before
anything is written; the form then shows what was typed beside what is stored, and carries digests
of that, so that a second press saves knowingly. What is typed and stored alike is no conflict: a
form may be sent twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any, Protocol

from django import forms
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.dates import clock, long_date, moment
from common.errors import Refused
from common.text import clean_text

SEEN = "seen"
LONGEST_SEEN = 50_000
EMPTY: tuple[Any, ...] = (None, "", [], ())


class EditConflict(Refused):
    """Somebody has saved since the form was shown; nothing is written.

    `stored` is everything as it stands now, `names` what differs from what was typed.
    """

    def __init__(self, stored: Mapping[str, Any], names: Sequence[str]) -> None:
        super().__init__(_("Noen har lagret endringer siden du åpnet siden. Last den på nytt."))
        self.stored, self.names = stored, names


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form showed: a digest for each name. A name that is not there was shown empty."""

    digests: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Seen:
        found = {name: digest(value) for name, value in stored.items()}
        return cls({name: value for name, value in found.items() if value})

    @classmethod
    def read(cls, text: str) -> Seen:
        """Return what the hidden field says; nothing at all when it is not one of ours."""
        try:
            found = json.loads(text) if len(text) <= LONGEST_SEEN else {}
        except ValueError:
            found = {}
        return cls(found if isinstance(found, dict) else {})

    def within(self, key: object) -> Seen:
        """Of a form that showed several things, what it showed of one of them."""
        start = f"{key}."
        return Seen(
            {
                name.removeprefix(start): value
                for name, value in self.digests.items()
                if name.startswith(start)
            }
        )

    def refuse_conflict(self, stored: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
        """Raise EditConflict when another's words would be overwritten. Under the row's lock."""
        names = [
            name
            for name, value in stored.items()
            if self.digests.get(name, "") != digest(value) != digest(typed.get(name))
        ]
        if names:
            raise EditConflict(stored, names)

    def __str__(self) -> str:
        return json.dumps(self.digests, separators=(",", ":"), sort_keys=True)


def digest(value: Any) -> str:
    """Return a short digest of a value, alike for what a form reads and what a row holds."""
    if value in EMPTY:
        return ""
    plain = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    match value:
        case Model():
            return value.pk
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case list() | tuple():
            rows = [_plain(one) for one in value]
            return sorted(rows) if value and isinstance(value[0], Model) else rows
        case dict():
            return {str(name): _plain(one) for name, one in value.items()}
        case str():
            return clean_text(str(value)).strip()
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _plain(asdict(value))
    return None if value in EMPTY else value


class Change(Protocol):
    """Who saved, and when: a record of the audit trail."""

    at: dt.datetime

    @property
    def actor(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class StoredWords:
    """One value as it is stored now; no lines where it is empty."""

    label: str | Promise
    lines: Sequence[str]
    href: str = ""


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """What the page says of a conflict. Without a change nobody knows who saved."""

    rows: Sequence[StoredWords]
    change: Change | None = None
    is_own: bool = False
    removed: str = ""
    """Said instead when what was edited is gone."""


class StoredForm(forms.Form):
    """A form over something stored. `components/edit_conflict.html` draws what it carries."""

    conflict: ShownConflict | None = None
    _shown: Seen | None = None
    _stored_now: Seen | None = None

    def shows(self, stored: Mapping[str, Any]) -> None:
        """Say what stands in the fields before anybody has typed."""
        self._shown = Seen.of(stored)

    @property
    def seen(self) -> Seen:
        """What the form showed to whoever sent it."""
        return Seen.read(self.data.get(SEEN, ""))

    @property
    def seen_value(self) -> str:
        """For the hidden field: a page with errors in it has shown nothing new."""
        if self._stored_now is not None:
            return str(self._stored_now)
        if self._shown is None:
            return ""
        return str(self.seen if self.is_bound else self._shown)

    def show_conflict(
        self, conflict: EditConflict, change: Change | None = None, *, by: object = None
    ) -> None:
        """Keep what was typed, beside what is stored; what is sent next is sent knowing of it."""
        self._stored_now = self.seen_of(conflict)
        rows = [self._stored_words(name, conflict.stored[name]) for name in conflict.names]
        is_own = change is not None and change.actor == by
        self.conflict = ShownConflict(rows, change, is_own)

    def show_removed(self, words: str, change: Change | None = None, *, by: object = None) -> None:
        """Keep what was typed of something that is gone."""
        self._stored_now = Seen()
        is_own = change is not None and change.actor == by
        self.conflict = ShownConflict([], change, is_own, removed=words)

    def seen_of(self, conflict: EditConflict) -> Seen:
        """What the page shows once it has told of the conflict."""
        return Seen.of(conflict.stored)

    def stored_in_words(self, name: str, value: Any) -> Sequence[str]:
        """The lines that say a stored value; a form says its own kinds of values here."""
        return in_words(self.fields.get(name), value)

    def stored_label(self, name: str) -> str | Promise:
        return self.fields[name].label or name if name in self.fields else name

    def stored_place(self, name: str) -> str:
        """The id of where the value is typed."""
        if name not in self.fields:
            return ""
        return f"{self[name].auto_id}_0" if self[name].use_fieldset else self[name].id_for_label

    def _stored_words(self, name: str, value: Any) -> StoredWords:
        lines = self.stored_in_words(name, value)
        if name in self.fields:
            vars(self.fields[name])["stored_lines"] = list(lines) or [_("Tomt")]
        place = self.stored_place(name)
        return StoredWords(self.stored_label(name), lines, f"#{place}" if place else "")


def in_words(asked: forms.Field | None, value: Any) -> list[str]:
    """Return a stored value as the lines that a person reads."""
    if value in EMPTY:
        return []
    if isinstance(value, bool):
        return [_("Ja") if value else _("Nei")]
    if isinstance(value, dt.datetime):
        return [moment(value)]
    if isinstance(value, dt.date):
        return [long_date(value)]
    if isinstance(value, dt.time):
        return [clock(value)]
    labels = _labels(asked)
    if isinstance(value, list | tuple):
        return [str(labels.get(str(one), one)) for one in value]
    return str(labels.get(str(value), value)).splitlines()


def _labels(asked: forms.Field | None) -> dict[str, Any]:
    if not isinstance(asked, forms.ChoiceField) or isinstance(asked, forms.ModelChoiceField):
        return {}
    choices: Any = asked.choices
    return {str(value): label for value, label in choices}
