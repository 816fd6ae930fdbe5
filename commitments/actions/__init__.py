"""Everything that changes an agreement. One journey a file; see docs/agreements.md."""

from commitments.actions.answering import (
    agree_to_proposal,
    comment_on_agreement,
    end_agreement,
    propose_agreement,
    send_back_proposal,
)
from commitments.actions.drafting import (
    Content,
    EditConflict,
    Promise,
    save_draft,
    start_agreement,
)
from commitments.actions.keeping import Said, amend_agreement, hold_follow_up
from commitments.actions.locking import AgreementRefused
from commitments.actions.signing import Proof, sign_agreement
from commitments.actions.substituting import end_substitution, name_substitute

__all__ = [
    "AgreementRefused",
    "Content",
    "EditConflict",
    "Promise",
    "Proof",
    "Said",
    "agree_to_proposal",
    "amend_agreement",
    "comment_on_agreement",
    "end_agreement",
    "end_substitution",
    "hold_follow_up",
    "name_substitute",
    "propose_agreement",
    "save_draft",
    "send_back_proposal",
    "sign_agreement",
    "start_agreement",
]
