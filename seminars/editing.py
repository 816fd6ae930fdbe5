"""The organiser's form: a seminar with its sessions, programme and speakers on one page.

«Legg til» is a submit button that answers with the page as it was and one more empty row, so that
it works without JavaScript; nothing is judged until «Lagre».
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import F
from django.forms.formsets import BaseFormSet, formset_factory
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import DateTimeInput, textarea
from people.models import Unit, User
from seminars.content import (
    ProgrammeContent,
    SeminarContent,
    SessionContent,
    SpeakerContent,
)
from seminars.forms import organiser_units
from seminars.models import ApprovalDefault, Seminar
from seminars.models import SessionForm as Attending
from seminars.refusals import SessionDoesNotFit

AS_TYPED = "%Y-%m-%dT%H:%M"
MAX_ROWS = 40


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=DateTimeInput(format=AS_TYPED), **options)


class QuietForm(forms.Form):
    """A form that can show what was typed without judging it."""

    layout: Sequence[Sequence[str]] = ()
    """The fields that stand side by side, line by line; without it all do."""

    def __init__(self, *args: Any, is_quiet: bool = False, **kwargs: Any) -> None:
        self.is_quiet = is_quiet
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        if self.is_quiet:
            self._errors = ErrorDict()
            self.cleaned_data = {}
        else:
            super().full_clean()

    def lines(self) -> list[list[forms.BoundField]]:
        if self.layout:
            return [[self[name] for name in names] for names in self.layout]
        return [[field for field in self.visible_fields() if field.name != "DELETE"]]


class SeminarForm(QuietForm):
    title = forms.CharField(label=_("Tittel"), max_length=200)
    summary = forms.CharField(
        label=_("Kort om seminaret"),
        help_text=_("Én eller to setninger som står på kortet i listen."),
        widget=textarea(rows=2),
        max_length=300,
    )
    description = forms.CharField(
        label=_("Beskrivelse"), widget=textarea(rows=6), required=False, max_length=10_000
    )
    audience = forms.CharField(
        label=_("Målgruppe"),
        help_text=_("Hvem seminaret er laget for."),
        widget=textarea(rows=2),
        required=False,
        max_length=2_000,
    )
    organiser_unit = forms.ModelChoiceField(label=_("Arrangør"), queryset=Unit.objects.none())
    place_name = forms.CharField(label=_("Sted"), required=False, max_length=200)
    room = forms.CharField(label=_("Rom"), required=False, max_length=100)
    address = forms.CharField(label=_("Adresse"), required=False, max_length=200)
    meeting_url = forms.URLField(
        label=_("Lenke til digitalt møte"),
        help_text=_("Vises bare for dem som har plass."),
        required=False,
        assume_scheme="https",
    )
    capacity = forms.IntegerField(label=_("Antall plasser"), min_value=1, max_value=100_000)
    offers_expire_after = forms.IntegerField(
        label=_("Timer til å svare på tilbud"),
        help_text=_(
            "Den neste på ventelisten får et tilbud og så lang tid til å svare. "
            "Står feltet tomt, får hun plassen uten å bli spurt."
        ),
        min_value=1,
        max_value=720,
        required=False,
    )
    approval_days = forms.IntegerField(
        label=_("Dager nærmeste leder får til å godkjenne"),
        help_text=_("Står feltet tomt, trengs ingen godkjenning."),
        min_value=1,
        max_value=60,
        required=False,
    )
    approval_default = forms.ChoiceField(
        label=_("Når lederen ikke svarer innen fristen"),
        help_text=_("Gjelder bare når påmeldingen må godkjennes."),
        choices=ApprovalDefault.choices,
        initial=ApprovalDefault.APPROVE,
        required=False,
    )
    registration_opens_at = moment_field(_("Påmeldingen åpner"))
    registration_closes_at = moment_field(_("Påmeldingsfrist"))

    def __init__(
        self, *args: Any, user: User, seminar: Seminar | None, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organiser_unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = organiser_units(user, seminar, today)

    def clean_approval_default(self) -> str:
        return self.cleaned_data["approval_default"] or ApprovalDefault.APPROVE

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = values.get("registration_opens_at"), values.get("registration_closes_at")
        if opens and closes and closes <= opens:
            self.add_error(
                "registration_closes_at", _("Fristen må være etter at påmeldingen åpner.")
            )
        return values


class SessionForm(QuietForm):
    layout = (
        ("starts_at", "ends_at", "title"),
        ("room", "form", "meeting_url"),
        ("choice", "capacity"),
    )
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    starts_at = moment_field(_("Starter"))
    ends_at = moment_field(_("Slutter"))
    title = forms.CharField(
        label=_("Navn på samlingen"),
        help_text=_("Kan stå tom når seminaret har én samling."),
        required=False,
        max_length=200,
    )
    room = forms.CharField(label=_("Eget rom"), required=False, max_length=100)
    form = forms.ChoiceField(
        label=_("Oppmøteform"),
        choices=[("", _("Som seminaret")), *Attending.choices],
        required=False,
    )
    meeting_url = forms.URLField(
        label=_("Egen lenke til digitalt møte"),
        help_text=_("Vises bare for dem som har plass. Står feltet tomt, gjelder seminarets."),
        required=False,
        assume_scheme="https",
    )
    choice = forms.CharField(
        label=_("Valg den er del av"),
        help_text=_(
            "Skriv det samme på samlinger deltakerne skal velge mellom, for eksempel «Økt 2»."
        ),
        required=False,
        max_length=100,
    )
    capacity = forms.IntegerField(
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


WITH_A_LINK = (Attending.DIGITAL, Attending.HYBRID)


class ProgrammeForm(QuietForm):
    starts_at = moment_field(_("Når"))
    title = forms.CharField(label=_("Hva"), max_length=200)
    description = forms.CharField(label=_("Mer om posten"), required=False, max_length=500)


class SpeakerForm(QuietForm):
    name = forms.CharField(label=_("Navn"), max_length=200)
    title = forms.CharField(label=_("Tittel og arbeidssted"), required=False, max_length=200)
    biography = forms.CharField(
        label=_("Om"), widget=textarea(rows=2), required=False, max_length=2_000
    )


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """Rows below a seminar; each may be taken away, and an empty one is no row."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: QuietForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Fjern denne raden")

    @property
    def is_quiet(self) -> bool:
        return bool(self.form_kwargs.get("is_quiet"))

    def full_clean(self) -> None:
        if self.is_quiet:
            self._errors = [ErrorDict() for _form in self.forms]
            self._non_form_errors = self.error_class()
        else:
            super().full_clean()

    def kept_forms(self) -> list[forms.Form]:
        """Those filled in and not taken away; ask after `is_valid`."""
        return [
            form for form in self.forms if form.cleaned_data and not form.cleaned_data["DELETE"]
        ]

    def kept(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.kept_forms()]


def rows_of(form: type[QuietForm], *, at_least: int = 0) -> type[Rows]:
    made = formset_factory(
        form,
        formset=Rows,
        extra=0,
        min_num=at_least,
        validate_min=bool(at_least),
        can_delete=True,
        max_num=MAX_ROWS,
        validate_max=True,
    )
    return cast(type[Rows], made)


SessionRows = rows_of(SessionForm, at_least=1)
ProgrammeRows = rows_of(ProgrammeForm)
SpeakerRows = rows_of(SpeakerForm)


class SeminarEditor:
    """The forms of the page together, before and after somebody has typed in them."""

    def __init__(
        self,
        *,
        user: User,
        now: dt.datetime,
        seminar: Seminar | None = None,
        data: QueryDict | None = None,
    ) -> None:
        added = "" if data is None else data.get("add", "")
        typed = data if data is None else _with_one_more(data, added)
        initial = _written(seminar) if seminar else _suggested(now)
        quiet = {"is_quiet": bool(added)}
        self.is_quiet = bool(added)
        self.form = SeminarForm(
            typed,
            initial=initial["seminar"],
            user=user,
            seminar=seminar,
            today=timezone.localdate(now),
            **quiet,
        )
        self.sessions = SessionRows(
            typed, prefix="sessions", initial=initial["sessions"], form_kwargs=quiet
        )
        self.programme = ProgrammeRows(
            typed, prefix="programme", initial=initial["programme"], form_kwargs=quiet
        )
        self.speakers = SpeakerRows(
            typed, prefix="speakers", initial=initial["speakers"], form_kwargs=quiet
        )

    def is_valid(self) -> bool:
        parts = (self.form, self.sessions, self.programme, self.speakers)
        if self.is_quiet:
            return False
        judged = [part.is_valid() for part in parts]  # each one, so that all errors show at once
        return all(judged) and all(
            [self._closes_before_start(), self._has_links(), self._has_real_choices()]
        )

    def _has_links(self) -> bool:
        """A digital session needs a link: its own, or the seminar's."""
        lacking = [
            form
            for form in self.sessions.kept_forms()
            if form.cleaned_data["form"] in WITH_A_LINK
            and not form.cleaned_data["meeting_url"]
            and not self.form.cleaned_data["meeting_url"]
        ]
        for form in lacking:
            form.add_error("meeting_url", _("Skriv lenken til møtet, her eller for seminaret."))
        return not lacking

    def _has_real_choices(self) -> bool:
        """One of one is no choice."""
        counts = Counter(row["choice"] for row in self.sessions.kept())
        alone = [
            form
            for form in self.sessions.kept_forms()
            if form.cleaned_data["choice"] and counts[form.cleaned_data["choice"]] < 2
        ]
        for form in alone:
            form.add_error(
                "choice", _("Minst to samlinger må være del av valget. Skriv likt på dem.")
            )
        return not alone

    def refuse_session(self, refusal: SessionDoesNotFit) -> None:
        """At the session it is about; one that is not saved yet is known by nothing."""
        for form in self.sessions.kept_forms():
            if refusal.session_pk and form.cleaned_data["pk"] == refusal.session_pk:
                form.add_error("capacity", str(refusal))
                return
        self.form.add_error("capacity", str(refusal))

    def _closes_before_start(self) -> bool:
        starts = min(row["starts_at"] for row in self.sessions.kept())
        if self.form.cleaned_data["registration_closes_at"] <= starts:
            return True
        self.form.add_error(
            "registration_closes_at", _("Fristen kan ikke være etter at seminaret starter.")
        )
        return False

    def errors(self) -> list[tuple[str, str]]:
        """Every error of the page as a sentence and the id of where it is, in the page's order."""
        if not self.form.is_bound or self.is_quiet:
            return []
        found = _errors_of(self.form)
        for rows in (self.sessions, self.programme, self.speakers):
            found += [(str(error), rows.prefix or "") for error in rows.non_form_errors()]
            found += [
                error for form in rows.forms if not _is_gone(form) for error in _errors_of(form)
            ]
        return found

    def content(self) -> SeminarContent:
        return SeminarContent(
            **self.form.cleaned_data,
            sessions=[SessionContent(**_values(row)) for row in self.sessions.kept()],
            programme=[ProgrammeContent(**_values(row)) for row in self.programme.kept()],
            speakers=[SpeakerContent(**_values(row)) for row in self.speakers.kept()],
        )


def _errors_of(form: QuietForm) -> list[tuple[str, str]]:
    found = [(str(error), "") for error in form.non_field_errors()]
    for field in form:
        found += [(f"{field.label}: {error}", field.id_for_label) for error in field.errors]
    return found


def _is_gone(form: QuietForm) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "DELETE"}


def _with_one_more(data: QueryDict, prefix: str) -> QueryDict:
    if prefix not in ("sessions", "programme", "speakers"):
        return data
    longer = data.copy()
    count = longer.get(f"{prefix}-TOTAL_FORMS", "0")
    if count.isdecimal() and int(count) < MAX_ROWS:
        longer[f"{prefix}-TOTAL_FORMS"] = str(int(count) + 1)
    return longer


def _suggested(now: dt.datetime) -> dict[str, Any]:
    """A new seminar: open from now, in six weeks from nine to half past three."""
    day = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    start = (day + dt.timedelta(weeks=6)).replace(hour=9)
    session = {"starts_at": start, "ends_at": start.replace(hour=15, minute=30)}
    seminar = {
        "capacity": 30,
        "registration_opens_at": day,
        "registration_closes_at": start - dt.timedelta(days=7),
    }
    return {"seminar": seminar, "sessions": [session], "programme": [], "speakers": []}


SESSION_COLUMNS = (
    *("pk", "starts_at", "ends_at", "title", "room", "form"),
    *("meeting_url", "choice", "capacity"),
)


def _written(seminar: Seminar) -> dict[str, Any]:
    own = {name: getattr(seminar, name) for name in SeminarForm.base_fields}
    return {
        "seminar": own,
        "sessions": [
            {**row, "choice": row["choice"] or ""}
            for row in seminar.sessions.annotate(choice=F("choice_group__title")).values(
                *SESSION_COLUMNS
            )
        ],
        "programme": list(seminar.programme.values("starts_at", "title", "description")),
        "speakers": list(seminar.speakers.values("name", "title", "biography")),
    }
