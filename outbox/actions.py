"""Putting letters in the post, and looking after those that did not get through."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from email.utils import parseaddr
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from common.errors import Refused
from outbox.calendar import CalendarPart
from outbox.letters import Rendered
from outbox.models import Letter, LetterState, ReminderOptOut
from outbox.tasks import hand_over, hand_over_many
from people import audit
from people.models import User

AT_A_TIME = 500
"""Letters in one INSERT, and ids in one message to the worker."""


class CannotBeSentAgain(Refused):
    """The letter is not one that failed, or what it said is erased."""


@transaction.atomic(savepoint=False)
def queue_letter(
    *,
    key: str,
    kind: str,
    to: User,
    subject: str,
    text: str,
    html: str,
    calendar: CalendarPart | None = None,
    about: Model | None = None,
    is_reminder: bool = False,
    is_secret: bool = False,
) -> Letter:
    """Write a letter in the caller's transaction; a worker sends it once that has committed.

    The `key` says what the letter is about and to whom, so a second call with the same key writes
    and sends nothing and returns the letter that is there, also when two calls come at once: the
    second waits for the first to commit. A broker that is away delays the letter until the
    sweep finds it, and never undoes the commit. `is_reminder` adds List-Unsubscribe; `is_secret`
    has the contents erased once the letter is sent.
    """
    letter = _letter(
        key,
        kind,
        to,
        Rendered(subject=subject, text=text, html=html),
        about,
        calendar=calendar.ics if calendar else "",
        calendar_method=calendar.method if calendar else "",
        is_reminder=is_reminder,
        is_secret=is_secret,
    )
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    present: Letter = Letter.objects.get(key=key)
    if present.message_id == letter.message_id:
        hand_over(present)
    return present


@transaction.atomic
def queue_letters(
    *, kind: str, letters: Iterable[tuple[str, User, Rendered]], about: Model | None = None
) -> int:
    """As `queue_letter` for very many at once, each a key, a recipient and its words.

    They are written some hundred in a statement, and the worker is told of as many in a message.
    Whose key is taken already gets nothing new. Answers with how many were written.
    """
    written = 0
    new = (_letter(key, kind, to, words, about) for key, to, words in letters)
    for batch in _batches(new):
        Letter.objects.bulk_create(batch, ignore_conflicts=True)
        own = Letter.objects.filter(message_id__in=[letter.message_id for letter in batch])
        ids = list(own.order_by("pk").values_list("pk", flat=True))
        hand_over_many(ids)
        written += len(ids)
    return written


def _batches(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    left = iter(letters)
    while batch := list(islice(left, AT_A_TIME)):
        yield batch


def _letter(
    key: str, kind: str, to: User, words: Rendered, about: Model | None, **fields: str | bool
) -> Letter:
    return Letter(
        key=key,
        kind=kind,
        recipient=to,
        to_email=to.email,
        language=to.language,
        subject=" ".join(words.subject.split())[: Letter._meta.get_field("subject").max_length],
        text=words.text,
        html=words.html,
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        message_id=_new_message_id(),
        **fields,
    )


def _new_message_id() -> str:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{uuid.uuid4()}@{address.rpartition('@')[2]}>"


@transaction.atomic
def retry_letter(*, letter: Letter, by: User, now: dt.datetime) -> Letter:
    """Put a letter that failed back in the queue, with all its attempts before it.

    It goes to the address the person has today: a wrong one is why most letters fail.
    Raises CannotBeSentAgain when the letter has not failed, or its words are gone.
    """
    revived = (
        Letter.objects.failed()
        .filter(pk=letter.pk, is_secret=False, emptied_at=None)
        .update(
            state=LetterState.QUEUED,
            to_email=letter.recipient.email,
            attempts=0,
            next_attempt_at=now,
            last_error="",
        )
    )
    if not revived:
        raise CannotBeSentAgain(_("Brevet kan ikke sendes på nytt."))
    again: Letter = Letter.objects.get(pk=letter.pk)
    audit.record("outbox.retry_letter", again, by=by)
    hand_over(again)
    return again


@transaction.atomic
def stop_reminders(*, user: User, by: User | None, now: dt.datetime) -> None:
    """No more reminders to this person; `by` is None when asked for from the mail program."""
    _opt_out, is_new = ReminderOptOut.objects.get_or_create(
        user=user, defaults={"opted_out_at": now}
    )
    if is_new:
        audit.record("outbox.stop_reminders", user, by=by)


@transaction.atomic
def resume_reminders(*, user: User, by: User) -> None:
    """Reminders come again from the next that falls due; none is sent for what has passed."""
    deleted, _by_model = ReminderOptOut.objects.filter(user=user).delete()
    if deleted:
        audit.record("outbox.resume_reminders", user, by=by)
