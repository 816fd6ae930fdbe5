"""What a unit is for, who has read it, and what people say they contribute."""

from missions.models.mission import (
    FEWEST_ACTIVITIES,
    MOST_ACTIVITIES,
    Acknowledgement,
    CoreActivity,
    Mission,
    MissionVersion,
    VersionState,
)

__all__ = [
    "FEWEST_ACTIVITIES",
    "MOST_ACTIVITIES",
    "Acknowledgement",
    "CoreActivity",
    "Mission",
    "MissionVersion",
    "VersionState",
]
