"""How figures are written: «1 234,5» and «42 %», held together by no-break spaces."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

NO_BREAK = "\N{NO-BREAK SPACE}"


def number(value: float | Decimal, decimals: int | None = None) -> str:
    """«1 234,5»; with `decimals`, exactly that many, half rounded up as people do."""
    exact = Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return str(number_format(exact, decimals, use_l10n=True, force_grouping=True))


def percent(value: float | Decimal, decimals: int = 0) -> str:
    """«42 %» of a value that is already in hundredths (42, not 0.42)."""
    return f"{number(value, decimals)}{NO_BREAK}%"


def share(part: int, whole: int) -> str:
    """«42 %» of the whole; «–» where there is nothing to take a share of."""
    return percent(Decimal(100 * part) / whole) if whole else "–"
