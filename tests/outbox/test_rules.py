"""Who may look after the post, and with that who may not."""

from __future__ import annotations

from outbox.rules import may_tend_letters
from tests import clock
from tests.cast import KINDS, Cast


def test_may_tend_letters_is_for_administrators(cast: Cast) -> None:
    today = clock.today()
    may = [kind for kind in KINDS if may_tend_letters(getattr(cast, kind), today)]
    assert may == ["administrator"]
