"""Units are for everybody to see; roles and the trail for administrators of that part."""

from tests.access import Row, row
from tests.cast import Cast


def urls(cast: Cast) -> list[Row]:
    return [
        row("people:profile"),
        row("people:unit", cast.unit.pk),
        row("people:unit", 0, signed_in=404),
        row("people:roles", signed_in=403, administrator=200),
        row("people:audit", signed_in=403, administrator=200),
    ]
