"""Who gets what at the URLs about certificates."""

from __future__ import annotations

from certificates.numbers import grouped, new_key, new_number
from seminars.models import SeminarState
from tests.access import Row, row
from tests.cast import Cast
from tests.certificates.factories import make_came, make_certificate, make_held
from tests.seminars.factories import make_seminar


def urls(cast: Cast) -> list[Row]:
    """One of the employee's own, one that they may get, and the desk of what was held."""
    own = make_certificate(cast, cast.employee, seal=True, title="Sett og hørt")
    unsealed = make_certificate(cast, cast.employee, title="Uten segl ennå")
    to_get = make_held(cast, title="Verd et bevis")
    make_came(to_get, cast.employee, by=cast.organiser)
    draft = make_seminar(cast.other_agency, created_by=cast.organiser, state=SeminarState.DRAFT)
    number = grouped(own.number)
    mine = {"signed_in": 404, "employee": 200}
    press = {"signed_in": 404, "employee": 302, "method": "post"}
    desk = {"signed_in": 403, "organiser": 200}
    settled = {"rule": "came", "minutes": "1,5", "is_automatic": "on"}
    open_to_all = {"anonymous": 200}
    return [
        row("certificates:start", **open_to_all),
        row(
            "certificates:start",
            data={"number": number},
            method="post",
            signed_in=302,
            anonymous=302,
        ),
        row("certificates:start", data={"number": "nei"}, method="post", **open_to_all),
        row("certificates:check", number, **open_to_all),
        row("certificates:check", number, data={"key": new_key()}, method="post", **open_to_all),
        row("certificates:check", new_number(), signed_in=404, anonymous=404),
        row("certificates:own"),
        row("certificates:document", own.pk, **mine),
        row("certificates:document", unsealed.pk, signed_in=404),
        row("certificates:badge", own.pk, **mine),
        row("certificates:badge", unsealed.pk, **mine),
        row("certificates:badge_status", own.badge_status.list_number, **open_to_all),
        row("certificates:badge_status", 10**9, signed_in=404, anonymous=404),
        row("certificates:badge_issuer", **open_to_all),
        row("certificates:renew", own.pk, **press),
        row("certificates:get", to_get.pk, signed_in=302, method="post"),
        row("certificates:get", draft.pk, signed_in=404, organiser=302, method="post"),
        row("certificates:desk", to_get.pk, **desk),
        row("certificates:desk", draft.pk, signed_in=404, organiser=200),
        row(
            "certificates:desk",
            to_get.pk,
            data=settled,
            method="post",
            signed_in=403,
            organiser=302,
        ),
        row("certificates:issue", to_get.pk, **desk),
        row("certificates:issue", to_get.pk, method="post", signed_in=403, organiser=302),
    ]
