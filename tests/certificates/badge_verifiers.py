"""Two verifiers of badges that others have written: what one makes up, the other finds out."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, verify_data_integrity_proof
from openbadgeslib.ob3.did import resolve_verification_method

SCRIPT = Path(__file__).with_name("verify_badges.mjs")
STANDS = {"valid_signature": True, "revocation_status": True, "expiration": True}
"""What verifier-core says of a badge that stands, but for the registries it knows of."""


@dataclass(frozen=True)
class SecondOpinion:
    """What `@digitalcredentials/verifier-core` found of a badge."""

    steps: dict[str, Any]
    errors: list[str]

    @property
    def stands(self) -> bool:
        return not self.errors and STANDS.items() <= self.steps.items()


def second_opinions(
    badges: Sequence[Mapping[str, Any]], documents: Mapping[str, str]
) -> list[SecondOpinion]:
    """Return what verifier-core says of each badge; `documents` is all there is to be fetched."""
    of_the_venv = Path(sys.prefix, "bin", "node")
    node = str(of_the_venv) if of_the_venv.exists() else shutil.which("node")
    assert node, "script/setup --dev brings one"
    ran = subprocess.run(
        [node, SCRIPT],
        input=json.dumps({"badges": list(badges), "documents": dict(documents)}),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return [SecondOpinion(**found) for found in json.loads(ran.stdout)["found"]]


def refusal(badge: str | Mapping[str, Any], documents: Mapping[str, str], did: str) -> str | None:
    """Return why openbadgeslib refuses a badge of this issuer; None if it takes it.

    The list of statuses is judged by its own proof: the library itself reads that only where the
    list is a JWT, which verifier-core does not take.
    """

    def download(url: str) -> bytes:
        return documents[url].encode()

    try:
        credential = OB3LdpVerifier.for_issuer_did(did).verify(
            badge if isinstance(badge, str) else dict(badge),
            check_status=True,
            download=download,
            verify_status_list=False,
        )
        for entry in credential.credential_status:
            listed = json.loads(documents[entry["statusListCredential"]])
            assert listed["issuer"] == credential.issuer.id
            method = listed["proof"]["verificationMethod"]
            pem = resolve_verification_method(method, download=download)
            verify_data_integrity_proof(listed, pem)
    except OB3VerificationError as error:
        return str(error)
    return None
