"""How few people a figure may never be about, and the number in words for every sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SMALL_GROUP = 5
"""Fewer than so many are a small group: no figure, and no combination of figures, is about them."""

_IN_WORDS = {3: _("tre"), 4: _("fire"), 5: _("fem"), 6: _("seks"), 8: _("åtte"), 10: _("ti")}
SMALL_GROUP_WORD = _IN_WORDS[SMALL_GROUP]
TWO_SMALL_GROUPS_WORD = _IN_WORDS[2 * SMALL_GROUP]
