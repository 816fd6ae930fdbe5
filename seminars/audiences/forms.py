"""What an organiser says about one audience: only what its kind needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import StoredForm
from common.forms import CharField, DateField, textarea
from people.levels import level_in_words, levels_in_use
from people.models import Unit, User
from seminars.bulk_registration import MOST_LETTERS
from seminars.forms.fields import moment_field, offer
from seminars.forms.listed_people import people_typed
from seminars.models import Audience, AudienceKind, Seminar
from seminars.seminar_content import AudienceContent

OF_KIND: dict[str, tuple[str, ...]] = {
    AudienceKind.EVERYONE: (),
    AudienceKind.LEADERS: ("levels",),
    AudienceKind.AGENCIES: ("agencies",),
    AudienceKind.LISTED: ("people",),
    AudienceKind.LED_ON: ("led_on", "levels"),
}


class AudienceForm(StoredForm):
    led_on = DateField(
        label=_("Var ledere denne datoen"),
        help_text=_("Alle som ledet en enhet denne dagen, også de som har sluttet som ledere."),
    )
    levels = forms.MultipleChoiceField(
        label=_("Bare på disse nivåene"),
        help_text=_("Velger du ingen, gjelder det ledere på alle nivåer."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agencies = forms.ModelMultipleChoiceField(
        label=_("Virksomheter"),
        help_text=_("Alle som arbeider eller leder i virksomheten, eller i en enhet under den."),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én virksomhet.")},
    )
    people = CharField(
        label=_("E-postadresser, HR-numre eller navn"),
        help_text=_("Lim inn listen slik du har den. Bare arrangører ser den."),
        widget=textarea(rows=8),
        with_tabs=True,
        max_length=MOST_LETTERS,
    )
    opens_at = moment_field(
        _("Kan melde seg på fra"),
        help_text=_("Står feltet tomt, gjelder åpningen som står på seminaret."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        seminar: Seminar,
        today: dt.date,
        audience: Audience | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _written(audience)
        super().__init__(*args, **kwargs)
        self.kind, self.seminar, self.today = kind, seminar, today
        if audience is not None:
            self.shows(AudienceContent.of(audience).state())
        for name in {"led_on", "levels", "agencies", "people"}.difference(OF_KIND[kind]):
            del self.fields[name]
        if "levels" in self.fields:
            kept = [] if audience is None else audience.levels
            self._offer_levels(kept)
        if "agencies" in self.fields:
            self._offer_agencies(audience)

    def _offer_levels(self, kept: list[str]) -> None:
        """Also those that were chosen before and that nobody leads at any more."""
        in_use = levels_in_use(on=self.today)
        keys = [*in_use, *(key for key in kept if key not in in_use)]
        field = self.fields["levels"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = [(key, level_in_words(key)) for key in keys]

    def _offer_agencies(self, audience: Audience | None) -> None:
        now_there = Unit.objects.valid_on(self.today).agencies()
        chosen = Unit.objects.none() if audience is None else audience.agencies.all()
        units = Unit.objects.filter(pk__in=now_there) | Unit.objects.filter(pk__in=chosen)
        offer(self, "agencies", units)

    def clean_led_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["led_on"]
        if day > self.today:
            raise forms.ValidationError(gettext("Velg en dag som har vært, eller dagen i dag."))
        return day

    def clean_opens_at(self) -> dt.datetime | None:
        opens_at: dt.datetime | None = self.cleaned_data["opens_at"]
        if opens_at and opens_at >= self.seminar.registration_closes_at:
            raise forms.ValidationError(gettext("Velg et tidspunkt før påmeldingsfristen."))
        return opens_at

    def clean_people(self) -> list[User]:
        return people_typed(self.cleaned_data["people"])

    def stored_in_words(self, name: str, value: Any) -> Sequence[str]:
        if name == "people":
            return [person.listed_as for person in value]
        return super().stored_in_words(name, value)

    def content(self) -> AudienceContent:
        return AudienceContent(kind=self.kind, **self.cleaned_data)


def _written(audience: Audience | None) -> dict[str, Any]:
    if audience is None:
        return {}
    return {
        "led_on": audience.led_on,
        "levels": audience.levels,
        "agencies": list(audience.agencies.all()),
        "people": "\n".join(sorted(person.listed_as for person in audience.people.all())),
        "opens_at": audience.opens_at,
    }
