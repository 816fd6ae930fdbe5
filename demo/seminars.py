"""The demo's seminars: the one that more want than can have, others to come, and those held."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
import uuid
from typing import Any

from attendance.derived import write_derived
from attendance.models import AttendanceMark
from demo.names import DATA
from demo.post import delivered
from demo.stage import Stage
from people.models import AuditRecord, User
from reports.period import counted_half_year
from seminars.editing.actions import cancel_seminar
from seminars.models import (
    AttendanceOutcome,
    Invitation,
    ProgrammeItem,
    Registration,
    RegistrationState,
    Seminar,
    SeminarState,
    Session,
    Speaker,
)
from seminars.seats.snapshots import Snapshot, snapshots_of
from seminars.seats.ways_in import register_for_seminar

APPLICANTS = 330
STAYING_AWAY = [
    "Byantikvaren",
    "Fornebuetaten",
    "Gravplassetaten",
    "Innkrevingsetaten",
    "Klimaetaten",
    "Kommunerevisjonen",
    "Munchmuseet",
    "Oslo Havn KF",
]
"""51 agencies, of which 43 send leaders to «Tillitsbasert ledelse»."""
OUTCOMES = [AttendanceOutcome.ATTENDED, AttendanceOutcome.NO_SHOW, AttendanceOutcome.EXCUSED, None]
OUTCOME_WEIGHTS = [84, 7, 6, 3]
"""None is «not recorded», which is not «no show»."""
MOST_SEATS = 500
"""More than any of these seminars has, so that everybody registers before it closes."""
DAYS_INTO_THE_HALF_YEAR = 74
CAST_GOES_TO = "Klart språk for ledere"
"""Where those of the cast who are not leaders have a seat."""
CAST_HAS_BEEN_AT = ["Tillitsbasert ledelse: introduksjon", "Medarbeidersamtalen"]


def play_seminars(stage: Stage) -> None:
    _Seminars(stage).play()


def counted_day(today: dt.date) -> int:
    """Return how far off a day is in the half-year whose attendance the reports tell.

    In the middle of March or of September: no holiday moves it to another half-year.
    """
    return (counted_half_year(today).first - today).days + DAYS_INTO_THE_HALF_YEAR


class _Seminars:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.rng = stage.rng("seminars")
        self.texts = tomllib.loads((DATA / "seminars.toml").read_text(encoding="utf-8"))
        self.unit = stage.named("Utviklings- og kompetanseetaten")
        self.organiser = stage.cast["organiser"]
        self.leaders = sorted(stage.leaders.values(), key=lambda leader: leader.hr_id or "")
        self.snapshots = snapshots_of([one.pk for one in self.leaders], on=stage.today)

    def play(self) -> None:
        for text in self.texts["earlier"]:
            self._earlier(text)
        for text in self.texts["coming"]:
            self._coming(text)
        self._main(self.texts["main"])
        self._today(self.texts["today"])
        self._earlier(self.texts["half_year"] | {"day": counted_day(self.stage.today)})

    # --- The one that everybody wants ------------------------------------------------------------

    def _main(self, text: dict[str, Any]) -> None:
        """Registered one by one through the action: 300 get a seat and the rest a place in line."""
        seminar = self._seminar(text)
        opened = self.stage.at(text["opened"], "08.00")
        self._invite(seminar, opened)
        applicants = self._applicants()
        for number, leader in enumerate(applicants):
            now = opened + dt.timedelta(hours=1, minutes=97 * number)
            with delivered(now):
                register_for_seminar(seminar=seminar, by=leader, now=now)

    def _applicants(self) -> list[User]:
        """From each of the 43 agencies its head, and then leaders from all of them by chance."""
        coming = [
            agency
            for agency in self.stage.organisation.units
            if agency.level == "agency" and agency.name not in STAYING_AWAY
        ]
        ids = {agency.hr_id for agency in coming}
        heads = [self.stage.leaders[agency.hr_id] for agency in coming]
        others = [
            leader
            for hr_id, leader in self.stage.leaders.items()
            if "-" in hr_id and hr_id.partition("-")[0] in ids
        ]
        cast = self.stage.cast["leader"]
        others = sorted((one for one in others if one != cast), key=lambda one: one.hr_id or "")
        chosen = [*heads, cast, *self.rng.sample(others, APPLICANTS - len(heads) - 1)]
        early, late = chosen[: len(heads) + 1], chosen[len(heads) + 1 :]
        self.rng.shuffle(early)
        return [*early, *late]

    def _invite(self, seminar: Seminar, at: dt.datetime) -> None:
        Invitation.objects.bulk_create(
            Invitation(
                seminar=seminar,
                user=leader,
                invited_at=at,
                invited_by=self.organiser,
                **self._snapshot(leader).as_fields(),
            )
            for leader in self.leaders
        )

    # --- The one whose door is open --------------------------------------------------------------

    def _today(self, text: dict[str, Any]) -> None:
        """Held on the day the demo is loaded, a day of rest too: nobody has come yet."""
        seminar = self._seminar(text, day=0)
        people = self._draw(text["taken"], ["leader"])
        people[0] = self.stage.cast["leader"]
        self._keep([self._registration(seminar, one, number) for number, one in enumerate(people)])

    # --- Others ----------------------------------------------------------------------------------

    def _coming(self, text: dict[str, Any]) -> None:
        seminar = self._seminar(text)
        taken = text.get("taken", 0)
        people = self._draw(taken + text.get("waiting", 0), ["leader"])
        registrations = [
            self._registration(seminar, leader, number, is_waiting=number >= taken)
            for number, leader in enumerate(people)
        ]
        self._keep(registrations)
        if text["title"] == CAST_GOES_TO:
            self._bring_the_cast(seminar)
        if text.get("state") == "cancelled":
            now = self.stage.at(-1, "11.40")
            with delivered(now):
                cancel_seminar(
                    seminar=seminar, reason=text["cancel_reason"], by=self.organiser, now=now
                )

    def _bring_the_cast(self, seminar: Seminar) -> None:
        for day, key in enumerate(["organiser", "coordinator", "hr", "administrator"]):
            now = self.stage.at(day - 9, "10.20")
            with delivered(now):
                register_for_seminar(seminar=seminar, by=self.stage.cast[key], now=now)

    def _earlier(self, text: dict[str, Any]) -> None:
        seminar = self._seminar(text)
        is_cast_here = text["title"] in CAST_HAS_BEEN_AT
        people = self._draw(text["taken"], ["leader"])
        if is_cast_here:
            people[0] = self.stage.cast["leader"]
        registrations = [
            self._registration(seminar, leader, number) for number, leader in enumerate(people)
        ]
        gone = [self._gone(seminar, leader) for leader in self._draw(3, ["leader"], but=people)]
        self._keep(registrations + gone)
        if text.get("recorded", True):
            self._mark(registrations, seminar, is_cast_here)

    def _mark(self, registrations: list[Registration], seminar: Seminar, cast: bool) -> None:
        outcomes = self.rng.choices(OUTCOMES, OUTCOME_WEIGHTS, k=len(registrations))
        if cast:
            outcomes[0] = AttendanceOutcome.ATTENDED
        recorded_at = seminar.ends_at + dt.timedelta(hours=1)
        sessions = list(seminar.sessions.all())
        AttendanceMark.objects.bulk_create(
            AttendanceMark(
                registration=registration,
                session=session,
                outcome=outcome,
                by=self.organiser,
                at=recorded_at,
            )
            for registration, outcome in zip(registrations, outcomes, strict=True)
            if outcome is not None
            for session in sessions
        )
        write_derived(registrations, by=self.organiser, now=recorded_at)

    def _draw(self, count: int, absent: list[str], but: list[User] | None = None) -> list[User]:
        """Leaders by chance; the cast are placed by hand, so that their pages stay as meant."""
        taken = {self.stage.cast[key] for key in absent} | set(but or [])
        return self.rng.sample([one for one in self.leaders if one not in taken], count)

    # --- Rows ------------------------------------------------------------------------------------

    def _seminar(self, text: dict[str, Any], day: int | None = None) -> Seminar:
        """On a working day, unless the day is given."""
        day = self.stage.working_day(text["day"]) if day is None else day
        state = SeminarState.DRAFT if text.get("state") == "draft" else SeminarState.PUBLISHED
        opened = text.get("opened", min(day, 0) - 40)
        closes = text.get("closes", day - 2)
        seminar: Seminar = Seminar.objects.create(
            title=text["title"],
            summary=text["summary"],
            description=text.get("description", "").strip(),
            audience=text.get("audience", "Ledere på alle nivåer."),
            organiser_unit=self.unit,
            created_by=self.organiser,
            contact=self.organiser,
            contact_phone="21 80 21 80",
            state=state,
            capacity=text["capacity"],
            admits_latecomers=text.get("admits_latecomers", False),
            waiting_list_mode=text.get("waiting_list_mode", "automatic"),
            waiting_list_limit=text.get("waiting_list_limit"),
            registration_opens_at=self.stage.at(opened, "08.00"),
            registration_closes_at=self.stage.at(closes, "16.00"),
            starts_at=self.stage.at(day, text["from"]),
            ends_at=self.stage.at(day, text["to"]),
            place_name=text.get("place_name", ""),
            address=text.get("address", ""),
            room=text.get("room", ""),
            meeting_url=text.get("meeting_url", ""),
            created_at=self.stage.at(opened - 14, "10.00"),
            published_at=None
            if state == SeminarState.DRAFT
            else self.stage.at(opened - 7, "10.00"),
        )
        self._contents(seminar, text, day)
        seminar.refresh_from_db()
        return seminar

    def _contents(self, seminar: Seminar, text: dict[str, Any], day: int) -> None:
        days = [day]
        if "second_day" in text:
            days.append(self.stage.working_day(text["second_day"]))
        for number, when in enumerate(days, start=1):
            Session.objects.create(
                seminar=seminar,
                title=f"Samling {number}" if len(days) > 1 else "",
                starts_at=self.stage.at(when, text["from"]),
                ends_at=self.stage.at(when, text["to"]),
            )
        ProgrammeItem.objects.bulk_create(
            ProgrammeItem(
                seminar=seminar,
                starts_at=self.stage.at(day, clock),
                title=title,
                description=description,
            )
            for clock, title, description in text.get("programme", [])
        )
        Speaker.objects.bulk_create(
            Speaker(seminar=seminar, name=name, title=title, biography=biography)
            for name, title, biography in text.get("speakers", [])
        )

    def _registration(
        self, seminar: Seminar, leader: User, number: int, *, is_waiting: bool = False
    ) -> Registration:
        last = min(seminar.registration_closes_at, self.stage.now)
        span = (last - seminar.registration_opens_at) * 0.9
        moment = seminar.registration_opens_at + span * ((number + 1) / MOST_SEATS)
        return Registration(
            seminar=seminar,
            user=leader,
            state=RegistrationState.WAITLISTED if is_waiting else RegistrationState.REGISTERED,
            created_at=moment,
            queued_at=moment,
            confirmed_at=None if is_waiting else moment,
            registered_by=leader,
            calendar_uid=_uid(self.rng),
            **self._snapshot(leader).as_fields(),
        )

    def _gone(self, seminar: Seminar, leader: User) -> Registration:
        """Had a seat and gave it back."""
        registration = self._registration(seminar, leader, self.rng.randrange(50))
        registration.state = RegistrationState.WITHDRAWN
        registration.withdrawn_at = registration.created_at + dt.timedelta(days=3)
        registration.calendar_sequence = 1
        return registration

    def _keep(self, registrations: list[Registration]) -> None:
        Registration.objects.bulk_create(registrations)
        AuditRecord.objects.bulk_create(
            AuditRecord(
                at=one.created_at,
                actor=one.user,
                action="seminars.register",
                object_type=one._meta.label_lower,
                object_id=str(one.pk),
                details={
                    "state": "waitlisted" if one.is_waiting else "registered",
                    "source": "history",  # their letters were sent before there was a portal
                },
            )
            for one in registrations
        )

    def _snapshot(self, leader: User) -> Snapshot:
        return self.snapshots[leader.pk]


def _uid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))
