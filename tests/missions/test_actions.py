"""Drafting, saving, publishing and acknowledging: what changes, and who is told."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.models import Acknowledgement, MissionVersion
from missions.refusals import MissionRefused
from missions.writing.actions import (
    MissionWording,
    acknowledge_mission,
    draft_mission,
    publish_mission,
    save_draft,
    wording_of,
)
from outbox.models import Letter
from people.models import AuditRecord
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee, make_user
from tests.missions.factories import (
    ACTIVITIES,
    make_acknowledgement,
    make_draft,
    make_mission,
)

WORDING = MissionWording(
    core_task="Vi gjør hverdagen tryggere for eldre hjemme.",
    for_whom="Eldre som bor hjemme",
    not_our_task="Transport til lege",
    contribution="Vi er øynene til bydelen.",
    core_activities=["Besøke", "Lytte", "Melde fra", "Øve sammen"],
)


def recorded() -> list[tuple[str, int | None]]:
    return list(AuditRecord.objects.values_list("action", "actor"))


def test_drafting_the_first_version_starts_empty_under_the_mission_above(cast: Cast) -> None:
    above = make_mission(cast.department)
    draft = draft_mission(unit=cast.unit, by=cast.leader, now=clock.now())
    assert (draft.number, draft.above, wording_of(draft)) == (1, above, MissionWording())
    assert recorded() == [("missions.draft_mission", cast.leader.pk)]


def test_drafting_again_starts_from_what_is_published(cast: Cast) -> None:
    published = make_mission(cast.unit, core_task="Som før", not_our_task="Transport")
    draft = draft_mission(unit=cast.unit, by=cast.leader, now=clock.now())
    assert draft.number == 2
    assert wording_of(draft) == wording_of(published)
    assert wording_of(draft).core_activities == list(ACTIVITIES)


def test_drafting_with_a_draft_under_way_goes_on_with_that_one(cast: Cast) -> None:
    under_way = make_draft(cast.unit)
    assert draft_mission(unit=cast.unit, by=cast.leader, now=clock.now()) == under_way
    assert recorded() == []


def test_saving_keeps_the_words_and_pins_the_mission_above(cast: Cast) -> None:
    draft = draft_mission(unit=cast.unit, by=cast.leader, now=clock.now())
    above = make_mission(cast.agency)
    save_draft(version=draft, wording=WORDING, by=cast.leader, now=clock.now())
    saved = MissionVersion.objects.get(pk=draft.pk)
    assert (wording_of(saved), saved.above) == (WORDING, above)
    assert recorded()[-1] == ("missions.save_draft", cast.leader.pk)


def test_saving_fewer_activities_leaves_none_of_the_old(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    save_draft(
        version=draft,
        wording=MissionWording(core_activities=["Én"]),
        by=cast.leader,
        now=clock.now(),
    )
    assert wording_of(MissionVersion.objects.get()) == MissionWording(core_activities=["Én"])


def test_saving_a_published_version_is_refused(cast: Cast) -> None:
    version = make_mission(cast.unit)
    before = wording_of(version)
    with pytest.raises(MissionRefused, match="allerede publisert"):
        save_draft(version=version, wording=WORDING, by=cast.leader, now=clock.now())
    assert wording_of(MissionVersion.objects.get()) == before


def test_publishing_makes_the_version_current(cast: Cast) -> None:
    make_mission(cast.unit)
    draft = make_draft(cast.unit)
    published = publish_mission(version=draft, by=cast.leader, now=clock.now())
    assert MissionVersion.objects.current_for(cast.unit) == published
    assert (published.published_at, published.published_by) == (clock.now(), cast.leader)


def test_publishing_writes_to_everybody_in_the_unit_but_the_publisher(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    colleague = make_employee(cast.unit, "Åse Berg")
    make_employee(cast.sibling_unit, "Nabo Nes")
    publish_mission(version=draft, by=cast.leader, now=clock.now())
    assert set(Letter.objects.values_list("key", "recipient")) == {
        (f"mission:published:{draft.pk}:{cast.employee.pk}", cast.employee.pk),
        (f"mission:published:{draft.pk}:{colleague.pk}", colleague.pk),
    }


def test_publishing_on_behalf_of_a_vacant_unit_does_not_need_a_leader_in_it(cast: Cast) -> None:
    somebody = make_employee(cast.sibling_unit, "Siv Sand")
    publish_mission(version=make_draft(cast.sibling_unit), by=cast.manager, now=clock.now())
    assert list(Letter.objects.values_list("recipient", flat=True)) == [somebody.pk]


def test_publishing_is_written_down_without_the_words(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    publish_mission(version=draft, by=cast.leader, now=clock.now())
    record = AuditRecord.objects.get()
    assert (record.action, record.actor, record.object_type, record.object_id) == (
        "missions.publish_mission",
        cast.leader,
        "missions.missionversion",
        str(draft.pk),
    )
    assert record.details == {"number": 1, "change": "material", "letters": 1}


def test_publishing_twice_is_refused_and_writes_no_more_letters(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    publish_mission(version=draft, by=cast.leader, now=clock.now())
    with pytest.raises(MissionRefused, match="allerede publisert"):
        publish_mission(version=draft, by=cast.leader, now=clock.now())
    assert (Letter.objects.count(), AuditRecord.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"core_task": ""}, "Skriv kjerneoppgaven"),
        ({"for_whom": ""}, "Skriv kjerneoppgaven"),
        ({"activities": ACTIVITIES[:2]}, "tre til seks kjerneaktiviteter"),
    ],
)
def test_publishing_what_is_unfinished_is_refused(cast: Cast, fields, message: str) -> None:
    draft = make_draft(cast.unit, **fields)
    with pytest.raises(MissionRefused, match=message):
        publish_mission(version=draft, by=cast.leader, now=clock.now())
    assert (MissionVersion.objects.get().state, Letter.objects.count()) == ("draft", 0)


def test_publishing_without_a_contribution_to_the_mission_above_is_refused(cast: Cast) -> None:
    draft = make_draft(cast.unit, above=make_mission(cast.department))
    with pytest.raises(MissionRefused, match="bidrar med"):
        publish_mission(version=draft, by=cast.leader, now=clock.now())


def test_publishing_under_another_mission_than_the_one_answered_is_refused(cast: Cast) -> None:
    draft = make_draft(cast.unit, above=make_mission(cast.department), contribution="Øynene")
    newer = make_mission(cast.department)
    with pytest.raises(MissionRefused, match="ny versjon etter at du skrev bidraget"):
        publish_mission(version=draft, by=cast.leader, now=clock.now())
    wording = replace(WORDING, serves=newer.core_activities.first().pk)
    save_draft(version=draft, wording=wording, by=cast.leader, now=clock.now())
    assert publish_mission(version=draft, by=cast.leader, now=clock.now()).is_published


def test_a_published_version_keeps_the_version_above_that_it_was_written_under(
    cast: Cast,
) -> None:
    above = make_mission(cast.department)
    version = publish_mission(
        version=make_draft(cast.unit, above=above, contribution="Øynene"),
        by=cast.leader,
        now=clock.now(),
    )
    make_mission(cast.department)
    version.refresh_from_db()
    assert version.above == above


def test_acknowledging_is_kept_with_its_time_and_written_down(cast: Cast) -> None:
    version = make_mission(cast.unit)
    acknowledge_mission(version=version, by=cast.employee, now=clock.now())
    assert list(Acknowledgement.objects.values_list("version", "user", "acknowledged_at")) == [
        (version.pk, cast.employee.pk, clock.now())
    ]
    assert recorded() == [("missions.acknowledge_mission", cast.employee.pk)]


def test_acknowledging_twice_keeps_the_first_time(cast: Cast) -> None:
    version = make_mission(cast.unit)
    acknowledge_mission(version=version, by=cast.employee, now=clock.now())
    acknowledge_mission(version=version, by=cast.employee, now=clock.now() + dt.timedelta(days=1))
    assert Acknowledgement.objects.get().acknowledged_at == clock.now()
    assert len(recorded()) == 1


def test_acknowledging_a_version_that_no_longer_holds_is_refused(cast: Cast) -> None:
    old = make_mission(cast.unit)
    make_mission(cast.unit)
    with pytest.raises(MissionRefused, match="ny versjon av oppdraget"):
        acknowledge_mission(version=old, by=cast.employee, now=clock.now())
    assert Acknowledgement.objects.count() == 0


def test_acknowledging_the_old_version_says_nothing_about_the_new(cast: Cast) -> None:
    make_acknowledgement(make_mission(cast.unit), cast.employee)
    new = make_mission(cast.unit)
    acknowledge_mission(version=new, by=cast.employee, now=clock.now())
    assert Acknowledgement.objects.filter(user=cast.employee).count() == 2


def test_the_letter_says_the_core_task_and_leads_to_the_version(cast: Cast, settings) -> None:
    settings.SITE_URL = "https://portal.example.org"
    draft = make_draft(cast.unit, core_task="Trygg & hel hverdag")
    publish_mission(version=draft, by=cast.leader, now=clock.now())
    letter = Letter.objects.get()
    assert letter.subject == "Hjemmetjenesten nord har fått nytt oppdrag: les og bekreft"
    assert "Trygg & hel hverdag" in letter.text
    assert "Trygg &amp; hel hverdag" in letter.html
    assert f"https://portal.example.org/oppdrag/versjon/{draft.pk}/" in letter.text


def test_the_letter_is_not_written_to_whoever_cannot_sign_in(cast: Cast) -> None:
    make_employee(cast.sibling_unit, "Gått Av", is_active=False)
    publish_mission(version=make_draft(cast.sibling_unit), by=cast.manager, now=clock.now())
    assert Letter.objects.count() == 0


def test_drafting_by_a_new_leader_goes_on_with_the_former_leaders_draft(cast: Cast) -> None:
    former = make_user("Gro Gran")
    draft = make_draft(cast.unit, by=former)
    assert draft_mission(unit=cast.unit, by=cast.leader, now=clock.now()).drafted_by == former
    assert MissionVersion.objects.get() == draft
