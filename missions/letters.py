"""The letters of this room."""

from __future__ import annotations

from django.urls import reverse

from missions.models import MissionVersion
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
