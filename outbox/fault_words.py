"""What a mail server's answer means, for whoever sees to it that letters get through."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_ENHANCED = re.compile(r"(?<![\d.])[45]\.(\d{1,3})\.(\d{1,3})(?![\d.])")
"""The class of a fault as RFC 3463 numbers it: subject and detail."""
_ADDRESS, _MAILBOX, _POLICY = "1", "2", "7"
_FULL = "2"


def fault_in_words(answer: str) -> str:
    """Return what is wrong and what to do about it; nothing where the answer does not say."""
    found = _ENHANCED.search(answer)
    if found is None:
        return ""
    subject, detail = found.groups()
    if subject == _ADDRESS:
        return _("Adressen finnes ikke. Få den rettet i HR før du sender på nytt.")
    if (subject, detail) == (_MAILBOX, _FULL):
        return _("Postkassen er full. Si fra til mottakeren før du sender på nytt.")
    if subject == _MAILBOX:
        return _("Postkassen tar ikke imot brev. Si fra til mottakeren før du sender på nytt.")
    if subject == _POLICY:
        return _("Mottakerens e-posttjener avviser portalen. Si fra til dem som drifter portalen.")
    return ""
