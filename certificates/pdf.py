"""The certificate as a document, made from its snapshot alone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import segno
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from certificates.numbers import grouped
from certificates.snapshot import AttendedSession, CertificateFacts
from certificates.words import days_in_words, extent_in_words
from common import dates
from evidence.documents import Layout, set_whole
from evidence.seal import Seal
from outbox.letters import absolute_url

TEMPLATE: Final = Path(__file__).resolve().parent / "typst" / "certificate.typ"

LAYOUT: Final = Layout(
    TEMPLATE,
    foot=40,
    exact=frozenset({"number", "key", "qr", "verify_url", "fingerprint", "language", "issued_on"}),
)


def render_certificate(facts: CertificateFacts, *, key: str, seal: Seal) -> bytes:
    """Return the PDF of a certificate, in the language it was issued in.

    The name key stands on it, in the QR code's address behind «#» and in words: what is behind «#»
    no browser sends, so that no log holds it. Raises CannotBeSet rather than leave out a letter.
    """
    with translation.override(facts.language):
        data = _data(facts, key, seal)
        said = [facts.name, facts.seminar_title, facts.organiser]
        said += [session.title for session in _listed(facts) if session.title]
        return set_whole(LAYOUT, data, said=said, made_at=facts.issued_at)


def _data(facts: CertificateFacts, key: str, seal: Seal) -> dict[str, Any]:
    url = absolute_url(reverse("certificates:check", args=[grouped(facts.number)]))
    return {
        "language": facts.language,
        "name": facts.name,
        "title": facts.seminar_title,
        "organiser": facts.organiser,
        "days": days_in_words(facts.days),
        "extent": extent_in_words(facts),
        "sessions": [_session(session) for session in _listed(facts)],
        "issued_on": dates.as_date(facts.issued_at).isoformat(),
        "number": grouped(facts.number),
        "key": grouped(key),
        "verify_url": url,
        "qr": _qr(f"{url}#{grouped(key)}"),
        "fingerprint": seal.fingerprint,
        "said": _said(facts, seal, url),
    }


def _listed(facts: CertificateFacts) -> tuple[AttendedSession, ...]:
    """One session of a whole seminar says nothing that the day does not."""
    return () if facts.is_whole and len(facts.sessions) == 1 else facts.sessions


def _session(session: AttendedSession) -> dict[str, str]:
    return {"title": session.title, "when": dates.span(session.starts_at, session.ends_at)}


def _said(facts: CertificateFacts, seal: Seal, url: str) -> dict[str, str]:
    """The document's own words, for the template has none."""
    stamp = urlsplit(seal.timestamp_url).hostname
    sealed = _(
        "Dokumentet er forseglet av %(seal)s med en digital signatur (PAdES). Blir noe endret, "
        "holder ikke seglet."
    ) % {"seal": seal.name}
    if stamp:
        sealed += " " + _("Tidspunktet går %(stamp)s god for.") % {"stamp": stamp}
    return {
        "heading": pgettext("the document", "Kursbevis"),
        "attended": _("har deltatt på"),
        "organised_by": _("Arrangert av"),
        "when": _("Når"),
        "extent": _("Omfang"),
        "sessions": _("Samlinger"),
        "issued": _("Utstedt"),
        "issued_on": dates.long_date(facts.issued_at),
        "check": _("Kontroller kursbeviset"),
        "how": _(
            "Skann koden, eller gå til adressen. Der står det om beviset er gyldig. Navnet vises "
            "bare for den som også har navnekoden."
        ),
        "number": _("Nummer"),
        "key": _("Navnekode"),
        "qr": _("QR-kode som leder til %(url)s") % {"url": url},
        "sealed": sealed,
        "numbers": _(
            "Noen tegn kan ikke vises med skriftene dokumentet er satt med. De står som nummeret "
            "sitt i Unicode, slik: [U+263A]."
        ),
        "page": _("Side"),
    }


def _qr(address: str) -> str:
    """As an SVG file, whose shapes stay shapes in the document."""
    file = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        file, kind="svg", scale=4, border=2, dark="#2a2859", light=None
    )
    return file.getvalue().decode("utf-8")
