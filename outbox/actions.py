"""Putting letters in the post, and looking after those that did not get through."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Model, OuterRef, Subquery, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from common import queues
from common.batches import batches
from common.errors import Refused
from common.rooms import sending_time_of
from common.sending_times import Near, goes_at
from common.working_time import is_working_time
from outbox import delivery, mail_server
from outbox.calendar import CalendarPart
from outbox.images import LetterImage
from outbox.letters import Rendered
from outbox.models import DISCARDED, Letter, LetterQuerySet, LetterState, ReminderOptOut, Urgency
from outbox.tasks import hand_over, hand_over_many
from people import audit
from people.models import User

AT_A_TIME = 500
"""Letters in one INSERT."""


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
    reply_to: str = "",
    images: Iterable[LetterImage] = (),
    calendar: CalendarPart | None = None,
    about: Model | None = None,
    is_reminder: bool = False,
    is_secret: bool = False,
    former_address: str = "",
    by: User | None = None,
    near: Near | None = None,
    now: dt.datetime | None = None,
) -> Letter:
    """Write a letter in the caller's transaction; a worker sends it once that has committed.

    The `key` says what the letter is about and to whom, so a second call with the same key writes
    and sends nothing and returns the letter that is there, also when two calls come at once: the
    second waits for the first to commit. A broker that is away delays the letter until the
    sweep finds it, and never undoes the commit. `is_reminder` adds List-Unsubscribe; `is_secret`
    has the contents erased once the letter is sent, and lets it pass all others: somebody waits
    for it. Reminders go last. When it is sent follows from its kind (`sending_times.py` of
    its room): what can wait goes in working time, though to whoever has caused it (`by`), or while
    what it is about is `near`, at once, and what waited for them about the same thing before it.
    `now` is the moment it is written, if that is not the clock's. Whoever answers writes to
    `reply_to`, or else to the portal. `images` are what the HTML shows. To somebody without an
    address it is written and never sent: see `LetterState.UNADDRESSED`. One to the `former_address`
    of somebody goes there, as long as nobody else has it.
    """
    letter = _letter(
        key,
        kind,
        to,
        Rendered(subject=subject, text=text, html=html, reply_to=reply_to, images=tuple(images)),
        about,
        calendar=calendar.ics if calendar else "",
        calendar_method=calendar.method if calendar else "",
        is_reminder=is_reminder,
        is_secret=is_secret,
        former_address=former_address,
        urgency=_urgency(is_reminder=is_reminder, is_secret=is_secret),
    )
    is_own = by is not None and by.pk == to.pk
    moment = now or letter.queued_at
    letter.next_attempt_at = goes_at(sending_time_of(kind), moment, is_own=is_own, when=near)
    waits = letter.next_attempt_at > moment
    is_early = not waits and near is not None and not is_working_time(moment)
    if about is not None and (is_own or is_early):
        let_go(about=about, to=to, now=letter.next_attempt_at)
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    present: Letter = Letter.objects.get(key=key)
    if present.message_id == letter.message_id and not present.is_unaddressed and not waits:
        hand_over(present)
    return present


def let_go(*, about: Model, to: User, now: dt.datetime) -> None:
    """Send what waits for work and is about something to somebody who is doing something with it.

    Otherwise they would be told in the morning, after the receipt of what they did, what they did
    it about.
    """
    waiting = Letter.objects.waiting_for_work(about, now).filter(recipient=to)
    for letter in waiting.order_by("pk").select_for_update(skip_locked=True):
        letter.next_attempt_at = now
        letter.save(update_fields=["next_attempt_at"])
        hand_over(letter)


def take_back(*kinds: str, about: Model, now: dt.datetime) -> None:
    """Take back letters that wait for work and ask for what is settled: nobody has read them."""
    Letter.objects.waiting_for_work(about, now).filter(kind__in=kinds).delete()


@transaction.atomic
def queue_letters(
    *,
    kind: str,
    letters: Iterable[tuple[str, User, Rendered]],
    about: Model | None = None,
    now: dt.datetime | None = None,
) -> int:
    """As `queue_letter` for very many at once, each a key, a recipient and its words.

    They are written some hundred in a statement, and the worker is told of as many in a message.
    Whose key is taken already gets nothing new. Answers with how many were written, those to
    somebody without an address among them.
    """
    written = 0
    new = (
        _letter(key, kind, to, words, about, urgency=Urgency.IN_TURN) for key, to, words in letters
    )
    time = sending_time_of(kind)
    for batch in batches(new, AT_A_TIME):
        for letter in batch:
            letter.next_attempt_at = goes_at(time, now or letter.queued_at)
        Letter.objects.bulk_create(batch, ignore_conflicts=True)
        own = Letter.objects.filter(message_id__in=[letter.message_id for letter in batch])
        states = dict(own.order_by("pk").values_list("pk", "state"))
        to_send = [pk for pk, state in states.items() if state == LetterState.QUEUED]
        hand_over_many(to_send, queue=queues.IN_TURN)
        written += len(states)
    return written


def _urgency(*, is_reminder: bool, is_secret: bool) -> Urgency:
    if is_secret:
        return Urgency.AT_ONCE
    return Urgency.IN_TURN if is_reminder else Urgency.SOON


def _letter(
    key: str,
    kind: str,
    to: User,
    words: Rendered,
    about: Model | None,
    former_address: str = "",
    **fields: str | bool | int,
) -> Letter:
    if to.email is None and not former_address:
        fields["state"] = LetterState.UNADDRESSED
        if fields.get("is_secret"):
            words, fields["calendar"], fields["calendar_method"] = _unread(words), "", ""
    return Letter(
        key=key,
        kind=kind,
        recipient=to,
        to_email=former_address or to.email or "",
        is_to_former_address=bool(former_address),
        language=to.language,
        subject=" ".join(words.subject.split())[: Letter._meta.get_field("subject").max_length],
        text=words.text,
        html=words.html,
        reply_to=words.reply_to,
        images=[image.as_row() for image in words.images],
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        message_id=_new_message_id(),
        **fields,
    )


def _unread(words: Rendered) -> Rendered:
    """Of a code or a link only what it was about: it is good for the mailbox alone."""
    return Rendered(subject=words.subject, text="", html="")


def _new_message_id() -> str:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{uuid.uuid4()}@{address.rpartition('@')[2]}>"


@transaction.atomic
def retry_letter(*, letter: Letter, by: User, now: dt.datetime) -> Letter:
    """Put a letter that failed back in the queue, with all its attempts before it.

    It goes to the address the person has today: a wrong one is why most letters fail. If they have
    none it is left as it is to be read in the portal, and fails no more.
    Raises CannotBeSentAgain when the letter has not failed, or its words are gone.
    """
    failed = Letter.objects.to_be_retried().filter(pk=letter.pk)
    is_settled = bool(_leave_to_the_portal(failed))
    if not is_settled and not _put_back(failed, now=now):
        raise CannotBeSentAgain(_("Brevet kan ikke sendes på nytt."))
    again: Letter = Letter.objects.get(pk=letter.pk)
    audit.record("outbox.retry_letter", again, by=by)
    if not is_settled:
        hand_over(again)
    return again


@transaction.atomic
def retry_letters(*, letters: LetterQuerySet, by: User, now: dt.datetime) -> int:
    """Put all that failed among the letters back in the queue; answers with how many.

    As `retry_letter` does it, with one audit record for all. They go in turn, behind what is
    written today. Those to people without an address are not counted.
    """
    _leave_to_the_portal(letters.to_be_retried())
    chosen = list(letters.to_be_retried().values_list("pk", flat=True))
    number = _put_back(Letter.objects.to_be_retried().filter(pk__in=chosen), now=now)
    if number:
        audit.record("outbox.retry_letters", mail_server.state(), by=by, letters=number)
        hand_over_many(chosen, queue=queues.IN_TURN)
    return number


def _leave_to_the_portal(letters: LetterQuerySet) -> int:
    """Settle the letters of those who have no address today; answers with how many."""
    without = letters.filter(recipient__email__isnull=True, is_to_former_address=False)
    return without.update(state=LetterState.UNADDRESSED, to_email="", last_error="")


def _put_back(letters: LetterQuerySet, *, now: dt.datetime) -> int:
    address_today = User.objects.filter(pk=OuterRef("recipient")).values("email")
    return letters.update(
        state=LetterState.QUEUED,
        to_email=Case(
            When(is_to_former_address=True, then=F("to_email")), default=Subquery(address_today)
        ),
        attempts=0,
        next_attempt_at=now,
        last_error="",
    )


@transaction.atomic
def release_held(*, letters: LetterQuerySet, by: User, now: dt.datetime) -> int:
    """Send the letters that a silence held back, each at its time; answers with how many."""
    chosen = list(letters.held().values_list("pk", flat=True))
    number = (
        Letter.objects.held()
        .filter(pk__in=chosen)
        .update(state=LetterState.QUEUED, next_attempt_at=Greatest("next_attempt_at", Value(now)))
    )
    if number:
        audit.record("outbox.release_held", mail_server.state(), by=by, letters=number)
        hand_over_many(chosen, queue=queues.IN_TURN)
    return number


@transaction.atomic
def discard_held(*, letters: LetterQuerySet, by: User) -> int:
    """Let the letters that a silence held back be; answers with how many.

    Their readers find them among their letters in the portal, and none goes out by mail.
    """
    chosen = list(letters.held().values_list("pk", flat=True))
    number = delivery.give_up(Letter.objects.held().filter(pk__in=chosen), DISCARDED)
    if number:
        audit.record("outbox.discard_held", mail_server.state(), by=by, letters=number)
    return number


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
