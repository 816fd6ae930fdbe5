"""How and when the person in this browser proved who they are, by the sign-in's own record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from commitments.models import Method
from commitments.signing.actions import Proof


def fresh_proof(request: HttpRequest, now: dt.datetime) -> Proof | None:
    """The newest confirmation in this session that is fresh enough to sign with, as recorded.

    Signing in does not count, only confirming since: a browser left open is not a signature. None
    when there is no such record, also when it is of a kind that we do not know: a method is never
    guessed.
    """
    for record in reversed(get_authentication_records(request, request.user)):
        proof = _proof(record)
        if proof is not None and proof.is_fresh(now):
            return proof
    return None


ACCEPTED = set(Method.values) - {Method.DEMO}


def _proof(record: dict[str, Any]) -> Proof | None:
    name = record.get("type") if record.get("method") == "mfa" else record.get("method")
    if not record.get("reauthenticated") or name not in ACCEPTED or "at" not in record:
        return None
    return Proof(Method(name), dt.datetime.fromtimestamp(record["at"], tz=dt.UTC))
