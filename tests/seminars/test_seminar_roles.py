"""People who help with one seminar: what they may, how they come to it, and how it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.dates import OSLO
from outbox.models import Letter
from people.affiliation import affiliation_of
from people.models import MISSING_FOR, AuditRecord, Position, User
from seminars import rules
from seminars.editing.actions import change_seminar, discard_draft
from seminars.models import Seminar, SeminarRole, SeminarRoleGrant, SeminarState
from seminars.models.seminar_role import HELD_AFTER_THE_END, last_day_of_roles
from seminars.organisers import arrangers_of, organisers_of
from seminars.page_queries import seminar_for
from seminars.participants.departure_actions import withdraw_departed
from seminars.participants.seat_news_actions import tell_of_seats
from seminars.refusals import IsDone, NotChangeable
from seminars.retention.actions import erase_seminars
from seminars.seminar_content import SeminarContent
from seminars.seminar_roles.actions import NotTheirs, end_seminar_role, give_seminar_role
from tests.access import Row, attendance, seminars
from tests.cast import Cast
from tests.factories import make_employee, make_role, make_user
from tests.seminars.factories import make_participants, make_seminar, make_seminar_role
from tests.test_access_matrix import ask, outcome

SignIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)
CO, HOST = SeminarRole.CO_ORGANISER, SeminarRole.HOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, title="Et annet")


@pytest.fixture
def draft(cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, state=SeminarState.DRAFT)


# Who organises it, by every way that it is asked


def ways(user: User, seminar: Seminar, now: dt.datetime) -> set[bool]:
    """Each of the ways that code asks whether the person organises the seminar."""
    today = timezone.localdate(now)
    of_page = Seminar.objects.with_roles_of(user, on=today).get(pk=seminar.pk)
    compiled = seminar_for(user, seminar.pk, now)
    own = Seminar.objects.organised_by(user, on=today)
    return {
        rules.organises(user, seminar, today),
        rules.organises_shown(of_page),
        rules.organises_shown(compiled),
        seminar in own,
        user in organisers_of(seminar, today),
    }


def test_a_co_organiser_organises_the_one_seminar(
    cast: Cast, seminar: Seminar, other: Seminar, now: dt.datetime
) -> None:
    make_seminar_role(seminar, cast.stranger)
    assert ways(cast.stranger, seminar, now) == {True}
    assert ways(cast.stranger, other, now) == {False}
    assert ways(cast.organiser, seminar, now) == {True}
    assert ways(cast.leader, seminar, now) == {False}


def test_a_host_organises_nothing_and_is_host_of_the_one(
    cast: Cast, seminar: Seminar, other: Seminar, now: dt.datetime, today: dt.date
) -> None:
    make_seminar_role(seminar, cast.stranger, HOST)
    assert ways(cast.stranger, seminar, now) == {False}
    hosts = [
        (rules.is_host(person, one, today))
        for person in (cast.stranger, cast.organiser, cast.leader)
        for one in (seminar, other)
    ]
    assert hosts == [True, False, False, False, False, False]


def test_a_co_organiser_is_no_host(cast: Cast, seminar: Seminar, today: dt.date) -> None:
    make_seminar_role(seminar, cast.stranger)
    assert not rules.is_host(cast.stranger, seminar, today)


def test_what_has_ended_holds_no_more(
    cast: Cast, seminar: Seminar, now: dt.datetime, today: dt.date
) -> None:
    for person, role in ((cast.stranger, CO), (cast.hr, HOST)):
        make_seminar_role(seminar, person, role, ended_at=now, ended_by=cast.organiser)
    assert ways(cast.stranger, seminar, now) == {False}
    assert not rules.is_host(cast.hr, seminar, today)
    assert rules.CO_ORGANISER not in affiliation_of(cast.stranger, today).entrusted


@pytest.mark.parametrize("hour", [0, 23])
def test_it_ends_by_itself_some_days_after_the_seminar_by_the_day_in_oslo(
    cast: Cast, hour: int
) -> None:
    starts = dt.datetime(2026, 9, 30, hour, tzinfo=OSLO)
    held = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=starts, hours=0.5)
    make_seminar_role(held, cast.stranger)
    make_seminar_role(held, cast.hr, HOST)
    last = last_day_of_roles(held)
    assert last == dt.date(2026, 9, 30) + HELD_AFTER_THE_END
    for day, holds in ((last, True), (last + DAY, False)):
        at = dt.datetime.combine(day, dt.time(12), OSLO)
        assert ways(cast.stranger, held, at) == {holds}
        assert rules.is_host(cast.hr, held, day) is holds
        is_entrusted = rules.CO_ORGANISER in affiliation_of(cast.stranger, day).entrusted
        assert is_entrusted is holds


def test_a_draft_is_seen_by_those_who_help_with_it_and_by_no_others(
    cast: Cast, draft: Seminar, other: Seminar, now: dt.datetime, today: dt.date
) -> None:
    make_seminar_role(draft, cast.stranger)
    make_seminar_role(draft, cast.hr, HOST)
    make_seminar_role(draft, cast.leader, ended_at=now, ended_by=cast.organiser)
    make_seminar_role(other, cast.employee)
    seen = {
        kind: draft in Seminar.objects.visible_to(getattr(cast, kind), on=today)
        for kind in ("organiser", "stranger", "hr", "leader", "employee", "manager")
    }
    assert seen == {
        "organiser": True,
        "stranger": True,
        "hr": True,
        "leader": False,
        "employee": False,
        "manager": False,
    }


# Every address of the organiser's

ARRANGERS_ALONE = {
    *("seminars:cancel", "seminars:discard", "seminars:copy"),
    *("seminars:give_seminar_role", "seminars:end_seminar_role"),
}
"""What makes or unmakes a seminar, or lets others in: docs/adr/0035-roles-in-one-seminar.md."""


AT_THE_DOOR = {
    *("attendance:door", "attendance:doors", "attendance:scans", "attendance:undo"),
    *("attendance:give_seat", "attendance:screen", "attendance:screen_image"),
    *("attendance:door_list", "attendance:door_shell", "attendance:door_worker"),
    *("attendance:walk_in", "attendance:printing", "attendance:list_pdf"),
    *("attendance:session_list_pdf", "attendance:badges_pdf", "attendance:session_badges_pdf"),
}
"""What a host is there for."""


def rows_of_one_seminar(cast: Cast) -> list[Row]:
    rows = [*seminars.urls(cast), *attendance.urls(cast)]
    of_a_session = {"attendance:check_in"}
    named = [row for row in rows if row.args and row.name not in of_a_session]
    return [row for row in named if isinstance(row.args[0], int)]


def answers(row: Row, cast: Cast, role: str, seminar: Seminar) -> int | str:
    with transaction.atomic():
        make_seminar_role(seminar, cast.stranger, role)
        browser = Client()
        browser.force_login(cast.stranger)
        result = outcome(ask(row, browser))
        transaction.set_rollback(True)
    return result


def of_organiser(row: Row) -> int | str:
    """What the co-organiser gets, where the organiser gets what is written."""
    as_organiser = row.expected["organiser"]
    return 403 if row.name in ARRANGERS_ALONE else as_organiser


def test_a_co_organiser_gets_what_the_organiser_gets_at_the_very_seminar(cast: Cast) -> None:
    rows = rows_of_one_seminar(cast)
    found = [
        (row.name, row.method, answers(row, cast, CO, Seminar.objects.get(pk=row.args[0])))
        for row in rows
    ]
    assert found == [(row.name, row.method, of_organiser(row)) for row in rows]


@pytest.mark.parametrize("role", [CO, HOST])
def test_what_one_has_in_another_seminar_opens_nothing(cast: Cast, role: str) -> None:
    rows = rows_of_one_seminar(cast)
    elsewhere = make_seminar(cast.other_agency, created_by=cast.organiser)
    found = [(row.name, row.method, answers(row, cast, role, elsewhere)) for row in rows]
    assert found == [(row.name, row.method, row.expected["stranger"]) for row in rows]


def test_a_host_gets_what_everybody_gets_and_knows_of_the_seminar(cast: Cast) -> None:
    """Of participants, what they need and have answered, nothing."""
    rows = rows_of_one_seminar(cast)
    found = [
        (row.name, answers(row, cast, HOST, Seminar.objects.get(pk=row.args[0]))) for row in rows
    ]
    open_to_all = {"seminars:detail": 200, "seminars:register": 302}
    for (name, got), row in zip(found, rows, strict=True):
        plain = row.expected["stranger"]
        hidden = plain == 404 and got != 404
        if name == "seminars:seminar_roles":
            assert got == 200
            continue
        if name in AT_THE_DOOR:
            assert got == row.expected["organiser"]
            continue
        # What was hidden is refused, or is the page that everybody has of a published one.
        assert got == (open_to_all.get(name, 403) if hidden else plain), (name, row.args)


def test_the_overview_is_of_the_one_and_nothing_is_made_from_there(
    cast: Cast, seminar: Seminar, other: Seminar, signed_in: SignIn
) -> None:
    make_seminar_role(seminar, cast.stranger)
    browser = signed_in(cast.stranger)
    page = browser.get(reverse("seminars:organise"))
    assert list(page.context["page"]) == [seminar]
    assert reverse("seminars:create") not in page.content.decode()
    assert browser.get(reverse("seminars:create")).status_code == 403
    drafts = browser.get(reverse("seminars:organise"), {"vis": "utkast"})
    assert reverse("seminars:create") not in drafts.content.decode()


@pytest.mark.parametrize(("role", "is_shown"), [(CO, True), (HOST, False)])
def test_the_menu_leads_a_co_organiser_to_what_they_arrange(
    cast: Cast, seminar: Seminar, signed_in: SignIn, role: str, is_shown: bool
) -> None:
    make_seminar_role(seminar, cast.stranger, role)
    page = signed_in(cast.stranger).get(reverse("seminars:list")).content.decode()
    assert (reverse("seminars:organise") in page) is is_shown


def test_the_desk_has_what_a_co_organiser_may_and_no_more(
    cast: Cast, seminar: Seminar, draft: Seminar, signed_in: SignIn
) -> None:
    for one in (seminar, draft):
        make_seminar_role(one, cast.stranger)
    browser = signed_in(cast.stranger)
    for one, shown, hidden in (
        (seminar, ("edit", "participants", "seminar_roles"), ("cancel", "copy")),
        (draft, ("edit", "seminar_roles"), ("discard", "copy")),
    ):
        page = browser.get(reverse("seminars:detail", args=[one.pk])).content.decode()
        assert all(reverse(f"seminars:{name}", args=[one.pk]) in page for name in shown)
        assert not any(reverse(f"seminars:{name}", args=[one.pk]) in page for name in hidden)


def test_a_co_organiser_leaves_the_seminar_at_its_unit(
    cast: Cast, seminar: Seminar, signed_in: SignIn
) -> None:
    make_role(cast.stranger, "organiser", cast.agency)
    make_seminar_role(seminar, cast.stranger)
    page = signed_in(cast.stranger).get(reverse("seminars:edit", args=[seminar.pk]))
    units = page.context["editor"].form.fields["organiser_unit"].queryset
    assert list(units) == [cast.other_agency]


def test_a_co_organiser_changes_the_seminar_and_it_is_in_the_trail(
    cast: Cast, seminar: Seminar, now: dt.datetime
) -> None:
    make_seminar_role(seminar, cast.stranger)
    content = SeminarContent.of(seminar)
    change_seminar(seminar=seminar, content=content, by=cast.stranger, now=now)
    assert AuditRecord.objects.get(action="seminars.change").actor == cast.stranger


# Second factor


@pytest.mark.parametrize(("role", "is_asked"), [(CO, True), (HOST, False)])
def test_a_second_factor_is_asked_of_who_sees_what_is_others(
    cast: Cast, seminar: Seminar, signed_in: SignIn, settings: Any, role: str, is_asked: bool
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    make_seminar_role(seminar, cast.stranger, role)
    answer = signed_in(cast.stranger).get("/")
    expected = reverse("second_factor_needed") if is_asked else None
    assert answer.headers.get("Location") == expected


# Giving


def give(seminar: Seminar, user: User, by: User, role: SeminarRole = CO) -> SeminarRoleGrant:
    return give_seminar_role(seminar=seminar, user=user, role=role, by=by, now=timezone.now())


def letters_of(person: User) -> list[str]:
    return list(person.letters.order_by("pk").values_list("kind", flat=True))


def test_it_is_given_with_letters_and_a_record(
    cast: Cast, seminar: Seminar, now: dt.datetime
) -> None:
    grant = give(seminar, cast.stranger, cast.organiser)
    assert (grant.role, grant.given_by, grant.ended_at) == (CO, cast.organiser, None)
    assert letters_of(cast.stranger) == ["seminars.role_given"]
    assert letters_of(cast.organiser) == ["seminars.role_given_to_another"]
    record = AuditRecord.objects.get(action="seminars.give_role")
    assert (record.actor, record.object_id, record.details) == (
        cast.organiser,
        str(grant.pk),
        {"role": "co_organiser", "seminar": seminar.pk, "user": cast.stranger.pk},
    )


def test_all_who_arrange_there_are_told_where_nobody_made_it(cast: Cast) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.leader)
    second = make_employee(cast.other_agency, "Ola Arr")
    make_role(second, "organiser", cast.other_agency)
    make_seminar_role(seminar, cast.hr, given_by=second)
    give(seminar, cast.stranger, cast.organiser, HOST)
    assert letters_of(cast.organiser) == letters_of(second) == ["seminars.role_given_to_another"]
    assert letters_of(cast.hr) == []
    assert set(arrangers_of(seminar, timezone.localdate())) == {cast.organiser, second}


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_the_letters_say_what_one_may_and_until_when(cast: Cast) -> None:
    starts = dt.datetime(2050, 3, 1, 9, tzinfo=OSLO)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=starts)
    grant = give(seminar, cast.stranger, cast.organiser)
    given = cast.stranger.letters.get()
    assert given.subject == "Du er medarrangør for «Tillitsbasert ledelse»"
    assert "Du er medarrangør for dette ene seminaret, til og med 31. mars 2050." in given.text
    assert "Kan ikke avlyse, kopiere eller gi andre en oppgave." in " ".join(given.text.split())
    assert reverse("seminars:detail", args=[seminar.pk]) in given.text
    told = cast.organiser.letters.get()
    assert told.subject == "Sindre Foss er medarrangør for «Tillitsbasert ledelse»"
    assert "kan noen ha brukt nettleseren din" in " ".join(told.text.split())
    assert reverse("seminars:seminar_roles", args=[seminar.pk]) in told.text
    end_seminar_role(grant=grant, by=cast.organiser, now=timezone.now())
    ended = cast.stranger.letters.order_by("-pk").first()
    assert ended is not None
    assert ended.subject == "Du er ikke lenger medarrangør for «Tillitsbasert ledelse»"
    assert "Avsluttet av: Olav Aas" in ended.text


def test_a_letter_is_in_the_language_of_whom_it_is_to(cast: Cast, seminar: Seminar) -> None:
    cast.stranger.language = "en"
    cast.stranger.save(update_fields=["language"])
    give(seminar, cast.stranger, cast.organiser, HOST)
    assert cast.stranger.letters.get().subject == "You are host of “Tillitsbasert ledelse”"


@pytest.mark.parametrize("who", ["oneself", "without_address", "without_position", "organiser"])
def test_who_cannot_have_it_is_refused_and_nothing_is_written(
    cast: Cast, seminar: Seminar, who: str
) -> None:
    second = make_employee(cast.other_agency, "Ola Arr")
    make_role(second, "organiser", cast.other_agency)
    person, words = {
        "oneself": (cast.organiser, "Du kan ikke gi deg selv en oppgave"),
        "without_address": (make_employee(cast.unit, "Nils", email=None), "ingen e-postadresse"),
        "without_position": (make_user("Gerd Gjest"), "må ha en stilling"),
        "organiser": (second, "er arrangør her fra før"),
    }[who]
    with pytest.raises(NotTheirs, match=words):
        give(seminar, person, cast.organiser)
    assert not SeminarRoleGrant.objects.exists()
    assert not Letter.objects.exists()
    assert not AuditRecord.objects.filter(action="seminars.give_role").exists()


def test_an_organiser_can_be_host(cast: Cast, seminar: Seminar, today: dt.date) -> None:
    second = make_employee(cast.other_agency, "Ola Arr")
    make_role(second, "organiser", cast.other_agency)
    give(seminar, second, cast.organiser, HOST)
    assert rules.is_host(second, seminar, today)


def test_one_has_one_role_at_a_time_and_may_get_another_after(cast: Cast, seminar: Seminar) -> None:
    first = give(seminar, cast.stranger, cast.organiser, HOST)
    with pytest.raises(NotTheirs, match="Sindre Foss er allerede vert her"):
        give(seminar, cast.stranger, cast.organiser)
    end_seminar_role(grant=first, by=cast.organiser, now=timezone.now())
    give(seminar, cast.stranger, cast.organiser)
    roles = seminar.role_grants.order_by("pk").values_list("role", "ended_by")
    assert list(roles) == [("host", cast.organiser.pk), ("co_organiser", None)]


def test_nobody_new_helps_with_what_is_over_cancelled_or_gone(
    cast: Cast, draft: Seminar, now: dt.datetime
) -> None:
    over = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=now - DAY)
    called_off = make_seminar(
        cast.other_agency, created_by=cast.organiser, state=SeminarState.CANCELLED
    )
    gone = Seminar.objects.get(pk=draft.pk)
    discard_draft(seminar=draft, by=cast.organiser)
    for one, words in ((over, "er over"), (called_off, "er avlyst"), (gone, "er forkastet")):
        with pytest.raises(NotChangeable, match=words):
            give(one, cast.stranger, cast.organiser)
    assert not SeminarRoleGrant.objects.exists()


def typed(person: User | str, role: str = CO) -> dict[str, Any]:
    words = person if isinstance(person, str) else str(person.email)
    return {"person": words, "role": role}


def test_the_page_gives_it_and_lists_it(cast: Cast, seminar: Seminar, confirmed: SignIn) -> None:
    browser = confirmed(cast.organiser)
    address = reverse("seminars:give_seminar_role", args=[seminar.pk])
    answer = browser.post(address, typed(cast.stranger), follow=True)
    page = answer.content.decode()
    assert "Sindre Foss er nå medarrangør, og får brev om det." in page
    assert cast.stranger.email in page
    again = browser.post(address, typed(cast.stranger, HOST))
    assert "er allerede medarrangør her" in str(again.context["form"].errors["person"])
    assert again.context["form"]["role"].value() == HOST


@pytest.mark.parametrize("role", ["", "owner", "co_organiser\x00"])
def test_a_role_that_is_none_is_refused_at_its_field(
    cast: Cast, seminar: Seminar, confirmed: SignIn, role: str
) -> None:
    address = reverse("seminars:give_seminar_role", args=[seminar.pk])
    answer = confirmed(cast.organiser).post(address, typed(cast.stranger, role))
    assert list(answer.context["form"].errors) == ["role"]
    assert not SeminarRoleGrant.objects.exists()


def test_namesakes_are_told_apart_before_one_is_chosen(
    cast: Cast, seminar: Seminar, confirmed: SignIn
) -> None:
    one, two = (make_employee(cast.other_unit, "Kim Berg") for _ in range(2))
    browser = confirmed(cast.organiser)
    address = reverse("seminars:give_seminar_role", args=[seminar.pk])
    page = browser.post(address, typed("Kim Berg"))
    assert "Velg hvem du mener" in str(page.context["form"].errors["person"])
    assert all(str(person.email) in page.content.decode() for person in (one, two))
    chosen = {"person-id": two.pk, "person-for": "Kim Berg", **typed("Kim Berg")}
    assert browser.post(address, chosen).status_code == 302
    assert seminar.role_grants.get().user == two


def test_what_was_typed_stands_when_the_seminar_was_cancelled_meanwhile(
    cast: Cast, seminar: Seminar, confirmed: SignIn
) -> None:
    browser = confirmed(cast.organiser)
    address = reverse("seminars:give_seminar_role", args=[seminar.pk])
    Seminar.objects.filter(pk=seminar.pk).update(
        state=SeminarState.CANCELLED, cancelled_at=timezone.now(), cancel_reason="Syk"
    )
    answer = browser.post(address, typed(cast.stranger))
    assert "er avlyst" in str(answer.context["form"].errors)
    assert answer.context["form"].typed_person("person").words == cast.stranger.email


def test_who_helps_gives_nothing_further(cast: Cast, seminar: Seminar, confirmed: SignIn) -> None:
    """Not to another, and not to themselves."""
    own = make_seminar_role(seminar, cast.stranger)
    browser = confirmed(cast.stranger)
    address = reverse("seminars:give_seminar_role", args=[seminar.pk])
    for person in (cast.leader, cast.stranger):
        assert browser.post(address, typed(person)).status_code == 403
    ending = reverse("seminars:end_seminar_role", args=[seminar.pk, own.pk])
    assert browser.post(ending).status_code == 403
    assert list(SeminarRoleGrant.objects.not_ended()) == [own]


# Ending


def test_an_open_page_is_worth_nothing_once_it_has_ended(
    cast: Cast, seminar: Seminar, draft: Seminar, signed_in: SignIn, now: dt.datetime
) -> None:
    (participant,) = make_participants(seminar, cast.unit, 1)
    grants = [make_seminar_role(one, cast.stranger) for one in (seminar, draft)]
    browser = signed_in(cast.stranger)
    removing = reverse("seminars:remove_participant", args=[seminar.pk, participant.pk])
    publishing = reverse("seminars:publish", args=[draft.pk])
    assert [browser.get(one).status_code for one in (removing, publishing)] == [200, 200]
    for grant in grants:
        end_seminar_role(grant=grant, by=cast.organiser, now=now)
    sent = [browser.post(one, {"reason": "Nå"}).status_code for one in (removing, publishing)]
    participant.refresh_from_db()
    draft.refresh_from_db()
    assert (sent, participant.state, draft.state) == ([403, 404], "registered", "draft")


def test_it_is_ended_once_by_the_first(cast: Cast, seminar: Seminar, confirmed: SignIn) -> None:
    grant = make_seminar_role(seminar, cast.stranger)
    browser = confirmed(cast.organiser)
    address = reverse("seminars:end_seminar_role", args=[seminar.pk, grant.pk])
    assert "Avslutt oppgaven" in browser.get(address).content.decode()
    for words in ("hjelper ikke lenger til, og får brev om det", "er allerede avsluttet"):
        page = browser.post(address, follow=True).content.decode()
        assert words in page
    assert letters_of(cast.stranger) == ["seminars.role_ended"]
    assert AuditRecord.objects.get(action="seminars.end_role").actor == cast.organiser
    assert "Dette kan ikke gjøres nå" in browser.get(address).content.decode()
    listed = browser.get(reverse("seminars:seminar_roles", args=[seminar.pk]))
    assert (listed.context["grants"], listed.context["ended"]) == ([], [grant])
    with pytest.raises(IsDone):
        end_seminar_role(grant=grant, by=cast.organiser, now=timezone.now())


def test_the_list_says_who_helped_when_their_time_is_over(
    cast: Cast, signed_in: SignIn, now: dt.datetime
) -> None:
    long_ago = now - HELD_AFTER_THE_END - 2 * DAY
    held = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=long_ago)
    grant = make_seminar_role(held, cast.stranger)
    page = signed_in(cast.organiser).get(reverse("seminars:seminar_roles", args=[held.pk]))
    assert (page.context["grants"], page.context["ended"]) == ([], [grant])
    assert "Har hjulpet til før" in page.content.decode()


def test_a_draft_that_is_thrown_away_tells_who_helped(cast: Cast, draft: Seminar) -> None:
    make_seminar_role(draft, cast.stranger)
    make_seminar_role(draft, cast.leader, HOST, ended_at=timezone.now(), ended_by=cast.organiser)
    discard_draft(seminar=draft, by=cast.organiser)
    assert not SeminarRoleGrant.objects.exists()
    assert letters_of(cast.stranger) == ["seminars.role_ended"]
    assert letters_of(cast.leader) == []


def leave(person: User, today: dt.date) -> None:
    last = today - MISSING_FOR - DAY
    Position.objects.filter(user=person, valid_to=None).update(valid_to=last)


def test_who_has_left_helps_no_more_and_the_organisers_are_told_once(
    cast: Cast, seminar: Seminar, other: Seminar, now: dt.datetime, today: dt.date
) -> None:
    gone = make_employee(cast.unit, "Odd Rud")
    grants = [make_seminar_role(seminar, gone), make_seminar_role(other, gone, HOST)]
    stays = make_seminar_role(seminar, cast.stranger)
    leave(gone, today)
    for _ in range(2):
        withdraw_departed(now=now)
    assert list(SeminarRoleGrant.objects.not_ended()) == [stays]
    for grant in grants:
        grant.refresh_from_db()
        assert (grant.ended_at, grant.ended_by) == (now, None)
    assert letters_of(gone) == []
    letter = cast.organiser.letters.get(kind="seminars.helpers_left")
    assert "Odd Rud, medarrangør: Tillitsbasert ledelse" in letter.text
    assert "Odd Rud, vert: Et annet" in letter.text
    (of_one,) = cast.stranger.letters.all()
    assert reverse("seminars:seminar_roles", args=[seminar.pk]) in of_one.text
    records = AuditRecord.objects.filter(action="seminars.end_role", actor=None)
    assert [one.details["cause"] for one in records] == ["left", "left"]


def test_who_is_missing_since_yesterday_is_let_be(
    cast: Cast, seminar: Seminar, now: dt.datetime, today: dt.date
) -> None:
    make_seminar_role(seminar, cast.stranger)
    yesterday = today - DAY
    Position.objects.filter(user=cast.stranger).update(valid_to=yesterday)
    withdraw_departed(now=now)
    assert SeminarRoleGrant.objects.not_ended().count() == 1


def test_who_helped_is_erased_with_the_participants(
    cast: Cast, seminar: Seminar, now: dt.datetime, today: dt.date
) -> None:
    long_ago = now - dt.timedelta(days=800)
    held = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=long_ago)
    make_seminar_role(held, cast.stranger, given_at=long_ago)
    make_seminar_role(held, cast.hr, HOST, given_at=long_ago, ended_at=now, ended_by=cast.organiser)
    kept = make_seminar_role(seminar, cast.stranger)
    before = today - dt.timedelta(days=400)
    assert erase_seminars(before=before, unit=cast.other_agency, now=now) == {held.pk: 2}
    assert list(SeminarRoleGrant.objects.all()) == [kept]


# Told as organisers are


def test_news_of_the_seats_reaches_a_co_organiser_and_no_host(cast: Cast) -> None:
    monday = dt.datetime(2050, 3, 7, 10, tzinfo=OSLO)
    full = make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=1, starts_at=monday + 20 * DAY
    )
    make_participants(full, cast.unit, 1)
    make_seminar_role(full, cast.stranger)
    make_seminar_role(full, cast.hr, HOST)
    tell_of_seats(now=monday)
    told = {kind: letters_of(getattr(cast, kind)) for kind in ("organiser", "stranger", "hr")}
    assert told == {
        "organiser": ["seminars.seat_news"],
        "stranger": ["seminars.seat_news"],
        "hr": [],
    }


def test_a_co_organiser_who_arranges_there_too_is_told_once(
    cast: Cast, seminar: Seminar, today: dt.date
) -> None:
    make_seminar_role(seminar, cast.stranger)
    make_role(cast.stranger, "organiser", cast.municipality)
    seminar.created_by = cast.stranger
    assert organisers_of(seminar, today) == [cast.stranger]


# Min side


def test_my_page_has_what_one_helps_with(
    cast: Cast, seminar: Seminar, draft: Seminar, other: Seminar, signed_in: SignIn
) -> None:
    make_seminar_role(seminar, cast.stranger)
    make_seminar_role(draft, cast.stranger)
    make_seminar_role(other, cast.stranger, HOST)
    page = signed_in(cast.stranger).get(reverse("home")).content.decode()
    assert "Seminarer du hjelper til med" in page
    shown = [
        reverse("seminars:participants", args=[one.pk]) in page for one in (seminar, draft, other)
    ]
    assert shown == [True, False, False]
    assert all(reverse("seminars:detail", args=[one.pk]) in page for one in (seminar, draft, other))
    assert reverse("seminars:organise") in page


def test_my_page_has_nothing_of_it_for_others(
    cast: Cast, seminar: Seminar, signed_in: SignIn, now: dt.datetime
) -> None:
    make_seminar_role(seminar, cast.stranger)
    make_seminar_role(seminar, cast.leader, ended_at=now, ended_by=cast.organiser)
    for kind in ("organiser", "leader"):
        page = signed_in(getattr(cast, kind)).get(reverse("home")).content.decode()
        assert "Seminarer du hjelper til med" not in page


@pytest.mark.parametrize("name", ["seminars:seminar_roles", "home"])
def test_pages_ask_as_much_whatever_the_number(
    cast: Cast, seminar: Seminar, signed_in: SignIn, name: str
) -> None:
    def asked() -> int:
        own = [] if name == "home" else [seminar.pk]
        with CaptureQueriesContext(connection) as found:
            browser.get(reverse(name, args=own))
        return len(found)

    make_seminar_role(seminar, cast.stranger)
    browser = signed_in(cast.stranger)
    few = asked()
    for number in range(4):
        make_seminar_role(seminar, make_employee(cast.unit, f"Hjelper {number}"), HOST)
        one = make_seminar(cast.other_agency, created_by=cast.organiser)
        make_seminar_role(one, cast.stranger)
    assert asked() == few


# What PostgreSQL refuses


def refused(words: str) -> Any:
    return pytest.raises(DatabaseError, match=words)


def test_two_that_hold_at_once_cannot_be(cast: Cast, seminar: Seminar) -> None:
    make_seminar_role(seminar, cast.stranger)
    with refused("seminar_role_is_one_at_a_time"), transaction.atomic():
        make_seminar_role(seminar, cast.stranger, HOST)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("seminar_role_is_known", {"role": "owner"}),
        ("seminar_role_is_given_by_another", {"given_by": "self"}),
        ("seminar_role_ends_after_it_is_given", {"ended_by": "organiser"}),
        ("seminar_role_ends_after_it_is_given", {"ended_at": -1}),
    ],
)
def test_a_row_that_says_what_cannot_be_is_refused(
    cast: Cast, seminar: Seminar, now: dt.datetime, constraint: str, fields: dict[str, Any]
) -> None:
    values = {"self": cast.stranger, "organiser": cast.organiser, -1: now - DAY}
    given = {name: values.get(value, value) for name, value in fields.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_seminar_role(seminar, cast.stranger, given_at=now, **{"role": CO, **given})


@pytest.mark.parametrize("field", ["role", "user", "seminar", "given_by", "given_at"])
def test_what_was_given_is_never_rewritten(
    cast: Cast, seminar: Seminar, other: Seminar, now: dt.datetime, field: str
) -> None:
    grant = make_seminar_role(seminar, cast.stranger, HOST)
    new = {"role": CO, "user": cast.hr, "seminar": other, "given_by": cast.hr, "given_at": now}
    with refused("Cannot update"), transaction.atomic():
        SeminarRoleGrant.objects.filter(pk=grant.pk).update(**{field: new[field]})


def test_what_has_ended_neither_begins_again_nor_ends_anew(
    cast: Cast, seminar: Seminar, now: dt.datetime
) -> None:
    grant = make_seminar_role(seminar, cast.stranger, ended_at=now, ended_by=cast.organiser)
    for new in ({"ended_at": None, "ended_by": None}, {"ended_at": now + DAY}):
        with refused("Cannot update"), transaction.atomic():
            SeminarRoleGrant.objects.filter(pk=grant.pk).update(**new)


def test_what_holds_is_not_deleted_and_nothing_is_truncated(cast: Cast, seminar: Seminar) -> None:
    with refused("Cannot truncate"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE seminars_seminarrolegrant")
    grant = make_seminar_role(seminar, cast.stranger)
    with refused("is ended before it is erased"), transaction.atomic():
        SeminarRoleGrant.objects.filter(pk=grant.pk).delete()
