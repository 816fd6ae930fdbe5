"""The letters of this room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse

from missions.models import MissionVersion, UpwardQuestion
from outbox.actions import queue_letter, queue_letters
from outbox.letters import absolute_url, render_alike, render_letter
from outbox.models import Letter
from people.models import User


def write_mission_published(version: MissionVersion, *, to: Iterable[User]) -> int:
    """«Nytt oppdrag: les og forstått», once for each version and person."""
    return _write_to_many("mission_published", "mission:published", version, to=to)


def write_draft_shared(draft: MissionVersion, *, to: Iterable[User]) -> int:
    """«Et utkast: hva mener du?», once for each draft and person; it quotes nothing of it."""
    return _write_to_many("draft_shared", "mission:draft_shared", draft, to=to)


def _write_to_many(name: str, key: str, version: MissionVersion, *, to: Iterable[User]) -> int:
    context = {
        "version": version,
        "unit": version.mission.unit,
        "url": absolute_url(reverse("missions:version", args=[version.pk])),
    }
    return queue_letters(
        kind=f"missions.{name}",
        letters=(
            (f"{key}:{version.pk}:{person.pk}", person, words)
            for person, words in render_alike(f"missions/{name}", to=to, context=context)
        ),
        about=version,
    )


def write_mission_handed_over(
    draft: MissionVersion, *, sources: Sequence[MissionVersion], to: User
) -> Letter:
    """«Et oppdrag er overført», to whoever answers for the unit now; it quotes nothing of it.

    What was handed over once is in no later letter: the first of it tells the occasions apart.
    """
    rendered = render_letter(
        "missions/mission_handed_over",
        to=to,
        context={
            "unit": draft.mission.unit,
            "closed": list(dict.fromkeys(source.mission.unit.name for source in sources)),
            "url": absolute_url(reverse("missions:edit", args=[draft.pk])),
        },
    )
    return queue_letter(
        key=f"mission:handed_over:{draft.pk}:{min(source.pk for source in sources)}:{to.pk}",
        kind="missions.mission_handed_over",
        to=to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        about=draft,
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
