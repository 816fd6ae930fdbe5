"""When each letter about a mission goes out, and why."""

from __future__ import annotations

from common.sending_times import SendingTime

READING = "Something to read at work."

SENDING_TIMES = {
    "missions.mission_published": (SendingTime.AT_WORK, READING),
    "missions.draft_shared": (SendingTime.AT_WORK, READING),
    "missions.mission_handed_over": (SendingTime.AT_WORK, "A duty of the night: units change."),
    "missions.question_asked": (SendingTime.AT_WORK, "Its days to answer are days at work."),
    "missions.question_answered": (SendingTime.AT_WORK, READING),
}
