"""How and when the person in this browser proved who they are, by the sign-in's own record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from commitments.actions import Proof
from commitments.models import Method

BY_SIGNING_IN = {Method.CODE, Method.PROVIDER}
"""What one can only do by signing in anew; a password or a passkey is asked for in the session."""


def fresh_proof(request: HttpRequest, now: dt.datetime) -> Proof | None:
    """The newest proof in this session that is fresh enough to sign with, exactly as recorded.

    None when there is no such record, also when it is of a kind that we do not know: a method is
    never guessed. Whoever can confirm in the session (password, app, passkey) must have done so
    since signing in; signing in anew counts only for those who have no such means.
    """
    has_means = bool(means_to_confirm(request))
    for record in reversed(get_authentication_records(request, request.user)):
        proof = _proof(record)
        if proof is None or not proof.is_fresh(now):
            continue
        if record.get("reauthenticated") or (not has_means and proof.method in BY_SIGNING_IN):
            return proof
    return None


def means_to_confirm(request: HttpRequest) -> list[dict[str, Any]]:
    """Password, app or passkey: what this person can be asked for without signing in anew."""
    methods: list[dict[str, Any]] = get_adapter().get_reauthentication_methods(request.user)
    return methods


def _proof(record: dict[str, Any]) -> Proof | None:
    name = record.get("type") if record.get("method") == "mfa" else record.get("method")
    if name not in Method.values or name == Method.DEMO or "at" not in record:
        return None
    return Proof(Method(name), dt.datetime.fromtimestamp(record["at"], tz=dt.UTC))
