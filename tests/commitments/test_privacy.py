"""«Hvem ser dette?» is stated on each page. Here it is true, with content that could leak."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.ending.actions import end_agreement
from commitments.evidence.sealing import keep_document
from commitments.models import (
    Agreement,
    Commitment,
    FollowUp,
    Note,
    Revision,
    Signature,
)
from commitments.proposing.actions import agree_to_proposal, send_back_proposal
from outbox.models import Letter
from people.models import AuditRecord, User
from tests import clock
from tests.cast import KINDS, Cast
from tests.commitments.factories import (
    SECRETS,
    make_agreed,
    make_proposal,
    newest,
    propose,
    sign,
)
from tests.factories import make_leadership

SignedIn = Callable[[User], Client]
OTHERS = [kind for kind in KINDS if kind not in ("leader", "employee")]
MODELS = [Agreement, Revision, Commitment, Signature, Note, FollowUp]
PAGES = ["detail", "edit", "propose", "agree", "send_back", "sign", "pdf", "amend", "end"]
REPORTS = ["home", "commitments:list", "commitments:start", "missions:mine", "people:audit"]


def lived(cast: Cast) -> Revision:
    """An agreement with everything in it: notes, superseded wordings, signatures, a document."""
    proposal = make_proposal(cast, follow_up_on=timezone.localdate())
    send_back_proposal(revision=proposal, note=SECRETS[3], by=cast.leader, now=timezone.now())
    again = propose(newest(proposal.agreement), by=cast.employee)
    agree_to_proposal(revision=again, sha256=again.sha256, by=cast.leader, now=timezone.now())
    signed = sign(sign(newest(again.agreement), by=cast.leader), by=cast.employee)
    keep_document(revision=signed, now=timezone.now())
    return signed


@pytest.mark.parametrize("model", MODELS)
def test_rows_are_seen_by_the_two_and_nobody_else(cast: Cast, model: type) -> None:
    lived(cast)
    everything = model.objects.count()
    counts = {
        kind: model.objects.visible_to(getattr(cast, kind), on=clock.today()).count()
        for kind in KINDS
    }
    assert counts == dict.fromkeys(OTHERS, 0) | {"leader": everything, "employee": everything}
    assert everything > 0
    assert model.objects.visible_to(AnonymousUser(), on=clock.today()).count() == 0


@pytest.mark.parametrize("kind", OTHERS)
def test_no_page_shows_it_to_anybody_else(cast: Cast, signed_in: SignedIn, kind: str) -> None:
    signed = lived(cast)
    browser = signed_in(getattr(cast, kind))
    for name in PAGES:
        answer = browser.get(reverse(f"commitments:{name}", args=[signed.agreement_id]))
        assert answer.status_code == 404
        assert all(secret not in answer.content.decode() for secret in SECRETS)


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("name", REPORTS)
def test_no_list_or_figure_says_a_word_of_it(
    cast: Cast, signed_in: SignedIn, kind: str, name: str
) -> None:
    lived(cast)
    answer = signed_in(getattr(cast, kind)).get(reverse(name))
    assert all(secret not in answer.content.decode() for secret in SECRETS)


def test_the_list_of_a_leader_above_does_not_show_the_pair(cast: Cast, signed_in: SignedIn) -> None:
    lived(cast)
    page = signed_in(cast.manager).get(reverse("commitments:list")).content.decode()
    assert cast.employee.name not in page


def test_the_two_do_see_it(cast: Cast, signed_in: SignedIn) -> None:
    """Without this, the tests above would pass on empty pages."""
    signed = lived(cast)
    for person in (cast.leader, cast.employee):
        page = signed_in(person).get(reverse("commitments:detail", args=[signed.agreement_id]))
        assert [secret for secret in SECRETS if secret not in page.content.decode()] == []


def test_no_letter_says_what_an_agreement_says(cast: Cast) -> None:
    signed = lived(cast)
    end_agreement(agreement=signed.agreement, reason=SECRETS[3], by=cast.leader, now=timezone.now())
    letters = list(Letter.objects.all())
    assert len(letters) == 8  # Both are told that it has ended.
    for letter in letters:
        words = letter.subject + letter.text + letter.html + letter.calendar
        assert all(secret not in words for secret in SECRETS)


def test_no_subject_names_anybody(cast: Cast) -> None:
    """A subject is read on locked screens, and by whoever looks over a shoulder."""
    lived(cast)
    subjects = set(Letter.objects.values_list("subject", flat=True))
    assert subjects == {
        "Et forslag venter på svar fra deg",
        "Forslaget ditt er sendt tilbake",
        "En avtale er klar til signering",
        "Avtalen er signert av dere begge",
    }


def test_letters_go_to_the_two_alone(cast: Cast) -> None:
    lived(cast)
    recipients = set(Letter.objects.values_list("recipient", flat=True))
    assert recipients == {cast.leader.pk, cast.employee.pk}


def test_a_letter_in_english_is_in_english_order_and_as_silent(cast: Cast) -> None:
    User.objects.filter(pk=cast.employee.pk).update(language="en")
    cast.employee.refresh_from_db()
    make_agreed(cast)
    letter = Letter.objects.get(kind="commitments.agreed")
    assert letter.language == "en"
    assert all(secret not in letter.text for secret in SECRETS)


def test_the_audit_trail_says_nothing_of_what_was_written(cast: Cast) -> None:
    signed = lived(cast)
    end_agreement(agreement=signed.agreement, reason=SECRETS[3], by=cast.leader, now=timezone.now())
    records = AuditRecord.objects.filter(action__startswith="commitments.")
    for record in records:
        words = f"{record.reason} {record.details}"
        assert all(secret not in words for secret in SECRETS)
    assert records.count() == 11


def test_a_new_leader_sees_nothing_of_the_former_leaders(cast: Cast, signed_in: SignedIn) -> None:
    signed = lived(cast)
    today = timezone.localdate()
    cast.unit.leaderships.update(valid_to=today - dt.timedelta(days=1))
    make_leadership(cast.stranger, cast.unit, since=today)
    page = signed_in(cast.stranger).get(reverse("commitments:detail", args=[signed.agreement_id]))
    assert page.status_code == 404


def test_no_browser_keeps_what_the_two_have_written(cast: Cast, signed_in: SignedIn) -> None:
    """Whoever sits down at the machine next cannot go back to it."""
    signed = lived(cast)
    agreement, number = signed.agreement_id, signed.number
    pages = [
        reverse("commitments:list"),
        reverse("commitments:detail", args=[agreement]),
        reverse("commitments:revision", args=[agreement, number]),
        reverse("commitments:pdf", args=[agreement]),
    ]
    leader = signed_in(cast.leader)
    kept = [page for page in pages if "no-store" not in leader.get(page).headers["Cache-Control"]]
    assert kept == []
