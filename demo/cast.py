"""The demo's cast: the people whom the sign-in page of a demo offers in one click."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DemoPerson:
    """One invented person; who they are in the organisation is loaded by `seed_demo`."""

    key: str
    email: str
    label: str | Promise
    description: str | Promise


DEMO_PASSWORD = "lederportalen-demo"  # noqa: S105 (printed for everyone who tries the demo)
DEMO_CAST = [
    DemoPerson(
        "leader",
        "marit.solheim@demo.example",
        _("Leder"),
        _(
            "Marit Solheim leder Tannklinikken Grønland. En avtale venter på signatur, og en "
            "pulsmåling er over og kan avsluttes."
        ),
    ),
    DemoPerson(
        "employee",
        "amir.hussain@demo.example",
        _("Medarbeider"),
        _("Amir Hussain er tannpleier på klinikken og har fått et forslag til avtale."),
    ),
    DemoPerson(
        "organiser",
        "ingrid.bakken@demo.example",
        _("Arrangør"),
        _(
            "Ingrid Bakken i Utviklings- og kompetanseetaten arrangerer seminarene. Et oppmøte "
            "skal føres, og et utkast skal bli ferdig."
        ),
    ),
    DemoPerson(
        "coordinator",
        "jonas.lunde@demo.example",
        _("Koordinator"),
        _(
            "Jonas Lunde er koordinator i Tannhelsetjenesten. Han har plasser å fylle, et forslag "
            "til avtale og en pulsmåling å svare på."
        ),
    ),
    DemoPerson(
        "hr",
        "fatima.ali@demo.example",
        _("HR"),
        _("Fatima Ali ser deltakelsen i hele kommunen, men aldri hva en avtale sier."),
    ),
    DemoPerson(
        "administrator",
        "kristin.moen@demo.example",
        _("Administrator"),
        _(
            "Kristin Moen forvalter roller og enheter for hele kommunen, og ser hvilke brev som "
            "ikke kom fram."
        ),
    ),
]
