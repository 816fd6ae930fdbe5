"""When each letter about certificates goes out, and why."""

from __future__ import annotations

from common.sending_times import SendingTime

SENDING_TIMES = {
    "certificates.ready": (SendingTime.AT_WORK, "It is ready whenever they look for it."),
    "certificates.corrected": (SendingTime.AT_WORK, "Nothing is asked of them."),
    "certificates.withdrawn": (
        SendingTime.AT_WORK,
        "What they may do about it waits for work too.",
    ),
}
