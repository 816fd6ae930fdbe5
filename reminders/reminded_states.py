"""Everything that waits for somebody, and what reminds them of it, or why nothing does.

A state that a new enum member names has a row here, or a test fails
(`tests/reminders/test_reminded_states.py`); a reminder whose letter has no row is told in the log.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemindedState:
    """`what` is a model's state («seminars.Registration offered»), or what no column says."""

    what: str
    waits_for: str
    letters: tuple[str, ...] = ()
    none_because: str = ""

    def __post_init__(self) -> None:
        if bool(self.letters) == bool(self.none_because):
            raise ValueError(f"{self.what}: either letters that remind of it, or why none does.")


def _nobody(what: str, because: str) -> RemindedState:
    return RemindedState(what, "nobody", none_because=because)


OVER = "it is over, and whoever it was told so by letter then"
WORK_OF_A_WORKER = "the sweep of the post looks after it, and the page of failed letters shows it"

REMINDED_STATES = (
    # --- Seminars ---------------------------------------------------------------------------------
    RemindedState("seminars.Registration registered", "whoever has the seat", ("seminar_soon",)),
    RemindedState(
        "seminars.Registration waitlisted",
        "a seat that comes free",
        none_because="there is nothing to do; the last word comes by itself (`not_seated`)",
    ),
    RemindedState("seminars.Registration offered", "whoever was offered it", ("offer_unanswered",)),
    RemindedState("seminars.Registration awaiting", "the line manager", ("approval_unanswered",)),
    _nobody("seminars.Registration withdrawn", OVER),
    _nobody("seminars.Registration removed", OVER),
    _nobody("seminars.Registration expired", OVER),
    _nobody("seminars.Registration declined", OVER),
    _nobody("seminars.Registration unseated", OVER),
    RemindedState("seminars.Seminar draft", "the organiser", ("draft_unpublished",)),
    _nobody("seminars.Seminar published", "what waits in it has rows of its own"),
    _nobody("seminars.Seminar cancelled", OVER),
    RemindedState("an invitation unanswered", "whoever is invited", ("invitation_unanswered",)),
    RemindedState("a seminar held and not marked", "the organiser", ("attendance_missing",)),
    _nobody("a substitution in a seat", "it is done at once, or waits as any approval does"),
    RemindedState(
        "a question of the organiser without an answer",
        "whoever has the seat",
        none_because="what must be answered is asked before the seat; the rest is their choice",
    ),
    RemindedState(
        "a pool of seats with some unused",
        "the coordinator",
        none_because="«Min side» shows it until its day, and then it opens to all by itself",
    ),
    # --- Missions ---------------------------------------------------------------------------------
    RemindedState(
        "missions.MissionVersion draft",
        "whoever leads the unit",
        none_because="nobody else waits for it: the version before holds until it is published",
    ),
    RemindedState("missions.MissionVersion published", "whoever works there", ("mission_unread",)),
    RemindedState("a question upward", "whoever answers above", ("question_unanswered",)),
    # --- Agreements -------------------------------------------------------------------------------
    RemindedState(
        "commitments.Revision draft",
        "whose turn it is, and whoever has not prepared",
        ("draft_left", "preparation_missing", "lapses_soon"),
    ),
    RemindedState(
        "commitments.Revision proposed", "the other of the two", ("answer_missing", "lapses_soon")
    ),
    RemindedState(
        "commitments.Revision agreed",
        "whoever has not signed",
        ("signature_missing", "signature_missing_for_leader", "lapses_soon"),
    ),
    _nobody("commitments.Revision signed", "the conversations about it have rows of their own"),
    _nobody("commitments.Revision superseded", OVER),
    _nobody("commitments.Revision withdrawn", OVER),
    _nobody("commitments.Revision lapsed", OVER),
    RemindedState("a conversation that is planned", "both", ("follow_up_near",)),
    RemindedState("a conversation that is not written down", "both", ("talk_not_written",)),
    RemindedState("an agreement whose leader has changed", "the employee", ("decision_missing",)),
    # --- Letters ----------------------------------------------------------------------------------
    _nobody("outbox.Letter queued", WORK_OF_A_WORKER),
    _nobody("outbox.Letter sending", WORK_OF_A_WORKER),
    _nobody("outbox.Letter sent", OVER),
    _nobody("outbox.Letter failed", WORK_OF_A_WORKER),
    _nobody("outbox.Letter held", WORK_OF_A_WORKER),
    _nobody("outbox.Letter no_address", "it is read in the portal, if ever"),
)


REMINDED = frozenset(letter for state in REMINDED_STATES for letter in state.letters)
"""The letters that remind of something."""
