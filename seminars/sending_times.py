"""When each letter about a seminar goes out, and why."""

from __future__ import annotations

from common.sending_times import SendingTime

OWN = "A receipt to whoever registers or withdraws; of another's act, news that can wait."
ANSWER = "Its time to answer counts working hours, and so begins when it goes."
NEWS = "Others' acts: it can wait until work, unless people would come in vain or not at all."
POWER = "It warns: whoever gave it, or arranges there, stops a wrong one before it is used."
DESK = "For somebody's work alone, and gathered by a duty."

SENDING_TIMES = {
    "seminars.confirmed": (SendingTime.UNLESS_NEAR, OWN),
    "seminars.waiting": (SendingTime.UNLESS_NEAR, OWN),
    "seminars.awaiting": (SendingTime.UNLESS_NEAR, OWN),
    "seminars.withdrawn": (SendingTime.UNLESS_NEAR, OWN),
    "seminars.choice_changed": (SendingTime.UNLESS_NEAR, OWN),
    "seminars.session": (SendingTime.UNLESS_NEAR, "It goes with the letter that it belongs to."),
    "seminars.offered": (SendingTime.AT_WORK, ANSWER),
    "seminars.approval_wanted": (SendingTime.AT_WORK, ANSWER),
    "seminars.promoted": (SendingTime.UNLESS_NEAR, NEWS),
    "seminars.not_approved": (SendingTime.UNLESS_NEAR, NEWS),
    "seminars.restored": (SendingTime.UNLESS_NEAR, NEWS),
    "seminars.changed": (SendingTime.UNLESS_NEAR, NEWS),
    "seminars.removed": (SendingTime.UNLESS_NEAR, NEWS),
    "seminars.cancelled": (SendingTime.UNLESS_NEAR, NEWS),
    "seminars.offer_expired": (SendingTime.AT_WORK, "The seat is gone: nothing is to be done."),
    "seminars.not_seated": (SendingTime.UNLESS_NEAR, "A last word, before the seminar begins."),
    "seminars.waiting_list_ended": (SendingTime.UNLESS_NEAR, "Goes with the last word."),
    "seminars.invitation": (SendingTime.UNLESS_NEAR, "It can wait while registration is open."),
    "seminars.invitation_cancelled": (SendingTime.AT_WORK, "Nobody is expected to come."),
    "seminars.message": (SendingTime.AT_ONCE, "Written by hand: the organiser chooses the time."),
    "seminars.role_given": (SendingTime.AT_ONCE, POWER),
    "seminars.role_given_to_another": (SendingTime.AT_ONCE, POWER),
    "seminars.role_ended": (SendingTime.AT_WORK, "Another's act; the role is closed already."),
    "seminars.helpers_left": (SendingTime.AT_WORK, DESK),
    "seminars.departed": (SendingTime.AT_WORK, DESK),
    "seminars.departed_from_line": (SendingTime.AT_WORK, DESK),
    "seminars.contact_left": (SendingTime.AT_WORK, DESK),
    "seminars.seat_news": (SendingTime.AT_WORK, DESK),
}
