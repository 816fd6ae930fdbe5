"""Which field a column of a staff file holds, told by its heading."""

from __future__ import annotations

from common.text import clean_line


def folded(heading: str) -> str:
    """Return what two spellings of a heading have in common: «E-post:» and «epost», «Leder?»."""
    return "".join(sign for sign in clean_line(heading).casefold() if sign.isalnum())


def columns_by_heading(
    headings: dict[str, tuple[str, ...]], header: list[str]
) -> dict[str, list[int]]:
    """Return the columns that hold each field, all that share the surest heading of it."""
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(header):
        places.setdefault(folded(heading), []).append(place)
    found: dict[str, list[int]] = {}
    for field, known in headings.items():
        for heading in known:
            if columns := places.get(folded(heading)):
                found[field] = columns
                break
    return found
