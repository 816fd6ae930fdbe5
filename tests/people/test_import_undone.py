"""Taking the last run back: everything as before it, or nothing and a sentence that says why."""

from __future__ import annotations

import datetime as dt
import gc
import random
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.erasing import KEPT_AFTER_LEAVING, erase_who_left
from people.models import (
    IMPORT_UNDO_WINDOW,
    AuditRecord,
    FormerName,
    Leadership,
    Position,
    Role,
    RoleGrant,
    StaffImportChange,
    StaffImportOutcome,
    StaffImportRun,
    Unit,
    User,
)
from people.staff_import.run import LOCK
from people.staff_import.undoing import KEPT, ImportUndoRefused, undo_import
from people.tasks import forget_staff_import_changes
from tests.cast import Cast
from tests.factories import make_role, make_user
from tests.people.staff_files import PEOPLE, StaffFolder
from tests.people.test_import_properties import some_people, some_units

pytestmark = pytest.mark.django_db
DAY, MOMENT = dt.timedelta(days=1), dt.timedelta(seconds=1)
ON = dt.date(2026, 11, 24)
"""The day of the folder's files."""


def everything() -> dict[str, list[str]]:
    """Every column of every row that an import may write, as PostgreSQL says it."""
    found = {}
    with connection.cursor() as cursor:
        for model in KEPT:
            table = model._meta.db_table
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY id")  # noqa: S608
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def undo(run: StaffImportRun | None = None) -> StaffImportRun:
    return undo_import(now=timezone.now(), run=run)


def refusal(run: StaffImportRun | None = None, *, later: dt.timedelta = dt.timedelta()) -> str:
    """Why it is refused; fails if it is not, and if anything was changed."""
    before = everything(), StaffImportRun.objects.count(), AuditRecord.objects.count()
    with pytest.raises(ImportUndoRefused) as refused:
        undo_import(now=timezone.now() + later, run=run)
    assert (everything(), StaffImportRun.objects.count(), AuditRecord.objects.count()) == before
    return refused.value.message


CHANGED_UNITS = [
    "1;Solvik kommune;kommune;",
    "20;Bydel Fjordbyen og Havna;virksomhet;1;bydel;BFJ;2020-01-01",
    "201;Hjemmetjenesten nord;enhet;30;seksjon;;;2026-11-24;203",
    "203;Hjemmetjenesten;enhet;20;seksjon",
    "30;Etat for læring;virksomhet;1;etat",
]
CHANGED_PEOPLE = [
    "P1;Liv Dahl Berg;olav@solvik.example;203;Seksjonsleder;ja;nb;01.03.2024",
    "P2;Even Moen;liv@solvik.example;203;Helsefagarbeider;nei;en",
    "P4;Ny Person;ny@solvik.example;30;Direktør;x",
]


@pytest.fixture
def changed(staff: StaffFolder) -> dict[str, list[str]]:
    """What there was before a run that changed something of every kind."""
    staff.run()
    liv, olav = User.objects.get(hr_id="P1"), User.objects.get(hr_id="P3")
    EmailAddress.objects.create(user=liv, email=liv.email, verified=True, primary=True)
    make_role(olav, Role.HR, Unit.objects.get(hr_id="1"), since=ON)
    before = everything()
    staff.write(CHANGED_UNITS, CHANGED_PEOPLE)
    staff.run(on=ON + DAY)
    after = everything()
    assert [table for table in before if before[table] == after[table]] == []
    return before


def test_everything_is_as_it_was_before_the_run(changed: dict[str, list[str]]) -> None:
    undo()
    assert everything() == changed


def test_files_of_the_same_day_are_imported_again_as_if_they_were_new(
    staff: StaffFolder, changed: dict[str, list[str]]
) -> None:
    undo()
    assert "Nye enheter: 1" in staff.run(on=ON + DAY)


def test_the_command_takes_the_last_run_back(changed: dict[str, list[str]]) -> None:
    out = StringIO()
    call_command("import_staff", "--undo", stdout=out)
    assert everything() == changed
    assert "Importen er tatt tilbake. Det er som det var før den." in out.getvalue()
    assert "Nye enheter: 1" in out.getvalue()


def test_the_command_says_why_not(staff: StaffFolder) -> None:
    with pytest.raises(CommandError, match="Det er ingen import å ta tilbake"):
        call_command("import_staff", "--undo")


@pytest.mark.parametrize("option", ["--dry-run", "--on=2027-01-01", "--units=units.csv"])
def test_the_command_takes_nothing_back_where_files_are_spoken_of(
    changed: dict[str, list[str]], option: str
) -> None:
    now = everything()
    with pytest.raises(CommandError, match="--undo takes no files"):
        call_command("import_staff", "--undo", option)
    assert everything() == now


def test_the_command_needs_its_files_for_anything_else(staff: StaffFolder) -> None:
    with pytest.raises(CommandError, match="--units and --people are required"):
        call_command("import_staff", "--units", str(staff.units))


def test_it_is_a_run_of_its_own_and_in_the_trail(changed: dict[str, list[str]], cast: Cast) -> None:
    run = StaffImportRun.objects.first()
    assert run is not None
    undone = undo_import(now=timezone.now(), by=cast.administrator)
    assert (undone.outcome, undone.undoes, undone.counts, undone.on, undone.by) == (
        StaffImportOutcome.UNDONE,
        run,
        run.counts,
        run.on,
        cast.administrator,
    )
    record = AuditRecord.objects.get(action="people.undo_import")
    assert (record.actor, record.object_id, record.details) == (
        cast.administrator,
        str(run.pk),
        {"counts": run.counts},
    )
    assert list(StaffImportRun.objects.untold()) == []


def test_what_it_took_is_kept_no_longer_than_that(changed: dict[str, list[str]]) -> None:
    assert StaffImportChange.objects.exists()
    undo()
    assert not StaffImportChange.objects.exists()


# What is kept


def test_nothing_is_kept_of_the_first_import(staff: StaffFolder) -> None:
    staff.run()
    assert not StaffImportChange.objects.exists()


def test_nothing_is_kept_of_a_dry_run_or_of_what_people_do(staff: StaffFolder) -> None:
    staff.run()
    staff.write(CHANGED_UNITS, CHANGED_PEOPLE)
    staff.run("--dry-run", on=ON + DAY)
    User.objects.filter(hr_id="P1").update(name="Liv Berg")
    assert not StaffImportChange.objects.exists()


def test_what_a_person_does_after_a_run_in_one_transaction_is_not_the_runs(
    changed: dict[str, list[str]],
) -> None:
    kept = StaffImportChange.objects.count()
    User.objects.filter(hr_id="P2").update(language="nb")
    assert StaffImportChange.objects.count() == kept


def test_no_password_is_kept_and_of_a_change_only_what_changed(
    staff: StaffFolder,
) -> None:
    staff.run()
    liv = User.objects.get(hr_id="P1")
    liv.set_password("correct horse battery staple")
    liv.save()
    staff.write(people=[PEOPLE[0].replace("Liv Dahl", "Liv Berg"), *PEOPLE[1:]])
    staff.run(on=ON + DAY)
    (change,) = StaffImportChange.objects.filter(table_name="people_user")
    assert (change.row_id, change.before, change.after) == (
        liv.pk,
        {"name": "Liv Dahl"},
        {"name": "Liv Berg"},
    )


def test_what_is_kept_never_changes(changed: dict[str, list[str]]) -> None:
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        StaffImportChange.objects.update(row_id=1)


def test_every_table_that_an_import_writes_has_the_trigger(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_import_change'"
        )
        assert {table for (table,) in cursor.fetchall()} == {model._meta.db_table for model in KEPT}


def writes() -> dict[str, int]:
    """How many rows of each table this transaction has written, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


def test_an_import_writes_no_table_that_is_not_kept(staff: StaffFolder) -> None:
    staff.run()
    make_role(User.objects.get(hr_id="P3"), Role.HR, Unit.objects.get(hr_id="1"), since=ON)
    before = writes()
    staff.write(CHANGED_UNITS, CHANGED_PEOPLE)
    staff.run(on=ON + DAY)
    written = {table for table, count in writes().items() if count != before.get(table, 0)}
    about_it = {"people_staffimportrun", "people_staffimportchange", "people_auditrecord"}
    kept = {model._meta.db_table for model in KEPT}
    assert written - about_it == kept - {EmailAddress._meta.db_table}


def test_what_is_kept_is_forgotten_when_it_is_too_late(changed: dict[str, list[str]]) -> None:
    at = timezone.now()
    StaffImportRun.objects.update(at=at - IMPORT_UNDO_WINDOW + DAY / 24)
    forget_staff_import_changes()
    assert StaffImportChange.objects.exists()
    StaffImportRun.objects.update(at=at - IMPORT_UNDO_WINDOW)
    forget_staff_import_changes()
    assert not StaffImportChange.objects.exists()


# What is refused


def test_refused_when_there_is_none(db: None) -> None:
    assert refusal() == "Det er ingen import å ta tilbake."


def test_refused_for_the_first(staff: StaffFolder) -> None:
    staff.run()
    assert refusal() == "Det var den første importen, og det er ingenting å gå tilbake til."


def test_refused_after_a_day(changed: dict[str, list[str]]) -> None:
    told = "Det er mer enn 24 timer siden. Importen kan ikke tas tilbake lenger."
    assert refusal(later=IMPORT_UNDO_WINDOW) == told
    undo_import(now=timezone.now() + IMPORT_UNDO_WINDOW - dt.timedelta(minutes=5))
    assert everything() == changed


def test_refused_twice(changed: dict[str, list[str]]) -> None:
    run = StaffImportRun.objects.first()
    undo()
    assert refusal() == "Importen er allerede tatt tilbake."
    assert refusal(run) == "Importen er allerede tatt tilbake."


def test_refused_when_another_run_came_after(
    staff: StaffFolder, changed: dict[str, list[str]]
) -> None:
    run = StaffImportRun.objects.first()
    staff.write(people=[*CHANGED_PEOPLE, "P5;Enda En;en@solvik.example;30;Rådgiver;"])
    staff.run(on=ON + DAY)
    assert refusal(run) == (
        "En annen kjøring har endret noe etterpå. Bare den siste kan tas tilbake."
    )
    undo()
    assert User.objects.filter(hr_id="P5").count() == 0


def test_runs_after_it_that_changed_nothing_are_in_nobodys_way(
    staff: StaffFolder, changed: dict[str, list[str]]
) -> None:
    staff.run(on=ON + DAY)
    idle = StaffImportRun.objects.first()
    assert idle is not None
    assert refusal(idle).startswith("Kjøringen endret ingenting")
    staff.people.write_text("", encoding="utf-8")
    staff.refuse()
    undo()
    assert everything() == changed


def test_refused_for_one_that_nothing_was_kept_of(changed: dict[str, list[str]]) -> None:
    StaffImportRun.objects.update(keeps_changes=False)
    assert refusal() == "Portalen tok ikke vare på hva kjøringen endret."


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (lambda: User.objects.filter(hr_id="P1").update(name="Liv Foss"), "personer: 1"),
        (lambda: Position.objects.filter(user__hr_id="P4").update(title="Sjef"), "stillinger: 1"),
        (lambda: Unit.objects.filter(hr_id="20").update(name="Bydel"), "enheter: 1"),
        (lambda: FormerName.objects.all().delete(), "tidligere navn: 1"),
        (lambda: Leadership.objects.filter(user__hr_id="P4").delete(), "lederforhold: 1"),
        (lambda: RoleGrant.objects.update(valid_to=None), "roller: 1"),
        (lambda: User.objects.filter(hr_id="P4").update(last_login=timezone.now()), "personer: 1"),
    ],
)
def test_refused_where_something_has_been_changed_since(
    changed: dict[str, list[str]], since, told: str
) -> None:
    since()
    assert refusal() == (f"Importen kan ikke tas tilbake: noe av det er endret siden. {told}.")


def test_what_is_changed_beside_the_run_stays(changed: dict[str, list[str]]) -> None:
    """Another column of the same row is nobody's to take back."""
    User.objects.filter(hr_id="P1").update(language="en")
    undo()
    liv = User.objects.get(hr_id="P1")
    assert (liv.name, liv.language) == ("Liv Dahl", "en")


def test_refused_where_something_hangs_on_who_came_with_it(
    changed: dict[str, list[str]],
) -> None:
    new = User.objects.get(hr_id="P4")
    make_role(new, Role.HR, Unit.objects.get(hr_id="203"))
    assert refusal() == (
        "Importen kan ikke tas tilbake: noe viser til det som kom med den. roller: 2."
    )


def test_refused_where_what_has_been_saved_since_stands_in_the_way(
    changed: dict[str, list[str]],
) -> None:
    """Liv has another address to sign in by, and one alone is the first."""
    EmailAddress.objects.create(
        user=User.objects.get(hr_id="P1"), email="olav@solvik.example", verified=True, primary=True
    )
    assert refusal() == "Importen kan ikke tas tilbake: noe som er lagret siden, står i veien."


@pytest.mark.django_db(transaction=True)
def test_refused_while_an_import_is_running(staff: StaffFolder) -> None:
    staff.run()
    staff.write(CHANGED_UNITS, CHANGED_PEOPLE)
    staff.run(on=ON + DAY)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            assert refusal() == "En import kjører allerede."
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    finally:
        other.close()
    undo()


# Whatever the files say


@pytest.mark.no_cover
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**6), ahead=st.sampled_from([0, 0, 1, 9, 40]), plans=st.booleans())
def test_any_files_after_any_files_taken_back_leave_no_trace(
    staff: StaffFolder, seed: int, ahead: int, plans: bool
) -> None:
    dice = random.Random(seed)  # noqa: S311 (the same files every time)
    with transaction.atomic():
        imported(staff, dice, on=ON, today=ON)
        for user in User.objects.order_by("pk"):
            if dice.random() < 0.3:
                make_role(user, Role.HR, Unit.objects.get(hr_id="1"), since=ON)
            if user.email and dice.random() < 0.5:
                EmailAddress.objects.create(user=user, email=user.email, primary=True)
        if plans:
            imported(staff, dice, on=ON + dice.randint(1, 30) * DAY, today=ON)
        before, today = everything(), ON + dice.choice([0, 1, 20]) * DAY
        imported(staff, dice, on=today + ahead * DAY, today=today)
        last = StaffImportRun.objects.first()
        assert last is not None
        if last.counts:
            undo()
        assert everything() == before
        connection.check_constraints()
        transaction.set_rollback(True)


def imported(staff: StaffFolder, dice: random.Random, *, on: dt.date, today: dt.date) -> None:
    units = some_units(dice, on)
    rows = [row.split(";") for row in some_people(dice, units, on)]
    without = {person for person, *_rest in rows if dice.random() < 0.2}
    people = [[*row[:2], "" if row[0] in without else row[2], *row[3:]] for row in rows]
    staff.write(units, [";".join(row) for row in people])
    staff.run(on=on, today=today)


# The page


def page_of(run: StaffImportRun, browser) -> str:
    return browser.get(reverse("people:staff_import", args=[run.pk])).content.decode()


def test_the_page_takes_it_back_and_both_runs_say_so(
    changed: dict[str, list[str]], cast: Cast, confirmed
) -> None:
    browser, run = confirmed(cast.administrator), StaffImportRun.objects.get(on=ON + DAY)
    address = reverse("people:undo_import", args=[run.pk])
    assert f'href="{address}"' in page_of(run, browser)
    asked = browser.get(address).content.decode()
    assert "Ta importen tilbake?" in asked
    assert "Nye enheter: 1" in asked
    assert not StaffImportRun.objects.filter(undoes=run).exists()
    told = browser.post(address, follow=True).content.decode()
    assert "En kjøring er tatt tilbake." in told
    assert "Det som ble tatt tilbake" in told
    assert "Astrid Vik" in told
    assert Unit.objects.filter(hr_id="203").count() == 0
    page = page_of(run, browser)
    assert "Kjøringen er tatt tilbake" in page
    assert f'href="{address}"' not in page
    listed = browser.get(reverse("people:staff_imports")).content.decode()
    assert "Tok en kjøring tilbake" in listed


def test_the_page_says_why_not(changed: dict[str, list[str]], cast: Cast, confirmed) -> None:
    browser, run = confirmed(cast.administrator), StaffImportRun.objects.get(on=ON + DAY)
    address = reverse("people:undo_import", args=[run.pk])
    User.objects.filter(hr_id="P1").update(name="Liv Foss")
    assert "noe av det er endret siden. personer: 1." in (
        browser.post(address, follow=True).content.decode()
    )
    StaffImportRun.objects.update(at=timezone.now() - IMPORT_UNDO_WINDOW)
    assert f'href="{address}"' not in page_of(run, browser)
    assert "mer enn 24 timer siden" in browser.get(address, follow=True).content.decode()
    assert Unit.objects.filter(hr_id="203").exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_taken_back_without_a_fresh_confirmation(
    changed: dict[str, list[str]], cast: Cast, signed_in, method: str
) -> None:
    run = StaffImportRun.objects.get(on=ON + DAY)
    address = reverse("people:undo_import", args=[run.pk])
    answer = getattr(signed_in(cast.administrator), method)(address, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/konto/bekreft/")
    assert not StaffImportRun.objects.filter(undoes=run).exists()


def test_hr_of_a_part_takes_nothing_back(
    changed: dict[str, list[str]], cast: Cast, confirmed
) -> None:
    run = StaffImportRun.objects.get(on=ON + DAY)
    address = reverse("people:undo_import", args=[run.pk])
    browser = confirmed(cast.hr)
    assert f'href="{address}"' not in page_of(run, browser)
    assert browser.post(address).status_code == 403
    assert confirmed(cast.leader).post(address).status_code == 404


def test_nothing_of_somebody_comes_back_who_has_been_erased(
    changed: dict[str, list[str]],
) -> None:
    """Their address was released by the run, long after they had left."""
    olav = User.objects.get(hr_id="P3")
    kept = StaffImportChange.objects.filter(table_name="people_user", row_id=olav.pk)
    assert [change.before["email"] for change in kept if change.before] == ["olav@solvik.example"]
    assert erase_who_left(now=timezone.now() + KEPT_AFTER_LEAVING + 2 * DAY) > 0
    olav.refresh_from_db()
    assert (olav.hr_id, list(kept.all())) == (None, [])


def test_a_refusal_by_the_database_ends_no_later_transaction(changed: dict[str, list[str]]) -> None:
    """What was being read is closed with it, and not whenever Python lets go of it."""
    make_user("Ny Person", email="even@solvik.example", hr_id=None)
    before = everything()
    with pytest.raises(ImportUndoRefused) as refused:
        undo()
    with transaction.atomic():
        del refused
        gc.collect()
        assert everything() == before
