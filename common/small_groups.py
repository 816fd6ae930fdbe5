"""How few people a figure may never be about, and the number in words for every sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SMALL_GROUP = 5
"""Fewer than so many are a small group: no figure, and no combination of figures, is about them."""

_IN_WORDS = {3: _("tre"), 4: _("fire"), 5: _("fem"), 6: _("seks"), 8: _("åtte"), 10: _("ti")}
SMALL_GROUP_WORD = _IN_WORDS[SMALL_GROUP]
TWO_SMALL_GROUPS_WORD = _IN_WORDS[2 * SMALL_GROUP]


def told_at_least(count: int, *, of: int) -> int:
    """Return how much of a count of people may be told where it is counted anew at every look.

    In steps of a small group, so that two looks never differ by one person, and a small group away
    from everybody, so that nobody is known to be among them. 0 tells nothing, not even «nobody».
    """
    return max(min(count, of - SMALL_GROUP), 0) // SMALL_GROUP * SMALL_GROUP
