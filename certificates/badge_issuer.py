"""Who issues the digital badges: a did:web of the portal's own address, with the keys it has had.

A verifier that meets `did:web:leder.example.org` reads
`https://leder.example.org/.well-known/did.json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from openbadgeslib.ob3 import did_web_from_url

CONTEXTS: Final = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
NAME: Final = "Oslo kommune, Lederportalen"


def issuer_did() -> str:
    """Return the portal's DID, which leads to HTTPS even where the portal is a demo on HTTP."""
    return str(did_web_from_url(f"https://{urlsplit(settings.SITE_URL).netloc}"))


def method_id(multikey: str) -> str:
    """Return what a proof names its key by: the key itself, so that none is taken for another."""
    return f"{issuer_did()}#{multikey}"


def did_document(multikeys: Iterable[str]) -> dict[str, Any]:
    """Return the document that the DID leads to: the keys that badges are signed with."""
    methods = [
        {
            "id": method_id(multikey),
            "type": "Multikey",
            "controller": issuer_did(),
            "publicKeyMultibase": multikey,
        }
        for multikey in multikeys
    ]
    return {
        "@context": CONTEXTS,
        "id": issuer_did(),
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
