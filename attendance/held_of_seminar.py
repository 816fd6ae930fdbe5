"""What this room holds about the people of one seminar, for the page of its personal data."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import gettext as _

from common.rooms import HeldData
from seminars.models import Seminar


def held_of_seminar(seminar: Seminar) -> list[HeldData]:
    """Return how many times somebody was let in or written down; one query."""
    found = seminar.registrations.order_by().aggregate(
        scans=Count("scans", distinct=True), marks=Count("marks", distinct=True)
    )
    return [
        HeldData(
            _("Innsjekkinger ved døren"),
            _("Personen selv, de som arrangerer, og vertene"),
            found["scans"],
            None,
        ),
        HeldData(
            _("Oppmøte ført for hånd, med begrunnelser"),
            _("Personen selv og de som arrangerer"),
            found["marks"],
            None,
        ),
    ]
