"""Where a mission goes when its unit is reorganised."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from missions.actions import draft_mission
from missions.actions.handing_over import hand_over_missions
from missions.models import MissionVersion
from missions.sight import line_of_sight
from missions.tasks import hand_over_missions as task
from people.models import AuditRecord, Unit
from tests.cast import Cast
from tests.factories import make_unit
from tests.missions.factories import make_draft, make_mission
from tests.people.staff_files import StaffFolder

NOW = timezone.now()
YESTERDAY = timezone.localdate(NOW) - dt.timedelta(days=1)

PEOPLE = ["P1;Ida Berg;ida@example.org;1;Rådgiver;nei"]
UNITS = [
    "1;Solvik kommune;kommune;;kommune",
    "10;Bydel Nord;virksomhet;1;bydel",
    "20;Bydel Sør;virksomhet;1;bydel",
    "101;Tjeneste nord;enhet;10;enhet",
]


def close(unit: Unit, *successors: Unit, on: dt.date = YESTERDAY) -> None:
    Unit.objects.filter(pk=unit.pk).update(valid_to=on)
    unit.successors.add(*successors)


def drafts(unit: Unit) -> list[MissionVersion]:
    return list(MissionVersion.objects.drafts().filter(mission__unit=unit))


def test_a_closed_unit_s_mission_is_its_successors_draft(cast: Cast, signed_in) -> None:
    old = make_mission(cast.unit, core_task="Trygg hverdag")
    close(cast.unit, cast.sibling_unit, cast.department)
    assert hand_over_missions(now=NOW) == 2
    [draft] = drafts(cast.sibling_unit)
    assert (draft.core_task, draft.drafted_by, list(draft.inherits.all())) == (
        "Trygg hverdag",
        None,
        [old],
    )
    assert [one.text for one in draft.core_activities.all()] == [
        one.text for one in old.core_activities.all()
    ]
    manager = signed_in(cast.manager)
    edit = manager.get(reverse("missions:edit", args=[draft.pk])).content.decode()
    assert "Overført fra" in edit
    unit = manager.get(reverse("missions:unit", args=[cast.sibling_unit.pk])).content.decode()
    assert "Overført ved omorganisering" in unit


def test_handing_over_again_does_nothing(cast: Cast) -> None:
    make_mission(cast.unit)
    close(cast.unit, cast.sibling_unit)
    assert [hand_over_missions(now=NOW), hand_over_missions(now=NOW)] == [1, 0]
    assert AuditRecord.objects.filter(action="missions.hand_over_missions").count() == 1
    task()
    assert len(drafts(cast.sibling_unit)) == 1


def test_two_merged_missions_become_one_draft_with_six_activities(cast: Cast) -> None:
    heir = make_unit("Hjemmetjenesten", parent=cast.department)
    make_mission(cast.unit, core_task="Nord", activities=["a", "b", "c", "d"])
    make_mission(cast.sibling_unit, core_task="Sør", activities=["a", "e", "f", "g"])
    close(cast.unit, heir)
    close(cast.sibling_unit, heir)
    hand_over_missions(now=NOW)
    [draft] = drafts(heir)
    assert draft.core_task == "Nord\n\nSør"
    assert [one.text for one in draft.core_activities.all()] == ["a", "b", "e", "c", "f", "d"]


def test_a_successor_that_has_written_keeps_its_own_words(cast: Cast) -> None:
    old = make_mission(cast.unit, core_task="Den gamle")
    make_mission(cast.sibling_unit, core_task="Vår egen")
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=NOW)
    [draft] = drafts(cast.sibling_unit)
    assert (draft.number, draft.core_task, list(draft.inherits.all())) == (2, "Vår egen", [old])


def test_a_draft_under_way_keeps_its_words(cast: Cast) -> None:
    old = make_mission(cast.unit)
    own = make_draft(cast.sibling_unit, core_task="Under arbeid")
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=NOW)
    [draft] = drafts(cast.sibling_unit)
    assert (draft, draft.core_task, list(draft.inherits.all())) == (own, "Under arbeid", [old])


def test_a_unit_that_closes_tomorrow_has_handed_over_nothing(cast: Cast, today) -> None:
    make_mission(cast.unit)
    close(cast.unit, cast.sibling_unit, on=today + dt.timedelta(days=1))
    assert hand_over_missions(now=NOW) == 0
    assert draft_mission(unit=cast.unit, by=cast.leader, now=NOW).is_draft


def test_drafts_and_closed_successors_are_not_part_of_it(cast: Cast) -> None:
    make_draft(cast.unit)
    make_mission(cast.sibling_unit)
    close(cast.unit, cast.department)
    close(cast.sibling_unit, cast.other_unit)
    close(cast.other_unit)
    assert hand_over_missions(now=NOW) == 0


def test_two_bydeler_merged_by_the_staff_import_hand_over_the_cascade(tmp_path, db) -> None:
    staff = StaffFolder(tmp_path, on=YESTERDAY - dt.timedelta(days=20))
    staff.write(units=UNITS, people=PEOPLE)
    staff.run()
    unit = {one.hr_id: one for one in Unit.objects.all()}
    top = make_mission(unit["1"], core_task="En by for alle")
    north = make_mission(unit["10"], above=top, contribution="Nord bidrar")
    make_mission(unit["20"], above=top, contribution="Sør bidrar")
    make_mission(unit["101"], above=north, contribution="Vi er øynene")
    staff.write(
        units=[
            UNITS[0],
            "10;Bydel Nord;virksomhet;1;bydel;;;;30",
            "20;Bydel Sør;virksomhet;1;bydel;;;;30",
            "30;Bydel Sentrum;virksomhet;1;bydel",
            "101;Tjeneste nord;enhet;30;enhet",
        ],
        people=PEOPLE,
    )
    staff.run(on=YESTERDAY)
    assert hand_over_missions(now=NOW) == 1
    merged = Unit.objects.get(hr_id="30")
    [draft] = drafts(merged)
    assert (draft.above, draft.contribution) == (top, "Nord bidrar\n\nSør bidrar")
    line = line_of_sight(Unit.objects.get(hr_id="101"), timezone.localdate(NOW))
    assert [(step.unit.name, step.version is not None) for step in line.steps] == [
        ("Solvik kommune", True),
        ("Bydel Sentrum", False),
        ("Tjeneste nord", True),
    ]
    assert line.own.is_behind is True
