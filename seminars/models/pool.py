"""Seats held for an agency, beside the seats that are open to all."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from common.sql import trigger_body
from people.models import Role, Unit, User
from people.organisation import units_in_role
from seminars.models.states import HOLDS_SEAT, HOLDS_SEAT_SQL


def spoken_for(seminar: str) -> str:
    """Return the count of what pools hold, used or not, and of the seats outside them: never more
    than the hall."""
    return trigger_body("seminars", "_spoken_for", seminar=seminar, holds_seat=HOLDS_SEAT_SQL)


class SeatPoolQuerySet(models.QuerySet["SeatPool"]):
    def live(self) -> Self:
        return self.filter(released_at__isnull=True)

    def due(self, now: dt.datetime) -> Self:
        """Still held past their date."""
        return self.live().filter(release_at__lte=now)

    def coordinated_by(self, user: User, *, on: dt.date) -> Self:
        """Those of agencies where the person is a coordinator."""
        return self.filter(agency__in=units_in_role(user, Role.COORDINATOR, on=on).values("pk"))

    def with_use(self) -> Self:
        """Adds `used`: how many of the pool's seats somebody has; by agency."""
        in_use = Q(registrations__state__in=HOLDS_SEAT)
        counted = self.select_related("agency").annotate(used=Count("registrations", filter=in_use))
        return counted.order_by("agency__sort_key", "pk")


class SeatPool(models.Model):
    """So many of a seminar's seats, held for one agency until they are released."""

    seminar = models.ForeignKey(
        "seminars.Seminar", on_delete=models.CASCADE, related_name="seat_pools"
    )
    agency = models.ForeignKey(
        Unit, verbose_name=_("virksomhet"), on_delete=models.PROTECT, related_name="+"
    )
    seats = models.PositiveIntegerField(_("plasser"))
    release_at = models.DateTimeField(
        _("frigis"),
        null=True,
        blank=True,
        help_text=_("Plasser virksomheten ikke har brukt, blir da åpne for alle."),
    )
    released_at = models.DateTimeField(null=True, editable=False)

    used: int
    # What `with_use` adds.

    objects = SeatPoolQuerySet.as_manager()

    class Meta:
        ordering = ["agency__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "agency"], name="seat_pool_is_one_for_each_agency"
            ),
            models.CheckConstraint(name="seat_pool_has_a_seat", condition=Q(seats__gte=1)),
        ]
        indexes = [
            models.Index(
                fields=["release_at"],
                name="seat_pool_release",
                condition=Q(released_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="seat_pool_stays_where_it_is", fields=["seminar", "agency"]),
            # Locks the seminar before it counts, as whoever gives a seat does.
            pgtrigger.Trigger(
                name="seat_pool_fits_the_hall",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("seats", "released_at"),
                when=pgtrigger.After,
                declare=[("hall", "integer"), ("taken", "integer"), ("spoken_for", "integer")],
                func=pgtrigger.Func(
                    trigger_body(
                        "seminars",
                        "seat_pool_fits_the_hall",
                        holds_seat=HOLDS_SEAT_SQL,
                        spoken_for=spoken_for("NEW.seminar_id"),
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.seats}"

    @property
    def is_live(self) -> bool:
        return self.released_at is None

    @property
    def left(self) -> int:
        """Not used and still held for the agency; for a pool read `with_use`."""
        return self.seats - self.used if self.is_live else 0

    @property
    def held(self) -> int:
        return self.seats if self.is_live else self.used
