"""One's own certificates, and the organiser's page of a seminar's."""

from __future__ import annotations

import lxml.html
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates.issuing import issue_anew
from certificates.models import Certificate, CertificateTerms
from certificates.numbers import grouped
from people.models import User
from tests.cast import Cast
from tests.certificates.factories import make_came, make_certificate, make_held, record
from tests.seminars.factories import make_registration, make_seminar

OWN = reverse("certificates:own")


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def shown(response: object) -> str:
    return " ".join(lxml.html.fromstring(response.content.decode()).text_content().split())


def test_whoever_came_gets_one_by_one_press_and_two_presses_give_one(cast):
    seminar = make_held(cast, title="Tillit i praksis")
    make_came(seminar, cast.leader, by=cast.organiser)
    browser = browser_of(cast.leader)
    assert "Få kursbevis for Tillit i praksis" in shown(browser.get(OWN))
    address = reverse("certificates:get", args=[seminar.pk])
    said = [shown(browser.post(address, follow=True)) for _press in range(2)]
    assert "Kursbeviset er utstedt." in said[0]
    assert "Kursbeviset er allerede utstedt." in said[1]
    assert Certificate.objects.count() == 1
    assert "Få kursbevis for" not in said[1]


@pytest.mark.parametrize("outcome", ["no_show", "partly", ""])
def test_nothing_is_offered_to_whoever_cannot_have_it(cast, outcome):
    seminar = make_held(cast)
    registration = make_registration(seminar, cast.leader)
    if outcome == "no_show":
        record(registration, outcome, by=cast.organiser)
    assert "Du har ingen kursbevis ennå" in shown(browser_of(cast.leader).get(OWN))


def test_one_is_downloaded_by_its_own_person_alone(cast):
    certificate = make_certificate(cast, cast.leader, seal=True)
    address = reverse("certificates:document", args=[certificate.pk])
    assert certificate.pk > 1_000_000
    response = browser_of(cast.leader).get(address)
    assert response.content == bytes(certificate.document.pdf)
    assert grouped(certificate.number) in response.headers["Content-Disposition"]
    assert address in browser_of(cast.leader).get(OWN).content.decode()
    for other in (cast.employee, cast.organiser, cast.administrator, cast.hr):
        assert browser_of(other).get(address).status_code == 404


def test_a_new_name_is_offered_and_the_old_is_told_truthfully(cast):
    older = make_certificate(cast, cast.leader, seal=True)
    browser = browser_of(cast.leader)
    assert "Få et nytt" not in shown(browser.get(OWN))
    User.objects.filter(pk=cast.leader.pk).update(name="Nytt Etternavn")
    assert "Få et nytt" in shown(browser.get(OWN))
    said = shown(browser.post(reverse("certificates:renew", args=[older.pk]), follow=True))
    for words in ("Det forrige står som erstattet", "Utstedt til Nytt Etternavn", "Det stemte da"):
        assert words in said
    other = browser_of(cast.employee)
    assert other.post(reverse("certificates:renew", args=[older.pk])).status_code == 404


def test_many_are_shown_with_as_many_questions_as_few(cast, django_assert_max_num_queries):
    browser = browser_of(cast.leader)
    for number in range(12):
        make_certificate(cast, cast.leader, title=f"Seminar {number}")
    browser.get(OWN)
    with django_assert_max_num_queries(14):
        assert "Seminar 11" in shown(browser.get(OWN))


def test_the_organiser_is_told_how_many_and_issues_by_one_press(cast):
    seminar = make_held(cast)
    for user in (cast.leader, cast.employee):
        make_came(seminar, user, by=cast.organiser)
    browser = browser_of(cast.organiser)
    assert "Kursbevis" in shown(browser.get(reverse("seminars:detail", args=[seminar.pk])))
    address = reverse("certificates:issue", args=[seminar.pk])
    assert "Utsted kursbevis til 2 personer?" in shown(browser.get(address))
    assert Certificate.objects.count() == 0
    assert "2 kursbevis er utstedt." in shown(browser.post(address, follow=True))
    assert "Alle som skal ha kursbevis, har fått det." in shown(browser.post(address, follow=True))
    assert Certificate.objects.count() == 2


def test_none_are_issued_before_it_is_over(cast):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    browser = browser_of(cast.organiser)
    said = shown(browser.post(reverse("certificates:issue", args=[seminar.pk]), follow=True))
    assert "Kursbevis kan utstedes når seminaret er over." in said


@pytest.mark.parametrize(
    ("typed", "minutes", "shown_again"),
    [
        ("6", 360, "6"),
        ("1,5", 90, "1,5"),
        ("1:20", 80, "1:20"),
        ("90 min", 90, "1,5"),
        ("", None, ""),
    ],
)
def test_hours_are_read_as_people_write_them(cast, typed, minutes, shown_again):
    seminar = make_held(cast)
    browser = browser_of(cast.organiser)
    address = reverse("certificates:desk", args=[seminar.pk])
    browser.post(address, {"rule": "came", "minutes": typed, "is_automatic": "on"})
    assert CertificateTerms.objects.get().minutes == minutes
    page = lxml.html.fromstring(browser.get(address).content.decode())
    (field,) = page.xpath("//input[@name='minutes']")
    assert field.get("value", "") == shown_again


@pytest.mark.parametrize("typed", ["seks", "0", "-2", "99999", "1:99"])
def test_hours_that_are_none_are_refused_at_their_field(cast, typed):
    seminar = make_held(cast)
    address = reverse("certificates:desk", args=[seminar.pk])
    response = browser_of(cast.organiser).post(address, {"rule": "came", "minutes": typed})
    page = lxml.html.fromstring(response.content.decode())
    (field,) = page.xpath("//input[@name='minutes']")
    assert (field.get("value"), field.get("aria-invalid")) == (typed, "true")
    assert not CertificateTerms.objects.exists()


def test_two_windows_overwrite_nothing_in_silence(cast):
    seminar = make_held(cast)
    address = reverse("certificates:desk", args=[seminar.pk])
    browser = browser_of(cast.organiser)
    browser.post(address, {"rule": "came", "is_automatic": "on"})
    page = lxml.html.fromstring(browser.get(address).content.decode())
    (seen,) = page.xpath("//input[@name='seen']/@value")
    browser.post(address, {"rule": "off", "seen": seen})
    said = shown(browser.post(address, {"rule": "whole", "is_automatic": "on", "seen": seen}))
    assert "Ingen: seminaret har ikke kursbevis" in said
    assert CertificateTerms.objects.get().rule == "off"


def test_the_own_page_says_what_has_been_withdrawn(cast: Cast):
    certificate = make_certificate(cast, cast.leader)
    newer_name = "Nytt Etternavn"
    User.objects.filter(pk=cast.leader.pk).update(name=newer_name)
    issue_anew(certificate=certificate, by=User.objects.get(pk=cast.leader.pk), now=timezone.now())
    Certificate.objects.valid().update(withdrawn_at=timezone.now(), withdrawal_reason="attendance")
    said = shown(browser_of(cast.leader).get(OWN))
    assert said.count("fordi oppmøtet ble rettet") == 2
    assert "Gyldig" not in said
