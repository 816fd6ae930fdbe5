"""What an organiser writes about a seminar: itself, its sessions, programme and speakers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import dates
from common.edit_conflicts import StoredForm
from common.forms import CharField, IntegerField, URLField, textarea
from common.keys import LARGEST_KEY
from common.numbers import number
from people.choosing.candidates import Candidates
from people.choosing.fields import FindsPeople, PersonChoiceField
from people.models import Role, RoleGrant, Unit, User
from people.organisation import granted_units, subtree_ids
from seminars.editing.formsets import QuietForm, rows_of
from seminars.forms.fields import moment_field, offer
from seminars.models import ApprovalDefault, Seminar, SeminarRole, WaitingListMode
from seminars.models import SessionForm as Attending
from seminars.rules import arranges
from seminars.seminar_content import ProgrammeContent, SessionContent, SpeakerContent


class SeminarForm(QuietForm, FindsPeople, StoredForm):
    only_unit: Unit | None = None
    """The one that a new seminar can be arranged by, where there is but one."""

    title = CharField(label=_("Tittel"), max_length=200)
    summary = CharField(
        label=_("Kort om seminaret"),
        help_text=_("Én eller to setninger som står på kortet i listen."),
        widget=textarea(rows=2),
        max_length=300,
    )
    description = CharField(
        label=_("Beskrivelse"), widget=textarea(rows=6), required=False, max_length=10_000
    )
    audience = CharField(
        label=_("Målgruppe"),
        help_text=_("Hvem seminaret er laget for."),
        widget=textarea(rows=2),
        required=False,
        max_length=2_000,
    )
    organiser_unit = forms.ModelChoiceField(label=_("Arrangør"), queryset=Unit.objects.none())
    contact = PersonChoiceField(
        label=_("Kontaktperson"),
        help_text=_(
            "Den deltakerne kan spørre. Navn og e-postadresse står på siden til seminaret, i "
            "brevene og i kalenderen, og svar på brevene går dit."
        ),
        required=False,
    )
    contact_phone = CharField(label=_("Telefon til kontaktpersonen"), required=False, max_length=30)
    place_name = CharField(label=_("Sted"), required=False, max_length=200)
    room = CharField(label=_("Rom"), required=False, max_length=100)
    address = CharField(label=_("Adresse"), required=False, max_length=200)
    meeting_url = URLField(
        label=_("Lenke til digitalt møte"),
        help_text=_("Vises bare for dem som har plass."),
        required=False,
    )
    capacity = IntegerField(label=_("Antall plasser"), min_value=1, max_value=100_000)
    offers_expire_after = IntegerField(
        label=_("Arbeidstimer til å svare på tilbud"),
        help_text=_(
            "Den neste på ventelisten får et tilbud og så lang tid til å svare. Bare hverdager "
            "kl. 8–16 regnes med, så 16 timer er to arbeidsdager. Står feltet tomt, får personen "
            "plassen uten å bli spurt."
        ),
        min_value=1,
        max_value=240,
        required=False,
    )
    waiting_list_mode = forms.ChoiceField(
        label=_("Venteliste"),
        choices=WaitingListMode.choices,
        initial=WaitingListMode.AUTOMATIC,
        required=False,
    )
    waiting_list_limit = IntegerField(
        label=_("Hvor mange som kan stå på ventelisten"),
        help_text=_("Står feltet tomt, er det ingen grense."),
        min_value=1,
        max_value=100_000,
        required=False,
    )
    approval_days = IntegerField(
        label=_("Arbeidsdager nærmeste leder får til å godkjenne"),
        help_text=_("Står feltet tomt, trengs ingen godkjenning."),
        min_value=1,
        max_value=60,
        required=False,
    )
    approval_default = forms.ChoiceField(
        label=_("Når lederen ikke svarer innen fristen"),
        help_text=_("Gjelder bare når påmeldingen må godkjennes."),
        choices=ApprovalDefault.choices,
        initial=ApprovalDefault.DECLINE,
        required=False,
    )
    admits_latecomers = forms.BooleanField(
        label=_("Nye kan komme med etter første samling"),
        help_text=_(
            "Gjelder seminarer over flere dager. En plass som blir ledig, går da til ventelisten "
            "helt til den siste samlingen starter."
        ),
        required=False,
    )
    registration_opens_at = moment_field(_("Påmeldingen åpner"))
    registration_closes_at = moment_field(_("Påmeldingsfrist"))
    promotion_ends_at = moment_field(
        _("Siste opprykk fra ventelisten"),
        required=False,
        help_text=_(
            "Etter dette får ingen på ventelisten plass av seg selv. De som fortsatt venter, får "
            "brev om at det ikke ble plass, og du får listen over dem. Står feltet tomt, skjer "
            "det når seminaret starter. Skal noen svare på tilbud eller godkjenne, er siste "
            "opprykk alltid så tidlig at de får minst 4 arbeidstimer til det."
        ),
    )

    def __init__(
        self, *args: Any, user: User, seminar: Seminar | None, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        units = organiser_units(user, seminar, today)
        offer(self, "organiser_unit", units)
        contact = self.fields["contact"]
        assert isinstance(contact, PersonChoiceField)  # noqa: S101
        contact.candidates = contact_candidates(user, seminar, today)
        # A draft may be written little by little; what is shown to all says what it is about.
        self.fields["summary"].required = seminar is not None and not seminar.is_draft
        if seminar is None:
            self._let_times_follow_the_start()
            self._choose_the_only_one(list(units))

    def _let_times_follow_the_start(self) -> None:
        for name, words in FOLLOWS_THE_START.items():
            self.fields[name].required = False
            self.fields[name].help_text = words

    def _choose_the_only_one(self, units: list[Unit]) -> None:
        """Where there is one unit to arrange for, it is chosen; the rows are read once."""
        asked = self.fields["organiser_unit"]
        assert isinstance(asked, forms.ModelChoiceField)  # noqa: S101
        blank = [] if len(units) == 1 else [("", asked.empty_label)]
        if not blank:
            self.only_unit = units[0]
            self.initial["organiser_unit"] = units[0].pk
        asked.choices = [*blank, *((one.pk, asked.label_from_instance(one)) for one in units)]

    def stored_label(self, name: str) -> str | Promise:
        return ROWS_BELOW[name] if name in ROWS_BELOW else super().stored_label(name)

    def stored_in_words(self, name: str, value: Any) -> Sequence[str]:
        if name in ROWS_BELOW:
            return [_row_in_words(row) for row in value]
        return super().stored_in_words(name, value)

    def stored_place(self, name: str) -> str:
        return name if name in ROWS_BELOW else super().stored_place(name)

    def clean_contact(self) -> User | None:
        person: User | None = self.cleaned_data["contact"]
        if person is not None and not person.may_be_let_in:
            raise forms.ValidationError(
                _("%(name)s har ingen e-postadresse. Velg en annen kontaktperson."),
                params={"name": person.name},
            )
        return person

    def clean_contact_phone(self) -> str:
        phone: str = self.cleaned_data["contact_phone"]
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Skriv telefonnummeret med sifre, som 21 80 21 80."))
        return phone

    def clean_waiting_list_mode(self) -> str:
        return self.cleaned_data["waiting_list_mode"] or WaitingListMode.AUTOMATIC

    def clean_approval_default(self) -> str:
        return self.cleaned_data["approval_default"] or ApprovalDefault.DECLINE

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("contact_phone") and not values.get("contact") and not self.errors:
            self.add_error("contact", _("Velg hvem telefonnummeret er til."))
        is_off = values.get("waiting_list_mode") == WaitingListMode.OFF
        if is_off and values.get("waiting_list_limit"):
            self.add_error(
                "waiting_list_limit",
                _("Ta bort grensen, eller velg hvordan plassene på ventelisten gis."),
            )
        opens, closes = values.get("registration_opens_at"), values.get("registration_closes_at")
        if opens and closes and closes <= opens:
            self.add_error(
                "registration_closes_at", _("Fristen må være etter at påmeldingen åpner.")
            )
        promotion_ends = values.get("promotion_ends_at")
        if closes and promotion_ends and promotion_ends < closes:
            self.add_error(
                "promotion_ends_at",
                _("Siste opprykk kan ikke være før påmeldingsfristen. Skriv et senere tidspunkt."),
            )
        return values


FOLLOWS_THE_START = {
    "registration_closes_at": _("Står feltet tomt, blir fristen en uke før seminaret starter."),
    "promotion_ends_at": _(
        "Etter dette får ingen på ventelisten plass av seg selv. Står feltet tomt, er det kl. 12 "
        "siste arbeidsdag før seminaret."
    ),
}
"""What a new seminar's times are when nobody says, by the field."""

PHONE = re.compile(r"\+?[\d ()./-]*\d[\d ()./-]*", re.ASCII)

ROWS_BELOW = {
    "sessions": _("Samlinger"),
    "programme": _("Program"),
    "speakers": _("Kursholdere"),
}
"""By the prefix of the rows, which is the id of the fieldset they stand in."""


def _row_in_words(row: SessionContent | ProgrammeContent | SpeakerContent) -> str:
    """One line, of what is filled in."""
    values = asdict(row)
    starts, ends = values.pop("starts_at", None), values.pop("ends_at", None)
    if form := values.pop("form", ""):
        values["form"] = Attending(form).label
    if capacity := values.pop("capacity", None):
        values["capacity"] = ngettext("%(count)s plass", "%(count)s plasser", capacity) % {
            "count": number(capacity)
        }
    when = dates.span(starts, ends) if ends else dates.moment(starts) if starts else ""
    return " · ".join(str(words) for words in (when, *values.values()) if words)


def organiser_units(user: User, seminar: Seminar | None, today: dt.date) -> Any:
    """Where the person may arrange: the units granted, the agencies below them, what is now.

    Not each unit of the subtree: for the municipality that would be a list of three thousand.
    A co-organiser leaves the seminar where it is, whatever they arrange elsewhere.
    """
    if seminar is not None and not arranges(user, seminar, today):
        return Unit.objects.valid_on(today).filter(pk=seminar.organiser_unit_id)
    granted = granted_units(user, Role.ORGANISER, on=today)
    agencies = Unit.objects.agencies().filter(pk__in=subtree_ids(granted)).values("pk")
    current = [] if seminar is None else [seminar.organiser_unit_id]
    return Unit.objects.valid_on(today).filter(Q(pk__in=[*granted, *current]) | Q(pk__in=agencies))


def contact_candidates(user: User, seminar: Seminar | None, today: dt.date) -> Candidates:
    """Those the organiser may know, first those who arrange where they do and the seminar's
    co-organisers; the present one too."""
    units = subtree_ids(granted_units(user, Role.ORGANISER, on=today))
    arranging = RoleGrant.objects.valid_on(today).filter(role=Role.ORGANISER, unit__in=units)
    present = [user.pk, *([seminar.contact_id] if seminar and seminar.contact_id else [])]
    there = Q(pk__in=arranging.order_by().values("user"))
    if seminar is not None:
        helping = seminar.role_grants.held_on(today).filter(role=SeminarRole.CO_ORGANISER)
        there |= Q(pk__in=helping.order_by().values("user"))

    def known() -> QuerySet[User]:
        seen = User.objects.visible_to(user, on=today)
        chosen = Q(pk__in=present) | there
        people: QuerySet[User] = User.objects.filter(chosen | Q(pk__in=seen.values("pk")))
        return people

    own = User.objects.filter(Q(pk=user.pk) | there)
    return Candidates(known, today, own=own)


WITH_A_LINK = (Attending.DIGITAL, Attending.HYBRID)


GONE = _("Samlingen finnes ikke lenger. Last siden på nytt for å se hva som er lagret.")


class SessionForm(QuietForm):
    layout = (
        ("starts_at", "ends_at", "title"),
        ("room", "form", "meeting_url"),
        ("choice", "capacity"),
    )
    times = ("starts_at", "ends_at")
    """What the page of a new seminar asks on its own, above the rest."""
    pk = IntegerField(
        label=_("Samlingen"),
        required=False,
        widget=forms.HiddenInput,
        min_value=0,
        max_value=LARGEST_KEY,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), GONE),
    )
    starts_at = moment_field(_("Starter"))
    ends_at = moment_field(_("Slutter"))
    title = CharField(
        label=_("Navn på samlingen"),
        help_text=_("Kan stå tom når seminaret har én samling."),
        required=False,
        max_length=200,
    )
    room = CharField(label=_("Eget rom"), required=False, max_length=100)
    form = forms.ChoiceField(
        label=_("Oppmøteform"),
        choices=[("", _("Som seminaret")), *Attending.choices],
        required=False,
    )
    meeting_url = URLField(
        label=_("Egen lenke til digitalt møte"),
        help_text=_("Vises bare for dem som har plass. Står feltet tomt, gjelder seminarets."),
        required=False,
    )
    choice = CharField(
        label=_("Valg mellom parallelle samlinger"),
        help_text=_(
            "Skriv det samme navnet på samlinger deltakerne skal velge mellom, "
            "for eksempel «Økt 2»."
        ),
        required=False,
        max_length=100,
    )
    capacity = IntegerField(
        label=_("Plasser i samlingen"),
        help_text=_("Bare når den er del av et valg."),
        required=False,
        min_value=1,
        max_value=100_000,
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = values.get("starts_at"), values.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("Samlingen må slutte etter at den starter."))
        if values.get("meeting_url") and values.get("form") not in WITH_A_LINK:
            self.add_error(
                "meeting_url", _("En samling med egen lenke må være digital, helt eller delvis.")
            )
        self._check_choice(values)
        return values

    def _check_choice(self, values: dict[str, Any]) -> None:
        choice, capacity = values.get("choice"), values.get("capacity")
        if choice and capacity is None and "capacity" not in self.errors:
            self.add_error("capacity", _("Skriv hvor mange det er plass til i samlingen."))
        if capacity is not None and not choice:
            self.add_error(
                "choice", _("Skriv hvilket valg samlingen er del av, eller fjern antall plasser.")
            )


class ProgrammeForm(QuietForm):
    starts_at = moment_field(_("Når"))
    title = CharField(label=_("Hva"), max_length=200)
    description = CharField(label=_("Mer om posten"), required=False, max_length=500)


class SpeakerForm(QuietForm):
    name = CharField(label=_("Navn"), max_length=200)
    title = CharField(label=_("Tittel og arbeidssted"), required=False, max_length=200)
    biography = CharField(label=_("Om"), widget=textarea(rows=2), required=False, max_length=2_000)


SessionRows = rows_of(SessionForm, removal=_("Fjern samlingen"), at_least=1)
ProgrammeRows = rows_of(ProgrammeForm, removal=_("Fjern programposten"))
SpeakerRows = rows_of(SpeakerForm, removal=_("Fjern kursholderen"))
