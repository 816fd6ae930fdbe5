"""Words that mean the same to everybody, and who keeps them."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from missions.actions.refusal import MissionRefused
from missions.models import Term
from people import audit
from people.models import User


@transaction.atomic
def explain_term(
    *, word: str, explanation: str, by: User, now: dt.datetime, term: Term | None = None
) -> Term:
    """Add a shared word, or explain one anew.

    Raises MissionRefused when another entry explains the word already.
    """
    kept = term or Term()
    kept.word, kept.explanation = word, explanation
    kept.edited_by, kept.edited_at = by, now
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as taken:
        raise MissionRefused(_("Ordet er forklart fra før.")) from taken
    audit.record("missions.explain_term", kept, by=by)
    return kept


@transaction.atomic
def remove_term(*, term: Term, by: User) -> None:
    """Take a word out of the glossary; missions that use it are as they were."""
    audit.record("missions.remove_term", term, by=by)
    term.delete()
