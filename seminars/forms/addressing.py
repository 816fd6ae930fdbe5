"""What an organiser says about one audience: only what its kind needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, DateField, textarea
from common.numbers import number
from people.levels import level_in_words, levels_in_use
from people.models import Unit, User
from seminars.bulk import MOST_BYTES, MOST_LINES, people_named, typed_lines
from seminars.content import AudienceContent
from seminars.forms.fields import moment_field, offer
from seminars.models import Audience, AudienceKind, Seminar

OF_KIND: dict[str, tuple[str, ...]] = {
    AudienceKind.EVERYONE: (),
    AudienceKind.LEADERS: ("levels",),
    AudienceKind.AGENCIES: ("agencies",),
    AudienceKind.LISTED: ("people",),
    AudienceKind.LED_ON: ("led_on", "levels"),
}
SHOWN_UNKNOWN = 5


class AudienceForm(forms.Form):
    led_on = DateField(
        label=_("Ledet en enhet den"),
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
        label=_("E-postadresser eller HR-numre"),
        help_text=_("Én person på hver linje. Bare arrangører ser listen."),
        widget=textarea(rows=8),
        with_tabs=True,
        max_length=MOST_BYTES,
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
        """Those who were typed, each once; an error names the lines that nobody answers to."""
        words = [word for _number, word in typed_lines(self.cleaned_data["people"])]
        if len(words) > MOST_LINES:
            raise forms.ValidationError(gettext("Listen kan ha høyst 1000 linjer."))
        known = people_named(words)
        found = [known.get(word) or known.get(word.lower()) for word in words]
        unknown = [word for word, one in zip(words, found, strict=True) if one is None]
        if unknown or not words:
            raise forms.ValidationError(_not_found(unknown))
        return list(dict.fromkeys(one for one in found if one is not None))

    def content(self) -> AudienceContent:
        return AudienceContent(kind=self.kind, **self.cleaned_data)


def _not_found(unknown: list[str]) -> str:
    if not unknown:
        return gettext("Skriv minst én person.")
    shown = ", ".join(unknown[:SHOWN_UNKNOWN])
    if len(unknown) > SHOWN_UNKNOWN:
        shown = gettext("%(shown)s og %(more)s til") % {
            "shown": shown,
            "more": number(len(unknown) - SHOWN_UNKNOWN),
        }
    return gettext("Ingen ansatt har denne adressen eller dette nummeret: %(shown)s.") % {
        "shown": shown
    }


def _written(audience: Audience | None) -> dict[str, Any]:
    if audience is None:
        return {}
    return {
        "led_on": audience.led_on,
        "levels": audience.levels,
        "agencies": list(audience.agencies.all()),
        "people": "\n".join(audience.people.order_by("email").values_list("email", flat=True)),
        "opens_at": audience.opens_at,
    }
