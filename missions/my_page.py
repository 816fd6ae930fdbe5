"""What missions put on «Min side»."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from common import dates
from common.my_page import Area, Card, NextStep, Part, Step, Visit
from common.packed_rows import PackedFields, packed, unpacked
from common.rooms import unit_step_fields
from missions.line_of_sight import LineOfSightStep, MissionLine
from missions.mission_tasks import OwnLine, own_line, with_mission_tasks
from missions.models import Acknowledgement, MissionVersion, UpwardQuestion
from missions.responsibility import units_concerning
from people.models import Leadership, Position, Unit, User


def short_questions(user: Any, today: Any, now: Any) -> dict[str, Any]:
    """Ask whether a unit below waits for this person to answer, and which units are theirs."""
    asked = UpwardQuestion.objects.asked_of(user, today)
    units = Unit.objects.visible_to(user, on=today).filter(pk__in=units_concerning(user, today))
    concerned = with_readers(with_mission_tasks(units, user, today), user, today)
    current = MissionVersion.objects.current().filter(mission__unit=OuterRef("pk"))
    with_current = concerned.annotate(current=packed(current.with_reading_by(user), _VERSION))
    return {
        "reply": Exists(asked.unanswered()),
        "units": packed(with_current.order_by("sort_key"), _unit_fields()),
    }


_VERSION: PackedFields = {
    "id": BigIntegerField(),
    "core_task": TextField(),
    "acknowledged_at": DateTimeField(),
    "wrote_it": BooleanField(),
}
_UNIT: PackedFields = {
    "id": BigIntegerField(),
    "name": CharField(),
    "valid_from": DateField(),
    "valid_to": DateField(),
    "is_own": BooleanField(),
    "is_answered_for": BooleanField(),
    "has_contribution": BooleanField(),
    "draft_id": BigIntegerField(),
    "shared_draft_id": BigIntegerField(),
    "is_led": BooleanField(),
    "people": IntegerField(),
    "readers": IntegerField(),
    "current": _VERSION,
}


def _unit_fields() -> PackedFields:
    return {**_UNIT, **unit_step_fields()}


def _row(model: type[Model], values: Mapping[str, Any]) -> Any:
    """Make a row of what is known of it; another column is fetched when somebody asks."""
    columns = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    row = model.from_db(DEFAULT_DB_ALIAS, columns, [values[name] for name in columns])
    vars(row).update(values)
    return row


def _line(values: Mapping[str, Any], today: dt.date) -> OwnLine:
    """Return the end of a line, which is what the cards show."""
    unit: Unit = _row(Unit, values)
    version = next((_row(MissionVersion, one) for one in values["current"]), None)
    end = LineOfSightStep(unit, version, None, is_closed=not unit.is_valid_on(today))
    return own_line(MissionLine(unit, [end]))


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
        units = unpacked(self.visit.answers["units"], _unit_fields())
        return [_line(unit, self.visit.today) for unit in units]

    def to_reply(self) -> NextStep | None:
        """A unit below waits for the answer before it can say what it contributes."""
        if not self.visit.answers["reply"]:
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
