"""What a leader types when writing the unit's mission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.forms import (
    CharField,
    DateField,
    IntegerField,
    PrintedField,
    TileRadioSelect,
    URLField,
)
from common.keys import LARGEST_KEY
from common.templatetags.punkt import words as marked
from missions.form_fields import words
from missions.models import (
    FEWEST_ACTIVITIES,
    MOST_ACTIVITIES,
    CoreActivity,
    MissionChange,
    MissionVersion,
)
from missions.political_priorities import MOST_SIGNALS, Signal
from missions.writing.actions import MissionWording

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

ACTIVITY_FIELDS = [f"activity_{place}" for place in range(1, MOST_ACTIVITIES + 1)]


class SeenDraftForm(forms.Form):
    """Carries how often the draft had been saved when it was read: does that still hold?"""

    seen = IntegerField(
        max_value=LARGEST_KEY, required=False, min_value=0, widget=forms.HiddenInput
    )

    def has_seen(self, saved_count: int) -> None:
        """What is sent next is sent knowing of this."""
        typed = cast(QueryDict, self.data).copy()
        typed["seen"] = str(saved_count)
        self.data = typed


class MissionForm(SeenDraftForm):
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
        _("Hva som ikke er vår oppgave"),
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
        wording: MissionWording,
        above: MissionVersion | None,
        is_top: bool = False,
        is_complete: bool = False,
        saved_count: int = 0,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(wording) | {"seen": saved_count}
        super().__init__(*args, **kwargs)
        self.is_complete = is_complete
        self.signals = _signal_forms(self.data if self.is_bound else None, wording, is_top=is_top)
        for place, name in enumerate(ACTIVITY_FIELDS, start=1):
            self.fields[name] = _activity_field(place)
        if above is None:
            del self.fields["contribution"]
        else:
            self.fields["serves"] = _serves_field(above)
        order = ["core_task", "for_whom", *ACTIVITY_FIELDS, "not_our_task", "contribution"]
        self.order_fields(order)

    def is_valid(self) -> bool:
        return super().is_valid() and (self.signals is None or self.signals.is_valid())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._refuse_repeated_activities(cleaned)
        if self.is_complete:
            self._require(cleaned, "core_task", _("Skriv kjerneoppgaven."))
            self._require(cleaned, "for_whom", _("Skriv hvem dere er til for."))
            self._require(cleaned, "contribution", _("Skriv hva dere bidrar med."))
            self._require(cleaned, "serves", _("Velg den kjerneaktiviteten dere bidrar mest til."))
            self._require_activities(cleaned)
        return cleaned

    def activities(self) -> list[forms.BoundField]:
        return [self[name] for name in ACTIVITY_FIELDS]

    @property
    def wording(self) -> MissionWording:
        """What was typed, with the empty lines among the activities closed up."""
        typed = self.cleaned_data
        return MissionWording(
            core_task=typed["core_task"],
            for_whom=typed["for_whom"],
            not_our_task=typed["not_our_task"],
            contribution=typed.get("contribution", ""),
            core_activities=[typed[name] for name in ACTIVITY_FIELDS if typed[name]],
            serves=int(typed["serves"]) if typed.get("serves") else None,
            signals=[
                Signal(**form.cleaned_data)
                for form in self.signals or []
                if form.cleaned_data.get("title")
            ],
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
                self.add_error(name, str(_("Denne kjerneaktiviteten står allerede på listen.")))
            seen.add(text)


class SignalForm(forms.Form):
    """One political signal; a row left empty is none."""

    title = CharField(
        label=_("Signal"),
        help_text=_("Det de folkevalgte har bestemt, i én setning."),
        max_length=200,
        required=False,
    )
    source = CharField(
        label=_("Kilde"),
        help_text=_("Vedtaket, planen eller saken, slik at den kan finnes igjen."),
        max_length=200,
        required=False,
    )
    url = URLField(label=_("Lenke til kilden (valgfri)"), max_length=500, required=False)
    decided_on = DateField(
        label=_("Vedtatt (valgfri)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(cleaned.values()):
            if not cleaned.get("title") and "title" not in self.errors:
                self.add_error("title", str(_("Skriv signalet.")))
            if not cleaned.get("source") and "source" not in self.errors:
                self.add_error("source", str(_("Skriv hvor signalet står.")))
        return cleaned


class PublishForm(SeenDraftForm):
    """How much is new. The first version is always material, so nothing is asked."""

    change = forms.ChoiceField(
        label=_("Hvor mye er nytt?"),
        choices=[
            (
                MissionChange.MATERIAL,
                _("Vesentlig: alle i enheten leser på nytt, og avtalene gås gjennom på nytt"),
            ),
            (MissionChange.MINOR, _("Mindre: bare ordlyden, ingen får brev")),
        ],
        widget=TileRadioSelect,
        error_messages={"required": _("Velg om endringen er vesentlig eller mindre.")},
    )

    def __init__(self, *args: Any, has_before: bool, saved_count: int = 0, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": saved_count}
        super().__init__(*args, **kwargs)
        if not has_before:
            del self.fields["change"]

    @property
    def change_kind(self) -> MissionChange:
        return MissionChange(self.cleaned_data.get("change", MissionChange.MATERIAL))


def _signal_forms(
    data: Mapping[str, Any] | None, wording: MissionWording, *, is_top: bool
) -> forms.BaseFormSet[SignalForm] | None:
    """Room for two more than there are, where the signals come in; None below the municipality."""
    if not is_top:
        return None
    formset = forms.formset_factory(
        SignalForm, extra=2, max_num=MOST_SIGNALS, absolute_max=MOST_SIGNALS, validate_max=True
    )
    # A row typed like one that another has saved meanwhile would pass for an empty one.
    shown = [asdict(one) for one in wording.signals] if data is None else None
    return formset(data, initial=shown, prefix="signal")


def _serves_field(above: MissionVersion) -> forms.ChoiceField:
    choices = [
        (str(activity.pk), marked(activity.text)) for activity in above.core_activities.all()
    ]
    return forms.ChoiceField(
        label=_("Hvilken kjerneaktivitet over bidrar dere mest til?"),
        choices=choices,
        required=False,
        widget=forms.RadioSelect,
    )


def _activity_field(place: int) -> PrintedField:
    label = (
        _("Kjerneaktivitet %(place)s")
        if place <= FEWEST_ACTIVITIES
        else _("Kjerneaktivitet %(place)s (valgfri)")
    )
    return PrintedField(
        label=label % {"place": place},
        help_text=_("Det viktigste dere gjør for å lykkes. Forpliktelser knyttes hit.")
        if place == 1
        else "",
        max_length=CoreActivity._meta.get_field("text").max_length,
        required=False,
    )


def _initial(wording: MissionWording) -> dict[str, str | int]:
    return {
        "core_task": wording.core_task,
        "for_whom": wording.for_whom,
        "not_our_task": wording.not_our_task,
        "contribution": wording.contribution,
        "serves": str(wording.serves or ""),
        **dict(zip(ACTIVITY_FIELDS, wording.core_activities, strict=False)),
    }
