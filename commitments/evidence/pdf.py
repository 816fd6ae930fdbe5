"""The signed agreement as a document, made from its snapshot and its signatures alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import translation

from commitments.agreement_text import text_from
from commitments.evidence import snapshot
from commitments.evidence.signed_words import signed_words
from commitments.models import Method, Party, Revision, Signature
from common import dates
from evidence.canonical import canonical, sha256_of
from evidence.documents import Layout, set_document, set_whole
from evidence.seal import Seal
from outbox.letters import absolute_url

TEMPLATE = Path(__file__).resolve().parent / "typst" / "agreement.typ"

LAYOUT: Final = Layout(
    TEMPLATE,
    foot=56,
    exact=frozenset({"sha256", "fingerprint", "verify_url", "schema", "utc", "signed_on_iso"}),
    unbroken=frozenset({"names"}),
)

METHODS = {
    Method.PASSWORD: "passord",
    Method.TOTP: "engangskode fra app",
    Method.RECOVERY_CODES: "gjenopprettingskode",
    Method.WEBAUTHN: "passnøkkel",
    Method.CODE: "engangskode på e-post",
    Method.PROVIDER: "kommunens innlogging",
    Method.DEMO: "demodata: signert uten innlogging",
}
"""In the document's own language, which does not follow the reader's."""


def render_document(revision: Revision, seal: Seal | None = None) -> bytes:
    """The PDF of a signed revision, in bokmål: the archive's language, whoever asks for it.

    The same bytes each time for one `seal`, which is named in it and put on afterwards; a copy
    without one says so. Raises CannotBeSet rather than leave out a letter of what is signed.
    """
    signed_at = revision.signed_at
    if signed_at is None:
        raise ValueError("only a signed revision becomes a document")
    content = snapshot.read(revision)
    with translation.override("nb"):
        data = _data(revision, content, signed_at) | {"seal": _seal(seal)}
        return set_whole(LAYOUT, data, said=signed_words(content), made_at=signed_at)


def render_for_paper(revision: Revision) -> bytes:
    """What two have agreed to, with lines to sign on by hand. It is evidence of nothing yet."""
    agreed_at = revision.agreed_at
    if agreed_at is None:
        raise ValueError("only what is agreed to is signed on paper")
    return _for_paper(revision, snapshot.read(revision), agreed_at, set_whole)


def try_document(revision: Revision, content: dict[str, Any], *, now: dt.datetime) -> None:
    """Set what is about to be frozen, and keep nothing: what fails, fails before anybody signs.

    Raises CannotBeSet, as making the document would after they have.
    """
    _for_paper(revision, content, now, set_document)


def _for_paper(
    revision: Revision, content: dict[str, Any], at: dt.datetime, setting: Callable[..., bytes]
) -> bytes:
    with translation.override("nb"):
        data = _data(revision, content, at) | {"is_for_paper": True, "seal": None}
        # A draft has no hash of its own until it is frozen.
        data["sha256"] = data["sha256"] or sha256_of(canonical(content))
        return setting(LAYOUT, data, said=signed_words(content), made_at=at)


def _data(revision: Revision, content: dict[str, Any], signed_at: dt.datetime) -> dict[str, Any]:
    signatures = list(revision.signatures.order_by("-party"))
    return {
        **content,
        "names": [content[party]["name"] for party in Party.values],
        "is_for_paper": False,
        "is_signed_on_paper": any(one.is_on_paper for one in signatures),
        "signed_on": dates.long_date(signed_at),
        "signed_on_iso": dates.as_date(signed_at).isoformat(),
        **asdict(text_from(content)),
        "goals_heading": f"Mål {content['leader']['name']} har satt som leder",
        "sha256": revision.sha256,
        "events": _events(revision),
        "verify_url": absolute_url(reverse("commitments:verify")),
        "signatures": [_signature(one) for one in signatures],
    }


def _signature(signature: Signature) -> dict[str, str]:
    return {
        "name": signature.signer_name,
        "on_behalf_of": signature.on_behalf_of_name,
        "party": "leder" if signature.party == Party.LEADER else "medarbeider",
        "said": _said(signature),
    }


def _said(signature: Signature) -> str:
    day, method = dates.long_date(signature.signed_at), METHODS[Method(signature.method)]
    if signature.paper_signed_on is None:
        return f"Signert {day}, bekreftet med {method}"
    on_paper = dates.long_date(signature.paper_signed_on)
    return f"Signert på papir {on_paper}. Bekreftet i portalen {day} med {method}"


def _events(revision: Revision) -> list[dict[str, str]]:
    """From the proposal to the last signature, in the order they happened."""
    leader = revision.agreement.leader_id
    steps = [
        (revision.proposed_at, "Foreslått av lederen", revision.proposed_by_id),
        (revision.agreed_at, "Godtatt av lederen", revision.agreed_by_id),
    ]
    told = [
        (at, what if by == leader else what.replace("lederen", "medarbeideren"))
        for at, what, by in steps
        if at is not None
    ]
    for one in revision.signatures.order_by("signed_at", "pk"):
        told.append((one.signed_at, _deed(one)))
    return [{"what": what, "oslo": oslo_time(at), "utc": utc_time(at)} for at, what in told]


def _deed(signature: Signature) -> str:
    method, who = METHODS[Method(signature.method)], signature.signer_name
    if signature.on_behalf_of_name:
        who = f"{who}, stedfortreder for {signature.on_behalf_of_name}"
    if signature.is_on_paper:
        return f"{who} bekreftet å ha signert på papir, med {method}"
    return f"Signert av {who}, bekreftet med {method}"


def _seal(seal: Seal | None) -> dict[str, str] | None:
    if seal is None:
        return None
    return {
        "name": seal.name,
        "issuer": "" if seal.is_self_signed else seal.certificate.issuer.rfc4514_string(),
        "fingerprint": seal.fingerprint,
        "timestamped_by": urlsplit(seal.timestamp_url).hostname or "",
    }


def oslo_time(moment: dt.datetime) -> str:
    """«24.11.2026 kl. 13.03.11 (CET)»: the zone named, for an hour comes twice in October."""
    local = dates.local(moment)
    return f"{local:%d.%m.%Y} kl. {local:%H.%M.%S} ({local:%Z})"


def utc_time(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
