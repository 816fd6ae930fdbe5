"""The wordings of an agreement, one after the other."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.models.reading_access import seen_by
from commitments.models.states import OPEN_STATES, PATIENCE, Party, RevisionState
from commitments.models.wording import LONGEST_WORDING, Wording
from commitments.triggers import agreements
from missions.models import MissionVersion
from people.models import User, Viewer


def lapses_on(state: RevisionState, since: dt.date) -> dt.date:
    """Return the day on which a revision lapses that has waited in `state` since a day."""
    return since + PATIENCE[state]


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

    def waiting(self) -> Self:
        """Open, in agreements that go on: neither resting nor between two who part."""
        return self.open().filter(
            agreement__ended_at__isnull=True,
            agreement__leader_access_ended_at__isnull=True,
            agreement__left_behind_at__isnull=True,
            agreement__paused_at__isnull=True,
        )

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

    agreement = models.ForeignKey(
        "commitments.Agreement", on_delete=models.PROTECT, related_name="revisions"
    )
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
    lapses_on = models.DateField(
        null=True, help_text="When it lapses by itself if nothing comes of it; told from the start."
    )
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
                | Q(state__in=["superseded", "withdrawn", "lapsed"]),
            ),
            models.CheckConstraint(
                name="revision_is_frozen_once_proposed",
                condition=Q(state__in=["draft", "withdrawn", "lapsed"])
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
            models.CheckConstraint(
                name="revision_waits_until_a_day",
                condition=~Q(state__in=["draft", "proposed", "agreed"])
                | Q(lapses_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["signed_at"], name="revision_signed", condition=Q(state="signed")),
            models.Index(fields=["sha256"], name="revision_by_hash", condition=Q(state="signed")),
        ]
        triggers = agreements.revision_triggers()

    def __str__(self) -> str:
        return f"{self.agreement_id}, {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A draft waits from when it was made, wherever it was made."""
        if self.lapses_on is None and self.is_draft:
            self.lapses_on = lapses_on(RevisionState.DRAFT, timezone.localdate(self.created_at))
        super().save(*args, **kwargs)

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
