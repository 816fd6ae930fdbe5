"""Who gets what at every URL. One module a room, `tests/access/<app>.py`, each with

    def urls(cast: Cast) -> list[Row]:
        seminar = make_seminar(organiser_unit=cast.municipality)
        return [
            row("seminars:list"),
            row("seminars:detail", seminar.pk),
            row("seminars:edit", seminar.pk, signed_in=403, organiser=200),
            row("seminars:publish", seminar.pk, method="post", signed_in=403, organiser=302),
        ]

`signed_in` is the status for everybody in the cast who is not named (200 if left out); anonymous
people are sent to the sign-in page unless `anonymous=` says otherwise. Every row is asked by every
kind of user, in a savepoint that is rolled back, so rows do not see each other's writes. A URL that
changes something has a row for its POST; add one for its GET too where it answers GET.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cast import KINDS

LOGIN = "to the sign-in page"
"""Expected instead of a status: a redirect to where one signs in."""


@dataclass(frozen=True)
class Row:
    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    method: str
    data: Mapping[str, Any]
    expected: Mapping[str, int | str] = field(default_factory=dict)


def row(
    name: str,
    *args: Any,
    method: str = "get",
    data: Mapping[str, Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    anonymous: int | str = LOGIN,
    signed_in: int | str = 200,
    **exceptions: int | str,
) -> Row:
    unknown = set(exceptions) - set(KINDS)
    assert not unknown, f"nobody in the cast is called {unknown}"
    expected = {"anonymous": anonymous} | dict.fromkeys(KINDS, signed_in) | exceptions
    return Row(name, args, kwargs or {}, method, data or {}, expected)
