"""Every letter the portal sends, from its cause to the mail server's answer."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import queues
from common.rooms import letters_of
from outbox.fault_words import fault_in_words
from outbox.images import LONGEST_IMAGES, LetterImage
from outbox.json_checks import IsArray, LengthOfJson
from people.models import Position, Role, Unit, User, Viewer
from people.organisation import granted_units, subtree_ids


class LetterState(models.TextChoices):
    QUEUED = "queued", _("venter")
    SENDING = "sending", _("sendes")
    SENT = "sent", _("sendt")
    FAILED = "failed", _("feilet")
    HELD = "held", _("holdes tilbake")
    UNADDRESSED = "no_address", _("ikke sendt, mottakeren hadde ingen e-postadresse")


SETTLED = [LetterState.SENT, LetterState.FAILED, LetterState.UNADDRESSED]
"""Nothing more happens to a letter by itself."""

DISCARDED = "Discarded after a silence of the portal."
"""The last word on a letter that somebody decided not to send: failed, and never retried."""


class Urgency(models.IntegerChoices):
    """How long a letter can wait; each goes through a queue of its own (`common/queues.py`)."""

    AT_ONCE = 0
    SOON = 1
    IN_TURN = 2


QUEUES = {
    Urgency.AT_ONCE: queues.AT_ONCE,
    Urgency.SOON: queues.SOON,
    Urgency.IN_TURN: queues.IN_TURN,
}


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own letters and nobody else's, as long as they say something."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(recipient=user, emptied_at__isnull=True)

    def due(self, now: dt.datetime) -> Self:
        """Waiting, and not to be left alone any longer; the most urgent first, then the oldest."""
        waiting = self.filter(state=LetterState.QUEUED, next_attempt_at__lte=now)
        return waiting.order_by("urgency", "next_attempt_at", "pk")

    def waiting_for_work(self, about: models.Model, now: dt.datetime) -> Self:
        """About something, not tried yet, and not to be sent before a moment that is to come."""
        return self.filter(
            state=LetterState.QUEUED,
            attempts=0,
            next_attempt_at__gt=now,
            about_type=about._meta.label_lower,
            about_id=str(about.pk),
        )

    def stuck(self, now: dt.datetime, *, after: dt.timedelta) -> Self:
        """Claimed by a worker that never came back to say how it went."""
        return self.filter(state=LetterState.SENDING, claimed_at__lt=now - after)

    def failed(self) -> Self:
        return self.filter(state=LetterState.FAILED)

    def to_be_retried(self) -> Self:
        """Failed, and with all their words: whoever presses the button can send them again."""
        whole = self.failed().filter(is_secret=False, emptied_at=None)
        return whole.exclude(last_error=DISCARDED)

    def numbers(self) -> dict[str, int]:
        """Count those that wait, are held back, and failed but can be sent again."""
        waiting = Q(state__in=[LetterState.QUEUED, LetterState.SENDING])
        stopped = Q(state__in=[LetterState.FAILED, LetterState.HELD])  # each has its index
        failed = Q(state=LetterState.FAILED, is_secret=False, emptied_at=None)
        failed &= ~Q(last_error=DISCARDED)
        counted: dict[str, int] = (
            self.filter(waiting | stopped)
            .order_by()
            .aggregate(
                waiting=Count("pk", filter=waiting),
                held=Count("pk", filter=Q(state=LetterState.HELD)),
                failed=Count("pk", filter=failed),
            )
        )
        return counted

    def unaddressed(self) -> Self:
        """Written to somebody without an address: read in the portal alone, if ever."""
        return self.filter(state=LetterState.UNADDRESSED)

    def held(self) -> Self:
        return self.filter(state=LetterState.HELD)

    def settled(self) -> Self:
        """Those to which nothing more happens by itself."""
        return self.filter(state__in=SETTLED)

    def without_contents(self) -> Self:
        """The envelope alone: contents are long, and lists have no use for them."""
        return self.defer("text", "html", "calendar", "images")


class Letter(models.Model):
    """A message to one person, written when its cause happened and sent by a worker."""

    key = models.CharField(
        max_length=200,
        unique=True,
        help_text="What the letter is about and to whom: the same cause never writes twice.",
    )
    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letters"
    )
    to_email = models.EmailField(blank=True)
    is_to_former_address = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Goes to `to_email` as it stands: what its recipient had before.",
    )
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=20, blank=True)
    images = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        blank=True,
        help_text="Small PNGs in the HTML itself, in its order (`outbox/images.py`).",
    )
    reply_to = models.EmailField(
        blank=True, db_default="", help_text="Who is answered to, where it is not the portal."
    )
    is_reminder = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.SOON)
    about_type = models.CharField(max_length=80, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(
        null=True, help_text="When its words were taken out, a year after it was written."
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(
                fields=["urgency", "next_attempt_at"],
                name="letter_waiting",
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(
                fields=["-queued_at", "-id"],
                name="letter_in_trouble",
                condition=Q(state__in=["failed", "held"]) | Q(state="queued", attempts__gt=0),
            ),
            models.Index(fields=["recipient", "-queued_at"], name="letter_of_person"),
            models.Index(fields=["about_type", "about_id"], name="letter_about"),
            models.Index(
                fields=["queued_at"],
                name="letter_to_empty",
                condition=Q(state__in=SETTLED, emptied_at__isnull=True),
            ),
            models.Index(
                fields=["-queued_at"],
                name="letter_unaddressed",
                condition=Q(state=LetterState.UNADDRESSED, emptied_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_state_is_known",
                condition=Q(state__in=LetterState.values),
            ),
            models.CheckConstraint(
                name="letter_urgency_is_known", condition=Q(urgency__in=Urgency.values)
            ),
            models.CheckConstraint(
                name="letter_sent_has_its_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="letter_sending_is_claimed",
                condition=~Q(state="sending") | Q(claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_calendar_has_its_method",
                condition=Q(calendar="", calendar_method="")
                | (~Q(calendar="") & Q(calendar_method__in=["REQUEST", "CANCEL"])),
            ),
            models.CheckConstraint(
                name="letter_images_are_a_list",
                condition=Q(IsArray("images")),
            ),
            models.CheckConstraint(
                name="letter_images_are_small",
                condition=LessThanOrEqual(LengthOfJson("images"), LONGEST_IMAGES),
            ),
            models.CheckConstraint(
                name="letter_secret_is_erased_at_the_end",
                condition=Q(is_secret=False)
                | Q(state__in=["queued", "sending"])
                | Q(text="", html="", calendar="", images=[]),
            ),
            models.CheckConstraint(
                name="letter_unaddressed_goes_nowhere",
                condition=~Q(state=LetterState.UNADDRESSED) | Q(to_email=""),
            ),
            models.CheckConstraint(
                name="letter_waiting_has_an_address",
                condition=~Q(state__in=["queued", "sending", "held"]) | ~Q(to_email=""),
            ),
            models.CheckConstraint(
                name="letter_emptied_says_nothing",
                condition=Q(emptied_at__isnull=True)
                | Q(
                    state__in=SETTLED,
                    subject="",
                    text="",
                    html="",
                    calendar="",
                    images=[],
                    to_email="",
                    last_error="",
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def queue(self) -> str:
        """The broker's queue it waits in."""
        return QUEUES[Urgency(self.urgency)]

    @property
    def is_discarded(self) -> bool:
        """It goes out by mail no more, and no mail server has refused it."""
        return self.last_error == DISCARDED

    @property
    def is_unaddressed(self) -> bool:
        """Its reader had no address when it was written; it is not sent later either."""
        return self.state == LetterState.UNADDRESSED

    @property
    def pictures(self) -> list[LetterImage]:
        """What lies in it beside the words, in the order of its HTML."""
        return [LetterImage.from_row(row) for row in self.images]

    @property
    def is_readable(self) -> bool:
        """Codes and password links are for the mailbox alone, also while they wait."""
        return not self.is_secret


class EnvelopeQuerySet(LetterQuerySet):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Letters to those who work in the administrator's units, without what they say.

        Whoever administers the whole municipality sees letters to people without a position too:
        otherwise those that fail would be seen by nobody.
        """
        if not isinstance(user, User):
            return self.none()
        granted = granted_units(user, Role.ADMINISTRATOR, on=on)
        envelopes = self.defer("subject", "text", "html", "calendar", "images").select_related(
            "recipient"
        )
        if Unit.objects.filter(pk__in=granted, parent__isnull=True).exists():
            return envelopes
        working = Position.objects.valid_on(on).filter(unit__in=subtree_ids(granted))
        return envelopes.filter(recipient__in=working.values("user"))

    def in_trouble(self) -> Self:
        """Given up, held back, or turned away once and waiting for the next attempt."""
        undecided = self.filter(emptied_at__isnull=True).exclude(last_error=DISCARDED)
        return undecided.filter(
            Q(state__in=[LetterState.FAILED, LetterState.HELD])
            | Q(state=LetterState.QUEUED, attempts__gt=0)
        )


class Envelope(Letter):
    """A letter as it looks from outside, to whoever sees to it that the post gets through."""

    objects = EnvelopeQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        proxy = True
        ordering = ["-queued_at", "-pk"]

    @property
    def room(self) -> str:
        """Which part of the portal wrote it, in words."""
        return str(letters_of(self.kind) or _("Brev"))

    @property
    def fault(self) -> str:
        """What the mail server's answer means, in words."""
        return fault_in_words(self.last_error)

    @property
    def can_be_retried(self) -> bool:
        return self.state == LetterState.FAILED and not self.is_secret


class MailServer(models.Model):
    """How the mail server has fared of late: one row, made when it is first asked for.

    Faults of the server itself are counted here and not on the letters, which wait until it is
    back.
    """

    only = models.BooleanField(primary_key=True, default=True)
    faults = models.PositiveIntegerField(
        default=0, help_text="In a row, since a letter got through."
    )
    rests_until = models.DateTimeField(null=True, help_text="Nothing is said to it before that.")
    last_fault = models.TextField(blank=True)
    swept_at = models.DateTimeField(null=True, help_text="When somebody last looked for letters.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="mail_server_is_one", condition=Q(only=True)),
            models.CheckConstraint(
                name="mail_server_rests_after_faults",
                condition=Q(rests_until__isnull=True) | Q(faults__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.last_fault

    def rests(self, now: dt.datetime) -> bool:
        """Whether it is left alone at this moment."""
        return self.rests_until is not None and now < self.rests_until


class ReminderOptOutQuerySet(models.QuerySet["ReminderOptOut"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        return self.filter(user=user) if isinstance(user, User) else self.none()


class ReminderOptOut(models.Model):
    """That a person has asked for no reminders; confirmations and invitations still come."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reminder_opt_out")
    opted_out_at = models.DateTimeField(default=timezone.now)

    objects = ReminderOptOutQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.user)
