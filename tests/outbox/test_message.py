"""What goes over the wire, read back from the mail server."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outbox import delivery
from outbox.actions import release_held, retry_letters
from outbox.images import LetterImage
from outbox.message import as_message
from outbox.models import Letter, LetterState, ReminderOptOut
from outbox.unsubscribe import unsubscribe_url
from people.models import User
from tests.cast import Cast
from tests.outbox.conftest import PostOffice
from tests.outbox.factories import make_letter
from tests.outbox.parts import DOT, cancellation, invitation

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def sent(letter: Letter, office: PostOffice) -> EmailMessage:
    delivery.deliver(letter.pk, now=timezone.now())
    (message,) = office.messages
    return message


def test_letter_says_who_it_is_from_and_to(cast: Cast, post_office: PostOffice) -> None:
    message = sent(make_letter(cast.organiser, subject="Plass på «Å lede»"), post_office)
    assert message["Subject"] == "Plass på «Å lede»"
    assert message["From"] == "Lederportalen <lederportalen@example.org>"
    assert message["To"] == "Olav Aas <organiser@example.org>"
    assert message["Content-Language"] == "nb"


@pytest.mark.parametrize("name", ["Åse Bjørk", "Dahl, Liv", 'Ola "Olli" Moe', "Eve\r\nBcc: x@y.no"])
def test_any_name_stands_before_the_address(name: str, cast: Cast, post_office: PostOffice) -> None:
    cast.employee.name = name
    cast.employee.save()
    message = sent(make_letter(cast.employee), post_office)
    (address,) = message["To"].addresses
    assert address.addr_spec == "employee@example.org"
    assert address.display_name == " ".join(name.split())
    assert message["Bcc"] is None


def test_robots_are_asked_not_to_answer(cast: Cast, post_office: PostOffice) -> None:
    message = sent(make_letter(cast.employee), post_office)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_letter_is_text_then_html(cast: Cast, post_office: PostOffice) -> None:
    letter = make_letter(cast.employee, text="Hei på deg!\n", html="<p>Hei på deg!</p>")
    message = sent(letter, post_office)
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "Hei på deg!\r\n")
    assert (html.get_content_type(), html.get_content().strip()) == (
        "text/html",
        "<p>Hei på deg!</p>",
    )


@pytest.mark.parametrize(("write", "method"), [(invitation, "REQUEST"), (cancellation, "CANCEL")])
def test_calendar_part_comes_last_with_its_method(
    write: Any, method: str, cast: Cast, post_office: PostOffice
) -> None:
    part = write(cast.employee)
    message = sent(make_letter(cast.employee, calendar=part), post_office)
    types = [p.get_content_type() for p in message.iter_parts()]
    assert types == ["text/plain", "text/html", "text/calendar"]
    last = list(message.iter_parts())[-1]
    assert last["Content-Type"].params == {"method": method, "charset": "utf-8"}
    assert last.get_payload(decode=True) == part.ics.encode()
    assert last["Content-Disposition"] is None


def test_picture_lies_beside_the_html_alone_and_the_calendar_is_still_last(
    cast: Cast, post_office: PostOffice
) -> None:
    picture = LetterImage(png=DOT, alt="Koden din")
    html = f'<p>Blåbær <img src="cid:{picture.content_id}" alt="Koden din"></p>'
    letter = make_letter(
        cast.employee, html=html, images=[picture], calendar=invitation(cast.employee)
    )
    message = sent(letter, post_office)
    _text, related, _calendar = message.iter_parts()
    types = [p.get_content_type() for p in message.iter_parts()]
    assert types == ["text/plain", "multipart/related", "text/calendar"]
    assert related["Content-Type"].params["type"] == "text/html"
    words, png = related.iter_parts()
    assert words.get_content().strip() == html
    assert (png.get_content_type(), png.get_content()) == ("image/png", DOT)
    assert png["Content-ID"] == f"<{picture.content_id}>"
    assert png["Content-Disposition"] == 'inline; filename="bilde-1.png"'
    assert list(message.iter_attachments()) == []


@pytest.mark.parametrize("state", [LetterState.FAILED, LetterState.HELD])
def test_letter_that_failed_or_was_held_has_its_picture_when_it_goes(
    state: str, cast: Cast, post_office: PostOffice
) -> None:
    letter = make_letter(cast.employee, images=[LetterImage(png=DOT, alt="")], state=state)
    now, own = timezone.now(), Letter.objects.filter(pk=letter.pk)
    retry_letters(letters=own, by=cast.administrator, now=now)
    release_held(letters=own, by=cast.administrator, now=now)
    message = sent(letter, post_office)
    assert [part.get_content_type() for part in message.walk()][-1] == "image/png"


def test_long_lines_are_within_what_smtp_allows(cast: Cast, post_office: PostOffice) -> None:
    words = "blåbærsyltetøy " * 500
    message = sent(make_letter(cast.employee, text=words, html=f"<p>{words}</p>"), post_office)
    assert max(len(line) for line in post_office.received[0].split(b"\r\n")) <= 998
    assert next(iter(message.iter_parts())).get_content().strip() == words.strip()


def test_confirmation_cannot_be_unsubscribed_from(cast: Cast, post_office: PostOffice) -> None:
    message = sent(make_letter(cast.employee), post_office)
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_reminder_can_be_stopped_by_the_mail_program(cast: Cast, post_office: PostOffice) -> None:
    """One POST without cookie or sign-in, as RFC 8058 has it."""
    message = sent(make_letter(cast.employee, is_reminder=True), post_office)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = message["List-Unsubscribe"].strip(" <>")
    assert url.startswith("http://testserver/brev/paminnelser/")
    program = Client(enforce_csrf_checks=True)
    answer = program.post(url, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert [o.user for o in ReminderOptOut.objects.all()] == [cast.employee]


def test_mail_scanner_that_follows_the_link_changes_nothing(
    cast: Cast, post_office: PostOffice
) -> None:
    message = sent(make_letter(cast.employee, is_reminder=True), post_office)
    url = message["List-Unsubscribe"].strip(" <>")
    assert Client().get(url).status_code == 200
    assert Client().head(url).status_code == 200
    assert ReminderOptOut.objects.count() == 0


@pytest.mark.parametrize("token", ["1:forfalsket", "1", "æ:ø"])
def test_token_that_the_portal_did_not_sign_is_not_found(token: str, db: None) -> None:
    url = reverse("outbox:unsubscribe", args=[token])
    assert Client().post(url).status_code == 404


def test_token_of_somebody_who_is_gone_is_not_found(db: None) -> None:
    url = unsubscribe_url(User(pk=987654321))
    assert Client().post(url).status_code == 404


SUBJECTS = [
    "Påminnelse: en avtale venter på signaturen din",
    "Påminnelse: «Å lede uten å måle: tillit i praksis for ledere på alle nivåer» 24. november",
    "Æ" * 120,
    "Plass på «Å lede»",
    "A subject in English that is longer than the seventy-eight letters of a line in a header",
]


@pytest.mark.parametrize(
    "subject", SUBJECTS, ids=["reminder", "long", "one word", "short", "ascii"]
)
def test_a_subject_begins_on_its_own_line(
    cast: Cast, post_office: PostOffice, subject: str
) -> None:
    letter = make_letter(cast.organiser, subject=subject)
    raw = as_message(letter).message().as_bytes()
    (first,) = [line for line in raw.splitlines() if line.startswith(b"Subject:")]
    assert len(first) > len("Subject: ")
    folded = [line for line in raw.splitlines() if line.startswith((b"Subject", b" =?"))]
    assert max(map(len, folded)) <= 78
    assert "".join(sent(letter, post_office)["Subject"].split()) == "".join(subject.split())


def test_without_it_the_first_line_would_be_empty(cast: Cast) -> None:
    plain = EmailMultiAlternatives(subject=SUBJECTS[0], body="x", to=["a@example.org"])
    assert b"Subject: \n" in plain.message().as_bytes()
