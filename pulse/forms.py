"""What a leader types to open a pulse, and what a person answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import dates
from common.forms import (
    LARGEST_SMALL_NUMBER,
    CharField,
    DateField,
    IntegerField,
    TileCheckboxSelect,
    TileRadioSelect,
    textarea,
)
from common.numbers import number
from pulse.actions import Guess
from pulse.models import MOST_DAYS, PulseAnswer, Unsure

ANSWERS = [
    (PulseAnswer.YES, _("Ja: Jeg kan si begge deler til en kollega uten å slå opp")),
    (PulseAnswer.PARTLY, _("Nja: Jeg kjenner det igjen, men er usikker på …")),
    (PulseAnswer.NO, _("Nei")),
]
UNSURE = [
    (Unsure.MISSION, _("oppdraget")),
    (Unsure.FOR_WHOM, _("hvem vi er til for")),
    (Unsure.CONTRIBUTION, _("mitt bidrag")),
]


class OpenPulseForm(forms.Form):
    """The days of the round, and the leader's guess about those who are asked."""

    opens_on = DateField(label=_("Åpner"))
    closes_on = DateField(label=_("Siste dag å svare"))
    guess_yes = IntegerField(
        label=_("Så mange sier ja"), min_value=0, max_value=LARGEST_SMALL_NUMBER
    )
    guess_partly = IntegerField(
        label=_("Så mange sier nja"), min_value=0, max_value=LARGEST_SMALL_NUMBER
    )
    guess_no = IntegerField(
        label=_("Så mange sier nei"), min_value=0, max_value=LARGEST_SMALL_NUMBER
    )

    def __init__(
        self,
        *args: Any,
        people: int,
        today: dt.date,
        unit_ends_on: dt.date | None = None,
        **kwargs: Any,
    ) -> None:
        usual = today + dt.timedelta(days=14)
        kwargs["initial"] = {"opens_on": today, "closes_on": min(usual, unit_ends_on or usual)}
        super().__init__(*args, **kwargs)
        self.people = people
        self.today = today
        self.unit_ends_on = unit_ends_on

    def clean_opens_on(self) -> dt.date:
        opens_on: dt.date = self.cleaned_data["opens_on"]
        if opens_on < self.today:
            raise forms.ValidationError(_("Velg i dag eller en senere dag."))
        return opens_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._refuse_days(cleaned)
        guessed = [
            cleaned[name]
            for name in ("guess_yes", "guess_partly", "guess_no")
            if cleaned.get(name) is not None
        ]
        if len(guessed) == 3 and sum(guessed) != self.people:
            self.add_error(
                "guess_yes",
                _("De tre tallene må til sammen bli %(people)s. Nå blir de %(sum)s.")
                % {"people": number(self.people), "sum": number(sum(guessed))},
            )
        return cleaned

    @property
    def guess(self) -> Guess:
        typed = self.cleaned_data
        return Guess(typed["guess_yes"], typed["guess_partly"], typed["guess_no"])

    def _refuse_days(self, cleaned: dict[str, Any]) -> None:
        opens_on, closes_on = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens_on is None or closes_on is None:
            return
        if closes_on < opens_on:
            self.add_error("closes_on", _("Siste dag kan ikke være før målingen åpner."))
        elif closes_on > opens_on + dt.timedelta(days=MOST_DAYS):
            self.add_error(
                "closes_on", _("En pulsmåling varer høyst %(days)s dager.") % {"days": MOST_DAYS}
            )
        elif self.unit_ends_on is not None and closes_on > self.unit_ends_on:
            self.add_error(
                "closes_on",
                _("Enheten legges ned etter %(date)s. Målingen må være over til da.")
                % {"date": dates.long_date(self.unit_ends_on)},
            )


class MemoryForm(forms.Form):
    """What a person remembers. Nothing of it is stored: it follows the page, and goes with it."""

    remembered_mission = CharField(
        label=_("Hva er oppdraget til enheten?"),
        help_text=_(
            "Skriv med dine egne ord, uten å slå opp. Husker du det ikke, går du bare videre."
        ),
        max_length=1000,
        required=False,
        widget=textarea(rows=3, autocomplete="off"),
    )
    remembered_contribution = CharField(
        label=_("Hva bidrar du med til det?"),
        max_length=1000,
        required=False,
        widget=textarea(rows=3, autocomplete="off"),
    )


class PulseAnswerForm(MemoryForm):
    """The answer, with what was remembered carried along unseen so that a fault loses nothing.

    «Nja» is taken without a topic too: were that a fault, the access log would show by the form
    coming back what the person had said.
    """

    answer = forms.ChoiceField(
        label=_("Kan du si oppdraget og ditt bidrag?"),
        choices=ANSWERS,
        widget=TileRadioSelect,
        error_messages={"required": _("Velg ja, nja eller nei.")},
    )
    unsure = forms.MultipleChoiceField(
        label=_("Hvis nja: Hva er du usikker på?"),
        help_text=_("Du kan velge flere, eller ingen."),
        choices=UNSURE,
        required=False,
        widget=TileCheckboxSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MemoryForm.base_fields:
            self.fields[name].widget = forms.HiddenInput()

    @property
    def chosen(self) -> tuple[PulseAnswer, frozenset[Unsure]]:
        """What was ticked under «nja» counts with «nja» alone."""
        answer = PulseAnswer(self.cleaned_data["answer"])
        unsure = frozenset(Unsure(topic) for topic in self.cleaned_data["unsure"])
        return answer, unsure if answer == PulseAnswer.PARTLY else frozenset()
