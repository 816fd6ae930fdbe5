"""The pages: what each of the two can do there, and what becomes of what they type."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.ending.actions import end_agreement
from commitments.models import Agreement, FollowUp, Note, Outcome, Revision, Signature
from commitments.proposing.actions import propose_agreement
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import (
    EMPLOYEES_TEXT,
    LEADERS_TEXT,
    PASSWORD,
    make_agreed,
    make_agreement,
    make_draft,
    make_proposal,
    make_signed,
    newest,
    save,
    sign,
    sign_in_fully,
)
from tests.factories import make_employee
from tests.missions.factories import make_mission

SignedIn = Callable[[User], Client]


def url(name: str, agreement: Agreement | Revision) -> str:
    pk = agreement.pk if isinstance(agreement, Agreement) else agreement.agreement_id
    return reverse(f"commitments:{name}", args=[pk])


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def seen(revision: Revision) -> dict[str, Any]:
    return {"revision": revision.pk, "version": revision.version, "sha256": revision.sha256}


def typed(revision: Revision, *rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """What a browser sends from the page where an agreement is written."""
    data: dict[str, Any] = {
        "revision": revision.pk,
        "version": revision.version,
        "follow_up_on": "",
        "c-TOTAL_FORMS": len(rows),
        "c-INITIAL_FORMS": 0,
        **fields,
    }
    for number, row in enumerate(rows):
        data |= {f"c-{number}-{name}": value for name, value in row.items()}
    return data


def row_of(revision: Revision, owner: str = "leader", **fields: Any) -> dict[str, Any]:
    activity = revision.mission_version.core_activities.all()[0]
    return {
        "owner": owner,
        "text": LEADERS_TEXT if owner == "leader" else EMPLOYEES_TEXT,
        "why": "Fordi de venter på svar",
        "core_activity": activity.pk,
        **fields,
    }


# The list, and starting


def test_list_shows_each_pair_with_its_state_or_a_start(cast: Cast, signed_in: SignedIn) -> None:
    make_proposal(cast)
    other = make_employee(cast.unit, "Åse Moe")
    page = signed_in(cast.leader).get(reverse("commitments:list"))
    rows = page.context["overview"].as_leader
    shown = [(row.other, row.tag.text if row.tag else None) for row in rows]
    assert shown == [(cast.employee, "Venter på svaret ditt"), (other, None)]
    assert [row.other for row in page.context["overview"].as_employee] == [cast.manager]


@pytest.mark.parametrize(
    ("make", "leaders", "employees"),
    [
        (make_draft, "Utkast", "Utkast"),
        (make_proposal, "Venter på svaret ditt", "Venter på Liv"),
        (make_agreed, "Klar til signering", "Klar til signering"),
        (
            lambda cast: sign(make_agreed(cast), by=cast.leader),
            "Venter på Even",
            "Klar til signering",
        ),
        (make_signed, "Signert", "Signert"),
    ],
)
def test_list_says_whose_turn_it_is(
    cast: Cast, signed_in: SignedIn, make: Any, leaders: str, employees: str
) -> None:
    make(cast)
    leader = signed_in(cast.leader).get(reverse("commitments:list")).context["overview"]
    employee = signed_in(cast.employee).get(reverse("commitments:list")).context["overview"]
    assert [row.tag.text for row in leader.as_leader] == [leaders]
    assert [row.tag.text for row in employee.as_employee] == [employees]


def test_list_keeps_an_agreement_with_a_former_leader_for_the_employee(
    cast: Cast, signed_in: SignedIn
) -> None:
    make_signed(cast)
    cast.employee.positions.update(unit=cast.other_unit)
    overviews = {
        kind: signed_in(getattr(cast, kind)).get(reverse("commitments:list")).context["overview"]
        for kind in ("leader", "employee")
    }
    assert [row.other for row in overviews["employee"].as_employee] == [cast.leader]
    assert overviews["leader"].as_leader == []


def test_list_shows_what_is_ended_apart(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    end_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())
    overview = signed_in(cast.employee).get(reverse("commitments:list")).context["overview"]
    assert [row.tag.text for row in overview.ended] == ["Avsluttet"]
    assert [row.agreement for row in overview.as_employee] == [None]


@pytest.mark.parametrize("who", ["leader", "employee"])
def test_either_starts_and_lands_on_the_agreement(
    cast: Cast, signed_in: SignedIn, who: str
) -> None:
    make_mission(cast.unit)
    pair = f"{cast.leader.pk}-{cast.employee.pk}-{cast.unit.pk}"
    browser = signed_in(getattr(cast, who))
    page = browser.get(reverse("commitments:start"), {"par": pair})
    assert page.context["chosen"].employee == cast.employee
    answer = browser.post(reverse("commitments:start"), {"pair": pair})
    agreement = Agreement.objects.get()
    assert answer.headers["Location"] == url("detail", agreement)
    assert agreement.created_by == getattr(cast, who)


def test_start_offers_only_those_without_an_agreement(cast: Cast, signed_in: SignedIn) -> None:
    make_draft(cast)
    other = make_employee(cast.unit, "Åse Moe")
    page = signed_in(cast.leader).get(reverse("commitments:start"))
    offered = [pair.employee for pair in page.context["form"].pairs.values()]
    assert offered == [cast.leader, other]


def test_start_has_nobody_to_offer_whoever_is_at_the_top(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.organiser).get(reverse("commitments:start"))
    assert page.context["has_pairs"] is False


@pytest.mark.parametrize("who", ["manager", "hr", "administrator", "stranger"])
def test_nobody_starts_for_two_others(cast: Cast, signed_in: SignedIn, who: str) -> None:
    make_mission(cast.unit)
    pair = f"{cast.leader.pk}-{cast.employee.pk}-{cast.unit.pk}"
    page = signed_in(getattr(cast, who)).post(reverse("commitments:start"), {"pair": pair})
    assert page.status_code == 200
    assert Agreement.objects.count() == 0


def test_a_leader_above_does_not_start_past_the_line_manager(
    cast: Cast, signed_in: SignedIn
) -> None:
    make_mission(cast.unit)
    pair = f"{cast.manager.pk}-{cast.employee.pk}-{cast.unit.pk}"
    signed_in(cast.manager).post(reverse("commitments:start"), {"pair": pair})
    assert Agreement.objects.count() == 0


def test_start_says_why_not_without_a_mission(cast: Cast, signed_in: SignedIn) -> None:
    pair = f"{cast.leader.pk}-{cast.employee.pk}-{cast.unit.pk}"
    browser = signed_in(cast.leader)
    page = browser.post(reverse("commitments:start"), {"pair": pair}, follow=True)
    assert said(page) == [
        "Enheten har ikke noe publisert oppdrag ennå, og avtalen skal bygge på det."
    ]


# Reading


def test_detail_shows_both_sides_the_mission_and_who_sees_it(
    cast: Cast, signed_in: SignedIn
) -> None:
    shown = text_of(signed_in(cast.leader).get(url("detail", make_draft(cast))))
    for words in (LEADERS_TEXT, EMPLOYEES_TEXT, "gjør hverdagen tryggere", "Hvem ser dette?"):
        assert words in shown


@pytest.mark.parametrize(
    ("make", "who", "title"),
    [
        (lambda cast: newest(make_agreement(cast)), "employee", "Forbered deg til samtalen"),
        (make_draft, "employee", "Send forslaget til Liv"),
        (make_draft, "leader", "Even skriver"),
        (make_proposal, "leader", "Even har foreslått dette for deg"),
        (make_proposal, "employee", "Forslaget ligger hos Liv"),
        (make_agreed, "employee", "Dere er enige. Signer avtalen"),
        (lambda cast: sign(make_agreed(cast), by=cast.leader), "leader", "Du har signert"),
        (make_signed, "leader", "Avtalen gjelder"),
        (
            lambda cast: make_signed(cast, follow_up_on=timezone.localdate()),
            "leader",
            "Snakk sammen om hvordan det går",
        ),
        (
            lambda cast: make_signed(cast, follow_up_on=dt.date(2099, 11, 24)),
            "leader",
            "Neste samtale er tirsdag 24. november 2099",
        ),
    ],
)
def test_detail_has_one_next_step(
    cast: Cast, signed_in: SignedIn, make: Any, who: str, title: str
) -> None:
    page = signed_in(getattr(cast, who)).get(url("detail", make(cast)))
    assert page.context["step"].title == title


def test_detail_of_what_is_ended_asks_nothing(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_draft(cast).agreement
    end_agreement(agreement=agreement, reason="Slutt", by=cast.leader, now=timezone.now())
    page = signed_in(cast.employee).get(url("detail", agreement))
    assert page.context["step"] is None
    assert "Slutt" in text_of(page)


def test_detail_of_a_change_leads_to_what_is_signed(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast)
    amend_agreement(
        agreement=signed.agreement, reason="Ny turnus", by=cast.leader, now=timezone.now()
    )
    page = signed_in(cast.employee).get(url("detail", signed))
    assert page.context["held_signed"] == signed
    assert page.context["revision"].number == 2


def test_an_older_revision_is_read_as_it_was(cast: Cast, signed_in: SignedIn) -> None:
    proposal = make_proposal(cast)
    save(proposal, "leader", by=cast.leader)
    page = signed_in(cast.employee).get(
        reverse("commitments:revision", args=[proposal.agreement_id, 1])
    )
    assert EMPLOYEES_TEXT in text_of(page)


# Writing


def test_edit_shows_a_row_for_each_side_from_the_start(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.employee).get(url("edit", make_agreement(cast)))
    assert [row["owner"].value() for row in page.context["editor"].rows] == ["leader", "employee"]


def test_edit_saves_what_is_typed_and_drops_empty_rows(cast: Cast, signed_in: SignedIn) -> None:
    draft = newest(make_agreement(cast))
    data = typed(
        draft,
        row_of(draft, review_on="2027-02-01"),
        {"owner": "employee", "text": "", "why": "", "core_activity": ""},
        follow_up_on="2027-03-01",
        save="1",
    )
    answer = signed_in(cast.leader).post(url("edit", draft), data)
    saved = newest(draft.agreement)
    assert answer.headers["Location"] == url("detail", draft)
    assert [(one.owner, one.review_on) for one in saved.commitments.all()] == [
        ("leader", dt.date(2027, 2, 1))
    ]
    assert saved.follow_up_on == dt.date(2027, 3, 1)


def test_edit_takes_a_commitment_away(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    data = typed(draft, row_of(draft), row_of(draft, "employee", DELETE="on"))
    signed_in(cast.leader).post(url("edit", draft), data)
    assert [one.owner for one in newest(draft.agreement).commitments.all()] == ["leader"]


def test_edit_leads_on_to_proposing(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    data = typed(draft, row_of(draft), propose="1")
    answer = signed_in(cast.leader).post(url("edit", draft), data)
    assert answer.headers["Location"] == url("propose", draft)


def test_edit_says_what_is_missing_and_keeps_what_was_typed(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = newest(make_agreement(cast))
    data = typed(draft, row_of(draft, why="", core_activity="", text="Halvferdig"))
    page = signed_in(cast.leader).post(url("edit", draft), data)
    row = page.context["editor"].rows.forms[0]
    assert sorted(row.errors) == ["core_activity", "why"]
    assert "Halvferdig" in text_of(page)
    assert newest(draft.agreement).version == 1


def test_edit_says_which_commitment_lacks_something(cast: Cast, signed_in: SignedIn) -> None:
    """Else two that lack the same are two equal lines, the one as little of a help as the other."""
    draft = newest(make_agreement(cast))
    lacking = row_of(draft, why="")
    page = signed_in(cast.leader).post(url("edit", draft), typed(draft, lacking, lacking))
    summary = text_of(page).partition("Noe må rettes")[2].partition("Forpliktelsene")[0]
    shown = " ".join(summary.split())
    told = [f"Forpliktelse {number} – For hvem, og hvorfor:" for number in (1, 2)]
    assert [words for words in told if words not in shown] == []


def test_edit_refuses_an_activity_of_another_mission(cast: Cast, signed_in: SignedIn) -> None:
    draft = newest(make_agreement(cast))
    foreign = make_mission(cast.other_unit).core_activities.all()[0]
    data = typed(draft, row_of(draft, core_activity=foreign.pk))
    page = signed_in(cast.leader).post(url("edit", draft), data)
    assert list(page.context["editor"].rows.forms[0].errors) == ["core_activity"]


def test_one_more_row_keeps_what_was_typed_and_saves_nothing(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = newest(make_agreement(cast))
    data = typed(draft, row_of(draft, text="Halvferdig", review_on="i morgen"), more="1")
    page = signed_in(cast.leader).post(url("edit", draft), data)
    rows = page.context["editor"].rows.forms
    assert [row["text"].value() or "" for row in rows] == ["Halvferdig", ""]
    assert "i morgen" in text_of(page)
    assert newest(draft.agreement).version == 1


def test_rows_have_an_end(cast: Cast, signed_in: SignedIn) -> None:
    draft = newest(make_agreement(cast))
    data = typed(draft, *[row_of(draft)] * 21)
    page = signed_in(cast.leader).post(url("edit", draft), data)
    assert page.status_code == 200
    assert list(page.context["editor"].rows.non_form_errors()) == ["Skriv høyst 20 forpliktelser."]
    more = signed_in(cast.leader).post(url("edit", draft), {**data, "more": "1"})
    assert len(more.context["editor"].rows.forms) == 20


def test_a_form_without_its_rows_is_told_and_not_a_crash(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    page = signed_in(cast.leader).post(url("edit", draft), {"revision": "x"})
    assert page.status_code == 200
    assert newest(draft.agreement).version == draft.version


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = make_draft(cast)
    mine = typed(draft, row_of(draft, text="Det jeg skrev"), follow_up_on="2027-03-01")
    save(draft, "leader", by=cast.employee)
    browser = signed_in(cast.leader)
    page = browser.post(url("edit", draft), mine)
    shown = text_of(page)
    assert page.status_code == 409
    assert "Even Moen har endret avtalen mens du skrev" in shown
    for words in ("Det jeg skrev", LEADERS_TEXT, "2027-03-01"):
        assert words in shown
    assert [one.text for one in newest(draft.agreement).commitments.all()] == [LEADERS_TEXT]
    # Saving again from that page is a choice, and goes through.
    current = newest(draft.agreement)
    browser.post(url("edit", draft), typed(current, row_of(draft, text="Det jeg skrev")))
    assert [one.text for one in newest(draft.agreement).commitments.all()] == ["Det jeg skrev"]
    assert page.context["editor"].settings.initial["version"] == current.version


def test_an_editor_who_comes_after_the_signing_is_told(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast)
    page = signed_in(cast.leader).post(url("edit", signed), typed(signed, row_of(signed)))
    assert page.status_code == 403


# Answering


def test_propose_from_the_page(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast, "employee")
    browser = signed_in(cast.employee)
    assert "Lederens side mangler" in text_of(browser.get(url("propose", draft)))
    page = browser.post(url("propose", draft), seen(draft), follow=True)
    assert said(page) == ["Forslaget er sendt. Liv får brev om det."]
    assert newest(draft.agreement).state == "proposed"


def test_propose_of_what_was_changed_meanwhile_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    save(draft, by=cast.leader)
    page = signed_in(cast.employee).post(url("propose", draft), seen(draft), follow=True)
    assert said(page) == ["Avtalen er endret siden du så den. Les den på nytt før du går videre."]


def test_propose_of_another_revision_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    data = {**seen(draft), "revision": draft.pk + 1}
    page = signed_in(cast.employee).post(url("propose", draft), data, follow=True)
    assert newest(draft.agreement).state == "draft"
    assert len(said(page)) == 1


def test_agree_from_the_page(cast: Cast, signed_in: SignedIn) -> None:
    proposal = make_proposal(cast)
    page = signed_in(cast.leader).post(url("agree", proposal), seen(proposal), follow=True)
    assert said(page) == ["Dere er enige. Nå kan dere begge signere."]


def test_agree_to_an_older_text_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    proposal = make_proposal(cast)
    data = {**seen(proposal), "sha256": "0" * 64}
    signed_in(cast.leader).post(url("agree", proposal), data)
    assert newest(proposal.agreement).state == "proposed"


def test_agree_leads_on_where_a_side_is_missing(cast: Cast, signed_in: SignedIn) -> None:
    proposal = make_proposal(cast, "employee")
    browser = signed_in(cast.leader)
    assert "Lederen har ingen egen forpliktelse" in text_of(browser.get(url("agree", proposal)))
    page = browser.post(url("agree", proposal), seen(proposal), follow=True)
    assert said(page) == ["Lederen må ha minst én egen forpliktelse. Rediger, og foreslå."]


def test_send_back_wants_words(cast: Cast, signed_in: SignedIn) -> None:
    proposal = make_proposal(cast)
    browser = signed_in(cast.leader)
    page = browser.post(url("send_back", proposal), {**seen(proposal), "text": ""})
    assert list(page.context["form"].errors) == ["text"]
    data = {**seen(proposal), "text": "Vi er uenige om turnusen"}
    browser.post(url("send_back", proposal), data)
    assert Note.objects.get().text == "Vi er uenige om turnusen"
    assert newest(proposal.agreement).state == "draft"


def test_send_back_of_another_revision_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    proposal = make_proposal(cast)
    old = save(proposal, by=cast.employee)
    propose_agreement(revision=old, seen_version=old.version, by=cast.employee, now=timezone.now())
    data = {**seen(proposal), "text": "Om det gamle"}
    signed_in(cast.leader).post(url("send_back", proposal), data)
    assert (newest(proposal.agreement).state, Note.objects.count()) == ("proposed", 0)


def test_comment_from_the_page(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    browser.post(url("comment", draft), {"text": "Godt!"})
    assert "Godt!" in text_of(browser.get(url("detail", draft)))
    assert list(browser.post(url("comment", draft), {}).context["form"].errors) == ["text"]


# Signing


def confirm(browser: Client) -> None:
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize("name", ["agree", "sign"])
def test_a_mission_changed_meanwhile_is_told_before_one_binds_oneself(
    cast: Cast, name: str
) -> None:
    """It was told on the page that came after the signature."""
    revision = make_proposal(cast) if name == "agree" else make_agreed(cast)
    browser = sign_in_fully(cast.leader)
    confirm(browser)
    warning = "Oppdraget som avtalen bygger på, er endret vesentlig siden."
    assert warning not in browser.get(url(name, revision)).content.decode()
    newest_mission = make_mission(cast.unit, core_task="Slik det ble")
    page = browser.get(url(name, revision)).content.decode()
    assert warning in page
    assert reverse("missions:changes", args=[newest_mission.pk]) in page
    assert reverse("commitments:reconcile", args=[revision.agreement_id]) in page


def test_whoever_is_sent_a_proposal_is_told_what_it_is_and_may_decline(cast: Cast) -> None:
    proposed = make_proposal(cast)
    page = sign_in_fully(cast.leader).get(url("detail", proposed)).content.decode()
    about = page.partition("Hva er en slik avtale?")[2].partition("</details>")[0]
    assert "Ingen av dere er bundet av den før begge har signert." in about
    assert reverse("commitments:decline", args=[proposed.agreement_id]) in about
    other = sign_in_fully(cast.employee).get(url("detail", proposed)).content.decode()
    assert "Hva er en slik avtale?" not in other


def test_sign_asks_who_you_are_and_then_signs(cast: Cast) -> None:
    agreed = make_agreed(cast)
    browser = sign_in_fully(cast.leader)
    asked = browser.get(url("sign", agreed))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    confirm(browser)
    assert browser.get(url("sign", agreed)).status_code == 200
    page = browser.post(url("sign", agreed), seen(agreed), follow=True)
    assert said(page)[-1] == "Du har signert. Nå mangler bare signaturen til Even."
    signature = Signature.objects.get()
    assert (signature.signer, signature.method) == (cast.leader, "password")


def test_sign_by_the_second_says_that_both_have(cast: Cast) -> None:
    agreed = sign(make_agreed(cast), by=cast.employee)
    browser = sign_in_fully(cast.leader)
    confirm(browser)
    page = browser.post(url("sign", agreed), seen(agreed), follow=True)
    assert said(page)[-1] == "Avtalen er signert av dere begge. Dere får brev begge to."
    assert newest(agreed.agreement).state == "signed"


def test_sign_right_after_signing_in_still_asks(cast: Cast) -> None:
    agreed = make_agreed(cast)
    browser = sign_in_fully(cast.leader)
    assert browser.post(url("sign", agreed), seen(agreed)).status_code == 302
    assert Signature.objects.count() == 0


def recorded(cast: Cast, *, hours_ago: int = 0, **record: Any) -> Client:
    browser = sign_in_fully(cast.leader)
    session = browser.session
    at = time.time() - 3600 * hours_ago
    session["account_authentication_methods"] = [
        {"method": "password", "at": at, "reauthenticated": True, **record}
    ]
    session.save()
    return browser


@pytest.mark.parametrize(
    "record",
    [
        {"hours_ago": 1},
        {"method": "demo"},
        {"method": "a method of tomorrow"},
        {"method": "mfa", "type": "carrier pigeon"},
        {"reauthenticated": False},
    ],
)
def test_sign_with_a_record_that_proves_nothing_is_refused(
    cast: Cast, record: dict[str, Any]
) -> None:
    agreed = make_agreed(cast)
    answer = recorded(cast, **record).post(url("sign", agreed), seen(agreed))
    assert answer.headers["Location"] == url("sign", agreed)
    assert Signature.objects.count() == 0


@pytest.mark.parametrize(
    ("record", "method"),
    [
        ({"method": "code"}, "code"),
        ({"method": "socialaccount"}, "socialaccount"),
        ({"method": "mfa", "type": "totp"}, "totp"),
        ({"method": "mfa", "type": "webauthn"}, "webauthn"),
        ({"method": "mfa", "type": "recovery_codes"}, "recovery_codes"),
    ],
)
def test_sign_keeps_the_method_as_it_was_recorded(
    cast: Cast, record: dict[str, Any], method: str
) -> None:
    agreed = make_agreed(cast)
    recorded(cast, **record).post(url("sign", agreed), seen(agreed))
    assert Signature.objects.get().method == method


def test_sign_of_an_older_text_is_refused(cast: Cast) -> None:
    agreed = make_agreed(cast)
    browser = sign_in_fully(cast.leader)
    confirm(browser)
    data = {**seen(agreed), "sha256": "0" * 64}
    page = browser.post(url("sign", agreed), data, follow=True)
    assert said(page)[-1].startswith("Avtalen er endret siden du så den")


def test_sign_again_leads_back(cast: Cast, signed_in: SignedIn) -> None:
    agreed = sign(make_agreed(cast), by=cast.leader)
    answer = signed_in(cast.leader).get(url("sign", agreed))
    assert answer.headers["Location"] == url("detail", agreed)


# Keeping


def test_amend_from_the_page(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast)
    signed_in(cast.employee).post(url("amend", signed), {"text": "Ny turnus"})
    assert newest(signed.agreement).reason == "Ny turnus"


def words_for(signed: Revision, word: str, why: str = "") -> dict[str, str]:
    data: dict[str, str] = {}
    for one in signed.commitments.all():
        data |= {f"o{one.pk}-word": word, f"o{one.pk}-why": why}
    return data


def test_follow_up_is_written_down_in_words(cast: Cast, signed_in: SignedIn) -> None:
    today = timezone.localdate()
    signed = make_signed(cast, follow_up_on=today)
    next_on = today + dt.timedelta(days=90)
    data = {**words_for(signed, "on_the_way"), "next_on": next_on.isoformat()}
    browser = signed_in(cast.employee)
    browser.post(url("follow_up", signed), data)
    assert [one.word for one in Outcome.objects.all()] == ["on_the_way", "on_the_way"]
    assert FollowUp.objects.outstanding().get().due_on == next_on
    assert "På vei" in text_of(browser.get(url("detail", signed)))


def test_follow_up_says_what_is_missing(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    data = {**words_for(signed, "let_go"), "next_on": timezone.localdate().isoformat()}
    page = signed_in(cast.leader).post(url("follow_up", signed), data)
    assert len(page.context["conversation"].forms_with_errors) == 3
    assert Outcome.objects.count() == 0


def test_follow_up_that_was_held_leads_back(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    browser = signed_in(cast.leader)
    browser.post(url("follow_up", signed), words_for(signed, "kept"))
    assert browser.get(url("follow_up", signed)).headers["Location"] == url("detail", signed)


def test_end_from_the_page(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    signed_in(cast.leader).post(url("end", draft), {"text": "Ny stilling"})
    assert Agreement.objects.get().ended_by == cast.leader
