"""The demo's seats that are held and offered, and what an organiser has asked."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any

from demo.post import delivered
from demo.stage import Stage
from people.models import Unit, User
from people.organisation import units_led_by
from seminars.audiences.actions import write_audience
from seminars.models import Answer, AudienceKind, Question, QuestionKind, Seminar
from seminars.participants.seat_news_actions import tell_of_seats
from seminars.pools.actions import reserve_seats
from seminars.questions.actions import ask_question
from seminars.seats.ways_in import register_for_seminar, register_staff
from seminars.seats.withdrawal import withdraw_registration
from seminars.seminar_content import AudienceContent, QuestionContent
from seminars.waiting_list.actions import move_in_queue

HELD_AT = "Lederforum: innbyggernes beste i trange tider"
HELD = {"Tannhelsetjenesten": (8, 3), "Bydel Sagene": (6, 6), "Bydel Bjerke": (6, 2)} | {
    "Bydel Frogner": (5, 0),
    "Bydel Ullern": (5, 1),
    "Utviklings- og kompetanseetaten": (4, 0),
}
"""By agency: how many seats are held for it, and how many of them are used."""
COORDINATED = "Tannhelsetjenesten"
RELEASED_ON = 35
OPEN_TO_ALL_ON = 14
OFFERED_AT = "Sykefravær og tilrettelegging"
OFFER_HOURS = 32
APPROVED_AT = "Skriv enhetens oppdrag på en time"
APPROVAL_DAYS = 5
ASKED_AT = "Lede på avstand"
WAY = ["I salen", "Digitalt"]
SUBJECTS = ["Tillit på avstand", "Møter som virker", "Nye medarbeidere", "Å se hvem som strever"]
WISHES = [
    "Hvordan jeg holder kontakten når alle er ute i felt.",
    "Gjerne eksempler fra andre bydeler.",
    "Hva gjør jeg med dem som aldri sier noe i digitale møter?",
]


def play_seats(stage: Stage) -> None:
    """After the seminars, which it holds and offers seats at."""
    coming = Seminar.objects.filter(starts_at__gte=stage.now)
    _hold(stage, coming.get(title=HELD_AT))
    _address(stage, coming.get(title=HELD_AT))
    _offer(stage, coming.get(title=OFFERED_AT))
    _ask(stage, coming.get(title=ASKED_AT))
    _approve(stage, coming.get(title=APPROVED_AT))
    with delivered(stage.at(-1, "10.40")):
        tell_of_seats(now=stage.at(-1, "10.40"))


# --- Held for agencies ---------------------------------------------------------------------------


def _hold(stage: Stage, seminar: Seminar) -> None:
    organiser = stage.cast["organiser"]
    registered = set(seminar.registrations.values_list("user", flat=True))
    for name, (seats, used) in HELD.items():
        agency = stage.named(name)
        with delivered(stage.at(-12, "13.00")):
            reserve_seats(
                seminar=seminar,
                agency=agency,
                seats=seats,
                release_at=stage.at(RELEASED_ON, "12.00"),
                by=organiser,
                now=stage.at(-12, "13.00"),
            )
        for number, leader in enumerate(islice(_leaders(stage, agency, registered), used)):
            _use(stage, seminar, leader, stage.at(-6, f"{9 + number:02}.15"), name == COORDINATED)


def _leaders(stage: Stage, agency: Unit, registered: set[int]) -> list[User]:
    """Of the agency, long enough there to have been registered some days ago."""
    since = stage.at(-30).date()
    return [
        leader
        for hr_id, leader in sorted(stage.leaders.items())
        if stage.units[hr_id].agency_id == agency.pk
        and leader.pk not in registered
        and leader not in stage.cast.values()
        and stage.hired_on.get(leader.pk, stage.today) < since
    ]


def _use(
    stage: Stage, seminar: Seminar, leader: User, now: dt.datetime, by_coordinator: bool
) -> None:
    with delivered(now):
        if by_coordinator:
            by = stage.cast["coordinator"]
            register_staff(seminar=seminar, user=leader, by=by, now=now)
        else:
            register_for_seminar(seminar=seminar, by=leader, now=now)


# --- For whom ------------------------------------------------------------------------------------


def _address(stage: Stage, seminar: Seminar) -> None:
    """Leaders first, and everybody a fortnight from now."""
    leaders = AudienceContent(kind=AudienceKind.LEADERS)
    others = AudienceContent(kind=AudienceKind.EVERYONE, opens_at=stage.at(OPEN_TO_ALL_ON, "08.00"))
    for content in (leaders, others):
        write_audience(
            seminar=seminar, content=content, by=stage.cast["organiser"], now=stage.at(-20)
        )


# --- Offered to one who waits --------------------------------------------------------------------


def _offer(stage: Stage, seminar: Seminar) -> None:
    """Moved to the front of the queue for a reason, and then asked when somebody withdrew."""
    seminar.offers_expire_after = OFFER_HOURS
    seminar.save(update_fields=["offers_expire_after"])
    organiser, person = stage.cast["organiser"], stage.cast["hr"]
    with delivered(stage.at(-3, "09.30")):
        registration = register_for_seminar(seminar=seminar, by=person, now=stage.at(-3, "09.30"))
        move_in_queue(
            registration=registration,
            place=1,
            reason="Skal svare på spørsmål om avtaleverket fra salen.",
            by=organiser,
            now=stage.at(-3, "14.00"),
        )
    first = seminar.registrations.holding_seat().order_by("created_at", "pk")[0]
    with delivered(stage.at(-1, "14.20")):
        withdraw_registration(registration=first, by=first.user, now=stage.at(-1, "14.20"))


# --- Approved by the line manager ----------------------------------------------------------------


def _approve(stage: Stage, seminar: Seminar) -> None:
    """One of the leader's people waits for an answer, and the leader for one from above."""
    seminar.approval_days = APPROVAL_DAYS
    seminar.save(update_fields=["approval_days"])
    leader, employee = stage.cast["leader"], stage.cast["employee"]
    unit = units_led_by(leader, on=stage.today)[0]
    others = [one for one in stage.employees[unit.hr_id] if one != employee]
    for person, clock in ((others[-1], "09.40"), (leader, "11.05")):
        with delivered(stage.at(-1, clock)):
            register_for_seminar(seminar=seminar, by=person, now=stage.at(-1, clock))


# --- Asked ---------------------------------------------------------------------------------------


def _ask(stage: Stage, seminar: Seminar) -> None:
    organiser = stage.cast["organiser"]

    def ask(text: str, kind: str, **fields: Any) -> Question:
        content = QuestionContent(text=text, kind=kind, **fields)
        return ask_question(seminar=seminar, content=content, by=organiser)

    way = ask("Hvordan vil du delta?", QuestionKind.ONE, options=WAY, is_required=True)
    subjects = ask("Hva vil du helst snakke om?", QuestionKind.SEVERAL, options=SUBJECTS)
    wish = ask(
        "Er det noe du vil ta opp i salen?",
        QuestionKind.TEXT,
        shown_if=way,
        shown_if_option=WAY[0],
    )
    _answer(stage, seminar, way, subjects, wish)


def _answer(
    stage: Stage, seminar: Seminar, way: Question, subjects: Question, wish: Question
) -> None:
    rng = stage.rng("answers")
    answers = []
    for one in seminar.registrations.active().order_by("created_at", "pk"):
        chosen = {way: [rng.choice(WAY)], subjects: rng.sample(SUBJECTS, rng.randint(1, 2))}
        if chosen[way] == WAY[:1] and rng.random() < 0.5:
            chosen[wish] = [rng.choice(WISHES)]
        answers += [
            Answer(registration=one, question=asked, values=values, answered_at=one.created_at)
            for asked, values in chosen.items()
        ]
    Answer.objects.bulk_create(answers)
