"""Who helps with one seminar, beside those who arrange at its unit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import DateField, DateTimeField, F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.sql import trigger_body
from people.guards import never_truncated
from people.models import Role, User, Viewer
from people.organisation import units_in_role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HELD_AFTER_THE_END = dt.timedelta(days=30)
"""So long after a seminar those who helped with it may do what is left: attendance and letters."""


class SeminarRole(models.TextChoices):
    CO_ORGANISER = "co_organiser", _("medarrangør")
    HOST = "host", _("vert")

    @property
    def purpose(self) -> _StrPromise:
        """What whoever gives the role reads of it, and whoever gets it."""
        return PURPOSES[self]


PURPOSES = {
    SeminarRole.CO_ORGANISER: _(
        "Gjør det samme som arrangøren med dette ene seminaret: ser og merker deltakere, endrer, "
        "publiserer, inviterer og skriver brev. Kan ikke avlyse, kopiere eller gi andre en oppgave."
    ),
    SeminarRole.HOST: _(
        "Tar imot deltakerne. Ser ikke e-postadressene deres, hva de har svart, eller hva de "
        "trenger."
    ),
}


class SeminarRoleGrantQuerySet(models.QuerySet["SeminarRoleGrant"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own; organisers reach the others through their seminar."""
        return self.none() if isinstance(user, AnonymousUser) else self.filter(user=user)

    def not_ended(self) -> Self:
        """Those that nobody has ended; a seminar that is long over has such ones too."""
        return self.filter(ended_at__isnull=True)

    def held_on(self, day: dt.date) -> Self:
        """Those that hold on the day: not ended, and the seminar is not long over."""
        return self.not_ended().filter(seminar__ends_at__gte=_start_of_last_day(day))

    def with_people(self) -> Self:
        return self.select_related("user", "given_by", "ended_by")


def _start_of_last_day(day: Any) -> Func:
    """The moment from which a seminar must have ended for its roles to hold on the day.

    In SQL, as the day may be a place for one (`common.compiled`).
    """
    return Func(
        day if isinstance(day, Combinable) else Value(day, output_field=DateField()),
        Value(HELD_AFTER_THE_END.days),
        template="((%(expressions)s)::timestamp AT TIME ZONE 'Europe/Oslo')",
        arg_joiner=" - ",
        output_field=DateTimeField(),
    )


class SeminarRoleGrant(models.Model):
    """That a person has a role in one seminar.

    It is ended and never changed, and it stands until the seminar's people are erased.
    """

    seminar = models.ForeignKey(
        "seminars.Seminar",
        on_delete=models.CASCADE,
        related_name="role_grants",
        db_index=False,
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(_("oppgave"), max_length=20, choices=SeminarRole)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = SeminarRoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["user__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "user"],
                name="seminar_role_is_one_at_a_time",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="seminar_role_is_known", condition=Q(role__in=SeminarRole.values)
            ),
            # It takes two to come to see what others may not, as with roles on units.
            models.CheckConstraint(
                name="seminar_role_is_given_by_another", condition=~Q(given_by=F("user"))
            ),
            models.CheckConstraint(
                name="seminar_role_ends_after_it_is_given",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_at__gte=F("given_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "seminar"], name="seminar_role_of_person"),
            models.Index(fields=["seminar"], name="seminar_role_of_seminar"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="seminar_role_keeps_its_words",
                fields=["seminar", "user", "role", "given_by", "given_at"],
            ),
            pgtrigger.Protect(
                name="seminar_role_is_ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="seminar_role_is_ended_before_it_goes",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__ended_at__isnull=True),
                func=trigger_body("seminars", "seminar_role_is_ended_before_it_goes"),
            ),
            never_truncated("seminar_role"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.seminar}"


def last_day_of_roles(seminar: Any) -> dt.date:
    """The day that `held_on` counts to."""
    return timezone.localdate(seminar.ends_at) + HELD_AFTER_THE_END


def seminars_in_role(user: User, *roles: SeminarRole, on: dt.date) -> Any:
    """The ids of the seminars in which the person has one of the roles on the day."""
    held = SeminarRoleGrant.objects.held_on(on).filter(user=user, role__in=roles)
    return held.order_by().values("seminar")


def is_organised_by(user: User, *, on: dt.date, of: str = "") -> Q:
    """Whether the person organises a seminar on the day, as a condition on it.

    Whoever is an organiser at its unit does, and its co-organisers. `of` is how the seminar is
    reached from the rows asked about.
    """
    path = f"{of}__" if of else ""
    units = units_in_role(user, Role.ORGANISER, on=on)
    co_organised = seminars_in_role(user, SeminarRole.CO_ORGANISER, on=on)
    return Q(**{f"{path}organiser_unit__in": units.values("pk")}) | Q(
        **{f"{path}pk__in": co_organised}
    )
