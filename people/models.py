"""Who works where, who leads what, and who did what: everything else hangs on these rows."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self, TypeAlias

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.norwegian import SearchFold, holds_words, sort_key_field
from common.sql import trigger_body
from people import trail
from people.guards import append_only as append_only
from people.guards import never_truncated as never_truncated
from people.names import called
from people.roles import Role as Role
from people.substitution import Substitution as Substitution
from people.tree import ids_below
from people.validity import Validity as Validity
from people.validity import ValidityQuerySet as ValidityQuerySet
from people.validity import never_overlaps, validity_in_order

FORMER_NAME_KEPT = dt.timedelta(days=365)
"""How long after a change of name the former one is looked up by."""

Viewer: TypeAlias = "User | AnonymousUser"
"""Whoever looks at a page: what each `visible_to` takes, with the day it is asked on."""


class Level(models.TextChoices):
    MUNICIPALITY = "municipality", _("kommune")
    AGENCY = "agency", _("virksomhet")
    UNIT = "unit", _("enhet")


class UnitQuerySet(ValidityQuerySet["Unit"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The organisation is no secret to those who work in it, nor to anybody else's business."""
        return self.all() if user.is_authenticated else self.none()

    def agencies(self) -> Self:
        return self.filter(level=Level.AGENCY)

    def named_like(self, words: str) -> Self:
        """Name or short name holds what was typed, however it was spelt."""
        name = SearchFold(Concat("name", Value(" "), "short_name"))
        return self.alias(searched=name).filter(holds_words("searched", words))

    def with_leader(self, day: dt.date) -> Self:
        """Each unit has `leader_name`, None for a vacancy on the day."""
        leading = Leadership.objects.valid_on(day).filter(unit=OuterRef("pk"))
        return self.annotate(leader_name=Subquery(leading.values("user__name")[:1]))

    def below(self, unit_ids: list[int]) -> Self:
        """These units and everything under them."""
        return self.filter(pk__in=ids_below(unit_ids)) if unit_ids else self.none()


class Unit(Validity):
    """A part of the municipality's organisation, from the municipality itself to a clinic."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("enheten over"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    hr_id = models.CharField(_("HR-nummer"), max_length=40, unique=True)
    name = models.CharField(_("navn"), max_length=200)
    short_name = models.CharField(_("kortnavn"), max_length=40, blank=True)
    level = models.CharField(_("nivå"), max_length=20, choices=Level)
    level_name = models.CharField(
        _("nivånavn"),
        max_length=60,
        help_text=_("Det enheten kalles, som «bydel» eller «klinikk»."),
    )
    agency = models.ForeignKey(
        "self",
        verbose_name=_("virksomhet"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agency_units",
        help_text=_("Nærmeste virksomhet oppover; virksomheten selv for en virksomhet."),
    )
    successors = models.ManyToManyField(
        "self",
        verbose_name=_("etterfølgere"),
        symmetrical=False,
        blank=True,
        related_name="predecessors",
    )
    sort_key = sort_key_field("name")

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            validity_in_order("unit_validity_in_order"),
            models.CheckConstraint(
                name="unit_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
            ),
            models.CheckConstraint(name="unit_level_is_known", condition=Q(level__in=Level.values)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="unit_tree_has_no_circle",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.After,
                # At the end of the transaction: a reform moves many units at once. It reads the
                # row as it is by then; NEW is as it was at the statement that set it off.
                timing=pgtrigger.Deferred,
                func=trigger_body("people", "unit_tree_has_no_circle"),
            )
        ]

    def __str__(self) -> str:
        return self.name


def name_and_email(user: str = "") -> SearchFold:
    """What somebody is looked up by, through a relation `user__` or of the row itself."""
    return SearchFold(
        Concat(f"{user}name", Value(" "), f"{user}email", output_field=models.TextField())
    )


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Oneself, those who lead something that day, and the people where one leads or has a role.

        Leaders' names stand on their units' pages; everybody else is known in their own line only.
        """
        if not isinstance(user, User):
            return self.none()
        leading = Leadership.objects.valid_on(on)
        roots = [
            *leading.filter(user=user).values_list("unit_id", flat=True),
            *RoleGrant.objects.valid_on(on).filter(user=user).values_list("unit_id", flat=True),
        ]
        positions = Position.objects.valid_on(on).filter(unit__in=ids_below(roots))
        return self.filter(
            Q(pk=user.pk) | Q(pk__in=leading.values("user")) | Q(pk__in=positions.values("user"))
        )

    def with_affiliation(self, day: dt.date) -> Self:
        """Adds what they are on the day: `has_position`, `is_leader` and `roles`."""
        own = OuterRef("pk")
        grants = RoleGrant.objects.valid_on(day).filter(user=own).order_by()
        return self.annotate(
            has_position=Exists(Position.objects.valid_on(day).filter(user=own)),
            is_leader=Exists(Leadership.objects.valid_on(day).filter(user=own)),
            roles=ArraySubquery(grants.values("role")),
        )

    def who_left(self, *, before: dt.date, today: dt.date) -> Self:
        """HR knows them, and no position has held since the day or is to come, nor has a role."""
        own = Position.objects.filter(user=OuterRef("pk")).order_by()
        held_since = own.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=before))
        roles = RoleGrant.objects.not_ended(today).filter(user=OuterRef("pk")).order_by()
        return self.filter(Exists(own), ~Exists(held_since), ~Exists(roles), hr_id__isnull=False)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Viewer, *, on: dt.date) -> UserQuerySet:
        return self.get_queryset().visible_to(user, on=on)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person without positions; staff normally come by `import_staff`."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class Language(models.TextChoices):
    BOKMAL = "nb", "Bokmål"
    ENGLISH = "en", "English"


class User(AbstractBaseUser):
    """A person who can sign in: by e-mail, or by the identity provider's subject."""

    email = models.EmailField(
        _("e-post"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("E-postadressen er i bruk av en annen.")},
    )
    name = models.CharField(_("navn"), max_length=200)
    first_name = models.CharField(
        _("fornavn"), max_length=200, blank=True, help_text=_("Som HR har det; ellers tomt.")
    )
    hr_id = models.CharField(_("HR-nummer"), max_length=40, unique=True, null=True, blank=True)
    language = models.CharField(_("språk"), max_length=5, choices=Language, default=Language.BOKMAL)
    is_active = models.BooleanField(_("kan logge inn"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field("name")

    has_position: bool
    is_leader: bool
    roles: list[str]
    # What `with_affiliation` adds.

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            # With `unique` on the column this makes addresses unique whatever their case.
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="user_language_is_known", condition=Q(language__in=Language.values)
            ),
        ]
        indexes = [
            # `email__iexact`, which the sign-in library asks by, is UPPER(email) in PostgreSQL.
            models.Index(Upper("email"), name="user_email_whatever_the_case"),
            # Any part of a name: three letters at a time.
            GinIndex(OpClass(name_and_email(), name="gin_trgm_ops"), name="user_search"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def given_name(self) -> str:
        """What the person is called in a greeting."""
        return called(self.name, self.first_name)


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own. Others find somebody by them and never read them."""
        return self.filter(user=user) if isinstance(user, User) else self.none()

    def of_people_named(self, words: str) -> Self:
        return self.alias(searched=SearchFold("name")).filter(holds_words("searched", words))


class FormerName(models.Model):
    """A name that HR's file gave a person before: whoever married is looked for by it for a while.

    Never shown to others, and forgotten after `FORMER_NAME_KEPT`.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("tidligere navn"), max_length=200)
    until = models.DateField(_("brukt til"))

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        ordering = ["-until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="former_name_stands_once")
        ]
        indexes = [
            GinIndex(OpClass(SearchFold("name"), name="gin_trgm_ops"), name="former_name_search")
        ]

    def __str__(self) -> str:
        return self.name


def person_is_named(words: str, *, searched: str, user: str = "pk") -> Q:
    """Return the condition that a person's name and address, or a name they had, hold the words.

    `searched` is an annotation by `name_and_email`; `user` leads to the person's key.
    """
    former = FormerName.objects.of_people_named(words)
    return holds_words(searched, words) | Q((f"{user}__in", former.values("user")))


class PositionQuerySet(ValidityQuerySet["Position"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The positions of whom one may know."""
        return self.filter(user__in=User.objects.visible_to(user, on=on))


class Position(Validity):
    """A person's place of work: one person may hold several at once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="positions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions")
    title = models.CharField(_("stilling"), max_length=200)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            validity_in_order("position_validity_in_order"),
            never_overlaps("position_does_not_overlap_itself", "user", "unit", "title"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.unit}"


class LeadershipQuerySet(ValidityQuerySet["Leadership"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Who leads what is known to everybody who works here."""
        return self.all() if user.is_authenticated else self.none()


class Leadership(Validity):
    """That a person leads a unit. A unit has one leader at a time, or none."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="leaderships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leaderships")

    objects = LeadershipQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            validity_in_order("leadership_validity_in_order"),
            never_overlaps("unit_has_one_leader_at_a_time", "unit"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.unit}"


class RoleGrantQuerySet(ValidityQuerySet["RoleGrant"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The roles on units which the user administers on the day."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(unit__in=ids_below(_administered(user, on)))

    def not_ended(self, today: dt.date) -> Self:
        """Those that hold today or will hold."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))


class RoleGrant(Validity):
    """A role given on a unit; it holds for the unit's whole subtree."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(_("rolle"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="role_grants")
    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="grants_given"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            validity_in_order("role_grant_validity_in_order"),
            models.CheckConstraint(name="role_is_known", condition=Q(role__in=Role.values)),
            never_overlaps("role_is_granted_once_at_a_time", "user", "role", "unit"),
            # An administrator could else let themselves in to health data and to figures.
            models.CheckConstraint(
                name="role_is_granted_by_another",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.unit}"

    def end_before(self, today: dt.date) -> None:
        """Yesterday is its last day. One that has not held for a whole day leaves no row."""
        if self.valid_from >= today:
            self.delete()
            return
        self.valid_to = today - dt.timedelta(days=1)
        self.save(update_fields=["valid_to"])


class AuditRecordQuerySet(models.QuerySet["AuditRecord"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """What people in the units which the user administers have done or had done for them.

        What the portal does by itself has no actor, and is seen by whoever administers the top.
        """
        if not isinstance(user, User):
            return self.none()
        administered = _administered(user, on)
        staff = Position.objects.filter(unit__in=ids_below(administered)).values("user")
        seen = Q(actor__in=staff) | Q(on_behalf_of__in=staff)
        if Unit.objects.filter(pk__in=administered, parent__isnull=True).exists():
            seen |= Q(actor__isnull=True)
        return self.filter(seen)


class AuditRecord(models.Model):
    """One thing that somebody did: who, on whose behalf, to what, and why."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        User, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    on_behalf_of = models.ForeignKey(
        User, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    objects = AuditRecordQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["object_type", "object_id"])]
        triggers = append_only("audit_record")

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

    @property
    def action_in_words(self) -> str:
        return trail.action_in_words(self.action)

    @property
    def thing_in_words(self) -> str:
        return trail.thing_in_words(self.object_type)


def _administered(user: User, on: dt.date) -> list[int]:
    grants = RoleGrant.objects.valid_on(on).filter(user=user, role=Role.ADMINISTRATOR)
    return list(grants.values_list("unit_id", flat=True))
