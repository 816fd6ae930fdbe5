"""What an action raises when it cannot do what it was asked."""

from typing import ClassVar


class Refused(Exception):
    """An action did nothing; the message is a sentence for the person who asked."""

    is_so_already: ClassVar[bool] = False
    """What was asked for is done: told as news, and not as an error."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
