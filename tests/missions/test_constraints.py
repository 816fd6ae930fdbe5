"""What a row may say, whatever path one takes around the code: one constraint a test.

Each goes through when its constraint is taken away; what the triggers keep is in `test_models`.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from missions.models import DraftComment, MissionVersion, UpwardQuestion
from pulse.models import PulseInvitation
from tests.cast import Cast
from tests.missions.factories import make_draft, make_mission
from tests.pulse.factories import make_pulse
from tests.refusals import refused_by


def ask(cast: Cast, **fields: object) -> UpwardQuestion:
    above = make_mission(cast.department)
    today = timezone.localdate()
    asked = {
        "text": "Gjelder dette helgene?",
        "asked_by": cast.leader,
        "asked_at": timezone.now(),
        "asked_on": today,
        "answer_by": today,
        **fields,
    }
    return UpwardQuestion.objects.create(
        version=make_draft(cast.unit, above=above), above=above, **asked
    )


def test_a_change_is_minor_or_material(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with refused_by("mission_change_is_known"):
        MissionVersion.objects.filter(pk=draft.pk).update(change="huge")


def test_a_question_upward_has_words(cast: Cast) -> None:
    with refused_by("upward_question_has_words"):
        ask(cast, text="")


def test_a_question_upward_is_not_to_be_answered_before_it_is_asked(cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    with refused_by("upward_question_is_answered_after_it_is_asked"):
        ask(cast, answer_by=yesterday)


def test_a_comment_has_words(cast: Cast) -> None:
    draft = make_draft(cast.unit, shared_at=timezone.now())
    with refused_by("draft_comment_has_words"):
        DraftComment.objects.create(version=draft, author=cast.employee, text="")


def test_a_round_asks_each_person_once(cast: Cast) -> None:
    pulse = make_pulse(cast)
    with refused_by("pulse_invites_once"):
        PulseInvitation.objects.create(round=pulse, user=cast.employee)


@pytest.mark.parametrize("table", ["missions_upwardquestion", "missions_draftcomment"])
def test_what_was_asked_and_said_is_never_truncated(cast: Cast, table: str) -> None:
    with (
        pytest.raises(DatabaseError, match=f"Cannot truncate {table}"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")
