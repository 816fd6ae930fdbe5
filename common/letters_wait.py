"""What a page says of letters that its button sends, where they wait until work begins."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common import dates
from common.rooms import sending_time_of
from common.sending_times import Near, goes_at


def letters_wait(kind: str, now: dt.datetime, *, when: Near | None = None) -> list[str]:
    """Return the sentence of when letters of a kind go that are written now; none if at once."""
    moment = goes_at(sending_time_of(kind), now, when=when)
    if moment <= now:
        return []
    words = _("Brev om dette sendes når arbeidsdagen begynner, %(when)s.")
    return [words % {"when": dates.moment(moment)}]
