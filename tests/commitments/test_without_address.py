"""An agreement with somebody who has no address: told where they are chosen, and not proposed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commitments.locking import AgreementRefused
from commitments.models import Agreement, RevisionState
from outbox.models import Letter
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import make_draft, make_proposal, newest, propose
from tests.commitments.test_rounds import form
from tests.commitments.test_views import text_of, url
from tests.factories import make_employee
from tests.missions.factories import make_mission

SignedIn = Callable[[User], Client]
ASK_HR = "Be HR om å registrere en e-postadresse."


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The employee has no address."""
    without_address(cast.employee)
    return cast


def without_address(person: User) -> None:
    User.objects.filter(pk=person.pk).update(email=None)
    person.refresh_from_db()


def with_address(person: User) -> None:
    User.objects.filter(pk=person.pk).update(email="ny@example.org")
    person.refresh_from_db()


def test_leader_sees_among_their_people_who_has_none(cast: Cast, signed_in: SignedIn) -> None:
    make_employee(cast.unit, "Åse Moe")
    page = text_of(signed_in(cast.leader).get("/avtaler/"))
    assert page.count("ingen e-postadresse</span>") == 1
    assert page.count(ASK_HR) == 1
    with_address(cast.employee)
    page = text_of(signed_in(cast.leader).get("/avtaler/"))
    assert [words for words in ("ingen e-postadresse", ASK_HR) if words in page] == []


def test_leader_sees_on_their_own_page_how_many_have_none(cast: Cast, signed_in: SignedIn) -> None:
    make_employee(cast.unit, "Åse Moe")
    told = "1 har ingen e-postadresse og kan ikke logge inn. Be HR om å registrere en."
    assert told in text_of(signed_in(cast.leader).get("/"))
    assert "ingen e-postadresse" not in text_of(signed_in(cast.manager).get("/"))
    make_employee(cast.unit, "Rut Vask", email=None)
    assert "2 har ingen e-postadresse" in text_of(signed_in(cast.leader).get("/"))


def test_whoever_begins_is_told_at_the_choosing(cast: Cast, signed_in: SignedIn) -> None:
    make_mission(cast.unit)
    key = f"{cast.leader.pk}-{cast.employee.pk}-{cast.unit.pk}"
    page = text_of(signed_in(cast.leader).get(reverse("commitments:start"), {"par": key}))
    assert f"{cast.unit.name} (ingen e-postadresse)" in page
    assert f"{cast.employee.name} har ingen e-postadresse" in page
    assert ASK_HR in page


def test_draft_is_written_and_not_proposed_before_there_is_an_address(cast: Cast) -> None:
    draft = make_draft(cast, by=cast.leader)
    with pytest.raises(AgreementRefused, match="har ingen e-postadresse") as refused:
        propose(draft, by=cast.leader)
    assert ASK_HR in refused.value.message
    assert newest(draft.agreement).state == RevisionState.DRAFT
    assert Letter.objects.count() == 0
    with_address(cast.employee)
    assert propose(draft, by=cast.leader).state == RevisionState.PROPOSED
    assert Letter.objects.get().to_email == "ny@example.org"


def test_pages_of_the_draft_say_what_it_waits_for(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast, by=cast.leader)
    browser = signed_in(cast.leader)
    for name in ("detail", "propose"):
        page = text_of(browser.get(url(name, draft)))
        assert f"{cast.employee.name} har ingen e-postadresse" in page
        assert "None" not in page
    seen = {"revision": draft.pk, "version": draft.version}
    told = text_of(browser.post(url("propose", draft), seen, follow=True))
    assert ASK_HR in told
    assert newest(draft.agreement).state == RevisionState.DRAFT


def test_whoever_waits_is_told_when_the_address_is_taken_away(
    cast: Cast, signed_in: SignedIn
) -> None:
    with_address(cast.employee)
    proposal = make_proposal(cast, by=cast.leader)
    browser = signed_in(cast.leader)
    assert "Avtalen venter på en e-postadresse" not in text_of(browser.get(url("detail", proposal)))
    without_address(cast.employee)
    assert "Avtalen venter på en e-postadresse" in text_of(browser.get(url("detail", proposal)))


def test_a_round_begins_with_those_who_have_one_and_tells_of_others_that_are_chosen(
    cast: Cast, signed_in: SignedIn
) -> None:
    colleague = make_employee(cast.unit, "Åse Moe")
    make_mission(cast.unit)
    browser = signed_in(cast.leader)
    where = reverse("commitments:begin_round", args=[cast.unit.pk])
    editor = browser.get(where).context["editor"]
    key = f"{cast.leader.pk}-{colleague.pk}-{cast.unit.pk}"
    assert editor.settings.fields["people"].initial == [key]
    told = text_of(browser.post(where, form(cast, [cast.employee, colleague]), follow=True))
    assert f"{cast.employee.name} har ingen e-postadresse" in told
    assert "Åse Moe har ingen e-postadresse" not in told
    assert Agreement.objects.count() == 2
