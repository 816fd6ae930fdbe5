from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outbox import mail_server
from outbox.images import LetterImage
from outbox.mail_server import FAULTS_BEFORE_REST
from outbox.models import Letter, LetterState, ReminderOptOut
from outbox.unsubscribe import unsubscribe_url
from people.models import AuditRecord, Role, User
from tests.cast import Cast
from tests.factories import make_role
from tests.outbox.factories import make_letter
from tests.outbox.parts import DOT, invitation

SignIn = Callable[[User], Client]
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def words_of(answer: Any) -> str:
    return answer.content.decode()


def test_my_letters_are_mine_alone(cast: Cast, signed_in: SignIn) -> None:
    make_letter(cast.employee, subject="Plass på seminaret")
    make_letter(cast.leader, subject="Noe til Liv")
    page = words_of(signed_in(cast.employee).get("/brev/"))
    assert "Plass på seminaret" in page
    assert "Noe til Liv" not in page


def test_letter_shows_its_text_with_links_and_nothing_live(cast: Cast, signed_in: SignIn) -> None:
    text = "Hei!\n\nSe http://testserver/seminarer/1/\n\n<script>alert(1)</script>"
    letter = make_letter(cast.employee, subject="Til <Even>", text=text)
    page = words_of(signed_in(cast.employee).get(reverse("outbox:detail", args=[letter.pk])))
    assert 'href="http://testserver/seminarer/1/"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "Til &lt;Even&gt;" in page
    assert "Sendt til employee@example.org." in page


def test_letter_of_somebody_else_is_not_there(cast: Cast, signed_in: SignIn) -> None:
    letter = make_letter(cast.leader, calendar=invitation(cast.leader))
    for name in ("outbox:detail", "outbox:calendar_file"):
        for user in (cast.employee, cast.administrator, cast.manager):
            assert signed_in(user).get(reverse(name, args=[letter.pk])).status_code == 404


def test_secret_letter_is_never_shown(cast: Cast, signed_in: SignIn) -> None:
    letter = make_letter(cast.employee, text="Koden er 739205", is_secret=True)
    page = words_of(signed_in(cast.employee).get(reverse("outbox:detail", args=[letter.pk])))
    assert "739205" not in page
    assert "Innholdet vises ikke her" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "failed"}, "Brevet kom ikke fram på e-post"),
        ({"state": "queued"}, "Brevet er på vei til e-posten din."),
    ],
)
def test_letter_says_how_it_stands(
    fields: dict[str, Any], words: str, cast: Cast, signed_in: SignIn
) -> None:
    letter = make_letter(cast.employee, **fields)
    sent = make_letter(cast.employee, state="sent", sent_at=NOW)
    browser = signed_in(cast.employee)
    assert words in words_of(browser.get(reverse("outbox:detail", args=[letter.pk])))
    assert words not in words_of(browser.get(reverse("outbox:detail", args=[sent.pk])))


def test_calendar_file_is_the_one_that_was_sent(cast: Cast, signed_in: SignIn) -> None:
    part = invitation(cast.employee)
    letter = make_letter(cast.employee, calendar=part)
    browser = signed_in(cast.employee)
    url = reverse("outbox:calendar_file", args=[letter.pk])
    assert url in words_of(browser.get(reverse("outbox:detail", args=[letter.pk])))
    answer = browser.get(url)
    assert answer.content == part.ics.encode()
    assert answer["Content-Type"] == "text/calendar; method=REQUEST; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="lederportalen.ics"'


def test_picture_is_shown_to_its_reader_and_to_nobody_else(cast: Cast, signed_in: SignIn) -> None:
    letter = make_letter(cast.employee, images=[LetterImage(png=DOT, alt="Koden <din>")])
    url, none = (reverse("outbox:image", args=[letter.pk, number]) for number in (1, 2))
    browser = signed_in(cast.employee)
    page = words_of(browser.get(reverse("outbox:detail", args=[letter.pk])))
    assert url in page
    assert 'alt="Koden &lt;din&gt;"' in page
    answer = browser.get(url)
    assert (answer.content, answer["Content-Type"]) == (DOT, "image/png")
    assert "no-store" in answer["Cache-Control"]
    assert browser.get(none).status_code == 404
    for user in (cast.leader, cast.administrator, cast.manager):
        assert signed_in(user).get(url).status_code == 404


def test_picture_of_a_secret_letter_is_never_shown(cast: Cast, signed_in: SignIn) -> None:
    secret = make_letter(cast.employee, images=[LetterImage(png=DOT, alt="Koden")], is_secret=True)
    browser = signed_in(cast.employee)
    assert browser.get(reverse("outbox:image", args=[secret.pk, 1])).status_code == 404
    assert "bilder/1.png" not in words_of(browser.get(f"/brev/{secret.pk}/"))


def test_letter_without_a_calendar_part_has_no_file(cast: Cast, signed_in: SignIn) -> None:
    letter = make_letter(cast.employee)
    browser = signed_in(cast.employee)
    url = reverse("outbox:calendar_file", args=[letter.pk])
    assert browser.get(url).status_code == 404
    assert url not in words_of(browser.get(reverse("outbox:detail", args=[letter.pk])))


def test_nothing_yet_is_said_in_words(cast: Cast, signed_in: SignIn) -> None:
    assert "Ingen brev ennå" in words_of(signed_in(cast.employee).get("/brev/"))


def test_reminders_are_switched_off_and_on(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.employee)
    url = reverse("outbox:reminders")
    page = words_of(browser.post(url, {"wanted": "no"}, follow=True))
    assert "Du får ikke flere påminnelser." in page
    assert "Slå på påminnelser" in page
    assert [o.user for o in ReminderOptOut.objects.all()] == [cast.employee]
    page = words_of(browser.post(url, {"wanted": "yes"}, follow=True))
    assert "Du får påminnelser igjen." in page
    assert "Slå av påminnelser" in page
    assert ReminderOptOut.objects.count() == 0


def test_reminders_are_stopped_by_link_without_signing_in(cast: Cast) -> None:
    url = unsubscribe_url(cast.employee)
    page = words_of(Client().get(url))
    assert "Vil du slå av påminnelser?" in page
    assert "Even" not in page, "whoever has the link learns no name by it"
    page = words_of(Client(enforce_csrf_checks=True).post(url))
    assert "Påminnelser er slått av" in page
    assert "Påminnelser er slått av" in words_of(Client().get(url))


def test_administrator_sees_envelopes_in_trouble_and_no_contents(
    cast: Cast, signed_in: SignIn
) -> None:
    contents = {"subject": "Avtalen om uro", "text": "Hemmelig tekst", "html": "<p>Skjult</p>"}
    make_letter(cast.employee, state="failed", last_error="550 no such user", **contents)
    make_letter(cast.leader, attempts=1, last_error="ConnectionRefusedError", **contents)
    make_letter(cast.stranger, **contents)
    page = words_of(signed_in(cast.administrator).get(reverse("outbox:failed")))
    assert "Even Moen" in page
    assert "550 no such user" in page
    assert "Liv Dahl" in page
    assert "Prøves igjen" in page
    assert "Sindre Foss" not in page
    for words in ("Avtalen om uro", "Hemmelig tekst", "Skjult"):
        assert words not in page


def test_administrator_of_an_agency_sees_that_agency(cast: Cast, signed_in: SignIn) -> None:
    make_role(cast.manager, Role.ADMINISTRATOR, cast.agency)
    make_letter(cast.employee, state="failed")
    elsewhere = make_letter(cast.stranger, state="failed")
    browser = signed_in(cast.manager)
    page = words_of(browser.get(reverse("outbox:failed")))
    assert "Even Moen" in page
    assert "Sindre Foss" not in page
    assert browser.post(reverse("outbox:retry", args=[elsewhere.pk])).status_code == 404


def test_failed_letters_are_for_administrators(cast: Cast, signed_in: SignIn) -> None:
    for user in (cast.employee, cast.leader, cast.hr, cast.organiser, cast.coordinator):
        assert signed_in(user).get(reverse("outbox:failed")).status_code == 403


def test_retry_puts_the_letter_back_in_the_queue(cast: Cast, signed_in: SignIn) -> None:
    letter = make_letter(cast.employee, state="failed", attempts=8)
    browser = signed_in(cast.administrator)
    url = reverse("outbox:retry", args=[letter.pk])
    listed = words_of(browser.get(reverse("outbox:failed")))
    assert url in listed
    assert letter.kind not in listed
    page = words_of(browser.post(url, follow=True))
    assert "Brevet er lagt i køen på nytt." in page
    letter.refresh_from_db()
    assert letter.state == LetterState.QUEUED


def test_retry_of_what_cannot_be_sent_says_so(cast: Cast, signed_in: SignIn) -> None:
    secret = make_letter(cast.employee, is_secret=True, state="failed", text="", html="")
    browser = signed_in(cast.administrator)
    url = reverse("outbox:retry", args=[secret.pk])
    page = words_of(browser.get(reverse("outbox:failed")))
    assert url not in page
    assert "Innholdet er slettet. Mottakeren må be om et nytt." in page
    assert "Brevet kan ikke sendes på nytt." in words_of(browser.post(url, follow=True))


def test_all_that_failed_are_sent_again_when_asked_twice(cast: Cast, signed_in: SignIn) -> None:
    """The first answer says how many it concerns, and changes nothing."""
    letters = [make_letter(cast.employee, state="failed", attempts=8) for _number in range(3)]
    secret = make_letter(cast.leader, is_secret=True, state="failed", text="", html="")
    browser, url = signed_in(cast.administrator), reverse("outbox:retry_all")
    listed = words_of(browser.get(reverse("outbox:failed")))
    assert "Send alle 3 som feilet, på nytt" in listed
    assert url in listed
    assert "Det gjelder 3 brev." in words_of(browser.get(url))
    assert states(*letters) == ["failed"] * 3
    assert "Det gjaldt 3 brev." in words_of(browser.post(url, follow=True))
    assert states(*letters, secret) == ["queued"] * 3 + ["failed"]
    record = AuditRecord.objects.get(action="outbox.retry_letters")
    assert (record.actor, record.details) == (cast.administrator, {"letters": 3})
    assert "Det gjaldt 0 brev." in words_of(browser.post(url, follow=True))
    assert AuditRecord.objects.filter(action="outbox.retry_letters").count() == 1


def test_bulk_reaches_no_letter_of_another_agency(cast: Cast, signed_in: SignIn) -> None:
    make_role(cast.manager, Role.ADMINISTRATOR, cast.agency)
    own = make_letter(cast.employee, state="failed")
    elsewhere = make_letter(cast.stranger, state="failed")
    held = make_letter(cast.stranger, state="held")
    browser = signed_in(cast.manager)
    for name in ("outbox:retry_all", "outbox:release", "outbox:discard"):
        browser.post(reverse(name))
    assert states(own, elsewhere, held) == ["queued", "failed", "held"]


@pytest.mark.parametrize(
    ("name", "state"), [("outbox:release", "queued"), ("outbox:discard", "failed")]
)
def test_held_letters_wait_for_an_answer(
    name: str, state: str, cast: Cast, signed_in: SignIn
) -> None:
    letters = [make_letter(cast.employee, state="held") for _number in range(2)]
    browser, url = signed_in(cast.administrator), reverse(name)
    listed = words_of(browser.get(reverse("outbox:failed")))
    assert "Portalen har stått stille, og 2 brev fra før det er ikke sendt." in listed
    assert url in listed
    assert "Det gjelder 2 brev." in words_of(browser.get(url))
    assert "Det gjaldt 2 brev." in words_of(browser.post(url, follow=True))
    assert states(*letters) == [state] * 2
    assert "holdes tilbake" not in words_of(browser.get(reverse("outbox:failed")))


def test_what_somebody_decided_not_to_send_is_not_sent_with_what_failed(
    cast: Cast, signed_in: SignIn
) -> None:
    letter = make_letter(cast.employee, state="held", subject="Plass")
    browser = signed_in(cast.administrator)
    browser.post(reverse("outbox:discard"))
    assert "Alle brev har kommet fram" in words_of(browser.get(reverse("outbox:failed")))
    browser.post(reverse("outbox:retry_all"))
    browser.post(reverse("outbox:retry", args=[letter.pk]))
    assert states(letter) == ["failed"]
    page = words_of(signed_in(cast.employee).get(reverse("outbox:detail", args=[letter.pk])))
    assert "tok ikke imot brevet" not in page


def test_a_mail_server_at_rest_is_said(cast: Cast, signed_in: SignIn) -> None:
    make_letter(cast.employee)
    browser = signed_in(cast.administrator)
    assert "E-posttjeneren" not in words_of(browser.get(reverse("outbox:failed")))
    for _fault in range(FAULTS_BEFORE_REST):
        mail_server.note_fault("550 <b>5.7.1", now=timezone.now())
    page = words_of(browser.get(reverse("outbox:failed")))
    assert "E-posttjeneren tar ikke imot brev" in page
    assert "1 brev venter." in page
    assert "Sist svarte tjeneren: 550 &lt;b&gt;5.7.1" in page


def states(*letters: Letter) -> list[str]:
    for letter in letters:
        letter.refresh_from_db()
    return [letter.state for letter in letters]


def test_all_well_is_said_in_words(cast: Cast, signed_in: SignIn) -> None:
    page = words_of(signed_in(cast.administrator).get(reverse("outbox:failed")))
    assert "Alle brev har kommet fram" in page


def test_link_to_failed_letters_is_for_administrators(cast: Cast, signed_in: SignIn) -> None:
    assert reverse("outbox:failed") in words_of(signed_in(cast.administrator).get("/brev/"))
    assert reverse("outbox:failed") not in words_of(signed_in(cast.employee).get("/brev/"))


def test_letters_come_in_pages(cast: Cast, signed_in: SignIn) -> None:
    for _number in range(45):
        make_letter(cast.employee)
    page = words_of(signed_in(cast.employee).get("/brev/?page=3"))
    assert page.count('class="lp-letters__link"') == 5
    assert words_of(signed_in(cast.employee).get("/brev/?page=99")).count("lp-letters__link") == 5


@pytest.mark.parametrize(
    ("name", "budget"), [("outbox:mine", 9), ("outbox:detail", 6), ("outbox:failed", 11)]
)
def test_page_keeps_its_query_budget(
    name: str,
    budget: int,
    cast: Cast,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(15):
        people = (cast.administrator, cast.leader, cast.employee)
        make_letter(people[number % 3], state="failed", last_error="550")
    letter = make_letter(cast.administrator)
    url = reverse(name, args=[letter.pk] if name == "outbox:detail" else [])
    browser = signed_in(cast.administrator)
    browser.get(url)
    with django_assert_max_num_queries(budget):
        assert browser.get(url).status_code == 200


def test_contents_are_not_fetched_for_a_list(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    make_letter(cast.employee)
    with django_assert_max_num_queries(40) as captured:
        signed_in(cast.employee).get("/brev/")
    queries = [
        query["sql"] for query in captured.captured_queries if "outbox_letter" in query["sql"]
    ]
    assert queries
    assert all('"outbox_letter"."html"' not in sql for sql in queries)
