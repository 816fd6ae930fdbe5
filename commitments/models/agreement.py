"""The agreement and its revisions."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments import unmanaged_sql
from commitments.models.states import OPEN_STATES, AgreementState, Party, RevisionState
from commitments.models.wording import LONGEST_WORDING, Wording
from commitments.triggers import agreements, pairs
from missions.models import MissionVersion
from people.guards import never_truncated
from people.models import Unit, User, Viewer


def seen_by(user: User, on: dt.date, path: str = "") -> Q:
    """The one rule of who reads an agreement; `path` leads from a row to its agreement.

    The employee always; the leader for as long as they lead the employee in that unit. That is
    asked each time, of the day on which one reads: the sweep closes access for good, but a leader
    who moved this morning does not read on until it has come by.
    """
    moved = unmanaged_sql.left_behind(on, leader=user.pk)
    leads = Q(**{f"{path}leader": user, f"{path}leader_access_ended_at__isnull": True})
    is_there = Q(**{f"{path}erased_at__isnull": True})
    return is_there & (Q(**{f"{path}employee": user}) | leads & ~Q(**{f"{path}pk__in": moved}))


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
            state=Case(
                When(ended_at__isnull=False, then=Value(AgreementState.ENDED)),
                When(leader_access_ended_at__isnull=False, then=Value(AgreementState.PARTED)),
                default=F("revision_state"),
                output_field=models.CharField(),
            )
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
                name="agreement_is_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False)
                # What nobody had signed ends by itself when the two part.
                | Q(ended_at__isnull=False, leader_access_ended_at__isnull=False)
                | Q(ended_at__isnull=False, merged_into__isnull=False),
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


class RevisionQuerySet(models.QuerySet["Revision"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        if not isinstance(user, User):
            return self.none()
        return self.filter(seen_by(user, on, "agreement__"))

    def live(self) -> Self:
        """Those that say where the agreement stands: neither replaced nor withdrawn."""
        return self.filter(state__in=[*OPEN_STATES, RevisionState.SIGNED])

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def signed(self) -> Self:
        return self.filter(state=RevisionState.SIGNED)

    def with_newer_mission(self) -> Self:
        """Each with `newer_mission_id`: its mission after a material change, None without one."""
        newer = MissionVersion.objects.material_after(
            mission=OuterRef("mission_version__mission"),
            number=OuterRef("mission_version__number"),
        )
        return self.annotate(newer_mission_id=Subquery(newer.values("pk")[:1]))

    def with_people(self) -> Self:
        return self.select_related("agreement__leader", "agreement__employee", "agreement__unit")

    def with_content(self) -> Self:
        return (
            self.with_newer_mission()
            .select_related(
                "agreement__leader",
                "agreement__employee",
                "agreement__unit",
                "agreement__agency",
                "agreement__ended_by",
                "edited_by",
                "mission_version__mission__unit",
            )
            .prefetch_related(
                "commitments__core_activity", "mission_version__core_activities", "signatures"
            )
        )

    def with_missing_signatures(self) -> Self:
        """Each with `has_leader_signed` and `has_employee_signed`."""
        same = Revision.objects.filter(pk=OuterRef("pk"))
        return self.annotate(
            has_leader_signed=Exists(same.filter(signatures__party=Party.LEADER)),
            has_employee_signed=Exists(same.filter(signatures__party=Party.EMPLOYEE)),
        )

    def awaiting_signature(self, *, agreed_before: dt.datetime | None = None) -> Self:
        """Agreed and not signed by both, and not resting; each knows its `missing_signers`."""
        waiting = self.filter(
            state=RevisionState.AGREED,
            agreement__ended_at__isnull=True,
            agreement__paused_at__isnull=True,
        )
        if agreed_before is not None:
            waiting = waiting.filter(agreed_at__lt=agreed_before)
        return waiting.with_missing_signatures().select_related(
            "agreement__leader", "agreement__employee"
        )

    def awaiting_signature_of(self, user: User) -> Self:
        return self.awaiting_signature().filter(
            Q(agreement__leader=user, has_leader_signed=False)
            | Q(agreement__employee=user, has_employee_signed=False)
        )

    def without_document(self) -> Self:
        """Signed and not sealed yet; what is erased has nothing left to seal."""
        return self.signed().filter(document__isnull=True, erased_at__isnull=True)

    def due_for_document(self, *, now: dt.datetime, after: dt.timedelta) -> Self:
        """Signed so long ago that the worker should have sealed them, in the order to try them.

        First those never tried, then those whose next try has waited longest: one that cannot be
        made comes back later and later, and stands in no other's way.
        """
        is_due = Q(document_attempt__isnull=True) | Q(document_attempt__next_at__lte=now)
        waiting = self.without_document().filter(is_due, signed_at__lt=now - after)
        return waiting.order_by(F("document_attempt__next_at").asc(nulls_first=True), "signed_at")


class Revision(Wording):
    """One wording of an agreement. Only a draft changes; what is proposed is read as it stands."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("utgave"))
    state = models.CharField(
        _("tilstand"), max_length=10, choices=RevisionState, default=RevisionState.DRAFT
    )
    turn = models.CharField(
        _("hvem som har ordet"),
        max_length=10,
        choices=Party,
        blank=True,
        help_text="Who acts next on a draft or a proposal; empty once both are to sign.",
    )
    mission_version = models.ForeignKey(
        MissionVersion, on_delete=models.PROTECT, related_name="revisions"
    )
    reason = models.TextField(_("hvorfor avtalen endres"), blank=True)
    disagreement = models.TextField(
        _("det vi er uenige om"), max_length=LONGEST_WORDING, blank=True
    )
    follow_up_on = models.DateField(_("neste oppfølgingssamtale"), null=True, blank=True)
    version = models.PositiveIntegerField(
        default=1, help_text="Raised by each save; two people who edit at once are told."
    )
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    schema_version = models.PositiveSmallIntegerField(null=True)
    snapshot = models.TextField(blank=True, help_text="Canonical JSON: what both sign.")
    sha256 = models.CharField(max_length=64, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["agreement_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="revision_has_its_own_number"
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state__in=["draft", "proposed", "agreed"]),
                name="agreement_has_one_open_revision",
            ),
            models.CheckConstraint(
                name="revision_turn_while_talking",
                condition=Q(state__in=["draft", "proposed"], turn__in=Party.values)
                | Q(state__in=["agreed", "signed"], turn="")
                | Q(state__in=["superseded", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="revision_is_frozen_once_proposed",
                condition=Q(state__in=["draft", "withdrawn"])
                | (
                    Q(proposed_at__isnull=False, proposed_by__isnull=False)
                    & Q(schema_version__isnull=False)
                    & (~Q(snapshot="") | Q(erased_at__isnull=False))
                    & ~Q(sha256="")
                ),
            ),
            models.CheckConstraint(
                name="revision_agreed_by_somebody",
                condition=~Q(state__in=["agreed", "signed"])
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_signed_has_its_time",
                condition=Q(state="signed", signed_at__isnull=False)
                | (~Q(state="signed") & Q(signed_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["signed_at"], name="revision_signed", condition=Q(state="signed")),
            models.Index(fields=["sha256"], name="revision_by_hash", condition=Q(state="signed")),
        ]
        triggers = agreements.revision_triggers()

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == RevisionState.DRAFT

    @property
    def is_proposed(self) -> bool:
        return self.state == RevisionState.PROPOSED

    @property
    def is_agreed(self) -> bool:
        return self.state == RevisionState.AGREED

    @property
    def is_signed(self) -> bool:
        return self.state == RevisionState.SIGNED

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def missing_signers(self) -> list[User]:
        """Who has not signed; needs `with_missing_signatures()`."""
        row: Any = self
        return [
            person
            for person, has_signed in (
                (self.agreement.leader, row.has_leader_signed),
                (self.agreement.employee, row.has_employee_signed),
            )
            if not has_signed
        ]
