"""When each letter about an agreement goes out, and why."""

from __future__ import annotations

from common.sending_times import SendingTime

TURN = "The other's act: nobody is to feel called upon in the evening. The page shows it at once."
TALK = "It can wait until work, unless the conversation is near."
BY_ITSELF = "A duty of the night, or what follows from it."

SENDING_TIMES = {
    **{
        f"commitments.{name}": (SendingTime.AT_WORK, TURN)
        for name in (
            *("begun", "asked_to_prepare", "revealed", "proposed", "sent_back", "agreed"),
            *("signature_voided", "rewritten", "signed", "declined", "withdrawn", "paused"),
            *("carried", "shared", "shared_by_employee", "ended"),
            *("substitute_named", "substitute_asked", "substitute_ended"),
        )
    },
    "commitments.follow_up_arranged": (SendingTime.UNLESS_NEAR, TALK),
    "commitments.follow_up_taken_out": (SendingTime.UNLESS_NEAR, TALK),
    **{
        f"commitments.{name}": (SendingTime.AT_WORK, BY_ITSELF)
        for name in (
            *("resumed", "change_lapsed", "follow_up_lapsed", "parted", "parted_leader"),
            "substitute_waits",
        )
    },
}
