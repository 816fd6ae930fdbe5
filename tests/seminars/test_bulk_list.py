"""Many people in from a list: tried first, then done."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.tables import rows_of_text
from seminars.bulk_registration import read_list
from seminars.models import Registration
from seminars.participants.bulk_actions import register_list
from tests.factories import make_employee
from tests.seminars.factories import make_registration, make_seminar


def problems(text, seminar):
    lines = read_list([rows_of_text(text)], seminar).lines
    return [(line.number, line.typed, line.problem) for line in lines]


def post(browser, seminar, **data):
    return browser.post(reverse("seminars:register_list", args=[seminar.pk]), data)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_each_line_is_judged_by_itself(seminar, cast):
    make_registration(seminar, cast.manager)
    cast.hr.is_active = False
    cast.hr.save(update_fields=["is_active"])
    text = "\n".join(
        [
            "E-post;Navn",
            "LEADER@example.org;Liv Dahl",
            "",
            f'"{cast.employee.hr_id}"',
            "leader@example.org",
            "manager@example.org",
            "hr@example.org",
            "ingen@example.org",
        ]
    )
    unknown = "Ingen ansatt har denne adressen."
    assert problems(text, seminar) == [
        (2, "LEADER@example.org", ""),
        (4, cast.employee.hr_id, ""),
        (5, "leader@example.org", "Personen står på listen fra før."),
        (6, "manager@example.org", "Personen er allerede påmeldt."),
        (7, "hr@example.org", unknown),
        (8, "ingen@example.org", unknown),
    ]


def test_reading_asks_as_much_whatever_the_length(seminar, cast, django_assert_num_queries):
    people = [make_employee(cast.unit) for _number in range(12)]
    text = "\n".join(person.email for person in people)
    with django_assert_num_queries(2):
        lines = read_list([rows_of_text(text)], seminar).lines
    assert sum(not line.problem for line in lines) == 12


def test_trying_changes_nothing_and_confirming_registers_in_order(cast, signed_in):
    seminar = make_seminar(cast.agency, created_by=cast.organiser, capacity=1)
    browser = signed_in(cast.organiser)
    tried = post(browser, seminar, lines="leader@example.org\nukjent@x.no\nemployee@example.org")
    assert (tried.context["good"], Registration.objects.count()) == (2, 0)
    done = browser.post(
        reverse("seminars:register_list", args=[seminar.pk]),
        {"lines": tried.context["addresses"], "confirmed": "1"},
        follow=True,
    )
    assert said(done) == ["1 fikk plass, og 1 står på ventelisten."]
    rows = seminar.registrations.order_by("pk").values_list("user", "state", "registered_by")
    assert list(rows) == [
        (cast.leader.pk, "registered", cast.organiser.pk),
        (cast.employee.pk, "waitlisted", cast.organiser.pk),
    ]
    again = browser.post(
        reverse("seminars:register_list", args=[seminar.pk]),
        {"lines": tried.context["addresses"], "confirmed": "1"},
        follow=True,
    )
    assert said(again) == ["Ingen nye å melde på."]
    assert seminar.registrations.count() == 2


def test_refusal_of_one_holds_up_nobody(seminar, cast, now):
    make_registration(seminar, cast.leader)
    entries = register_list(
        seminar=seminar, people=[cast.leader, cast.employee], by=cast.organiser, now=now
    )
    assert [(entry.person, bool(entry.registration), entry.refusal) for entry in entries] == [
        (cast.leader, False, "Personen er allerede påmeldt."),
        (cast.employee, True, ""),
    ]


def test_page_tells_who_was_refused(cast, signed_in):
    draft = make_seminar(cast.agency, created_by=cast.organiser, state="draft")
    page = signed_in(cast.organiser).post(
        reverse("seminars:register_list", args=[draft.pk]),
        {"lines": "leader@example.org", "confirmed": "1"},
        follow=True,
    )
    assert said(page) == ["Liv Dahl: Seminaret er ikke publisert ennå."]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_file_is_read_as_norwegian_excel_writes_it(seminar, signed_in, organiser, encoding):
    content = "E-post;Navn\r\nleader@example.org;Åse\r\n".encode(encoding)
    file = SimpleUploadedFile("liste.csv", content, content_type="text/csv")
    response = post(signed_in(organiser), seminar, file=file)
    assert [line.typed for line in response.context["lines"]] == ["leader@example.org"]


@pytest.mark.parametrize(
    ("lines", "size", "field", "error"),
    [
        ("", 0, "lines", "Lim inn en liste, eller velg en fil."),
        ("x\n" * 1001, 0, "lines", "Listen kan ha høyst 1000 personer."),
        ("", 4_000_001, "file", "Filen er for stor. Lag en fil med bare deltakerne i."),
    ],
)
def test_what_is_wrong_is_told_at_the_field(
    seminar, signed_in, organiser, lines, size, field, error
):
    data = {"lines": lines}
    if size:
        data["file"] = SimpleUploadedFile("liste.csv", b"x" * size)
    response = post(signed_in(organiser), seminar, **data)
    assert response.context["form"].errors == {field: [error]}


@pytest.mark.parametrize(
    "line",
    ["Liv Dahlen, {unit}", "Liv Dahlen\t{agency}", "Enhet;Navn\n{unit};Liv Dahlen"],
)
def test_namesakes_are_told_apart_by_the_unit_beside_the_name(seminar, cast, line):
    there = make_employee(cast.unit, "Liv Dahlen", email="liv1@example.org")
    make_employee(cast.other_unit, "Liv Dahlen", email="liv2@example.org")
    text = line.format(unit=cast.unit.name, agency=cast.agency.name)
    assert [one.person for one in read_list([rows_of_text(text)], seminar).lines] == [there]


def test_namesakes_of_one_unit_are_told_with_their_addresses(seminar, cast):
    for number in (1, 2):
        make_employee(cast.unit, "Liv Dahlen", email=f"liv{number}@example.org")
    (line,) = read_list([rows_of_text(f"Liv Dahlen, {cast.unit.name}")], seminar).lines
    assert (line.person, line.problem.startswith("Flere passer: liv1@example.org")) == (None, True)
