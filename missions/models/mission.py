"""What a unit exists for, in versions that never change once published."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.sql import trigger_body
from missions.political_priorities import Signal
from missions.responsibility import units_answered_for, units_taken_over
from people.guards import never_truncated
from people.models import Leadership, Position, Unit, User, Viewer

FEWEST_ACTIVITIES = 3
MOST_ACTIVITIES = 6


class MissionQuerySet(models.QuerySet["Mission"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Missions with at least one version that this person may read."""
        if not isinstance(user, User):
            return self.none()
        versions = MissionVersion.objects.visible_to(user, on=on)
        return self.filter(Exists(versions.filter(mission=OuterRef("pk"))))


class Mission(models.Model):
    """What one unit exists for. Its words are in the versions."""

    unit = models.OneToOneField(
        Unit, verbose_name=_("enhet"), on_delete=models.PROTECT, related_name="mission"
    )

    objects = MissionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.unit)


class VersionState(models.TextChoices):
    DRAFT = "draft", _("utkast")
    PUBLISHED = "published", _("publisert")


class MissionChange(models.TextChoices):
    """How much a version says anew: a material change is read, and agreed upon, anew."""

    MATERIAL = "material", _("vesentlig endring")
    MINOR = "minor", _("mindre endring")


class MissionVersionQuerySet(models.QuerySet["MissionVersion"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Published versions for everyone; a draft for its author and whoever answers for it.

        A draft that is shared is seen by those who work in the unit, too; that of a closed unit, by
        whoever answers for what follows it.
        """
        if not isinstance(user, User):
            return self.none()
        works = Position.objects.valid_on(on).filter(user=user).values("unit")
        leads = Leadership.objects.valid_on(on).filter(user=user).values("unit")
        return self.filter(
            Q(state=VersionState.PUBLISHED)
            | Q(drafted_by=user)
            | Q(mission__unit_id__in=units_taken_over(user, on))
            | Q(Q(mission__unit__in=works) | Q(mission__unit__in=leads), shared_at__isnull=False)
        )

    def published(self) -> Self:
        return self.filter(state=VersionState.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(state=VersionState.DRAFT)

    def current(self) -> Self:
        """The newest published version of each mission."""
        newer = MissionVersion.objects.published().filter(
            mission=OuterRef("mission"), number__gt=OuterRef("number")
        )
        return self.published().filter(~Exists(newer))

    def current_for(self, unit: Unit) -> MissionVersion | None:
        """What the unit's mission says now, activities included; None where it has none."""
        return self.current().filter(mission__unit=unit).with_content().first()

    def overtaken(self) -> Self:
        """Those after which the same unit has published a material change."""
        newer = MissionVersion.objects.published().filter(
            mission=OuterRef("mission"),
            number__gt=OuterRef("number"),
            change=MissionChange.MATERIAL,
        )
        return self.filter(Exists(newer))

    def material_after(self, *, mission: OuterRef, number: OuterRef) -> Self:
        """The material changes of a mission after that number, newest first."""
        later = self.published().filter(
            change=MissionChange.MATERIAL, mission=mission, number__gt=number
        )
        return later.order_by("-number")

    def with_content(self) -> Self:
        return self.select_related("mission__unit", "serves").prefetch_related("core_activities")

    def with_reading_by(self, user: User) -> Self:
        """Each version's `acknowledged_at` by this person, or None, and whether they `wrote_it`.

        A minor change is read with the material one before it, and asks nobody anew.
        """
        alike = MissionVersion.objects.filter(
            mission=OuterRef("mission"), reading=OuterRef("reading")
        )
        own = alike.filter(acknowledgements__user=user).order_by("number")
        return self.annotate(
            acknowledged_at=models.Subquery(own.values("acknowledgements__acknowledged_at")[:1]),
            wrote_it=Exists(alike.filter(published_by=user)),
        )

    def with_answering(self, user: User, today: dt.date) -> Self:
        """Each version's `is_answered_for`: whether this person may write that mission."""
        answers = Q(mission__unit_id__in=units_answered_for(user, today))
        return self.annotate(
            is_answered_for=models.Case(
                models.When(answers, then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )

    def with_inheritance(self) -> Self:
        """Each version's `has_inherited`: whether the missions of closed units went into it."""
        return self.annotate(
            has_inherited=Exists(MissionVersion.objects.filter(heirs=OuterRef("pk")))
        )

    def with_current(self) -> Self:
        """Each version's `current_id`: the one that holds now, None before the first."""
        newest = MissionVersion.objects.published().filter(mission=OuterRef("mission"))
        return self.annotate(current_id=models.Subquery(newest.values("pk")[:1]))


def _activity_guard(name: str, operation: Any, rows: str, answer: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=trigger_body("missions", "core_activity_of_draft", rows=rows, answer=answer),
    )


class MissionVersion(models.Model):
    """One wording of a unit's mission: a draft until it is published, and then for good."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("versjon"))
    state = models.CharField(
        _("tilstand"), max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    core_task = models.TextField(_("kjerneoppgave"), blank=True)
    for_whom = models.TextField(_("hvem vi er til for"), blank=True)
    not_our_task = models.TextField(_("hva som ikke er vår oppgave"), blank=True)
    contribution = models.TextField(_("bidrag til oppdraget over"), blank=True)
    above = models.ForeignKey(
        "self",
        verbose_name=_("oppdraget over"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="below",
        help_text="The version of the nearest mission above that this one was written under.",
    )
    signals = models.JSONField(
        _("politiske signaler"),
        default=list,
        blank=True,
        help_text="Rows of `missions.political_priorities`.",
    )
    serves = models.ForeignKey(
        "CoreActivity",
        verbose_name=_("kjerneaktiviteten over som dere bidrar til"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="served_by",
    )
    change = models.CharField(
        _("endring"), max_length=10, choices=MissionChange, default=MissionChange.MATERIAL
    )
    reading = models.PositiveSmallIntegerField(
        null=True,
        help_text="The number of the material version this one is read with; its own for one.",
    )
    inherits = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="heirs",
        help_text="The missions of closed units that were handed over with this draft.",
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="missions_drafted",
        help_text="Empty for a draft that was handed over in a reform.",
    )
    drafted_at = models.DateTimeField(default=timezone.now)
    saved_count = models.PositiveIntegerField(
        default=0, help_text="Raised each time the draft is saved, so that nobody's words are lost."
    )
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    saved_at = models.DateTimeField(null=True, blank=True)
    shared_at = models.DateTimeField(_("delt med enheten"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="missions_published",
    )

    acknowledged_at: dt.datetime | None
    wrote_it: bool
    """By the person given to `with_reading_by`; there are no such attributes without it."""

    current_id: int | None
    """Of `with_current`."""
    is_answered_for: bool
    """Of `with_answering`."""
    has_inherited: bool
    """Of `with_inheritance`."""

    objects = MissionVersionQuerySet.as_manager()

    class Meta:
        ordering = ["mission_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "number"], name="mission_version_has_its_own_number"
            ),
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(state="draft"),
                name="mission_has_one_draft_at_a_time",
            ),
            models.CheckConstraint(
                name="mission_version_published_by_somebody_at_a_time",
                condition=Q(
                    state="published", published_at__isnull=False, published_by__isnull=False
                )
                | Q(state="draft", published_at__isnull=True, published_by__isnull=True),
            ),
            models.CheckConstraint(
                name="mission_published_says_its_task",
                condition=Q(state="draft") | (~Q(core_task="") & ~Q(for_whom="")),
            ),
            models.CheckConstraint(
                name="mission_published_serves_what_is_above",
                condition=Q(state="draft") | Q(above__isnull=True) | Q(serves__isnull=False),
            ),
            models.CheckConstraint(
                name="mission_change_is_known", condition=Q(change__in=["minor", "material"])
            ),
            models.CheckConstraint(
                name="mission_material_is_read_by_itself",
                condition=Q(state="draft", reading__isnull=True)
                | Q(
                    Q(change="material", reading=F("number"))
                    | Q(change="minor", reading__lt=F("number")),
                    state="published",
                    reading__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="mission_is_not_above_itself",
                condition=Q(above__isnull=True) | ~Q(above=F("id")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="mission_version_is_for_good",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
            never_truncated("mission_version"),
            # An inserted row has no activities yet, so a version is always a draft first.
            pgtrigger.Trigger(
                name="mission_version_activities_at_publication",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=trigger_body("missions", "mission_version_activities_at_publication"),
            ),
            pgtrigger.Trigger(
                name="mission_version_serves_above",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=trigger_body("missions", "mission_version_serves_above"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mission}, {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == VersionState.PUBLISHED

    @property
    def political_signals(self) -> list[Signal]:
        return [Signal.from_row(row) for row in self.signals]

    @property
    def is_material(self) -> bool:
        return self.change == MissionChange.MATERIAL

    @property
    def is_shared(self) -> bool:
        return self.is_draft and self.shared_at is not None


class CoreActivity(models.Model):
    """One of the few things a unit does to fulfil its mission; commitments are tied to these."""

    version = models.ForeignKey(
        MissionVersion, on_delete=models.CASCADE, related_name="core_activities"
    )
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("kjerneaktivitet"), max_length=200)

    class Meta:
        ordering = ["version_id", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "order"], name="core_activity_has_its_own_place"
            ),
            models.CheckConstraint(
                name="core_activity_is_one_of_six",
                condition=Q(order__gte=1, order__lte=MOST_ACTIVITIES),
            ),
            models.CheckConstraint(name="core_activity_has_words", condition=~Q(text="")),
        ]
        triggers = [
            _activity_guard(
                "core_activity_not_into_published", pgtrigger.Insert, "NEW.version_id", "NEW"
            ),
            _activity_guard(
                "core_activity_not_changed",
                pgtrigger.Update,
                "OLD.version_id, NEW.version_id",
                "NEW",
            ),
            _activity_guard("core_activity_not_removed", pgtrigger.Delete, "OLD.version_id", "OLD"),
            never_truncated("core_activity"),
        ]

    def __str__(self) -> str:
        return self.text
