from outbox.images import LetterImage
from outbox.models import LetterState
from outbox.unsubscribe import unsubscribe_url
from tests.access import Row, row
from tests.cast import Cast
from tests.outbox.factories import make_letter
from tests.outbox.parts import DOT, invitation


def urls(cast: Cast) -> list[Row]:
    letter = make_letter(
        cast.employee,
        calendar=invitation(cast.employee),
        images=[LetterImage(png=DOT, alt="Prikk")],
    )
    failed = make_letter(cast.employee, state=LetterState.FAILED)
    token = unsubscribe_url(cast.employee).rstrip("/").rpartition("/")[2]
    return [
        row("outbox:mine"),
        row("outbox:detail", letter.pk, signed_in=404, employee=200),
        row("outbox:calendar_file", letter.pk, signed_in=404, employee=200),
        row("outbox:image", letter.pk, 1, signed_in=404, employee=200),
        row("outbox:reminders", signed_in=405),
        row("outbox:reminders", method="post", data={"wanted": "no"}, signed_in=302),
        row("outbox:unsubscribe", token, anonymous=200),
        row("outbox:unsubscribe", token, method="post", anonymous=200),
        row("outbox:failed", signed_in=403, administrator=200),
        row("outbox:retry", failed.pk, signed_in=405),
        row("outbox:retry", failed.pk, method="post", signed_in=403, administrator=302),
        *[
            row(name, method=method, signed_in=403, administrator=status)
            for name in ("outbox:retry_all", "outbox:release", "outbox:discard")
            for method, status in (("get", 200), ("post", 302))
        ],
    ]
