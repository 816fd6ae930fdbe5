"""When each letter about an account, a role or HR's file goes out, and why."""

from __future__ import annotations

from common.sending_times import SendingTime

WARNING = "It warns: whoever watches stops a wrong role before it is used."
NIGHT = "HR's file is read at night, and nobody does anything about it before work."

SENDING_TIMES = {
    "account.*": (SendingTime.AT_ONCE, "Codes that are waited for, and warnings of a sign-in."),
    "people.role_given": (SendingTime.AT_ONCE, WARNING),
    "people.role_given_to_another": (SendingTime.AT_ONCE, WARNING),
    "people.role_ended": (SendingTime.AT_WORK, "Another's act; the role is closed already."),
    "people.address_changed": (SendingTime.AT_WORK, NIGHT),
    "people.roles_moved": (SendingTime.AT_WORK, NIGHT),
    "people.roles_of_who_left": (SendingTime.AT_WORK, NIGHT),
    "people.staff_import": (SendingTime.AT_WORK, NIGHT),
    "people.staff_import_is_late": (SendingTime.AT_WORK, NIGHT),
}
