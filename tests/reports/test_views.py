"""The report's pages and files: the same figures everywhere, and nothing but figures."""

import csv
import datetime as dt
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from people.models import Level, Role
from reports.attendance_counting import count_attendance
from reports.words import COUNTED, DEFINITIONS
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_role, make_unit
from tests.reports.factories import held, invite, put, sign

BUDGET = 9
MARCH = {"period": "custom", "first": "2026-03-01", "last": "2026-03-31"}
DAY = dt.date(2026, 3, 10)
PARTICIPATION = reverse("reports:participation")
HEADINGS = [
    "Virksomhet",
    "Invitert",
    "Påmeldt",
    "Venter",
    "Fikk ikke plass",
    "Ikke ført",
    "Møtt",
    "Ledere",
    "Ledere nådd (%)",
    "Avtaler signert",
]


@pytest.fixture
def browser(cast: Cast, signed_in):
    make_role(cast.hr, Role.HR, cast.municipality)
    return signed_in(cast.hr)


FIRST_HALF = {"period": "custom", "first": "2026-01-01", "last": "2026-06-30"}


@pytest.fixture
def march(cast: Cast):
    """Two agencies: one with much, of whom six leaders and one other came; one with little."""
    seminar = held(cast, DAY, title="Tillitsbasert ledelse")
    invite(seminar, cast.unit)
    leaders = [
        make_leader(make_unit(f"Sone {n}", parent=cast.agency), f"Leder {n}") for n in range(10)
    ]
    for leader, outcome in zip(leaders, ["attended"] * 5 + ["no_show"] * 5, strict=True):
        put(seminar, cast.unit, user=leader, outcome=outcome)
    put(seminar, cast.unit, user=cast.leader, outcome="attended")
    put(seminar, cast.unit, outcome="excused")
    put(seminar, cast.unit)
    put(seminar, cast.unit, state="waitlisted")
    for _ in range(2):
        put(seminar, cast.unit, state="unseated")
    put(seminar, cast.other_unit, outcome="attended")
    for _ in range(5):
        sign(cast.unit, cast.leader, DAY)
    count_attendance(today=dt.date(2026, 7, 20))
    return seminar


ROWS = [
    ["Bydel Fjordbyen", 1, 13, 1, 2, 1, "minst 6", 12, 50.0, 5],
    ["Etat for læring", 0, 1, 0, 0, 0, "for få", 0, "for få", "for få"],
    ["Sum", 1, 14, 1, 2, 1, "minst 6", 12, 50.0, "minst 5"],
]


def cells(html: str) -> list[list[str]]:
    """The rows of the page's table as a reader sees them."""
    from html.parser import HTMLParser

    class Table(HTMLParser):
        rows: list[list[str]] = []
        inside = False

        def handle_starttag(self, tag, attrs):
            if tag == "tr":
                self.rows.append([])
            self.inside = self.inside or tag in ("td", "th")
            if tag in ("td", "th"):
                self.rows[-1].append("")

        def handle_endtag(self, tag):
            if tag in ("td", "th"):
                self.inside = False

        def handle_data(self, data):
            if self.inside:
                self.rows[-1][-1] += data.strip()

    table = Table()
    table.rows = []
    table.feed(html[html.index("<tbody") : html.index("</tbody>")])
    return table.rows


def test_the_page_shows_every_figure(browser, march) -> None:
    response = browser.get(PARTICIPATION, FIRST_HALF)
    assert response.status_code == 200
    assert cells(response.content.decode()) == [
        ["Bydel Fjordbyen", "1", "13", "1", "2", "1", "minst 6", "50\xa0%", "5"],
        ["Etat for læring", "0", "1", "0", "0", "0", "for få", "for få", "for få"],
        ["Sum", "1", "14", "1", "2", "1", "minst 6", "50\xa0%", "minst 5"],
    ]


def test_a_period_that_holds_no_whole_half_year_tells_of_no_attendance(browser, march) -> None:
    rows = cells(browser.get(PARTICIPATION, MARCH).content.decode())
    assert [row[6:8] for row in rows] == [["–", "–"]] * 3


def test_the_workbook_has_the_figures_of_the_page(browser, march) -> None:
    response = browser.get(reverse("reports:participation_xlsx"), FIRST_HALF)
    assert response["Content-Disposition"] == (
        'attachment; filename="deltakelse-2026-01-01-2026-06-30.xlsx"'
    )
    sheet = load_workbook(io.BytesIO(response.content)).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert (sheet.title, found) == ("Deltakelse", [HEADINGS, *ROWS])


def test_the_csv_has_the_figures_of_the_page(browser, march) -> None:
    response = browser.get(reverse("reports:participation_csv"), FIRST_HALF)
    assert response.content.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert found == [HEADINGS, *[[str(cell).replace(".", ",") for cell in row] for row in ROWS]]


def test_a_name_that_looks_like_a_formula_is_not_run(browser, cast: Cast, march) -> None:
    cast.agency.name = "=HYPERLINK(1)"
    cast.agency.save()
    csv_file = browser.get(reverse("reports:participation_csv"), MARCH).content.decode()
    assert "'=HYPERLINK(1)" in csv_file
    xlsx = browser.get(reverse("reports:participation_xlsx"), MARCH).content
    names = [row[0] for row in load_workbook(io.BytesIO(xlsx)).active.iter_rows()]
    assert [(c.value, c.data_type) for c in names if "HYPER" in c.value] == [("=HYPERLINK(1)", "s")]


def test_nothing_of_an_agreement_but_counts_is_in_any_answer(browser, cast: Cast, march) -> None:
    urls = [
        PARTICIPATION,
        reverse("reports:participation_csv"),
        reverse("reports:agency", args=[cast.agency.pk]),
        reverse("reports:seminar", args=[march.pk]),
    ]
    for url in urls:
        html = browser.get(url, MARCH).content.decode()
        found = [
            word for word in ("Hemmelig forpliktelse", "Medarbeider ", "Leder 1") if word in html
        ]
        assert found == []


def test_without_a_choice_the_period_is_this_year_so_far(browser) -> None:
    today = timezone.localdate()
    report = browser.get(PARTICIPATION).context["report"]
    assert (report.period.first, report.period.last) == (today.replace(month=1, day=1), today)


@pytest.mark.parametrize(
    ("typed", "messages"),
    [
        ({"first": "2026-03-31", "last": "2026-03-01"}, ["Siste dag kan ikke være før den første"]),
        ({"first": "", "last": "2026-03-01"}, ["Velg en dag."]),
        ({"first": "", "last": ""}, ["Velg en dag."]),
        ({"first": "1900-01-01", "last": "2026-03-01"}, ["Velg en dag etter år 2000."]),
        ({"first": "2026-01-01", "last": "2100-01-01"}, ["Velg en dag før år 2100."]),
        ({"first": "2026-01-01", "last": "9999-12-31"}, ["Skriv et årstall mellom"]),
        ({"first": "tull", "last": "2026-03-01"}, ["gyldig dato"]),
    ],
)
def test_wrong_dates_are_told_at_the_field_and_kept(browser, typed, messages) -> None:
    response = browser.get(PARTICIPATION, {"period": "custom", **typed})
    html = response.content.decode()
    assert (response.status_code, response.context["report"]) == (400, None)
    assert [message for message in messages if message not in html] == []
    assert [value for value in typed.values() if value and f'value="{value}"' not in html] == []


def test_an_unknown_period_is_an_error_and_no_crash(browser) -> None:
    assert browser.get(PARTICIPATION, {"period": "alltid"}).context["report"] is None


@pytest.mark.parametrize("name", ["participation_csv", "participation_xlsx"])
def test_a_file_for_wrong_dates_leads_back_to_the_dates(browser, name) -> None:
    wrong = {"period": "custom", "first": "2026-03-31", "last": "2026-03-01"}
    response = browser.get(reverse(f"reports:{name}"), wrong)
    assert response.url == f"{PARTICIPATION}?period=custom&first=2026-03-31&last=2026-03-01"
    assert browser.get(response.url).status_code == 400


def test_an_agency_shows_its_seminars_and_the_sum_of_its_row(browser, cast: Cast, march) -> None:
    response = browser.get(reverse("reports:agency", args=[cast.agency.pk]), MARCH)
    assert cells(response.content.decode()) == [
        ["Tillitsbasert ledelse", "10.03.2026", "1", "13", "1", "2", "1"],
        ["Sum i perioden", "1 seminar", "1", "13", "1", "2", "1"],
    ]


def test_an_agency_with_wrong_dates_shows_the_error(browser, cast: Cast) -> None:
    wrong = {"period": "custom", "first": "2026-03-31", "last": "2026-03-01"}
    response = browser.get(reverse("reports:agency", args=[cast.agency.pk]), wrong)
    assert response.status_code == 400
    assert "Siste dag kan ikke være før den første" in response.content.decode()


def test_an_agency_without_seminars_says_so(browser, cast: Cast) -> None:
    html = browser.get(reverse("reports:agency", args=[cast.agency.pk]), MARCH).content.decode()
    assert "Ingen seminarer i perioden" in html


def test_many_seminars_are_shown_page_by_page_with_the_whole_sum(browser, cast: Cast) -> None:
    for number in range(51):
        put(held(cast, DAY, title=f"Seminar {number}"), cast.unit)
    url = reverse("reports:agency", args=[cast.agency.pk])
    second = browser.get(url, {**MARCH, "page": "2"})
    rows = cells(second.content.decode())
    assert [len(rows), rows[-1][1], rows[-1][3]] == [2, "51 seminarer", "51"]


def test_a_seminar_shows_where_its_people_come_from(browser, march) -> None:
    response = browser.get(reverse("reports:seminar", args=[march.pk]))
    assert [row[:3] for row in cells(response.content.decode())] == [
        ["Bydel Fjordbyen", "1", "13"],
        ["Etat for læring", "0", "1"],
        ["Sum", "1", "14"],
    ]


def test_a_seminar_without_ones_own_people_says_so(cast: Cast, march, signed_in) -> None:
    make_role(cast.stranger, Role.HR, cast.sibling_unit)
    html = signed_in(cast.stranger).get(reverse("reports:seminar", args=[march.pk])).content
    assert "Ingen herfra er invitert eller påmeldt" in html.decode()


def test_hr_of_an_agency_sees_no_other_agency(cast: Cast, march, signed_in) -> None:
    browser = signed_in(cast.hr)
    html = browser.get(PARTICIPATION, MARCH).content.decode()
    assert ("Bydel Fjordbyen" in html, "Etat for læring" in html) == (True, False)
    assert cells(browser.get(reverse("reports:seminar", args=[march.pk])).content.decode())[0][
        :3
    ] == ["Bydel Fjordbyen", "1", "13"]
    other = reverse("reports:agency", args=[cast.other_agency.pk])
    assert browser.get(other, MARCH).status_code == 404


def test_a_unit_that_is_no_agency_has_no_page(browser, cast: Cast) -> None:
    assert browser.get(reverse("reports:agency", args=[cast.unit.pk])).status_code == 404


def test_hr_without_any_agency_is_told_so(cast: Cast, signed_in) -> None:
    lone = make_unit("Rådmannens stab", parent=None)
    user = make_employee(cast.unit, "Hege Holm")
    make_role(user, Role.HR, make_unit("Stab", parent=lone, level=Level.UNIT))
    assert "Ingen virksomheter å vise" in signed_in(user).get(PARTICIPATION).content.decode()


def test_each_figure_leads_to_its_definition(browser, march) -> None:
    html = browser.get(PARTICIPATION, MARCH).content.decode()
    keys = [
        "invited",
        "registered",
        "waiting",
        "unseated",
        "not_recorded",
        "attended",
        "reach",
        "agreements",
    ]
    assert [k for k in keys if f'href="#def-{k}"' not in html or f'id="def-{k}"' not in html] == []


@pytest.fixture
def large(cast: Cast):
    for number in range(BUDGET + 3):
        agency = make_unit(f"Etat {number}", parent=cast.municipality)
        leader = make_leader(agency, f"Leder {number}")
        seminar = held(cast, DAY, title=f"Seminar {number}")
        put(seminar, agency, outcome="attended")
        put(seminar, cast.unit)
        invite(seminar, agency)
        sign(agency, leader, DAY)
    return seminar


@pytest.mark.parametrize(
    "name", ["participation", "participation_csv", "participation_xlsx", "agency", "seminar"]
)
def test_each_page_keeps_its_query_budget(
    browser, cast: Cast, large, name, django_assert_max_num_queries
) -> None:
    args = {"agency": [cast.agency.pk], "seminar": [large.pk]}.get(name, [])
    browser.get(reverse("home"))
    with django_assert_max_num_queries(BUDGET):
        assert browser.get(reverse(f"reports:{name}", args=args), MARCH).status_code == 200


@pytest.mark.parametrize("name", ["participation", "agency", "seminar"])
def test_every_figure_is_in_the_table_and_a_phone_folds_all_but_the_foremost(
    browser, cast: Cast, march, name: str
) -> None:
    args = {"participation": [], "agency": [cast.agency.pk], "seminar": [march.pk]}[name]
    page = browser.get(reverse(f"reports:{name}", args=args), FIRST_HALF).content.decode()
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    shown = re.findall(r'lp-number" data-label="(.*?)"', body)
    folded = re.findall(r'lp-number lp-report__more" data-label="(.*?)"', body)
    foremost = {"Påmeldt", "Møtt"} if name == "participation" else {"Påmeldt"}
    assert set(shown) == foremost
    assert set(shown) | set(folded) == {
        str(one.label) for one in (DEFINITIONS if name == "participation" else COUNTED)
    }
    assert page.count('id="alle-tall"') == 1


def test_nothing_is_folded_on_paper_nor_where_a_style_sheet_knows_no_has() -> None:
    css = (Path(settings.BASE_DIR) / "static" / "css" / "reports.css").read_text(encoding="utf-8")
    rules = [line.strip() for line in css.splitlines() if "lp-report__more" in line]
    (rule,) = rules
    assert rule.startswith(".lp-report-fold:not(:has(")
    before = css[: css.index(rule)]
    assert before.rpartition("@media ")[2].startswith("screen and (max-width: 48rem)")


def test_figures_of_half_years_say_which_they_are_about(browser, march):
    count_attendance(today=dt.date(2026, 8, 1))
    content = browser.get(PARTICIPATION, FIRST_HALF | {"last": "2026-09-30"}).content.decode()
    assert content.count('class="lp-figure__about">1. januar 2026 – 30. juni 2026<') == 3


def test_days_typed_and_not_chosen_are_told_of(browser):
    typed = {"period": "year", "first": "2026-03-01", "last": "2026-03-31"}
    assert "Datoene du skrev, er ikke brukt." in browser.get(PARTICIPATION, typed).content.decode()
    assert "er ikke brukt" not in browser.get(PARTICIPATION, MARCH).content.decode()
    assert "er ikke brukt" not in browser.get(PARTICIPATION).content.decode()


def test_an_agency_is_found_among_many_and_the_sum_is_of_all(browser, march, cast):
    shown = browser.get(PARTICIPATION, MARCH | {"q": cast.agency.name[2:8].upper()})
    assert [row.agency for row in shown.context["rows"]] == [cast.agency]
    content = shown.content.decode()
    assert "Sum av alle" in content
    assert '<input type="hidden" name="first" value="2026-03-01">' in content
    assert "q=" not in content.split("Last ned Excel")[0].rsplit("href=", 1)[1]
    nothing = browser.get(PARTICIPATION, MARCH | {"q": "Xyz"}).content.decode()
    assert "Ingen virksomhet har dette i navnet." in nothing
