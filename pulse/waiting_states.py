"""What waits for somebody in a pulse."""

from __future__ import annotations

from common.waiting import WaitingState

WAITING_STATES = (
    WaitingState(
        name="round open",
        waits_for="those who are asked",
        steps=("to_answer",),
        no_reminder_because="a letter to those who have not answered would say who they are",
        ends_by="keep-pulses",
    ),
    WaitingState(
        name="round over",
        waits_for="whoever answers for the unit",
        steps=("to_settle",),
        no_reminder_because="it is settled by itself within a quarter of an hour",
        ends_by="keep-pulses",
    ),
    WaitingState(
        name="round settled",
        waits_for="whoever answers for the unit",
        steps=("to_talk_about",),
        reminders=("pulse.settled",),
        ends_by="keep-pulses",
    ),
    WaitingState(
        name="not measured lately",
        waits_for="the leader",
        steps=("to_guess",),
        no_reminder_because="a pulse is an offer, and no duty",
        never_ends_because="it is asked on «Min side» alone",
    ),
)
