"""When each letter about a pulse goes out, and why."""

from __future__ import annotations

from common.sending_times import SendingTime

SENDING_TIMES = {
    "pulse.invitation": (SendingTime.AT_WORK, "Many days to answer, and answered at work."),
    "pulse.settled": (SendingTime.AT_WORK, "A duty of the night: its last day has passed."),
}
