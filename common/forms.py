"""Django's forms in Punkt's markup: `{{ form }}` is a whole form body, error summary included."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import DateTimeBaseInput
from django.utils.translation import gettext as _

from common.addresses import clean_address
from common.clock import FIRST_YEAR, LAST_YEAR, is_plausible, is_repeated, is_skipped
from common.dates import OSLO, local
from common.dates import clock as clock_of
from common.drawable import undrawable
from common.text import clean_line, clean_text, named, private_characters

LARGEST_NUMBER = 2**31 - 1
"""What PostgreSQL's integer holds."""
LARGEST_SMALL_NUMBER = 2**15 - 1
"""And its smallint."""
LARGEST_KEY = 2**63 - 1
"""And its bigint."""


LOST_LETTER = "\N{REPLACEMENT CHARACTER}"


class PunktRenderer(TemplatesSetting):
    """Reads templates/django/forms/; widgets are the same names with Punkt's classes."""

    form_template_name = "django/forms/form.html"
    formset_template_name = "django/forms/formset.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = None


class CharField(forms.CharField):
    """Words as people paste them, cleaned: see `common.text`. Lines are kept where there is room.

    Every form uses it, and never Django's own, so that no text comes in by another door.
    `with_tabs` keeps the tabs of a table pasted from a spreadsheet.
    """

    def __init__(self, *args: Any, with_tabs: bool = False, **kwargs: Any) -> None:
        self.with_tabs = with_tabs
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        cleaned = self._cleaned(value)
        return cleaned if cleaned else self.empty_value

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_lost_letters(value or "")
        refuse_private_characters(value or "")

    def _cleaned(self, value: str) -> str:
        if not isinstance(self.widget, forms.Textarea):
            return clean_line(value)
        cleaned = clean_text(value, with_tabs=self.with_tabs)
        return cleaned.strip() if self.strip else cleaned


class PrintedField(CharField):
    """Words that end in a document, which must be able to show every sign of them."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_undrawable(value or "")


class EmailField(forms.EmailField):
    """One e-mail address, as it is copied from a letter or a list of contacts."""

    def to_python(self, value: Any) -> Any:
        return clean_address(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_private_characters(value or "")


LONGEST_LINK = 2000
"""Links to meetings carry their whole context: ordinary ones are beyond Django's 200."""


class RowKeyField(forms.IntegerField):
    """The key of a row, as a page sends it back: no more than PostgreSQL's bigint holds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_KEY, **kwargs)


class URLField(forms.URLField):
    """A link to a page, as it is copied: nothing invisible in it, and of http or https."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_LINK)
        super().__init__(assume_scheme="https", **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_line(value) if isinstance(value, str) else value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_lost_letters(value or "")
        refuse_private_characters(value or "")


def refuse_lost_letters(text: str) -> None:
    """Raise ValidationError where a letter was lost on the way: Django puts «�» for bytes that are
    no UTF-8, and so do the programs that text is copied from."""
    if LOST_LETTER in text:
        raise ValidationError(
            _("Det står «%(sign)s» der en bokstav er gått tapt. Skriv bokstaven på nytt."),
            params={"sign": LOST_LETTER},
            code="lost_letter",
        )


def refuse_private_characters(text: str) -> None:
    """Raise ValidationError naming each character that other machines do not know."""
    if found := private_characters(text):
        raise ValidationError(
            _("Tegnet %(signs)s vises bare på maskinen det ble skrevet på. Ta det bort."),
            params={"signs": named(found)},
            code="private_characters",
        )


def refuse_undrawable(text: str) -> None:
    """Raise ValidationError naming each character that a document cannot show."""
    if found := undrawable(text):
        raise ValidationError(
            _("Tegnet %(signs)s kan ikke skrives i dokumentet. Ta det bort."),
            params={"signs": named(found)},
            code="undrawable",
        )


class DateField(forms.DateField):
    """A day that somebody can mean; every form uses it, and never Django's own."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None:
            refuse_implausible_year(value)


class DateTimeField(forms.DateTimeField):
    """A day and a time by the clock in Oslo.

    Of a time that the clock shows twice it asks which one is meant, where the widget can.
    """

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            typed = (error.params or {}).get("datetime") if hasattr(error, "params") else None
            if isinstance(typed, dt.datetime):
                return self._unclear(typed, value)
            raise

    def _unclear(self, clock: dt.datetime, value: Any) -> dt.datetime:
        refuse_implausible_year(clock)
        if not (is_repeated(clock) and isinstance(self.widget, DateTimeInput)):
            refuse_unclear_clock(clock)
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return at_occurrence(clock, value_occurrence(value)).astimezone(dt.UTC)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None:
            refuse_implausible_year(value)


class TimeField(forms.TimeField):
    """A time by the clock in Oslo on the day that the form's field named `on` holds.

    Of a time that the clock shows twice that day it asks which one is meant; `fold` says which.
    """

    def __init__(self, *, on: str, **kwargs: Any) -> None:
        super().__init__(widget=TimeInput(on), **kwargs)

    def to_python(self, value: Any) -> Any:
        time = super().to_python(value)
        day = value.day if isinstance(value, TypedTime) else None
        if time is None or day is None or not is_plausible(day):
            return time
        clock = dt.datetime.combine(day, time)
        if not is_repeated(clock):
            refuse_unclear_clock(clock)
            return time
        return at_occurrence(clock, value_occurrence(value)).timetz().replace(tzinfo=None)


class IntegerField(forms.IntegerField):
    """A whole number that its column holds, when nothing narrower is said."""

    def __init__(self, *, max_value: Any = LARGEST_NUMBER, **kwargs: Any) -> None:
        super().__init__(max_value=max_value, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        if self.max_value == LARGEST_NUMBER:
            attrs.pop("max", None)
        return attrs


def refuse_implausible_year(day: dt.date) -> None:
    if not is_plausible(day):
        raise ValidationError(
            _("Skriv et årstall mellom %(first)s og %(last)s."),
            params={"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
            code="implausible_year",
        )


def at_occurrence(clock: dt.datetime, occurrence: int | None) -> dt.datetime:
    """Return the one of two moments that was chosen; raise ValidationError when none was."""
    if occurrence is None:
        raise ValidationError(
            _(
                "Kl. %(time)s kommer to ganger denne natten, for klokken stilles tilbake. Velg "
                "hvilken av dem du mener."
            ),
            params={"time": clock_of(clock.time())},
            code="repeated_clock",
        )
    return clock.replace(tzinfo=OSLO, fold=occurrence)


def refuse_unclear_clock(clock: dt.datetime) -> None:
    """Raise ValidationError for a time that no clock shows that night, or that is shown twice."""
    about = {"time": clock_of(clock.time())}
    if is_skipped(clock):
        raise ValidationError(
            _(
                "Kl. %(time)s finnes ikke denne natten, for klokken stilles frem. Velg en tid før "
                "kl. 02.00 eller fra kl. 03.00."
            ),
            params=about,
            code="skipped_clock",
        )
    if is_repeated(clock):
        raise ValidationError(
            _(
                "Kl. %(time)s kommer to ganger denne natten, for klokken stilles tilbake. Velg en "
                "tid før kl. 02.00 eller fra kl. 03.00."
            ),
            params=about,
            code="repeated_clock",
        )


class TypedClock(str):
    """A day and a time as typed, and which of two times on the clock is meant: 0, 1 or None."""

    occurrence: int | None = None


class TypedTime(TypedClock):
    """A time as typed, and the day that was typed with it."""

    day: dt.date | None = None


class ClockInput(DateTimeBaseInput):
    """A picker that asks, beside a time that the clock shows twice, which of them is meant."""

    template_name = "django/forms/widgets/clock.html"
    picker: str

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        if isinstance(value, str):
            value = self.typed(value, data)
            chosen = data.get(occurrence_name(name))
            value.occurrence = OCCURRENCES.index(chosen) if chosen in OCCURRENCES else None
        return value

    def typed(self, value: str, data: Any) -> TypedClock:
        return TypedClock(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["picker"] = self.picker
        clock = _clock_of(value)
        if clock is not None and is_repeated(clock):
            labels = (_("Første gang (sommertid)"), _("Andre gang (normaltid)"))
            chosen = clock.fold if isinstance(value, dt.datetime) else value_occurrence(value)
            context["widget"]["occurrence_name"] = occurrence_name(name)
            context["widget"]["occurrences"] = [
                {"value": number, "label": label, "checked": place == chosen}
                for place, (number, label) in enumerate(zip(OCCURRENCES, labels, strict=True))
            ]
        return context


class DateTimeInput(ClockInput, forms.DateTimeInput):
    """The browser's own picker for a day and a time."""

    template_name = ClockInput.template_name
    picker = "django/forms/widgets/datetime.html"


class TimeInput(ClockInput, forms.TimeInput):
    """The browser's own picker for a time of the day that the field named `on` holds.

    Its first value may be a moment, which says the day as well.
    """

    template_name = ClockInput.template_name
    picker = "django/forms/widgets/time.html"

    def __init__(self, on: str) -> None:
        super().__init__()
        self.on = on

    def typed(self, value: str, data: Any) -> TypedTime:
        typed = TypedTime(value)
        with suppress(ValidationError):
            typed.day = forms.DateField(required=False).clean(data.get(self.on))
        return typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        shown = local(value) if isinstance(value, dt.datetime) else value
        return super().get_context(name, shown, attrs)


OCCURRENCES = ("1", "2")


def occurrence_name(name: str) -> str:
    return f"{name}-gang"


def value_occurrence(value: Any) -> int | None:
    return value.occurrence if isinstance(value, TypedClock) else None


def _clock_of(value: Any) -> dt.datetime | None:
    """Return the clock that a form's value shows; None for what is no day and time."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    try:
        if isinstance(value, TypedTime):
            time = dt.time.fromisoformat(value)
            return None if value.day is None else dt.datetime.combine(value.day, time)
        return dt.datetime.fromisoformat(value).replace(tzinfo=None)
    except (TypeError, ValueError):
        return None


class TileRadioSelect(forms.RadioSelect):
    """Radio buttons as large tiles, for a choice that the page is about."""

    option_template_name = "django/forms/widgets/tile_option.html"


class TileCheckboxSelect(forms.CheckboxSelectMultiple):
    """Checkboxes as large tiles."""

    option_template_name = "django/forms/widgets/tile_option.html"


def textarea(rows: int = 4, **attrs: Any) -> forms.Textarea:
    """A textarea of so many rows; its height grows with the text where the browser can."""
    return forms.Textarea(attrs={"rows": rows, **attrs})
