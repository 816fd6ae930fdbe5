"""What an action raises when it cannot do what it was asked."""

from typing import ClassVar

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """An action did nothing; the message is a sentence for the person who asked."""

    is_so_already: ClassVar[bool] = False
    """What was asked for is done: told as news, and not as an error."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotNow(PermissionDenied):
    """What was asked for cannot be done as things stand, by somebody who may read how they do.

    Answered with 403, by a page that says it and leads on: a link in a letter may be older than
    what it leads to.
    """

    def __init__(self, message: str, *, url: str, label: str) -> None:
        super().__init__(message)
        self.url = url
        self.label = label
