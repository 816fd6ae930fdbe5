"""What the two type. One page a file."""

from commitments.forms.fields import FREE_TEXT_WARNING
from commitments.forms.keeping import (
    AppointmentForm,
    Conversation,
    NextConversationForm,
    OutcomeForm,
    PrivateNoteForm,
)
from commitments.forms.parting import ShareForm
from commitments.forms.rounds import RoundEditor
from commitments.forms.signing import PaperForm
from commitments.forms.talking import (
    AnswerForm,
    CommentForm,
    NoteForm,
    PauseForm,
    ReasonForm,
    SeenForm,
    StartForm,
)
from commitments.forms.verifying import LARGEST_DOCUMENT, VerifyForm
from commitments.forms.writing import (
    MOST_COMMITMENTS,
    Brought,
    CommitmentForm,
    Editor,
    SettingsForm,
)

__all__ = [
    "FREE_TEXT_WARNING",
    "LARGEST_DOCUMENT",
    "MOST_COMMITMENTS",
    "AnswerForm",
    "AppointmentForm",
    "Brought",
    "CommentForm",
    "CommitmentForm",
    "Conversation",
    "Editor",
    "NextConversationForm",
    "NoteForm",
    "OutcomeForm",
    "PaperForm",
    "PauseForm",
    "PrivateNoteForm",
    "ReasonForm",
    "RoundEditor",
    "SeenForm",
    "SettingsForm",
    "ShareForm",
    "StartForm",
    "VerifyForm",
]
