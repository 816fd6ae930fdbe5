"""The field that a person is chosen in: by name while one types, or in a step of its own.

Without a script the button beside the field sends the form, which comes back with everything typed
and with those found to choose among. With one, `static/js/person.js` asks the page itself, which
answers by `people.choosing.answers`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from common.keys import read_key
from common.norwegian import search_fold
from common.text import clean_line
from people.choosing.candidates import FOUND_LISTED, OWN_LISTED, Candidates, options_of
from people.models import User

LONGEST = 254
"""As long as an address may be; nothing longer is looked for."""


@dataclass(frozen=True)
class TypedPerson:
    """What was typed and chosen: words, a person's key, and the words they were found by."""

    words: str = ""
    key: str = ""
    found_by: str = ""
    is_search: bool = False

    @cached_property
    def chosen(self) -> int | None:
        """The key, unless other words were typed after it was chosen."""
        is_of_it = not self.words or search_fold(self.words) == search_fold(self.found_by)
        return read_key(self.key) if is_of_it else None


class PersonWidget(forms.Widget):
    """A field for words, a button that searches, and those found to choose among."""

    template_name = "people/widgets/person.html"
    has_own_container = True
    """Punkt's frame is for one field, and here are several things."""
    candidates: Candidates

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> TypedPerson:
        def sent(part: str) -> str:
            return clean_line(str(data.get(part) or ""))

        return TypedPerson(
            words=sent(name)[: LONGEST + 1],
            key=sent(f"{name}-id"),
            found_by=sent(f"{name}-for"),
            is_search=f"{name}-finn" in data,
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-id" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        typed = value if isinstance(value, TypedPerson) else TypedPerson()
        chosen = typed.chosen
        person = None if chosen is None else self.candidates.person(chosen, typed.words)
        is_searched = bool(typed.words) and (person is None or typed.words != person.name)
        if is_searched:
            found, most = self.candidates.matching(typed.words), FOUND_LISTED
        else:
            found, most = self.candidates.listed(), OWN_LISTED
        shown = found[:most]
        if person is not None and person not in shown:
            shown.insert(0, person)
        context["widget"] |= {
            "words": typed.words,
            "found_by": typed.words if is_searched or person is not None else "",
            "chosen": person.pk if person is not None else None,
            "options": options_of(shown, self.candidates.on, typed=typed.words),
            "is_searched": is_searched,
            "has_more": len(found) > most,
        }
        return context


class PersonChoiceField(forms.Field):
    """One person of those that `candidates` lets be chosen; `cleaned_data` has the person."""

    widget: Any = PersonWidget
    default_error_messages = {
        "required": gettext_lazy("Skriv navnet, og velg personen."),
        "nobody": gettext_lazy(
            "Ingen du kan velge her, passer med «%(words)s». Prøv en del av navnet, enheten eller "
            "hele e-postadressen."
        ),
        "unclear": gettext_lazy("Velg hvem du mener med «%(words)s»."),
        "not_allowed": gettext_lazy("Den du valgte, kan ikke velges her lenger. Velg en annen."),
        "too_long": gettext_lazy("Skriv navnet kortere, og velg personen."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.candidates = Candidates.nobody(dt.date.min)

    @property
    def candidates(self) -> Candidates:
        return self._candidates

    @candidates.setter
    def candidates(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self.widget.candidates = candidates

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, User):
            return TypedPerson(words=value.name, key=str(value.pk), found_by=value.name)
        return value

    def clean(self, value: Any) -> User | None:
        typed = value if isinstance(value, TypedPerson) else TypedPerson(words=str(value or ""))
        if not (typed.words or typed.key):
            self.validate(None)
            return None
        if len(typed.words) > LONGEST:
            raise self._error("too_long", typed)
        if typed.chosen is not None:
            person = self.candidates.person(typed.chosen, typed.words)
            if person is None:
                raise self._error("not_allowed", typed)
            return person
        return self._by_words(typed)

    def _by_words(self, typed: TypedPerson) -> User:
        """Return whom the whole address says; a name leaves the choice to whoever typed it."""
        person = self.candidates.addressed(typed.words)
        if person is not None:
            return person
        if not typed.words:
            raise self._error("not_allowed", typed)
        is_found = bool(self.candidates.matching(typed.words))
        raise self._error("unclear" if is_found else "nobody", typed)

    def _error(self, code: str, typed: TypedPerson) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"words": typed.words})

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial.pk if isinstance(initial, User) else None
        typed = data if isinstance(data, TypedPerson) else TypedPerson()
        return (typed.chosen != before) or (before is None and bool(typed.words))


class FindsPeople(forms.Form):
    """A form with a person to choose: a search in it sends nothing, and keeps what is typed."""

    @property
    def person_fields(self) -> dict[str, PersonChoiceField]:
        return {
            name: one for name, one in self.fields.items() if isinstance(one, PersonChoiceField)
        }

    def typed_person(self, name: str) -> TypedPerson:
        typed = self[name].value()
        return typed if isinstance(typed, TypedPerson) else TypedPerson()

    @property
    def is_searching(self) -> bool:
        """Somebody is looked for, and nothing is to be done yet."""
        return self.is_bound and any(
            self.typed_person(name).is_search for name in self.person_fields
        )

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_searching:
            self._errors = ErrorDict(renderer=self.renderer)

    def is_valid(self) -> bool:
        return not self.is_searching and super().is_valid()

    def remember_typed(self, typed: Mapping[str, Any]) -> None:
        """Show whom was chosen before one had to confirm who one is."""
        for name, one in self.person_fields.items():
            if name in typed:
                self.initial[name] = one.widget.value_from_datadict(typed, None, name)
