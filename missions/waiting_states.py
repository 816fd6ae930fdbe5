"""What waits for somebody in missions."""

from __future__ import annotations

from common.waiting import WaitingState

WAITING_STATES = (
    WaitingState(
        name="question asked upward",
        waits_for="whoever answers for the unit above",
        steps=("to_reply",),
        reminders=("reminders.question_unanswered",),
        never_ends_because="the unit below needs the answer after its day, too",
    ),
    WaitingState(
        name="mission published",
        waits_for="those who work in the unit",
        steps=("to_read",),
        reminders=("reminders.mission_unread",),
        never_ends_because="it holds until the next is published",
    ),
    WaitingState(
        name="mission not written, or a draft left",
        waits_for="whoever answers for the unit",
        steps=("to_write",),
        no_reminder_because="nobody below waits for a day, and the unit's page says that it lacks",
        never_ends_because="a unit has a mission to write for as long as it stands",
    ),
    WaitingState(
        name="contribution not written",
        waits_for="the person",
        steps=("to_contribute",),
        no_reminder_because="it is the person's own, and whether they have is nobody's business",
        never_ends_because="it is the person's own",
    ),
)
