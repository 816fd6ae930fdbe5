"""Everything about seminars that has consequences, one journey a file."""

from seminars.actions.addressing import remove_audience, write_audience
from seminars.actions.approving import (
    approve_registration,
    ask_new_leaders,
    decline_registration,
)
from seminars.actions.asking import (
    answer_questions,
    answers_stored,
    ask_question,
    drop_question,
    may_answer,
    move_question,
    register_with_answers,
    rewrite_question,
)
from seminars.actions.attending import MarkingResult, mark_attendance
from seminars.actions.choosing import change_choices
from seminars.actions.copying import copy_seminar
from seminars.actions.departing import withdraw_departed
from seminars.actions.forgetting import erase_answers, erase_needs
from seminars.actions.inviting import invite_leaders
from seminars.actions.leaving import remove_participant, withdraw_registration
from seminars.actions.listing import register_list
from seminars.actions.needing import write_needs
from seminars.actions.offering import accept_offer, decline_offer
from seminars.actions.organising import (
    cancel_seminar,
    change_seminar,
    create_seminar,
    publish_seminar,
)
from seminars.actions.pools import release_due_pools, release_pool, reserve_seats
from seminars.actions.queueing import move_in_queue
from seminars.actions.registering import (
    register_for_seminar,
    register_on_behalf,
    register_staff,
    register_walk_in,
)
from seminars.actions.restoring import restore_declined
from seminars.actions.seats import (
    allocate_seat,
    fill_free_seats,
    lock_seminar,
    reconcile_waiting_lists,
)
from seminars.actions.subscribing import close_calendar_feed, open_calendar_feed
from seminars.actions.substituting import substitute_participant
from seminars.actions.writing import recipients_of, write_to_participants

__all__ = [
    "MarkingResult",
    "accept_offer",
    "allocate_seat",
    "answer_questions",
    "answers_stored",
    "approve_registration",
    "ask_new_leaders",
    "ask_question",
    "cancel_seminar",
    "change_choices",
    "change_seminar",
    "close_calendar_feed",
    "copy_seminar",
    "create_seminar",
    "decline_offer",
    "decline_registration",
    "drop_question",
    "erase_answers",
    "erase_needs",
    "fill_free_seats",
    "invite_leaders",
    "lock_seminar",
    "mark_attendance",
    "may_answer",
    "move_in_queue",
    "move_question",
    "open_calendar_feed",
    "publish_seminar",
    "recipients_of",
    "reconcile_waiting_lists",
    "register_for_seminar",
    "register_list",
    "register_on_behalf",
    "register_staff",
    "register_walk_in",
    "register_with_answers",
    "release_due_pools",
    "release_pool",
    "remove_audience",
    "remove_participant",
    "reserve_seats",
    "restore_declined",
    "rewrite_question",
    "substitute_participant",
    "withdraw_departed",
    "withdraw_registration",
    "write_audience",
    "write_needs",
    "write_to_participants",
]
