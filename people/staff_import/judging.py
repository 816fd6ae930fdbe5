"""A plan is summed up and judged before it is kept: damage on the way changes much at once.

A file that was cut short looks like one where many have left, one without a column like one where
nobody leads, one that was shifted like one where everybody is renamed. What has been written is
taken back when a kind of change is beyond its limit, until somebody accepts that kind.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.numbers import NO_BREAK, number
from people.models import Leadership, Level, Position, Unit
from people.staff_import.changes import Changes, JudgedKind
from people.staff_import.faults import ImportStopped, UnreadColumns

K = JudgedKind
KIND_LABELS: dict[JudgedKind, Promise] = {
    K.PEOPLE_ADDED: gettext_lazy("Nye personer"),
    K.PEOPLE_ENDED: gettext_lazy("Personer som slutter"),
    K.PEOPLE_RENAMED: gettext_lazy("Personer som får nytt navn"),
    K.PEOPLE_LOOK_ALIKE: gettext_lazy("Nye personer som ligner noen med et annet HR-nummer"),
    K.ADDRESSES_CHANGED: gettext_lazy("Personer som får ny e-postadresse"),
    K.ADDRESSES_REMOVED: gettext_lazy("Personer som mister e-postadressen og ikke kan logge inn"),
    K.ADDRESSES_MOVED: gettext_lazy("E-postadresser som går fra én person til en annen"),
    K.POSITIONS_ENDED: gettext_lazy("Stillinger som avsluttes"),
    K.FIRST_DAYS_CHANGED: gettext_lazy("Stillinger som får en annen første dag"),
    K.LEADERS_ENDED: gettext_lazy("Enheter som mister lederen"),
    K.LEADERS_REPLACED: gettext_lazy("Enheter som får en annen leder"),
    K.UNITS_MOVED: gettext_lazy("Enheter som flyttes"),
    K.UNITS_RENAMED: gettext_lazy("Enheter som får nytt navn"),
    K.UNITS_ENDED: gettext_lazy("Enheter som avsluttes"),
    K.LEVELS_CHANGED: gettext_lazy("Enheter som får et annet nivå"),
    K.TOP_UNITS_ADDED: gettext_lazy("Kommuner i tillegg til den øverste enheten"),
}


@dataclass(frozen=True)
class Limit:
    """So many may change in one run: a share of what there is, and always a few."""

    percent: float
    few: int

    def allows(self, count: int, of: int) -> bool:
        return count <= max(self.few, of * self.percent / 100)


LIMITS: dict[JudgedKind, Limit] = {
    K.PEOPLE_ADDED: Limit(10, 50),
    K.PEOPLE_ENDED: Limit(5, 25),
    K.PEOPLE_RENAMED: Limit(5, 25),
    K.PEOPLE_LOOK_ALIKE: Limit(0.5, 10),
    K.ADDRESSES_CHANGED: Limit(5, 25),
    # Whoever has none is shut out.
    K.ADDRESSES_REMOVED: Limit(1, 10),
    K.ADDRESSES_MOVED: Limit(0.5, 10),
    K.POSITIONS_ENDED: Limit(5, 25),
    K.FIRST_DAYS_CHANGED: Limit(5, 25),
    K.LEADERS_ENDED: Limit(5, 10),
    K.LEADERS_REPLACED: Limit(5, 10),
    K.UNITS_MOVED: Limit(5, 10),
    K.UNITS_RENAMED: Limit(5, 10),
    K.UNITS_ENDED: Limit(5, 10),
    # There are few agencies among the units, and everything below them counts on them.
    K.LEVELS_CHANGED: Limit(0.5, 5),
    K.TOP_UNITS_ADDED: Limit(0, 0),
}


def limits() -> dict[JudgedKind, Limit]:
    """Return the limits of the kinds, with those of the settings: «leaders_ended=5/10»."""
    return LIMITS | {
        _kind_of(name): _limit_of(name, said) for name, said in settings.STAFF_IMPORT_LIMITS.items()
    }


def _kind_of(name: str) -> JudgedKind:
    try:
        return JudgedKind(name)
    except ValueError:
        raise ImproperlyConfigured(f"STAFF_IMPORT_LIMITS: there is no {name!r}") from None


def _limit_of(name: str, said: str) -> Limit:
    percent, _slash, few = said.partition("/")
    try:
        return Limit(float(percent), int(few))
    except ValueError:
        raise ImproperlyConfigured(
            f"STAFF_IMPORT_LIMITS: {name}={said} is not a percentage and a number, as in 5/10"
        ) from None


def sentence(kind: JudgedKind, count: int, of: int, limit: Limit) -> str:
    """Return how much of a kind would change, of what there is, and what the limit is."""
    numbers = {
        "kind": KIND_LABELS[kind],
        "count": number(count),
        "of": number(of),
        "share": _share(100 * count / max(of, count)),
        "percent": _share(limit.percent),
        "few": number(limit.few),
    }
    return (
        _("%(kind)s: %(count)s av %(of)s (%(share)s). Grensen er %(percent)s, og %(few)s uansett.")
        % numbers
    )


@dataclass(frozen=True)
class JudgedChange:
    """How much of one kind a run would change."""

    kind: JudgedKind
    count: int
    of: int
    """Of how many that there are."""
    digest: str
    """Of what they are, so that one file's changes are not taken for another's."""

    def exceeds(self, limit: Limit) -> bool:
        """Where there was nothing before, everything is new and nothing is unlikely."""
        is_first = self.of == 0 and self.kind is not JudgedKind.TOP_UNITS_ADDED
        return not is_first and not limit.allows(self.count, self.of)

    def told(self, limit: Limit) -> str:
        told = sentence(self.kind, self.count, self.of, limit)
        advice = _("Er det riktig, godta det med %(option)s.") % {
            "option": f"--accept {self.kind.value}"
        }
        return f"{told} {advice}"


@dataclass(frozen=True)
class StaffImportPlan:
    """What a run would change, summed up by the kinds that are judged."""

    changes: tuple[JudgedChange, ...]

    def beyond(self, accepted: Collection[JudgedKind] = ()) -> list[JudgedChange]:
        """What is more than its limit and is not accepted."""
        allowed = limits()
        return [
            change
            for change in self.changes
            if change.kind not in accepted and change.exceeds(allowed[change.kind])
        ]

    def judge(
        self,
        accepted: Collection[JudgedKind],
        agreed: Collection[tuple[JudgedKind, str]],
        *,
        unread_columns: UnreadColumns = (),
    ) -> None:
        """Raise ImportStopped if a kind is beyond its limit, and neither accepted nor agreed to.

        It names `unread_columns` too: one of them may be why. `agreed` holds digests: what somebody
        has seen and accepted is accepted as it was.
        """
        stopped = [one for one in self.beyond(accepted) if (one.kind, one.digest) not in agreed]
        if stopped:
            allowed = limits()
            told = [change.told(allowed[change.kind]) for change in stopped]
            raise ImportStopped(told, stopped, unread_columns)


class BeforeImport:
    """What there was on the day, before the run."""

    def __init__(self, on: dt.date) -> None:
        self._on = on
        self._tops = self._open_tops()
        units = Unit.objects.valid_on(on).count()
        positions = Position.objects.valid_on(on).filter(user__hr_id__isnull=False)
        people = positions.order_by().values("user").distinct().count()
        leaders = Leadership.objects.valid_on(on).count()
        self._counts = {
            **dict.fromkeys(
                [K.UNITS_MOVED, K.UNITS_RENAMED, K.UNITS_ENDED, K.LEVELS_CHANGED], units
            ),
            **dict.fromkeys([K.LEADERS_ENDED, K.LEADERS_REPLACED], leaders),
            **dict.fromkeys([K.POSITIONS_ENDED, K.FIRST_DAYS_CHANGED], positions.count()),
            K.TOP_UNITS_ADDED: len(self._tops),
        }
        self._people = people

    def sum_up(self, changes: Changes) -> StaffImportPlan:
        self._find_new_tops(changes)
        return StaffImportPlan(
            tuple(
                JudgedChange(kind, len(what), self._counts.get(kind, self._people), _digest(what))
                for kind, what in changes.judged()
            )
        )

    def _find_new_tops(self, changes: Changes) -> None:
        tops = self._open_tops()
        if len(tops) > max(1, len(self._tops)):
            for hr_id in sorted(tops - self._tops)[0 if self._tops else 1 :]:
                changes.judge(JudgedKind.TOP_UNITS_ADDED, hr_id)

    def _open_tops(self) -> set[str]:
        tops = Unit.objects.valid_on(self._on).filter(level=Level.MUNICIPALITY)
        return set(tops.values_list("hr_id", flat=True))


def _share(value: float) -> str:
    return f"{number(Decimal(f'{value:.3g}'))}{NO_BREAK}%"


def _digest(what: Collection[str]) -> str:
    return hashlib.sha256("\n".join(sorted(what)).encode()).hexdigest()
