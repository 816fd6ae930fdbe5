"""Missions are for everybody to read; the unit's leader writes them, and sees who has read."""

from tests.access import Row, row
from tests.cast import Cast
from tests.missions.factories import make_draft, make_mission


def urls(cast: Cast) -> list[Row]:
    published = make_mission(cast.unit, by=cast.manager)
    draft = make_draft(cast.unit)
    vacant = make_draft(cast.sibling_unit)
    written = {"signed_in": 404, "leader": 200}
    return [
        row("missions:mine"),
        row("missions:unit", cast.unit.pk),
        row("missions:unit", 0, signed_in=404),
        row("missions:for_unit", cast.unit.pk),
        row("missions:version", published.pk),
        row("missions:version", draft.pk, **written),
        row("missions:version", vacant.pk, signed_in=404, manager=200),
        row("missions:draft", cast.unit.pk, signed_in=405),
        row("missions:draft", cast.unit.pk, method="post", signed_in=403, leader=302),
        row("missions:draft", cast.sibling_unit.pk, method="post", signed_in=403, manager=302),
        row("missions:edit", draft.pk, **written),
        row("missions:edit", draft.pk, method="post", signed_in=404, leader=302),
        row("missions:edit", published.pk, signed_in=403, leader=302),
        row("missions:publish", draft.pk, **written),
        row("missions:publish", draft.pk, method="post", signed_in=404, leader=302),
        row("missions:publish", vacant.pk, signed_in=404, manager=200),
        row("missions:acknowledge", published.pk, signed_in=405),
        row(
            "missions:acknowledge",
            published.pk,
            method="post",
            signed_in=403,
            leader=302,
            employee=302,
        ),
        row("missions:readers", published.pk, signed_in=403, leader=200),
        row("missions:readers", draft.pk, signed_in=404),
    ]
