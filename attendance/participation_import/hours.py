"""How long something lasted, as lists write it: «1,5», «1:30», «7,5 t», «90 min»."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_HOUR = r"(?:(?:t|tim|time|timer|h|hr|hrs|hour|hours)\.?)"
_MINUTE = r"(?:(?:m|min|minutt|minutter|mins|minute|minutes)\.?)"
_DECIMAL = re.compile(rf"(-?)(\d{{1,5}}(?:[.,]\d{{1,6}})?){_HOUR}?")
_CLOCK = re.compile(rf"(-?)(\d{{1,4}}):([0-5]\d)(?::[0-5]\d)?{_HOUR}?")
_PARTS = re.compile(rf"(-?)(\d{{1,4}}){_HOUR}(?:og)?(\d{{1,2}}){_MINUTE}")
_MINUTES = re.compile(rf"(-?)(\d{{1,5}}){_MINUTE}")
HALF = "½"


def read_minutes(value: str) -> int | None:
    """Return the minutes, fewer than none for hours below nought; None for what is no duration."""
    written = "".join(value.casefold().split()).replace("−", "-").replace("–", "-")
    if HALF in written:
        before, _half, after = written.partition(HALF)
        written = f"{before or '0'},5{after}"
    if found := _CLOCK.fullmatch(written) or _PARTS.fullmatch(written):
        minutes = int(found[2]) * 60 + int(found[3])
    elif found := _MINUTES.fullmatch(written):
        minutes = int(found[2])
    elif found := _DECIMAL.fullmatch(written):
        exact = Decimal(found[2].replace(",", ".")) * 60
        minutes = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    else:
        return None
    return -minutes if found[1] else minutes
