"""People typed or pasted in a field, each line looked up."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext, ngettext

from common.tables import rows_of_text
from people.models import User
from seminars.bulk_registration import MOST_LINES, ListedPerson, count_named, find_people

SHOWN_UNKNOWN = 5


def people_typed(text: str) -> list[User]:
    """Return those who were typed, each once.

    Raises ValidationError that names the lines that nobody answers to.
    """
    rows = rows_of_text(text)
    count = count_named(rows)
    if not count:
        raise forms.ValidationError(gettext("Skriv minst én person."))
    if count > MOST_LINES:
        raise forms.ValidationError(gettext("Listen kan ha høyst 1000 personer."))
    lines = find_people(rows).lines
    unknown = [line for line in lines if line.problem]
    if unknown:
        raise forms.ValidationError(_not_found(unknown))
    return list(dict.fromkeys(line.person for line in lines if line.person is not None))


def _not_found(unknown: list[ListedPerson]) -> list[str]:
    """One sentence a line, and how many more there are."""
    said = [
        gettext("Linje %(number)d, «%(typed)s»: %(problem)s")
        % {"number": line.number, "typed": line.typed, "problem": line.problem}
        for line in unknown[:SHOWN_UNKNOWN]
    ]
    if len(unknown) > SHOWN_UNKNOWN:
        more = len(unknown) - SHOWN_UNKNOWN
        words = ngettext(
            "%(more)d linje til ble ikke funnet.", "%(more)d linjer til ble ikke funnet.", more
        )
        said.append(words % {"more": more})
    return said
