"""Several of one's own people registered for one seminar at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import dates
from common.forms import CharField
from people.choosing.candidates import options_of
from people.models import User
from seminars.candidates import own_staff
from seminars.models import Seminar
from seminars.own_staff.actions import StaffOutcome
from seminars.seats.ways_in import outcome_in_words

MOST_LISTED = 200
"""Of more, those are listed who were ticked on the way here."""
LONGEST = 4_000


def told_by_name(outcomes: Sequence[StaffOutcome]) -> tuple[list[str], list[str]]:
    """Return what went well and what did not, each said once with the names of all it is of."""
    well: defaultdict[str, list[str]] = defaultdict(list)
    badly: defaultdict[str, list[str]] = defaultdict(list)
    for one in outcomes:
        if one.registration is not None:
            well[outcome_in_words(one.registration)].append(one.person.name)
        else:
            badly[one.refusal].append(one.person.name)
    return (
        [words % {"name": listed(names)} for words, names in well.items()],
        [f"{listed(names)}: {words}" for words, names in badly.items()],
    )


def listed(names: Sequence[str]) -> str:
    """Return «Kari, Ola og Åse»."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s og %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


class SeveralForm(forms.Form):
    seminar = forms.ModelChoiceField(
        label=gettext_lazy("Hvilket seminar?"),
        queryset=Seminar.objects.none(),
        empty_label=gettext_lazy("Velg et seminar"),
        error_messages={
            "required": gettext_lazy("Velg et seminar."),
            "invalid_choice": gettext_lazy("Seminaret tar ikke imot påmeldinger. Velg et annet."),
        },
    )
    person = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Hvem vil du melde på?"),
        help_text=gettext_lazy("Hver av dem får brev om påmeldingen."),
        queryset=User.objects.get_queryset().none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Kryss av for dem du vil melde på."),
            "invalid_choice": gettext_lazy("En av dem du valgte, arbeider ikke hos dere lenger."),
            "invalid_pk_value": gettext_lazy("Velg blant dem som står i listen."),
        },
    )
    confirmed_for = CharField(required=False, widget=forms.HiddenInput, max_length=LONGEST)

    def __init__(
        self,
        *args: Any,
        user: User,
        now: dt.datetime,
        on: dt.date,
        ticked: Iterable[int],
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        seminars: Any = self.fields["seminar"]
        seminars.queryset = open_seminars(user, now=now, on=on)
        seminars.label_from_instance = seminar_in_words
        people: Any = self.fields["person"]
        people.queryset = own_staff(user, on=on).order_by("sort_key", "pk")
        shown = list(people.queryset[: MOST_LISTED + 1])
        if len(shown) > MOST_LISTED:
            people.help_text = _(
                "Dere er for mange til at alle står her. Meld på én om gangen fra siden til "
                "seminaret, eller kryss av på «Mine medarbeidere» hvis du leder dem."
            )
            shown = list(people.queryset.filter(pk__in=list(ticked))[:MOST_LISTED])
        people.widget.choices = [
            (one.key, ", ".join(filter(None, [one.name, one.about])))
            for one in options_of(shown, on)
        ]

    def must_confirm(self, clashing: Iterable[int]) -> bool:
        """Whether to ask once more: some have something else, and nobody has said «even so»."""
        asked = ",".join(str(pk) for pk in sorted(clashing))
        if not asked or self.cleaned_data["confirmed_for"] == asked:
            return False
        sent: Any = self.data
        sent = sent.copy()
        sent["confirmed_for"] = asked
        self.data = sent
        return True


def open_seminars(user: User, *, now: dt.datetime, on: dt.date) -> QuerySet[Seminar]:
    """Return those to come that take registrations now; whom each is for is asked later."""
    window = Q(registration_opens_at__lte=now, registration_closes_at__gte=now)
    opens_earlier = Q(audiences__opens_at__lte=now, registration_closes_at__gte=now)
    visible = Seminar.objects.visible_to(user, on=on).published()
    found: QuerySet[Seminar] = visible.filter(window | opens_earlier, starts_at__gt=now).distinct()
    return found.order_by("starts_at", "pk")


def seminar_in_words(seminar: Seminar) -> str:
    return f"{seminar.title}, {dates.short_date(seminar.starts_at)}"
