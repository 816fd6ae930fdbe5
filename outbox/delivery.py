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

from outbox import mail_server
from outbox.calendar import readdressed
from outbox.mail_server import Line, UnreachableError
from outbox.message import as_message
from outbox.models import Letter, LetterQuerySet, LetterState, MailServer, Urgency
from people.models import User

log = structlog.get_logger(__name__)

STUCK_AFTER = dt.timedelta(minutes=10)
WITHOUT_WORDS: dict[str, object] = {
    "text": "",
    "html": "",
    "calendar": "",
    "calendar_method": "",
    "images": [],
}
SWEEP_AT_MOST = 2000
LONGEST_SILENCE = dt.timedelta(hours=1)
"""No sweep for so long: the portal has been stopped, or its database is a restored copy."""
CODES_WAIT_AT_MOST = dt.timedelta(minutes=2)
WAITS = [dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]
"""How long to wait after each attempt; when they are used up the letter has failed."""


def deliver(pk: int, *, now: dt.datetime) -> None:
    """Send the letter unless somebody else has, is about to, or it is to wait."""
    with Line() as line:
        deliver_over(line, pk, now=now)


def deliver_over(line: Line, pk: int, *, now: dt.datetime) -> None:
    """As `deliver`, over a connection that serves several letters."""
    server = mail_server.state()
    letter = None if server.rests(now) else claim(pk, now=now, after=silence_began(server, now))
    if letter is None:
        return
    try:
        line.send(as_message(letter))
    except UnreachableError as error:
        _settle_unreachable(letter, error, now=now)
    except Exception as error:  # a letter must never be left «sending» by an unforeseen fault
        _settle_failure(letter, error, now=now)
    else:
        mail_server.note_success()
        _settle_sent(letter, now=now)


def claim(pk: int, *, now: dt.datetime, after: dt.datetime | None = None) -> Letter | None:
    """Make the letter this worker's own, and commit that: None when it is not to be had.

    With `after`, a letter that was queued before it is not. It goes to where its recipient has mail
    now: HR may have given the address it was written for to somebody else while it waited.
    """
    due = Letter.objects.due(now).filter(pk=pk).select_related("recipient")
    with transaction.atomic():
        letter: Letter | None = (
            (due.filter(queued_at__gte=after) if after else due)
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if letter is None:
            return None
        address = _address_of(letter)
        if address is None:
            _leave_to_the_portal(letter)
            return None
        if letter.calendar and address != letter.to_email:
            letter.calendar = readdressed(letter.calendar, to=letter.recipient)
        letter.to_email = address
        letter.state = LetterState.SENDING
        letter.claimed_at = now
        letter.attempts += 1
        letter.save(update_fields=["to_email", "calendar", "state", "claimed_at", "attempts"])
    return letter


def _address_of(letter: Letter) -> str | None:
    """Return where it goes; None where that would be nobody's mailbox, or somebody else's."""
    if not letter.is_to_former_address:
        return letter.recipient.email
    is_anothers = User.objects.filter(email__iexact=letter.to_email).exists()
    return None if is_anothers else letter.to_email


def _leave_to_the_portal(letter: Letter) -> None:
    """Settle what was written to somebody who has no address any more."""
    Letter.objects.filter(pk=letter.pk).update(
        state=LetterState.UNADDRESSED,
        to_email="",
        last_error="",
        **(WITHOUT_WORDS if letter.is_secret else {}),
    )


def sweep(*, now: dt.datetime) -> dict[Urgency, list[int]]:
    """Free the letters of workers that died; answer with those that are to be sent now.

    A bounded number at a time: those left over are found by the next sweep, and a letter handed out
    twice is claimed once. A mail server that rests is given none, and one that has rested a single
    letter. After a long silence of the sweep itself, what waited before it is held back first.
    """
    server = mail_server.state()
    hold_what_waited_before_a_silence(server, now=now)
    for letter in Letter.objects.stuck(now, after=STUCK_AFTER).without_contents():
        _settle_failure(letter, WorkerDiedError(), now=now)
    if server.rests(now):
        return {}
    at_most = 1 if mail_server.is_on_trial(server) else SWEEP_AT_MOST
    by_urgency: dict[Urgency, list[int]] = {}
    for pk, urgency in Letter.objects.due(now).values_list("pk", "urgency")[:at_most]:
        by_urgency.setdefault(Urgency(urgency), []).append(pk)
    return by_urgency


@transaction.atomic
def hold_what_waited_before_a_silence(server: MailServer, *, now: dt.datetime) -> int:
    """Hold back letters of before a silence of LONGEST_SILENCE or more; answers with how many.

    A database that is restored from a copy has letters in it that waited when the copy was made.
    They have been sent long since, by the portal that the copy was made of. Only a person can know,
    so they wait for an administrator's yes. Letters written after the last sweep are no such.
    Codes and links in them have run out meanwhile.
    """
    last = silence_began(server, now)
    server.swept_at = now
    server.save(update_fields=["swept_at"])
    if last is None:
        return 0
    waiting = Letter.objects.filter(state__in=[LetterState.QUEUED, LetterState.SENDING])
    old = waiting.filter(queued_at__lt=last)
    give_up(old.filter(is_secret=True), "Waited too long for a code or a link to be of use.")
    held = old.filter(is_secret=False).update(state=LetterState.HELD)
    if held:
        silence = int((now - last).total_seconds())
        log.error("letters_held_back", letters=held, silence_seconds=silence)
    return held


def mail_is_delivered(now: dt.datetime) -> bool:
    """Whether the mail server is not at rest after faults, and nobody waits long for a code."""
    late = Letter.objects.due(now - CODES_WAIT_AT_MOST).filter(urgency=Urgency.AT_ONCE)
    return not (mail_server.state().rests(now) or late.exists())


def silence_began(server: MailServer, now: dt.datetime) -> dt.datetime | None:
    """Return the moment of the last sweep if it is suspiciously long ago."""
    last = server.swept_at
    return last if last is not None and now - last >= LONGEST_SILENCE else None


class WorkerDiedError(Exception):
    """Claimed and never heard of again."""


def _settle_sent(letter: Letter, *, now: dt.datetime) -> None:
    """It was sent, whatever a sweep has thought of this worker in the meantime."""
    Letter.objects.filter(pk=letter.pk).exclude(state=LetterState.SENT).update(
        state=LetterState.SENT,
        sent_at=now,
        last_error="",
        **(WITHOUT_WORDS if letter.is_secret else {}),
    )


def give_up(letters: LetterQuerySet, why: str) -> int:
    """Fail the letters; what is secret in them is erased. Answers with how many they were."""
    secret = letters.filter(is_secret=True).update(
        state=LetterState.FAILED, last_error=why, **WITHOUT_WORDS
    )
    return secret + letters.filter(is_secret=False).update(state=LetterState.FAILED, last_error=why)


def _settle_unreachable(letter: Letter, error: UnreachableError, *, now: dt.datetime) -> None:
    """Back in the queue as if it had never been tried: no word was said of it."""
    described = _in_words(error)[:1000]
    log.warning("mail_server_unreachable", letter_id=letter.pk, exc_info=error)
    mail_server.note_fault(described, now=now)
    _ours(letter).update(
        state=LetterState.QUEUED,
        attempts=letter.attempts - 1,
        last_error=described,
        next_attempt_at=now + WAITS[0],
    )


def _ours(letter: Letter) -> LetterQuerySet:
    """The letter, only while the claim is still ours."""
    ours: LetterQuerySet = Letter.objects.filter(
        pk=letter.pk, state=LetterState.SENDING, attempts=letter.attempts
    )
    return ours


def _settle_failure(letter: Letter, error: Exception, *, now: dt.datetime) -> None:
    """Back in the queue with a longer wait, or failed; only while the claim is still ours."""
    described = _in_words(error)[:1000]
    log.warning(
        "letter_not_sent",
        letter_id=letter.pk,
        kind=letter.kind,
        attempt=letter.attempts,
        smtp_code=getattr(error, "smtp_code", None),
        exc_info=error,
    )
    if mail_server.is_at_fault(error):
        mail_server.note_fault(described, now=now)
    if _is_permanent(error) or letter.attempts > len(WAITS):
        give_up(_ours(letter), described)
    else:
        wait = WAITS[letter.attempts - 1]
        _ours(letter).update(
            state=LetterState.QUEUED, last_error=described, next_attempt_at=now + wait
        )


def _in_words(error: Exception) -> str:
    """What the mail server answered, or what kept us from asking it.

    Of a fault of our own only its kind: its words may be the letter's.
    """
    if isinstance(error, UnreachableError):
        return (
            _in_words(error.__cause__) if isinstance(error.__cause__, Exception) else _kind(error)
        )
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

    A 5yz to our own sign-in or sender, or to a recipient for reasons of policy, says that the
    portal is set up wrongly, and nothing about the letter: those are tried again, or one changed
    password or rule of the relay would fail every letter there is.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return min(codes) >= 500 and not mail_server.is_at_fault(error)
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return False
