"""What people type about seminars: searching, registering others, cancelling, inviting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.forms import textarea
from people.models import Role, Unit, User
from people.organisation import granted_units, subtree_ids
from seminars.models import RegistrationQuerySet, RegistrationState, Seminar, SeminarQuerySet


class Period:
    UPCOMING = ""
    MONTH = "30"
    QUARTER = "90"
    PAST = "past"

    choices = [
        (UPCOMING, _("Alle kommende")),
        (MONTH, _("Neste 30 dager")),
        (QUARTER, _("Neste 90 dager")),
        (PAST, _("Tidligere")),
    ]


class Form:
    ANY = ""
    PLACE = "place"
    DIGITAL = "digital"

    choices = [(ANY, _("Alle")), (PLACE, _("Fysisk")), (DIGITAL, _("Digitalt"))]


class SeminarFilterForm(forms.Form):
    """The filters above the list. Nonsense in the address bar filters nothing."""

    q = forms.CharField(required=False, max_length=200)
    period = forms.ChoiceField(label=_("Periode"), choices=Period.choices, required=False)
    organiser = forms.ModelChoiceField(
        label=_("Arrangør"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("Alle"),
    )
    form = forms.ChoiceField(label=_("Oppmøteform"), choices=Form.choices, required=False)
    free = forms.BooleanField(label=_("Bare med ledige plasser"), required=False)
    mine = forms.BooleanField(label=_("Bare mine"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisers = Seminar.objects.announced().order_by().values("organiser_unit")
        field = self.fields["organiser"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Unit.objects.filter(pk__in=organisers)

    def apply(self, seminars: SeminarQuerySet, *, user: User, now: dt.datetime) -> SeminarQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        seminars = _in_period(seminars.matching(chosen.get("q", "")), chosen.get("period"), now)
        if chosen.get("organiser"):
            seminars = seminars.filter(organiser_unit=chosen["organiser"])
        if chosen.get("form"):
            seminars = seminars.held_as(is_digital=chosen["form"] == Form.DIGITAL)
        if chosen.get("free"):
            seminars = seminars.published().with_free_seats()
        if chosen.get("mine"):
            seminars = seminars.with_registration_of(user)
        return seminars


def _in_period(seminars: SeminarQuerySet, period: str | None, now: dt.datetime) -> SeminarQuerySet:
    if period == Period.PAST:
        return seminars.past(now)
    upcoming = seminars.upcoming(now)
    if period in (Period.MONTH, Period.QUARTER):
        return upcoming.filter(starts_at__lt=now + dt.timedelta(days=int(period)))
    return upcoming


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Hvorfor avlyses seminaret?"),
        help_text=_("Står i brevet til alle som er påmeldt, på venteliste eller invitert."),
        widget=textarea(rows=4),
        max_length=1000,
    )


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label=_("Begrunnelse til deltakeren"),
        help_text=_("Står i brevet til personen. Ikke skriv helseopplysninger her."),
        widget=textarea(rows=3),
        max_length=1000,
        required=False,
    )


class RegisterOtherForm(forms.Form):
    email = forms.EmailField(
        label=_("E-postadressen til den du vil melde på"),
        help_text=_("Adressen personen logger inn med. Personen får brev om påmeldingen."),
    )
    confirmed_for = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def must_confirm(self, has_clash: bool) -> bool:
        """Whether to ask once more: the person has something else, and nobody has said «even so».

        The answer is for that person alone, and goes along with the form as it is shown again.
        """
        if not has_clash or self.cleaned_data["confirmed_for"] == str(self.person.pk):
            return False
        typed = {name: self.data[name] for name in self.data}
        self.data = typed | {"confirmed_for": str(self.person.pk)}
        return True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise forms.ValidationError(
                _("Ingen ansatt har e-postadressen %(email)s."), params={"email": email}
            )
        self.person = person
        return email


class ParticipantFilterForm(forms.Form):
    q = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Påmeldte og ventende")), *RegistrationState.choices],
    )

    def apply(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        found = registrations.named(chosen.get("q", "")).in_list_order()
        return found.filter(state=chosen["state"]) if chosen.get("state") else found.active()

    @property
    def is_narrowed(self) -> bool:
        """Whether less than everybody who is in or waits is sought; for a form that was applied."""
        return any(str(self.cleaned_data.get(name, "")).strip() for name in ("q", "state"))


class InviteForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        label=_("Virksomheter"),
        help_text=_("Alle som leder virksomheten eller en enhet under den, blir invitert."),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én virksomhet.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101
        field.queryset = Unit.objects.valid_on(today).agencies()


def organiser_units(user: User, seminar: Seminar | None, today: dt.date) -> Any:
    """Where the person may arrange: the units granted, the agencies below them, what is now.

    Not each unit of the subtree: for the municipality that would be a list of three thousand.
    """
    granted = granted_units(user, Role.ORGANISER, on=today)
    agencies = Unit.objects.agencies().filter(pk__in=subtree_ids(granted)).values("pk")
    current = [] if seminar is None else [seminar.organiser_unit_id]
    return Unit.objects.valid_on(today).filter(Q(pk__in=[*granted, *current]) | Q(pk__in=agencies))
