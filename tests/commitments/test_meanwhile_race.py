"""What one of the two does while the other signs, and what is pressed twice; on real connections.

That signing without the agreement's lock goes wrong is shown in test_race.py.
"""

from __future__ import annotations

import pytest
from django.utils import timezone

from commitments.declining.actions import decline_proposal
from commitments.drafts import AgreementContent
from commitments.eligible_pairs import Pair
from commitments.evidence.verification import verify_all
from commitments.locking import AgreementRefused
from commitments.models import Agreement, AgreementRound, Revision
from commitments.pausing.actions import pause_agreement
from commitments.rounds.actions import begin_round
from outbox.models import Letter
from tests.cast import Cast
from tests.commitments.factories import make_agreed, make_substitution
from tests.commitments.test_race import ROUNDS, at_once, end, outcome, parties_of, signing_by
from tests.missions.factories import make_mission

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_signing_racing_a_no_is_one_of_the_two(cast: Cast) -> None:
    for _round in range(ROUNDS):
        agreed = make_agreed(cast)
        signing_by(cast.employee, agreed)()

        def declining(revision: Revision = agreed) -> object:
            return decline_proposal(
                revision=revision, reason="Nei", by=cast.employee, now=timezone.now()
            )

        signed, declined = at_once(signing_by(cast.leader, agreed), declining)
        assert isinstance(signed, AgreementRefused) != isinstance(declined, AgreementRefused)
        is_refused = isinstance(signed, AgreementRefused)
        expected = ("withdrawn", 0, 1, 0) if is_refused else ("signed", 1, 2, 2)
        assert outcome(agreed.agreement) == expected
        if not is_refused:
            end(agreed.agreement, cast.leader)
    assert list(verify_all()) == []


def test_signing_racing_a_pause_is_signed_and_paused(cast: Cast) -> None:
    for _round in range(ROUNDS):
        agreed = make_agreed(cast)
        signing_by(cast.employee, agreed)()

        def pausing(agreement: Agreement = agreed.agreement) -> object:
            return pause_agreement(
                agreement=agreement, resumes_on=None, by=cast.employee, now=timezone.now()
            )

        at_once(signing_by(cast.leader, agreed), pausing)
        agreed.agreement.refresh_from_db()
        assert agreed.agreement.paused_at is not None
        assert outcome(agreed.agreement) == ("signed", 1, 2, 2)
        end(agreed.agreement, cast.leader)
    assert list(verify_all()) == []


def test_a_substitute_who_clicks_twice_signs_once(cast: Cast) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    at_once(signing_by(cast.stranger, agreed), signing_by(cast.stranger, agreed))
    assert parties_of(agreed) == ["leader"]


def test_a_round_pressed_twice_is_one_round(cast: Cast) -> None:
    make_mission(cast.unit)
    pair = Pair(cast.leader, cast.employee, cast.unit, "")

    def begin() -> object:
        return begin_round(
            unit=cast.unit,
            pairs=[pair],
            content=AgreementContent(),
            by=cast.leader,
            now=timezone.now(),
        )

    answers = at_once(begin, begin)
    assert sorted(isinstance(one, AgreementRefused) for one in answers) == [False, True]
    assert (AgreementRound.objects.count(), Agreement.objects.count()) == (1, 1)
    assert Letter.objects.filter(kind="commitments.begun").count() == 1
