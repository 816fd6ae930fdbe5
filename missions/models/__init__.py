"""What a unit is for, who has read it, and what people say they contribute."""

from missions.models.cascade import UpwardQuestion
from missions.models.comment import DraftComment
from missions.models.contribution import Contribution
from missions.models.mission import (
    FEWEST_ACTIVITIES,
    MOST_ACTIVITIES,
    CoreActivity,
    Mission,
    MissionChange,
    MissionVersion,
    VersionState,
)
from missions.models.reading import Acknowledgement
from missions.models.term import Term

__all__ = [
    "FEWEST_ACTIVITIES",
    "MOST_ACTIVITIES",
    "Acknowledgement",
    "Contribution",
    "CoreActivity",
    "DraftComment",
    "Mission",
    "MissionChange",
    "MissionVersion",
    "Term",
    "UpwardQuestion",
    "VersionState",
]
