"""Units are for everybody to see; roles and the trail for administrators of that part."""

from tests.access import Row, row
from tests.cast import Cast
from tests.people.import_runs import STOPPED, make_import_run


def urls(cast: Cast) -> list[Row]:
    run = make_import_run(stopped_by=[STOPPED])
    make_import_run(counts={"person_changed": 1})
    undoable = make_import_run(counts={"person_changed": 1}, keeps_changes=True)
    return [
        row("people:profile"),
        row("people:unit", cast.unit.pk),
        row("people:unit", 0, signed_in=404),
        row("people:roles", signed_in=403, administrator=200),
        row("people:staff_imports", signed_in=403, hr=200, administrator=200),
        row("people:staff_import", run.pk, signed_in=403, hr=200, administrator=200),
        *[
            row(
                "people:agree_to_import",
                run.pk,
                STOPPED["kind"],
                method=method,
                signed_in=404,
                hr=403,
                administrator=302,
            )
            for method in ("get", "post")
        ],
        *[
            row(
                "people:undo_import",
                undoable.pk,
                method=method,
                signed_in=404,
                hr=403,
                administrator=302,
            )
            for method in ("get", "post")
        ],
        row("people:audit", signed_in=403, administrator=200),
    ]
