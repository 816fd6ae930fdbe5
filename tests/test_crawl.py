"""Every page as every kind of user: what a machine reads is written for a machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.barriers import barriers, path_of
from tests.crawl import ALL_KINDS, LANGUAGES, Page
from tests.markup import Markup

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
Crawled = Callable[[str, str], list[Page]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_page_is_sound(kind: str, language: str, crawled: Crawled) -> None:
    found = {
        fault: page.address
        for page in crawled(kind, language)
        if page.markup
        for fault in page.markup.faults()
    }
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_page_keeps_nobody_out(kind: str, language: str, crawled: Crawled) -> None:
    found = {
        barrier: page.address
        for page in crawled(kind, language)
        if page.markup
        for barrier in barriers(page.markup.text)
    }
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_pages_that_are_about_different_things_have_different_titles(
    kind: str, language: str, crawled: Crawled
) -> None:
    about: dict[str, set[tuple[str, str]]] = {}
    for page in crawled(kind, language):
        if page.markup and page.markup.is_whole and page.status == 200:
            title, heading, way = path_of(page.markup.text)
            about.setdefault(title, set()).add((heading, way))
    assert {title: things for title, things in about.items() if len(things) > 1} == {}


OF_PEOPLE = ("lp-letters__link", "lp-letter", "lp-sight__task", "lp-note__text")
"""Elements that hold nothing but what somebody has written, or a letter in bokmål."""


def test_in_english_what_people_have_written_is_marked_as_bokmal(crawled: Crawled) -> None:
    pages = [page.markup for page in crawled("leader", "en") if page.markup]
    held = [
        element
        for markup in pages
        for element in markup.elements
        if set(element.get("class", "").split()) & set(OF_PEOPLE)
    ]
    assert {one["class"] for one in held} >= set(OF_PEOPLE[:3])
    assert [one for one in held if one.get("lang") != "nb"] == []


PLANTED = {
    '<input name="row-1\xa0234">': 'no-break space in <input name="row-1\xa0234">',
    '<a href="/seminarer/1%C2%A0234%C2%A0567/">': "no-break space in "
    '<a href="/seminarer/1%C2%A0234%C2%A0567/">',
    '<option value="1,234,567">': 'localised number in <option value="1,234,567">',
    '<li id="row-1.234.567">': 'localised number in <li id="row-1.234.567">',
    '<div data-row="12,5">': 'localised number in <div data-row="12,5">',
    '<rect width="12,5"/>': 'localised number in <rect width="12,5">',
    '<rect height="halv"/>': 'not a number in <rect height="halv">',
    '<input type="date" value="24.11.2026">': 'localised value in <input value="24.11.2026">',
    '<input type="number" value="12,5">': 'localised number in <input value="12,5">',
    '<time datetime="24. november 2026">': 'localised date in <time datetime="24. november 2026">',
    '<p id="a b">': 'white space in <p id="a b">',
    '<a href="/a%20b">': 'white space in <a href="/a%20b">',
    '<a href="https://kart.example/a b">': 'white space in <a href="https://kart.example/a b">',
    '<form action="/None/">': 'nothing filled in in <form action="/None/">',
    "<p>Hei, {{ name }}!</p>": "nothing filled in in «Hei, {{ name }}!»",
    '<p class="pkt-tag pkt-tag--blue">': "no stylesheet draws «pkt-tag--blue»",
    "<p id=a><p id=a>": "2 × id «a»",
    "<html><label for=b>": "<label for> points at no «b»",
    '<html><p aria-describedby="b c" id=b>': "<p aria-describedby> points at no «c»",
    "<html><td headers=h>": "<td headers> points at no «h»",
    '<html><a href="#d">': "<a href> points at no «d»",
    "<html lang=nb><p>None</p>": "nothing filled in in «None»",
}


@pytest.mark.parametrize(("markup", "fault"), PLANTED.items())
def test_a_fault_that_is_planted_is_found(markup: str, fault: str) -> None:
    assert fault in Markup(markup).faults()


KEPT_OUT = {
    "<table><tr><th>Navn<tr><td>Liv<td>Ja</table>": "rows without a header in «NavnLivJa»",
    "<h2><span role=status>3 treff</span></h2>": "a live region in the heading «3 treff»",
    '<p class="pkt-txt-22-medium">Neste</p>': "looks like a heading and is none: "
    '<p class="pkt-txt-22-medium">',
    '<svg viewbox="0 0 1 1"></svg>': "as large as the page where the stylesheet fails: "
    '<svg viewbox="0 0 1 1">',
    "<time datetime=2026-11-24T09:00:00.123+01:00>": "no date or time in "
    '<time datetime="2026-11-24T09:00:00.123+01:00">',
    "<input type=radio required>": "told as wrong before it is touched: "
    '<input type="radio" required="">',
    "<label>Sted (valgfritt)</label>": "marks what need not be filled in: «Sted (valgfritt)»",
    "<form><fieldset><legend>Gikk det?</legend></fieldset><fieldset><legend>Gikk det?</legend>": (
        "2 groups called «Gikk det?»"
    ),
    '<div hx-trigger="every 20s"><a href="/">Frigi</a></div>': "loses the focus when its part is "
    'refreshed: <a href="/">',
    "<title>Nytt</title><section data-error-summary>": "has errors, and its title is «Nytt»",
    "<title>Feil: Nytt</title>": "has no errors, and its title is «Feil: Nytt»",
    '<title>Nytt</title><input aria-invalid="true">': "errors without a summary on «Nytt»",
}


@pytest.mark.parametrize(("markup", "barrier"), KEPT_OUT.items())
def test_a_barrier_that_is_planted_is_found(markup: str, barrier: str) -> None:
    assert barriers(f"<html lang=nb><body>{markup}") == [barrier]


SOUND = (
    '<p title="1\xa0234 plasser" aria-label="24. november">',
    '<td data-label="1\xa0234">',
    '<input type="submit" value="Vis 1\xa0234 til">',
    '<input type="date" value="2026-11-24"><input type="date" value="">',
    '<time datetime="2026-11-24T09:00+01:00">',
    '<svg viewBox="0 0 100 10"><rect width="12.50" x="0"/></svg>',
    '<a href="#her" id="her">1\xa0234</a>',
    '<p>None</p><script>{"a": "{{"}</script>',
)


@pytest.mark.parametrize("markup", SOUND)
def test_what_is_for_people_is_left_alone(markup: str) -> None:
    assert Markup(f'<html lang="en">{markup}').faults() == []


def test_the_crawl_reaches_what_it_should(crawled: Crawled) -> None:
    """Pages of every room, what only links lead to, and attendance of rows with large ids."""
    read = [page for page in crawled("organiser", "nb") if page.markup and page.status == 200]
    rooms = {page.address.split("/")[1] for page in read}
    assert rooms >= {"", "seminarer", "oppdrag", "avtaler", "brev", "folk"}
    names = {one.value for page in read for one in page.markup.attributes if one.name == "name"}
    marked = [int(name.removeprefix("outcome-")) for name in names if name.startswith("outcome-")]
    assert min(marked) > 1_234_567
    assert {page.found_on for page in read} > {"", "the matrix"}
    assert len(read) > 100
