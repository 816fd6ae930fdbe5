"""From the table to the mail server: claim, send, settle.

The crash window. A letter is claimed (queued → sending) and that is committed before a word is
said to the mail server, so two workers never send the same letter. A worker that dies after the
claim and before the server's answer leaves the letter «sending»; the sweep puts it back after
STUCK_AFTER. If the server had in fact taken the letter, it then goes out twice: SMTP has no
exactly once. Both copies carry the same Message-ID, and most mail servers show one of them.
"""

from __future__ import annotations

import datetime as dt
import smtplib

import structlog
from django.db import transaction

from outbox.message import as_message
from outbox.models import Letter, LetterState

log = structlog.get_logger(__name__)

STUCK_AFTER = dt.timedelta(minutes=10)
SWEEP_AT_MOST = 500
WAITS = [dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]
"""How long to wait after each attempt; when they are used up the letter has failed."""


def deliver(pk: int, *, now: dt.datetime) -> None:
    """Send the letter unless somebody else has, is about to, or it is to wait."""
    letter = claim(pk, now=now)
    if letter is None:
        return
    try:
        as_message(letter).send()
    except Exception as error:  # a letter must never be left «sending» by an unforeseen fault
        _settle_failure(letter, error, now=now)
    else:
        _settle_sent(letter, now=now)


def claim(pk: int, *, now: dt.datetime) -> Letter | None:
    """Make the letter this worker's own, and commit that: None when it is not to be had."""
    with transaction.atomic():
        letter: Letter | None = (
            Letter.objects.due(now).select_for_update(skip_locked=True).filter(pk=pk).first()
        )
        if letter is not None:
            letter.state = LetterState.SENDING
            letter.claimed_at = now
            letter.attempts += 1
            letter.save(update_fields=["state", "claimed_at", "attempts"])
    return letter


def sweep(*, now: dt.datetime) -> list[int]:
    """Free the letters of workers that died; answer with those that are to be sent now.

    Some hundred at a time: those left over are found by the next sweep, and a letter handed out
    twice is claimed once.
    """
    for letter in Letter.objects.stuck(now, after=STUCK_AFTER).without_contents():
        _settle_failure(letter, WorkerDiedError(), now=now)
    return list(Letter.objects.due(now).values_list("pk", flat=True)[:SWEEP_AT_MOST])


class WorkerDiedError(Exception):
    """Claimed and never heard of again."""


def _settle_sent(letter: Letter, *, now: dt.datetime) -> None:
    """It was sent, whatever a sweep has thought of this worker in the meantime."""
    erased = {"text": "", "html": "", "calendar": "", "calendar_method": ""}
    Letter.objects.filter(pk=letter.pk).exclude(state=LetterState.SENT).update(
        state=LetterState.SENT,
        sent_at=now,
        last_error="",
        **(erased if letter.is_secret else {}),
    )


def _settle_failure(letter: Letter, error: Exception, *, now: dt.datetime) -> None:
    """Back in the queue with a longer wait, or failed; only while the claim is still ours."""
    ours = Letter.objects.filter(pk=letter.pk, state=LetterState.SENDING, attempts=letter.attempts)
    described = _in_words(error)[:1000]
    log.warning(
        "letter_not_sent",
        letter_id=letter.pk,
        kind=letter.kind,
        attempt=letter.attempts,
        smtp_code=getattr(error, "smtp_code", None),
        exc_info=error,
    )
    if _is_permanent(error) or letter.attempts > len(WAITS):
        erased = {"text": "", "html": "", "calendar": "", "calendar_method": ""}
        ours.update(
            state=LetterState.FAILED,
            last_error=described,
            **(erased if letter.is_secret else {}),
        )
    else:
        wait = WAITS[letter.attempts - 1]
        ours.update(state=LetterState.QUEUED, last_error=described, next_attempt_at=now + wait)


def _in_words(error: Exception) -> str:
    """What the mail server answered, or what kept us from asking it.

    Of a fault of our own only its kind: its words may be the letter's.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(_answer(*answer) for answer in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}" if isinstance(error, OSError) else _kind(error)


def _kind(error: Exception) -> str:
    return type(error).__name__


def _answer(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"


def _is_permanent(error: Exception) -> bool:
    """The server will never take this letter to this address (RFC 5321, 4.2.1: 5yz).

    A 5yz to our own sign-in or sender says that the portal is set up wrongly, and nothing about
    the letter: those are tried again, or one changed password would fail every letter there is.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _answer in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return False
