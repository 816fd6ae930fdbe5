"""Units are for everybody to see; roles and the trail for administrators of that part."""

from people.models import Role
from tests.access import Row, row
from tests.cast import Cast
from tests.factories import make_role


def urls(cast: Cast) -> list[Row]:
    grant = make_role(cast.stranger, Role.HR, cast.other_unit)
    given = {"email": cast.leader.email, "role": "organiser", "valid_from": "2099-01-01"}
    return [
        row("people:profile"),
        row("people:unit", cast.unit.pk),
        row("people:unit", 0, signed_in=404),
        row("people:roles", signed_in=403, administrator=200),
        row("people:audit", signed_in=403, administrator=200),
        row("people:grant_role", cast.unit.pk, signed_in=403, administrator=200),
        row(
            "people:grant_role",
            cast.unit.pk,
            method="post",
            data=given,
            signed_in=403,
            administrator=302,
        ),
        row("people:end_role", grant.pk, signed_in=404, administrator=200),
        row("people:end_role", grant.pk, method="post", signed_in=404, administrator=302),
    ]
