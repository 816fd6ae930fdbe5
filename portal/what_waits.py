"""Whether somebody waits for this person: asked all at once, for mostly nobody does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists
from django.utils import timezone

from commitments.models import Agreement, FollowUp, Revision
from missions.models import UpwardQuestion
from people.models import Substitution, User
from seminars.models import Registration

TALK_SOON = dt.timedelta(days=7)


@dataclass(frozen=True)
class Waits:
    """Which of these there is anything of; what it is, is asked for where there is."""

    signature: bool
    answer: bool
    approval: bool
    substitute: bool
    talk: bool
    reply: bool


def what_waits(user: User, now: dt.datetime) -> Waits:
    today = timezone.localdate(now)
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(Revision.objects.awaiting_signature_of(user)),
        Exists(Agreement.objects.visible_to(user).awaiting_answer_of(user)),
        Exists(Registration.objects.awaiting_answer_of(user, now=now)),
        Exists(Substitution.objects.standing().valid_on(today).filter(substitute=user)),
        Exists(FollowUp.objects.visible_to(user).due(today + TALK_SOON)),
        Exists(UpwardQuestion.objects.asked_of(user, today).unanswered()),
    )
    return Waits(*found.get())
