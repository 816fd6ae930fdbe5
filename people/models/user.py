"""A person who can sign in, and whom each of us may know."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self, TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat, Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.languages import LANGUAGES, SOURCE_LANGUAGE
from common.norwegian import SearchFold, sort_key_field
from common.rooms import entrusted_tasks
from people.models.leadership import Leadership
from people.models.position import Position
from people.models.role_grant import RoleGrant
from people.names import called
from people.tree import ids_below

MISSING_FOR = dt.timedelta(days=2)
"""So long whoever is missing in HR's file is left alone: a file that lacked them, or their unit, by
mistake is mended by the next night's, whatever hour it comes."""

Viewer: TypeAlias = "User | AnonymousUser"
"""Whoever looks at a page: what each `visible_to` takes, with the day it is asked on."""


def name_and_email() -> SearchFold:
    """What somebody is looked up by, kept in `search_text`."""
    return SearchFold(Concat("name", Value(" "), "email", output_field=models.TextField()))


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
        """Adds what they are on the day: `has_position`, `is_leader` and `roles`, and whether each
        thing is theirs that rooms entrust to people."""
        own = OuterRef("pk")
        grants = RoleGrant.objects.valid_on(day).filter(user=own).order_by()
        return self.annotate(
            has_position=Exists(Position.objects.valid_on(day).filter(user=own)),
            is_leader=Exists(Leadership.objects.valid_on(day).filter(user=own)),
            roles=ArraySubquery(grants.values("role")),
            **{one.annotation: one.is_held(own, day) for one in entrusted_tasks()},
        )

    def without_address(self, *, on: dt.date) -> Self:
        """They work here that day, and can neither sign in nor be written to."""
        here = Position.objects.valid_on(on).filter(user=OuterRef("pk")).order_by()
        return self.filter(Exists(here), email__isnull=True)

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

    def without_address(self, *, on: dt.date) -> UserQuerySet:
        return self.get_queryset().without_address(on=on)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person without positions; staff normally come by `import_staff`."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person whom HR knows, or who was given a role by hand.

    Whoever has an address can sign in: by e-mail, or by the identity provider's subject. Without
    one nobody signs in or gets a letter.
    """

    email = models.EmailField(
        _("e-post"),
        max_length=254,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("E-postadressen er i bruk av en annen.")},
    )
    name = models.CharField(_("navn"), max_length=200)
    first_name = models.CharField(
        _("fornavn"), max_length=200, blank=True, help_text=_("Som HR har det; ellers tomt.")
    )
    hr_id = models.CharField(_("HR-nummer"), max_length=40, unique=True, null=True, blank=True)
    language = models.CharField(
        _("språk"), max_length=5, choices=LANGUAGES, default=SOURCE_LANGUAGE
    )
    is_active = models.BooleanField(_("kan logge inn"), default=True)
    is_to_come = models.BooleanField(default=False, editable=False)
    """Only files for a day ahead have told of them: they have no address before it."""
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sort_key = sort_key_field("name")
    search_text = models.GeneratedField(
        expression=name_and_email(), output_field=models.TextField(), db_persist=True
    )
    """What they are looked up by. Folded once: a search by two letters reads everybody's."""

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
            models.CheckConstraint(name="user_email_is_none_or_something", condition=~Q(email="")),
            models.CheckConstraint(
                name="user_to_come_has_no_email",
                condition=Q(is_to_come=False) | Q(email__isnull=True),
            ),
            models.CheckConstraint(
                name="user_language_is_known", condition=Q(language__in=list(LANGUAGES))
            ),
        ]
        indexes = [
            # `email__iexact`, which the sign-in library asks by, is UPPER(email) in PostgreSQL.
            models.Index(Upper("email"), name="user_email_whatever_the_case"),
            # Any part of a name: three letters at a time.
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="user_search"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def may_be_let_in(self) -> bool:
        """Whether there is an account to sign in to; whether they work here is asked besides."""
        return self.is_active and self.email is not None

    @property
    def listed_as(self) -> str:
        """What a list that is read again names them by: the address, else what HR calls them."""
        return self.email or self.hr_id or self.name

    @property
    def given_name(self) -> str:
        """What the person is called in a greeting."""
        return called(self.name, self.first_name)
