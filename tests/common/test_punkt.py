import datetime as dt
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from common.punkt import drawing
from common.templatetags import punkt

PROJECT = Path(settings.BASE_DIR)
ASSETS = Path(settings.ASSETS_DIR, "punkt")
NOON = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context)).strip()


def test_an_icon_is_hidden_from_screen_readers_and_has_a_size_without_any_stylesheet() -> None:
    assert render('{% icon "user" "pkt-btn__icon" %}') == (
        '<span class="pkt-icon pkt-btn__icon" aria-hidden="true">'
        '<svg width="32" height="32" focusable="false">'
        '<use href="/static/punkt/icons.svg#user"/></svg></span>'
    )


def test_an_icon_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        drawing("icons", "no-such-icon")


def test_a_logo_is_a_drawing_too() -> None:
    assert '#oslologo"/></svg>' in render('{% logo "oslologo" %}')


def test_whatever_is_drawn_by_a_template_is_in_the_file_that_pages_point_into() -> None:
    sprite = ElementTree.parse(ASSETS / "icons.svg").getroot()  # noqa: S314 (laid out by us)
    drawn = {one.get("id") for one in sprite}
    named = {
        name
        for path in (PROJECT / "templates").rglob("*.html")
        for name in re.findall(r'icon[ =]"([a-z0-9-]+)"', path.read_text())
    }
    assert len(named) > 20
    assert named | {"oslologo", *punkt.ALERT_ICONS.values()} <= drawn
    assert len(drawn) < 60


def test_no_two_parts_of_the_drawings_have_one_name() -> None:
    names = re.findall(r'\sid="([^"]*)"', (ASSETS / "icons.svg").read_text())
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("tags", "variant"),
    [("success", "success"), ("debug", "info"), ("extra error", "error"), ("", "info")],
)
def test_alert_variant_is_punkts_word_for_the_level(tags: str, variant: str) -> None:
    assert punkt.alert_variant(tags) == variant


def test_alert_icon_falls_back_to_information() -> None:
    assert punkt.alert_icon("strange") == "alert-information"


def test_when_is_a_moment_or_a_span() -> None:
    assert render("{% when at %}", at=NOON) == "tirsdag 24. november 2026 kl. 12.00"
    later = NOON + dt.timedelta(hours=1)
    assert render("{% when at to %}", at=NOON, to=later).endswith("kl. 12.00–13.00")


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (dt.timedelta(hours=1), "24.11.2026 kl.\xa012.00\u2060–\u206013.00"),
        (dt.timedelta(days=2), "24.11.2026 kl.\xa012.00 – 26.11.2026 kl.\xa012.00"),
    ],
)
def test_a_table_says_both_ends_and_keeps_each_time_whole(later: dt.timedelta, words: str) -> None:
    assert render("{% short_when at to %}", at=NOON, to=NOON + later) == words


def test_filters_of_a_day() -> None:
    source = (
        "{{ at|day }}|{{ at|long_date }}|{{ at|day_month }}|{{ at|short_date }}|{{ at|clock }}|"
        "{{ at|moment }}|{{ at|short_moment }}|{{ at|week }}|{{ at|weekday }}|{{ at|month }}"
    )
    assert render(source, at=NOON).split("|") == [
        "tirsdag 24. november 2026",
        "24. november 2026",
        "24. november",
        "24.11.2026",
        "12.00",
        "tirsdag 24. november 2026 kl. 12.00",
        "24.11.2026 kl.\xa012.00",
        "uke 48",
        "tirsdag",
        "november 2026",
    ]


def test_filters_of_nothing_are_empty() -> None:
    source = "".join(
        f"{{{{ at|{name} }}}}"
        for name in [
            "day", "long_date", "day_month", "short_date", "clock", "moment",
            "short_moment", "week", "weekday", "month",
        ]
    )  # fmt: skip
    assert render(source, at=None) == ""


def test_figures() -> None:
    assert render("{{ n|number }}", n=1234) == "1\xa0234"
    assert render("{{ n|percent }} {{ n|percent:1 }}", n=42) == "42\xa0% 42,0\xa0%"
    assert render("{{ n|number }}{{ n|percent }}", n=None) == "––"
    assert render("{% share 1 4 %}") == "25\xa0%"


@pytest.mark.parametrize(
    ("value", "maximum", "width"),
    [(12, 30, "40.00"), (40, 30, "100.00"), (-1, 30, "0.00"), (1, 0, "0.00")],
)
def test_bar_width_never_leaves_its_track(value: int, maximum: int, width: str) -> None:
    assert punkt.bar_width(value, maximum) == width


def test_query_keeps_what_it_does_not_change() -> None:
    request = RequestFactory().get("/", {"q": "å", "page": "2"})
    assert punkt.query({"request": request}, page=3) == "?q=%C3%A5&page=3"
    assert punkt.query({"request": request}, page=None, q="") == "?"
    assert punkt.query({}, page=1) == "?page=1"


def test_other_attributes_leave_out_the_class_a_placeholder_and_what_is_off() -> None:
    given = {"id": "a", "class": "b", "placeholder": "c", "hidden": False, "required": True}
    assert punkt.other_attributes(given) == [("id", "a"), ("required", True)]


def test_breadcrumb_parent_is_the_nearest_link() -> None:
    assert punkt.breadcrumb_parent([("Hjem", "/"), ("Seminarer", "/s/"), ("Her", None)]) == (
        "Seminarer",
        "/s/",
    )
    assert punkt.breadcrumb_parent([("Her", None)]) is None


def test_page_window_shows_ends_and_neighbours() -> None:
    paginator = Paginator(range(200), 10)
    assert punkt.page_window(paginator.page(1)) == [1, 2, None, 20]
    assert punkt.page_window(paginator.page(10)) == [1, None, 9, 10, 11, None, 20]
    assert punkt.page_window(paginator.page(20)) == [1, None, 19, 20]
    assert punkt.page_window(Paginator([], 10).page(1)) == [1]


@pytest.mark.parametrize(
    ("language", "source", "shown"),
    [
        ("nb", "{{ text|words }}", "Å &lt;b&gt;"),
        ("en", "{{ text|words }}", '<span lang="nb">Å &lt;b&gt;</span>'),
        ("nb", "<p{% language_of_words %}>", "<p>"),
        ("en", "<p{% language_of_words %}>", '<p lang="nb">'),
        ("en", '<p{% language_of_words "en" %}>', "<p>"),
        ("nb", '<p{% language_of_words "en" %}>', '<p lang="en">'),
        ("en", '<p{% language_of_words "" %}>', "<p>"),
    ],
)
def test_people_s_words_say_their_language_where_the_page_has_another(
    language: str, source: str, shown: str
) -> None:
    with translation.override(language):
        assert render(source, text="Å <b>") == shown
