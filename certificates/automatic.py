"""Issuing by itself, the day after."""

from __future__ import annotations

import datetime as dt
import logging

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from attendance.models import SessionAttendance
from certificates.issuing import issue_certificates
from certificates.models import CertificateRule
from common.dates import OSLO
from seminars.models import Seminar, SeminarQuerySet, Session

logger = logging.getLogger(__name__)

LOOKS_BACK = dt.timedelta(days=14)
"""So long attendance that is recorded late still leads to certificates by itself; and no longer, so
that the portal's first night writes to nobody about seminars of other years."""


def issue_due_certificates(*, now: dt.datetime) -> int:
    """Issue what is due of each seminar that ended on a day before today; answers with how many.

    Each seminar in a transaction of its own, which claims it: two that run at once issue nothing
    twice. One that fails is logged, and tried again tomorrow.
    """
    done = 0
    for seminar in due_seminars(now):
        try:
            done += len(issue_certificates(seminar=seminar, by=None, now=now))
        except Exception:
            logger.exception("The certificates of seminar %s were not issued.", seminar.pk)
    return done


def due_seminars(now: dt.datetime) -> SeminarQuerySet:
    """Return the seminars whose attendance is recorded for each session, and that wait for no one.

    A session that nobody has recorded says nothing yet of who was at all of it.
    """
    midnight = dt.datetime.combine(timezone.localdate(now), dt.time.min, OSLO)
    recorded = SessionAttendance.objects.filter(session=OuterRef("pk"))
    unrecorded = Session.objects.filter(~Exists(recorded), seminar=OuterRef("pk"))
    by_itself = Q(certificate_terms__isnull=True) | (
        Q(certificate_terms__is_automatic=True) & ~Q(certificate_terms__rule=CertificateRule.OFF)
    )
    ended: SeminarQuerySet = Seminar.objects.published().filter(
        by_itself, ends_at__lt=midnight, ends_at__gte=midnight - LOOKS_BACK
    )
    return ended.filter(~Exists(unrecorded)).order_by("pk")
