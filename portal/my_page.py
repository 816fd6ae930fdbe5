"""What «Min side» shows: the one next step, then what is mine in each room of the portal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import Agreement, AgreementState, FollowUp, Revision, Share
from commitments.reading.overview import Overview, OverviewRow, overview_of
from commitments.signing_authority import revisions_to_sign_for
from common import dates
from missions.mission_tasks import OwnLine, own_lines, with_mission_tasks
from missions.models import Acknowledgement
from outbox.models import Letter
from people.affiliation import Affiliation
from people.models import Leadership, Position, Role, Unit, User
from portal.mission_steps import (
    MissionStep,
    to_contribute,
    to_guess,
    to_read,
    to_reply,
    to_say,
    to_settle,
    to_talk_about,
    to_write,
)
from portal.what_waits import TALK_SOON, Waits, what_waits
from pulse.tasks_of_person import PulseSteps, pulse_steps
from seminars.models import Registration, SeatPool, SeminarState

SOON = dt.timedelta(days=14)
"""How near a seminar must be to be what a person should think of next."""
SHOWN = 3


@dataclass(frozen=True)
class UnitPicture:
    """How far a unit has come, in counts: for its leader to talk about, not to score anybody."""

    unit: Unit
    has_mission: bool
    people: int
    readers: int


@dataclass(frozen=True)
class LeaderPicture:
    units: list[UnitPicture]
    pairs: int
    signed: int
    under_way: int


@dataclass(frozen=True)
class MyPage:
    next_step: MissionStep
    registrations: list[Registration]
    overview: Overview
    lines: list[OwnLine]
    letters: list[Letter]
    picture: LeaderPicture | None
    pools: list[SeatPool]
    to_approve: list[Registration]

    @property
    def agreement_rows(self) -> list[OverviewRow]:
        """What asks something first; else with one's own leader, then with those one leads."""
        rows = [*self.overview.as_employee, *self.overview.as_leader]
        going_on = [row for row in rows if row.agreement is not None]
        return sorted(going_on, key=lambda row: not row.asks)[:SHOWN]


def my_page(user: User, affiliation: Affiliation, now: dt.datetime) -> MyPage:
    """A fixed number of queries, whatever the number of rows behind the page."""
    today = timezone.localdate(now)
    registrations = upcoming_registrations(user, now)
    pulses = pulse_steps(user, today)
    lines = lines_of(user, today)
    overview = overview_of(user, today)
    waits = what_waits(user, now)
    to_approve = approvals_wanted(user, now) if affiliation.is_leader and waits.approval else []
    visit = Visit(user, affiliation, registrations, to_approve, overview, lines, pulses, waits, now)
    return MyPage(
        next_step=next_step(visit),
        registrations=registrations[:SHOWN],
        overview=overview,
        lines=[one for one in lines if one.is_own],
        letters=list(Letter.objects.visible_to(user).without_contents()[:SHOWN]),
        picture=leader_picture(user, lines, overview, today) if affiliation.is_leader else None,
        pools=coordinated_pools(user, now) if affiliation.has_any(Role.COORDINATOR) else [],
        to_approve=to_approve,
    )


def approvals_wanted(user: User, now: dt.datetime) -> list[Registration]:
    """Of those she leads, whose seat waits for her; the first deadline first."""
    asked = Registration.objects.awaiting_answer_of(user, now=now)
    waiting = list(asked.select_related("seminar", "user").order_by("expires_at", "pk"))
    if not waiting:
        return []
    own = asked.approvable_by(user, on=timezone.localdate(now)).values_list("pk", flat=True)
    may = set(own)
    return [registration for registration in waiting if registration.pk in may]


def coordinated_pools(user: User, now: dt.datetime) -> list[SeatPool]:
    """Seats held for the agencies one coordinates, at seminars that have not begun."""
    held = SeatPool.objects.coordinated_by(user, on=timezone.localdate(now)).live().with_use()
    coming = held.filter(seminar__state=SeminarState.PUBLISHED, seminar__starts_at__gt=now)
    return list(coming.select_related("agency", "seminar").order_by("seminar__starts_at", "pk"))


def upcoming_registrations(user: User, now: dt.datetime) -> list[Registration]:
    mine = Registration.objects.visible_to(user).active().select_related("seminar")
    return list(mine.filter(seminar__ends_at__gte=now).order_by("seminar__starts_at", "pk"))


def lines_of(user: User, today: dt.date) -> list[OwnLine]:
    """To the units where the person works or leads, and to the vacant ones she answers for."""
    units = with_mission_tasks(Unit.objects.visible_to(user), user, today)
    concerned = units.filter(Q(is_own=True) | Q(is_answered_for=True))
    return own_lines(concerned, user, today)


@dataclass(frozen=True)
class Visit:
    """Who comes, and what has been found for her so far."""

    user: User
    affiliation: Affiliation
    registrations: list[Registration]
    to_approve: list[Registration]
    overview: Overview
    lines: list[OwnLine]
    pulses: PulseSteps
    waits: Waits
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)


def next_step(visit: Visit) -> MissionStep:
    """The first of these that there is; somebody is waiting for the earlier ones."""
    return next(step for step in steps(visit) if step is not None)


def steps(visit: Visit) -> Iterator[MissionStep | None]:
    user, today, waits = visit.user, visit.today, visit.waits
    yield to_take(visit.registrations, visit.now)
    yield to_sign(user) if waits.signature else None
    yield to_answer(user) if waits.answer else None
    yield to_answer_for(visit.to_approve)
    yield to_sign_for(user, today) if waits.substitute else None
    yield to_prepare_together(visit.overview)
    yield to_talk(user, today) if waits.talk else None
    if visit.affiliation.is_leader:
        yield to_reply(user, today) if waits.reply else None
        yield to_settle(visit.pulses)
        yield to_talk_about(visit.pulses)
    yield to_prepare(visit.registrations, visit.now)
    yield to_read(visit.lines)
    yield to_write(visit.lines)
    yield to_contribute(visit.lines)
    yield to_say(visit.pulses)
    if visit.affiliation.is_leader:
        yield to_guess(user, today)
    yield to_share(user, visit.overview)
    yield by_role(visit.affiliation)


def to_take(registrations: list[Registration], now: dt.datetime) -> MissionStep | None:
    """Before all else: the seat goes to the next in the queue when the time is up."""
    offers = [
        (one.expires_at, one)
        for one in registrations
        if one.is_offered and one.expires_at is not None and one.expires_at > now
    ]
    if not offers:
        return None
    until, registration = min(offers, key=lambda offer: (offer[0], offer[1].pk))
    return MissionStep(
        _("Du kan få plass på %(title)s") % {"title": registration.seminar.title},
        _("Plassen er holdt av til deg til %(until)s.") % {"until": dates.moment(until)},
        reverse("seminars:offer", args=[registration.seminar_id]),
        _("Svar på tilbudet"),
    )


def to_answer_for(to_approve: list[Registration]) -> MissionStep | None:
    """A seat is held meanwhile, and somebody may be waiting for it."""
    registration = next(iter(to_approve), None)
    if registration is None or registration.expires_at is None:
        return None
    return MissionStep(
        _("Kan %(name)s delta på %(title)s?")
        % {"name": registration.user.name, "title": registration.seminar.title},
        _("Påmeldingen venter på godkjenning fra deg. Svar innen %(until)s.")
        % {"until": dates.moment(registration.expires_at)},
        reverse("seminars:approve", args=[registration.seminar_id, registration.pk]),
        _("Svar på påmeldingen"),
    )


def to_sign(user: User) -> MissionStep | None:
    revision = Revision.objects.awaiting_signature_of(user).order_by("agreed_at").first()
    if revision is None:
        return None
    other = revision.agreement.counterpart_of(user)
    return MissionStep(
        _("Avtalen med %(name)s venter på signaturen din") % {"name": other.name},
        _("Dere er enige om innholdet. Les gjennom en gang til, og signer."),
        reverse("commitments:sign", args=[revision.agreement_id]),
        _("Les og signer"),
    )


def to_sign_for(user: User, today: dt.date) -> MissionStep | None:
    """As a substitute: whose it is, and not with whom."""
    waiting = revisions_to_sign_for(user, today).with_people().order_by("agreed_at").first()
    if waiting is None:
        return None
    return MissionStep(
        _("En avtale venter på deg som stedfortreder for %(name)s")
        % {"name": waiting.agreement.leader.name},
        _("Begge er enige om innholdet. Les den, og signer for lederen."),
        reverse("commitments:sign", args=[waiting.agreement_id]),
        _("Les og signer"),
    )


def to_answer(user: User) -> MissionStep | None:
    waiting = Agreement.objects.visible_to(user).awaiting_answer_of(user).with_people()
    agreement = waiting.order_by("created_at").first()
    if agreement is None:
        return None
    other = agreement.counterpart_of(user)
    return MissionStep(
        _("%(name)s har sendt deg et forslag til avtale") % {"name": other.name},
        _("Les det, og godta det eller send det tilbake med det du vil endre."),
        reverse("commitments:detail", args=[agreement.pk]),
        _("Se forslaget"),
    )


def to_prepare_together(overview: Overview) -> MissionStep | None:
    """The other is ready, and sees nothing before this one is."""
    row = _asking(overview, AgreementState.DRAFT)
    if row is None or row.agreement is None:
        return None
    return MissionStep(
        _("%(name)s er klar, og venter på svarene dine") % {"name": row.other.name},
        _("Ni korte spørsmål, hver for dere. Ingen ser svarene før dere begge er klare."),
        reverse("commitments:prepare", args=[row.agreement.pk]),
        _("Forbered deg"),
    )


def to_share(user: User, overview: Overview) -> MissionStep | None:
    """Nobody waits for it, and it rests until this one has chosen."""
    row = _asking(overview, AgreementState.PARTED)
    if row is None or row.agreement is None:
        return None
    if Share.objects.visible_to(user).active().filter(agreement=row.agreement).exists():
        return None
    return MissionStep(
        _("%(name)s leder deg ikke her lenger") % {"name": row.other.name},
        _("Bare du leser avtalen nå. Del den med den nye lederen din, eller avslutt den."),
        reverse("commitments:detail", args=[row.agreement.pk]),
        _("Se avtalen"),
    )


def _asking(overview: Overview, state: str) -> OverviewRow | None:
    rows = [*overview.as_employee, *overview.as_leader]
    asking = (row for row in rows if row.asks)
    return next((row for row in asking if getattr(row.agreement, "state", "") == state), None)


def to_talk(user: User, today: dt.date) -> MissionStep | None:
    talks = FollowUp.objects.visible_to(user).due(today + TALK_SOON)
    talk = talks.select_related("agreement__leader", "agreement__employee").first()
    if talk is None:
        return None
    other = {"name": talk.agreement.counterpart_of(user).name, "day": dates.day(talk.due_on)}
    if talk.due_on < today:
        title = _("Oppfølgingssamtalen med %(name)s skulle vært holdt %(day)s") % other
    else:
        title = _("Oppfølgingssamtale med %(name)s %(day)s") % other
    return MissionStep(
        title,
        _("Hva er holdt, hva er på vei, og hva må dere snakke om på nytt?"),
        reverse("commitments:follow_up", args=[talk.agreement_id]),
        _("Gå til samtalen"),
    )


def to_prepare(registrations: list[Registration], now: dt.datetime) -> MissionStep | None:
    coming = (one for one in registrations if one.has_seat and one.seminar.is_published)
    registration = next((one for one in coming if one.seminar.starts_at <= now + SOON), None)
    if registration is None:
        return None
    seminar = registration.seminar
    return MissionStep(
        _("Snart: %(title)s") % {"title": seminar.title},
        _("%(when)s. Se programmet, og meld deg av hvis du ikke kan, så får en annen plassen.")
        % {"when": dates.span(seminar.starts_at, seminar.ends_at)},
        reverse("seminars:detail", args=[seminar.pk]),
        _("Se programmet"),
    )


def by_role(affiliation: Affiliation) -> MissionStep:
    """When nobody waits for anything: what people in this role most often come for."""
    if affiliation.has_any(Role.ORGANISER):
        return MissionStep(
            _("Seminarene du arrangerer"),
            _("Se påmeldinger, før oppmøte, eller lag et nytt seminar."),
            reverse("seminars:organise"),
            _("Gå til seminarene"),
        )
    if affiliation.has_any(Role.HR):
        return MissionStep(
            _("Når seminarene fram?"),
            _("Se hvem som er påmeldt og har møtt, virksomhet for virksomhet."),
            reverse("reports:participation"),
            _("Se deltakelsen"),
        )
    if affiliation.has_any(Role.ADMINISTRATOR):
        return MissionStep(
            _("Roller og tilganger"),
            _("Se hvem som har en rolle i dag, og gi eller avslutt en."),
            reverse("people:roles"),
            _("Gå til rollene"),
        )
    return MissionStep(
        _("Finn et seminar"),
        _("Ingenting venter på deg. Se hva som kommer, og meld deg på det du vil bli bedre på."),
        reverse("seminars:list"),
        _("Se seminarene"),
    )


def leader_picture(
    user: User, lines: list[OwnLine], overview: Overview, today: dt.date
) -> LeaderPicture:
    led = set(Leadership.objects.valid_on(today).filter(user=user).values_list("unit", flat=True))
    shown = [own for own in lines if own.line.unit.pk in led]
    people, readers = people_by_unit(led, user, today), readers_by_version(shown, today)
    units = [unit_picture(own, people, readers) for own in shown]
    states = [getattr(row.agreement, "state", None) for row in overview.as_leader]
    return LeaderPicture(
        units=units,
        pairs=len(states),
        signed=states.count(AgreementState.SIGNED),
        under_way=sum(state not in (None, AgreementState.SIGNED) for state in states),
    )


def unit_picture(own: OwnLine, people: dict[int, int], readers: dict[int, int]) -> UnitPicture:
    version = own.line.own.version
    return UnitPicture(
        unit=own.line.unit,
        has_mission=version is not None,
        people=people.get(own.line.unit.pk, 0),
        readers=0 if version is None else readers.get(version.pk, 0),
    )


def people_by_unit(units: set[int], leader: User, today: dt.date) -> dict[int, int]:
    rows = Position.objects.valid_on(today).filter(unit__in=units, user__is_active=True)
    counted = rows.exclude(user=leader).order_by().values("unit")
    return dict(counted.annotate(people=Count("user", distinct=True)).values_list("unit", "people"))


def readers_by_version(lines: list[OwnLine], today: dt.date) -> dict[int, int]:
    """Of those who work in the unit today, so that nobody who has left is counted."""
    versions = [own.line.own.version for own in lines if own.line.own.version is not None]
    works = Position.objects.valid_on(today).filter(
        user=OuterRef("user"), unit=OuterRef("version__mission__unit")
    )
    read = Acknowledgement.objects.filter(Exists(works), version__in=versions).order_by()
    by_others = read.exclude(user=F("version__published_by")).values("version")
    return dict(by_others.annotate(readers=Count("pk")).values_list("version", "readers"))
