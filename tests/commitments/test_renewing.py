"""Going on from what was signed: on a newer mission, or with a new leader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.evidence.verification import verify_all
from commitments.leader_changes.actions import stop_sharing
from commitments.locking import AgreementRefused
from commitments.models import Agreement, Revision, Share
from commitments.renewing.actions import carry_agreement_forward, reconcile_draft, renew_agreement
from missions.models import MissionVersion
from outbox.models import Letter
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import (
    EMPLOYEES_TEXT,
    SECRETS,
    agree,
    make_agreed,
    make_draft,
    make_proposal,
    make_signed,
    newest,
    propose,
    sign,
)
from tests.commitments.test_parting import shared
from tests.factories import make_leadership
from tests.missions.factories import make_mission

SignedIn = Callable[[User], Client]

OTHERS = ["Noe helt annet", "Noe nytt", "Noe tredje"]


def kept_and_lost(cast: Cast) -> MissionVersion:
    """A new mission: one old activity in other letters and spaces, and one that is new."""
    old = newest_mission(cast).core_activities.order_by("order")
    words = [f"{old[0].text.upper()} ", "Følge opp pårørende", "Lære opp nye"]
    return make_mission(cast.unit, activities=words)


def newest_mission(cast: Cast) -> MissionVersion:
    return MissionVersion.objects.filter(mission__unit=cast.unit).order_by("-number")[0]


def renew(agreement: Agreement, by: User) -> Revision:
    return renew_agreement(agreement=agreement, reason="Nytt år", by=by, now=timezone.now())


def tied(revision: Revision) -> list[str | None]:
    return [
        one.core_activity.text if one.core_activity else None
        for one in revision.commitments.select_related("core_activity")
    ]


def test_a_renewal_hangs_on_the_newest_mission(cast: Cast) -> None:
    signed = make_signed(cast)
    mission = kept_and_lost(cast)
    draft = renew(signed.agreement, cast.leader)
    assert (draft.state, draft.number, draft.mission_version) == ("draft", 2, mission)
    assert tied(draft) == [mission.core_activities.order_by("order")[0].text] * 2
    assert Revision.objects.get(pk=signed.pk).state == "signed"
    assert [one.kind for one in signed.agreement.evidence.all()][-1] == "renewed"
    assert list(verify_all()) == []


def test_a_commitment_whose_activity_is_gone_waits_for_another(cast: Cast) -> None:
    signed = make_signed(cast)
    make_mission(cast.unit, activities=OTHERS)
    draft = newest(renew(signed.agreement, cast.leader).agreement)
    assert tied(draft) == [None, None]
    with pytest.raises(AgreementRefused, match="kjerneaktivitet"):
        propose(draft, by=cast.leader)


def test_a_renewal_is_signed_like_any_other_revision(cast: Cast) -> None:
    signed = make_signed(cast)
    kept_and_lost(cast)
    draft = newest(renew(signed.agreement, cast.leader).agreement)
    agreed = agree(propose(draft, by=cast.leader), by=cast.employee)
    again = sign(sign(agreed, by=cast.leader), by=cast.employee)
    assert (again.number, again.state) == (2, "signed")


def test_a_renewal_leaves_a_day_that_has_passed_behind(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    assert renew(signed.agreement, cast.leader).follow_up_on is None


def test_only_what_is_signed_and_at_rest_is_renewed(cast: Cast) -> None:
    draft = make_draft(cast)
    with pytest.raises(AgreementRefused):
        renew(draft.agreement, cast.leader)


@pytest.mark.parametrize(
    ("make", "number"), [(make_draft, 1), (make_proposal, 2), (make_agreed, 2)]
)
def test_what_is_being_written_hangs_on_the_newest_mission(
    cast: Cast, make: Any, number: int
) -> None:
    current = make(cast)
    mission = kept_and_lost(cast)
    draft = reconcile_draft(revision=current, by=cast.leader, now=timezone.now())
    assert (draft.number, draft.state, draft.mission_version) == (number, "draft", mission)
    assert tied(draft) == [mission.core_activities.order_by("order")[0].text] * 2
    assert list(verify_all()) == []


def test_what_hangs_on_the_newest_mission_already_is_let_be(cast: Cast) -> None:
    with pytest.raises(AgreementRefused, match="allerede på det nyeste"):
        reconcile_draft(revision=make_draft(cast), by=cast.leader, now=timezone.now())


def test_a_save_of_what_was_before_is_told(cast: Cast) -> None:
    draft = make_draft(cast)
    kept_and_lost(cast)
    reconcile_draft(revision=draft, by=cast.leader, now=timezone.now())
    assert newest(draft.agreement).version == draft.version + 1


def test_reconciling_by_the_pages(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast)
    make_mission(cast.unit, activities=OTHERS)
    browser = signed_in(cast.employee)
    url = reverse("commitments:reconcile", args=[signed.agreement_id])
    detail = browser.get(reverse("commitments:detail", args=[signed.agreement_id]))
    assert url in detail.content.decode()
    page = browser.get(url).content.decode()
    assert f"Velg ny kjerneaktivitet for «{EMPLOYEES_TEXT}»" in page
    assert "lp-error-summary" in browser.post(url, {"text": ""}).content.decode()
    browser.post(url, {"text": "Nytt oppdrag"})
    assert newest(signed.agreement).reason == "Nytt oppdrag"
    make_mission(cast.unit, activities=[*OTHERS, "Enda noe"])
    assert "Avstem på nytt" in browser.get(url).content.decode()
    done = browser.post(url, follow=True).content.decode()
    assert "bygger nå på det nyeste oppdraget" in done


# With a new leader


def carry(share: Share, by: User) -> Agreement:
    return carry_agreement_forward(share=share, by=by, now=timezone.now())


@pytest.mark.parametrize("who", ["employee", "new leader"])
def test_what_was_signed_is_carried_into_a_draft_between_the_new_two(cast: Cast, who: str) -> None:
    old, successor = shared(cast)
    by = cast.employee if who == "employee" else successor
    carried = carry(Share.objects.get(), by)
    assert (carried.leader, carried.employee, carried.unit) == (successor, cast.employee, cast.unit)
    draft = newest(carried)
    assert (draft.state, draft.number) == ("draft", 1)
    assert EMPLOYEES_TEXT in [one.text for one in draft.commitments.all()]
    old.refresh_from_db()
    assert (old.ended_by, carried.carried_from) == (by, old)
    other = carried.counterpart_of(by)
    assert Letter.objects.get(kind="commitments.carried").recipient == other
    assert list(verify_all()) == []


def test_the_new_leader_reads_the_draft_and_not_the_old_one(
    cast: Cast, signed_in: SignedIn
) -> None:
    old, successor = shared(cast)
    carried = carry(Share.objects.get(), cast.employee)
    browser = signed_in(successor)
    assert browser.get(reverse("commitments:shared", args=[old.pk])).status_code == 404
    assert browser.get(reverse("commitments:detail", args=[old.pk])).status_code == 404
    page = browser.get(reverse("commitments:detail", args=[carried.pk])).content.decode()
    assert EMPLOYEES_TEXT in page
    assert SECRETS[3] not in page
    assert signed_in(cast.leader).get(f"/avtaler/{carried.pk}/").status_code == 404


def test_the_letter_about_it_says_nothing(cast: Cast) -> None:
    shared(cast)
    carry(Share.objects.get(), cast.employee)
    letter = Letter.objects.get(kind="commitments.carried")
    assert letter.subject == "En avtale er ført videre"
    assert all(secret not in letter.text + letter.html for secret in SECRETS)


def test_it_takes_a_share(cast: Cast) -> None:
    old, successor = shared(cast)
    share = Share.objects.get()
    for by in (cast.leader, cast.manager, cast.stranger):
        with pytest.raises(AgreementRefused, match="ikke delt"):
            carry(share, by)
    stop_sharing(agreement=old, by=cast.employee, now=timezone.now())
    with pytest.raises(AgreementRefused, match="ikke delt"):
        carry(share, successor)


def test_not_to_somebody_who_leads_no_more(cast: Cast) -> None:
    shared(cast)
    cast.unit.leaderships.all().delete()
    with pytest.raises(AgreementRefused, match="lederen din nå"):
        carry(Share.objects.get(), cast.employee)


def test_not_beside_an_agreement_of_the_new_two(cast: Cast) -> None:
    _old, successor = shared(cast)
    Agreement.objects.create(
        leader=successor, employee=cast.employee, unit=cast.unit, created_by=successor
    )
    with pytest.raises(AgreementRefused, match="allerede begynt"):
        carry(Share.objects.get(), cast.employee)


def test_carrying_by_the_pages(cast: Cast, signed_in: SignedIn) -> None:
    old, successor = shared(cast)
    browser = signed_in(successor)
    url = reverse("commitments:carry", args=[old.pk])
    assert url in browser.get(reverse("commitments:shared", args=[old.pk])).content.decode()
    assert "Ingenting gjelder før dere begge har signert" in browser.get(url).content.decode()
    assert "Dere har et utkast" in browser.post(url, follow=True).content.decode()
    assert browser.get(url).status_code == 404


def test_a_refusal_is_said_on_the_page(cast: Cast, signed_in: SignedIn) -> None:
    old, _successor = shared(cast)
    cast.unit.leaderships.all().delete()
    make_leadership(cast.manager, cast.unit)
    url = reverse("commitments:carry", args=[old.pk])
    page = signed_in(cast.employee).post(url, follow=True).content.decode()
    assert "lederen din nå" in page
