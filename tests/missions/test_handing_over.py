"""Where a mission goes when its unit is reorganised."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.line_of_sight import line_of_sight
from missions.models import MissionVersion
from missions.reorganisation.actions import hand_over_missions
from missions.tasks import hand_over_missions as task
from missions.writing.actions import draft_mission, publish_mission
from outbox.models import Letter
from people.models import AuditRecord, Unit, User
from tests import clock
from tests.cast import Cast
from tests.factories import make_leadership, make_unit
from tests.missions.factories import make_draft, make_mission
from tests.people.staff_files import StaffFolder

DAY = dt.timedelta(days=1)
PEOPLE = ["P1;Ida Berg;ida@example.org;1;Rådgiver;nei"]
UNITS = [
    "1;Solvik kommune;kommune;;kommune",
    "10;Bydel Nord;virksomhet;1;bydel",
    "20;Bydel Sør;virksomhet;1;bydel",
    "101;Tjeneste nord;enhet;10;enhet",
]


def close(unit: Unit, *successors: Unit, on: dt.date | None = None) -> None:
    Unit.objects.filter(pk=unit.pk).update(valid_to=on or clock.today() - DAY)
    unit.successors.add(*successors)


def drafts(unit: Unit) -> list[MissionVersion]:
    return list(MissionVersion.objects.drafts().filter(mission__unit=unit))


def test_a_closed_unit_s_mission_is_its_successors_draft(cast: Cast, signed_in) -> None:
    old = make_mission(cast.unit, core_task="Trygg hverdag")
    close(cast.unit, cast.sibling_unit, cast.department)
    assert hand_over_missions(now=clock.now()) == 2
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
    assert [hand_over_missions(now=clock.now()), hand_over_missions(now=clock.now())] == [1, 0]
    assert AuditRecord.objects.filter(action="missions.hand_over_missions").count() == 1
    task()
    assert len(drafts(cast.sibling_unit)) == 1


def test_two_merged_missions_become_one_draft_with_six_activities(cast: Cast) -> None:
    heir = make_unit("Hjemmetjenesten", parent=cast.department)
    make_mission(cast.unit, core_task="Nord", activities=["a", "b", "c", "d"])
    make_mission(cast.sibling_unit, core_task="Sør", activities=["a", "e", "f", "g"])
    close(cast.unit, heir)
    close(cast.sibling_unit, heir)
    hand_over_missions(now=clock.now())
    [draft] = drafts(heir)
    assert draft.core_task == "Nord\n\nSør"
    assert [one.text for one in draft.core_activities.all()] == ["a", "b", "e", "c", "f", "d"]


def test_a_successor_that_has_written_keeps_its_own_words(cast: Cast) -> None:
    old = make_mission(cast.unit, core_task="Den gamle")
    make_mission(cast.sibling_unit, core_task="Vår egen")
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=clock.now())
    [draft] = drafts(cast.sibling_unit)
    assert (draft.number, draft.core_task, list(draft.inherits.all())) == (2, "Vår egen", [old])


def test_a_draft_under_way_keeps_its_words(cast: Cast) -> None:
    old = make_mission(cast.unit)
    own = make_draft(cast.sibling_unit, core_task="Under arbeid")
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=clock.now())
    [draft] = drafts(cast.sibling_unit)
    assert (draft, draft.core_task, list(draft.inherits.all())) == (own, "Under arbeid", [old])


def test_a_unit_that_closes_tomorrow_has_handed_over_nothing(cast: Cast, today) -> None:
    make_mission(cast.unit)
    close(cast.unit, cast.sibling_unit, on=today + dt.timedelta(days=1))
    assert hand_over_missions(now=clock.now()) == 0
    assert draft_mission(unit=cast.unit, by=cast.leader, now=clock.now()).is_draft


def test_a_draft_is_handed_over_and_read_by_whoever_took_over(cast: Cast, signed_in) -> None:
    left = make_draft(cast.unit, core_task="Halvferdig")
    close(cast.unit, cast.sibling_unit)
    assert hand_over_missions(now=clock.now()) == 1
    [draft] = drafts(cast.sibling_unit)
    assert (draft.core_task, list(draft.inherits.all())) == ("Halvferdig", [left])
    url = reverse("missions:version", args=[left.pk])
    answers = [signed_in(one).get(url).status_code for one in (cast.manager, cast.stranger)]
    assert answers == [200, 404]


def test_of_a_unit_with_both_the_published_words_are_carried_on(cast: Cast) -> None:
    held = make_mission(cast.unit, core_task="Det som gjaldt")
    left = make_draft(cast.unit, core_task="Det som var på vei")
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=clock.now())
    [draft] = drafts(cast.sibling_unit)
    assert draft.core_task == "Det som gjaldt"
    assert set(draft.inherits.all()) == {held, left}


def test_a_draft_without_words_is_not_handed_over(cast: Cast) -> None:
    draft_mission(unit=cast.unit, by=cast.leader, now=clock.now())
    close(cast.unit, cast.sibling_unit)
    assert hand_over_missions(now=clock.now()) == 0
    assert drafts(cast.sibling_unit) == []


def test_a_closed_successor_is_followed_to_its_own_successors(cast: Cast) -> None:
    old = make_mission(cast.unit, core_task="Fra nord")
    close(cast.unit, cast.sibling_unit)
    close(cast.sibling_unit, cast.other_unit)
    assert hand_over_missions(now=clock.now()) == 1
    assert drafts(cast.sibling_unit) == []
    [draft] = drafts(cast.other_unit)
    assert (draft.core_task, list(draft.inherits.all())) == ("Fra nord", [old])


def test_what_lay_as_a_draft_in_a_successor_that_closed_goes_on_once(cast: Cast) -> None:
    old = make_mission(cast.unit, core_task="Fra nord")
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=clock.now())
    [handed] = drafts(cast.sibling_unit)
    close(cast.sibling_unit, cast.other_unit)
    assert hand_over_missions(now=clock.now()) == 1
    [draft] = drafts(cast.other_unit)
    assert draft.core_task == "Fra nord"
    assert set(draft.inherits.all()) == {old, handed}
    assert hand_over_missions(now=clock.now()) == 0


def test_what_a_closed_successor_had_made_its_own_is_not_brought_up_again(cast: Cast) -> None:
    make_mission(cast.unit, core_task="Fra nord")
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=clock.now())
    [handed] = drafts(cast.sibling_unit)
    publish_mission(version=handed, by=cast.manager, now=clock.now())
    close(cast.sibling_unit, cast.other_unit)
    hand_over_missions(now=clock.now())
    [draft] = drafts(cast.other_unit)
    assert list(draft.inherits.all()) == [handed]


def test_a_unit_that_ends_without_a_successor_hands_over_nothing(cast: Cast) -> None:
    make_mission(cast.unit)
    close(cast.unit, cast.other_unit)
    close(cast.other_unit)
    assert hand_over_missions(now=clock.now()) == 0


def test_units_that_follow_each_other_in_a_circle_end(cast: Cast) -> None:
    make_mission(cast.unit)
    close(cast.unit, cast.sibling_unit)
    close(cast.sibling_unit, cast.unit, cast.other_unit)
    assert hand_over_missions(now=clock.now()) == 1


def test_what_comes_beside_a_draft_of_one_s_own_is_shown_there(cast: Cast, signed_in) -> None:
    make_mission(cast.unit)
    own = make_draft(cast.sibling_unit, by=cast.manager)
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=clock.now())
    page = signed_in(cast.manager).get(reverse("missions:edit", args=[own.pk])).content.decode()
    assert "Overført fra" in page


def test_two_bydeler_merged_by_the_staff_import_hand_over_the_cascade(tmp_path, db) -> None:
    staff = StaffFolder(tmp_path, on=clock.today() - DAY - dt.timedelta(days=20))
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
    staff.run(on=clock.today() - DAY)
    assert hand_over_missions(now=clock.now()) == 1
    merged = Unit.objects.get(hr_id="30")
    [draft] = drafts(merged)
    assert (draft.above, draft.contribution) == (top, "Nord bidrar\n\nSør bidrar")
    line = line_of_sight(Unit.objects.get(hr_id="101"), clock.today())
    assert [(step.unit.name, step.version is not None) for step in line.steps] == [
        ("Solvik kommune", True),
        ("Bydel Sentrum", False),
        ("Tjeneste nord", True),
    ]
    assert line.own.is_behind is True


def handed_over(person: User) -> list[Letter]:
    return list(person.letters.filter(kind="missions.mission_handed_over").order_by("pk"))


def test_whoever_answers_for_the_successor_gets_one_letter_of_what_came(cast: Cast) -> None:
    make_mission(cast.unit, core_task="Trygg hverdag")
    close(cast.unit, cast.sibling_unit)
    hand_over_missions(now=clock.now())
    hand_over_missions(now=clock.now())
    [letter] = handed_over(cast.manager)
    assert letter.subject == "Hjemmetjenesten sør har fått overført et oppdrag"
    assert "Hjemmetjenesten nord" in letter.text
    assert "Trygg hverdag" not in letter.text
    [draft] = drafts(cast.sibling_unit)
    assert reverse("missions:edit", args=[draft.pk]) in letter.text


def test_what_comes_later_to_the_same_draft_is_told_of_anew(cast: Cast) -> None:
    make_mission(cast.unit)
    make_mission(cast.department)
    close(cast.unit, cast.other_unit)
    make_leadership(cast.stranger, cast.other_unit)
    hand_over_missions(now=clock.now())
    close(cast.department, cast.other_unit)
    hand_over_missions(now=clock.now())
    first, second = handed_over(cast.stranger)
    assert "Helse og mestring" not in first.text
    assert "Helse og mestring" in second.text


def test_a_leader_who_may_not_sign_in_gets_no_letter_of_what_came(cast: Cast) -> None:
    make_mission(cast.unit)
    close(cast.unit, cast.sibling_unit)
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert hand_over_missions(now=clock.now()) == 1
    assert handed_over(cast.manager) == []


def test_successors_that_have_been_given_everything_are_not_asked_one_by_one(cast: Cast) -> None:
    for number in range(5):
        old, heir = (make_unit(f"{name} {number}", parent=cast.agency) for name in ("Fra", "Til"))
        make_mission(old)
        close(old, heir)
    hand_over_missions(now=clock.now())
    with CaptureQueriesContext(connection) as asked:
        assert hand_over_missions(now=clock.now()) == 0
    assert len(asked) == 4
