"""The chain of evidence: what happened in an agreement, in an order that cannot be rearranged."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commitments.models.agreement import Agreement
from commitments.models.states import EventKind
from commitments.triggers import agreements, pairs
from people.models import User


class EvidenceEvent(models.Model):
    """One link: what happened, when, by whom, and salted hashes of what it was about.

    It holds no content, so that it may stay when the content goes. The number and both links are
    the database's: what a program says of them is overwritten.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=EventKind)
    subject = models.BigIntegerField(help_text="The key of the row it is about; see FACTS.")
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True, default="")
    sha256 = models.CharField(max_length=64, default="")

    class Meta:
        ordering = ["agreement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="event_has_its_place"),
            models.UniqueConstraint(
                fields=["agreement", "kind", "subject"], name="event_happens_once"
            ),
            models.CheckConstraint(
                name="event_hash_is_one", condition=Q(content_sha256__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="event_kind_is_known", condition=Q(kind__in=EventKind.values)
            ),
        ]
        triggers = [*agreements.event_triggers(), pairs.event_of_its_agreement()]

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.number}, {self.kind}"


class EvidenceSalt(models.Model):
    """What an event's content was hashed with. Without it the hash says nothing for ever."""

    event = models.OneToOneField(
        EvidenceEvent, primary_key=True, on_delete=models.PROTECT, related_name="salt"
    )
    value = models.CharField(max_length=32)

    class Meta:
        triggers = agreements.salt_triggers()

    def __str__(self) -> str:
        return str(self.event_id)
