"""The one letter of a pulse."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from outbox.actions import queue_letters
from outbox.letters import absolute_url, render_alike
from people.models import User
from pulse.models import PulseRound


def write_pulse_invitations(pulse: PulseRound, *, to: Iterable[User]) -> int:
    """«Kjenner du oppdraget?», once for each round and person.

    There is no letter to those who have not answered, nor to those who have: it would say who.
    """
    context = {
        "unit": pulse.unit,
        "pulse": pulse,
        "url": absolute_url(reverse("pulse:answer_pulse", args=[pulse.pk])),
    }
    return queue_letters(
        kind="pulse.invitation",
        letters=(
            (f"pulse:invited:{pulse.pk}:{person.pk}", person, words)
            for person, words in render_alike("pulse/invitation", to=to, context=context)
        ),
        about=pulse,
    )
