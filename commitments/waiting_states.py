"""What waits for one of the two, how it is asked for again, and what ends it."""

from __future__ import annotations

from common.waiting import WaitingState

LAPSES_SOON = "reminders.lapses_soon"

WAITING_STATES = (
    WaitingState(
        name="commitments.Revision.draft",
        waits_for="whose turn it is",
        steps=("to_rewrite",),
        reminders=("reminders.draft_left", LAPSES_SOON),
        ends_by="keep-agreements",
    ),
    WaitingState(
        name="commitments.Revision.proposed",
        waits_for="whom it is proposed to",
        steps=("to_answer",),
        reminders=("reminders.answer_missing", LAPSES_SOON),
        ends_by="keep-agreements",
    ),
    WaitingState(
        name="commitments.Revision.agreed",
        waits_for="who has not signed, or a substitute for the leader",
        steps=("to_sign", "to_sign_for"),
        reminders=(
            "reminders.signature_missing",
            "reminders.signature_missing_for_leader",
            LAPSES_SOON,
        ),
        ends_by="keep-agreements",
    ),
    WaitingState(
        name="prepared by one",
        waits_for="the other of the two",
        steps=("to_prepare",),
        reminders=("reminders.preparation_missing", LAPSES_SOON),
        ends_by="keep-agreements",
    ),
    WaitingState(
        name="conversation planned",
        waits_for="both",
        steps=("to_talk",),
        reminders=("reminders.follow_up_near", "reminders.talk_not_written"),
        ends_by="keep-agreements",
    ),
    WaitingState(
        name="commitments.Agreement.parted",
        waits_for="the employee",
        steps=("to_share",),
        reminders=("reminders.decision_missing",),
        ends_by="erase-agreements",
    ),
    WaitingState(
        name="shared",
        waits_for="the employee or the new leader",
        reminders=("reminders.decision_missing",),
        ends_by="erase-agreements",
    ),
    WaitingState(
        name="paused",
        waits_for="either",
        no_reminder_because="a pause is there so that nobody is reminded of anything",
        never_ends_because="why somebody is away, and for how long, is not asked",
    ),
)
