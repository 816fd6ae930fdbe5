"""Reports are for whoever holds the HR role, of the units it is held on."""

from tests.access import Row, row
from tests.cast import Cast
from tests.seminars.factories import make_seminar


def urls(cast: Cast) -> list[Row]:
    seminar = make_seminar(cast.municipality, created_by=cast.organiser)
    draft = make_seminar(cast.municipality, created_by=cast.organiser, state="draft")
    for_hr = {"signed_in": 403, "hr": 200}
    return [
        row("reports:participation", **for_hr),
        row("reports:participation_csv", **for_hr),
        row("reports:participation_xlsx", **for_hr),
        row("reports:agency", cast.agency.pk, **for_hr),
        row("reports:agency", cast.other_agency.pk, signed_in=403, hr=404),
        row("reports:agency", cast.department.pk, signed_in=403, hr=404),
        row("reports:seminar", seminar.pk, **for_hr),
        row("reports:seminar", draft.pk, signed_in=403, hr=404),
        row("reports:participation", method="post", signed_in=405),
    ]
