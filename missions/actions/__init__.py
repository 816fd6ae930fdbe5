"""Everything that is done to a mission, one journey a file."""

from missions.actions.refusal import DraftOvertaken, MissionRefused
from missions.actions.talking import answer_question, ask_question, comment_on_draft, share_draft
from missions.actions.writing import (
    Wording,
    acknowledge_mission,
    draft_mission,
    publish_mission,
    save_draft,
    wording_of,
)

__all__ = [
    "DraftOvertaken",
    "MissionRefused",
    "Wording",
    "acknowledge_mission",
    "answer_question",
    "ask_question",
    "comment_on_draft",
    "draft_mission",
    "publish_mission",
    "save_draft",
    "share_draft",
    "wording_of",
]
