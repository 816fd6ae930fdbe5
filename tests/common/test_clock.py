"""Times that a change of clocks takes away or doubles, and how forms speak of them."""

from __future__ import annotations

import datetime as dt
import inspect
import pkgutil
from importlib import import_module

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

import common.forms
from common.clock import at_clock, is_repeated, is_skipped
from common.dates import OSLO, span
from tests.rooms import ROOMS

SPRING, AUTUMN, PLAIN = dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 6, 1)


def on(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute))


@pytest.mark.parametrize(
    ("clock", "skipped", "repeated", "shown"),
    [
        (on(SPRING, 1, 59), False, False, "2026-03-29T01:59:00+01:00"),
        (on(SPRING, 2, 0), True, False, "2026-03-29T03:00:00+02:00"),
        (on(SPRING, 2, 30), True, False, "2026-03-29T03:00:00+02:00"),
        (on(SPRING, 3, 0), False, False, "2026-03-29T03:00:00+02:00"),
        (on(AUTUMN, 1, 59), False, False, "2026-10-25T01:59:00+02:00"),
        (on(AUTUMN, 2, 30), False, True, "2026-10-25T02:30:00+02:00"),
        (on(AUTUMN, 3, 0), False, False, "2026-10-25T03:00:00+01:00"),
        (on(PLAIN, 2, 30), False, False, "2026-06-01T02:30:00+02:00"),
    ],
)
def test_a_clock_is_a_moment(clock: dt.datetime, skipped: bool, repeated: bool, shown: str) -> None:
    assert (is_skipped(clock), is_repeated(clock)) == (skipped, repeated)
    assert at_clock(clock).isoformat() == shown


def test_every_half_hour_of_ten_years_is_a_moment_that_clocks_show() -> None:
    clock, skipped = dt.datetime(2026, 1, 1, tzinfo=OSLO).replace(tzinfo=None), 0
    while clock.year < 2036:
        moment = at_clock(clock)
        back = moment.astimezone(dt.UTC).astimezone(OSLO).replace(tzinfo=None, fold=0)
        skipped += back != clock
        assert back >= clock
        clock += dt.timedelta(minutes=30)
    assert skipped == 20


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "2026-03-29T02:30",
            "Kl. 02.30 finnes ikke denne natten, for klokken stilles frem. "
            "Velg en tid før kl. 02.00 eller fra kl. 03.00.",
        ),
        (
            "2026-10-25T02:30",
            "Kl. 02.30 kommer to ganger denne natten, for klokken stilles tilbake. "
            "Velg en tid før kl. 02.00 eller fra kl. 03.00.",
        ),
        ("0026-10-25T12:00", "Skriv et årstall mellom 1900 og 2199."),
        ("0001-01-01T00:00", "Skriv et årstall mellom 1900 og 2199."),
        ("9999-12-31T23:59", "Skriv et årstall mellom 1900 og 2199."),
    ],
)
def test_a_form_says_what_is_wrong_with_a_time(typed: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        common.forms.DateTimeField().clean(typed)
    assert refused.value.messages == [said]


class MeetingForm(forms.Form):
    starts_at = common.forms.DateTimeField(
        widget=common.forms.DateTimeInput(format="%Y-%m-%dT%H:%M")
    )


TWICE = "2026-10-25T02:30"


@pytest.mark.parametrize("answer", [{}, {"starts_at-gang": "3"}, {"starts_at-gang": ""}])
def test_a_form_asks_which_of_two_times_is_meant(answer: dict[str, str]) -> None:
    form = MeetingForm({"starts_at": TWICE, **answer})
    assert form.errors["starts_at"] == [
        "Kl. 02.30 kommer to ganger denne natten, for klokken stilles tilbake. Velg hvilken av dem "
        "du mener."
    ]
    shown = str(form["starts_at"])
    assert shown.count('name="starts_at-gang"') == 2
    assert f'value="{TWICE}"' in shown
    assert "checked" not in shown


@pytest.mark.parametrize(
    ("answer", "moment"),
    [("1", "2026-10-25T00:30:00+00:00"), ("2", "2026-10-25T01:30:00+00:00")],
)
def test_the_time_that_was_chosen_is_kept_and_shown_again(answer: str, moment: str) -> None:
    form = MeetingForm({"starts_at": TWICE, "starts_at-gang": answer})
    assert form.errors == {}
    kept = form.cleaned_data["starts_at"]
    assert kept.isoformat() == moment
    for shown in (form, MeetingForm(initial={"starts_at": kept})):
        words = " ".join(str(shown["starts_at"]).split())
        checked = f'value="{answer}" id="id_starts_at-gang-{answer}" checked'
        assert (checked in words, words.count("checked")) == (True, 1)


def test_nobody_is_asked_of_a_time_that_comes_once() -> None:
    form = MeetingForm({"starts_at": "2026-10-25T03:00", "starts_at-gang": "2"})
    assert form.errors == {}
    assert form.cleaned_data["starts_at"].isoformat() == "2026-10-25T03:00:00+01:00"
    assert "gang" not in str(form["starts_at"])


class ConversationTimeForm(forms.Form):
    day = common.forms.DateField()
    time = common.forms.TimeField(on="day")


def an_appointment(time: str, *, day: str = "2026-10-25", **answer: str) -> ConversationTimeForm:
    return ConversationTimeForm(
        {"day": day, "time": time, **{f"time-{k}": v for k, v in answer.items()}}
    )


@pytest.mark.parametrize("answer", [{}, {"gang": "3"}, {"gang": ""}])
def test_a_time_of_a_day_in_another_field_is_asked_of_too(answer: dict[str, str]) -> None:
    form = an_appointment("02:30", **answer)
    assert form.errors == {
        "time": [
            "Kl. 02.30 kommer to ganger denne natten, for klokken stilles tilbake. Velg hvilken av "
            "dem du mener."
        ]
    }
    shown = str(form["time"])
    assert shown.count('name="time-gang"') == 2
    assert 'type="time"' in shown
    assert "checked" not in shown


@pytest.mark.parametrize(("answer", "fold"), [("1", 0), ("2", 1)])
def test_the_time_of_a_day_that_was_chosen_is_kept_and_shown_again(answer: str, fold: int) -> None:
    form = an_appointment("02:30", gang=answer)
    assert form.errors == {}
    kept = form.cleaned_data["time"]
    assert (kept.isoformat(), kept.fold) == ("02:30:00", fold)
    moment = dt.datetime.combine(AUTUMN, kept, OSLO).astimezone(dt.UTC)
    for shown in (form, ConversationTimeForm(initial={"time": moment})):
        words = " ".join(str(shown["time"]).split())
        checked = f'value="{answer}" id="id_time-gang-{answer}" checked'
        assert (checked in words, words.count("checked"), 'value="02:30' in words) == (
            True,
            1,
            True,
        )


@pytest.mark.parametrize(
    ("day", "time", "errors"),
    [
        ("2026-10-25", "03:00", {}),
        ("2026-10-24", "02:30", {}),
        (
            "2026-03-29",
            "02:30",
            {
                "time": [
                    "Kl. 02.30 finnes ikke denne natten, for klokken stilles frem. "
                    "Velg en tid før kl. 02.00 eller fra kl. 03.00."
                ]
            },
        ),
        ("0001-01-01", "00:00", {"day": ["Skriv et årstall mellom 1900 og 2199."]}),
    ],
)
def test_nobody_is_asked_of_a_time_that_comes_once_that_day(
    day: str, time: str, errors: dict[str, list[str]]
) -> None:
    form = an_appointment(time, day=day, gang="2")
    assert form.errors == errors
    assert "gang" not in str(form["time"])


@pytest.mark.parametrize("typed", ["", "25:00", "halv tre"])
def test_what_is_no_time_is_said_and_asked_of_no_further(typed: str) -> None:
    form = an_appointment(typed)
    assert list(form.errors) == ["time"]
    assert "gang" not in str(form["time"])


@pytest.mark.parametrize(
    "typed", ["0026-01-01", "0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"]
)
def test_a_form_takes_no_year_that_nobody_means(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        common.forms.DateField().clean(typed)
    assert refused.value.messages == ["Skriv et årstall mellom 1900 og 2199."]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ((0, 24), "mandag 1. juni 2026, hele dagen"),
        ((0, 48), "mandag 1. juni 2026 – tirsdag 2. juni 2026, hele dagen"),
        ((0, 23), "mandag 1. juni 2026 kl. 00.00–23.00"),
        ((9, 24), "mandag 1. juni 2026 kl. 09.00 – tirsdag 2. juni 2026 kl. 00.00"),
    ],
)
def test_from_midnight_to_midnight_is_the_whole_day(hours: tuple[int, int], words: str) -> None:
    start, end = (at_clock(on(PLAIN, 0) + dt.timedelta(hours=hour)) for hour in hours)
    assert span(start, end) == words


DJANGOS = (forms.DateField, forms.DateTimeField, forms.TimeField, forms.IntegerField)
OURS = (
    common.forms.DateField,
    common.forms.DateTimeField,
    common.forms.TimeField,
    common.forms.IntegerField,
)


def form_classes() -> list[type[forms.BaseForm]]:
    for room in ROOMS:
        package = import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if "form" in module.name and not module.ispkg:
                import_module(module.name)
    found: set[type[forms.BaseForm]] = set()
    queue = [forms.BaseForm]
    while queue:
        for kind in queue.pop().__subclasses__():
            queue.append(kind)
            if kind.__module__.partition(".")[0] in ROOMS:
                found.add(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


def test_every_day_time_and_number_comes_in_by_our_own_field() -> None:
    """A new form joins by itself. `NumberField`s of a model bring the limits of their column."""
    kinds = form_classes()
    strangers = [
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in kinds
        for name, field in getattr(kind, "base_fields", {}).items()
        if type(field) in DJANGOS and not isinstance(field, OURS) and not inspect.isabstract(kind)
        if not issubclass(kind, forms.BaseModelForm) or name in kind.declared_fields
    ]
    assert len(kinds) > 30
    assert strangers == []
    assert settings.TIME_ZONE == "Europe/Oslo"
