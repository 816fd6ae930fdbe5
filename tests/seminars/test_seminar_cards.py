"""Cards and the seminar's own page: the day drawn, the way there, and the language of its texts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from common.dates import OSLO
from tests.seminars.factories import make_choice, make_seminar

AT = dt.datetime(2027, 3, 10, 9, tzinfo=OSLO)


@pytest.fixture
def make(cast):
    def make_one(**fields):
        return make_seminar(cast.other_agency, created_by=cast.organiser, **fields)

    return make_one


def page(browser, name, *args) -> str:
    return browser.get(reverse(f"seminars:{name}", args=args)).content.decode()


def in_english(signed_in, user):
    user.language = "en"
    user.save()
    return signed_in(user)


@pytest.mark.parametrize("name", ["list", "detail"])
def test_the_day_is_drawn_beside_its_words(make, signed_in, leader, name):
    seminar = make(starts_at=AT)
    content = page(signed_in(leader), name, *([seminar.pk] if name == "detail" else []))
    drawn = content.partition('<div class="lp-date" aria-hidden="true">')[2].partition("</div>")[0]
    assert [part.partition("<")[0] for part in drawn.split('">')[1:]] == ["ons", "10", "Mar"]
    assert "onsdag 10. mars 2027 kl.\xa009.00\u2060–\u206015.30" in content


def test_the_last_day_is_drawn_too(make, signed_in, leader):
    seminar = make(starts_at=AT)
    seminar.sessions.create(
        starts_at=AT + dt.timedelta(days=2), ends_at=AT + dt.timedelta(days=2, hours=2)
    )
    content = page(signed_in(leader), "detail", seminar.pk)
    assert '<span class="lp-date__until">– 12. Mar</span>' in content
    words = "onsdag 10. mars 2027 kl.\xa009.00 – fredag 12. mars 2027 kl.\xa011.00"
    assert words in content


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({}, "https://www.openstreetmap.org/search?query=R%C3%A5dhuset"),
        (
            {"address": "Kirkegata 1 & 2/B, 0153 Oslo"},
            "https://www.openstreetmap.org/search?query=Kirkegata%201%20%26%202%2FB%2C%200153%20Oslo",
        ),
        ({"place_name": "", "meeting_url": "https://m.example.org"}, None),
    ],
)
def test_a_place_can_be_looked_up_on_a_map(make, signed_in, leader, fields, address):
    content = page(signed_in(leader), "detail", make(**fields).pk)
    if address is None:
        assert "Vis i kart" not in content
    else:
        link = f'<a class="pkt-link" href="{address}" rel="noopener noreferrer">Vis i kart</a>'
        assert link in content


def test_another_map_is_a_setting_and_so_is_none(make, signed_in, leader, settings):
    seminar, browser = make(place_name="Å"), signed_in(leader)
    settings.MAP_URL = "https://kart.example/?q={place}"
    assert 'href="https://kart.example/?q=%C3%85"' in page(browser, "detail", seminar.pk)
    settings.MAP_URL = ""
    assert "Vis i kart" not in page(browser, "detail", seminar.pk)


def test_cards_say_which_language_people_wrote_in(make, signed_in, leader):
    make(title="Nærvær", summary="Kort om det.")
    content = page(in_english(signed_in, leader), "list")
    heading = content.partition('<h3 class="pkt-heading')[2].partition("</h3>")[0]
    assert ('lang="nb"' in heading, "Nærvær" in heading) == (True, True)
    assert '<p lang="nb">Kort om det.</p>' in content
    assert '<span><span lang="nb">Rådhuset</span></span>' in content


def test_a_digital_place_is_the_portals_own_word(make, signed_in, leader):
    make(place_name="", meeting_url="https://m.example.org")
    assert "<span>Online</span>" in page(in_english(signed_in, leader), "list")


def test_the_page_and_its_options_say_it_too(make, signed_in, leader):
    seminar = make(starts_at=AT, audience="Nye ledere", capacity=20)
    seminar.programme.create(starts_at=AT, title="Velkommen")
    seminar.speakers.create(name="Kari", biography="Lege")
    make_choice(seminar, 10, 10)
    browser = in_english(signed_in, leader)
    content = page(browser, "detail", seminar.pk)
    for text in ("Nye ledere", "Velkommen", "Lege"):
        before = content.partition(text)[0]
        assert before.rfind('lang="nb"') > before.rfind("</div>")
    options = page(browser, "register", seminar.pk)
    assert '<span class="lp-option__title"><span lang="nb">A</span></span>' in options


def test_the_programme_says_when_each_item_is_over(make, signed_in, leader):
    seminar = make(starts_at=AT)
    seminar.programme.create(starts_at=AT, title="Velkommen")
    seminar.programme.create(starts_at=AT + dt.timedelta(hours=1), title="Foredrag")
    content = page(signed_in(leader), "detail", seminar.pk).replace("\u2060", "")
    times = content.split('<p class="lp-programme__time">')[1:]
    assert [one.partition("<")[0] for one in times] == ["09.00–10.00", "10.00–15.30"]
