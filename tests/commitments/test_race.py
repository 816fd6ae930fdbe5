"""Two at once, on connections of their own. Where the lock is taken out, the first test fails."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from commitments import locking, tasks
from commitments.ending.actions import end_agreement
from commitments.evidence import chain, sealing
from commitments.evidence.sealing import keep_document
from commitments.evidence.verification import verify_all
from commitments.locking import AgreementRefused
from commitments.models import (
    Agreement,
    Document,
    EvidenceEvent,
    FollowUp,
    Revision,
    Signature,
)
from commitments.models.revision import RevisionQuerySet
from commitments.proposing.actions import agree_to_proposal, send_back_proposal
from commitments.signing.actions import sign_agreement
from commitments.substitution.actions import end_substitution
from commitments.writing.actions import DraftConflict, save_draft
from outbox.models import Letter
from people.models import Substitution, User
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreed,
    make_agreement,
    make_content,
    make_draft,
    make_proof,
    make_proposal,
    make_substitution,
    newest,
    sign_on_paper,
)
from tests.machine import PATIENCE

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 5
Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[object]:
    """Each deed in a thread and a connection of its own, all let go at the same moment."""
    start = threading.Barrier(len(deeds))

    def do(deed: Deed) -> object:
        try:
            start.wait(PATIENCE)
            return deed()
        except AgreementRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def signing_by(person: User, revision: Revision) -> Deed:
    def deed() -> object:
        now = timezone.now()
        return sign_agreement(
            revision=revision, sha256=revision.sha256, proof=make_proof(now), by=person, now=now
        )

    return deed


def editing_by(person: User, revision: Revision) -> Deed:
    content = make_content(revision.mission_version)

    def deed() -> object:
        return save_draft(
            revision=revision,
            seen_version=revision.version,
            content=content,
            by=person,
            now=timezone.now(),
        )

    return deed


def outcome(agreement: Agreement) -> tuple[str, int, int, int]:
    signed = Revision.objects.filter(agreement=agreement, state="signed").count()
    letters = Letter.objects.filter(kind="commitments.signed", about_id=str(agreement.pk)).count()
    signatures = Signature.objects.filter(revision__agreement=agreement).count()
    return newest(agreement).state, signed, signatures, letters


def end(agreement: Agreement, by: User) -> None:
    end_agreement(agreement=agreement, reason="Ferdig", by=by, now=timezone.now())


def test_two_who_sign_at_once_end_in_one_signed_agreement(cast: Cast) -> None:
    for _round in range(ROUNDS):
        agreed = make_agreed(cast, follow_up_on=timezone.localdate() + dt.timedelta(days=9))
        at_once(signing_by(cast.leader, agreed), signing_by(cast.employee, agreed))
        assert outcome(agreed.agreement) == ("signed", 1, 2, 2)
        assert FollowUp.objects.filter(agreement=agreed.agreement).count() == 1
        end(agreed.agreement, cast.leader)


def test_without_the_lock_two_signatures_leave_it_waiting_for_ever(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: both have signed, each counted one, and nobody made it signed."""
    both_have_counted = threading.Barrier(2)

    def unlocked(pk: int) -> Agreement:
        return Agreement.objects.select_related("leader", "employee", "unit", "agency").get(pk=pk)

    def held_back(deed: Deed) -> Deed:
        """Nobody commits before both have counted: what a lock makes impossible."""

        def act() -> object:
            with transaction.atomic():
                answer = deed()
                both_have_counted.wait(PATIENCE)
            return answer

        return act

    monkeypatch.setattr(locking, "lock_agreement", unlocked)
    # The head of the evidence is a second lock on the same row, by the database's own trigger.
    monkeypatch.setattr(chain, "record", lambda *args, **kwargs: None)
    agreed = make_agreed(cast)
    deeds = [signing_by(cast.leader, agreed), signing_by(cast.employee, agreed)]
    at_once(*map(held_back, deeds))
    assert outcome(agreed.agreement) == ("agreed", 0, 2, 0)


def test_one_who_clicks_twice_signs_once(cast: Cast) -> None:
    agreed = make_agreed(cast)
    at_once(*[signing_by(cast.leader, agreed)] * 4)
    assert outcome(agreed.agreement) == ("agreed", 0, 1, 0)


def test_a_signature_racing_an_edit_never_signs_what_was_not_read(cast: Cast) -> None:
    for _round in range(ROUNDS):
        agreed = make_agreed(cast)
        signed = signing_by(cast.employee, agreed)()
        assert isinstance(signed, Revision)
        answers = at_once(signing_by(cast.leader, agreed), editing_by(cast.employee, agreed))
        state, signed_revisions, _signatures, letters = outcome(agreed.agreement)
        refused = [isinstance(answer, AgreementRefused) for answer in answers]
        # Either the signature came first and nothing is edited, or the other way round.
        assert (state, signed_revisions, letters, refused) in [
            ("signed", 1, 2, [False, True]),
            ("draft", 0, 0, [True, False]),
        ]
        end(agreed.agreement, cast.leader)


# A substitute, paper, and the end


def attesting_by(person: User, revision: Revision) -> Deed:
    def deed() -> object:
        return sign_on_paper(revision, by=person)

    return deed


def parties_of(revision: Revision) -> list[str]:
    rows = Signature.objects.filter(revision=revision).order_by("party")
    return list(rows.values_list("party", flat=True))


def test_leader_and_substitute_at_once_are_one_signature(cast: Cast) -> None:
    make_substitution(cast)
    for _round in range(ROUNDS):
        agreed = make_agreed(cast)
        answers = at_once(signing_by(cast.leader, agreed), signing_by(cast.stranger, agreed))
        assert parties_of(agreed) == ["leader"]
        # Nobody is told that it failed: what each of them wanted is done.
        assert [isinstance(answer, Revision) for answer in answers] == [True, True]
        end(agreed.agreement, cast.employee)


def test_leader_substitute_and_employee_at_once_sign_it_once(cast: Cast) -> None:
    make_substitution(cast)
    for _round in range(ROUNDS):
        agreed = make_agreed(cast)
        people = (cast.leader, cast.stranger, cast.employee, cast.stranger)
        at_once(*[signing_by(person, agreed) for person in people])
        assert outcome(agreed.agreement) == ("signed", 1, 2, 2)
        end(agreed.agreement, cast.employee)
    assert list(verify_all()) == []


def test_a_substitute_racing_the_end_of_the_substitution_is_one_of_the_two(cast: Cast) -> None:
    for _round in range(ROUNDS):
        held = make_substitution(cast)
        agreed = make_agreed(cast)

        def ending(held: Substitution = held) -> object:
            return end_substitution(substitution=held, by=cast.leader, now=timezone.now())

        answers = at_once(signing_by(cast.stranger, agreed), ending)
        is_refused = isinstance(answers[0], AgreementRefused)
        assert parties_of(agreed) == ([] if is_refused else ["leader"])
        held.refresh_from_db()
        assert held.ended_at is not None
        end(agreed.agreement, cast.employee)
    assert list(verify_all()) == []


def test_without_holding_the_substitution_the_database_refuses(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: it ends between looking and signing, and only the trigger sees it."""
    held = make_substitution(cast)
    agreed = make_agreed(cast)

    def ended_meanwhile(substitution: Substitution | None) -> bool:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(end_elsewhere, held, cast.leader).result(PATIENCE)
        return True

    monkeypatch.setattr(locking, "_still_holds", ended_meanwhile)
    with pytest.raises(IntegrityError, match="only a substitute signs for a leader"):
        signing_by(cast.stranger, agreed)()
    assert parties_of(agreed) == []


def end_elsewhere(held: Substitution, by: User) -> None:
    """On a connection of its own, committed."""
    try:
        end_substitution(substitution=held, by=by, now=timezone.now())
    finally:
        connection.close()


def test_paper_and_portal_at_once_are_one_medium(cast: Cast) -> None:
    for _round in range(ROUNDS):
        agreed = make_agreed(cast)
        answers = at_once(signing_by(cast.leader, agreed), attesting_by(cast.employee, agreed))
        refused = sorted(isinstance(answer, AgreementRefused) for answer in answers)
        assert refused == [False, True]
        assert outcome(agreed.agreement) == ("agreed", 0, 1, 0)
        end(agreed.agreement, cast.leader)


def test_without_the_lock_both_media_are_in_and_nothing_is_signed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: two media side by side, and the database refuses to call it signed."""
    both_have_written = threading.Barrier(2)

    def unlocked(pk: int) -> Agreement:
        return Agreement.objects.select_related("leader", "employee", "unit", "agency").get(pk=pk)

    def held_back(deed: Deed) -> Deed:
        def act() -> object:
            with transaction.atomic():
                answer = deed()
                both_have_written.wait(PATIENCE)
            return answer

        return act

    monkeypatch.setattr(locking, "lock_agreement", unlocked)
    monkeypatch.setattr(chain, "record", lambda *args, **kwargs: None)
    agreed = make_agreed(cast)
    deeds = [signing_by(cast.leader, agreed), attesting_by(cast.employee, agreed)]
    at_once(*map(held_back, deeds))
    media = Signature.objects.filter(revision=agreed).values_list("medium", flat=True)
    assert sorted(media) == ["paper", "portal"]
    with pytest.raises(IntegrityError, match="both sign in the portal, or both on paper"):
        Revision.objects.filter(pk=agreed.pk).update(state="signed", signed_at=timezone.now())


def test_two_who_attest_at_once_end_in_one_signed_agreement(cast: Cast) -> None:
    agreed = make_agreed(cast)
    people = (cast.leader, cast.employee, cast.leader)
    at_once(*[attesting_by(person, agreed) for person in people])
    assert outcome(agreed.agreement) == ("signed", 1, 2, 2)


def test_signing_racing_the_end_is_one_of_the_two(cast: Cast) -> None:
    for _round in range(ROUNDS):
        agreed = make_agreed(cast)
        signing_by(cast.employee, agreed)()

        def ending(agreement: Agreement = agreed.agreement) -> object:
            return end(agreement, cast.employee)

        answers = at_once(signing_by(cast.leader, agreed), ending)
        is_refused = isinstance(answers[0], AgreementRefused)
        agreed.agreement.refresh_from_db()
        assert agreed.agreement.ended_at is not None
        # Either it was signed first and is kept as signed, or it was ended and never is.
        expected = ("withdrawn", 0, 1, 0) if is_refused else ("signed", 1, 2, 2)
        assert outcome(agreed.agreement) == expected
    assert list(verify_all()) == []


def test_without_the_lock_the_end_and_the_signature_both_go_through(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: somebody signs what another has ended, as long as neither looks."""
    agreed = make_agreed(cast)
    has_looked, has_ended = threading.Event(), threading.Event()

    def unlocked(pk: int) -> Agreement:
        found = Agreement.objects.select_related("leader", "employee", "unit", "agency").get(pk=pk)
        has_looked.set()
        has_ended.wait(PATIENCE)
        return found

    def ending() -> object:
        has_looked.wait(PATIENCE)
        with transaction.atomic():
            Agreement.objects.filter(pk=agreed.agreement_id).update(
                ended_at=timezone.now(),
                ended_by=cast.employee,
                ended_as="ended",
                erases_on=timezone.localdate() + dt.timedelta(days=1826),
            )
        has_ended.set()
        return None

    def signing() -> object:
        try:
            return signing_by(cast.leader, agreed)()
        except IntegrityError as error:
            return error

    monkeypatch.setattr(locking, "lock_agreement", unlocked)
    answers = at_once(signing, ending)
    assert "only a party signs, and only what is agreed" in str(answers[0])
    assert parties_of(agreed) == []


def test_two_who_save_at_once_are_one_saved_and_one_told(cast: Cast) -> None:
    draft = make_draft(cast)
    answers = at_once(editing_by(cast.leader, draft), editing_by(cast.employee, draft))
    told = [answer for answer in answers if isinstance(answer, DraftConflict)]
    assert (len(told), newest(draft.agreement).version) == (1, draft.version + 1)
    assert newest(draft.agreement).commitments.count() == 2


def test_agreeing_and_sending_back_at_once_is_one_of_the_two(cast: Cast) -> None:
    proposal = make_proposal(cast)

    def agree() -> object:
        return agree_to_proposal(
            revision=proposal, sha256=proposal.sha256, by=cast.leader, now=timezone.now()
        )

    def send_back() -> object:
        return send_back_proposal(
            revision=proposal, note="Vent", by=cast.leader, now=timezone.now()
        )

    answers = at_once(agree, send_back)
    refused = [isinstance(answer, AgreementRefused) for answer in answers]
    assert sorted(refused) == [False, True]
    assert newest(proposal.agreement).state == ("draft" if refused[0] else "agreed")


def test_two_who_start_at_once_get_one_agreement(cast: Cast) -> None:
    first = make_agreement(cast)
    end(first, cast.leader)
    at_once(
        lambda: make_agreement(cast, by=cast.leader), lambda: make_agreement(cast, by=cast.employee)
    )
    assert Agreement.objects.open().count() == 1
    assert newest(Agreement.objects.open().get()).number == 1


def test_two_who_make_the_document_at_once_keep_one(cast: Cast) -> None:
    agreed = make_agreed(cast)
    signing_by(cast.leader, agreed)()
    signed = signing_by(cast.employee, agreed)()
    assert isinstance(signed, Revision)
    kept = at_once(
        *[lambda: keep_document(revision=signed, now=timezone.now()).sha256 for _maker in range(4)]
    )
    assert len(set(kept)) == 1
    assert Document.objects.filter(revision=signed).count() == 1


def counted_seals(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each time somebody begins to seal; what they do is done as always."""
    seals: list[int] = []
    real = sealing.seal_pdf

    def counted(*args: Any, **kwargs: Any) -> bytes:
        seals.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(sealing, "seal_pdf", counted)
    return seals


def signed_by_both(cast: Cast) -> Revision:
    agreed = make_agreed(cast)
    signing_by(cast.leader, agreed)()
    signed = signing_by(cast.employee, agreed)()
    assert isinstance(signed, Revision)
    return signed


def test_two_workers_at_once_seal_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seals = counted_seals(monkeypatch)
    signed = signed_by_both(cast)
    at_once(*[lambda: keep_document(revision=signed, now=timezone.now())] * 3)
    assert (len(seals), Document.objects.count()) == (1, 1)
    assert EvidenceEvent.objects.filter(kind="sealed").count() == 1


def test_without_the_lock_each_worker_seals(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: the table still keeps one, but more than one seal was made."""
    seals = counted_seals(monkeypatch)
    both_have_looked = threading.Barrier(2)
    real = sealing.render_document

    def held_back(*args: Any, **kwargs: Any) -> bytes:
        both_have_looked.wait(PATIENCE)
        return real(*args, **kwargs)

    def keep() -> object:
        try:
            return keep_document(revision=signed, now=timezone.now())
        except IntegrityError as error:
            return error

    signed = signed_by_both(cast)
    monkeypatch.setattr(sealing, "render_document", held_back)
    monkeypatch.setattr(RevisionQuerySet, "select_for_update", lambda rows, **kwargs: rows)
    at_once(keep, keep)
    assert (len(seals), Document.objects.count()) == (2, 1)


def test_a_worker_that_dies_while_sealing_leaves_it_to_the_sweep(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection goes in the middle of the transaction, as when a process is taken away."""
    signed = signed_by_both(cast)

    def killed(*args: Any, **kwargs: Any) -> bytes:
        connection.close()
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "seal_pdf", killed)
        with pytest.raises(SystemExit):
            keep_document(revision=signed, now=timezone.now())
    assert Document.objects.count() == 0
    later = timezone.now() + dt.timedelta(minutes=10)
    waiting = sealing.left_behind(later, after=tasks.SWEEP_AFTER, at_most=10)
    assert waiting == [signed.pk]
    monkeypatch.setattr(tasks, "SWEEP_AFTER", dt.timedelta(0))
    tasks.sweep_documents()
    assert Document.objects.get().revision == signed


def test_events_at_once_stand_in_one_chain(cast: Cast) -> None:
    agreement = make_agreement(cast)

    def event(kind: str) -> Deed:
        def deed() -> object:
            return EvidenceEvent.objects.create(
                agreement=agreement,
                kind=kind,
                subject=agreement.pk,
                at=timezone.now(),
                content_sha256="0" * 64,
            )

        return deed

    at_once(*[event(kind) for kind in ("parted", "retained", "ended")])
    links = list(EvidenceEvent.objects.filter(agreement=agreement).order_by("number"))
    assert [one.number for one in links] == [1, 2, 3, 4]
    assert [one.previous_sha256 for one in links] == ["", *[one.sha256 for one in links[:-1]]]
