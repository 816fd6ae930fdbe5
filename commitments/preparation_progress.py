"""How far the two have come in preparing, as one of them may know it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch

from commitments.guiding_questions import Asked, questions_for
from commitments.models import Agreement, Party, Preparation, PreparedAnswer
from commitments.models.agreement import AgreementQuerySet
from people.models import User


@dataclass(frozen=True)
class Preparing:
    """Where the two stand before what is written now."""

    own: Preparation | None = None
    others: Preparation | None = None

    @property
    def is_ready(self) -> bool:
        return self.own is not None and self.own.is_ready

    @property
    def is_other_ready(self) -> bool:
        return self.others is not None and self.others.is_ready

    @property
    def is_revealed(self) -> bool:
        return self.is_ready and self.is_other_ready

    @property
    def answered_by_other(self) -> int:
        """How many, of what may not be read yet; told once the other is ready."""
        return getattr(self.others, "answered", 0) if self.is_other_ready else 0

    @property
    def own_answers(self) -> dict[str, str]:
        """By question; asks nothing where they came with `preparing_of`."""
        return {str(one.question): one.text for one in self.own.answers.all()} if self.own else {}


@dataclass(frozen=True)
class Pair:
    """A question, and what each of the two answered."""

    asked: Asked
    leader: PreparedAnswer | None
    employee: PreparedAnswer | None


def fingerprint(text: str) -> str:
    """What a form was made from, so that another window's answer is not overwritten unseen."""
    return hashlib.sha256(text.encode()).hexdigest()


def preparing_of(agreement: Agreement, user: User, *, on: dt.date) -> Preparing:
    """Of what is written now."""
    rows = Preparation.objects.visible_to(user, on=on).filter(agreement=agreement).for_now()
    return _standing(list(_with_answers(rows, user, on)), user)


def with_ready(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """Give each agreement in `ready` who has said they are, for what is written now."""
    rows = Preparation.objects.filter(agreement=OuterRef("pk"), ready_at__isnull=False).for_now()
    return agreements.annotate(ready=ArraySubquery(rows.order_by().values("author")))


def last_revealed(agreement: Agreement, user: User, *, on: dt.date) -> Preparing | None:
    """What the two showed each other before what is signed, or before what is written now."""
    rows = Preparation.objects.visible_to(user, on=on).filter(agreement=agreement).revealed()
    shown = list(_with_answers(rows, user, on))
    for _occasion, both in groupby(shown, key=lambda one: one.occasion):
        return _standing(list(both), user)
    return None


def _with_answers(rows: Any, user: User, on: dt.date) -> Any:
    answers = PreparedAnswer.objects.visible_to(user, on=on)
    rows = rows.annotate(answered=Count("answers"))
    return rows.prefetch_related(Prefetch("answers", answers))


def _standing(rows: list[Preparation], user: User) -> Preparing:
    own = next((one for one in rows if one.author_id == user.pk), None)
    others = next((one for one in rows if one.author_id != user.pk), None)
    return Preparing(own, others)


def side_by_side(agreement: Agreement, party: Party, both: Preparing) -> list[Pair]:
    """Every question that at least one of them answered."""
    given: dict[tuple[str, str], PreparedAnswer] = {}
    for preparation in (both.own, both.others):
        if preparation is not None:
            answers = preparation.answers.all()
            given |= {(preparation.party, str(one.question)): one for one in answers}
    pairs = [
        Pair(asked, given.get((Party.LEADER, asked.key)), given.get((Party.EMPLOYEE, asked.key)))
        for asked in questions_for(agreement, party)
    ]
    return [pair for pair in pairs if pair.leader or pair.employee]
