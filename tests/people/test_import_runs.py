"""What is kept of each run of the import, who sees it, and what is accepted of one that stopped."""

import datetime as dt

import pytest
from django.core.management import CommandError
from django.urls import reverse
from django.utils import timezone

from people.models import (
    IMPORT_IS_LATE,
    IMPORT_RUNS_KEPT,
    AuditRecord,
    Leadership,
    Role,
    StaffImportConsent,
    StaffImportOutcome,
    StaffImportRun,
    Unit,
)
from people.staff_import.actions import ImportKindRefused, agree_to_import
from people.tasks import forget_old_staff_imports
from tests.cast import Cast
from tests.factories import make_employee, make_role
from tests.people.import_runs import STOPPED, make_import_run
from tests.people.staff_files import PEOPLE, UNITS, StaffFolder

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ON = dt.date(2026, 11, 24)
MANY_UNITS = [*UNITS, *(f"4{number:02};Klinikk {number};enhet;20" for number in range(20))]
MANY_LED = [
    *PEOPLE,
    *(f"L{n};Leder {n};leder{n}@solvik.example;4{n:02};Leder;ja" for n in range(20)),
]


def led_no_more(rows: list[str], count: int = 20) -> list[str]:
    first = len(PEOPLE)
    ending = [row.removesuffix("ja") + "nei" for row in rows[first : first + count]]
    return [*rows[:first], *ending, *rows[first + count :]]


def runs() -> list[tuple[str, dt.date, dict]]:
    return list(StaffImportRun.objects.order_by("pk").values_list("outcome", "on", "counts"))


def stopped(staff: StaffFolder) -> StaffImportRun:
    staff.write(units=MANY_UNITS, people=MANY_LED)
    staff.run()
    staff.write(people=led_no_more(MANY_LED))
    staff.stop(on=ON + DAY)
    return StaffImportRun.objects.first()


def test_each_run_is_kept_with_what_it_changed(staff: StaffFolder) -> None:
    staff.run()
    staff.run(on=ON + DAY)
    counts = {
        "units_added": 5,
        "people_added": 3,
        "positions_started": 4,
        "leaderships_started": 2,
    }
    assert runs() == [("carried_out", ON, counts), ("carried_out", ON + DAY, {})]


def test_dry_run_leaves_none(staff: StaffFolder) -> None:
    staff.run("--dry-run")
    assert runs() == []


def test_run_that_stopped_is_kept_with_what_stopped_it(staff: StaffFolder) -> None:
    run = stopped(staff)
    assert (run.outcome, run.on, run.counts) == ("stopped", ON + DAY, {})
    (one,) = run.stopped_by
    assert len(one.pop("digest")) == 64
    assert one == {"kind": "leaders_ended", "count": 20, "of": 22, "percent": 5, "few": 10}


def test_run_that_stopped_is_kept_with_the_columns_it_has_not_read(staff: StaffFolder) -> None:
    staff.write(units=MANY_UNITS, people=MANY_LED)
    staff.run()
    staff.write(people=led_no_more(MANY_LED))
    text = staff.people.read_text(encoding="utf-8")
    staff.people.write_text(text.replace(";språk;", ";Tonefall;", 1), encoding="utf-8")
    staff.stop(on=ON + DAY)
    run = StaffImportRun.objects.all()[0]
    assert ["people.csv", ["Tonefall"]] in run.unread_columns


def test_who_may_accept_reads_which_columns_a_stopped_run_has_not_read(
    cast: Cast, signed_in
) -> None:
    run = make_import_run(stopped_by=[STOPPED], unread_columns=[["people.csv", ["leder? <b>"]]])
    address = reverse("people:staff_import", args=[run.pk])
    told = "people.csv: kolonner som ikke er lest: leder? &lt;b&gt;"
    assert told in signed_in(cast.administrator).get(address).content.decode()
    assert told not in signed_in(cast.hr).get(address).content.decode()


def test_run_that_was_refused_is_kept_with_its_faults(staff: StaffFolder) -> None:
    staff.people.write_text("", encoding="utf-8")
    staff.refuse()
    run = StaffImportRun.objects.get()
    assert (run.outcome, run.rows_set_aside, run.error) == ("failed", 1, "")
    assert run.set_aside == [
        {"file": "people.csv", "line": 0, "column": "", "message": "Filen er tom"}
    ]


def test_run_that_broke_is_kept_with_the_kind_of_error_alone(staff: StaffFolder, settings) -> None:
    settings.STAFF_IMPORT_LIMITS = {"nothing": "1/1"}
    with pytest.raises(Exception, match="STAFF_IMPORT_LIMITS"):
        staff.run()
    run = StaffImportRun.objects.get()
    assert (run.outcome, run.error, run.set_aside) == ("failed", "ImproperlyConfigured", [])
    assert not Unit.objects.exists()


def test_kinds_accepted_by_the_command_are_kept(staff: StaffFolder) -> None:
    stopped(staff)
    staff.run("--accept=leaders_ended", on=ON + DAY)
    assert StaffImportRun.objects.first().accepted == ["leaders_ended"]


def test_what_was_agreed_to_is_imported_by_the_next_run(staff: StaffFolder, cast: Cast) -> None:
    run = stopped(staff)
    agree_to_import(run=run, kind="leaders_ended", by=cast.administrator)
    staff.run(on=ON + 2 * DAY)
    assert (
        Leadership.objects.valid_on(ON + 2 * DAY).filter(unit__hr_id__startswith="4").count() == 0
    )
    record = AuditRecord.objects.get(action="people.agree_to_import")
    assert (record.actor, record.details) == (
        cast.administrator,
        {"kind": "leaders_ended", "count": 20},
    )


def test_another_file_is_not_what_was_agreed_to(staff: StaffFolder, cast: Cast) -> None:
    agree_to_import(run=stopped(staff), kind="leaders_ended", by=cast.administrator)
    staff.write(people=led_no_more(MANY_LED, 19))
    assert "19 av" in staff.stop(on=ON + 2 * DAY)


def changed_in(kind: str, word: str) -> tuple[list[str], list[str]]:
    """Files with much of one kind changed, and into what."""
    units, people = list(MANY_UNITS), list(MANY_LED)
    first, led = len(UNITS), len(PEOPLE)
    match kind:
        case "units_renamed":
            units[first:] = [row.replace("Klinikk", word) for row in units[first:]]
        case "units_moved":
            above = {"A": "30", "B": "1"}[word]
            units[first:] = [row.removesuffix("20") + above for row in units[first:]]
        case "leaders_replaced":
            new = [row.replace("L", word).replace("leder", word) for row in people[led:]]
            people = [*led_no_more(people), *new]
    return units, people


@pytest.mark.parametrize("kind", ["units_renamed", "units_moved", "leaders_replaced"])
def test_who_agrees_to_a_change_of_some_agrees_to_no_other_change_of_the_same(
    staff: StaffFolder, cast: Cast, kind: str
) -> None:
    staff.write(units=MANY_UNITS, people=MANY_LED)
    staff.run()
    staff.write(*changed_in(kind, "A"))
    staff.stop(on=ON + DAY)
    agree_to_import(run=StaffImportRun.objects.first(), kind=kind, by=cast.administrator)
    staff.write(*changed_in(kind, "B"))
    assert f"--accept {kind}." in staff.stop(on=ON + 2 * DAY)
    staff.write(*changed_in(kind, "A"))
    staff.run(on=ON + 3 * DAY)
    assert runs()[-1][0] == StaffImportOutcome.CARRIED_OUT


def test_a_stopped_run_tells_the_rows_it_set_aside(
    staff: StaffFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    """They may be why it stopped, and whoever accepts must see what is left out."""
    staff.write(units=MANY_UNITS, people=MANY_LED)
    staff.run()
    staff.write(people=[*led_no_more(MANY_LED), "L99;Ny Person;feil;1;Rådgiver;nei"])
    with pytest.raises(CommandError, match="--accept leaders_ended"):
        staff.run_unchecked()
    told = capsys.readouterr()
    assert "Rader satt til side: 1" in told.out
    assert "kolonne «epost»" in told.err
    run = StaffImportRun.objects.latest("pk")
    assert (run.outcome, run.rows_set_aside) == (StaffImportOutcome.STOPPED, 1)
    assert [one["column"] for one in run.set_aside] == ["epost"]


def test_what_was_agreed_to_holds_until_files_are_imported(staff: StaffFolder, cast: Cast) -> None:
    agree_to_import(run=stopped(staff), kind="leaders_ended", by=cast.administrator)
    whole = staff.people.read_text(encoding="utf-8")
    staff.people.write_text("", encoding="utf-8")
    staff.refuse()
    staff.people.write_text(whole, encoding="utf-8")
    staff.run(on=ON + 2 * DAY)
    staff.write(people=MANY_LED)
    staff.run(on=ON + 3 * DAY)
    staff.write(people=led_no_more(MANY_LED))
    assert "20 av" in staff.stop(on=ON + 4 * DAY)


def test_only_what_the_last_run_stopped_at_is_agreed_to(cast: Cast) -> None:
    first, last = make_import_run(stopped_by=[STOPPED]), make_import_run(stopped_by=[STOPPED])
    for run, kind in ((first, "leaders_ended"), (last, "units_moved"), (last, "")):
        with pytest.raises(ImportKindRefused):
            agree_to_import(run=run, kind=kind, by=cast.administrator)
    for _time in range(2):
        agree_to_import(run=last, kind="leaders_ended", by=cast.administrator)
    assert StaffImportConsent.objects.count() == 1
    assert AuditRecord.objects.count() == 1


def test_visible_to_administrators_and_hr_of_any_part(cast: Cast, today: dt.date) -> None:
    run = make_import_run()
    for person, sees in (
        (cast.administrator, [run]),
        (cast.hr, [run]),
        (cast.leader, []),
        (cast.organiser, []),
    ):
        assert list(StaffImportRun.objects.visible_to(person, on=today)) == sees
    make_role(cast.leader, Role.ADMINISTRATOR, cast.agency, until=today - DAY)
    assert list(StaffImportRun.objects.visible_to(cast.leader, on=today)) == []


def test_page_shows_what_stopped_the_run_and_accepts_it(cast: Cast, confirmed) -> None:
    run = make_import_run(stopped_by=[STOPPED])
    client = confirmed(cast.administrator)
    page = client.get(reverse("people:staff_import", args=[run.pk])).content.decode()
    assert "Enheter som mister lederen: 591 av 591" in page
    assert "Godta: Enheter som mister lederen" in page
    address = reverse("people:agree_to_import", args=[run.pk, "leaders_ended"])
    assert address in page
    asked = client.get(address).content.decode()
    assert "Enheter som mister lederen: 591 av 591" in asked
    assert StaffImportConsent.objects.count() == 0
    answer = client.post(address, follow=True)
    assert "Godtatt av Astrid Vik" in answer.content.decode()
    assert "Godta: " not in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_accepted_without_a_fresh_confirmation(
    cast: Cast, signed_in, method: str
) -> None:
    run = make_import_run(stopped_by=[STOPPED])
    address = reverse("people:agree_to_import", args=[run.pk, "leaders_ended"])
    answer = getattr(signed_in(cast.administrator), method)(address, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/konto/bekreft/")
    assert StaffImportConsent.objects.count() == 0


@pytest.mark.parametrize("kind", ["units_moved", "nothing"])
def test_what_the_run_did_not_stop_at_is_not_there(cast: Cast, confirmed, kind: str) -> None:
    run = make_import_run(stopped_by=[STOPPED])
    address = reverse("people:agree_to_import", args=[run.pk, kind])
    assert confirmed(cast.administrator).get(address).status_code == 404


def test_a_kind_that_is_judged_no_more_leaves_its_old_run_readable(cast: Cast, signed_in) -> None:
    run = make_import_run(stopped_by=[STOPPED | {"kind": "of_old"}])
    page = signed_in(cast.administrator).get(reverse("people:staff_import", args=[run.pk]))
    assert page.status_code == 200


def test_run_is_kept_with_what_was_read_as_what(staff: StaffFolder) -> None:
    staff.run()
    imported = list(staff.read_as)
    assert imported[0] == "units.csv: UTF-8, skilletegn «;»"
    staff.people.write_text("hr_id;navn\nP7;Ny\n", encoding="utf-8")
    staff.refuse()
    refused, carried_out = StaffImportRun.objects.all()
    assert carried_out.read_as == imported
    assert "  hr_id, navn" in refused.read_as


def test_run_that_stopped_is_kept_with_what_was_read_as_what(staff: StaffFolder) -> None:
    assert stopped(staff).read_as[0] == "units.csv: UTF-8, skilletegn «;»"


def test_who_may_accept_reads_what_was_read_as_what(cast: Cast, signed_in) -> None:
    run = make_import_run(read_as=["people.csv: UTF-8", "  Nr <b> → hr_id"])
    address = reverse("people:staff_import", args=[run.pk])
    told = "Nr &lt;b&gt; → hr_id"
    assert told in signed_in(cast.administrator).get(address).content.decode()
    assert told not in signed_in(cast.hr).get(address).content.decode()


def test_hr_of_a_part_reads_counts_and_not_what_is_wrong_in_the_files(
    cast: Cast, signed_in
) -> None:
    fault = {"file": "people.csv", "line": 7, "column": "epost", "message": "Feltet er tomt"}
    run = make_import_run(
        stopped_by=[STOPPED], counts={"people_added": 3}, rows_set_aside=1, set_aside=[fault]
    )
    address = reverse("people:staff_import", args=[run.pk])
    of_a_part = signed_in(cast.hr).get(address).content.decode()
    assert "Nye personer" in of_a_part
    assert "Feltet er tomt" not in of_a_part
    assert "Godta: " not in of_a_part
    make_role(cast.hr, Role.HR, cast.municipality)
    of_all = signed_in(cast.hr).get(address).content.decode()
    assert "Feltet er tomt" in of_all
    assert "Godta: " in of_all


def test_earlier_run_offers_nothing_to_accept(cast: Cast, signed_in) -> None:
    run = make_import_run(stopped_by=[STOPPED])
    make_import_run()
    page = signed_in(cast.administrator).get(reverse("people:staff_import", args=[run.pk]))
    assert "Godta: " not in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"stopped_by": [STOPPED]}, "Personalimporten stoppet"),
        ({"outcome": StaffImportOutcome.FAILED}, "Personalimporten feilet"),
        ({"at": -IMPORT_IS_LATE - dt.timedelta(minutes=1)}, "Personalimporten er ikke kjørt"),
        ({"at": -IMPORT_IS_LATE + dt.timedelta(minutes=5)}, "Roller og tilganger"),
        (None, "Roller og tilganger"),
    ],
)
def test_administrators_are_told_of_it_first(
    cast: Cast, signed_in, fields: dict | None, title: str
) -> None:
    if fields is not None:
        if "at" in fields:
            fields = {"at": timezone.now() + fields["at"]}
        make_import_run(**fields)
    assert title in signed_in(cast.administrator).get(reverse("home")).content.decode()
    assert "Personalimporten" not in signed_in(cast.leader).get(reverse("home")).content.decode()


def test_runs_are_forgotten_after_a_year() -> None:
    make_import_run(at=timezone.now() - IMPORT_RUNS_KEPT - DAY)
    kept = make_import_run(at=timezone.now() - IMPORT_RUNS_KEPT + DAY)
    forget_old_staff_imports()
    assert list(StaffImportRun.objects.all()) == [kept]


def test_page_counts_those_who_work_here_without_an_address(cast: Cast, signed_in) -> None:
    browser = signed_in(cast.administrator)
    assert (
        "ingen e-postadresse" not in browser.get(reverse("people:staff_imports")).content.decode()
    )
    make_employee(cast.unit, "Rut Vask", email=None)
    told = browser.get(reverse("people:staff_imports")).content.decode()
    assert "1 som arbeider her, har ingen e-postadresse i HR." in told
