"""The document when something fails on the way: the broker, the worker, or one of many."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from commitments.evidence import sealing
from commitments.models import Document, Revision
from commitments.tasks import sweep_documents
from tests.cast import Cast
from tests.commitments.factories import make_agreed, make_signed, sign
from tests.outbox.test_actions import dead_broker


def signed_a_while_ago(cast: Cast) -> Revision:
    past = timezone.now() - dt.timedelta(minutes=10)
    return sign(sign(make_agreed(cast), by=cast.leader, now=past), by=cast.employee, now=past)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_does_not_undo_the_signing(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with dead_broker():
        signed = make_signed(cast)
    assert signed.state == "signed"
    lost = [one for one in caplog.records if one.name == "commitments.tasks"]
    assert len(lost) == 1
    assert Document.objects.count() == 0


def test_the_sweep_makes_what_was_left_behind(cast: Cast) -> None:
    signed = signed_a_while_ago(cast)
    sweep_documents()
    assert Document.objects.get().revision == signed
    sweep_documents()
    assert Document.objects.count() == 1


def test_the_sweep_leaves_to_the_worker_what_was_just_signed(cast: Cast) -> None:
    make_signed(cast)
    sweep_documents()
    assert Document.objects.count() == 0


def test_one_that_is_gone_when_its_turn_comes_is_passed_by(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    signed = signed_a_while_ago(cast)
    monkeypatch.setattr(sealing, "left_behind", lambda *args, **kwargs: [0, signed.pk])
    sweep_documents()
    assert [one.name for one in caplog.records] == []
    assert Document.objects.get().revision == signed
