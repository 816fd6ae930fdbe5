"""The line of sight and who answers for a unit, in organisations with holes in them."""

import datetime as dt

from django.utils import timezone

from missions.line_of_sight import line_of_sight, lines_of_sight, mission_above
from missions.mission_tasks import own_lines, with_mission_tasks
from missions.questions.actions import share_draft
from missions.readers import readers_of, readings_of
from missions.rules import belongs_to, may_acknowledge, may_see_readers, may_write_mission
from people.models import Leadership, Unit
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_leadership, make_position, make_unit
from tests.missions.factories import make_acknowledgement, make_draft, make_mission


def names(line) -> list[tuple[str, int | None]]:
    return [(step.unit.name, step.version and step.version.number) for step in line.steps]


def test_the_line_goes_from_the_municipality_to_the_unit_with_gaps_shown(cast: Cast, today) -> None:
    make_mission(cast.municipality)
    make_mission(cast.municipality)
    make_mission(cast.department)
    make_draft(cast.unit)
    line = line_of_sight(cast.unit, today)
    assert names(line) == [
        ("Solvik kommune", 2),
        ("Bydel Fjordbyen", None),
        ("Helse og mestring", 1),
        ("Hjemmetjenesten nord", None),
    ]
    assert line.own.unit == cast.unit


def test_each_step_knows_the_nearest_mission_above_past_gaps(cast: Cast, today) -> None:
    top = make_mission(cast.municipality)
    department = make_mission(cast.department)
    steps = line_of_sight(cast.unit, today).steps
    assert [step.above for step in steps] == [None, top, top, department]
    assert mission_above(cast.unit, today) == department
    assert mission_above(cast.municipality, today) is None


def test_a_step_is_behind_when_the_mission_above_has_moved_on(cast: Cast, today) -> None:
    first = make_mission(cast.department)
    make_mission(cast.unit, above=first)
    assert line_of_sight(cast.unit, today).own.is_behind is False
    make_mission(cast.department)
    assert line_of_sight(cast.unit, today).own.is_behind is True


def test_a_step_without_a_mission_is_not_behind(cast: Cast, today) -> None:
    make_mission(cast.department)
    assert line_of_sight(cast.unit, today).own.is_behind is False


def test_a_closed_unit_is_shown_as_closed(cast: Cast, today) -> None:
    Unit.objects.filter(pk=cast.unit.pk).update(valid_to=today - dt.timedelta(days=1))
    assert [step.is_closed for step in line_of_sight(cast.unit, today).steps] == [
        False,
        False,
        False,
        True,
    ]


def test_many_lines_cost_three_queries(cast: Cast, today, django_assert_num_queries) -> None:
    units = [cast.unit]
    for number in range(12):
        unit = make_unit(f"Enhet {number}", parent=units[-1])
        make_mission(unit)
        units.append(unit)
    with django_assert_num_queries(3):
        lines = lines_of_sight(units, today)
        texts = [
            activity.text
            for line in lines
            for step in line.steps
            if step.version
            for activity in step.version.core_activities.all()
        ]
    assert ([len(line.steps) for line in lines], len(texts)) == (list(range(4, 17)), 3 * 78)


def test_the_line_carries_when_the_reader_acknowledged(cast: Cast, today) -> None:
    acknowledgement = make_acknowledgement(make_mission(cast.unit), cast.employee)
    own = lines_of_sight([cast.unit], today, reader=cast.employee)[0].own
    other = lines_of_sight([cast.unit], today, reader=cast.leader)[0].own
    assert own.version.acknowledged_at == acknowledgement.acknowledged_at
    assert other.version.acknowledged_at is None


def writers(cast: Cast, unit: Unit, today: dt.date) -> set[str]:
    kinds = ("leader", "manager", "employee", "hr", "administrator", "stranger")
    return {kind for kind in kinds if may_write_mission(getattr(cast, kind), unit, today)}


def test_a_units_own_leader_alone_writes_its_mission(cast: Cast, today) -> None:
    assert writers(cast, cast.unit, today) == {"leader"}


def test_the_leader_above_writes_for_a_unit_without_a_leader(cast: Cast, today) -> None:
    assert writers(cast, cast.sibling_unit, today) == {"manager"}


def test_the_leader_above_writes_past_two_vacancies_but_not_past_a_leader(
    cast: Cast, today
) -> None:
    below_vacancy = make_unit("Sone 1", parent=cast.sibling_unit)
    below_leader = make_unit("Sone 2", parent=cast.unit)
    assert writers(cast, below_vacancy, today) == {"manager"}
    assert writers(cast, below_leader, today) == {"leader"}


def test_nobody_writes_where_nobody_leads(cast: Cast, today) -> None:
    assert writers(cast, cast.agency, today) == set()


def test_a_leader_who_has_left_writes_no_more(cast: Cast, today) -> None:
    yesterday = today - dt.timedelta(days=1)
    Leadership.objects.filter(unit=cast.unit).update(valid_to=yesterday)
    assert writers(cast, cast.unit, today) == {"manager"}
    assert writers(cast, cast.unit, yesterday) == {"leader"}


def test_nobody_writes_for_a_unit_that_has_closed(cast: Cast, today) -> None:
    Unit.objects.filter(pk__in=[cast.unit.pk, cast.sibling_unit.pk]).update(
        valid_to=today - dt.timedelta(days=1)
    )
    assert writers(cast, cast.unit, today) == set()
    assert writers(cast, cast.sibling_unit, today) == set()


def test_a_unit_that_closes_tomorrow_still_has_its_writer(cast: Cast, today) -> None:
    Unit.objects.filter(pk=cast.unit.pk).update(valid_to=today)
    assert writers(cast, cast.unit, today) == {"leader"}


def test_a_leader_of_two_units_writes_for_both(cast: Cast, today) -> None:
    make_leadership(cast.leader, cast.sibling_unit)
    assert writers(cast, cast.sibling_unit, today) == {"leader"}
    assert writers(cast, cast.unit, today) == {"leader"}


def test_one_belongs_where_one_works_or_leads(cast: Cast, today) -> None:
    make_leadership(cast.administrator, cast.agency)
    assert belongs_to(cast.employee, cast.unit, today)
    assert belongs_to(cast.administrator, cast.agency, today)
    assert not belongs_to(cast.manager, cast.unit, today)


def test_those_in_the_unit_acknowledge_but_not_the_one_who_published(cast: Cast, today) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    kinds = ("leader", "employee", "manager", "stranger")
    assert {k for k in kinds if may_acknowledge(getattr(cast, k), version, today)} == {"employee"}


def test_nobody_acknowledges_a_draft(cast: Cast, today) -> None:
    assert not may_acknowledge(cast.employee, make_draft(cast.unit), today)


def test_only_who_answers_for_the_unit_sees_its_readers(cast: Cast, today) -> None:
    version = make_mission(cast.unit)
    kinds = ("leader", "employee", "manager", "hr", "administrator", "stranger")
    assert {k for k in kinds if may_see_readers(getattr(cast, k), version, today)} == {"leader"}


def test_the_readers_are_those_who_work_in_the_unit_today(cast: Cast, today) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    moved_on = make_employee(cast.sibling_unit, "Tidligere Ansatt")
    make_position(
        moved_on,
        cast.unit,
        since=today - dt.timedelta(days=9),
        valid_to=today - dt.timedelta(days=1),
    )
    make_acknowledgement(version, moved_on)
    assert readers_of(version, today) == [cast.employee]


def test_a_person_with_two_positions_in_the_unit_reads_once(cast: Cast, today) -> None:
    make_position(cast.employee, cast.unit, title="Tillitsvalgt")
    assert readers_of(make_mission(cast.unit, by=cast.leader), today) == [cast.employee]


def test_readings_tell_who_has_and_who_has_not_in_norwegian_order(cast: Cast, today) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    aase = make_employee(cast.unit, "Åse Berg")
    acknowledgement = make_acknowledgement(version, aase)
    make_acknowledgement(make_mission(cast.sibling_unit), cast.employee)
    readings = [(r.user.name, r.acknowledged_at) for r in readings_of(version, today)]
    assert readings == [("Even Moen", None), ("Åse Berg", acknowledgement.acknowledged_at)]


def own(cast: Cast, user, units, today):
    found = with_mission_tasks(Unit.objects.filter(pk__in=[u.pk for u in units]), user, today)
    return own_lines(found.order_by("pk"), user, today)


def test_standing_of_a_leader_with_a_draft(cast: Cast, today) -> None:
    draft = make_draft(cast.unit)
    line = own(cast, cast.leader, [cast.unit], today)[0]
    assert (line.draft_id, line.may_write, line.may_acknowledge) == (draft.pk, True, False)


def test_standing_of_an_employee_hides_the_draft_and_asks_to_read(cast: Cast, today) -> None:
    version = make_mission(cast.unit)
    make_draft(cast.unit)
    line = own(cast, cast.employee, [cast.unit], today)[0]
    assert (line.draft_id, line.may_write, line.may_acknowledge) == (None, False, True)
    make_acknowledgement(version, cast.employee)
    assert own(cast, cast.employee, [cast.unit], today)[0].may_acknowledge is False


def test_a_shared_draft_is_for_those_who_work_there_and_do_not_write_it(cast: Cast, today) -> None:
    draft = make_draft(cast.unit)
    people = [cast.employee, cast.leader, cast.stranger]
    before = [own(cast, who, [cast.unit], today)[0].shared_draft_id for who in people]
    share_draft(version=draft, by=cast.leader, now=timezone.now())
    after = [own(cast, who, [cast.unit], today)[0].shared_draft_id for who in people]
    assert (before, after) == ([None, None, None], [draft.pk, None, None])


def test_standing_in_other_peoples_units_asks_for_nothing(cast: Cast, today) -> None:
    make_mission(cast.unit)
    line = own(cast, cast.stranger, [cast.unit], today)[0]
    assert (line.draft_id, line.may_write, line.may_acknowledge) == (None, False, False)


def test_the_new_leader_is_asked_to_read_what_the_former_published(cast: Cast, today) -> None:
    former = make_leader(cast.other_unit, "Gro Gran")
    make_mission(cast.unit, by=former)
    assert own(cast, cast.leader, [cast.unit], today)[0].may_acknowledge is True
