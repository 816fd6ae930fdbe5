from common.errors import Refused


class MissionRefused(Refused):
    """The mission could not be written, published, answered or acknowledged as asked."""
