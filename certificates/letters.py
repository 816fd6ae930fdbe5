"""What the room writes: the certificate is ready, stands in another's place, or is withdrawn."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from certificates.models import Certificate, ReplacementReason
from outbox.actions import queue_letter, take_back
from outbox.letters import absolute_url, render_letter

READY = "certificates.ready"
CORRECTED = "certificates.corrected"
WITHDRAWN = "certificates.withdrawn"


def ready(certificate: Certificate, *, now: dt.datetime) -> None:
    """Its document is sealed; where it stands in a corrected one's place, that is what it says."""
    older = certificate.replaces
    is_corrected = older is not None and older.replacement_reason == ReplacementReason.CORRECTED
    if older is not None:
        take_back(READY, CORRECTED, about=older, now=now)
    _queue(certificate, CORRECTED if is_corrected else READY, now=now)


def withdrawn(certificate: Certificate, *, now: dt.datetime) -> None:
    """Attendance no longer says that they came; nobody reads that it is ready after that."""
    take_back(READY, CORRECTED, about=certificate, now=now)
    _queue(certificate, WITHDRAWN, now=now)


def _queue(certificate: Certificate, kind: str, *, now: dt.datetime) -> None:
    to = certificate.user
    context = {
        "facts": certificate.facts,
        "own_url": absolute_url(reverse("certificates:own")),
        "record_url": absolute_url(reverse("attendance:my_record", args=[certificate.seminar_id])),
    }
    letter = render_letter(kind.replace(".", "/"), to=to, context=context)
    queue_letter(
        key=f"{kind}:{certificate.pk}",
        kind=kind,
        to=to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        about=certificate,
        now=now,
    )
