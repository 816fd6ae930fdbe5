"""Which day the files speak of, and whether it is still to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ImportDay:
    """A file for a day ahead writes days from `on` alone.

    What has no day of its own (names, addresses, places of units, successors, roles that end)
    would hold at once, and waits for the file of the day itself.
    """

    on: dt.date
    """The first day on which the files hold."""
    today: dt.date

    @property
    def is_ahead(self) -> bool:
        return self.on > self.today

    @property
    def before(self) -> dt.date:
        """The last day of what the files list no more."""
        return self.on - DAY

    @property
    def first_to_call_off(self) -> dt.date:
        """What begins here or later leaves no row when it comes no more.

        What has begun on the very day of its file has held that day; on a day ahead nothing has.
        """
        return self.on if self.is_ahead else self.on + DAY
