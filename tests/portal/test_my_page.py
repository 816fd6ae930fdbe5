import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.eligible_pairs import Pair
from commitments.leader_changes.actions import share_agreement
from commitments.writing.actions import start_agreement
from common.my_page import NextStep
from missions.contribution.actions import write_contribution
from outbox.models import LetterState
from people.affiliation import affiliation_of
from people.models import Role, StaffImportOutcome, StaffImportRun, User
from portal.my_page import MyPage, my_page
from reports.models import AttendanceFigure, AttendanceGroup
from reports.period import counted_half_year
from seminars.models import RegistrationState, SeatPool, Seminar, SeminarState
from tests.cast import Cast
from tests.commitments.factories import (
    SECRETS,
    make_agreed,
    make_agreement,
    make_proposal,
    make_ready,
    make_signed,
    make_substitution,
    sign,
)
from tests.commitments.test_parting import leave, new_leader
from tests.factories import (
    make_employee,
    make_leader,
    make_leadership,
    make_role,
    make_unit,
    make_user,
)
from tests.missions.factories import make_acknowledgement, make_draft, make_mission
from tests.outbox.factories import make_letter
from tests.seminars.factories import make_registration, make_seminar

POOLS = "seminars/my_page/pools.html"
MISSIONS_LED = "missions/my_page/picture.html"
PAIRS_LED = "commitments/my_page/picture.html"


def page_of(user: User, now: dt.datetime | None = None) -> MyPage:
    now = now or timezone.now()
    return my_page(user, affiliation_of(user, timezone.localdate(now)), now)


def card_of(user: User, template: str, now: dt.datetime | None = None) -> dict[str, Any] | None:
    page = page_of(user, now)
    cards = {card.template: dict(card.context) for card in [*page.picture, *page.own]}
    return cards.get(template)


def step_of(user: User, now: dt.datetime | None = None) -> NextStep:
    return page_of(user, now).next_step


def read_everything(cast: Cast) -> None:
    """Nothing left to read or write for the employee and the leader."""
    version = make_mission(cast.unit, by=cast.leader)
    make_acknowledgement(version, cast.employee)
    for person in (cast.employee, cast.leader):
        write_contribution(unit=cast.unit, text="Mitt", by=person, now=timezone.now())


def in_days(days: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


def test_an_agreement_to_sign_comes_before_everything_else(cast: Cast) -> None:
    revision = make_agreed(cast)
    make_registration(
        make_seminar(cast.other_unit, created_by=cast.organiser, starts_at=in_days(2)),
        cast.employee,
    )
    step = step_of(cast.employee)
    assert step.title == "Avtalen med Liv Dahl venter på signaturen din"
    assert step.url == reverse("commitments:sign", args=[revision.agreement_id])


def test_whoever_leads_the_unit_no_more_is_not_asked_to_sign(cast: Cast) -> None:
    """Nor before the sweep has parted the two: the page behind the button would not be there."""
    revision = make_agreed(cast)
    leave(cast, successor=make_user("Nina Ny"))
    sign = reverse("commitments:sign", args=[revision.agreement_id])
    assert step_of(cast.leader).url != sign
    assert step_of(cast.employee).url == sign


def test_an_offer_of_a_seat_comes_first_while_it_lasts(cast: Cast) -> None:
    make_agreed(cast)
    seminar = make_seminar(cast.other_unit, created_by=cast.organiser)
    make_registration(seminar, cast.employee, state=RegistrationState.OFFERED)
    step = step_of(cast.employee)
    assert step.title == f"Du kan få plass på «{seminar.title}»"
    assert step.url == reverse("seminars:offer", args=[seminar.pk])
    late = step_of(cast.employee, in_days(5))
    assert late.title == "Avtalen med Liv Dahl venter på signaturen din"


def test_an_offered_seat_is_not_called_a_place_on_the_waiting_list(
    cast: Cast, signed_in: Any
) -> None:
    seminar = make_seminar(cast.other_unit, created_by=cast.organiser)
    make_registration(seminar, cast.employee, state=RegistrationState.OFFERED)
    page = signed_in(cast.employee).get("/").content.decode()
    assert "Du er tilbudt en plass" in page
    assert "Du står på venteliste" not in page


def test_coordinator_sees_seats_held_for_the_agency_until_the_seminar_begins(
    cast: Cast, signed_in: Any
) -> None:
    seminar = make_seminar(cast.other_unit, created_by=cast.organiser)
    mine, other = cast.unit.agency, cast.other_unit.agency
    for agency in (mine, other):
        SeatPool.objects.create(seminar=seminar, agency=agency, seats=4)
    make_role(cast.leader, Role.COORDINATOR, mine)
    card = card_of(cast.leader, POOLS)
    assert card is not None
    assert [(one.agency, one.left) for one in card["pools"]] == [(mine, 4)]
    page = signed_in(cast.leader).get("/").content.decode()
    assert reverse("seminars:own_staff", args=[seminar.pk]) in page
    assert "4 av 4 igjen" in page
    assert card_of(cast.leader, POOLS, in_days(22)) is None
    assert card_of(cast.employee, POOLS) is None


def test_a_substitute_is_asked_to_sign_for_the_leader_and_not_told_with_whom(cast: Cast) -> None:
    make_substitution(cast)
    revision = make_agreed(cast)
    step = step_of(cast.stranger)
    assert step.title == "En avtale venter på deg som stedfortreder for Liv Dahl"
    assert step.url == reverse("commitments:sign", args=[revision.agreement_id])
    sign(revision, by=cast.stranger)
    assert "stedfortreder" not in step_of(cast.stranger).title


def test_whoever_has_signed_is_not_asked_again(cast: Cast) -> None:
    revision = make_agreed(cast)
    sign(revision, by=cast.employee)
    assert "signaturen" not in step_of(cast.employee).title
    assert "Even Moen" in step_of(cast.leader).title


def test_a_proposal_is_answered_by_the_one_who_has_the_word(cast: Cast) -> None:
    revision = make_proposal(cast)
    assert step_of(cast.leader).title == "Even Moen har sendt deg et forslag til avtale"
    assert step_of(cast.leader).url == reverse("commitments:detail", args=[revision.agreement_id])
    assert "forslag" not in step_of(cast.employee).title


def test_whoever_is_waited_for_is_asked_to_prepare(cast: Cast) -> None:
    agreement = make_agreement(cast)
    make_ready(agreement, by=cast.employee)
    step = step_of(cast.leader)
    assert step.title == "Even Moen er klar, og venter på svarene dine"
    assert step.url == reverse("commitments:prepare", args=[agreement.pk])
    assert "svarene" not in step_of(cast.employee).title
    make_ready(agreement, by=cast.leader)
    assert "svarene" not in step_of(cast.leader).title


def test_what_a_former_leader_left_is_named_until_it_is_shared(cast: Cast) -> None:
    read_everything(cast)
    agreement = make_signed(cast).agreement
    successor = new_leader(cast)
    step = step_of(cast.employee)
    assert step.title == "Liv Dahl leder deg ikke her lenger"
    assert step.url == reverse("commitments:detail", args=[agreement.pk])
    share_agreement(agreement=agreement, with_user=successor, by=cast.employee, now=timezone.now())
    assert "leder deg ikke" not in step_of(cast.employee).title


def test_what_asks_something_stands_first_among_three(cast: Cast) -> None:
    for name in ("Ada", "Bo", "Ce"):
        other = make_employee(cast.unit, f"{name} Moen")
        pair = Pair(cast.leader, other, cast.unit, "")
        make_mission(cast.unit, by=cast.leader)
        start_agreement(pair=pair, by=cast.leader, now=timezone.now())
    waiting = make_proposal(cast)
    card = card_of(cast.leader, "commitments/my_page/agreements.html")
    assert card is not None
    rows = card["rows"]
    assert len(rows) == 3
    assert rows[0].agreement == waiting.agreement


def test_a_follow_up_is_named_a_week_before(cast: Cast, today: dt.date) -> None:
    read_everything(cast)
    make_signed(cast, follow_up_on=today + dt.timedelta(days=8))
    assert "Oppfølgingssamtale" not in step_of(cast.employee).title
    assert step_of(cast.employee, in_days(1)).title.startswith("Oppfølgingssamtale med Liv Dahl ")
    assert "skulle vært holdt" in step_of(cast.leader, in_days(9)).title


def test_a_seminar_is_prepared_two_weeks_before(cast: Cast) -> None:
    read_everything(cast)
    far = make_seminar(cast.other_unit, created_by=cast.organiser, starts_at=in_days(15))
    near = make_seminar(
        cast.other_unit, created_by=cast.organiser, starts_at=in_days(13), title="Å gi ros"
    )
    make_registration(far, cast.employee)
    assert step_of(cast.employee).title == "Finn et seminar"
    waiting = make_registration(near, cast.employee, state=RegistrationState.WAITLISTED)
    assert step_of(cast.employee).title == "Finn et seminar"
    waiting.delete()
    make_registration(near, cast.employee)
    assert step_of(cast.employee).title == "Snart: Å gi ros"
    assert step_of(cast.employee).url == reverse("seminars:detail", args=[near.pk])


def test_a_mission_that_is_not_read_is_read_next(cast: Cast) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    step = step_of(cast.employee)
    assert step.title == "Les oppdraget til Hjemmetjenesten nord"
    assert step.url == reverse("missions:version", args=[version.pk])
    make_acknowledgement(version, cast.employee)
    assert step_of(cast.employee).title == "Hva er ditt bidrag i Hjemmetjenesten nord?"


def test_whoever_leads_a_unit_without_a_mission_writes_it(cast: Cast) -> None:
    step = step_of(cast.leader)
    assert (step.title, step.label) == ("Skriv oppdraget for Hjemmetjenesten nord", "Begynn")
    assert step.url == reverse("missions:unit", args=[cast.unit.pk])
    draft = make_draft(cast.unit, by=cast.leader)
    step = step_of(cast.leader)
    assert (step.title, step.label) == (
        "Gjør ferdig oppdraget for Hjemmetjenesten nord",
        "Skriv videre",
    )
    assert step.url == reverse("missions:edit", args=[draft.pk])


@pytest.mark.parametrize(
    ("kind", "url_name"),
    [
        ("organiser", "seminars:organise"),
        ("hr", "reports:participation"),
        ("administrator", "people:roles"),
        ("coordinator", "seminars:list"),
        ("stranger", "seminars:list"),
    ],
)
def test_when_nobody_waits_the_role_says_what_is_next(cast: Cast, kind: str, url_name: str) -> None:
    assert step_of(getattr(cast, kind)).url == reverse(url_name)


@pytest.mark.parametrize("make", [make_agreed, make_proposal, make_agreement, make_signed])
def test_every_next_step_leads_to_a_page_that_opens(
    cast: Cast, signed_in: Any, make: Callable[[Cast], object]
) -> None:
    make(cast)
    for user in (cast.leader, cast.employee, cast.organiser, cast.hr, cast.administrator):
        answer = signed_in(user).get(step_of(user).url, follow=True)
        assert answer.status_code == 200


def test_mine_are_my_own_and_nobody_elses(cast: Cast, signed_in: Any) -> None:
    seminar = make_seminar(cast.other_unit, created_by=cast.organiser, title="Hemmelig kurs")
    make_registration(seminar, cast.employee)
    make_letter(cast.employee, subject="Bare til Even")
    make_agreed(cast)
    for user in (cast.stranger, cast.hr, cast.manager, cast.administrator):
        page = signed_in(user).get("/").content.decode()
        assert [word for word in ("Hemmelig kurs", "Bare til Even", *SECRETS) if word in page] == []


def test_mine_shows_seminars_agreement_mission_and_letters(cast: Cast, signed_in: Any) -> None:
    make_registration(
        make_seminar(cast.other_unit, created_by=cast.organiser, title="Å gi ros"), cast.employee
    )
    make_letter(cast.employee, subject="Bekreftelse på plass")
    make_agreed(cast)
    page = signed_in(cast.employee).get("/").content.decode()
    expected = (
        "Å gi ros",
        "Du har plass",
        "Med Liv Dahl",
        "Klar til signering",
        "Hjemmetjenesten nord gjør hverdagen tryggere.",
        "Si hva jeg bidrar med",
        "Bekreftelse på plass",
    )
    assert [word for word in expected if word not in page] == []


def test_a_seminar_that_is_cancelled_or_over(cast: Cast, signed_in: Any) -> None:
    cancelled = make_seminar(
        cast.other_unit, created_by=cast.organiser, state=SeminarState.CANCELLED, title="Avlyst her"
    )
    over = make_seminar(
        cast.other_unit, created_by=cast.organiser, starts_at=in_days(-3), title="For lenge siden"
    )
    for seminar in (cancelled, over):
        make_registration(seminar, cast.employee)
    page = signed_in(cast.employee).get("/").content.decode()
    assert ("For lenge siden" in page, "Avlyst her" in page) == (False, True)
    assert page.count(">Avlyst<") == 1


def test_a_cancelled_seminar_is_not_prepared(cast: Cast) -> None:
    read_everything(cast)
    cancelled = make_seminar(
        cast.other_unit,
        created_by=cast.organiser,
        starts_at=in_days(3),
        state=SeminarState.CANCELLED,
    )
    make_registration(cancelled, cast.employee)
    assert step_of(cast.employee).title == "Finn et seminar"


def test_the_leader_sees_the_unit_in_counts(cast: Cast) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    make_acknowledgement(version, cast.employee)
    make_employee(cast.unit, "Nina Strand")
    make_acknowledgement(version, cast.stranger)
    make_signed(cast)
    card = card_of(cast.leader, MISSIONS_LED)
    assert card is not None
    [own] = card["lines"]
    unit = own.line.unit
    assert (unit, own.line.own.version, unit.people, unit.readers) == (cast.unit, version, 2, 1)
    assert card_of(cast.leader, PAIRS_LED) == {
        "pairs": 2,
        "signed": 1,
        "under_way": 0,
        "without_address": 0,
    }


def test_an_agreement_under_way_is_counted_as_that(cast: Cast) -> None:
    make_agreement(cast)
    assert card_of(cast.leader, PAIRS_LED) == {
        "pairs": 1,
        "signed": 0,
        "under_way": 1,
        "without_address": 0,
    }


def test_of_another_who_left_nothing_is_counted(cast: Cast, today: dt.date) -> None:
    """Neither as led nor as a reader: not the inactive, not those of another unit."""
    version = make_mission(cast.unit, by=cast.leader)
    gone = make_employee(cast.unit, "Tor Vik")
    make_acknowledgement(version, gone)
    make_acknowledgement(version, cast.leader)  # who published it
    User.objects.filter(pk=gone.pk).update(is_active=False)
    card = card_of(cast.leader, MISSIONS_LED)
    assert card is not None
    [own] = card["lines"]
    assert (own.line.unit.people, own.line.unit.readers) == (1, 1)
    assert card_of(cast.leader, PAIRS_LED) == {
        "pairs": 1,
        "signed": 0,
        "under_way": 0,
        "without_address": 0,
    }
    assert card_of(cast.manager, MISSIONS_LED) != card


def test_what_is_signed_is_counted_so_while_a_change_of_it_is_written(cast: Cast) -> None:
    agreement = make_signed(cast).agreement
    amend_agreement(agreement=agreement, reason="Ny turnus", by=cast.leader, now=timezone.now())
    assert card_of(cast.leader, PAIRS_LED) == {
        "pairs": 1,
        "signed": 1,
        "under_way": 0,
        "without_address": 0,
    }


def test_only_leaders_have_a_picture(cast: Cast) -> None:
    assert page_of(cast.employee).picture == []
    assert page_of(cast.hr).picture == []


def test_a_leader_of_a_unit_without_people_is_told_so(cast: Cast, signed_in: Any) -> None:
    make_mission(cast.department, by=cast.manager)
    page = signed_in(cast.manager).get("/").content.decode()
    assert "Ingen andre har en stilling direkte i enheten." in page


def fill(cast: Cast, number: int) -> None:
    for one in range(number):
        make_registration(
            make_seminar(cast.other_unit, created_by=cast.organiser, starts_at=in_days(30 + one)),
            cast.leader,
        )
        make_letter(cast.leader)
        make_employee(cast.unit, f"Person {one}")
        unit = make_unit(f"Sone {one}", parent=cast.unit)
        make_leadership(cast.leader, unit)
        make_mission(unit, by=cast.leader)
        make_leader(make_unit(f"Lag {one}", parent=unit), f"Leder {one}")


# --- What one does for others --------------------------------------------------------------------


DESK = "seminars/my_page/desk.html"
REACHED = "reports/my_page/reached.html"
FAILED = "outbox/my_page/failed.html"
IMPORT = "people/my_page/staff_import.html"


def desk_of(user: User) -> list[tuple[str, str, str]]:
    card = card_of(user, DESK)
    assert card is not None
    return [(row.seminar.title, row.words, row.url) for row in card["work"]]


def test_an_organiser_sees_attendance_waiting_lists_and_drafts(cast: Cast) -> None:
    def arranged(title: str, days: float, **fields: Any) -> Seminar:
        return make_seminar(
            cast.other_unit,
            created_by=cast.organiser,
            title=title,
            starts_at=in_days(days),
            **fields,
        )

    held, coming = arranged("Holdt", -3), arranged("Kommer", 20)
    draft = arranged("Påbegynt", 40, state=SeminarState.DRAFT)
    arranged("Uten venteliste", 10)
    make_registration(held, cast.employee)
    make_registration(coming, cast.employee, state=RegistrationState.WAITLISTED)
    assert desk_of(cast.organiser) == [
        (
            "Holdt",
            "Oppmøtet er ikke ført for 1",
            reverse("seminars:participants", args=[held.pk]),
        ),
        ("Kommer", "1 på venteliste", reverse("seminars:queue", args=[coming.pk])),
        ("Påbegynt", "Utkast", reverse("seminars:detail", args=[draft.pk])),
    ]


def test_the_desk_shows_the_nearest_of_each_kind_and_nobody_elses(cast: Cast) -> None:
    for day in range(1, 6):
        make_seminar(
            cast.other_unit,
            created_by=cast.organiser,
            title=f"Om {day}",
            starts_at=in_days(day),
            state=SeminarState.DRAFT,
        )
    make_role(cast.stranger, Role.ORGANISER, cast.agency)
    assert [row[0] for row in desk_of(cast.organiser)] == ["Om 1", "Om 2", "Om 3"]
    assert desk_of(cast.stranger) == []
    assert card_of(cast.employee, DESK) is None


def test_attendance_of_half_a_year_ago_is_no_longer_asked_for(cast: Cast) -> None:
    old = make_seminar(cast.other_unit, created_by=cast.organiser, starts_at=in_days(-190))
    make_registration(old, cast.employee)
    assert desk_of(cast.organiser) == []


def test_an_administrator_sees_how_many_letters_failed(cast: Cast) -> None:
    assert card_of(cast.administrator, FAILED) == {"failed": 0}
    make_letter(cast.employee, state=LetterState.FAILED)
    assert card_of(cast.administrator, FAILED) == {"failed": 1}
    assert card_of(cast.employee, FAILED) is None


def test_an_administrator_sees_the_last_import(cast: Cast) -> None:
    assert card_of(cast.administrator, IMPORT) is None
    run = StaffImportRun.objects.create(
        on=timezone.localdate(), outcome=StaffImportOutcome.CARRIED_OUT, rows_set_aside=2
    )
    card = card_of(cast.administrator, IMPORT)
    assert card is not None
    assert (card["run"]["id"], card["run"]["outcome"]) == (run.pk, "gjennomført")
    assert card["run"]["rows_set_aside"] == 2
    assert card_of(cast.hr, IMPORT) is None


def test_hr_sees_whom_the_seminars_reached_once_it_is_counted(cast: Cast) -> None:
    assert card_of(cast.hr, REACHED) is None
    period = counted_half_year(timezone.localdate())
    AttendanceFigure.objects.create(
        first_day=period.first,
        agency=cast.agency,
        group=AttendanceGroup.LEADERS,
        people=20,
        at_least=12,
        at_most=12,
        counted_on=timezone.localdate(),
    )
    card = card_of(cast.hr, REACHED)
    assert card is not None
    assert [figure for _label, figure in card["figures"]] == ["12", "60\N{NO-BREAK SPACE}%"]
    assert str(period.first) in card["url"]
    assert card_of(cast.organiser, REACHED) is None


def test_the_page_has_a_query_budget(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    make_mission(cast.unit, by=cast.leader)
    make_role(cast.leader, Role.ORGANISER, cast.municipality)
    fill(cast, 32)
    browser: Client = signed_in(cast.leader)
    browser.get("/")
    with django_assert_max_num_queries(6):
        page = browser.get("/").content.decode()
    assert "Sone 31" in page


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("leader", 5),
        ("employee", 5),
        ("organiser", 6),
        ("coordinator", 6),
        ("hr", 8),
        ("administrator", 8),
    ],
)
def test_everybodys_page_has_a_query_budget(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: Any, name: str, most: int
) -> None:
    make_mission(cast.unit, by=cast.leader)
    person = getattr(cast, name)
    for one in range(20):
        make_registration(
            make_seminar(cast.other_unit, created_by=cast.organiser, starts_at=in_days(30 + one)),
            person,
        )
        make_letter(person)
    browser: Client = signed_in(person)
    browser.get("/")
    with django_assert_max_num_queries(most):
        browser.get("/")
