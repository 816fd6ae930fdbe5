"""The letters of a pulse: to those who are asked, and to who reads what came of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from outbox.actions import queue_letter, queue_letters
from outbox.letters import absolute_url, render_alike, render_letter
from outbox.models import Letter
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


def write_pulse_settled(pulse: PulseRound, *, to: User) -> Letter:
    """«Pulsmålingen er over», to whoever answers for the unit; no figure stands in it."""
    words = render_letter(
        "pulse/settled",
        to=to,
        context={
            "unit": pulse.unit,
            "last_day": pulse.last_day,
            "url": absolute_url(reverse("pulse:pulse", args=[pulse.unit_id])),
        },
    )
    return queue_letter(
        key=f"pulse:settled:{pulse.pk}:{to.pk}",
        kind="pulse.settled",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=pulse,
    )
