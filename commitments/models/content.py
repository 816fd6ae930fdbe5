"""What a revision says, what is said about it, and the document it becomes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.models.reading_access import seen_by
from commitments.models.revision import Revision
from commitments.models.states import NoteKind, Owner
from commitments.models.wording import Pledge
from commitments.triggers import agreements, erasure, pairs
from people.models import User, Viewer


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        if not isinstance(user, User):
            return self.none()
        return self.filter(seen_by(user, on, "revision__agreement__"))


class Commitment(Pledge):
    """What one of the two, or both, will do for one of the unit's core activities, and why."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="commitments")
    owner = models.CharField(_("hvem forplikter seg"), max_length=10, choices=Owner)
    thread = models.UUIDField(
        default=uuid.uuid4,
        db_default=RandomUUID(),
        help_text="The same promise in one revision after another.",
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["revision_id", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="commitment_says_what_and_why", condition=~Q(text="") & ~Q(why="")
            ),
            models.CheckConstraint(
                name="commitment_has_an_owner",
                condition=Q(owner__in=Owner.values),
            ),
            models.UniqueConstraint(
                fields=["revision", "thread"], name="commitment_is_one_of_its_thread"
            ),
        ]
        triggers = agreements.commitment_triggers()

    def __str__(self) -> str:
        return self.text


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        if not isinstance(user, User):
            return self.none()
        return self.filter(seen_by(user, on, "revision__agreement__"))


class Note(models.Model):
    """What one party says to the other about a revision."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=NoteKind, default=NoteKind.COMMENT)
    text = models.TextField(_("merknad"), max_length=2000)
    created_at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="note_has_words", condition=~Q(text="")),
        ]
        triggers = [
            pairs.note_by_a_party(),
            *erasure.kept_until_erased("note", erasure.OF_REVISION),
        ]

    def __str__(self) -> str:
        return self.text


class DocumentQuerySet(models.QuerySet["Document"]):
    def described(self) -> Self:
        """All that is said about them, and not the documents."""
        return self.defer("pdf")


class Document(models.Model):
    """The sealed PDF of a signed revision, made from its snapshot and signatures alone.

    A signed revision without one is being sealed, or waits for a certificate to be sealed with.
    """

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="document")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    certificate = models.CharField(max_length=64, help_text="SHA-256 of the seal's certificate.")
    timestamped_by = models.CharField(
        max_length=200, blank=True, help_text="Empty where the portal's own clock says when."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="document_by_hash"),
            models.Index(fields=["certificate"], name="document_by_certificate"),
        ]
        constraints = [
            models.CheckConstraint(
                name="document_is_sealed", condition=Q(certificate__regex="^[0-9a-f]{64}$")
            ),
        ]
        triggers = agreements.document_triggers()

    def __str__(self) -> str:
        return self.sha256


class DocumentAttempt(models.Model):
    """That the document of a signed revision could not be made, and when it is tried again.

    It holds no content and proves nothing; it goes when the document is made.
    """

    revision = models.OneToOneField(
        Revision, primary_key=True, on_delete=models.CASCADE, related_name="document_attempt"
    )
    tries = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.revision_id}, {self.tries}"
