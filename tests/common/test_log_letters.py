"""Errors reach those who run the portal by letter: one from a place, and nobody's words in it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from common import log_letters
from common.log import configuration
from common.log_letters import AdminLetters
from tests.common.test_log import CANARY, fail_with
from tests.machine import wait_for

Letters = list[EmailMessage]
SOMEBODY = [("Drift", "drift@example.org")]
IS_SENDING, ANSWERS, HAS_SENT = (threading.Event() for _one in range(3))


class BackendThatHangs(BaseEmailBackend):
    """A mail server that takes the connection and says nothing."""

    def send_messages(self, messages: Any) -> int:
        IS_SENDING.set()
        ANSWERS.wait(10)
        HAS_SENT.set()
        return 0


@pytest.fixture
def logger(settings: Any) -> Iterator[logging.Logger]:
    """One whose errors go by letter as production sends them."""
    settings.ADMINS = SOMEBODY
    wanted = configuration(as_json=False, level="INFO", mails_admins=True)
    line = dict(wanted["formatters"]["line"])
    handler = AdminLetters()
    handler.setLevel(wanted["handlers"]["admins"]["level"])
    handler.setFormatter(line.pop("()")(**line))
    logger = logging.getLogger("people.tried")
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


def here(logger: logging.Logger) -> None:
    try:
        fail_with(ValueError(CANARY))
    except ValueError:
        logger.exception("Noe gikk galt")


def sent(count: int, mailoutbox: Letters) -> Letters:
    """So many letters, when all that send have sent: those who send are threads of their own."""
    wait_for(lambda: len(mailoutbox) >= count)
    for thread in threading.enumerate():
        if thread.daemon and thread is not threading.current_thread():
            thread.join(1)
    return mailoutbox


def test_an_error_is_a_letter_without_what_anybody_wrote(
    logger: logging.Logger, mailoutbox: Letters
) -> None:
    here(logger)
    (letter,) = sent(1, mailoutbox)
    assert letter.to == ["drift@example.org"]
    assert letter.subject.endswith("ERROR: people.tried")
    assert [word in letter.body for word in ("ValueError", "KeyError", "fail_with", CANARY)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_one_place_writes_once_in_a_while_and_another_is_not_kept_waiting(
    logger: logging.Logger, mailoutbox: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _time in range(3):
        here(logger)
    logger.error("Noe annet gikk galt")
    assert len(sent(2, mailoutbox)) == 2
    monkeypatch.setattr(log_letters, "QUIET_SECONDS", 0)
    here(logger)
    assert len(sent(3, mailoutbox)) == 3


def test_a_warning_is_no_letter(logger: logging.Logger, mailoutbox: Letters) -> None:
    logger.warning("Pass på")
    logger.error("Nå")
    (letter,) = sent(1, mailoutbox)
    assert letter.subject.endswith("ERROR: people.tried")


def test_nobody_is_written_to_where_nobody_is_named(
    logger: logging.Logger, mailoutbox: Letters, settings: Any
) -> None:
    settings.ADMINS = []
    here(logger)
    settings.ADMINS = SOMEBODY
    assert mailoutbox == []
    # What nobody was told of is still news to whoever is named.
    here(logger)
    (letter,) = sent(1, mailoutbox)
    assert "ValueError" in letter.body


def test_a_mail_server_that_hangs_keeps_nobody_waiting(
    logger: logging.Logger, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BackendThatHangs"
    for event in (IS_SENDING, ANSWERS, HAS_SENT):
        event.clear()
    here(logger)
    assert HAS_SENT.is_set() is False
    assert wait_for(IS_SENDING.is_set) is True
    ANSWERS.set()


@pytest.mark.parametrize("mails_admins", [True, False])
def test_letters_are_written_where_that_is_asked_for(mails_admins: bool) -> None:
    wanted: Callable[..., dict[str, Any]] = configuration
    root = wanted(as_json=True, level="INFO", mails_admins=mails_admins)["root"]
    assert ("admins" in root["handlers"]) is mails_admins
