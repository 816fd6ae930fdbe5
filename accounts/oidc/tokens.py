"""What must hold of an ID token before anybody is recognised by it (OpenID Connect Core, 3.1.3.7).

The token comes straight from the provider's own address over TLS, so that its signature need not
be checked besides (6 in the same list); production refuses a provider without TLS.
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

CLOCKS_APART = 60
"""Seconds that the provider's clock and ours may differ."""
LONGEST_SUBJECT = 120
"""With the issuer before it, it is to fit in the column that allauth keeps it in."""
LONGEST_UID = 191


def verified_claims(token: object, *, issuer: str, client_id: str) -> dict[str, Any]:
    """Return the claims of an ID token that this provider made for this portal, and just now.

    Raises OAuth2Error, which leads to our own page, for every other token and for none.
    """
    if not isinstance(token, str):
        raise OAuth2Error("The provider sent no ID token.")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            options={
                "verify_signature": False,
                "verify_aud": True,
                "verify_iss": True,
                "verify_exp": True,
                "verify_iat": True,
                "verify_nbf": True,
                "require": ["iss", "aud", "exp", "iat"],
            },
            audience=client_id,
            issuer=issuer,
            leeway=CLOCKS_APART,
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
        raise OAuth2Error("The ID token does not hold.") from error
    if claims["aud"] not in (client_id, [client_id]):
        raise OAuth2Error("The ID token was made for others as well.")
    if claims.get("azp", client_id) != client_id:
        raise OAuth2Error("The ID token was made for another.")
    return claims


def is_word(value: object, *, longest: int = LONGEST_SUBJECT) -> bool:
    """Something that names one person: text, not blank, without anything that is not seen."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= longest
        and value == value.strip()
        and value.isprintable()
    )


def uid_of(claims: dict[str, Any], subject_claim: str) -> str:
    """Return who the claims are about, for ever: the issuer, and the subject within it.

    With `oid`, which is Entra ID's own, its tenant must be that of the issuer. Raises OAuth2Error
    for whatever could be true of more than one person.
    """
    issuer, subject = claims.get("iss"), claims.get(subject_claim)
    if not is_word(issuer) or not is_word(subject):
        raise OAuth2Error(f"The ID token does not say who it is about ({subject_claim}).")
    if subject_claim == "oid":
        tenant = claims.get("tid")
        if not is_word(tenant) or str(tenant) not in str(issuer).split("/"):
            raise OAuth2Error("The ID token does not say which tenant it is of (tid).")
    uid = f"{issuer}|{subject}"
    if len(uid) > LONGEST_UID:
        raise OAuth2Error("The ID token names somebody at greater length than can be kept.")
    return uid
