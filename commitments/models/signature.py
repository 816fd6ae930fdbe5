"""The signatures on a revision: two, by the parties or for the leader by a substitute."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from commitments.models.reading_access import seen_by
from commitments.models.revision import Revision
from commitments.models.states import Medium, Method, Party
from commitments.triggers import agreements
from people.models import Substitution, User, Viewer


class SignatureQuerySet(models.QuerySet["Signature"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The two parties' alone; a substitute sees no more of it after signing."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(seen_by(user, on, "revision__agreement__"))


class Signature(models.Model):
    """That a party has signed a revision's snapshot: who, when, and how they proved it.

    On paper it is the party's word, given in the portal, that the text was signed and on which day.
    For a leader on leave it is the substitute who signs, and both names stand in it.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signatures")
    signer_name = models.CharField(max_length=200, help_text="As it was when they signed.")
    party = models.CharField(max_length=10, choices=Party)
    on_behalf_of = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="signatures_by_substitute"
    )
    on_behalf_of_name = models.CharField(max_length=200, blank=True, default="")
    substitution = models.ForeignKey(
        Substitution, null=True, on_delete=models.PROTECT, related_name="signatures"
    )
    medium = models.CharField(max_length=10, choices=Medium, default=Medium.PORTAL)
    paper_signed_on = models.DateField(null=True, help_text="The day the paper was signed.")
    method = models.CharField(max_length=20, choices=Method)
    authenticated_at = models.DateTimeField()
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["revision_id", "signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "party"], name="party_signs_a_revision_once"
            ),
            models.CheckConstraint(
                name="signature_method_is_known",
                condition=Q(
                    method__in=[
                        "password",
                        "totp",
                        "recovery_codes",
                        "webauthn",
                        "code",
                        "socialaccount",
                        "demo",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="signature_after_authentication",
                condition=Q(signed_at__gte=F("authenticated_at")),
            ),
            models.CheckConstraint(
                name="substitute_signs_for_the_leader",
                condition=Q(
                    on_behalf_of__isnull=True, substitution__isnull=True, on_behalf_of_name=""
                )
                | Q(
                    ~Q(on_behalf_of_name=""),
                    on_behalf_of__isnull=False,
                    substitution__isnull=False,
                    party="leader",
                ),
            ),
            models.CheckConstraint(
                name="signature_on_paper_has_its_day",
                condition=Q(medium="portal", paper_signed_on__isnull=True)
                | Q(medium="paper", paper_signed_on__isnull=False),
            ),
        ]
        triggers = agreements.signature_triggers()

    def __str__(self) -> str:
        return f"{self.signer_name}, {self.party}"

    @property
    def is_on_paper(self) -> bool:
        return self.medium == Medium.PAPER
