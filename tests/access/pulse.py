"""Whoever answers for the unit opens and reads a pulse; those who are asked answer it."""

from tests.access import Row, row
from tests.cast import Cast
from tests.pulse.factories import make_pulse


def urls(cast: Cast) -> list[Row]:
    pulse = make_pulse(cast, colleagues=4)
    led = {"leader": 302, "employee": 403}
    return [
        row("pulse:pulse", cast.unit.pk, signed_in=403, leader=200),
        row("pulse:pulse", cast.sibling_unit.pk, signed_in=403, manager=200),
        row("pulse:open_pulse", cast.unit.pk, signed_in=403, leader=200),
        row("pulse:open_pulse", cast.unit.pk, method="post", signed_in=403, leader=200),
        row("pulse:answer_pulse", pulse.pk, signed_in=404, employee=200),
        row("pulse:answer_pulse", pulse.pk, method="post", signed_in=404, employee=200),
        row("pulse:settle_pulse", pulse.pk, signed_in=405),
        row("pulse:settle_pulse", pulse.pk, method="post", signed_in=404, **led),
        row("pulse:note_conversation", pulse.pk, signed_in=405),
        row("pulse:note_conversation", pulse.pk, method="post", signed_in=404, **led),
    ]
