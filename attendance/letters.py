"""What the room writes: a participant asks that their attendance be put right."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from outbox.actions import queue_letter
from outbox.letters import absolute_url, render_letter
from people.models import User
from seminars.models import Registration


def correction_wanted(
    registration: Registration, *, words: str, to: User, now: dt.datetime
) -> None:
    """To an organiser: who asks, what is wrong, and where it is corrected."""
    path = reverse("attendance:correct", args=[registration.seminar_id, registration.pk])
    context = {
        "seminar": registration.seminar,
        "name": registration.user.name,
        "words": words,
        "correct_url": absolute_url(path),
    }
    letter = render_letter("attendance/correction_wanted", to=to, context=context)
    queue_letter(
        key=f"attendance:correction_wanted:{registration.pk}:{now:%Y%m%d%H%M}:{to.pk}",
        kind="attendance.correction_wanted",
        to=to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        about=registration,
        by=registration.user,
    )
