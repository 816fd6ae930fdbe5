"""When the leader or the employee moves: who loses sight of the agreement, and who gets it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.eligible_pairs import pairs_of_leader
from commitments.ending.actions import end_agreement
from commitments.evidence.verification import verify_all
from commitments.leader_changes.actions import (
    close_agreement,
    part_agreement,
    part_those_who_moved,
    share_agreement,
    stop_sharing,
)
from commitments.locking import AgreementRefused
from commitments.models import (
    Agreement,
    Commitment,
    FollowUp,
    Note,
    Revision,
    Share,
    Signature,
    UnsavedWork,
)
from commitments.schedule import keep_agreements as task
from commitments.unmanaged_agreements import left_behind, outlived_shares
from outbox.models import Letter
from people.models import IMPORT_UNDO_WINDOW, AuditRecord, Leadership, User
from reminders.due import due_reminders
from tests import clock
from tests.cast import KINDS, Cast
from tests.commitments.factories import (
    EMPLOYEES_TEXT,
    SECRETS,
    make_agreed,
    make_agreement,
    make_draft,
    make_proposal,
    make_signed,
    newest,
)
from tests.commitments.test_privacy import PAGES, lived
from tests.factories import make_leader, make_leadership, make_position, make_unit, make_user
from tests.people.staff_files import StaffFolder
from tests.triggers import without_triggers

SignedIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)
MODELS = [Agreement, Revision, Commitment, Signature, Note, FollowUp]
NOTE = SECRETS[3]


def leave(cast: Cast, *, successor: User | None = None) -> User | None:
    """The leader leads the unit no more from today; the successor does."""
    today = timezone.localdate()
    Leadership.objects.filter(unit=cast.unit).update(valid_to=today - DAY)
    if successor is not None:
        make_leadership(successor, cast.unit, since=today)
    return successor


def new_leader(cast: Cast) -> User:
    """Somebody from elsewhere takes over the unit, and the portal has seen it."""
    successor = make_user("Nina Ny", email="ny@example.org")
    make_position(successor, cast.unit, title="Leder")
    leave(cast, successor=successor)
    see_and_wait()
    return successor


def see_and_wait() -> int:
    """The portal has seen what is left behind for a day, and parts it."""
    now = timezone.now()
    seen_at = now - IMPORT_UNDO_WINDOW
    Agreement.objects.filter(pk__in=left_behind(timezone.localdate(now))).update(
        left_behind_at=seen_at
    )
    Share.objects.filter(
        pk__in=[share.pk for share in outlived_shares(timezone.localdate(now))]
    ).update(left_behind_at=seen_at)
    return part_those_who_moved(now=now)


def parted(cast: Cast) -> Agreement:
    signed = lived(cast)
    new_leader(cast)
    return Agreement.objects.get(pk=signed.agreement_id)


def shared(cast: Cast) -> tuple[Agreement, User]:
    agreement = parted(cast)
    successor = User.objects.get(email="ny@example.org")
    share_agreement(agreement=agreement, with_user=successor, by=cast.employee, now=timezone.now())
    return agreement, successor


# Who has moved


def is_left_behind(agreement: Agreement) -> bool:
    return left_behind(timezone.localdate()) == [agreement.pk]


def test_two_who_work_together_are_left_alone(cast: Cast) -> None:
    agreement = make_agreement(cast)
    assert left_behind(timezone.localdate()) == []
    assert part_those_who_moved(now=timezone.now()) == 0
    assert not Agreement.objects.get(pk=agreement.pk).is_parted


def test_a_leader_who_is_replaced_has_left(cast: Cast) -> None:
    agreement = make_agreement(cast)
    leave(cast, successor=cast.stranger)
    assert is_left_behind(agreement)


def test_a_leader_of_a_unit_that_becomes_vacant_has_left(cast: Cast) -> None:
    agreement = make_agreement(cast)
    leave(cast)
    assert is_left_behind(agreement)


def test_who_becomes_the_leader_above_a_vacancy_leads_on(cast: Cast) -> None:
    """The leader moves up and nobody takes over: the line manager is the same."""
    make_agreement(cast)
    leave(cast)
    Leadership.objects.filter(unit=cast.department).update(valid_to=timezone.localdate() - DAY)
    make_leadership(cast.leader, cast.department, since=timezone.localdate())
    assert left_behind(timezone.localdate()) == []


def test_an_employee_who_moves_has_left(cast: Cast) -> None:
    agreement = make_agreement(cast)
    cast.employee.positions.update(valid_to=timezone.localdate() - DAY)
    make_position(cast.employee, cast.sibling_unit)
    assert is_left_behind(agreement)


def test_a_leader_who_may_not_sign_in_has_left(cast: Cast) -> None:
    agreement = make_agreement(cast)
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert is_left_behind(agreement)


def test_an_employee_of_two_positions_leaves_one(cast: Cast) -> None:
    """The other agreement, with the other leader, is none of this one's business."""
    make_agreement(cast)
    other = make_unit("Natt", parent=cast.department)
    make_leader(other, "Nora Natt")
    position = make_position(cast.employee, other, title="Vikar")
    night = Agreement.objects.create(
        leader=other.leaderships.get().user,
        employee=cast.employee,
        unit=other,
        created_by=cast.employee,
    )
    position.valid_to = timezone.localdate() - DAY
    position.save()
    assert is_left_behind(night)


def test_a_leader_of_two_units_leaves_one(cast: Cast) -> None:
    make_agreement(cast)
    make_leadership(cast.leader, cast.sibling_unit)
    make_position(cast.employee, cast.sibling_unit, title="Vikar")
    second = Agreement.objects.create(
        leader=cast.leader, employee=cast.employee, unit=cast.sibling_unit, created_by=cast.leader
    )
    assert left_behind(timezone.localdate()) == []
    cast.sibling_unit.leaderships.update(valid_to=timezone.localdate() - DAY)
    assert is_left_behind(second)


def test_a_leader_and_the_leader_above_are_two_like_any_others(cast: Cast) -> None:
    with_above = Agreement.objects.create(
        leader=cast.manager, employee=cast.leader, unit=cast.unit, created_by=cast.leader
    )
    assert left_behind(timezone.localdate()) == []
    cast.department.leaderships.update(valid_to=timezone.localdate() - DAY)
    assert is_left_behind(with_above)


@pytest.mark.parametrize(
    ("leader_goes_along", "is_parted"), [(True, False), (False, True)], ids=["along", "not along"]
)
def test_a_unit_that_is_merged_by_the_import(
    db: None, tmp_path: Any, leader_goes_along: bool, is_parted: bool
) -> None:
    """Two who go together into the new unit stay the same two; else the new leader is new."""
    today = timezone.localdate()
    staff = StaffFolder(tmp_path, today - 30 * DAY)
    staff.run()
    old = Leadership.objects.get(user__name="Liv Dahl")
    even = User.objects.get(name="Even Moen")
    agreement = Agreement.objects.create(
        leader=old.user, employee=even, unit=old.unit, created_by=even
    )
    leads = "P1" if leader_goes_along else "P3"
    name = {"P1": "Liv Dahl;liv@solvik.example", "P3": "Olav Aas;olav@solvik.example"}[leads]
    staff.write(
        [
            "1;Solvik kommune;kommune;",
            "20;Bydel Fjordbyen;virksomhet;1;bydel;BFJ;2020-01-01",
            f"201;Hjemmetjenesten nord;enhet;20;seksjon;;;{today - DAY};203",
            f"202;Hjemmetjenesten sør;enhet;20;seksjon;;;{today - DAY};203",
            "203;Hjemmetjenesten;enhet;20;seksjon",
            "30;Etat for læring;virksomhet;1;etat",
        ],
        [
            f"{leads};{name};203;Seksjonsleder;ja",
            "P2;Even Moen;even@solvik.example;203;Helsefagarbeider;nei",
            *(["P3;Olav Aas;olav@solvik.example;30;Direktør;x"] if leader_goes_along else []),
        ],
    )
    staff.run(on=today)
    see_and_wait()
    assert Agreement.objects.get(pk=agreement.pk).is_parted is is_parted


# What then happens


@pytest.mark.parametrize("model", MODELS)
def test_the_old_leader_reads_no_row_and_the_employee_all(cast: Cast, model: Any) -> None:
    signed = lived(cast)
    everything = model.objects.count()
    assert model.objects.visible_to(cast.leader, on=clock.today()).count() == everything > 0
    new_leader(cast)
    assert model.objects.visible_to(cast.leader, on=clock.today()).count() == 0
    assert model.objects.visible_to(cast.employee, on=clock.today()).count() == everything
    successor = User.objects.get(email="ny@example.org")
    assert model.objects.visible_to(successor, on=clock.today()).count() == 0
    assert signed.agreement.leader == cast.leader


@pytest.mark.parametrize("kind", [*(kind for kind in KINDS if kind != "employee"), "new"])
def test_no_page_shows_it_to_anybody_but_the_employee(
    cast: Cast, signed_in: SignedIn, kind: str
) -> None:
    agreement = parted(cast)
    person = User.objects.get(email="ny@example.org") if kind == "new" else getattr(cast, kind)
    browser = signed_in(person)
    for name in [*PAGES, "follow_up", "comment", "shared", "share", "stop_sharing", "close"]:
        answer = browser.get(reverse(f"commitments:{name}", args=[agreement.pk]))
        assert (name, answer.status_code) in [(name, 404), ("comment", 405)]
    for number in (1, 2):
        answer = browser.get(reverse("commitments:revision", args=[agreement.pk, number]))
        assert answer.status_code == 404
    for name in ["home", "commitments:list", "commitments:start", "outbox:mine", "people:profile"]:
        page = browser.get(reverse(name)).content.decode()
        assert all(secret not in page for secret in SECRETS)
        assert reverse("commitments:detail", args=[agreement.pk]) not in page


def test_the_old_leader_is_told_nothing_by_a_hash(cast: Cast, signed_in: SignedIn) -> None:
    """Whoever holds a hash may ask whether it is true, and not whose it is."""
    agreement = parted(cast)
    sha256 = agreement.revisions.signed().get().sha256
    page = signed_in(cast.leader).post(reverse("commitments:verify"), {"sha256": sha256})
    assert "En signert tekst" in page.content.decode()
    assert cast.employee.name not in page.content.decode()


def test_the_employee_goes_on_reading(cast: Cast, signed_in: SignedIn) -> None:
    agreement = parted(cast)
    page = signed_in(cast.employee).get(reverse("commitments:detail", args=[agreement.pk]))
    assert [secret for secret in SECRETS if secret not in page.content.decode()] == []
    assert "Liv Dahl leder deg ikke her lenger" in page.content.decode()
    for name in ("edit", "propose", "amend", "end"):
        answer = signed_in(cast.employee).get(reverse(f"commitments:{name}", args=[agreement.pk]))
        assert (name, answer.status_code) == (name, 403)


@pytest.mark.parametrize("make", [make_draft, make_proposal, make_agreed])
def test_what_was_never_signed_ends(cast: Cast, make: Any) -> None:
    agreement = make(cast).agreement
    new_leader(cast)
    agreement.refresh_from_db()
    assert (agreement.ended_at is not None, agreement.ended_by) == (True, None)
    assert newest(agreement).state == "withdrawn"
    assert list(verify_all()) == []


def test_the_old_leader_reads_no_more_of_what_was_ended_before(cast: Cast) -> None:
    """And nobody is written to about what is over."""
    agreement = lived(cast).agreement
    end_agreement(agreement=agreement, reason="Ny stilling", by=cast.leader, now=timezone.now())
    assert Agreement.objects.visible_to(cast.leader, on=clock.today()).count() == 1
    written = Letter.objects.count()
    new_leader(cast)
    assert Agreement.objects.visible_to(cast.leader, on=clock.today()).count() == 0
    assert Agreement.objects.visible_to(cast.employee, on=clock.today()).count() == 1
    assert Letter.objects.count() == written
    assert list(verify_all()) == []


def test_a_change_that_was_under_way_is_withdrawn_and_what_is_signed_stays(cast: Cast) -> None:
    signed = make_signed(cast)
    change = amend_agreement(
        agreement=signed.agreement, reason="Ny turnus", by=cast.leader, now=timezone.now()
    )
    new_leader(cast)
    agreement = Agreement.objects.get(pk=signed.agreement_id)
    assert Revision.objects.get(pk=change.pk).state == "withdrawn"
    assert agreement.is_parted
    assert agreement.ended_at is None


def test_it_is_due_for_nothing_any_more(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    noon = timezone.localtime().replace(hour=12)
    assert len(list(due_reminders(noon))) == 2
    new_leader(cast)
    assert list(due_reminders(noon)) == []
    assert FollowUp.objects.outstanding().count() == 0
    assert "skulle vært holdt" not in signed_in(cast.employee).get("/").content.decode()
    assert signed.agreement.follow_ups.count() == 1


def test_it_happens_once_however_often_it_is_asked_for(cast: Cast) -> None:
    agreement = parted(cast)
    ended_at = agreement.leader_access_ended_at
    task()
    agreement.refresh_from_db()
    assert agreement.leader_access_ended_at == ended_at
    assert Letter.objects.filter(kind__startswith="commitments.parted").count() == 2
    assert list(verify_all()) == []


def test_who_works_together_again_meanwhile_is_not_parted(cast: Cast) -> None:
    agreement = make_agreement(cast)
    assert part_agreement(agreement.pk, now=timezone.now()) is None


def test_one_that_cannot_be_closed_keeps_no_other_open(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """The first has a chain of evidence that takes no link any more."""
    full = Agreement.objects.create(
        leader=cast.manager, employee=cast.leader, unit=cast.unit, created_by=cast.leader
    )
    with without_triggers():
        Agreement.objects.filter(pk=full.pk).update(evidence_number=2**31 - 1)
    agreement = make_agreement(cast)
    leave(cast)
    cast.department.leaderships.update(valid_to=timezone.localdate() - DAY)
    assert see_and_wait() == 1
    assert [one.name for one in caplog.records] == ["commitments.leader_changes.actions"]
    assert Agreement.objects.get(pk=agreement.pk).is_parted
    assert not Agreement.objects.get(pk=full.pk).is_parted


def test_both_get_a_letter_that_says_nothing(cast: Cast) -> None:
    parted(cast)
    letters = Letter.objects.filter(kind__startswith="commitments.parted")
    assert set(letters.values_list("recipient", "subject")) == {
        (cast.leader.pk, "Hvem som ser en avtale, er endret"),
        (cast.employee.pk, "Hvem som ser en avtale, er endret"),
    }
    words = "".join(one.subject + one.text + one.html for one in letters)
    assert all(secret not in words for secret in SECRETS)


def test_the_audit_trail_says_nothing(cast: Cast) -> None:
    agreement, _successor = shared(cast)
    close_agreement(agreement=agreement, by=cast.employee, now=timezone.now())
    records = AuditRecord.objects.filter(object_id=str(agreement.pk)).order_by("pk")
    assert [one.action.rpartition(".")[2] for one in records][-4:] == [
        "part_agreement",
        "share_agreement",
        "stop_sharing",
        "close_agreement",
    ]
    assert all(secret not in f"{one.details}" for one in records for secret in SECRETS)


def test_the_same_two_may_begin_anew_when_they_meet_again(cast: Cast) -> None:
    agreement = parted(cast)
    Leadership.objects.filter(unit=cast.unit, valid_to__isnull=True).delete()
    make_leadership(cast.leader, cast.unit, since=timezone.localdate())
    anew = make_agreement(cast, by=cast.leader)
    assert anew.pk != agreement.pk
    assert left_behind(timezone.localdate()) == []


def test_what_either_had_typed_and_not_saved_goes(cast: Cast) -> None:
    agreement = make_draft(cast).agreement
    for author in (cast.leader, cast.employee):
        UnsavedWork.objects.create(agreement=agreement, author=author, typed={"goals": NOTE})
    new_leader(cast)
    assert UnsavedWork.objects.count() == 0


# Sharing


def test_the_new_leader_reads_what_was_signed_and_nothing_else(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreement, successor = shared(cast)
    browser = signed_in(successor)
    page = browser.get(reverse("commitments:shared", args=[agreement.pk])).content.decode()
    assert EMPLOYEES_TEXT in page
    assert NOTE not in page
    for name in [*PAGES, "follow_up", "share", "stop_sharing", "close"]:
        answer = browser.get(reverse(f"commitments:{name}", args=[agreement.pk]))
        assert (name, answer.status_code) == (name, 404)
    listed = browser.get(reverse("commitments:list")).content.decode()
    assert "Delt med deg" in listed
    assert EMPLOYEES_TEXT not in listed


def test_the_employee_sees_what_the_new_leader_sees(cast: Cast, signed_in: SignedIn) -> None:
    agreement, _successor = shared(cast)
    page = signed_in(cast.employee).get(reverse("commitments:shared", args=[agreement.pk]))
    assert "Slik ser Nina Ny det du deler" in page.content.decode()


@pytest.mark.parametrize("how", ["stopped", "closed", "moved on"])
def test_the_new_leader_reads_it_no_more(cast: Cast, signed_in: SignedIn, how: str) -> None:
    agreement, successor = shared(cast)
    now = timezone.now()
    if how == "stopped":
        stop_sharing(agreement=agreement, by=cast.employee, now=now)
    elif how == "closed":
        close_agreement(agreement=agreement, by=cast.employee, now=now)
    else:
        Leadership.objects.filter(user=successor).delete()
        see_and_wait()
    assert Share.objects.get().ended_at is not None
    answer = signed_in(successor).get(reverse("commitments:shared", args=[agreement.pk]))
    assert answer.status_code == 404
    assert signed_in(cast.employee).get(f"/avtaler/{agreement.pk}/").status_code == 200
    assert list(verify_all()) == []


def test_the_letter_to_the_new_leader_says_nothing(cast: Cast) -> None:
    shared(cast)
    letter = Letter.objects.get(kind="commitments.shared")
    assert letter.recipient.email == "ny@example.org"
    assert letter.subject == "En avtale er delt med deg"
    assert all(secret not in letter.text + letter.html for secret in SECRETS)


@pytest.mark.parametrize("who", ["leader", "manager", "stranger", "administrator"])
def test_it_is_shared_with_the_present_line_manager_alone(cast: Cast, who: str) -> None:
    agreement = parted(cast)
    with pytest.raises(AgreementRefused, match="lederen din nå"):
        share_agreement(
            agreement=agreement,
            with_user=getattr(cast, who),
            by=cast.employee,
            now=timezone.now(),
        )
    assert Share.objects.count() == 0


def test_nobody_but_the_employee_shares_or_closes(cast: Cast) -> None:
    agreement = parted(cast)
    successor = User.objects.get(email="ny@example.org")
    now = timezone.now()
    for by in (cast.leader, successor, cast.manager):
        with pytest.raises(AgreementRefused):
            share_agreement(agreement=agreement, with_user=successor, by=by, now=now)
        with pytest.raises(AgreementRefused):
            close_agreement(agreement=agreement, by=by, now=now)


def test_it_is_shared_with_one_at_a_time(cast: Cast) -> None:
    agreement, successor = shared(cast)
    with pytest.raises(AgreementRefused, match="allerede delt"):
        share_agreement(
            agreement=agreement, with_user=successor, by=cast.employee, now=timezone.now()
        )
    stop_sharing(agreement=agreement, by=cast.employee, now=timezone.now())
    with pytest.raises(AgreementRefused, match="ikke delt"):
        stop_sharing(agreement=agreement, by=cast.employee, now=timezone.now())


def test_what_goes_on_is_not_shared(cast: Cast) -> None:
    signed = make_signed(cast)
    with pytest.raises(AgreementRefused, match="tidligere leder"):
        share_agreement(
            agreement=signed.agreement,
            with_user=cast.leader,
            by=cast.employee,
            now=timezone.now(),
        )


# By hand


def test_sharing_stopping_and_closing_by_the_pages(cast: Cast, confirmed: SignedIn) -> None:
    agreement = parted(cast)
    browser = confirmed(cast.employee)
    successor = User.objects.get(email="ny@example.org")

    def post(name: str, **data: Any) -> str:
        url = reverse(f"commitments:{name}", args=[agreement.pk])
        return browser.post(url, data, follow=True).content.decode()

    nobody = browser.post(reverse("commitments:share", args=[agreement.pk]), {"with_user": ""})
    assert "lp-error-summary" in nobody.content.decode()
    assert "Nina Ny kan nå lese det som ble signert." in post("share", with_user=successor.pk)
    assert "Bare du leser den." in post("stop_sharing")
    assert "Avtalen er avsluttet." in post("close")
    assert browser.get(reverse("commitments:share", args=[agreement.pk])).status_code == 403


# What PostgreSQL itself refuses


def is_refused(words: str, sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            cursor.execute(sql, params)


def test_the_database_gives_no_leader_sight_back(cast: Cast) -> None:
    agreement = parted(cast)
    is_refused(
        "does not get it back",
        "UPDATE commitments_agreement SET leader_access_ended_at = NULL WHERE id = %s",
        agreement.pk,
    )


def test_the_database_opens_no_ended_agreement(cast: Cast) -> None:
    agreement = parted(cast)
    close_agreement(agreement=agreement, by=cast.employee, now=timezone.now())
    is_refused(
        "stays ended",
        "UPDATE commitments_agreement SET ended_at = NULL, ended_by_id = NULL WHERE id = %s",
        agreement.pk,
    )


def test_the_database_lets_nothing_more_be_written(cast: Cast) -> None:
    agreement = parted(cast)
    is_refused(
        "gets no more revisions",
        "INSERT INTO commitments_revision (agreement_id, number, state, turn, mission_version_id,"
        " reason, version, edited_by_id, edited_at, created_at, snapshot, sha256)"
        " SELECT agreement_id, 99, 'draft', 'leader', mission_version_id, '', 1, edited_by_id,"
        " now(), now(), '', '' FROM commitments_revision WHERE agreement_id = %s LIMIT 1",
        agreement.pk,
    )


def test_the_database_shares_nothing_that_goes_on(cast: Cast) -> None:
    signed = make_signed(cast)
    is_refused(
        "only what was signed and left behind is shared",
        "INSERT INTO commitments_share (agreement_id, with_user_id, shared_at)"
        " VALUES (%s, %s, now())",
        signed.agreement_id,
        cast.manager.pk,
    )


def test_the_database_lets_a_share_end_once_and_change_no_more(cast: Cast) -> None:
    agreement, _successor = shared(cast)
    once = "a share ends once"
    is_refused(once, "UPDATE commitments_share SET with_user_id = %s", cast.manager.pk)
    stop_sharing(agreement=agreement, by=cast.employee, now=timezone.now())
    is_refused(once, "UPDATE commitments_share SET ended_at = NULL")
    is_refused("Cannot delete", "DELETE FROM commitments_share")
    is_refused("Cannot truncate", "TRUNCATE commitments_share")


# The line from the other end


def test_who_leads_two_units_in_line_is_led_from_above_both(cast: Cast) -> None:
    top = make_leader(cast.agency, "Tone Topp")
    make_leadership(cast.leader, make_unit("Natt", parent=cast.unit))
    cast.department.leaderships.update(valid_to=timezone.localdate() - DAY)
    make_leadership(cast.leader, cast.department, since=timezone.localdate())
    led = [pair.employee for pair in pairs_of_leader(top, timezone.localdate())]
    assert cast.leader in led
    assert cast.employee not in led


def test_a_leader_who_may_not_sign_in_stands_in_nobodys_way(cast: Cast) -> None:
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    led = [pair.employee for pair in pairs_of_leader(cast.manager, timezone.localdate())]
    assert led == [cast.employee]
