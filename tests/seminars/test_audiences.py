"""The organiser says whom a seminar is for: the page, its counts, and what it changes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from common.dates import OSLO
from people.models import AuditRecord, User
from seminars.audience_size import people_reached, people_reached_by_each
from seminars.audiences.actions import remove_audience, write_audience
from seminars.editing.copy_actions import copy_seminar
from seminars.eligibility import welcome_of
from seminars.models import Audience
from seminars.refusals import NotChangeable
from seminars.seminar_content import AudienceContent
from tests.editing import seen_on
from tests.factories import make_employee, make_leader, make_user
from tests.seminars.factories import make_participants, make_registration, make_seminar


@pytest.fixture
def desk(signed_in, organiser):
    return signed_in(organiser)


def url(name, *args):
    return reverse(f"seminars:{name}", args=args)


def add(desk, seminar, kind, **data):
    return desk.post(url("add_audience", seminar.pk, kind), data)


def errors(response):
    return response.context["form"].errors


# ---- the page ------------------------------------------------------------------------------------


def test_leaders_of_a_level_are_added_with_their_own_opening(cast, seminar, desk):
    data = {"levels": ["name:avdeling", "depth:2"], "opens_at": "2026-11-02T08:00"}
    response = add(desk, seminar, "leaders", **data)
    assert response["Location"] == url("audiences", seminar.pk)
    row = seminar.audiences.get()
    assert (row.kind, row.levels) == ("leaders", ["depth:2", "name:avdeling"])
    assert row.opens_at == dt.datetime(2026, 11, 2, 8, tzinfo=OSLO)


def test_agencies_are_added(cast, seminar, desk):
    add(desk, seminar, "agencies", agencies=[cast.agency.pk])
    assert list(seminar.audiences.get().agencies.all()) == [cast.agency]


def test_people_are_added_by_address_or_number_each_once(cast, seminar, desk):
    typed = f"LEADER@example.org\n{cast.employee.hr_id};Even\n\nleader@example.org"
    add(desk, seminar, "listed", people=typed)
    assert set(seminar.audiences.get().people.all()) == {cast.leader, cast.employee}


def test_day_of_leading_is_added(seminar, desk):
    add(desk, seminar, "led_on", led_on="2026-01-01", levels=["name:enhet"])
    row = seminar.audiences.get()
    assert (row.led_on, row.levels) == (dt.date(2026, 1, 1), ["name:enhet"])


def test_change_shows_what_was_written_and_keeps_what_is_sent(cast, seminar, desk):
    row = seminar.audiences.create(kind="listed")
    row.people.add(cast.leader)
    page = desk.get(url("change_audience", seminar.pk, row.pk))
    assert page.context["form"].initial["people"] == "leader@example.org"
    where = url("change_audience", seminar.pk, row.pk)
    desk.post(where, {"people": "stranger@example.org"} | seen_on(desk, where))
    assert list(row.people.all()) == [cast.stranger]
    assert AuditRecord.objects.get().action == "seminars.change_audience"


def test_level_and_agency_that_are_no_more_stay_chosen(cast, seminar, desk, today):
    old = seminar.audiences.create(kind="leaders", levels=["name:rode"])
    form = desk.get(url("change_audience", seminar.pk, old.pk)).context["form"]
    assert ("name:rode", "rode") in form.fields["levels"].choices
    cast.other_agency.valid_to = today - dt.timedelta(days=1)
    cast.other_agency.save()
    row = seminar.audiences.create(kind="agencies")
    row.agencies.add(cast.other_agency)
    form = desk.get(url("change_audience", seminar.pk, row.pk)).context["form"]
    assert set(form.fields["agencies"].queryset) == {cast.agency, cast.other_agency}


def test_removal_tells_what_follows_and_is_done_by_post(seminar, desk):
    row = seminar.audiences.create(kind="leaders")
    where = url("remove_audience", seminar.pk, row.pk)
    assert "åpent for alle ansatte" in desk.get(where).content.decode()
    assert seminar.audiences.count() == 1
    assert desk.post(where)["Location"] == url("audiences", seminar.pk)
    assert seminar.audiences.count() == 0
    seminar.audiences.create(kind="leaders")
    other = seminar.audiences.create(kind="everyone")
    words = desk.get(url("remove_audience", seminar.pk, other.pk)).content.decode()
    assert "kan ikke melde seg på lenger" in words


def test_seminar_page_says_for_whom_and_from_when(cast, seminar, signed_in, leader, now):
    seminar.audiences.create(kind="leaders", opens_at=now + dt.timedelta(days=2))
    page = signed_in(leader).get(url("detail", seminar.pk))
    (line,) = page.context["terms"]
    assert line.startswith("Ledere, fra ")
    assert line in page.content.decode()
    assert "Påmeldingen åpner" in page.content.decode()


# ---- bad input -----------------------------------------------------------------------------------


def test_nothing_chosen_is_said_at_the_field(seminar, desk):
    assert errors(add(desk, seminar, "agencies")) == {"agencies": ["Velg minst én virksomhet."]}
    assert list(errors(add(desk, seminar, "listed"))) == ["people"]
    assert list(errors(add(desk, seminar, "led_on"))) == ["led_on"]
    assert errors(add(desk, seminar, "listed", people=" ; \n")) == {
        "people": ["Skriv minst én person."]
    }
    assert Audience.objects.count() == 0


def test_unknown_people_are_named_and_what_was_typed_is_kept(seminar, desk):
    typed = "leader@example.org\n" + "\n".join(f"x{n}@example.org" for n in range(7))
    response = add(desk, seminar, "listed", people=typed)
    assert errors(response)["people"] == [
        *(f"Linje {n + 2}, «x{n}@example.org»: Ingen ansatt har denne adressen." for n in range(5)),
        "2 linjer til ble ikke funnet.",
    ]
    assert "x6@example.org" in response.content.decode()


def test_list_may_not_be_endless(seminar, desk):
    typed = "\n".join(f"x{n}@example.org" for n in range(1_001))
    assert errors(add(desk, seminar, "listed", people=typed)) == {
        "people": ["Listen kan ha høyst 1000 personer."]
    }


def test_opening_after_the_closing_date_is_refused(seminar, desk):
    late = seminar.registration_closes_at.astimezone(OSLO).strftime("%Y-%m-%dT%H:%M")
    late = (dt.datetime.fromisoformat(late) + dt.timedelta(minutes=1)).isoformat("T", "minutes")
    assert errors(add(desk, seminar, "everyone", opens_at=late)) == {
        "opens_at": ["Velg et tidspunkt før påmeldingsfristen."]
    }


def test_day_to_come_is_refused(seminar, desk, today):
    day = today + dt.timedelta(days=1)
    assert errors(add(desk, seminar, "led_on", led_on=day.isoformat())) == {
        "led_on": ["Velg en dag som har vært, eller dagen i dag."]
    }


def test_level_that_does_not_exist_is_refused(seminar, desk):
    assert list(errors(add(desk, seminar, "leaders", levels=["depth:x"]))) == ["levels"]


def test_kind_that_does_not_exist_is_no_page(seminar, desk):
    assert desk.get(url("add_audience", seminar.pk, "friends")).status_code == 404


@pytest.mark.parametrize("state", ["cancelled", "begun"])
def test_nothing_is_changed_when_it_is_too_late(cast, desk, now, state):
    begun = {"starts_at": now - dt.timedelta(hours=1)} if state == "begun" else {"state": state}
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, **begun)
    row = seminar.audiences.create(kind="leaders")
    assert "kan ikke endres" in str(errors(add(desk, seminar, "everyone")))
    response = desk.post(url("remove_audience", seminar.pk, row.pk), follow=True)
    assert "kan ikke endres" in response.content.decode()
    assert list(seminar.audiences.all()) == [row]
    page = desk.get(url("audiences", seminar.pk))
    assert url("change_audience", seminar.pk, row.pk) not in page.content.decode()


# ---- the actions ---------------------------------------------------------------------------------


def test_sent_twice_it_adds_one(cast, seminar, now):
    content = AudienceContent(kind="agencies", agencies=[cast.agency])
    rows = [
        write_audience(seminar=seminar, content=content, by=cast.organiser, now=now)
        for _press in range(2)
    ]
    assert rows[0] == rows[1]
    assert AuditRecord.objects.count() == seminar.audiences.count() == 1
    other = AudienceContent(kind="agencies", agencies=[cast.other_agency])
    write_audience(seminar=seminar, content=other, by=cast.organiser, now=now)
    assert seminar.audiences.count() == 2


def test_audience_that_another_removed_is_not_changed(cast, seminar, now):
    row = seminar.audiences.create(kind="leaders")
    for _press in range(2):
        remove_audience(audience=row, by=cast.organiser, now=now)
    content = AudienceContent(kind="leaders", levels=["name:enhet"])
    with pytest.raises(NotChangeable, match="fjernet av en annen"):
        write_audience(seminar=seminar, content=content, by=cast.organiser, now=now, audience=row)
    assert AuditRecord.objects.get().action == "seminars.remove_audience"


def test_trail_holds_numbers_and_no_names(cast, seminar, now):
    opens = now + dt.timedelta(days=1)
    content = AudienceContent(kind="listed", people=[cast.leader, cast.employee], opens_at=opens)
    row = write_audience(seminar=seminar, content=content, by=cast.organiser, now=now)
    record = AuditRecord.objects.get()
    assert (record.object_type, record.object_id) == ("seminars.seminar", str(seminar.pk))
    assert record.details == {
        "audience": row.pk, "kind": "listed", "levels": [], "agencies": [], "people": 2,
        "led_on": None, "opens_at": opens.isoformat(),
    }  # fmt: skip


def test_who_is_in_stays_in_when_the_audience_closes(cast, seminar, now):
    row = make_registration(seminar, cast.employee)
    content = AudienceContent(kind="leaders")
    write_audience(seminar=seminar, content=content, by=cast.organiser, now=now)
    row.refresh_from_db()
    assert row.state == "registered"


def test_copy_takes_levels_and_moves_the_opening(cast, seminar, now):
    opens = seminar.starts_at - dt.timedelta(days=14)
    seminar.audiences.create(kind="leaders", levels=["depth:1"], opens_at=opens)
    day = timezone.localdate(seminar.starts_at) + dt.timedelta(days=30)
    copy = copy_seminar(seminar=seminar, starts_on=day, by=cast.organiser, now=now)
    taken = copy.audiences.get()
    assert (taken.kind, taken.levels) == ("leaders", ["depth:1"])
    shift = taken.opens_at.astimezone(OSLO).replace(tzinfo=None) - opens.astimezone(OSLO).replace(
        tzinfo=None
    )
    assert shift == dt.timedelta(days=30)


# ---- how many it is for --------------------------------------------------------------------------


def every_audience(cast, today):
    return [
        AudienceContent(kind="everyone"),
        AudienceContent(kind="leaders"),
        AudienceContent(kind="leaders", levels=["depth:1", "name:etat"]),
        AudienceContent(kind="agencies", agencies=[cast.agency]),
        AudienceContent(kind="listed", people=[cast.stranger, cast.hr]),
        AudienceContent(kind="led_on", led_on=today - dt.timedelta(days=3), levels=["depth:2"]),
    ]


@pytest.mark.parametrize("number", range(6))
def test_count_is_of_those_whom_the_door_lets_in(cast, seminar, now, today, number):
    """Counted as a set and asked of each one by one, it is the same people."""
    make_leader(cast.other_agency, "Anna Direktør")
    make_user("Har Sluttet")
    make_employee(cast.unit, "Kan Ikke Logge Inn", is_active=False)
    content = every_audience(cast, today)[number]
    write_audience(seminar=seminar, content=content, by=cast.organiser, now=now)
    works_here = User.objects.filter(is_active=True, positions__isnull=False).distinct()
    let_in = [one for one in works_here if welcome_of(seminar, one, on=today).is_welcome]
    assert people_reached(content, on=today) == len(let_in) > 0


def test_those_of_several_audiences_are_counted_once(cast, today):
    rows = every_audience(cast, today)
    each, together = people_reached_by_each(rows[1:], on=today)
    assert each == [people_reached(one, on=today) for one in rows[1:]] == [2, 1, 5, 2, 1]
    assert together == 6
    assert people_reached_by_each([], on=today) == ([], people_reached(rows[0], on=today))


def test_preview_counts_and_saves_nothing(cast, seminar, desk):
    response = add(desk, seminar, "agencies", agencies=[cast.agency.pk], preview="1")
    assert response.context["reached"] == 5
    assert "Gjelder 5 personer" in response.content.decode()
    assert seminar.audiences.count() == 0


def test_list_page_counts_each_and_all(cast, seminar, desk):
    empty = desk.get(url("audiences", seminar.pk))
    assert "åpent for alle ansatte, 8 personer" in empty.content.decode()
    seminar.audiences.create(kind="leaders")
    seminar.audiences.create(kind="led_on", led_on=dt.date(2026, 1, 1))
    page = desk.get(url("audiences", seminar.pk))
    assert [count for _row, _words, count in page.context["audiences"]] == [2, 2]
    assert page.context["together"] == 2


@pytest.mark.parametrize("name", ["audiences", "detail"])
def test_pages_ask_as_much_whatever_the_number(
    cast, seminar, desk, django_assert_max_num_queries, name
):
    people = [row.user for row in make_participants(seminar, cast.unit, 15)]
    for _number in range(15):
        row = seminar.audiences.create(kind="listed")
        row.people.set(people)
        other = seminar.audiences.create(kind="agencies")
        other.agencies.set([cast.agency, cast.other_agency])
    desk.get(url(name, seminar.pk))
    with django_assert_max_num_queries({"audiences": 9, "detail": 17}[name]):
        desk.get(url(name, seminar.pk))
