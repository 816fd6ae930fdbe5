"""How few people a figure may never be about, and the number in words for every sentence."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SMALL_GROUP = 5
"""Fewer than so many are a small group: no figure, and no combination of figures, is about them."""

_IN_WORDS = {
    3: _("tre"),
    4: _("fire"),
    5: _("fem"),
    6: _("seks"),
    7: _("sju"),
    8: _("åtte"),
    9: _("ni"),
    10: _("ti"),
    11: _("elleve"),
    12: _("tolv"),
}


def in_words(number: int) -> Promise | str:
    """Return the number as a text writes it: up to twelve in letters, then in figures."""
    return _IN_WORDS.get(number, str(number))


SMALL_GROUP_WORD = in_words(SMALL_GROUP)
TWO_SMALL_GROUPS_WORD = in_words(2 * SMALL_GROUP)


def told_at_least(count: int, *, of: int) -> int:
    """Return how much of a count of people may be told where it is counted anew at every look.

    In steps of a small group, so that two looks never differ by one person, and a small group away
    from everybody, so that nobody is known to be among them. 0 tells nothing, not even «nobody».
    """
    return max(min(count, of - SMALL_GROUP), 0) // SMALL_GROUP * SMALL_GROUP
