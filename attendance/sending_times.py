"""When each letter about attendance goes out, and why."""

from __future__ import annotations

from common.sending_times import SendingTime

SENDING_TIMES = {
    "attendance.correction_wanted": (
        SendingTime.AT_WORK,
        "For an organiser's work alone: what is recorded does not change by itself.",
    ),
}
