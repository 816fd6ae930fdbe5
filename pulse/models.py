"""The pulse: how many in a unit can say what it is for, without anybody's answer being kept."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.functional import Promise as LazyText
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ballots.disclosure import FEWEST_BESIDE, FEWEST_SAID, FEWEST_TOPIC
from ballots.sealing import sealed_bytes
from common.small_groups import SMALL_GROUP, SMALL_GROUP_WORD
from common.sql import trigger_body
from missions.models import MissionVersion
from missions.responsibility import units_taken_over
from people.guards import never_truncated
from people.models import Unit, User, Viewer

MOST_DAYS = 60
SEALED_BYTES = sealed_bytes(6)
"""Six counts: the answers, and what «nja» was about."""
KEPT = dt.timedelta(days=365)
"""A year after it closed a round is erased, figures and all."""
REST = dt.timedelta(days=90)
"""Between the end of one round and the start of the unit's next."""


class PulseAnswer(models.TextChoices):
    YES = "yes", _("Ja")
    PARTLY = "partly", _("Nja")
    NO = "no", _("Nei")


class Unsure(models.TextChoices):
    MISSION = "mission", _("oppdraget")
    FOR_WHOM = "for_whom", _("hvem vi er til for")
    CONTRIBUTION = "contribution", _("mitt bidrag")

    @property
    def label_to_leader(self) -> str | LazyText:
        """The label without the first person of whoever answered."""
        return _("sitt eget bidrag") if self is Unsure.CONTRIBUTION else self.label


class PulseResult(models.TextChoices):
    """How much of a settled round may be shown."""

    TOO_FEW = "too_few", format_lazy(_("færre enn {fewest} svar"), fewest=SMALL_GROUP_WORD)
    WITHHELD = "withheld", _("holdt tilbake")
    HARDLY_ANY_YES = "hardly_any_yes", _("høyst én sa ja")
    NEARLY_ALL_YES = "nearly_all_yes", _("høyst én sa noe annet enn ja")
    MERGED = "merged", _("nja og nei slått sammen")
    FULL = "full", _("alle tre svarene")

    @property
    def is_shown(self) -> bool:
        return self not in (PulseResult.TOO_FEW, PulseResult.WITHHELD)


_SETTLED = (
    "settled_at",
    "sealed_tally",
    "result",
    "answers",
    "yes",
    "other",
    "partly",
    "no",
    "is_unsure_of_mission",
    "is_unsure_of_for_whom",
    "is_unsure_of_contribution",
)
_SETTLED_OLD, _SETTLED_NEW = (
    "ROW(" + ", ".join(f'{row}."{name}"' for name in _SETTLED) + ")" for row in ("OLD", "NEW")
)


_NOT_UNSURE = Q(
    is_unsure_of_mission=False, is_unsure_of_for_whom=False, is_unsure_of_contribution=False
)


class PulseRoundQuerySet(models.QuerySet["PulseRound"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Rounds of units one answers for, or that these took over, and those one is asked in."""
        if not isinstance(user, User):
            return self.none()
        asked = PulseInvitation.objects.filter(user=user).values("round_id")
        return self.filter(Q(unit_id__in=units_taken_over(user, on)) | Q(pk__in=asked))

    def unsettled(self) -> Self:
        return self.filter(settled_at__isnull=True)

    def shown(self) -> Self:
        """Settled rounds whose figures stand on a page."""
        return self.filter(result__in=[result for result in PulseResult if result.is_shown])

    def due(self, today: dt.date) -> Self:
        """Closed by the calendar, or together with the unit, and not yet settled."""
        return self.unsettled().filter(Q(closes_on__lt=today) | Q(unit__valid_to__lt=today))

    def expired(self, today: dt.date) -> Self:
        return self.filter(closes_on__lt=today - KEPT)

    def with_part_of(self, user: User) -> Self:
        """Each round's `took_part`: whether this person is one of those who answered."""
        own = PulseInvitation.objects.filter(round=OuterRef("pk"), user=user, has_answered=True)
        return self.annotate(took_part=Exists(own))


class PulseRound(models.Model):
    """One asking of everybody in a unit whether they can say its mission and their contribution.

    While it is open, its sums are in `sealed_tally`. When it is settled, what may be shown is
    written beside it and the tally is gone.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="pulse_rounds")
    version = models.ForeignKey(
        MissionVersion, on_delete=models.PROTECT, related_name="pulse_rounds"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pulse_rounds_opened"
    )
    opened_at = models.DateTimeField()
    opens_on = models.DateField(_("åpner"))
    closes_on = models.DateField(_("siste dag"))
    guess_yes = models.PositiveSmallIntegerField(_("ja"))
    guess_partly = models.PositiveSmallIntegerField(_("nja"))
    guess_no = models.PositiveSmallIntegerField(_("nei"))
    salt = models.UUIDField(default=uuid.uuid4, editable=False)
    sealed_tally = models.BinaryField(null=True, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=20, choices=PulseResult, blank=True)
    answers = models.PositiveSmallIntegerField(null=True, blank=True)
    yes = models.PositiveSmallIntegerField(null=True, blank=True)
    other = models.PositiveSmallIntegerField(null=True, blank=True)
    partly = models.PositiveSmallIntegerField(null=True, blank=True)
    no = models.PositiveSmallIntegerField(null=True, blank=True)
    is_unsure_of_mission = models.BooleanField(default=False)
    is_unsure_of_for_whom = models.BooleanField(default=False)
    is_unsure_of_contribution = models.BooleanField(default=False)
    talked_on = models.DateField(null=True, blank=True)

    took_part: bool
    """By `with_part_of`: whoever knows their own answer would read more of the others'."""

    objects = PulseRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(settled_at__isnull=True),
                name="unit_has_one_pulse_at_a_time",
            ),
            models.CheckConstraint(
                name="pulse_closes_in_time",
                condition=Q(closes_on__gte=F("opens_on"))
                & Q(
                    closes_on__lte=ExpressionWrapper(F("opens_on") + MOST_DAYS, models.DateField())
                ),
            ),
            models.CheckConstraint(
                name="pulse_is_sealed_or_settled",
                condition=Q(
                    settled_at__isnull=True,
                    sealed_tally__isnull=False,
                    result="",
                    answers__isnull=True,
                )
                | Q(
                    settled_at__isnull=False,
                    sealed_tally__isnull=True,
                    answers__isnull=False,
                    result__in=PulseResult.values,
                ),
            ),
            models.CheckConstraint(
                name="pulse_tally_has_one_length",
                condition=Q(sealed_tally__isnull=True)
                | Q(Exact(Length("sealed_tally"), SEALED_BYTES)),
            ),
            models.CheckConstraint(
                name="pulse_shows_no_small_group",
                condition=~Q(result__in=[result for result in PulseResult if result.is_shown])
                | Q(answers__gte=SMALL_GROUP),
            ),
            models.CheckConstraint(
                name="pulse_keeps_no_small_number",
                condition=Q(
                    result=PulseResult.FULL,
                    yes__gte=FEWEST_BESIDE,
                    other__gte=FEWEST_BESIDE,
                    answers=F("yes") + F("other"),
                    other=F("partly") + F("no"),
                )
                & Q(partly__gte=FEWEST_SAID, no__gte=FEWEST_SAID)
                | Q(
                    result=PulseResult.MERGED,
                    yes__gte=FEWEST_BESIDE,
                    other__gte=FEWEST_BESIDE,
                    answers=F("yes") + F("other"),
                    partly__isnull=True,
                    no__isnull=True,
                )
                & (Q(other__gt=FEWEST_TOPIC) | _NOT_UNSURE)
                | (
                    ~Q(result__in=[PulseResult.FULL, PulseResult.MERGED])
                    & Q(
                        yes__isnull=True,
                        other__isnull=True,
                        partly__isnull=True,
                        no__isnull=True,
                    )
                    & _NOT_UNSURE
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="pulse_asks_about_its_own_mission",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=trigger_body("pulse", "pulse_asks_about_its_own_mission"),
            ),
            pgtrigger.Protect(
                name="pulse_guess_comes_first",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "unit",
                    "version",
                    "opened_by",
                    "opened_at",
                    "opens_on",
                    "closes_on",
                    "guess_yes",
                    "guess_partly",
                    "guess_no",
                    "salt",
                ),
            ),
            pgtrigger.Protect(
                name="pulse_figures_are_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.settled_at IS NOT NULL AND {_SETTLED_OLD} IS DISTINCT FROM {_SETTLED_NEW}"
                ),
            ),
            never_truncated("pulse_round"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.opens_on}"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def is_shown(self) -> bool:
        return bool(self.result) and PulseResult(self.result).is_shown

    @property
    def last_day(self) -> dt.date:
        """A round ends at the latest with its unit."""
        return min(self.closes_on, self.unit.valid_to or self.closes_on)

    def is_open_on(self, day: dt.date) -> bool:
        return not self.is_settled and self.opens_on <= day <= self.last_day

    @property
    def unsure(self) -> list[Unsure]:
        """What at least three said they were unsure of, in the order it was asked."""
        return [topic for topic in Unsure if getattr(self, f"is_unsure_of_{topic}")]

    @property
    def has_task(self) -> bool:
        """Whether it shows somebody to talk with: that «nja» or «nei» was said by two or more."""
        return self.result in (
            PulseResult.HARDLY_ANY_YES,
            PulseResult.MERGED,
            PulseResult.FULL,
        )

    @property
    def guess_other(self) -> int:
        return self.guess_partly + self.guess_no

    @property
    def invited(self) -> int:
        """How many were asked: the guess is about each of them."""
        return self.guess_yes + self.guess_other

    def may_be_settled_on(self, day: dt.date) -> bool:
        """Not before its last day has passed: that all have answered would be told by it."""
        return not self.is_settled and self.last_day < day

    @property
    def others_may_answer_on(self) -> dt.date:
        """From when a round is shown whoever answers: this one is no longer held against it."""
        return self.closes_on + KEPT + dt.timedelta(days=1)


class PulseInvitationQuerySet(models.QuerySet["PulseInvitation"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own: who else has answered is nobody's business."""
        return self.none() if isinstance(user, AnonymousUser) else self.filter(user=user)

    def with_mission(self) -> Self:
        """Each with its round, and the wording that is asked about."""
        return self.select_related("round__unit", "round__version__mission__unit")

    def waiting(self, today: dt.date) -> Self:
        """Not answered, in rounds that are open today."""
        return self.filter(
            has_answered=False,
            round__settled_at__isnull=True,
            round__opens_on__lte=today,
            round__closes_on__gte=today,
        ).exclude(round__unit__valid_to__lt=today)


class PulseInvitation(models.Model):
    """That a person is asked in a round, and whether they have answered: not what, and not when.

    Written for everybody at once when the round is opened. Each answer rewrites all of a round's
    rows in one statement, so that no row is younger than another.
    """

    round = models.ForeignKey(PulseRound, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pulse_invitations"
    )
    has_answered = models.BooleanField(default=False)

    objects = PulseInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "user"], name="pulse_invites_once"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="pulse_answer_is_not_taken_back",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__has_answered=True, new__has_answered=False),
            ),
            pgtrigger.Protect(
                name="pulse_invitation_stays_with_its_person",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("round", "user"),
            ),
            never_truncated("pulse_invitation"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.round}"
