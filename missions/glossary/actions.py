"""Words that mean the same to everybody, and who keeps them."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.edit_conflicts import Seen
from missions.models import Term
from missions.refusals import MissionRefused
from people import audit
from people.models import User


@transaction.atomic
def explain_term(
    *,
    word: str,
    explanation: str,
    by: User,
    now: dt.datetime,
    term: Term | None = None,
    seen: Seen | None = None,
) -> Term:
    """Add a shared word, or explain one anew.

    Raises EditConflict when another has saved what was not `seen`, and MissionRefused when another
    entry explains the word already, or the word is taken out meanwhile.
    """
    kept = Term() if term is None else _locked(term)
    if term is not None and seen is not None:
        seen.refuse_conflict(term_stored(kept), {"word": word, "explanation": explanation})
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


def term_stored(term: Term) -> dict[str, str]:
    """What stands in the glossary, by the names of the form's fields."""
    return {"word": term.word, "explanation": term.explanation}


def _locked(term: Term) -> Term:
    kept: Term | None = Term.objects.select_for_update().filter(pk=term.pk).first()
    if kept is None:
        raise MissionRefused(_("Ordet er tatt ut av ordlisten."))
    return kept
