"""What the list shows: each pair this person is one of, with their agreement where there is one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commitments.eligible_pairs import Pair, pairs_of_employee, pairs_of_leader
from commitments.models import Agreement, Share
from commitments.preparation_progress import with_ready
from commitments.workflow import AgreementTag, tag_for
from people.models import User
from people.succession import became


@dataclass(frozen=True)
class OverviewRow:
    """One conversation: with whom, where, and how far it has come. `pair` starts a new one."""

    other: User
    unit_name: str
    title: str
    agreement: Agreement | None = None
    pair: Pair | None = None
    tag: AgreementTag | None = None

    @property
    def asks(self) -> bool:
        """Something waits for the one who reads the list."""
        return self.tag is not None and self.tag.asks

    @property
    def has_no_address(self) -> bool:
        """The other can neither sign in nor be written to, and something is to be done together."""
        is_over = self.agreement is not None and not _goes_on(self.agreement)
        return self.other.email is None and not is_over


@dataclass(frozen=True)
class Overview:
    as_employee: list[OverviewRow]
    as_leader: list[OverviewRow]
    ended: list[OverviewRow]
    shared: list[Share]

    @property
    def without_address(self) -> bool:
        """Some of those one leads have none."""
        return any(row.has_no_address for row in self.as_leader)


def agreements_of(user: User, *, on: dt.date) -> list[Agreement]:
    """Return all that the person sees, each with its state and who is ready; one query."""
    visible = Agreement.objects.visible_to(user, on=on)
    return list(with_ready(visible.with_state().with_people()))


def overview_of(user: User, today: dt.date) -> Overview:
    agreements = agreements_of(user, on=today)
    going_on = _by_key([one for one in agreements if _goes_on(one)], today)
    own = [_row(pair, user, going_on) for pair in pairs_of_employee(user, today)]
    led = [_row(pair, user, going_on) for pair in pairs_of_leader(user, today)]
    shown = {row.agreement.pk for row in [*own, *led] if row.agreement is not None}
    # What is left is between people who do not work together any more.
    left = [one for one in agreements if one.ended_at is None and one.pk not in shown]
    for one in sorted(left, key=lambda one: one.is_parted):
        (own if one.employee_id == user.pk else led).append(row_of(one, user))
    ended = [row_of(one, user) for one in agreements if one.ended_at is not None]
    for rows in (own, led):
        rows.sort(key=lambda row: not row.asks)
    return Overview(own, led, ended, _shared_with(user, today) if led else [])


def _goes_on(agreement: Agreement) -> bool:
    return agreement.ended_at is None and not agreement.is_parted


def _shared_with(user: User, today: dt.date) -> list[Share]:
    """What an employee lets their new leader read; asked for only for who leads somebody."""
    shares = Share.objects.visible_to(user, on=today).active().filter(with_user=user)
    return list(shares.with_people())


def without_agreement(pairs: list[Pair], user: User, *, on: dt.date) -> list[Pair]:
    """Those who can begin: two people have one open agreement in a unit."""
    going_on = Agreement.objects.visible_to(user, on=on).open().select_related("unit")
    under_way = _by_key(going_on, on)
    return [pair for pair in pairs if pair.key not in under_way]


def _by_key(agreements: Iterable[Agreement], on: dt.date) -> dict[str, Agreement]:
    """By the keys of pairs: in their own unit, and in what it has become where it has closed."""
    found = list(agreements)
    later = became((one.unit for one in found), on)
    return {
        f"{one.leader_id}-{one.employee_id}-{unit}": one
        for one in found
        for unit in (*later.get(one.unit_id, ()), one.unit_id)
    }


def _row(pair: Pair, user: User, going_on: dict[str, Agreement]) -> OverviewRow:
    other = pair.employee if pair.leader == user else pair.leader
    title = pair.title if pair.leader == user else ""
    agreement = going_on.get(pair.key)
    if agreement is None:
        return OverviewRow(other, pair.unit.name, title, pair=pair)
    return OverviewRow(other, pair.unit.name, title, agreement, tag=tag_for(agreement, user))


def row_of(agreement: Agreement, user: User) -> OverviewRow:
    """Return the row of an agreement from `agreements_of`."""
    other = agreement.counterpart_of(user)
    tag = tag_for(agreement, user)
    return OverviewRow(other, agreement.unit.name, "", agreement, tag=tag)
