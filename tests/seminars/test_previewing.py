"""The organiser sees a seminar as others would, and registers nobody by it."""

from __future__ import annotations

import datetime as dt

import lxml.html
import pytest
from django.urls import reverse

from seminars.models import Registration, Seminar, SeminarState
from tests.seminars.factories import make_participants, make_registration, make_seminar


@pytest.fixture
def make(cast):
    def make_one(**fields) -> Seminar:
        return make_seminar(cast.other_agency, created_by=cast.organiser, **fields)

    return make_one


def preview(browser, seminar, **query):
    return browser.get(reverse("seminars:preview", args=[seminar.pk]), query)


def panel(response) -> lxml.html.HtmlElement:
    page = lxml.html.fromstring(response.content.decode())
    (found,) = page.xpath("//section[@aria-labelledby='pamelding']")
    return found


@pytest.mark.parametrize("state", [SeminarState.DRAFT, SeminarState.PUBLISHED])
def test_it_shows_what_a_leader_would_see_with_nothing_to_press(make, signed_in, organiser, state):
    seminar = make(state=state)
    own = panel(preview(signed_in(organiser), seminar))
    (button,) = own.xpath(".//button")
    assert (button.text_content().strip(), button.get("disabled")) == ("Meld meg på", "disabled")
    assert own.xpath(".//form") == []
    assert "30 av 30" in own.text_content()
    seminar.refresh_from_db()
    assert (seminar.state, Registration.objects.count()) == (state, 0)


def test_it_says_what_the_leaders_own_page_says(make, cast, signed_in, organiser, leader):
    seminar = make(capacity=2)
    make_participants(seminar, cast.unit, 2)
    shown = preview(signed_in(organiser), seminar).context["standing"]
    page = signed_in(leader).get(reverse("seminars:detail", args=[seminar.pk]))
    theirs = page.context["standing"]
    names = ("seats_left", "waiting_count", "refusal", "is_closed", "may_register", "is_for_queue")
    assert [getattr(shown, name) for name in names] == [getattr(theirs, name) for name in names]
    assert shown.is_for_queue is True


def test_the_organisers_own_place_is_not_shown(make, signed_in, organiser):
    seminar = make()
    make_registration(seminar, organiser)
    own = panel(preview(signed_in(organiser), seminar))
    assert "Du er påmeldt" not in own.text_content()
    assert "Meld meg på" in own.text_content()


def test_it_leads_back_and_offers_nothing_of_the_organisers(make, signed_in, organiser):
    seminar = make(state=SeminarState.DRAFT)
    response = preview(signed_in(organiser), seminar)
    content = response.content.decode()
    back = reverse("seminars:detail", args=[seminar.pk])
    assert f'<a class="pkt-link" href="{back}">Tilbake til siden' in content
    assert "Dette er en forhåndsvisning" in content
    page = lxml.html.fromstring(content)
    inside = page.xpath("//main//a/@href")
    assert [one for one in inside if one.startswith(back) and one != back] == []


def test_somebody_outside_the_audience_is_told_so(make, signed_in, organiser):
    seminar = make()
    seminar.audiences.create(kind="leaders")
    browser = signed_in(organiser)
    inside = panel(preview(browser, seminar)).text_content()
    outside = panel(preview(browser, seminar, som="utenfor"))
    assert ("Meld meg på" in inside, outside.xpath(".//button")) == (True, [])
    assert preview(browser, seminar, som="utenfor").context["standing"].refusal


@pytest.mark.parametrize("kinds", [[], ["everyone"], ["leaders", "everyone"]])
def test_nobody_is_outside_what_is_for_everybody(make, signed_in, organiser, kinds):
    seminar = make()
    for kind in kinds:
        seminar.audiences.create(kind=kind)
    response = preview(signed_in(organiser), seminar, som="utenfor")
    assert response.context["standing"].may_register is True
    assert "ingen står utenfor målgruppen" in response.content.decode()


def test_the_first_audience_to_be_let_in_decides_when_it_opens(make, signed_in, organiser, now):
    day = dt.timedelta(days=1)
    seminar = make(registration_opens_at=now + 5 * day)
    seminar.audiences.create(kind="leaders", opens_at=now - day)
    seminar.audiences.create(kind="everyone")
    response = preview(signed_in(organiser), seminar)
    assert response.context["standing"].may_register is True


def test_one_called_off_is_not_previewed(make, signed_in, organiser):
    seminar = make(state=SeminarState.CANCELLED)
    browser = signed_in(organiser)
    detail = reverse("seminars:detail", args=[seminar.pk])
    assert "Se som deltaker" not in browser.get(detail).content.decode()
    response = preview(browser, seminar)
    assert (response.status_code, response.url) == (302, detail)
