"""A certificate as a digital badge: a signed credential of Open Badges 3.0, of its facts alone.

See docs/adr/0038-open-badges.md for what it is signed as, and why.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from openbadgeslib import ob3

from certificates.badge_issuer import NAME, issuer_did, method_id
from certificates.badge_key import BadgeKey
from certificates.snapshot import AttendedSession, CertificateFacts
from certificates.words import extent_in_words
from common import dates
from common.text import exportable
from evidence.canonical import canonical

CONTENT_TYPE: Final = "application/ld+json"
"""Of a badge and of a list of badges' status: files that any reader of JSON takes."""


@dataclass
class AttendanceBadge(ob3.OpenBadgeCredential):
    """The library's credential, with what the specification has and its fields have not."""

    language: str = ""
    sessions: tuple[AttendedSession, ...] = ()

    def to_vc(self) -> dict[str, Any]:
        content: dict[str, Any] = super().to_vc()
        subject = content["credentialSubject"]
        subject["achievement"]["inLanguage"] = self.language
        if self.sessions:
            subject["activityStartDate"] = _utc(min(one.starts_at for one in self.sessions))
            subject["activityEndDate"] = _utc(max(one.ends_at for one in self.sessions))
        return content


def signed_badge(
    facts: CertificateFacts,
    *,
    page_url: str,
    status: dict[str, Any],
    key: BadgeKey,
    now: dt.datetime,
) -> str:
    """Return the badge of a certificate as JSON-LD, in the language of its document.

    `page_url` is where anybody sees whether the certificate stands, and what the badge is known by;
    `status` its place in a list that programs read (`status_list.status_entry`).
    """
    with translation.override(facts.language):
        badge = _badge(facts, page_url=page_url, status=status)
    signer = ob3.OB3LdpSigner(key.private_pem, method_id(key.multikey))
    return json.dumps(signer.sign(badge, created=now), ensure_ascii=False, indent=2) + "\n"


def _badge(facts: CertificateFacts, *, page_url: str, status: dict[str, Any]) -> AttendanceBadge:
    title = _plain(facts.seminar_title)
    name = ob3.IdentityObject(identity_hash=_plain(facts.name), identity_type="name", hashed=False)
    return AttendanceBadge(
        id=page_url,
        name=_("Kursbevis: %(title)s") % {"title": title},
        issuer=ob3.Issuer(id=issuer_did(), name=NAME, url=urljoin(settings.SITE_URL, "/")),
        recipient_id=None,
        identifiers=[name],
        achievement=_achievement(facts, title),
        evidence=[ob3.Evidence(name=_("Registrert oppmøte"), narrative=_attendance(facts))],
        issuance_date=facts.issued_at,
        credential_status=[status],
        language=facts.language,
        sessions=facts.sessions,
    )


def _achievement(facts: CertificateFacts, title: str) -> ob3.Achievement:
    """What was achieved, the same for all who did: to come to this seminar, as it asked."""
    description = _("Seminar arrangert av %(unit)s.") % {"unit": _plain(facts.organiser)}
    criteria = {
        "whole": _("Var med på hele seminaret."),
        "came": _("Møtte på seminaret, på alt eller deler av det."),
    }[facts.rule]
    said = {"title": title, "description": description, "criteria": criteria}
    return ob3.Achievement(
        id=uuid.uuid5(uuid.NAMESPACE_URL, issuer_did() + canonical(said)).urn,
        name=title,
        description=description,
        criteria_narrative=criteria,
        achievement_type="Certificate",
    )


def _attendance(facts: CertificateFacts) -> str:
    """For how long they came, and to what, a line each."""
    return "\n".join([_plain(extent_in_words(facts)), *map(_line, facts.sessions)])


def _line(session: AttendedSession) -> str:
    when = _plain(dates.span(session.starts_at, session.ends_at))
    return f"{_plain(session.title)}, {when}" if session.title else when


def _plain(text: str) -> str:
    """Without controls: verifiers do not agree on how these are written before they are hashed."""
    return exportable(text).replace("\t", " ")


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
