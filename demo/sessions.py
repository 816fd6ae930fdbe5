"""The demo's parallel sessions, and what some of those who come need to eat and to take part."""

from __future__ import annotations

import datetime as dt

from demo.stage import Stage
from seminars.models import (
    HOLDS_SEAT,
    Access,
    ChoiceGroup,
    Diet,
    Needs,
    Seminar,
    Session,
    SessionChoice,
)

CHOICE = "Økt 2"
DIVIDED = "Lede på avstand"
LEADS_FROM_AFAR = [
    ("Møter som virker når halve gjengen er på skjerm", 8, {"room": "Møterom 2"}),
    (
        "Tillit uten å se hverandre",
        26,
        {"form": "hybrid", "meeting_url": "https://mote.demo.example/tillit"},
    ),
    (
        "Å oppdage hvem som strever",
        26,
        {"form": "digital", "meeting_url": "https://mote.demo.example/strever"},
    ),
]
"""By session: how many it has room for, and how it is held. The first is full."""
FED_AT = ["Tillitsbasert ledelse", "Lederforum: innbyggernes beste i trange tider", DIVIDED]
SAID = [
    "Kan spise alt annet enn nøtter.",
    "Sitter gjerne langt fram.",
    "Trenger en plass å legge seg nedpå en halvtime midt på dagen.",
]


def play_sessions(stage: Stage) -> None:
    """After the seminars and their seats."""
    coming = Seminar.objects.filter(starts_at__gte=stage.now)
    _divide(stage, coming.get(title=DIVIDED))
    for title in FED_AT:
        _feed(stage, coming.get(title=title))


def _divide(stage: Stage, seminar: Seminar) -> None:
    group = ChoiceGroup.objects.create(seminar=seminar, title=CHOICE)
    starts = seminar.ends_at + dt.timedelta(minutes=30)
    seminar.sessions.update(title="Felles innledning")
    sessions = [
        Session.objects.create(
            seminar=seminar,
            choice_group=group,
            title=title,
            capacity=seats,
            starts_at=starts,
            ends_at=starts + dt.timedelta(minutes=90),
            **fields,
        )
        for title, seats, fields in LEADS_FROM_AFAR
    ]
    seated = seminar.registrations.filter(state__in=HOLDS_SEAT).order_by("created_at", "pk")
    for number, one in enumerate(seated):
        full, *others = sessions
        session = full if number < LEADS_FROM_AFAR[0][1] else others[number % 2]
        SessionChoice.objects.create(
            registration=one, group=group, session=session, chosen_at=one.created_at
        )


def _feed(stage: Stage, seminar: Seminar) -> None:
    """About one in nine says so."""
    rng = stage.rng(f"needs {seminar.title}")
    seated = seminar.registrations.filter(state="registered").order_by("created_at", "pk")
    Needs.objects.bulk_create(
        Needs(
            registration=one,
            diet=rng.sample(Diet.values, 1),
            access=rng.sample(Access.values, 1) if rng.random() < 0.25 else [],
            details=rng.choice(SAID) if rng.random() < 0.2 else "",
            written_at=one.created_at,
        )
        for one in seated
        if rng.random() < 0.11
    )
