"""Each rule of missions: who may, and with that who may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from missions import rules
from missions.models import MissionVersion
from missions.questions.actions import share_draft
from people.models import Role, User
from tests import clock
from tests.cast import KINDS, Cast
from tests.factories import make_leadership, make_role
from tests.missions.factories import make_draft, make_mission

DAY = dt.timedelta(days=1)


def those_who_may(cast: Cast, rule: Callable[[User], bool]) -> list[str]:
    return [kind for kind in KINDS if rule(getattr(cast, kind))]


def test_may_write_mission_and_may_see_readers_are_whoever_answers_for_the_unit(
    cast: Cast,
) -> None:
    today = clock.today()
    for unit, who in (
        (cast.unit, ["leader"]),
        (cast.department, ["manager"]),
        (cast.sibling_unit, ["manager"]),
        (cast.other_unit, []),
    ):
        version = make_mission(unit)
        writers = those_who_may(
            cast, lambda user, unit=unit: rules.may_write_mission(user, unit, today)
        )
        seers = those_who_may(
            cast, lambda user, version=version: rules.may_see_readers(user, version, today)
        )
        assert (writers, seers) == (who, who)


def test_belongs_to_is_to_work_there_or_to_lead_it(cast: Cast) -> None:
    today = clock.today()
    cast.leader.positions.update(valid_to=today - DAY)
    make_leadership(cast.hr, cast.sibling_unit)

    def belonging() -> list[str]:
        return those_who_may(cast, lambda user: rules.belongs_to(user, cast.unit, today))

    assert belonging() == ["employee", "leader"]
    cast.employee.positions.update(valid_to=today - DAY)
    assert belonging() == ["leader"]


def test_may_comment_on_a_draft_that_is_shared_by_those_who_work_there(cast: Cast) -> None:
    draft = make_draft(cast.unit, by=cast.leader)

    def commenters(version: MissionVersion) -> list[str]:
        return those_who_may(cast, lambda user: rules.may_comment(user, version, clock.today()))

    assert commenters(draft) == []
    share_draft(version=draft, by=cast.leader, now=clock.now())
    assert commenters(MissionVersion.objects.get(pk=draft.pk)) == ["employee", "leader"]
    assert commenters(make_mission(cast.other_unit)) == []


def test_may_see_coverage_is_below_what_one_leads_or_is_hr_of(cast: Cast) -> None:
    today = clock.today()
    for unit, who in (
        (cast.unit, ["leader", "manager", "hr"]),
        (cast.department, ["manager", "hr"]),
        (cast.agency, ["hr"]),
        (cast.municipality, []),
        (cast.other_unit, []),
    ):
        assert who == those_who_may(
            cast, lambda user, unit=unit: rules.may_see_coverage(user, unit, today)
        )


def test_may_edit_glossary_is_at_the_top_alone(cast: Cast) -> None:
    today = clock.today()
    make_role(cast.hr, Role.ADMINISTRATOR, cast.agency)
    make_leadership(cast.stranger, cast.municipality)

    def editors() -> list[str]:
        return those_who_may(cast, lambda user: rules.may_edit_glossary(user, today))

    assert editors() == ["stranger", "administrator"]
    cast.stranger.leaderships.update(valid_to=today - DAY)
    cast.administrator.role_grants.update(valid_to=today - DAY)
    assert editors() == []


def test_may_acknowledge_what_is_published_and_not_ones_own(cast: Cast) -> None:
    today = clock.today()

    def readers(version: MissionVersion) -> list[str]:
        return those_who_may(cast, lambda user: rules.may_acknowledge(user, version, today))

    assert readers(make_mission(cast.unit, by=cast.leader)) == ["employee"]
    assert readers(make_mission(cast.unit, by=cast.stranger)) == ["employee", "leader"]
    assert readers(make_draft(cast.unit, by=cast.leader)) == []
