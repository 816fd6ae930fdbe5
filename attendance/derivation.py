"""What came of one person's part in a seminar, from what happened: pure, and nothing else decides.

The door in the browser follows the same rules when the network is gone, and
`tests/attendance/derivation.json` holds both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable

from seminars.models import CAME, AttendanceOutcome

NOT_RECORDED = ""
"""Nobody has said whether the person came, which is not that they did not."""


def outcome_by_session(sources: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Return the outcome of each session that has one: the last source about it decides.

    A source is a session and what it says of it: a scan says «attended», a mark its outcome, or
    nothing where it takes back what was written down. They come in the order in which the portal
    got them, without the scans that were taken back: who wrote «no show» had seen every scan that
    had come in by then, and no later one.
    """
    return {session: outcome for session, outcome in dict(sources).items() if outcome}


def outcome_in_all(outcomes: Iterable[str]) -> str:
    """Return what the sessions come to: «partly» for whoever missed some of them.

    A session of which nothing is recorded says nothing. Whoever came to none was excused where
    they were excused from each that is recorded.
    """
    recorded = {outcome for outcome in outcomes if outcome}
    if not recorded:
        return NOT_RECORDED
    if len(recorded) == 1:
        return recorded.pop()
    came = recorded.intersection(CAME)
    return AttendanceOutcome.PARTLY.value if came else AttendanceOutcome.NO_SHOW.value
