"""Seats held for an agency, beside the seats that are open to all."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from people.models import Role, Unit, User
from people.organisation import units_in_role
from seminars.models.states import HOLDS_SEAT, HOLDS_SEAT_SQL

SPOKEN_FOR = """
    SELECT (SELECT coalesce(sum(seats), 0) FROM seminars_seatpool
             WHERE seminar_id = :seminar AND released_at IS NULL)
         + (SELECT count(*) FROM seminars_registration AS held
              LEFT JOIN seminars_seatpool AS own
                ON own.id = held.pool_id AND own.released_at IS NULL
             WHERE held.seminar_id = :seminar
               AND held.state IN :holds_seat AND own.id IS NULL)
      INTO spoken_for;
""".replace(":holds_seat", HOLDS_SEAT_SQL)
"""What pools hold, used or not, and the seats outside them. Never more than the hall."""

HALL_GUARD = """
    :spoken_for
    IF spoken_for > NEW.capacity THEN
        RAISE EXCEPTION 'seminar % has % seats spoken for, more than %',
            NEW.id, spoken_for, NEW.capacity
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seminar_is_never_overbooked';
    END IF;
    RETURN NULL;
""".replace(":spoken_for", SPOKEN_FOR.replace(":seminar", "NEW.id"))

POOL_GUARD = """
    IF NEW.released_at IS NOT NULL THEN RETURN NULL; END IF;
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        RAISE EXCEPTION 'seats are counted in READ COMMITTED or SERIALIZABLE';
    END IF;
    SELECT capacity INTO hall FROM seminars_seminar
     WHERE id = NEW.seminar_id FOR NO KEY UPDATE;
    SELECT count(*) INTO taken FROM seminars_registration
     WHERE pool_id = NEW.id AND state IN :holds_seat;
    IF taken > NEW.seats THEN
        RAISE EXCEPTION 'pool % has % seats taken, more than %', NEW.id, taken, NEW.seats
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_pool_is_never_overbooked';
    END IF;
    :spoken_for
    IF spoken_for > hall THEN
        RAISE EXCEPTION 'seminar % has % seats spoken for, more than %',
            NEW.seminar_id, spoken_for, hall
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_pools_fit_the_hall';
    END IF;
    RETURN NULL;
""".replace(":holds_seat", HOLDS_SEAT_SQL).replace(
    ":spoken_for", SPOKEN_FOR.replace(":seminar", "NEW.seminar_id")
)


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
                func=pgtrigger.Func(POOL_GUARD),
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
