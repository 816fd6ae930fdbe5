"""How much a benchmark measures with: the municipality at full size, or the least that will do."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Size:
    municipality: dict[str, int] = field(default_factory=dict)
    """What is less than in `demo.municipality.FULL`, which wants Django set up."""
    crowds: tuple[int, ...] = (100, 10_000, 100_000)
    """Seminars of so many people, asked for in turns."""
    spreadsheet: int = 50_000
    requests: int = 9
    """Of each page and size, and not counting those that warm up."""
    warm_ups: int = 2
    turns: int = 4
    """Between two databases."""
    seconds: float = 6
    """For as long the web server is asked, over connections kept open."""
    warm_up_seconds: float = 1
    staff: int = 3_000
    """Who work directly in the unit to which is written."""
    leaders: int = 1_000
    seats: int = 300
    journeys: int = 320
    crowd: int = 6_000
    """Who open one seminar's page within `minute` seconds; half of them press its button."""
    minute: float = 60
    at_the_door: int = 300
    """Who come to a seminar with three doors, and once more within `ten_minutes` seconds."""
    ten_minutes: float = 60
    sent_at_once: int = 25
    """Scans of a device that has been without a network."""
    codes_of_each_kind: int = 13
    """Pictures that a camera at the door is shown."""
    throttled_of_each_kind: int = 3
    letters: int = 5_000
    """That wait while a code is sent."""
    agreements: int = 40
    units: int = 3_000
    agencies: int = 50
    people: int = 52_000
    positions: int = 57_000
    """Of the staff files."""
    participations: int = 100_000
    """Rows of a file of what people attended before the portal."""
    starts: int = 2
    """Of script/server: the first in a folder of its own makes and loads all that there is."""
    days: int = 426
    """Of the year that is lived through, by so many people in so many units."""
    lived_by: int = 300
    lived_in: int = 24
    loads_demo: bool = True
    """Into an empty database; else the municipality above, which is smaller."""


FULL = Size()
SMALLEST = Size(
    municipality={"units": 610, "people": 2_400, "seminars": 40, "registrations": 6, "invited": 8},
    crowds=(100, 110),
    spreadsheet=100,
    requests=1,
    warm_ups=0,
    turns=1,
    seconds=0.3,
    warm_up_seconds=0.1,
    staff=3,
    leaders=12,
    seats=4,
    journeys=4,
    crowd=12,
    minute=0.5,
    at_the_door=12,
    ten_minutes=0.5,
    sent_at_once=3,
    codes_of_each_kind=1,
    throttled_of_each_kind=1,
    letters=20,
    agreements=1,
    units=20,
    agencies=3,
    people=30,
    positions=33,
    participations=40,
    starts=1,
    days=3,
    lived_by=60,
    lived_in=11,
    loads_demo=False,
)
