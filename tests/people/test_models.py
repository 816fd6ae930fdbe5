"""Rules that the database keeps: each test fails when its constraint or trigger is taken out."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection, transaction

from common.norwegian import SearchFold, holds_words
from people import audit
from people.models import (
    AuditRecord,
    Leadership,
    Level,
    Position,
    Role,
    RoleGrant,
    Substitution,
    Unit,
    User,
)
from people.substituting import name_substitute
from tests import clock
from tests.cast import KINDS, Cast
from tests.corpora.names import IN_ORDER, NOT_SOUGHT, SOUGHT
from tests.factories import (
    SINCE,
    make_employee,
    make_leadership,
    make_position,
    make_role,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NEW_YEAR = dt.date(2026, 1, 1)


def refused_by(name: str):
    """By that very constraint, and not by another."""
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("user_email_is_none_or_something", {"email": ""}),
        ("user_email_is_lower_case", {"email": "Liv@example.org"}),
        ("user_to_come_has_no_email", {"is_to_come": True}),
    ],
)
def test_address_is_one_in_small_letters_or_none(constraint: str, fields: dict) -> None:
    person = make_user()
    with refused_by(constraint):
        User.objects.filter(pk=person.pk).update(**fields)


def test_two_without_an_address_are_two_and_are_found_by_their_names() -> None:
    rut, ola = (make_user(name, email=None) for name in ("Rut Vask", "Ola Vask"))
    assert set(User.objects.filter(email__isnull=True)) == {rut, ola}
    assert list(User.objects.filter(holds_words("search_text", "rut vask"))) == [rut]
    assert list(User.objects.filter(holds_words("search_text", "none"))) == []


def test_invented_addresses_are_none_after_the_migration_and_come_back_with_its_undoing() -> None:
    migration = importlib.import_module("people.migrations.0007_people_without_an_address")
    to_come = make_user("Ny Vikar", email="5f3c@kommer.invalid")
    left = make_user("Tore Gran", email="17@sluttet.invalid")
    here = make_user("Liv Dahl", email="liv@example.org")
    migration.take_invented_addresses_away(apps, None)
    known = dict(User.objects.values_list("pk", "email"))
    assert known == {to_come.pk: None, left.pk: None, here.pk: "liv@example.org"}
    assert list(User.objects.filter(is_to_come=True)) == [to_come]
    migration.invent_addresses(apps, None)
    known = dict(User.objects.values_list("pk", "email"))
    assert known == {
        to_come.pk: f"{to_come.pk}@kommer.invalid",
        left.pk: f"{left.pk}@sluttet.invalid",
        here.pk: "liv@example.org",
    }


def test_without_address_counts_those_who_work_here_that_day(cast: Cast) -> None:
    today = clock.today()
    cleaner = make_employee(cast.unit, "Rut Vask", email=None)
    gone = make_employee(cast.unit, "Tore Gran", email=None)
    gone.positions.update(valid_to=today - DAY)
    make_user("Ny Vikar", email=None, is_to_come=True)
    assert list(User.objects.without_address(on=today)) == [cleaner]


def test_people_are_listed_by_address_else_by_what_hr_calls_them() -> None:
    people = [
        make_user("Liv Dahl", email="liv@example.org", hr_id="P1"),
        make_user("Rut Vask", email=None, hr_id="P2"),
        make_user("Ola Gjest", email=None, hr_id=None),
    ]
    assert [person.listed_as for person in people] == ["liv@example.org", "P2", "Ola Gjest"]


def test_unit_with_an_end_before_its_beginning_is_refused() -> None:
    with refused_by("unit_validity_in_order"):
        make_unit(valid_from=NEW_YEAR, valid_to=NEW_YEAR - DAY)


def test_unit_of_an_unknown_level_is_refused() -> None:
    with refused_by("unit_level_is_known"):
        Unit.objects.create(
            hr_id="1", name="X", level="planet", level_name="planet", valid_from=SINCE
        )


def test_unit_above_itself_is_refused() -> None:
    unit = make_unit()
    with refused_by("unit_is_not_its_own_parent"):
        Unit.objects.filter(pk=unit.pk).update(parent=unit)


def test_units_above_each_other_are_refused(at_commit) -> None:
    top = make_unit()
    middle = make_unit(parent=top)
    low = make_unit(parent=middle)
    Unit.objects.filter(pk=top.pk).update(parent=low)
    with refused_by("would stand above itself"):
        at_commit()


def test_unit_below_a_circle_is_refused_and_not_walked_for_ever(at_commit) -> None:
    first, second = make_unit(), make_unit()
    Unit.objects.filter(pk=first.pk).update(parent=second)
    below = make_unit(parent=make_unit())
    Unit.objects.filter(pk=below.pk).update(parent=first)
    Unit.objects.filter(pk=second.pk).update(parent=first)
    with refused_by("would stand above itself"):
        at_commit()


def test_units_may_change_places_within_a_transaction(at_commit) -> None:
    top = make_unit()
    upper = make_unit(parent=top)
    lower = make_unit(parent=upper)
    Unit.objects.filter(pk=upper.pk).update(parent=lower)
    Unit.objects.filter(pk=lower.pk).update(parent=top)
    at_commit()
    assert Unit.objects.get(pk=upper.pk).parent == lower


def test_unit_number_is_unique() -> None:
    make_unit(hr_id="7")
    with refused_by("hr_id"):
        make_unit(hr_id="7")


def test_email_is_kept_in_lower_case() -> None:
    assert User.objects.create_user(" Kari@Example.ORG ", name="Kari").email == "kari@example.org"
    with refused_by("user_email_is_lower_case"):
        make_user(email="Ola@example.org")


def test_email_belongs_to_one_person() -> None:
    make_user(email="kari@example.org")
    with refused_by("email"):
        make_user(email="kari@example.org")


def test_language_is_one_of_ours() -> None:
    with refused_by("user_language_is_known"):
        make_user(language="de")


def test_user_is_found_by_address_whatever_the_case() -> None:
    user = make_user(email="kari@example.org")
    assert User.objects.get_by_natural_key("Kari@Example.org") == user


def test_user_made_without_a_password_cannot_use_one() -> None:
    assert not User.objects.create_user("kari@example.org", name="Kari").has_usable_password()


def test_names_are_in_norwegian_order() -> None:
    for name in ("Øyvind", "Zacharias", "Aase", "Ærlend", "Anna", "Ådne"):
        make_user(name)
    ordered = [user.name for user in User.objects.all()]
    assert ordered == ["Anna", "Zacharias", "Ærlend", "Øyvind", "Ådne", "Aase"]


def test_names_stand_where_a_norwegian_reader_looks() -> None:
    for name in sorted(IN_ORDER):
        make_user(name)
    assert [user.name for user in User.objects.all()] == IN_ORDER


@pytest.mark.parametrize("name", SOUGHT)
def test_person_is_found_by_any_part_of_the_name_however_it_is_spelt(name: str) -> None:
    make_user(name, email="person@example.org")
    make_user("En Annen", email="annen@example.org")
    people = User.objects.all()
    missed = [
        typed
        for typed in SOUGHT[name]
        if [one.name for one in people.filter(holds_words("search_text", typed))] != [name]
    ]
    assert missed == []


@pytest.mark.parametrize("name", NOT_SOUGHT)
def test_person_is_not_found_by_what_is_not_their_name(name: str) -> None:
    make_user(name, email="person@example.org")
    people = User.objects.all()
    found = [one for one in NOT_SOUGHT[name] if people.filter(holds_words("search_text", one))]
    assert found == []


def test_a_name_of_the_longest_letters_there_are_can_be_sorted() -> None:
    assert make_user("\ufdfa" * 200).name == "\ufdfa" * 200


def test_position_with_an_end_before_its_beginning_is_refused(cast: Cast) -> None:
    with refused_by("position_validity_in_order"):
        make_position(cast.employee, cast.agency, since=NEW_YEAR, valid_to=NEW_YEAR - DAY)


def test_same_position_twice_on_a_day_is_refused(cast: Cast) -> None:
    make_position(cast.employee, cast.agency, since=SINCE, valid_to=NEW_YEAR)
    with refused_by("position_does_not_overlap_itself"):
        make_position(cast.employee, cast.agency, since=NEW_YEAR)


def test_same_position_may_begin_again_the_day_after(cast: Cast) -> None:
    make_position(cast.employee, cast.agency, since=SINCE, valid_to=NEW_YEAR)
    make_position(cast.employee, cast.agency, since=NEW_YEAR + DAY)
    assert cast.employee.positions.filter(unit=cast.agency).count() == 2


def test_person_may_hold_two_positions_in_one_unit(cast: Cast) -> None:
    make_position(cast.employee, cast.unit, title="Verneombud")
    assert cast.employee.positions.count() == 2


def test_two_leaders_of_a_unit_on_a_day_are_refused(cast: Cast) -> None:
    make_leadership(cast.stranger, cast.sibling_unit, until=NEW_YEAR)
    with refused_by("unit_has_one_leader_at_a_time"):
        make_leadership(cast.employee, cast.sibling_unit, since=NEW_YEAR)


def test_leader_may_follow_upon_another(cast: Cast) -> None:
    make_leadership(cast.stranger, cast.sibling_unit, until=NEW_YEAR)
    make_leadership(cast.employee, cast.sibling_unit, since=NEW_YEAR + DAY)
    assert Leadership.objects.valid_on(NEW_YEAR).get(unit=cast.sibling_unit).user == cast.stranger


def test_leadership_with_an_end_before_its_beginning_is_refused(cast: Cast) -> None:
    with refused_by("leadership_validity_in_order"):
        make_leadership(cast.stranger, cast.sibling_unit, since=NEW_YEAR, until=NEW_YEAR - DAY)


def test_role_twice_on_a_day_is_refused(cast: Cast) -> None:
    with refused_by("role_is_granted_once_at_a_time"):
        make_role(cast.hr, Role.HR, cast.agency, since=NEW_YEAR)


def test_role_with_an_end_before_its_beginning_is_refused(cast: Cast) -> None:
    with refused_by("role_grant_validity_in_order"):
        make_role(cast.hr, Role.HR, cast.unit, since=NEW_YEAR, until=NEW_YEAR - DAY)


def test_unknown_role_is_refused(cast: Cast) -> None:
    with refused_by("role_is_known"):
        RoleGrant.objects.create(user=cast.hr, role="king", unit=cast.unit, valid_from=SINCE)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (NEW_YEAR - DAY, False),
        (NEW_YEAR, True),
        (NEW_YEAR + DAY, True),
        (NEW_YEAR + 2 * DAY, False),
    ],
)
def test_validity_includes_both_its_days(cast: Cast, day: dt.date, expected: bool) -> None:
    position = make_position(cast.employee, cast.agency, since=NEW_YEAR, valid_to=NEW_YEAR + DAY)
    assert position.is_valid_on(day) is expected
    assert Position.objects.valid_on(day).filter(pk=position.pk).exists() is expected


def test_validity_without_an_end_goes_on(cast: Cast) -> None:
    assert cast.unit.is_valid_on(dt.date(2999, 1, 1))


def test_audit_record_names_actor_object_and_details(cast: Cast) -> None:
    audit.record(
        "greet", cast.unit, by=cast.leader, on_behalf_of=cast.manager, reason="ferie", count=3
    )
    record = AuditRecord.objects.get()
    assert (record.actor, record.on_behalf_of, record.reason) == (
        cast.leader,
        cast.manager,
        "ferie",
    )
    assert (record.object_type, record.object_id) == ("people.unit", str(cast.unit.pk))
    assert record.details == {"count": 3}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_auditrecord SET reason = 'noe annet'",
        "DELETE FROM people_auditrecord",
        "TRUNCATE people_auditrecord",
    ],
)
def test_audit_trail_can_neither_be_changed_nor_emptied(cast: Cast, statement: str) -> None:
    audit.record("greet", cast.unit, by=cast.leader, reason="ferie")
    with (
        pytest.raises(DatabaseError, match=r"Cannot (update or delete rows|truncate)"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditRecord.objects.get().reason == "ferie"


def test_audit_record_outlives_its_actor(cast: Cast) -> None:
    leaving = make_user("Gunn Vold")
    audit.record("greet", cast.unit, by=leaving)
    pk = leaving.pk
    leaving.delete()
    assert AuditRecord.objects.get().actor_id == pk


def test_anonymous_people_see_no_rows(cast: Cast, today: dt.date) -> None:
    audit.record("greet", cast.unit, by=cast.leader)
    nobody = AnonymousUser()
    seen = [
        Unit.objects.visible_to(nobody, on=today),
        Leadership.objects.visible_to(nobody, on=today),
        User.objects.visible_to(nobody, on=today),
        Position.objects.visible_to(nobody, on=today),
        RoleGrant.objects.visible_to(nobody, on=today),
        AuditRecord.objects.visible_to(nobody, on=today),
    ]
    assert [rows.count() for rows in seen] == [0, 0, 0, 0, 0, 0]


def test_every_unit_is_visible_to_the_stranger(cast: Cast) -> None:
    assert Unit.objects.visible_to(cast.stranger, on=clock.today()).count() == 7
    assert Leadership.objects.visible_to(cast.stranger, on=clock.today()).count() == 2


def test_stranger_knows_of_themselves_and_of_leaders(cast: Cast, today: dt.date) -> None:
    known = User.objects.visible_to(cast.stranger, on=today)
    assert set(known) == {cast.stranger, cast.leader, cast.manager}
    positions = Position.objects.visible_to(cast.stranger, on=today)
    assert {position.user for position in positions} == set(known)


def test_leader_knows_of_their_people_and_hr_of_the_agency(cast: Cast, today: dt.date) -> None:
    gone = make_employee(cast.unit, "Gunn Vold")
    gone.positions.update(valid_to=today - DAY)
    theirs = {cast.leader, cast.manager, cast.employee}
    assert set(User.objects.visible_to(cast.leader, on=today)) == theirs
    hrs = theirs | {cast.hr, cast.coordinator}
    assert set(User.objects.visible_to(cast.hr, on=today)) == hrs


def test_role_grants_are_visible_to_administrators_of_that_part_alone(
    cast: Cast, today: dt.date
) -> None:
    make_role(cast.stranger, Role.ADMINISTRATOR, cast.other_agency)
    make_role(cast.organiser, Role.COORDINATOR, cast.other_unit)
    seen = RoleGrant.objects.visible_to(cast.stranger, on=today)
    assert {(grant.user, grant.role) for grant in seen} == {
        (cast.stranger, Role.ADMINISTRATOR),
        (cast.organiser, Role.COORDINATOR),
    }
    assert RoleGrant.objects.visible_to(cast.administrator, on=today).count() == 6
    assert RoleGrant.objects.visible_to(cast.hr, on=today).count() == 0


def test_substitution_is_visible_to_those_it_concerns_and_to_those_who_oversee_the_unit_that_day(
    cast: Cast, today: dt.date
) -> None:
    held = name_substitute(
        leader=cast.leader,
        substitute=cast.stranger,
        unit=cast.unit,
        valid_from=today,
        valid_to=today + DAY,
        by=cast.leader,
        now=clock.now(),
        today=today,
    )
    cast.manager.leaderships.update(valid_to=today)

    def seen_by(day: dt.date) -> list[str]:
        people = {kind: getattr(cast, kind) for kind in KINDS}
        seen = {
            kind: list(Substitution.objects.visible_to(person, on=day))
            for kind, person in people.items()
        }
        return sorted(kind for kind, rows in seen.items() if rows == [held])

    assert seen_by(today) == ["administrator", "leader", "manager", "stranger"]
    assert seen_by(today + DAY) == ["administrator", "leader", "stranger"]
    assert list(Substitution.objects.visible_to(AnonymousUser(), on=today)) == []
    concerned = [kind for kind in KINDS if Substitution.objects.concerning(getattr(cast, kind))]
    assert sorted(concerned) == ["leader", "stranger"]


def test_audit_trail_is_visible_where_its_actors_work(cast: Cast, today: dt.date) -> None:
    make_role(cast.stranger, Role.ADMINISTRATOR, cast.other_agency)
    audit.record("far", cast.unit, by=cast.leader)
    audit.record("near", cast.unit, by=cast.organiser)
    audit.record("for_near", cast.unit, by=cast.leader, on_behalf_of=cast.organiser)
    audit.record("itself", cast.unit, by=None)

    def seen(user: User) -> list[str]:
        return [record.action for record in AuditRecord.objects.visible_to(user, on=today)]

    assert seen(cast.stranger) == ["near", "for_near"]
    assert seen(cast.administrator) == ["far", "near", "for_near", "itself"]
    assert seen(cast.leader) == []


def test_agencies_are_units_of_that_level(cast: Cast) -> None:
    assert set(Unit.objects.agencies()) == {cast.agency, cast.other_agency}
    assert {unit.level for unit in Unit.objects.agencies()} == {Level.AGENCY}


@pytest.mark.parametrize("typed", ["læring", "LAERING", "for lær", "efl"])
def test_unit_is_found_however_it_is_spelt(cast: Cast, typed: str) -> None:
    Unit.objects.filter(pk=cast.other_agency.pk).update(short_name="EFL")
    assert list(Unit.objects.named_like(typed)) == [cast.other_agency]


@pytest.mark.parametrize("typed", ["-", ",;/", "()", "–", "!?", "🙂"])
def test_signs_without_a_word_find_nobody_and_no_unit(cast: Cast, typed: str) -> None:
    assert list(Unit.objects.named_like(typed)) == []
    assert (
        list(User.objects.alias(searched=SearchFold("name")).filter(holds_words("searched", typed)))
        == []
    )
    assert Unit.objects.named_like(" ").count() == Unit.objects.count()


def test_rows_say_what_they_are(cast: Cast) -> None:
    grant = cast.hr.role_grants.get()
    audit.record("greet", cast.unit, by=None)
    assert str(cast.leader.positions.get()) == "Leder, Hjemmetjenesten nord"
    assert str(cast.leader.leaderships.get()) == "Liv Dahl, Hjemmetjenesten nord"
    assert str(grant) == "HR, Bydel Fjordbyen"
    assert str(AuditRecord.objects.get()) == f"greet people.unit {cast.unit.pk}"
    assert (cast.leader.get_full_name(), cast.leader.given_name) == ("Liv Dahl", "Liv")
