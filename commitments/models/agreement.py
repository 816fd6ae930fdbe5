"""The agreement between two, which its revisions are the wordings of."""

from __future__ import annotations

import datetime as dt
from typing import Final, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.models.reading_access import seen_by
from commitments.models.revision import Revision
from commitments.models.states import (
    AgreementState,
    Ending,
    NoteKind,
    Party,
    RevisionState,
)
from commitments.triggers import agreements, pairs
from people.guards import never_truncated
from people.models import Unit, User, Viewer

BY_ONE_OF_THE_TWO: Final = (Ending.ENDED, Ending.DECLINED, Ending.CARRIED)
AFTER_THE_LEADER: Final = (Ending.NEVER_SIGNED, Ending.LEFT, Ending.DEPARTED)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The two parties' own and nobody else's: no role, no leader above, no administrator."""
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(seen_by(user, on))

    def open(self) -> Self:
        """Not ended, and between two who still lead and are led."""
        return self.filter(ended_at__isnull=True, leader_access_ended_at__isnull=True)

    def parting(self) -> Self:
        """Seen to be left behind, and waiting: the leader may be back before they are parted."""
        return self.filter(left_behind_at__isnull=False, leader_access_ended_at__isnull=True)

    def not_parting(self) -> Self:
        return self.filter(left_behind_at__isnull=True)

    def parted(self) -> Self:
        """The leader leads the employee there no more, and nobody has ended it yet."""
        return self.filter(ended_at__isnull=True, leader_access_ended_at__isnull=False)

    def with_people(self) -> Self:
        return self.select_related("leader", "employee", "unit", "agency")

    def with_state(self) -> Self:
        """Each with `state`, and `turn`, `revision_number`, `revision_id` of the newest revision.

        `is_sent_back` says that the proposal before it was sent back, with a note.
        `signed_at` is when it was last signed, None where it never was; `is_signed_by_leader` and
        `is_signed_by_employee` are about what both are to sign now.
        """
        newest = Revision.objects.filter(agreement=OuterRef("pk")).live().order_by("-number")
        signed = Revision.objects.filter(agreement=OuterRef("pk")).signed().order_by("-number")
        pending = Revision.objects.filter(agreement=OuterRef("pk"), state=RevisionState.AGREED)
        return self.annotate(
            revision_id=Subquery(newest.values("pk")[:1]),
            revision_number=Subquery(newest.values("number")[:1]),
            revision_state=Subquery(newest.values("state")[:1]),
            turn=Subquery(newest.values("turn")[:1]),
            agreed_at=Subquery(newest.values("agreed_at")[:1]),
            signed_at=Subquery(signed.values("signed_at")[:1]),
            is_signed_by_leader=Exists(pending.filter(signatures__party=Party.LEADER)),
            is_signed_by_employee=Exists(pending.filter(signatures__party=Party.EMPLOYEE)),
        ).annotate(
            is_sent_back=Exists(
                Revision.objects.filter(
                    agreement=OuterRef("pk"),
                    number=OuterRef("revision_number") - 1,
                    notes__kind=NoteKind.SENT_BACK,
                )
            ),
            state=Case(
                When(ended_at__isnull=False, then=Value(AgreementState.ENDED)),
                When(leader_access_ended_at__isnull=False, then=Value(AgreementState.PARTED)),
                default=F("revision_state"),
                output_field=models.CharField(),
            ),
        )

    def not_paused(self) -> Self:
        return self.filter(paused_at__isnull=True)

    def awaiting_answer_of(self, user: User) -> Self:
        """A proposal lies with this person, and does not rest."""
        lies_with = Q(agreement__leader=user, turn=Party.LEADER) | Q(
            agreement__employee=user, turn=Party.EMPLOYEE
        )
        revisions = Revision.objects.filter(lies_with, state=RevisionState.PROPOSED)
        return self.open().not_paused().filter(pk__in=revisions.values("agreement"))

    def awaiting_signature_of(self, user: User) -> Self:
        """Agreed, and this person has not signed."""
        revisions = Revision.objects.awaiting_signature_of(user)
        return self.open().filter(pk__in=revisions.values("agreement"))

    def signed(self) -> Self:
        """Has a signed revision, whatever is being drafted beside it."""
        return self.filter(Exists(Revision.objects.filter(agreement=OuterRef("pk")).signed()))


class Agreement(models.Model):
    """What a leader and an employee commit to towards each other, in one unit."""

    employee = models.ForeignKey(
        User,
        verbose_name=_("medarbeider"),
        on_delete=models.PROTECT,
        related_name="agreements_as_employee",
    )
    leader = models.ForeignKey(
        User,
        verbose_name=_("leder"),
        on_delete=models.PROTECT,
        related_name="agreements_as_leader",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("enhet"), on_delete=models.PROTECT, related_name="agreements"
    )
    agency = models.ForeignKey(
        Unit,
        verbose_name=_("virksomhet"),
        null=True,
        on_delete=models.PROTECT,
        related_name="agency_agreements",
        help_text="As it was when the agreement began, so that old figures stay.",
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_as = models.CharField(
        max_length=12, choices=Ending, blank=True, default="", help_text="How it ended."
    )
    erases_on = models.DateField(
        null=True, help_text="When all that was written goes; set when it is ended."
    )
    erased_at = models.DateTimeField(null=True)
    leader_access_ended_at = models.DateTimeField(
        null=True, help_text="When the leader no longer led the employee there; for ever after."
    )
    left_behind_at = models.DateTimeField(
        null=True,
        help_text="When the portal saw that the leader led no more; none once they lead again.",
    )
    carried_from = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="carried_to",
        help_text="The one with the former leader that the words come from.",
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="merged",
        help_text="The one that holds on, where both units of the two were merged.",
    )
    paused_at = models.DateTimeField(
        null=True, help_text="While it rests; nothing is kept of a pause that is over."
    )
    paused_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    resumes_on = models.DateField(_("går videre av seg selv"), null=True)
    evidence_number = models.PositiveIntegerField(
        default=0, help_text="The head of its chain of evidence; the database alone moves it."
    )
    evidence_sha256 = models.CharField(max_length=64, blank=True, default="")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "leader", "unit"],
                condition=Q(ended_at__isnull=True, leader_access_ended_at__isnull=True),
                name="agreement_is_open_once",
            ),
            models.CheckConstraint(
                name="agreement_is_between_two", condition=~Q(employee=F("leader"))
            ),
            models.CheckConstraint(
                name="agreement_is_begun_by_a_party",
                condition=Q(created_by=F("employee")) | Q(created_by=F("leader")),
            ),
            models.CheckConstraint(
                name="agreement_is_paused_by_somebody",
                condition=Q(paused_at__isnull=True, paused_by__isnull=True, resumes_on__isnull=True)
                | Q(paused_at__isnull=False, paused_by__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_says_how_it_ended",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_as="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_as__in=BY_ONE_OF_THE_TWO)
                | Q(
                    ended_at__isnull=False,
                    ended_by__isnull=True,
                    leader_access_ended_at__isnull=False,
                    ended_as__in=AFTER_THE_LEADER,
                )
                | Q(
                    ended_at__isnull=False,
                    ended_by__isnull=True,
                    merged_into__isnull=False,
                    ended_as=Ending.MERGED,
                )
                | Q(ended_at__isnull=False, ended_by__isnull=True, ended_as=Ending.LAPSED),
            ),
            models.CheckConstraint(
                name="agreement_is_merged_when_it_ends",
                condition=Q(merged_into__isnull=True) | Q(ended_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="agreement_keeps_its_parties",
                fields=[
                    "employee",
                    "leader",
                    "unit",
                    "agency",
                    "carried_from",
                    "created_by",
                    "created_at",
                ],
            ),
            *agreements.head_triggers(),
            agreements.end_trigger(),
            pairs.carried_from_ones_own(),
            never_truncated("agreement"),
        ]

    def __str__(self) -> str:
        return f"{self.leader} – {self.employee}"

    @property
    def is_parted(self) -> bool:
        """The leader leads the employee there no more, and has lost sight of it."""
        return self.leader_access_ended_at is not None

    @property
    def is_parting(self) -> bool:
        """The leader leads the employee there no more, as far as the portal knows this far."""
        return self.left_behind_at is not None and not self.is_parted

    def party_of(self, user: User) -> Party | None:
        if user.pk == self.leader_id and not self.is_parted:
            return Party.LEADER
        return Party.EMPLOYEE if user.pk == self.employee_id else None

    def party(self, user: User) -> Party:
        """Of one who is known to be a party. Raises ValueError for anybody else."""
        party = self.party_of(user)
        if party is None:
            raise ValueError("neither the leader nor the employee of this agreement")
        return party

    @property
    def signers(self) -> tuple[User, ...]:
        """Everybody who signs it, in the order of `Party`."""
        return self.leader, self.employee

    def counterpart_of(self, user: User) -> User:
        return self.employee if user.pk == self.leader_id else self.leader
