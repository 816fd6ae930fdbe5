"""Everything that changes an agreement. One journey a file; see docs/agreements.md."""

from commitments.actions.answering import (
    agree_to_proposal,
    comment_on_agreement,
    propose_agreement,
    send_back_proposal,
)
from commitments.actions.autosaving import forget_unsaved, keep_unsaved
from commitments.actions.declining import decline_proposal, withdraw_proposal
from commitments.actions.drafting import (
    EditConflict,
    save_draft,
    start_agreement,
)
from commitments.actions.ending import end_agreement
from commitments.actions.erasing import end_what_was_left, erase_agreement, erase_agreements
from commitments.actions.keeping import amend_agreement
from commitments.actions.locking import AgreementRefused
from commitments.actions.parting import (
    close_agreement,
    part_agreement,
    part_those_who_moved,
    share_agreement,
    stop_sharing,
)
from commitments.actions.pausing import pause_agreement, resume_agreement, resume_those_due
from commitments.actions.preparing import (
    AnswerConflict,
    save_answer,
    say_ready,
    take_back_ready,
)
from commitments.actions.renewing import (
    carry_agreement_forward,
    reconcile_draft,
    renew_agreement,
)
from commitments.actions.rounds import begin_round, delete_round
from commitments.actions.signing import Proof, sign_agreement
from commitments.actions.substituting import end_substitution, name_substitute
from commitments.actions.talking import (
    Appointment,
    Said,
    appointment_stored,
    arrange_follow_up,
    hold_follow_up,
    write_private_note,
)
from commitments.content import Base, Content, Promise

__all__ = [
    "AgreementRefused",
    "AnswerConflict",
    "Appointment",
    "Base",
    "Content",
    "EditConflict",
    "Promise",
    "Proof",
    "Said",
    "agree_to_proposal",
    "amend_agreement",
    "appointment_stored",
    "arrange_follow_up",
    "begin_round",
    "carry_agreement_forward",
    "close_agreement",
    "comment_on_agreement",
    "decline_proposal",
    "delete_round",
    "end_agreement",
    "end_substitution",
    "end_what_was_left",
    "erase_agreement",
    "erase_agreements",
    "forget_unsaved",
    "hold_follow_up",
    "keep_unsaved",
    "name_substitute",
    "part_agreement",
    "part_those_who_moved",
    "pause_agreement",
    "propose_agreement",
    "reconcile_draft",
    "renew_agreement",
    "resume_agreement",
    "resume_those_due",
    "save_answer",
    "save_draft",
    "say_ready",
    "send_back_proposal",
    "share_agreement",
    "sign_agreement",
    "start_agreement",
    "stop_sharing",
    "take_back_ready",
    "withdraw_proposal",
    "write_private_note",
]
