"""Whether badges still stand, as programs ask: one bit for each, in signed lists that name nobody.

W3C Bitstring Status List 1.0. A list has room for so many that whoever reads it for one badge tells
nobody which: docs/adr/0038-open-badges.md.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Final

from openbadgeslib import ob3

from certificates.badge_issuer import issuer_did, method_id
from certificates.badge_key import BadgeKey
from certificates.models import LIST_SIZE, BadgeStatus

PURPOSE: Final = "revocation"
GOOD_FOR: Final = dt.timedelta(days=1)
"""How long a copy may stand in for the list: a badge that was taken back is not shown as good by an
old one for longer."""
ASKED_AGAIN: Final = dt.timedelta(minutes=5)


def status_entry(list_url: str, index: int) -> dict[str, Any]:
    """Return what a badge says of where its status is found: the list, and its place in it."""
    entry: dict[str, Any] = ob3.status_entry(list_url, PURPOSE, index)
    return entry


def ended_in_list(number: int) -> list[int] | None:
    """Return the places in a list whose badge no longer stands; None where there is no list."""
    places = BadgeStatus.objects.of_list(number)
    return places.ended().indexes() if places.exists() else None


def signed_list(list_url: str, ended: Iterable[int], *, key: BadgeKey, now: dt.datetime) -> str:
    """Return the list in which the bits of these places say that the badge no longer stands."""
    begins = now.replace(second=0, microsecond=0)  # a verifier's clock may be seconds behind
    content = ob3.build_status_list_credential(
        issuer_did(),
        list_url,
        PURPOSE,
        ended,
        size_bits=LIST_SIZE,
        issued=begins,
        valid_until=begins + GOOD_FOR,
        ttl=int(ASKED_AGAIN / dt.timedelta(milliseconds=1)),
    )
    signed = ob3.add_data_integrity_proof(
        content, key.private_pem, method_id(key.multikey), created=now
    )
    return json.dumps(signed, indent=2) + "\n"
