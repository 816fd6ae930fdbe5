"""The one letter of a pulse."""

from __future__ import annotations

from django.urls import reverse

from missions.models.pulse import PulseRound
from outbox.actions import queue_letter
from outbox.letters import absolute_url, render_letter
from outbox.models import Letter
from people.models import User


def write_pulse_invitation(pulse: PulseRound, *, to: User) -> Letter:
    """«Kjenner du oppdraget?», once for each round and person.

    There is no letter to those who have not answered, nor to those who have: it would say who.
    """
    rendered = render_letter(
        "missions/pulse_invitation",
        to=to,
        context={
            "unit": pulse.unit,
            "pulse": pulse,
            "url": absolute_url(reverse("missions:answer_pulse", args=[pulse.pk])),
        },
    )
    return queue_letter(
        key=f"pulse:invited:{pulse.pk}:{to.pk}",
        kind="missions.pulse_invitation",
        to=to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        about=pulse,
    )
