"""The letters of this room."""

from __future__ import annotations

from django.urls import reverse

from missions.models import MissionVersion, UpwardQuestion
from outbox.actions import queue_letter
from outbox.letters import absolute_url, render_letter
from outbox.models import Letter
from people.models import User


def write_mission_published(version: MissionVersion, *, to: User) -> Letter:
    """«Nytt oppdrag: les og forstått», once for each version and person."""
    rendered = render_letter(
        "missions/mission_published",
        to=to,
        context={
            "version": version,
            "unit": version.mission.unit,
            "url": absolute_url(reverse("missions:version", args=[version.pk])),
        },
    )
    return queue_letter(
        key=f"mission:published:{version.pk}:{to.pk}",
        kind="missions.mission_published",
        to=to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        about=version,
    )


def write_question_asked(question: UpwardQuestion, *, to: User) -> Letter:
    """«En enhet spør deg», to whoever answers for the mission above."""
    return _write_question("question_asked", "missions:answer", question, to=to)


def write_question_answered(question: UpwardQuestion, *, to: User) -> Letter:
    """«Du har fått svar», to the one who asked."""
    return _write_question("question_answered", "missions:questions", question, to=to)


def _write_question(name: str, page: str, question: UpwardQuestion, *, to: User) -> Letter:
    args = [question.pk] if page == "missions:answer" else []
    rendered = render_letter(
        f"missions/{name}",
        to=to,
        context={
            "question": question,
            "unit": question.version.mission.unit,
            "above": question.above.mission.unit,
            "url": absolute_url(reverse(page, args=args)),
        },
    )
    return queue_letter(
        key=f"mission:{name}:{question.pk}:{to.pk}",
        kind=f"missions.{name}",
        to=to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        about=question,
    )
