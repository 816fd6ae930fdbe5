"""What somebody else has saved in a draft while one was writing: only where it differs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from missions.models import MissionVersion
from missions.political_priorities import Signal
from missions.writing.actions import MissionWording, wording_of


@dataclass(frozen=True)
class SavedWords:
    """One heading of the draft as it is saved; no lines where it was emptied."""

    label: str | Promise
    lines: list[str]


def saved_words(saved: MissionVersion, typed: MissionWording) -> list[SavedWords]:
    """What stands in the draft and is not what was typed."""
    kept = wording_of(saved)
    rows = [
        (_("Kjerneoppgave"), [kept.core_task], kept.core_task != typed.core_task),
        (_("Hvem vi er til for"), [kept.for_whom], kept.for_whom != typed.for_whom),
        (
            _("Kjerneaktiviteter"),
            kept.core_activities,
            kept.core_activities != typed.core_activities,
        ),
        (
            _("Hva som ikke er vår oppgave"),
            [kept.not_our_task],
            kept.not_our_task != typed.not_our_task,
        ),
        (
            _("Bidrag til oppdraget over"),
            [kept.contribution],
            kept.contribution != typed.contribution,
        ),
        (
            _("Kjerneaktiviteten over som bidraget støtter"),
            [str(saved.serves or "")],
            kept.serves != typed.serves,
        ),
        (_("Politiske signaler"), _in_words(kept.signals), kept.signals != typed.signals),
    ]
    return [
        SavedWords(label, [line for line in lines if line])
        for label, lines, differs in rows
        if differs
    ]


def _in_words(signals: list[Signal]) -> list[str]:
    return [f"{signal.title} ({signal.source})" for signal in signals]
