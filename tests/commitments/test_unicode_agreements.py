"""Agreements in random Unicode: sealed whole, or refused before anybody signs.

Twenty in `script/test`, a thousand with `HYPOTHESIS_PROFILE=search`; the same ones each time.
"""

from __future__ import annotations

import os
import random
import unicodedata

import pytest
from django.db import transaction
from django.utils import timezone

from commitments.drafts import AgreementContent
from commitments.evidence import snapshot
from commitments.evidence.sealing import keep_document
from commitments.form_fields import LONGEST
from commitments.models import LONGEST_WORDING, WORDING, Owner, Revision
from commitments.writing.actions import save_draft
from commitments.writing.forms import CommitmentForm, SettingsForm
from common.drawable import drawable_code_points
from common.errors import Refused
from tests import clock
from tests.cast import Cast
from tests.commitments.documents import missing_words
from tests.commitments.factories import agree, make_agreement, newest, propose, sign

pytestmark = pytest.mark.no_cover

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "search"
AGREEMENTS = 1000 if IS_LONG else 20
SEED = 20261128
PLEDGED = ("text", "why", "support", "signs", "room")


class Typist:
    """Types text of one kind after another: of one block, of all planes, towers, long words."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.known = sorted(drawable_code_points())
        self.marks = [one for one in self.known if unicodedata.category(chr(one))[0] == "M"]

    def types(self, longest: int) -> str:
        kind = self.dice.choice((self.one_block, self.one_block, self.mixed, self.marked))
        if self.dice.random() < 0.005:
            kind = self.any_plane
        length = longest if self.dice.random() < 0.2 else self.dice.randrange(1, 80)
        text = "".join(kind() for _sign in range(length))[:longest]
        return text if self.dice.random() < 0.2 else self.spaced(text)[:longest]

    def begins(self) -> None:
        self.block = self.dice.randrange(len(self.known) - 300)

    def one_block(self) -> str:
        return chr(self.known[self.block + self.dice.randrange(300)])

    def mixed(self) -> str:
        return chr(self.dice.choice(self.known))

    def marked(self) -> str:
        return self.mixed() + chr(self.dice.choice(self.marks)) * self.dice.randrange(3)

    def any_plane(self) -> str:
        return chr(self.dice.randrange(1, 0x110000))

    def spaced(self, text: str) -> str:
        parts = (self.dice.choice(" \n") if self.dice.random() < 0.15 else "" for _sign in text)
        return "".join(part + one for part, one in zip(parts, text, strict=True))


def test_random_agreements_are_sealed_whole_or_refused_in_time(cast: Cast) -> None:
    # Not for secrets: the same texts each time, so that what fails once fails again.
    typist = Typist(random.Random(SEED))  # noqa: S311
    draft = newest(make_agreement(cast))
    outcomes = {"sealed": 0, "refused": 0, "not proposed": 0}
    for _number in range(AGREEMENTS):
        with transaction.atomic():
            outcomes[outcome_of(cast, draft, typist)] += 1
            transaction.set_rollback(True)
    assert sum(outcomes.values()) == AGREEMENTS
    assert outcomes["sealed"] > AGREEMENTS / 4, outcomes
    print(outcomes)  # noqa: T201


def outcome_of(cast: Cast, draft: Revision, typist: Typist) -> str:
    typist.begins()
    settings = SettingsForm(
        {name: typist.types(LONGEST_WORDING) for name in WORDING} | {"revision": 1, "version": 1},
        today=clock.today(),
    )
    activity = draft.mission_version.core_activities.all()[0].pk
    rows = [
        CommitmentForm(
            {name: typist.types(LONGEST) for name in PLEDGED}
            | {"owner": owner, "core_activity": str(activity)},
            revision=draft,
            today=clock.today(),
        )
        for owner in Owner.values
    ]
    if not all([settings.is_valid(), *(row.is_valid() for row in rows)]):
        return "refused"
    save_draft(
        revision=draft,
        seen_version=draft.version,
        content=AgreementContent(
            [row.promise for row in rows], **{name: settings.cleaned_data[name] for name in WORDING}
        ),
        by=cast.employee,
        now=timezone.now(),
    )
    try:
        proposal = propose(newest(draft.agreement), by=cast.employee)
    except Refused:
        return "not proposed"
    signed = sign(sign(agree(proposal, by=cast.leader), by=cast.leader), by=cast.employee)
    kept = keep_document(revision=signed, now=timezone.now())
    assert missing_words(bytes(kept.pdf), snapshot.read(signed)) == []
    return "sealed"
