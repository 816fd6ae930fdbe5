"""What this room holds about the people of one seminar, for the page of its personal data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.rooms import HeldData
from seminars.models import Seminar


def held_of_seminar(seminar: Seminar) -> list[HeldData]:
    """Return how many certificates there are, whatever became of them; one query."""
    return [
        HeldData(
            _("Kursbevis"),
            _("Personen selv, og den som får beviset vist fram"),
            seminar.certificates.count(),
            None,
        )
    ]
