"""Whatever two people sign becomes a whole document, or is refused where it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.drafts import AgreementContent
from commitments.ending.actions import end_agreement
from commitments.evidence import pdf, sealing, snapshot
from commitments.evidence.pdf import render_document, render_for_paper
from commitments.evidence.sealing import keep_document, put_off
from commitments.invariants import faults
from commitments.locking import AgreementRefused
from commitments.models import Document, DocumentAttempt, Revision
from commitments.retention.actions import erase_agreements
from commitments.tasks import SWEEP_AFTER, SWEEP_SIZE, sweep_documents
from commitments.writing.actions import save_draft
from commitments.writing.forms import SettingsForm
from evidence import documents
from evidence.documents import CannotBeSet
from evidence.pdf_text import text_inside
from people.models import Unit, User
from tests import clock
from tests.cast import Cast
from tests.commitments.documents import missing_words
from tests.commitments.factories import (
    agree,
    make_agreed,
    make_content,
    make_draft,
    make_promise,
    make_proposal,
    make_signed,
    newest,
    propose,
    sign,
)
from tests.commitments.test_tasks import signed_a_while_ago

TWENTY_LINES = "\n".join(f"Linje {number} av tjue, ærlig talt" for number in range(1, 21))
PASTED = [
    "🙂 Vi smiler ✅ og 👩\u200d👩\u200d👧 🇳🇴",
    "ሰላም ትግርኛ og 王小明",
    "مرحبا بالعالم og שלום",
    "Vi sier مرحبا og følger opp hver pasient",
    "… שלום עולם … og følger opp",
    "हिन्दी नमस्ते क्षत्रिय",
    "• ▪ ➢ ✓ ■ → ⇒",
    "x" * 300,
    "https://example.com/" + "lang/" * 100,
    "W" * 590,
    TWENTY_LINES,
    "\n\n  Luft  \n\n",
    "ﬁn ½ ² № ™ …",
]


def signed_with(cast: Cast, text: str, **settings: str) -> Revision:
    draft = make_draft(cast)
    mission = draft.mission_version
    words = {"text": text, "why": text, "support": text, "signs": text, "room": text}
    promises = [make_promise(owner, mission, **words) for owner in ("leader", "employee", "both")]
    content = make_content(mission, **settings)
    save_draft(
        revision=draft,
        seen_version=draft.version,
        content=AgreementContent(
            promises,
            goals=content.goals,
            put_off=content.put_off,
            upward=content.upward,
            renegotiate_when=content.renegotiate_when,
            disagreement=content.disagreement,
        ),
        by=cast.leader,
        now=timezone.now(),
    )
    proposal = propose(newest(draft.agreement), by=cast.employee)
    return sign(sign(agree(proposal, by=cast.leader), by=cast.leader), by=cast.employee)


@pytest.mark.no_cover
@pytest.mark.parametrize("text", PASTED)
def test_what_people_paste_is_sealed_whole(cast: Cast, text: str) -> None:
    everywhere = dict.fromkeys(
        ("goals", "put_off", "upward", "renegotiate_when", "disagreement"), text
    )
    signed = signed_with(cast, text, **everywhere)
    kept = bytes(keep_document(revision=signed, now=timezone.now()).pdf)
    assert missing_words(kept, snapshot.read(signed)) == []


@pytest.mark.no_cover
def test_twenty_commitments_at_the_limit_of_every_field_are_sealed_whole(cast: Cast) -> None:
    draft = make_draft(cast)
    long = ("Ærlig talt gjør vi dette " * 30)[:600].strip()
    words = dict.fromkeys(("text", "why", "support", "signs", "room"), long)
    owners = ["leader", "employee", "both", "both"] * 5
    promises = [make_promise(owner, draft.mission_version, **words) for owner in owners]
    save_draft(
        revision=draft,
        seen_version=draft.version,
        content=AgreementContent(promises, goals=("Mål og mening " * 200)[:2000]),
        by=cast.leader,
        now=timezone.now(),
    )
    proposal = propose(newest(draft.agreement), by=cast.employee)
    signed = sign(sign(agree(proposal, by=cast.leader), by=cast.leader), by=cast.employee)
    assert missing_words(render_document(signed), snapshot.read(signed)) == []


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_lost_word_is_found_missing(cast: Cast, number: int) -> None:
    """Each value stands by itself: what is said once is not there twice."""
    signed = make_signed(cast)
    pdf_file, content = render_document(signed), snapshot.read(signed)
    assert missing_words(pdf_file, content) == []
    more = ["Og noe ganske annet", content["commitments"][0]["text"], "مرحبا"][number]
    assert missing_words(pdf_file, content | {"goals": more}) != []


def test_what_is_set_outside_the_page_is_not_sealed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The layout as it once was: a long word runs off the edge of the paper."""
    signed = signed_with(cast, "x" * 300)
    monkeypatch.setattr(documents, "with_breaks", lambda text: text)
    monkeypatch.setattr(documents, "as_plain", documents.as_drawn)
    with pytest.raises(CannotBeSet, match="words are not in it"):
        keep_document(revision=signed, now=timezone.now())
    assert Document.objects.count() == 0


def test_what_no_font_draws_is_refused_at_its_field(db: None) -> None:
    form = SettingsForm(
        {"goals": "Vi når \U00014400", "upward": "• punkt", "revision": 1, "version": 1},
        today=clock.today(),
    )
    assert form.errors == {
        "goals": ["Tegnet «\U00014400» (U+14400) kan ikke skrives i dokumentet. Ta det bort."]
    }


def test_an_older_draft_with_such_a_sign_is_not_proposed(cast: Cast) -> None:
    draft = make_draft(cast, goals="Vi når \U00014400")
    with pytest.raises(AgreementRefused, match=r"U\+14400"):
        propose(draft, by=cast.employee)


def test_what_could_not_become_a_document_is_not_proposed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(cast, goals="x" * 300)
    monkeypatch.setattr(documents, "with_breaks", lambda text: text)
    with pytest.raises(AgreementRefused, match=r"«x{40}»"):
        propose(draft, by=cast.employee)


def test_names_and_missions_that_cannot_be_drawn_stand_with_their_numbers(cast: Cast) -> None:
    """They are not the two's to change, and stop no document."""
    User.objects.filter(pk=cast.leader.pk).update(name="Liv \ue123 Dahl")
    cast.leader.refresh_from_db()
    draft = make_draft(cast)
    with connection.cursor() as cursor:  # published before it was asked at the form
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE missions_coreactivity SET text = %s", ["Besøke \U00014400"])
        cursor.execute("SET LOCAL session_replication_role = origin")
    proposal = propose(newest(draft.agreement), by=cast.employee)
    signed = sign(sign(agree(proposal, by=cast.leader), by=cast.leader), by=cast.employee)
    shown = text_inside(bytes(keep_document(revision=signed, now=timezone.now()).pdf))
    for expected in ("Liv [U+E123] Dahl", "Besøke [U+14400]", "Noen tegn kan ikke vises"):
        assert expected in shown


def test_what_was_signed_before_it_was_asked_becomes_a_document_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commitments.proposing.actions._refuse_undocumentable", lambda *a, **k: 0)
    tower = "e" + "\u0301" * 300
    signed = signed_with(cast, f"Før \U00014400 \uf0b7 {tower}")
    shown = text_inside(bytes(keep_document(revision=signed, now=timezone.now()).pdf))
    assert "Før [U+14400] • é" in shown
    assert "Noen tegn kan ikke vises" in shown


def test_what_cannot_be_set_as_it_is_stands_in_numbers(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = signed_with(cast, "王小明")
    real = documents.compile_pdf

    def stumbling(template: Any, data: Any, **when: Any) -> bytes:
        if "王" in str(data):
            raise documents.TypstError("could not be set")
        return real(template, data, **when)

    monkeypatch.setattr(documents, "compile_pdf", stumbling)
    assert "[U+738B][U+5C0F][U+660E]" in text_inside(render_document(signed))


def test_text_in_pieces_is_put_together_before_it_is_drawn(cast: Cast) -> None:
    signed = signed_with(cast, "Ra\u030adgiver")
    shown = text_inside(render_document(signed))
    assert "Rådgiver" in shown
    assert "\u030a" not in shown


# Served


def unmakeable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> bytes:
        raise CannotBeSet([])

    monkeypatch.setattr(pdf, "set_whole", refuse)


def test_a_document_that_is_not_made_is_no_error_on_the_page(
    cast: Cast, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = make_signed(cast)
    unmakeable(monkeypatch)
    answer = signed_in(cast.leader).get(
        reverse("commitments:pdf", args=[signed.agreement_id]), follow=True
    )
    assert answer.status_code == 200
    assert "Dokumentet er ikke laget ennå." in answer.content.decode()


def test_a_paper_that_cannot_be_made_is_no_error_on_the_page(
    cast: Cast, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed = make_agreed(cast)
    unmakeable(monkeypatch)
    answer = signed_in(cast.leader).get(
        reverse("commitments:paper_pdf", args=[agreed.agreement_id]), follow=True
    )
    assert answer.status_code == 200
    assert "kan ikke skrives ut som et helt dokument" in answer.content.decode()


def test_the_paper_says_all_of_it(cast: Cast) -> None:
    agreed = agree(make_proposal(cast, goals="W" * 500 + "\n" + TWENTY_LINES), by=cast.leader)
    assert missing_words(render_for_paper(agreed), snapshot.read(agreed)) == []


# The queue


def test_those_that_cannot_be_made_stand_in_no_others_way(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for one in each sweep, and the one that fails signed first."""
    bad = signed_a_while_ago(cast)
    end_agreement(agreement=bad.agreement, reason="Ny", by=cast.leader, now=timezone.now())
    good = signed_a_while_ago(cast)
    real = sealing.render_document

    def failing(revision: Revision, seal: Any = None) -> bytes:
        if revision.pk == bad.pk:
            raise CannotBeSet([])
        return real(revision, seal)

    monkeypatch.setattr(sealing, "render_document", failing)
    monkeypatch.setattr("commitments.tasks.SWEEP_SIZE", 1)
    sweep_documents()
    assert (Document.objects.count(), DocumentAttempt.objects.get().revision_id) == (0, bad.pk)
    sweep_documents()
    assert Document.objects.get().revision_id == good.pk


def test_each_try_waits_longer_and_the_longest_waiting_comes_first(cast: Cast) -> None:
    signed, now = signed_a_while_ago(cast), timezone.now()
    due = {"after": SWEEP_AFTER, "at_most": SWEEP_SIZE}
    waits = []
    for _try in range(9):
        put_off(signed.pk, now=now)
        waits.append((DocumentAttempt.objects.get().next_at - now) // dt.timedelta(minutes=1))
    assert waits == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert sealing.left_behind(now, **due) == []
    assert sealing.left_behind(now + dt.timedelta(hours=6), **due) == [signed.pk]
    keep_document(revision=signed, now=now)
    assert DocumentAttempt.objects.count() == 0


def test_what_is_erased_is_sealed_no_more(cast: Cast, settings: Any) -> None:
    settings.AGREEMENT_RETENTION_YEARS = 1
    past = timezone.now() - dt.timedelta(days=400)
    signed = sign(sign(make_agreed(cast), by=cast.leader, now=past), by=cast.employee, now=past)
    ended = timezone.now() - dt.timedelta(days=370)
    end_agreement(agreement=signed.agreement, reason="Slutt", by=cast.leader, now=ended)
    assert erase_agreements(now=timezone.now()) == 1
    assert list(Revision.objects.without_document()) == []
    assert faults(now=timezone.now()) == []


# Found


def test_what_is_stuck_is_found(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    signed = signed_a_while_ago(cast)
    now = timezone.now()
    assert faults(now=now) == []
    (fault,) = faults(now=now + dt.timedelta(hours=1))
    assert (fault.agreement_id, fault.row_id) == (signed.agreement_id, signed.pk)
    call_command("verify_evidence")
    put_off(signed.pk, now=now)
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_evidence")
    assert "a signed text could not become a document (revision 1)" in capsys.readouterr().out


def test_a_portal_that_cannot_seal_waits_and_is_not_faulty(cast: Cast, settings: Any) -> None:
    signed_a_while_ago(cast)
    settings.SEAL_SELF_SIGNED_DIR = ""
    assert faults(now=timezone.now() + dt.timedelta(hours=1)) == []


def test_agreement_in_an_agency_itself_can_be_proposed(cast: Cast) -> None:
    """There the unit and the agency are one, and its name stands in the document once."""
    Unit.objects.filter(pk=cast.agency.pk).update(name=cast.unit.name)
    assert newest(make_proposal(cast).agreement).state == "proposed"
