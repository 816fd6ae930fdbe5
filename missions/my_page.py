"""What missions put on «Min side»."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import dates
from common.my_page import Area, Card, NextStep, Part, Step, Visit
from missions.mission_tasks import OwnLine, own_lines, with_mission_tasks
from missions.models import Acknowledgement, MissionVersion, UpwardQuestion
from people.affiliation import Affiliation
from people.models import Leadership, Position, Unit, User


def short_questions(user: User, affiliation: Affiliation, now: dt.datetime) -> dict[str, Exists]:
    """Ask of a leader whether a unit below waits for an answer."""
    if not affiliation.is_leader:
        return {}
    asked = UpwardQuestion.objects.asked_of(user, timezone.localdate(now))
    return {"reply": Exists(asked.unanswered())}


def with_readers(units: QuerySet[Any], user: User, today: dt.date) -> QuerySet[Any]:
    """Add whether this person leads each unit, and how many others work there and have read.

    Of those who work in the unit today, so that nobody who has left is counted, and but for who
    published what they read.
    """
    leads = Leadership.objects.valid_on(today).filter(user=user, unit=OuterRef("pk"))
    here = Position.objects.valid_on(today).filter(unit=OuterRef("pk"), user__is_active=True)
    others = here.exclude(user=user).order_by().values("unit")
    current = MissionVersion.objects.current().filter(mission__unit=OuterRef(OuterRef("pk")))
    works = Position.objects.valid_on(today).filter(
        user=OuterRef("user"), unit=OuterRef("version__mission__unit")
    )
    read = Acknowledgement.objects.filter(Exists(works), version__in=current.values("pk"))
    by_others = read.exclude(user=F("version__published_by")).order_by().values("version")
    counted = Count("user", distinct=True)
    with_them: QuerySet[Any] = units.annotate(
        is_led=Exists(leads),
        people=Coalesce(Subquery(others.annotate(found=counted).values("found")), 0),
        readers=Coalesce(Subquery(by_others.annotate(found=Count("pk")).values("found")), 0),
    )
    return with_them


def _unit(line: OwnLine) -> Any:
    """A unit with what `with_readers` has added."""
    return line.line.unit


def my_page(visit: Visit) -> Part:
    """Return what missions ask of one person, the lines to their units, and those they lead."""
    found = _Found(visit)
    return Part(steps=found.steps(), cards=found.cards())


class _Found:
    """What is asked for once and used by several steps and cards."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def steps(self) -> list[Step]:
        return [
            Step(80, self.to_reply),
            Step(120, self.to_read),
            Step(130, self.to_write),
            Step(140, self.to_contribute),
        ]

    def cards(self) -> list[Card]:
        own = [line for line in self.lines if line.is_own]
        cards = [Card(50, "missions/my_page/lines.html", {"lines": own})]
        if led := [line for line in self.lines if _unit(line).is_led]:
            cards.append(Card(10, "missions/my_page/picture.html", {"lines": led}, Area.PICTURE))
        return cards

    @cached_property
    def lines(self) -> list[OwnLine]:
        """To the units where the person works or leads, and to the vacant ones they answer for."""
        user, today = self.visit.user, self.visit.today
        units = with_mission_tasks(Unit.objects.visible_to(user, on=today), user, today)
        concerned = units.filter(Q(is_own=True) | Q(is_answered_for=True))
        return own_lines(with_readers(concerned, user, today), user, today)

    def to_reply(self) -> NextStep | None:
        """A unit below waits for the answer before it can say what it contributes."""
        if not self.visit.answers.get("reply"):
            return None
        asked = UpwardQuestion.objects.asked_of(self.visit.user, self.visit.today).unanswered()
        question = (
            asked.select_related("version__mission__unit").order_by("answer_by", "pk").first()
        )
        if question is None:
            return None
        return NextStep(
            _("%(unit)s har spurt deg om oppdraget") % {"unit": question.version.mission.unit.name},
            _("De trenger svaret innen %(day)s.") % {"day": dates.day(question.answer_by)},
            reverse("missions:answer", args=[question.pk]),
            _("Svar på spørsmålet"),
        )

    def to_read(self) -> NextStep | None:
        own = next((one for one in self.lines if one.may_acknowledge), None)
        if own is None or own.line.own.version is None:
            return None
        return NextStep(
            _("Les oppdraget til %(unit)s") % {"unit": own.line.unit.name},
            _("Kjenner du enhetens oppdrag, og ditt eget bidrag? Les, og si fra at du har lest."),
            reverse("missions:version", args=[own.line.own.version.pk]),
            _("Les oppdraget"),
        )

    def to_write(self) -> NextStep | None:
        own = next(
            (one for one in self.lines if one.may_write and one.line.own.version is None), None
        )
        if own is None:
            return None
        unit = own.line.unit
        is_begun = own.draft_id is not None
        return NextStep(
            (
                _("Gjør ferdig oppdraget for %(unit)s")
                if is_begun
                else _("Skriv oppdraget for %(unit)s")
            )
            % {"unit": unit.name},
            _("Hvem er dere til for, hva er kjerneoppgaven, og hva er ikke deres oppgave?"),
            reverse("missions:edit", args=[own.draft_id])
            if is_begun
            else reverse("missions:unit", args=[unit.pk]),
            _("Skriv videre") if is_begun else _("Begynn"),
        )

    def to_contribute(self) -> NextStep | None:
        own = next((one for one in self.lines if one.may_contribute), None)
        if own is None:
            return None
        return NextStep(
            _("Hva er ditt bidrag i %(unit)s?") % {"unit": own.line.unit.name},
            _(
                "Skriv med dine egne ord hva du gjør for at enheten skal lykkes. "
                "Bare du ser det, til du deler det."
            ),
            reverse("missions:contribution", args=[own.line.unit.pk]),
            _("Skriv mitt bidrag"),
        )
