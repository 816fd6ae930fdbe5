"""What people do in the portal on a day, by the rooms' own actions: each act is one of them.

Who does what comes from dice, and whom it is about from the rows as they are. An action that
refuses is an answer like any other; whatever else it raises is a fault.
"""

from __future__ import annotations

import datetime as dt
import random
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import connection
from django.test import Client

from accounts.roles.actions import end_role, grant_role
from common.dates import OSLO
from common.errors import Refused
from outbox.actions import release_held
from outbox.models import Letter
from people.actions import grant_role as grant_from_command_line
from people.models import Leadership, Position, Role, RoleGrant, Unit, User
from tests.year.holidays import is_holiday
from tests.year.ledger import Ledger
from tests.year.moving_clock import MovingClock

ORGANISERS = 2


class Town:
    def __init__(self, seed: int, clock: MovingClock, ledger: Ledger, *, busy: float) -> None:
        self.dice = random.Random(f"town {seed}")  # noqa: S311
        self.clock, self.ledger, self.busy = clock, ledger, busy
        self.visits = 0
        self.client = Client(raise_request_exception=False)

    @property
    def now(self) -> dt.datetime:
        return self.clock.moment

    @property
    def today(self) -> dt.date:
        return self.clock.today

    # --- Acts -------------------------------------------------------------------------------------

    def act(self, action: str, by: User | None, do: Callable[[], Any], about: object = "") -> Any:
        """Do it; exactly one record of it stands in the trail then, in the name of who did it.

        Without `by` it leaves none of its own, as an answer to a pulse. Returns what the action
        does, and None where it refused.
        """
        before = self._last_record()
        who = by.hr_id if by else "somebody"
        try:
            done = do()
        except Refused as refused:
            self.ledger.refused[f"{action}: {type(refused).__name__}"] += 1
            self.ledger.note(self.now, f"{who} {action} {about} refused")
            return None
        except Exception:
            self.ledger.note(self.now, f"{who} {action} {about} failed")
            self.ledger.fault(self.now, f"{action} fails", traceback.format_exc()[-1200:])
            return None
        self.ledger.acts[action] += 1
        self.ledger.note(self.now, f"{who} {action} {about}")
        records = self._records_since(before, action, by)
        if by is not None and records != 1:
            self.ledger.fault(self.now, "one audit record an act", f"{action}: {records}")
        return done

    def _last_record(self) -> int:
        return self._one("SELECT coalesce(max(id), 0) FROM people_auditrecord")

    def _records_since(self, pk: int, action: str, by: User | None) -> int:
        return self._one(
            """SELECT count(*) FROM people_auditrecord
                WHERE id > %s AND action = %s AND actor_id = %s""",
            [pk, action, by and by.pk],
        )

    def _one(self, sql: str, params: Sequence[object] = ()) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return int(cursor.fetchone()[0])

    # --- Chance -----------------------------------------------------------------------------------

    def times(self, each_day: float) -> range:
        """So many times on the average, in a municipality of 150."""
        whole, part = divmod(each_day * self.busy, 1)
        return range(int(whole) + (self.dice.random() < part))

    def some(self, rows: Any, share: float) -> list[Any]:
        return [one for one in rows.order_by("pk") if self.dice.random() < share]

    def any_of(self, rows: Any) -> Any:
        """One of a queryset, or None. By its place and not its id, which no seed decides."""
        found = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=self.dice.choice(found)) if found else None

    # --- Who --------------------------------------------------------------------------------------

    def staff(self) -> Any:
        """Those who can sign in: without an address nobody can."""
        working = Position.objects.valid_on(self.today).values("user")
        return User.objects.filter(pk__in=working, is_active=True, email__isnull=False)

    def leaders(self) -> Any:
        leading = Leadership.objects.valid_on(self.today).values("user")
        return self.staff().filter(pk__in=leading)

    def live_units(self) -> Any:
        return Unit.objects.valid_on(self.today)

    def leader_of(self, unit: Unit) -> User | None:
        leads = Leadership.objects.valid_on(self.today).filter(unit=unit)
        return self.staff().filter(pk__in=leads.values("user")).first()

    def holders(self, role: Role) -> Any:
        held = RoleGrant.objects.valid_on(self.today).filter(role=role)
        return self.staff().filter(pk__in=held.values("user"))

    def day_at(self, days: int, hour: int, minute: int = 0) -> dt.datetime:
        """So many days ahead, or the next working day, by the clocks in Oslo."""
        day = self.today + dt.timedelta(days=days)
        while is_holiday(day):
            day += dt.timedelta(days=1)
        return dt.datetime.combine(day, dt.time(hour, minute, tzinfo=OSLO))

    # --- Roles and visits -------------------------------------------------------------------------

    def keep_roles(self) -> None:
        """Whoever left has lost theirs: the next gets them, the first from the command line."""
        top = Unit.objects.filter(level="municipality").order_by("pk")[0]
        begins = {"unit": top, "today": self.today, "valid_from": self.today}
        if not self.holders(Role.ADMINISTRATOR).exists():
            chosen = self.any_of(self.staff())
            grant_from_command_line(user=chosen, role=Role.ADMINISTRATOR, by=None, **begins)
        administrator = self.holders(Role.ADMINISTRATOR).order_by("pk")[0]
        for role, wanted in ((Role.ORGANISER, ORGANISERS), (Role.HR, 1)):
            for _each in range(wanted - self.holders(role).count()):
                chosen = self.any_of(self.staff().exclude(pk__in=self.holders(role)))
                self.act(
                    "grant_role",
                    administrator,
                    lambda role=role, chosen=chosen: grant_role(
                        user=chosen, role=role, by=administrator, **begins
                    ),
                    chosen.hr_id,
                )

    def give_and_end_roles(self) -> None:
        """A coordinator for an agency now and then, and one less."""
        administrator = self.holders(Role.ADMINISTRATOR).order_by("pk").first()
        if administrator is None:
            return
        for _each in self.times(0.08):
            agency = self.any_of(self.live_units().filter(level="agency"))
            held = RoleGrant.objects.valid_on(self.today).filter(role=Role.COORDINATOR, unit=agency)
            others = self.staff().exclude(pk=administrator.pk)
            chosen = self.any_of(others.exclude(pk__in=held.values("user")))
            give = partial(grant_role, user=chosen, role=Role.COORDINATOR, unit=agency)
            begins = {"today": self.today, "valid_from": self.today}
            self.act(
                "grant_role",
                administrator,
                partial(give, by=administrator, **begins),
                chosen.hr_id,
            )
        for _each in self.times(0.05):
            held = RoleGrant.objects.valid_on(self.today).filter(role=Role.COORDINATOR)
            grant = self.any_of(held.exclude(user=administrator))
            if grant is not None:
                self.act(
                    "end_role",
                    administrator,
                    partial(end_role, grant=grant, by=administrator, today=self.today),
                    grant.user.hr_id,
                )

    def release_what_was_held_back(self) -> None:
        """After a silence of the portal, an administrator knows that no copy was restored."""
        held = Letter.objects.held()
        administrator = self.holders(Role.ADMINISTRATOR).order_by("pk").first()
        if held and administrator is not None:
            self.act(
                "outbox.release_held",
                administrator,
                partial(release_held, letters=held, by=administrator, now=self.now),
            )

    def visit(self, paths: Sequence[str] = ("/", "/seminarer/", "/avtaler/")) -> None:
        """Some of them look at their pages, as a browser does."""
        plain = self.staff().exclude(pk__in=RoleGrant.objects.values("user"))
        for _each in self.times(0.3):
            person = self.any_of(plain)
            self.client.cookies.clear()
            self.client.force_login(person)
            for path in paths:
                status = self.client.get(path, follow=True).status_code
                self.visits += 1
                if status != 200:
                    self.ledger.fault(self.now, "every page answers", f"{path} {status}")
            self.ledger.note(self.now, f"{person.hr_id} looks at their pages")
