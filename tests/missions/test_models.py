"""What PostgreSQL itself keeps about missions, whatever path one takes around the code."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.db.utils import ProgrammingError
from django.utils import timezone

from missions.models import Acknowledgement, CoreActivity, Mission, MissionVersion, VersionState
from people.models import User
from tests.cast import Cast
from tests.missions.factories import (
    ACTIVITIES,
    make_acknowledgement,
    make_draft,
    make_mission,
)

FOR_GOOD = "Cannot (update|delete|truncate)"
PUBLISHED_ACTIVITIES = "core activities of a published mission never change"


def execute(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def publish(version: MissionVersion) -> None:
    execute(
        "UPDATE missions_missionversion SET state = 'published', published_at = now(),"
        " published_by_id = drafted_by_id, reading = number WHERE id = %s",
        version.pk,
    )


def content(version: MissionVersion) -> tuple[str, list[str]]:
    version.refresh_from_db()
    texts = CoreActivity.objects.filter(version=version).values_list("text", flat=True)
    return version.core_task, list(texts)


def test_a_published_version_is_never_updated(cast: Cast) -> None:
    version = make_mission(cast.unit, core_task="Vi er her.")
    with pytest.raises(ProgrammingError, match=FOR_GOOD):
        execute("UPDATE missions_missionversion SET core_task = 'x' WHERE id = %s", version.pk)
    assert content(version) == ("Vi er her.", list(ACTIVITIES))


def test_a_published_version_never_becomes_a_draft_again(cast: Cast) -> None:
    version = make_mission(cast.unit)
    with pytest.raises(ProgrammingError, match=FOR_GOOD):
        execute(
            "UPDATE missions_missionversion SET state = 'draft', published_at = NULL,"
            " published_by_id = NULL WHERE id = %s",
            version.pk,
        )


def test_a_published_version_is_never_deleted(cast: Cast) -> None:
    version = make_mission(cast.unit)
    with pytest.raises(ProgrammingError, match=FOR_GOOD):
        execute("DELETE FROM missions_missionversion WHERE id = %s", version.pk)
    assert MissionVersion.objects.filter(pk=version.pk).exists()


@pytest.mark.parametrize("table", ["missions_missionversion", "missions_coreactivity"])
def test_tables_of_published_words_are_never_truncated(cast: Cast, table: str) -> None:
    make_mission(cast.unit)
    with pytest.raises(ProgrammingError, match=f"Cannot truncate {table}"):
        execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")
    assert CoreActivity.objects.count() == 3


def test_a_draft_is_changed_and_deleted_freely(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    draft.core_task = "Noe annet"
    draft.save()
    draft.delete()
    assert (MissionVersion.objects.count(), CoreActivity.objects.count()) == (0, 0)


def test_no_activity_is_added_to_a_published_version(cast: Cast) -> None:
    version = make_mission(cast.unit)
    with pytest.raises(IntegrityError, match=PUBLISHED_ACTIVITIES), transaction.atomic():
        CoreActivity.objects.create(version=version, order=4, text="En til")
    assert content(version)[1] == list(ACTIVITIES)


def test_no_activity_of_a_published_version_is_changed(cast: Cast) -> None:
    version = make_mission(cast.unit)
    with pytest.raises(IntegrityError, match=PUBLISHED_ACTIVITIES), transaction.atomic():
        version.core_activities.update(text="Noe annet")
    assert content(version)[1] == list(ACTIVITIES)


def test_no_activity_of_a_published_version_is_removed(cast: Cast) -> None:
    version = make_mission(cast.unit)
    with pytest.raises(IntegrityError, match=PUBLISHED_ACTIVITIES), transaction.atomic():
        version.core_activities.filter(order=3).delete()
    assert content(version)[1] == list(ACTIVITIES)


def test_no_activity_moves_from_a_draft_into_a_published_version(cast: Cast) -> None:
    version = make_mission(cast.unit)
    loose = make_draft(cast.sibling_unit, activities=["En til"]).core_activities.get()
    with pytest.raises(IntegrityError, match=PUBLISHED_ACTIVITIES), transaction.atomic():
        CoreActivity.objects.filter(pk=loose.pk).update(version=version, order=4)


def test_no_activity_moves_from_a_published_version_into_a_draft(cast: Cast) -> None:
    version = make_mission(cast.unit)
    draft = make_draft(cast.sibling_unit, activities=[])
    with pytest.raises(IntegrityError, match=PUBLISHED_ACTIVITIES), transaction.atomic():
        version.core_activities.filter(order=1).update(version=draft)


@pytest.mark.parametrize("count", [0, 2])
def test_publishing_with_too_few_activities_is_refused(cast: Cast, count: int) -> None:
    draft = make_draft(cast.unit, activities=ACTIVITIES[:count])
    with pytest.raises(IntegrityError, match="3 to 6 core activities"):
        publish(draft)


def test_publishing_with_six_activities_is_accepted(cast: Cast) -> None:
    draft = make_draft(cast.unit, activities=[f"Aktivitet {n}" for n in range(6)])
    publish(draft)
    draft.refresh_from_db()
    assert draft.state == VersionState.PUBLISHED


@pytest.mark.parametrize("order", [0, 7])
def test_a_seventh_activity_has_no_place(cast: Cast, order: int) -> None:
    draft = make_draft(cast.unit)
    with pytest.raises(IntegrityError, match="core_activity_is_one_of_six"), transaction.atomic():
        CoreActivity.objects.create(version=draft, order=order, text="En til")


def test_two_activities_never_share_a_place(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with pytest.raises(IntegrityError, match="own_place"), transaction.atomic():
        CoreActivity.objects.create(version=draft, order=1, text="En til")


def test_an_activity_has_words(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with pytest.raises(IntegrityError, match="core_activity_has_words"), transaction.atomic():
        CoreActivity.objects.create(version=draft, order=4, text="")


def test_a_version_is_not_born_published(cast: Cast) -> None:
    mission = Mission.objects.create(unit=cast.unit)
    with pytest.raises(IntegrityError, match="3 to 6 core activities"), transaction.atomic():
        MissionVersion.objects.create(
            mission=mission,
            number=1,
            core_task="a",
            for_whom="b",
            state=VersionState.PUBLISHED,
            published_at=timezone.now(),
            published_by=cast.leader,
            drafted_by=cast.leader,
        )


@pytest.mark.parametrize("missing", ["published_at", "published_by"])
def test_a_published_version_has_both_its_publisher_and_its_time(cast: Cast, missing: str) -> None:
    draft = make_draft(cast.unit)
    whole = {"published_at": timezone.now(), "published_by": cast.leader, "reading": draft.number}
    fields = {**whole, missing: None}
    with pytest.raises(IntegrityError, match="by_somebody_at_a_time"), transaction.atomic():
        MissionVersion.objects.filter(pk=draft.pk).update(state="published", **fields)


def test_a_draft_has_no_publisher(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with pytest.raises(IntegrityError, match="by_somebody_at_a_time"), transaction.atomic():
        MissionVersion.objects.filter(pk=draft.pk).update(published_at=timezone.now())


@pytest.mark.parametrize("field", ["core_task", "for_whom"])
def test_a_published_version_says_its_task_and_for_whom(cast: Cast, field: str) -> None:
    draft = make_draft(cast.unit, **{field: ""})
    with pytest.raises(IntegrityError, match="mission_published_says_its_task"):
        publish(draft)


def test_a_mission_has_one_draft_at_a_time(cast: Cast) -> None:
    make_draft(cast.unit)
    with pytest.raises(IntegrityError, match="mission_has_one_draft"), transaction.atomic():
        make_draft(cast.unit)


def test_version_numbers_are_never_used_twice(cast: Cast) -> None:
    version = make_mission(cast.unit)
    with pytest.raises(IntegrityError, match="own_number"), transaction.atomic():
        MissionVersion.objects.create(
            mission=version.mission, number=1, drafted_by=version.drafted_by
        )


def test_a_version_is_not_above_itself(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with pytest.raises(IntegrityError, match="not_above_itself"), transaction.atomic():
        MissionVersion.objects.filter(pk=draft.pk).update(above=draft)


def test_a_unit_has_one_mission(cast: Cast) -> None:
    make_mission(cast.unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mission.objects.create(unit=cast.unit)


def test_a_unit_with_a_mission_is_not_deleted(cast: Cast) -> None:
    make_mission(cast.sibling_unit)
    with pytest.raises(ProtectedError):
        cast.sibling_unit.delete()


def test_a_version_is_acknowledged_once_by_each(cast: Cast) -> None:
    version = make_mission(cast.unit)
    make_acknowledgement(version, cast.employee)
    with pytest.raises(IntegrityError, match="acknowledged_once"), transaction.atomic():
        make_acknowledgement(version, cast.employee)
    assert Acknowledgement.objects.count() == 1


def test_a_draft_is_never_acknowledged(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with pytest.raises(IntegrityError, match="only a published mission"), transaction.atomic():
        make_acknowledgement(draft, cast.employee)


def test_an_acknowledgement_does_not_move_to_a_draft(cast: Cast) -> None:
    acknowledgement = make_acknowledgement(make_mission(cast.unit), cast.employee)
    draft = make_draft(cast.unit)
    with pytest.raises(IntegrityError, match="only a published mission"), transaction.atomic():
        Acknowledgement.objects.filter(pk=acknowledgement.pk).update(version=draft)


def test_the_current_version_is_the_newest_published_one(cast: Cast) -> None:
    make_mission(cast.unit)
    second = make_mission(cast.unit)
    make_draft(cast.unit)
    make_mission(cast.sibling_unit)
    assert MissionVersion.objects.current_for(cast.unit) == second


def test_a_unit_with_only_a_draft_has_no_current_version(cast: Cast) -> None:
    make_draft(cast.unit)
    assert MissionVersion.objects.current_for(cast.unit) is None


def test_words_for_people(cast: Cast) -> None:
    version = make_mission(cast.unit)
    assert [str(version.mission), str(version), str(version.core_activities.first())] == [
        "Hjemmetjenesten nord",
        "Hjemmetjenesten nord, 1",
        ACTIVITIES[0],
    ]


def visible(user: User, today) -> list[MissionVersion]:
    return list(MissionVersion.objects.visible_to(user, on=today).order_by("pk"))


def test_published_versions_are_visible_to_everybody_who_is_signed_in(cast: Cast, today) -> None:
    version = make_mission(cast.unit)
    assert visible(cast.stranger, today) == [version]


def test_a_draft_is_visible_to_its_author_and_to_who_answers_for_the_unit(
    cast: Cast, today
) -> None:
    draft = make_draft(cast.unit, by=cast.administrator)
    seeing = {
        kind
        for kind in ("leader", "manager", "employee", "hr", "stranger", "administrator")
        if visible(getattr(cast, kind), today) == [draft]
    }
    assert seeing == {"leader", "administrator"}


def test_a_draft_of_a_vacant_unit_is_visible_to_the_leader_above(cast: Cast, today) -> None:
    draft = make_draft(cast.sibling_unit)
    assert (visible(cast.manager, today), visible(cast.leader, today)) == ([draft], [])


def test_a_mission_is_visible_with_a_version_that_is(cast: Cast, today) -> None:
    published = make_mission(cast.other_unit).mission
    drafted = make_draft(cast.unit).mission
    assert set(Mission.objects.visible_to(cast.stranger, on=today)) == {published}
    assert set(Mission.objects.visible_to(cast.leader, on=today)) == {published, drafted}


def test_nothing_is_visible_without_signing_in(cast: Cast, today) -> None:

    make_mission(cast.unit)
    assert visible(AnonymousUser(), today) == []
