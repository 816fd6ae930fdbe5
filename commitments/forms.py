"""What the two type: commitments, notes, reasons, and words about how it went."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.forms import formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from commitments.actions import Content, Promise, Said
from commitments.line import Pair
from commitments.models import Commitment, FollowUp, Owner, Revision, Word
from common.forms import TileRadioSelect, textarea

MOST_COMMITMENTS = 20
LONGEST = 600

FREE_TEXT_WARNING = _("Skriv ikke om helse, og ikke om andre enn dere to.")


def words(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 2) -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=textarea(rows=rows),
    )


def offer(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    field: Any = form.fields[name]
    field.choices = choices


class CommitmentForm(forms.Form):
    """One commitment. Left empty it is no commitment, whoever it was meant for."""

    owner = forms.ChoiceField(label=_("Hvem forplikter seg?"), widget=forms.RadioSelect)
    text = words(_("Forpliktelsen"), _("Hva skal gjøres, så konkret at dere ser om det ble gjort?"))
    why = words(_("For hvem, og hvorfor"), _("Hva betyr det for dem dere er til for?"))
    core_activity = forms.ChoiceField(
        label=_("Kjerneaktivitet"), help_text=_("Den i oppdraget som dette bidrar til.")
    )
    support = words(_("Støtte som trengs (valgfritt)"), required=False)
    signs = words(
        _("Tegn på at det er godt nok (valgfritt)"),
        _("Med ord. Ingen tall eller poeng."),
        required=False,
    )
    review_on = forms.DateField(label=_("Ses på igjen (valgfritt)"), required=False)

    def __init__(self, *args: Any, revision: Revision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = revision.agreement
        offer(
            self,
            "owner",
            [
                (Owner.LEADER, agreement.leader.name),
                (Owner.EMPLOYEE, agreement.employee.name),
                (Owner.BOTH, _("Vi begge")),
            ],
        )
        activities = revision.mission_version.core_activities.all()
        choices = [(one.pk, one.text) for one in activities]
        offer(self, "core_activity", [("", _("Velg kjerneaktivitet")), *choices])

    def has_changed(self) -> bool:
        return any(name not in ("owner", "DELETE") for name in self.changed_data)

    @property
    def promise(self) -> Promise:
        data = self.cleaned_data
        return Promise(
            owner=data["owner"],
            text=data["text"],
            why=data["why"],
            core_activity_id=int(data["core_activity"]),
            support=data["support"],
            signs=data["signs"],
            review_on=data["review_on"],
        )


if TYPE_CHECKING:
    CommitmentFormSetBase = forms.BaseFormSet[CommitmentForm]
else:
    CommitmentFormSetBase = forms.BaseFormSet


class BaseCommitmentFormSet(CommitmentFormSetBase):
    """Every row may be empty: which commitments there were before does not matter to a save."""

    deletion_widget = forms.CheckboxInput
    default_error_messages: ClassVar = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": _("Skriv høyst %(num)d forpliktelser."),
    }

    def initial_form_count(self) -> int:
        return 0

    def add_fields(self, form: CommitmentForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Ta bort denne forpliktelsen")


def commitment_formset(extra: int) -> type[BaseCommitmentFormSet]:
    made = formset_factory(
        CommitmentForm,
        formset=BaseCommitmentFormSet,
        extra=extra,
        can_delete=True,
        max_num=MOST_COMMITMENTS,
        absolute_max=MOST_COMMITMENTS + 5,
        validate_max=True,
    )
    return cast(type[BaseCommitmentFormSet], made)


class SettingsForm(forms.Form):
    """What holds for the whole revision, and which revision the page was made from."""

    follow_up_on = forms.DateField(
        label=_("Neste oppfølgingssamtale (valgfritt)"),
        help_text=_("Dere får en påminnelse før den."),
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


class Editor:
    """The whole page where a revision is written: settings, and a row a commitment."""

    def __init__(self, revision: Revision, data: Any = None) -> None:
        self.revision = revision
        if data is None:
            self.fill(revision_settings(revision), revision_rows(revision))
            return
        self.settings = SettingsForm(data)
        self.rows = commitment_formset(0)(data, form_kwargs={"revision": revision}, prefix="c")

    def fill(self, settings: dict[str, Any], rows: list[dict[str, Any]], more: int = 0) -> None:
        """Show these values as they are, right or wrong, with `more` empty rows below."""
        self.settings = SettingsForm(initial=settings)
        self.rows = commitment_formset(min(len(rows) + more, MOST_COMMITMENTS))(
            initial=rows, form_kwargs={"revision": self.revision}, prefix="c"
        )

    def keep_typed(self, data: Any, *, more: int = 0, settings: Any = None) -> None:
        """The same page again with all that was typed, so that nothing is lost."""
        names = [*CommitmentForm.base_fields, "DELETE"]
        total = min(_number(data.get("c-TOTAL_FORMS")), MOST_COMMITMENTS)
        typed = [{name: data.get(f"c-{row}-{name}", "") for name in names} for row in range(total)]
        shown = {name: data.get(name, "") for name in SettingsForm.base_fields}
        self.fill({**shown, **(settings or {})}, typed, more)

    def carry_in(self, text: str, *, owner: str) -> None:
        """Put the text in the owner's empty row, or in a new one."""
        rows = revision_rows(self.revision)
        empty = (row for row in rows if row["owner"] == owner and "text" not in row)
        row = next(empty, None)
        if row is None:
            row = {"owner": owner}
            rows.append(row)
        row["text"] = text
        self.fill(revision_settings(self.revision), rows)

    def is_valid(self) -> bool:
        return all([self.settings.is_valid(), self.rows.is_valid()])

    @cached_property
    def content(self) -> Content:
        filled = [
            form
            for form in self.rows.forms
            if form.has_changed() and form not in self.rows.deleted_forms
        ]
        return Content(
            commitments=[form.promise for form in filled],
            follow_up_on=self.settings.cleaned_data["follow_up_on"],
        )

    @property
    def forms_with_errors(self) -> list[forms.Form]:
        if not self.settings.is_bound:
            return []
        return [form for form in (self.settings, *self.rows.forms) if form.errors]


def _number(value: Any) -> int:
    return int(value) if str(value).isdecimal() else 0


def revision_settings(revision: Revision) -> dict[str, Any]:
    return {
        "follow_up_on": revision.follow_up_on,
        "revision": revision.pk,
        "version": revision.version,
    }


def revision_rows(revision: Revision) -> list[dict[str, Any]]:
    """A row for each commitment; one for each side where there is none yet."""
    written = [_row(one) for one in revision.commitments.all()]
    owners = {row["owner"] for row in written}
    missing = [side for side in (Owner.LEADER, Owner.EMPLOYEE) if side not in owners]
    return [*written, *({"owner": side} for side in missing)]


def _row(commitment: Commitment) -> dict[str, Any]:
    return {
        "owner": commitment.owner,
        "text": commitment.text,
        "why": commitment.why,
        "core_activity": commitment.core_activity_id,
        "support": commitment.support,
        "signs": commitment.signs,
        "review_on": commitment.review_on,
    }


class StartForm(forms.Form):
    """Between whom. The choices are those whom this person may begin with."""

    pair = forms.ChoiceField(label=_("Hvem er avtalen med?"), widget=TileRadioSelect)

    def __init__(self, *args: Any, pairs: list[tuple[Pair, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = {pair.key: pair for pair, _label in pairs}
        offer(self, "pair", [(pair.key, label) for pair, label in pairs])

    @property
    def chosen(self) -> Pair:
        return self.pairs[self.cleaned_data["pair"]]


class SeenForm(forms.Form):
    """Which wording the page showed: a revision, and its version or hash."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sha256 = forms.CharField(widget=forms.HiddenInput, required=False)


class NoteForm(SeenForm):
    text = forms.CharField(
        label=_("Hva bør endres?"),
        help_text=FREE_TEXT_WARNING,
        max_length=2000,
        widget=textarea(rows=5),
    )


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Merknad til den andre"),
        help_text=FREE_TEXT_WARNING,
        max_length=2000,
        widget=textarea(rows=3),
    )


class ReasonForm(forms.Form):
    text = forms.CharField(
        label=_("Hvorfor?"),
        help_text=FREE_TEXT_WARNING,
        max_length=2000,
        widget=textarea(rows=4),
    )


class OutcomeForm(forms.Form):
    """How it went with one commitment: a word, and why."""

    word = forms.ChoiceField(
        label=_("Hvordan gikk det?"), choices=Word.choices, widget=forms.RadioSelect
    )
    why = words(_("Og hvorfor (må fylles ut når den er sluppet)"), required=False)

    def __init__(self, data: Any, *, commitment: Commitment) -> None:
        super().__init__(data, prefix=f"o{commitment.pk}")
        self.commitment = commitment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("word") == Word.LET_GO and not cleaned.get("why"):
            self.add_error("why", _("Skriv hvorfor forpliktelsen er sluppet."))
        return cleaned


class NextConversationForm(forms.Form):
    next_on = forms.DateField(
        label=_("Neste oppfølgingssamtale (valgfritt)"),
        help_text=_("Dere får en påminnelse før den."),
        required=False,
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_next_on(self) -> dt.date | None:
        next_on: dt.date | None = self.cleaned_data["next_on"]
        if next_on is not None and next_on <= self.today:
            raise forms.ValidationError(_("Velg en dag som kommer."))
        return next_on


class Conversation:
    """The page where a follow-up is written down: a word a commitment, and the next date."""

    def __init__(self, follow_up: FollowUp, today: dt.date, data: Any = None) -> None:
        self.next = NextConversationForm(data, today=today)
        self.outcomes = [
            OutcomeForm(data, commitment=one) for one in follow_up.revision.commitments.all()
        ]

    def is_valid(self) -> bool:
        return all([self.next.is_valid(), *(form.is_valid() for form in self.outcomes)])

    @property
    def said(self) -> dict[int, Said]:
        return {
            form.commitment.pk: Said(form.cleaned_data["word"], form.cleaned_data["why"])
            for form in self.outcomes
        }

    @property
    def forms_with_errors(self) -> list[forms.Form]:
        return [form for form in (self.next, *self.outcomes) if form.is_bound and form.errors]


LARGEST_DOCUMENT = 5 * 1024 * 1024


class VerifyForm(forms.Form):
    """A document or a hash: one of the two."""

    file = forms.FileField(
        label=_("PDF-filen (valgfritt)"),
        help_text=_("Høyst 5 MB. Filen blir lest og ikke lagret."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    sha256 = forms.CharField(
        label=_("Eller et avtrykk (SHA-256)"),
        help_text=_(
            "64 tegn, tall og bokstavene a til f. Det står på siden «Signaturer og bevis»."
        ),
        required=False,
        max_length=200,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > LARGEST_DOCUMENT:
            raise forms.ValidationError(_("Filen er for stor. Avtaler er under 5 MB."))
        start = file.read(1024)
        file.seek(0)
        if b"%PDF-" not in start:
            raise forms.ValidationError(_("Dette er ikke en PDF. Velg filen du fikk fra portalen."))
        return file

    def clean_sha256(self) -> str:
        typed = "".join(str(self.cleaned_data["sha256"]).split()).lower()
        if typed and not re.fullmatch(r"[0-9a-f]{64}", typed):
            raise forms.ValidationError(_("Et avtrykk har 64 tegn: tall og bokstavene a til f."))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned["file"]) == bool(cleaned["sha256"]):
            raise forms.ValidationError(_("Velg en PDF, eller skriv et avtrykk."))
        return cleaned
