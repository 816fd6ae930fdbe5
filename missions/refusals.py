from common.errors import Refused


class MissionRefused(Refused):
    """The mission could not be written, published, answered or acknowledged as asked."""


class DraftOvertaken(MissionRefused):
    """Somebody else has saved the draft since it was read, so nothing was written over."""
