"""What a leader types when writing the unit's mission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.forms import textarea
from missions.actions import Wording
from missions.models import FEWEST_ACTIVITIES, MOST_ACTIVITIES, CoreActivity, MissionVersion

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

ACTIVITY_FIELDS = [f"activity_{place}" for place in range(1, MOST_ACTIVITIES + 1)]


def words(label: Words, help_text: Words, *, longest: int, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        required=False,
        widget=textarea(rows=rows),
    )


class MissionForm(forms.Form):
    """The words of a draft. With `is_complete`, everything that publishing needs must be there."""

    core_task = words(
        _("Kjerneoppgave"),
        _("Én setning: hva dere gjør, og hva det betyr for innbyggerne."),
        longest=300,
        rows=2,
    )
    for_whom = words(
        _("Hvem vi er til for"),
        _("De som merker det om dere lykkes. Skriv det slik de selv ville sagt det."),
        longest=300,
        rows=2,
    )
    not_our_task = words(
        _("Hva som ikke er vår oppgave (valgfritt)"),
        _("Det andre tar seg av, så ingen venter på dere til ingen nytte."),
        longest=600,
        rows=3,
    )
    contribution = words(
        _("Vårt bidrag til oppdraget over"),
        _("Hva enheten gjør som de over ikke ville klart uten dere. Oppdraget over står på siden."),
        longest=600,
        rows=3,
    )

    def __init__(
        self,
        *args: Any,
        wording: Wording,
        above: MissionVersion | None,
        is_complete: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(wording)
        super().__init__(*args, **kwargs)
        self.is_complete = is_complete
        for place, name in enumerate(ACTIVITY_FIELDS, start=1):
            self.fields[name] = _activity_field(place)
        if above is None:
            del self.fields["contribution"]
        order = ["core_task", "for_whom", *ACTIVITY_FIELDS, "not_our_task", "contribution"]
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._refuse_repeated_activities(cleaned)
        if self.is_complete:
            self._require(cleaned, "core_task", _("Skriv kjerneoppgaven."))
            self._require(cleaned, "for_whom", _("Skriv hvem dere er til for."))
            self._require(cleaned, "contribution", _("Skriv hva dere bidrar med."))
            self._require_activities(cleaned)
        return cleaned

    def activities(self) -> list[forms.BoundField]:
        return [self[name] for name in ACTIVITY_FIELDS]

    @property
    def wording(self) -> Wording:
        """What was typed, with the empty lines among the activities closed up."""
        typed = self.cleaned_data
        return Wording(
            core_task=typed["core_task"],
            for_whom=typed["for_whom"],
            not_our_task=typed["not_our_task"],
            contribution=typed.get("contribution", ""),
            core_activities=[typed[name] for name in ACTIVITY_FIELDS if typed[name]],
        )

    def _require(self, cleaned: dict[str, Any], name: str, message: Words) -> None:
        if name in self.fields and name not in self.errors and not cleaned.get(name):
            self.add_error(name, str(message))

    def _require_activities(self, cleaned: dict[str, Any]) -> None:
        empty = [name for name in ACTIVITY_FIELDS if name in cleaned and not cleaned[name]]
        missing = FEWEST_ACTIVITIES - (MOST_ACTIVITIES - len(empty))
        if missing > 0:
            self.add_error(
                empty[0],
                ngettext(
                    "Skriv én kjerneaktivitet til. Et oppdrag har tre til seks.",
                    "Skriv %(missing)s kjerneaktiviteter til. Et oppdrag har tre til seks.",
                    missing,
                )
                % {"missing": missing},
            )

    def _refuse_repeated_activities(self, cleaned: dict[str, Any]) -> None:
        seen: set[str] = set()
        for name in ACTIVITY_FIELDS:
            text = cleaned.get(name, "").casefold()
            if text and text in seen:
                self.add_error(name, str(_("Denne kjerneaktiviteten står alt på listen.")))
            seen.add(text)


def _activity_field(place: int) -> forms.CharField:
    label = (
        _("Kjerneaktivitet %(place)s")
        if place <= FEWEST_ACTIVITIES
        else _("Kjerneaktivitet %(place)s (valgfri)")
    )
    return forms.CharField(
        label=label % {"place": place},
        help_text=_("Det viktigste dere gjør for å lykkes. Forpliktelser knyttes hit.")
        if place == 1
        else "",
        max_length=CoreActivity._meta.get_field("text").max_length,
        required=False,
    )


def _initial(wording: Wording) -> dict[str, str]:
    return {
        "core_task": wording.core_task,
        "for_whom": wording.for_whom,
        "not_our_task": wording.not_our_task,
        "contribution": wording.contribution,
        **dict(zip(ACTIVITY_FIELDS, wording.core_activities, strict=False)),
    }
