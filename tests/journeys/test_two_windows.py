"""Two have the same seminar open, and the one who saves last is told of the other's words."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import Role, User
from tests.cast import Cast
from tests.factories import make_role
from tests.journeys.steps import follow
from tests.seminars.factories import make_seminar


def test_two_organisers_edit_the_same_seminar(
    cast: Cast,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a seminar that two organisers have open
    seminar = make_seminar(cast.other_agency, title="Tillit i praksis", created_by=cast.organiser)
    make_role(cast.hr, Role.ORGANISER, cast.other_agency)
    theirs, mine = browser_of(cast.hr), browser_of(cast.organiser)
    for window in (theirs, mine):
        window.goto(f"/seminarer/{seminar.pk}/rediger/")

    # when both write, and the first has saved
    theirs.get_by_label("Tittel", exact=False).first.fill("Tillit hver dag")
    follow(theirs.get_by_role("button", name="Legg til en kursholder"))
    theirs.get_by_label("Navn", exact=False).last.fill("Siri Taler")
    follow(theirs.get_by_role("button", name="Lagre endringene"))
    mine.get_by_label("Tittel", exact=False).first.fill("Tillit nedenfra")
    follow(mine.get_by_role("button", name="Lagre endringene"))

    # then the second is told who saved what, and what was typed is still there
    told = mine.get_by_role("alert")
    expect(told).to_contain_text("Hanne Ruud lagret noe annet mens du skrev")
    expect(told).to_contain_text("Tillit hver dag")
    expect(told).to_contain_text("Siri Taler")
    expect(mine.get_by_label("Tittel", exact=False).first).to_have_value("Tillit nedenfra")
    has_no_barriers(mine)
    seminar.refresh_from_db()
    assert seminar.title == "Tillit hver dag"

    # and takes the other's speaker along, and saves knowingly
    follow(mine.get_by_role("button", name="Legg til en kursholder"))
    mine.get_by_label("Navn", exact=False).last.fill("Siri Taler")
    follow(mine.get_by_role("button", name="Lagre endringene"))
    seminar.refresh_from_db()
    assert seminar.title == "Tillit nedenfra"
    assert list(seminar.speakers.values_list("name", flat=True)) == ["Siri Taler"]
