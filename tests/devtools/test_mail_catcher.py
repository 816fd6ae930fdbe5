"""The demo's mail server takes real SMTP and keeps what it got."""

import mailbox
import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from devtools.mail_catcher import MailCatcher


def letter(to):
    message = EmailMessage()
    message["Subject"] = "Påminnelse"
    message["From"] = "leder@example.org"
    message["To"] = to
    message.set_content("Vel møtt til seminaret på Økern.")
    return message


def deliver(url, message):
    place = urlsplit(url)
    with smtplib.SMTP(place.hostname, place.port, timeout=60) as client:
        client.send_message(message)


def test_a_letter_is_kept_as_it_was_sent(tmp_path):
    with MailCatcher(tmp_path / "mail") as catcher:
        deliver(catcher.url, letter("kari@example.org"))
    (kept,) = mailbox.Maildir(tmp_path / "mail", create=False)
    assert kept["X-RcptTo"] == "kari@example.org"
    assert kept["Subject"] == "=?utf-8?q?P=C3=A5minnelse?="
    assert "møtt" in kept.get_payload(decode=True).decode()


def test_nobody_listens_afterwards(tmp_path):
    with MailCatcher(tmp_path / "mail") as catcher:
        url = catcher.url
    with pytest.raises(ConnectionRefusedError):
        deliver(url, letter("kari@example.org"))


def test_two_catchers_get_a_port_each(tmp_path):
    with MailCatcher(tmp_path / "a") as first, MailCatcher(tmp_path / "b") as second:
        assert first.url != second.url
