"""When a reminder goes out, and why."""

from __future__ import annotations

from common.sending_times import SendingTime

SENDING_TIMES = {
    "reminders.*": (SendingTime.AT_WORK, "Nobody is reminded at a time of rest."),
}
