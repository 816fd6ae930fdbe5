"""What attendance puts on «Min side»."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateField, Exists, ExpressionWrapper
from django.db.models.functions import TruncDate

from attendance.models import PastParticipation
from common.my_page import Card, Part, Visit
from seminars.models import Registration, RegistrationQuerySet, Session

CODE_FROM = dt.timedelta(days=1)
"""How many days before a session the code stands on «Min side»."""


def short_questions(user: Any, today: Any, now: Any) -> dict[str, Exists]:
    """Ask whether the person took part in something before the portal, and has a seat soon."""
    return {
        "past": Exists(PastParticipation.objects.filter(user=user)),
        "code": Exists(_with_code(user, today, now)),
    }


def my_page(visit: Visit) -> Part:
    """Return the code of what is held today or tomorrow, and the way to what was before."""
    cards = []
    if visit.answers["code"]:
        own = _with_code(visit.user, visit.today, visit.now).select_related("seminar")
        rows = list(own.order_by("seminar__starts_at", "pk"))
        cards.append(Card(5, "attendance/my_page/code.html", {"rows": rows}))
    if visit.answers["past"]:
        cards.append(Card(90, "attendance/my_page/past.html", {}))
    return Part(cards=cards)


def _with_code(user: Any, today: Any, now: Any) -> RegistrationQuerySet:
    """The person's certain seats in what is held from now until the end of tomorrow."""
    code_from = ExpressionWrapper(TruncDate("starts_at") - CODE_FROM, output_field=DateField())
    soon = Session.objects.alias(code_from=code_from).filter(
        code_from__lte=today, ends_at__gte=now, seminar__state="published"
    )
    confirmed = Registration.objects.confirmed().filter(user=user)
    return confirmed.filter(seminar__in=soon.values("seminar"))
