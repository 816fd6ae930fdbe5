"""Texts that were stored before the door was shut to them go out in files that others can read."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
import vobject
from icalendar import Calendar

from common.spreadsheet import LONGEST_CELL, csv_text
from common.text import exportable, private_characters
from seminars.calendar_feed import feed as calendar_feed_feed
from seminars.calendar_feed.actions import open_calendar_feed
from tests.corpora import texts
from tests.seminars.factories import make_registration, make_seminar
from tests.spreadsheets import workbook

pytestmark = pytest.mark.no_cover

STORABLE = {
    **texts.VISIBLE,
    **{name: pasted for name, (pasted, _kept) in texts.CLEANED.items()},
    **texts.PRIVATE,
}
STORABLE = {
    name: text for name, text in STORABLE.items() if "\x00" not in text and "\ud800" not in text
}
"""All of the corpus that PostgreSQL takes."""


def in_one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("text", STORABLE.values(), ids=STORABLE)
def test_calendar_of_any_stored_text_is_read_by_two_parsers(cast, leader, now, text):
    words = {"title": text[:120], "place_name": text[:120], "summary": text}
    seminar = make_seminar(cast.agency, created_by=cast.organiser, **words)
    make_registration(seminar, leader)
    token = open_calendar_feed(by=leader, now=now)
    body = calendar_feed_feed.read_feed(token, now=now).body.decode()
    (one,) = Calendar.from_ical(body).walk("VEVENT")
    other = vobject.readOne(body).vevent
    wanted = in_one_line(exportable(text[:120]))
    assert in_one_line(str(one["SUMMARY"])) == wanted
    assert in_one_line(other.summary.value) == wanted
    assert private_characters(body) == []


@pytest.mark.parametrize("text", STORABLE.values(), ids=STORABLE)
def test_workbook_of_any_stored_text_opens_and_says_it(text):
    content = workbook("Deltakere", ["Navn", text], [[text, 1]])
    (first, second) = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    assert [first[1] or "", second[0] or ""] == [exportable(text)] * 2


@pytest.mark.parametrize("text", STORABLE.values(), ids=STORABLE)
def test_csv_of_any_stored_text_is_read_back(text):
    written = csv_text(["Navn"], [[text]]).removeprefix("\ufeff")
    (_heading, (cell,)) = csv.reader(io.StringIO(written, newline=""), delimiter=";")
    assert cell.removeprefix("'") == exportable(text)


def test_text_longer_than_a_cell_is_cut_where_it_can_be_seen():
    content = workbook("Deltakere", ["Navn"], [["a" * 40_000]])
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value
    assert cell == "a" * (LONGEST_CELL - 1) + "…"
