"""Everything about seminars that has consequences, one journey a file."""

from seminars.actions.attending import mark_attendance
from seminars.actions.inviting import invite_leaders
from seminars.actions.leaving import remove_participant, withdraw_registration
from seminars.actions.organising import (
    cancel_seminar,
    change_seminar,
    create_seminar,
    publish_seminar,
)
from seminars.actions.registering import register_for_seminar, register_on_behalf
from seminars.actions.seats import (
    allocate_seat,
    fill_free_seats,
    lock_seminar,
    reconcile_waiting_lists,
)

__all__ = [
    "allocate_seat",
    "cancel_seminar",
    "change_seminar",
    "create_seminar",
    "fill_free_seats",
    "invite_leaders",
    "lock_seminar",
    "mark_attendance",
    "publish_seminar",
    "reconcile_waiting_lists",
    "register_for_seminar",
    "register_on_behalf",
    "remove_participant",
    "withdraw_registration",
]
