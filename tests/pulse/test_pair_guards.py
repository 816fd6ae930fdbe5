"""That PostgreSQL keeps rows of two units apart, whatever path one takes around the code."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from pulse.models import PulseRound
from tests.cast import Cast
from tests.missions.factories import make_draft, make_mission
from tests.pulse.factories import make_pulse

WORDS = "asked about its own published mission"


def again(pulse: PulseRound, **changes: object) -> None:
    """The same round once more, with other values in it."""
    values = {
        one.attname: getattr(pulse, one.attname)
        for one in PulseRound._meta.concrete_fields
        if not one.primary_key
    }
    with pytest.raises(IntegrityError, match=WORDS), transaction.atomic():
        PulseRound.objects.create(**values | changes)


def test_a_pulse_asks_a_unit_about_its_own_published_mission(cast: Cast) -> None:
    """Else one unit's answers would stand beside what another is for."""
    pulse = make_pulse(cast)
    foreign = make_mission(cast.sibling_unit)
    again(pulse, version_id=foreign.pk)
    again(pulse, unit_id=cast.sibling_unit.pk)
    draft = make_draft(cast.unit)
    again(pulse, version_id=draft.pk)
