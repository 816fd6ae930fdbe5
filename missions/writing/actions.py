"""Writing, publishing and acknowledging a unit's mission."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from missions.letters import write_mission_published
from missions.line_of_sight import mission_above
from missions.models import (
    FEWEST_ACTIVITIES,
    MOST_ACTIVITIES,
    Acknowledgement,
    CoreActivity,
    Mission,
    MissionChange,
    MissionVersion,
    VersionState,
)
from missions.political_priorities import Signal
from missions.readers import readers_of
from missions.refusals import DraftOvertaken, MissionRefused
from people import audit
from people.models import Unit, User


@dataclass(frozen=True)
class MissionWording:
    """What a leader writes: the words of one version."""

    core_task: str = ""
    for_whom: str = ""
    not_our_task: str = ""
    contribution: str = ""
    core_activities: list[str] = field(default_factory=list)
    serves: int | None = None
    """The core activity above which the contribution serves."""
    signals: list[Signal] = field(default_factory=list)


@transaction.atomic
def draft_mission(*, unit: Unit, by: User, now: dt.datetime) -> MissionVersion:
    """Start a new draft from the current published version, or go on with the one there is.

    Two who start at once get the same draft: the mission's row is locked while looking.
    """
    mission, _is_new = Mission.objects.get_or_create(unit=unit)
    Mission.objects.select_for_update().get(pk=mission.pk)
    under_way = mission.versions.filter(state=VersionState.DRAFT).first()
    if under_way is not None:
        return under_way
    current = MissionVersion.objects.current_for(unit)
    draft = MissionVersion.objects.create(
        mission=mission,
        number=current.number + 1 if current else 1,
        above=mission_above(unit, timezone.localdate(now)),
        drafted_by=by,
        drafted_at=now,
    )
    if current is not None:
        is_same_above = current.above_id == draft.above_id
        wording = wording_of(current)
        write_wording(draft, wording if is_same_above else replace(wording, serves=None))
    audit.record("missions.draft_mission", draft, by=by, unit=unit.pk, number=draft.number)
    return draft


@transaction.atomic
def save_draft(
    *,
    version: MissionVersion,
    wording: MissionWording,
    by: User,
    now: dt.datetime,
    seen: int | None = None,
) -> MissionVersion:
    """Keep what is written so far, under the mission that holds above today.

    `seen` is the draft's `saved_count` when the writer read it; None writes over whatever is there.
    Raises DraftOvertaken when it has been saved since then, and MissionRefused when the draft has
    been published in the meantime, or when the core activity it serves is not one of the mission's
    above.
    """
    draft = _locked_draft(version)
    _refuse_overtaken(draft, seen)
    draft.above = mission_above(draft.mission.unit, timezone.localdate(now))
    _refuse_foreign_activity(draft.above, wording.serves)
    draft.saved_count += 1
    draft.saved_by, draft.saved_at = by, now
    write_wording(draft, wording)
    audit.record("missions.save_draft", draft, by=by, number=draft.number)
    return draft


@transaction.atomic
def publish_mission(
    *,
    version: MissionVersion,
    by: User,
    now: dt.datetime,
    change: MissionChange = MissionChange.MATERIAL,
    seen: int | None = None,
) -> MissionVersion:
    """Publish the draft for good; after a material change, everybody in the unit gets a letter.

    Raises DraftOvertaken when it has been saved since `seen`, and MissionRefused when it is
    published already, when something is missing, when the mission above has become another since
    the contribution to it was written, or when a minor change is the first version.
    """
    draft = _locked_draft(version)
    _refuse_overtaken(draft, seen)
    refusal = closed_to_publishing(draft, timezone.localdate(now))
    if refusal is not None:
        raise refusal
    draft.change = change
    draft.reading = _reading(draft, change)
    draft.state = VersionState.PUBLISHED
    draft.published_at = now
    draft.published_by = by
    draft.save(update_fields=["change", "reading", "state", "published_at", "published_by"])
    readers = readers_of(draft, timezone.localdate(now)) if change == MissionChange.MATERIAL else []
    audit.record(
        "missions.publish_mission",
        draft,
        by=by,
        number=draft.number,
        change=str(change),
        letters=len(readers),
    )
    write_mission_published(draft, to=readers)
    return draft


def _reading(draft: MissionVersion, change: MissionChange) -> int:
    """With which version this one is read: itself, or the one that a minor change belongs to."""
    if change == MissionChange.MATERIAL:
        return draft.number
    before = draft.mission.versions.published().first()
    if before is None or before.reading is None:
        raise MissionRefused(_("Den første versjonen av et oppdrag er alltid vesentlig."))
    return before.reading


@transaction.atomic
def acknowledge_mission(*, version: MissionVersion, by: User, now: dt.datetime) -> Acknowledgement:
    """Say «lest og forstått». Saying it twice changes nothing.

    Raises MissionRefused when a newer version has been published, since that is what holds.
    """
    if MissionVersion.objects.current_for(version.mission.unit) != version:
        raise MissionRefused(
            _("Det er kommet en ny versjon av oppdraget. Les den, og bekreft den i stedet.")
        )
    acknowledgement, is_new = Acknowledgement.objects.get_or_create(
        version=version, user=by, defaults={"acknowledged_at": now}
    )
    if is_new:
        audit.record("missions.acknowledge_mission", version, by=by, number=version.number)
    return acknowledgement


def wording_of(version: MissionVersion) -> MissionWording:
    """The words of a version, to start another from or to show in a form."""
    return MissionWording(
        core_task=version.core_task,
        for_whom=version.for_whom,
        not_our_task=version.not_our_task,
        contribution=version.contribution,
        core_activities=[activity.text for activity in version.core_activities.all()],
        serves=version.serves_id,
        signals=version.political_signals,
    )


def _locked_draft(version: MissionVersion) -> MissionVersion:
    locked = (
        MissionVersion.objects.select_for_update(of=("self",))
        .select_related("mission__unit", "above")
        .get(pk=version.pk)
    )
    if not locked.is_draft:
        raise MissionRefused(_("Denne versjonen er allerede publisert, og kan ikke endres."))
    return locked


def _refuse_overtaken(draft: MissionVersion, seen: int | None) -> None:
    if seen is not None and seen != draft.saved_count:
        raise DraftOvertaken(
            _("Utkastet er lagret på nytt siden du åpnet det. Ingenting er skrevet over.")
        )


def write_wording(draft: MissionVersion, wording: MissionWording) -> None:
    """Put these words in a draft that the caller has locked or made."""
    draft.core_task = wording.core_task
    draft.for_whom = wording.for_whom
    draft.not_our_task = wording.not_our_task
    draft.contribution = wording.contribution
    draft.serves_id = wording.serves
    draft.signals = [signal.as_row() for signal in wording.signals]
    draft.save()
    draft.core_activities.all().delete()
    CoreActivity.objects.bulk_create(
        CoreActivity(version=draft, order=order, text=text)
        for order, text in enumerate(wording.core_activities, start=1)
    )


def _refuse_foreign_activity(above: MissionVersion | None, serves: int | None) -> None:
    if serves is None:
        return
    if above is None or not above.core_activities.filter(pk=serves).exists():
        raise MissionRefused(
            _(
                "Kjerneaktiviteten du valgte, står ikke lenger i oppdraget over. "
                "Les oppdraget over på nytt, og velg igjen."
            )
        )


def closed_to_publishing(draft: MissionVersion, today: dt.date) -> MissionRefused | None:
    """What the draft lacks, or that the one above is new since: page and action ask the same."""
    if draft.above != mission_above(draft.mission.unit, today):
        return MissionRefused(
            _(
                "Oppdraget over har fått en ny versjon etter at du skrev bidraget. "
                "Les det nye oppdraget, og lagre utkastet på nytt."
            )
        )
    if not draft.core_task or not draft.for_whom:
        return MissionRefused(
            _("Skriv kjerneoppgaven og hvem dere er til for, før du publiserer oppdraget.")
        )
    if not FEWEST_ACTIVITIES <= draft.core_activities.count() <= MOST_ACTIVITIES:
        return MissionRefused(_("Skriv tre til seks kjerneaktiviteter før du publiserer."))
    if draft.above is not None and not draft.contribution:
        return MissionRefused(_("Skriv hva enheten bidrar med til oppdraget over."))
    if draft.above is not None and draft.serves_id is None:
        return MissionRefused(_("Velg hvilken kjerneaktivitet over dere bidrar til."))
    return None
