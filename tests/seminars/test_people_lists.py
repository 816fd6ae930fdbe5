"""Lists of people as people have them: whom they name, and what is said of the rest."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from common.spreadsheet import csv_text
from common.tables import MOST_UNPACKED, rows_of_file, rows_of_text
from people.models import FormerName
from seminars.bulk_registration import find_people
from tests.corpora import lists
from tests.factories import make_employee
from tests.seminars.factories import make_registration, make_seminar


@pytest.fixture
def two(cast):
    ids = {lists.TUVA: lists.TUVA_ID, lists.JONAS: lists.JONAS_ID}
    return {
        address: make_employee(cast.unit, name, email=address, hr_id=ids[address])
        for address, name in lists.NAMES.items()
    }


@pytest.fixture
def desk(signed_in, organiser):
    return signed_in(organiser)


def upload(desk, seminar, content, name="liste.xlsx", **data):
    url = reverse("seminars:register_list", args=[seminar.pk])
    return desk.post(url, {"file": SimpleUploadedFile(name, content), **data})


def found(rows):
    return [(line.person and line.person.email, line.problem) for line in find_people(rows).lines]


def judged(text):
    lines = find_people(rows_of_text(text)).lines
    return [(line.number, line.typed, line.problem) for line in lines]


BOTH = [(lists.TUVA, ""), (lists.JONAS, "")]


@pytest.mark.parametrize("text", lists.OF_BOTH.values(), ids=lists.OF_BOTH)
def test_everybody_on_a_list_is_found_and_nobody_else(two, text):
    assert found(rows_of_text(text)) == BOTH


@pytest.mark.parametrize("text", lists.OF_ONE_AND_TOLD.values(), ids=lists.OF_ONE_AND_TOLD)
def test_a_line_that_may_name_more_is_told_as_it_stands(two, text):
    lines = find_people(rows_of_text(text)).lines
    assert [line.person.email for line in lines if line.person] == [lists.TUVA]
    (told,) = (line for line in lines if line.problem)
    written = " ".join(text.split("\n")[told.number - 1].split())
    assert told.typed.strip(" ;,") in written
    assert any(word in told.typed.casefold() for word in ("jonas", "moen", "ukjent", "h9999"))


def test_a_line_that_may_name_more_says_what_to_do(two):
    problem = "Linjen ser ut til å nevne flere enn én person. Skriv én person på hver linje."
    assert judged(f"{lists.JONAS}\n\nTuva Dahl; Liv") == [
        (1, lists.JONAS, ""),
        (3, "Tuva Dahl; Liv", ""),
        (3, "Tuva Dahl; Liv", problem),
    ]


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("Tuva Dahl <borte@example.org>, Jonas Moen", [(None, "address")]),
        ("a@example.org, b@example.org, Jonas Moen", [(None, "address")] * 2 + [(None, "more")]),
        (
            f"Tuva Dahl <{lists.TUVA}>, Jonas Moen <borte@example.org>",
            [(lists.TUVA, ""), (None, "address"), (None, "more")],
        ),
    ],
    ids=["one address", "two addresses", "one of two addresses"],
)
def test_nobody_is_taken_from_a_line_with_an_address_that_nobody_has(two, text, answers):
    problems = {
        "": "",
        "address": "Ingen ansatt har denne adressen.",
        "more": "Linjen ser ut til å nevne flere enn én person. Skriv én person på hver linje.",
    }
    assert found(rows_of_text(text)) == [(person, problems[key]) for person, key in answers]
    assert judged(text)[-1][1] == text


def test_three_on_one_line_are_three(cast, two):
    liv = make_employee(cast.unit, "Liv Berg", email="liv.berg@example.org")
    assert found(rows_of_text("Tuva Dahl, Jonas Moen, Liv Berg")) == [*BOTH, (liv.email, "")]


def test_a_name_beside_another_persons_hr_number_is_one_more(two):
    assert sorted(found(rows_of_text(f"Tuva Dahl; {lists.JONAS_ID}"))) == sorted(BOTH)


def test_a_name_within_anothers_name_is_not_taken_for_theirs(cast, two):
    make_employee(cast.unit, "Tuva Marie Dahl", email="marie@example.org")
    lines = find_people(rows_of_text("Tuva Marie Dahl, Tuva Dahl")).lines
    assert [line.person and line.person.email for line in lines] == ["marie@example.org", None]


def test_words_of_the_people_found_cost_no_query(two, django_assert_num_queries):
    text = f"Dahl, Tuva <{lists.TUVA}>; Moen, Jonas <{lists.JONAS}>"
    with django_assert_num_queries(1):
        assert len(find_people(rows_of_text(text)).lines) == 2


def test_other_names_are_looked_up_some_at_a_time(two, django_assert_num_queries):
    text = "\n".join(
        f"{lists.TUVA};Ukjent Nummer{'abcdefghij'[n % 10]}{'klmno'[n // 10]}" for n in range(50)
    )
    with django_assert_num_queries(6):
        assert len(find_people(rows_of_text(text)).lines) == 100


WAYS = {
    "address": "{email}",
    "HR number": "{hr_id}",
    "name": "{name}",
    "family first": "{family}, {given}",
    "name and address": "{name} <{email}>",
    "address in brackets": "{name} ({email})",
    "given name": "{given}",
}
BETWEEN = [", ", ",", "; ", ";", "\t", " og ", " & ", " / ", " | ", " and ", ";\t"]
HEADINGS = ["", "", "Navn\n", "E-post\n", "E-post\tMakker\n", "Navn\tVikar\tEnhet\n"]


def test_everybody_written_is_found_or_their_line_is_told(cast, two):
    people = [*two.values(), cast.leader, cast.employee, cast.manager, cast.hr, cast.stranger]

    def written(person, way):
        given, family = person.name.split(" ")
        return WAYS[way].format(
            email=person.email, hr_id=person.hr_id, name=person.name, given=given, family=family
        )

    one = st.tuples(st.sampled_from(people), st.sampled_from(list(WAYS)))
    line = st.tuples(st.lists(one, min_size=1, max_size=3), st.sampled_from(BETWEEN))

    @settings(max_examples=150)
    @given(st.lists(line, min_size=1, max_size=3), st.sampled_from(HEADINGS))
    def check(lines, heading):
        written_lines = [
            mark.join(written(person, way) for person, way in some) for some, mark in lines
        ]
        answers = find_people(rows_of_text(heading + "\n".join(written_lines))).lines
        for number, (some, _mark) in enumerate(lines, start=2 if heading else 1):
            here = [answer for answer in answers if answer.number == number]
            if not any(answer.problem for answer in here):
                assert {person for person, _way in some} <= {answer.person for answer in here}

    check()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_a_text_file_is_read_in_the_encodings_of_windows(two, encoding):
    text = f"Navn;E-post\r\nBjørn Ås;{lists.TUVA}\r\nÆrlig Øy;{lists.JONAS}\r\n"
    rows = rows_of_file(text.encode(encoding))
    assert found(rows) == BOTH
    assert rows[1].cells[0] == "Bjørn Ås"


@pytest.mark.parametrize(
    "rows",
    [
        [["Navn", "E-post"], ["Tuva", lists.TUVA], ["Jonas", lists.JONAS]],
        [[None, None], ["Deltakere"], [None, "Epost"], ["x", lists.TUVA], [], ["", lists.JONAS]],
        [[lists.TUVA], [lists.JONAS]],
        [["Tuva", 1, None, 3.5, lists.TUVA], ["Jonas", 2, None, 4, lists.JONAS]],
        [["Ansattnr", "Navn"], [lists.TUVA_ID, "L"], [lists.JONAS_ID, "E"]],
        [["Fornavn", "Etternavn"], ["Tuva", "Dahl"], ["Jonas", "Moen"]],
    ],
    ids=["two columns", "titles and blanks", "one column", "fifth column", "numbers", "names"],
)
def test_a_workbook_is_read(two, rows):
    assert found(rows_of_file(lists.workbook([], rows))) == BOTH


def test_a_number_that_excel_made_of_an_id_is_the_id(cast, two):
    two[lists.TUVA].hr_id = "70010"
    two[lists.TUVA].save()
    assert found(rows_of_file(lists.workbook([["HR-nummer"], [70010.0]]))) == [(lists.TUVA, "")]


def test_an_hr_number_is_known_in_small_letters_too(two):
    """Typed so, or made so by a program that «corrects» what follows a full stop."""
    two[lists.TUVA].hr_id = "P100002"
    two[lists.TUVA].save()
    assert found(rows_of_text("p100002\nP100002")) == [(lists.TUVA, ""), (lists.TUVA, "")]
    other = next(person for address, person in two.items() if address != lists.TUVA)
    other.hr_id = "p100002"
    other.save()
    assert found(rows_of_text("p100002")) == [(other.email, "")]


@pytest.mark.parametrize("content", lists.NOT_A_LIST.values(), ids=lists.NOT_A_LIST)
def test_what_is_no_list_is_said_at_the_field_and_nothing_typed_is_lost(seminar, desk, content):
    response = upload(desk, seminar, content, lines="leader@example.org")
    (error,) = response.context["form"].errors["file"]
    assert "Lagre" in error
    assert "leader@example.org" in response.content.decode()


def test_a_workbook_packed_to_fill_the_machine_is_refused_unread(seminar, desk):
    file = io.BytesIO(lists.workbook([[lists.TUVA]]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/more.xml", bytes(MOST_UNPACKED))
    assert upload(desk, seminar, file.getvalue()).context["form"].errors == {
        "file": ["Regnearket er for stort. Lag en fil med bare deltakerne i."]
    }


def test_a_workbook_with_entities_is_refused(seminar, desk):
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(lists.workbook([[lists.TUVA]]))) as whole,
        zipfile.ZipFile(file, "w") as packed,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
                content = content[:start] + doctype + content[start:]
            packed.writestr(name, content)
    errors = upload(desk, seminar, file.getvalue()).context["form"].errors
    assert list(errors) == ["file"]


def test_a_row_below_the_last_of_any_sheet_costs_no_more(seminar, desk):
    """A number that is only said: each row above it would be read, and there are none."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(lists.workbook([[lists.TUVA], [lists.JONAS]]))) as whole,
        zipfile.ZipFile(file, "w") as packed,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b'<row r="2"' in content
                content = content.replace(b'<row r="2"', b'<row r="9999999"')
                content = content.replace(b'"A2"', b'"A9999999"')
            packed.writestr(name, content)
    errors = upload(desk, seminar, file.getvalue()).context["form"].errors
    assert list(errors) == ["file"]


def test_people_in_several_sheets_are_not_left_out_without_a_word(seminar, desk):
    content = lists.workbook([[lists.TUVA]], [[lists.JONAS]])
    assert upload(desk, seminar, content).context["form"].errors == {
        "file": ["Flere ark har innhold: «Sheet», «Sheet1». Lagre en fil med bare ett ark."]
    }


def test_a_cell_in_the_last_corner_costs_no_more(seminar, desk):
    book = openpyxl.Workbook()
    book.active["A1"] = "leader@example.org"
    book.active["XFD1048576"] = "x"
    file = io.BytesIO()
    book.save(file)
    response = upload(desk, seminar, file.getvalue())
    assert [line.typed for line in response.context["lines"]] == ["leader@example.org"]


@pytest.mark.parametrize("cell", ["XFD1048576", "GT3", "ZZ1"])
def test_a_workbook_with_nothing_where_a_list_stands_says_where_there_is_something(
    seminar, desk, cell
):
    book = openpyxl.Workbook()
    book.active[cell] = "leader@example.org"
    file = io.BytesIO()
    book.save(file)
    assert upload(desk, seminar, file.getvalue()).context["form"].errors == {
        "file": [
            f"Det eneste som står i arket, er i celle {cell}, langt utenfor det som leses. "
            "Flytt listen til den første kolonnen, lagre filen og velg den på nytt."
        ]
    }


def test_more_people_than_a_list_may_name_is_said_at_the_file(seminar, desk):
    rows = [[f"x{number}@example.org"] for number in range(1_001)]
    assert upload(desk, seminar, lists.workbook(rows)).context["form"].errors == {
        "file": ["Listen kan ha høyst 1000 personer."]
    }


def test_what_is_not_understood_stands_as_it_stood_with_its_own_line(two):
    make_employee(two[lists.TUVA].positions.get().unit, "Kari Moe", email="kari@example.org")
    make_employee(two[lists.TUVA].positions.get().unit, "Kari Ann Moe", email="ann@example.org")
    text = "\n".join(
        [
            lists.TUVA,
            "",
            "borte@example.org",
            "liv@",
            "Ukjent Person",
            "12345678",
            "Kari Moe",
            "?!",
            "Dahl",
        ]
    )
    assert judged(text) == [
        (1, lists.TUVA, ""),
        (3, "borte@example.org", "Ingen ansatt har denne adressen."),
        (4, "liv@", "Adressen er ikke hel. Skriv hele e-postadressen."),
        (5, "Ukjent Person", "Ingen ansatt heter dette. Skriv e-postadressen."),
        (6, "12345678", "Ingen ansatt har dette HR-nummeret."),
        (
            7,
            "Kari Moe",
            "Flere passer: ann@example.org, kari@example.org."
            " Skriv adressen eller HR-nummeret til den du mener.",
        ),
        (8, "?!", "Linjen er ikke forstått. Skriv e-postadressen."),
        (9, "Dahl", "Ingen ansatt heter dette. Skriv e-postadressen."),
    ]


def test_a_second_person_beside_an_address_is_never_passed_over(two):
    assert judged(f"{lists.TUVA};Jonas Moen") == [
        (1, lists.TUVA, ""),
        (1, "Jonas Moen", "Står på samme linje som en adresse. Skriv én person på hver linje."),
    ]
    assert judged(f"{lists.TUVA};even@") == [
        (1, lists.TUVA, ""),
        (1, "even@", "Adressen er ikke hel. Skriv hele e-postadressen."),
    ]


def test_a_part_of_a_name_is_nobody(cast):
    make_employee(cast.unit, "Oliver Dahlen")
    assert judged("Liv Dahlen")[0][2] == "Ingen ansatt heter dette. Skriv e-postadressen."


def test_a_former_name_finds_its_person(two, today):
    FormerName.objects.create(user=two[lists.TUVA], name="Tuva Hansen", until=today)
    assert found(rows_of_text("Hansen, Tuva")) == [(lists.TUVA, "")]


def test_it_is_said_which_column_was_read(two):
    table = f"Navn;Leders e-post;E-post\nTuva;sjef@example.org;{lists.TUVA}"
    assert find_people(rows_of_text(table)).said == (
        "Leste adressene i kolonnen «E-post». Adressene i «Leders e-post» er ikke lest."
    )
    table = f"Navn;HR-nummer\nTuva;{lists.TUVA_ID}"
    assert find_people(rows_of_text(table)).said == "Leste HR-numrene i kolonnen «HR-nummer»."


def test_names_are_looked_up_some_at_a_time(two, django_assert_num_queries):
    text = "\n".join(f"Ukjent Nummer{'abcdefghij'[n % 10]}{'klmno'[n // 10]}" for n in range(50))
    with django_assert_num_queries(2):
        assert len(find_people(rows_of_text(text)).lines) == 50


# ---- what the portal exports, it imports ---------------------------------------------------------


@pytest.fixture
def people(cast, seminar):
    people = [cast.leader, cast.employee, cast.manager]
    for person in people:
        make_registration(seminar, person)
    return {person.email for person in people}


def as_csv(xlsx):
    rows = list(openpyxl.load_workbook(io.BytesIO(xlsx)).active.iter_rows(values_only=True))
    return csv_text(rows[0], rows[1:]).encode()


@pytest.mark.parametrize("saved_as", [bytes, as_csv], ids=["XLSX", "CSV"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_list_of_participants_goes_into_another_seminar(
    cast, seminar, people, desk, organiser, saved_as, language
):
    organiser.language = language
    organiser.save()
    content = desk.get(reverse("seminars:participants_xlsx", args=[seminar.pk])).content
    other = make_seminar(cast.agency, created_by=organiser)
    response = upload(desk, other, saved_as(content))
    lines = response.context["lines"]
    assert {line.person.email for line in lines if not line.problem} == people
    assert len(lines) == len(people)
    url = reverse("seminars:register_list", args=[other.pk])
    desk.post(url, {"lines": response.context["addresses"], "confirmed": "1"})
    assert set(other.registrations.values_list("user__email", flat=True)) == people


def test_the_list_of_participants_pasted_is_an_audience(seminar, people, desk):
    content = desk.get(reverse("seminars:participants_xlsx", args=[seminar.pk])).content
    pasted = "\n".join(row.text for row in rows_of_file(content))
    desk.post(reverse("seminars:add_audience", args=[seminar.pk, "listed"]), {"people": pasted})
    audience = seminar.audiences.get()
    assert set(audience.people.values_list("email", flat=True)) == people
    page = desk.get(reverse("seminars:change_audience", args=[seminar.pk, audience.pk]))
    written = page.context["form"].initial["people"]
    assert {line.person.email for line in find_people(rows_of_text(written)).lines} == people


def test_the_table_of_invited_copied_from_the_page_is_a_list(two, seminar, desk):
    """It has no addresses: names, each with the agency and the answer."""
    copied = "Navn\tVirksomhet\tSvar\nTuva Dahl\tOslo\tIkke svart\nJonas Moen\tOslo\tPåmeldt"
    assert found(rows_of_text(copied)) == BOTH
