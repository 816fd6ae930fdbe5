"""The page where a leader begins with a whole unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from commitments.drafts import AgreementContent, Promise
from commitments.eligible_pairs import Pair
from commitments.form_fields import offer, wording, words
from commitments.models import AgreementRound, Owner
from common.keys import read_key
from missions.models import MissionVersion
from people.without_address import label_of

MOST_PLEDGES = 10


class RoundForm(forms.Form):
    """With whom, and what stands in each draft from the start."""

    people = forms.MultipleChoiceField(
        label=_("Hvem vil du begynne med?"), widget=forms.CheckboxSelectMultiple
    )
    goals = wording(
        _("Mål du har satt"),
        _("Hvilke mål har du satt for enheten, og hvordan ser dere at dere er på vei?"),
    )
    put_off = wording(_("Det dere stopper eller utsetter"))
    upward = wording(_("Må avklares oppover"))
    renegotiate_when = wording(_("Når dere reforhandler"))

    def __init__(self, *args: Any, pairs: Sequence[Pair], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = {pair.key: pair for pair in pairs}
        choices = [
            (pair.key, label_of(pair.employee, f"{pair.employee.name}, {pair.title}"))
            for pair in pairs
        ]
        offer(self, "people", choices)
        reached = [key for key, pair in self.pairs.items() if pair.employee.email]
        self.fields["people"].initial = reached

    @property
    def chosen(self) -> list[Pair]:
        return [self.pairs[key] for key in self.cleaned_data["people"]]


class RoundPledgeForm(forms.Form):
    """One commitment of the leader's, towards each of them. Left empty it is none."""

    text = words(_("Forpliktelsen"), _("Hva lover du hver av dem?"))
    why = words(_("For hvem, og hvorfor"))
    core_activity = forms.ChoiceField(label=_("Kjerneaktivitet"))
    room = words(_("Handlingsrom"), required=False)

    def __init__(self, *args: Any, mission: MissionVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        activities = mission.core_activities.all()
        choices = [("", _("Velg kjerneaktivitet")), *((one.pk, one.text) for one in activities)]
        offer(self, "core_activity", choices)

    @property
    def promise(self) -> Promise:
        data = self.cleaned_data
        return Promise(
            owner=Owner.LEADER,
            text=data["text"],
            why=data["why"],
            core_activity_id=int(data["core_activity"]),
            room=data["room"],
        )


if TYPE_CHECKING:
    PledgeFormSetBase = forms.BaseFormSet[RoundPledgeForm]
else:
    PledgeFormSetBase = forms.BaseFormSet


class _PledgeFormSet(PledgeFormSetBase):
    """What a row held at first does not matter: a row that is not empty is a commitment."""

    def initial_form_count(self) -> int:
        return 0


class RoundEditor:
    """The whole page: whom, the words, and a few rows for the leader's own commitments."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        mission: MissionVersion,
        data: Any = None,
        template: AgreementRound | None = None,
    ) -> None:
        self.pairs, self.mission = pairs, mission
        if data is None:
            settings, rows = _of_template(template, mission)
            self._fill(settings, rows or [{}])
            return
        self.settings = RoundForm(data, pairs=pairs)
        self.rows = self._formset(0)(data, form_kwargs={"mission": mission}, prefix="r")

    def keep_typed(self, data: Any) -> None:
        """The same page again with all that was typed, and one more empty row."""
        names = RoundPledgeForm.base_fields
        total = min(_number(data.get("r-TOTAL_FORMS")), MOST_PLEDGES)
        rows = [{name: data.get(f"r-{row}-{name}", "") for name in names} for row in range(total)]
        settings = {name: data.get(name, "") for name in _WORDS}
        self._fill(settings | {"people": data.getlist("people")}, [*rows, {}][:MOST_PLEDGES])

    def _fill(self, settings: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        self.settings = RoundForm(pairs=self.pairs, initial=settings)
        self.rows = self._formset(len(rows))(
            initial=rows, form_kwargs={"mission": self.mission}, prefix="r"
        )

    def _formset(self, extra: int) -> Any:
        return formset_factory(
            RoundPledgeForm, formset=_PledgeFormSet, extra=extra, max_num=MOST_PLEDGES
        )

    @property
    def has_room(self) -> bool:
        return len(self.rows.forms) < MOST_PLEDGES

    def is_valid(self) -> bool:
        return all([self.settings.is_valid(), self.rows.is_valid()])

    @property
    def content(self) -> AgreementContent:
        settings = {name: self.settings.cleaned_data[name] for name in _WORDS}
        promises = [form.promise for form in self.rows.forms if form.has_changed()]
        return AgreementContent(promises, **settings)

    @property
    def forms_with_errors(self) -> list[forms.Form]:
        if not self.settings.is_bound:
            return []
        return [form for form in (self.settings, *self.rows.forms) if form.errors]


def _number(value: Any) -> int:
    return read_key(str(value)) or 0


_WORDS = ("goals", "put_off", "upward", "renegotiate_when")


def _of_template(
    template: AgreementRound | None, mission: MissionVersion
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Activities follow by their words; one that is gone is asked for again."""
    if template is None:
        return {}, []
    known = {one.text.strip().casefold(): one.pk for one in mission.core_activities.all()}
    rows = [
        {
            "text": one.text,
            "why": one.why,
            "room": one.room,
            "core_activity": known.get(one.core_activity.text.strip().casefold(), "")
            if one.core_activity
            else "",
        }
        for one in template.pledges.all()
    ]
    return {name: getattr(template, name) for name in _WORDS}, rows
