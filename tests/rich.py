"""Seminars, missions and agreements with everything that a page can show of them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from attendance.models import Attendance, PastParticipation, PastSeminar
from commitments.models import Commitment, Revision
from missions.models import MissionVersion
from missions.writing.actions import acknowledge_mission
from outbox.models import LetterState
from people.models import Role, Unit, User
from seminars.models import (
    Answer,
    Invitation,
    ProgrammeItem,
    Question,
    SeatPool,
    Seminar,
    Session,
    Speaker,
)
from tests.access import Row, row
from tests.cast import Cast
from tests.factories import make_leader, make_role, make_unit
from tests.outbox.factories import make_letter
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
)

MANY = 12_345
"""Such a number is grouped wherever it is shown, and nowhere else."""
HOUR = dt.timedelta(hours=1)


AT_A_SEMINAR = ("detail", "participants", "questions", "edit", "register", "queue", "choose")


def make_rich(cast: Cast) -> list[Row]:
    """Beside what the access matrix makes: the other states, and what hangs on them.

    Returns where that is seen; who may not come there finds out.
    """
    make_role(cast.hr, Role.HR, cast.other_agency)
    held = make_held_seminar(cast)
    made = (held, make_seminar_that_asks(cast), make_full_seminar(cast))
    for kind in ("leader", "hr", "organiser"):
        make_letter(getattr(cast, kind))
    make_letter(cast.leader, state=LetterState.FAILED)
    make_past_participation(cast.other_agency, cast.leader)
    read = MissionVersion.objects.published().filter(mission__unit=cast.unit).first()
    acknowledge_mission(version=read, by=cast.employee, now=timezone.now())
    for number in range(3):
        unit = make_unit(f"Seksjon {number}", parent=cast.agency)
        make_registration(held, make_leader(unit, f"Leder {number}"), unit=unit, agency=cast.agency)
    return [row(f"seminars:{name}", seminar.pk) for seminar in made for name in AT_A_SEMINAR]


def make_past_participation(organiser: Unit, user: User) -> None:
    """Of a day, and of many days and hours."""
    first = dt.date(2019, 3, 4)
    for title, last in (("Lederens første år", first), ("Lederskolen", dt.date(2021, 3, 4))):
        seminar = PastSeminar.objects.create(
            title=title,
            title_key=title.casefold(),
            organiser_unit=organiser,
            first_day=first,
            last_day=last,
        )
        PastParticipation.objects.create(
            seminar=seminar, user=user, outcome="partly", minutes=MANY * 60 + 30
        )


def make_held_seminar(cast: Cast) -> Seminar:
    """Going on now, with one of each outcome and more people than a page of the list holds."""
    held = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title="Oppdrag og bidrag",
        capacity=MANY,
        starts_at=timezone.now() - HOUR,
        hours=3,
    )
    ProgrammeItem.objects.create(seminar=held, starts_at=held.starts_at, title="Velkommen")
    Speaker.objects.create(seminar=held, name="Åse Moe", title="Forsker", biography="Skriver.")
    ones = [make_registration(held, cast.leader, unit=cast.unit, agency=cast.agency)]
    ones += make_participants(held, cast.unit, 105)
    for registration, outcome in zip(ones, ("attended", "no_show", "excused"), strict=False):
        Attendance.objects.create(
            registration=registration, outcome=outcome, marked_by=cast.organiser
        )
    Invitation.objects.create(
        seminar=held, user=cast.manager, unit=cast.department, agency=cast.agency
    )
    return held


def make_seminar_that_asks(cast: Cast) -> Seminar:
    """Open, with parallel sessions, and a question that hangs on the answer to another."""
    asking = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title="Samtaler som virker",
        capacity=MANY,
    )
    here, _there = make_choice(asking, MANY, MANY)
    first = Question.objects.create(
        seminar=asking, text="Trenger du hotell?", kind="one", options=["Ja", "Nei"]
    )
    then = Question.objects.create(
        seminar=asking,
        text="Hvilke netter?",
        kind="several",
        options=["Mandag", "Tirsdag"],
        is_required=True,
        shown_if=first,
        shown_if_option="Ja",
    )
    with transaction.atomic():
        registration = make_registration(asking, cast.employee, unit=cast.unit, agency=cast.agency)
        choose(registration, here)
    Answer.objects.create(registration=registration, question=first, values=["Ja"])
    Answer.objects.create(registration=registration, question=then, values=["Mandag"])
    SeatPool.objects.create(
        seminar=asking, agency=cast.agency, seats=2_345, release_at=asking.registration_closes_at
    )
    return asking


def make_full_seminar(cast: Cast) -> Seminar:
    """With an offer that runs out, and a waiting list."""
    full = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title="Å lede i omstilling",
        capacity=3,
        offers_expire_after=48,
    )
    make_participants(full, cast.unit, 2)
    make_registration(full, cast.leader, state="offered", unit=cast.unit, agency=cast.agency)
    make_participants(full, cast.unit, 2, state="waitlisted")
    make_registration(
        full, cast.manager, state="waitlisted", unit=cast.department, agency=cast.agency
    )
    return full


LONG_NAME = "Alexandrine-Wilhelmine Østensjø-Skjelbreidalen Thiruvananthapuram"
LONG_UNIT = "Kompetansesenter for bruker- og pårørendemedvirkningskoordinering Groruddalen"
LONG_TITLE = (
    "Menneskerettighetsorganisasjonsarbeid og https://www.regjeringen.example/no/dokumenter/nou"
)
LONG_TEXT = (
    "Vi er til for innbyggerne: minoritetsspråklig-foreldreveiledningskoordinatorene og "
    "skolefritidsordningsmedarbeiderne samordner tilretteleggingsgarantien.\n\n"
    "Les mer: https://www.regjeringen.example/no/dokumenter/tillitsbasert-styring-og-ledelse/"
    "id2900123/?ch=4&utm_source=nyhetsbrev_for_ledere"
)


def write_long() -> None:
    """Let all that people write be as long as they write it: names, words and links."""
    User.objects.update(name=LONG_NAME)
    Unit.objects.update(name=LONG_UNIT, level_name="kompetansesenter")
    Seminar.objects.update(
        title=LONG_TITLE,
        summary=LONG_TEXT[:300],
        description=LONG_TEXT,
        audience=LONG_TEXT,
        place_name=LONG_UNIT,
        address=LONG_UNIT,
        room="Konferanserommet i kommunikasjonsavdelingen",
    )
    PastSeminar.objects.update(title=LONG_TITLE)
    Session.objects.update(title=LONG_TITLE)
    ProgrammeItem.objects.update(title=LONG_TITLE, description=LONG_TEXT)
    Speaker.objects.update(name=LONG_NAME, title=LONG_UNIT, biography=LONG_TEXT)
    Question.objects.update(text=LONG_TITLE)
    drafts = Revision.objects.filter(state="draft")
    drafts.update(goals=LONG_TEXT, put_off=LONG_TEXT, upward=LONG_TEXT, renegotiate_when=LONG_TEXT)
    words = Commitment.objects.filter(revision__in=drafts)
    words.update(text=LONG_TEXT, why=LONG_TEXT, support=LONG_TEXT, signs=LONG_TEXT)
    MissionVersion.objects.filter(state="draft").update(core_task=LONG_TEXT, for_whom=LONG_TEXT)
