"""The page where an agreement is written: a row a commitment, and what holds for all of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.forms import formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from commitments.drafts import SETTINGS, AgreementContent, Promise, open_base, seal_base
from commitments.form_fields import offer, wording, words
from commitments.models import WORDING, Commitment, Owner, Revision
from commitments.next_follow_up import refuse_passed
from commitments.writing.merging import Gone, Merged
from common import dates
from common.forms import CharField, DateField, IntegerField
from common.keys import LARGEST_KEY, read_key

MOST_COMMITMENTS = 20


class CommitmentForm(forms.Form):
    """One commitment. Left empty it is no commitment, whoever it was meant for."""

    number = 0
    """Which of them it is, as its legend says; the summary of what is wrong says it too."""

    owner = forms.ChoiceField(label=_("Hvem forplikter seg?"), widget=forms.RadioSelect)
    text = words(_("Forpliktelsen"), _("Hva skal gjøres, så konkret at dere ser om det ble gjort?"))
    why = words(_("For hvem, og hvorfor"), _("Hva betyr det for dem dere er til for?"))
    core_activity = forms.ChoiceField(
        label=_("Kjerneaktivitet"), help_text=_("Den i oppdraget som dette bidrar til.")
    )
    support = words(_("Støtte som trengs"), required=False)
    room = words(
        _("Handlingsrom"),
        _("Hva kan avgjøres på egen hånd, og når sier dere fra?"),
        required=False,
    )
    signs = words(
        _("Tegn på at det er godt nok"),
        _("Med ord. Ingen tall eller poeng."),
        required=False,
    )
    review_on = DateField(label=_("Vurderes på nytt"), required=False)
    thread = forms.UUIDField(widget=forms.HiddenInput, required=False)

    gone: Gone | None = None

    def __init__(self, *args: Any, revision: Revision, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].validators.append(partial(refuse_passed, today=today))
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
        return any(name not in ("owner", "thread", "DELETE") for name in self.changed_data)

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
            room=data["room"],
            review_on=data["review_on"],
            thread=data["thread"],
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
        form.number = 0 if index is None else index + 1


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

    goals = wording(
        _("Mål lederen har satt"),
        _("Hvilke mål har lederen satt, og hvordan ser dere at dere er på vei?"),
    )
    put_off = wording(_("Det vi stopper eller utsetter"), _("Hva må vike for at dette skal gå?"))
    upward = wording(
        _("Må avklares oppover"),
        _("Hva trenger dere svar på fra lederen over, og hvem spør?"),
    )
    renegotiate_when = wording(
        _("Når vi reforhandler"), _("Hva gjør at avtalen må tas opp på nytt?")
    )
    disagreement = wording(
        _("Det vi er uenige om"),
        _("Dere kan signere og likevel la det stå at dere ser ulikt på noe."),
    )
    follow_up_on = DateField(
        label=_("Neste oppfølgingssamtale"),
        help_text=_("Dere får en påminnelse før den."),
        required=False,
    )
    revision = IntegerField(max_value=LARGEST_KEY, widget=forms.HiddenInput)
    version = IntegerField(max_value=LARGEST_KEY, widget=forms.HiddenInput)
    base = CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follow_up_on"].validators.append(partial(refuse_passed, today=today))


@dataclass(frozen=True)
class Brought:
    """Words from elsewhere, and where in the form they belong; no owner: about the whole."""

    owner: str
    field: str
    text: str


@dataclass(frozen=True)
class WordingClash:
    """What the other wrote in a field that both changed, and whether that is chosen."""

    theirs: str
    is_chosen: bool = False


class Editor:
    """The whole page where a revision is written: settings, and a row a commitment."""

    def __init__(self, revision: Revision, data: Any = None, *, today: dt.date) -> None:
        self.revision = revision
        self.today = today
        self.has_clashes = False
        if data is None:
            self.fill(revision_settings(revision), revision_rows(revision))
            return
        data = take_theirs(data, agreement_id=revision.agreement_id)
        self.settings = SettingsForm(data, today=today)
        self.rows = commitment_formset(0)(
            data, form_kwargs={"revision": revision, "today": today}, prefix="c"
        )

    def fill(self, settings: dict[str, Any], rows: list[dict[str, Any]], more: int = 0) -> None:
        """Show these values as they are, right or wrong, with `more` empty rows below.

        Each row has its thread from the start, so that a form sent twice is one promise.
        """
        empty: list[dict[str, Any]] = [{} for _row in range(more)]
        rows = [*rows, *empty][:MOST_COMMITMENTS]
        self.shown = (settings, rows)
        self.settings = SettingsForm(initial=settings, today=self.today)
        self.rows = commitment_formset(len(rows))(
            initial=[row | {"thread": row.get("thread") or uuid.uuid4()} for row in rows],
            form_kwargs={"revision": self.revision, "today": self.today},
            prefix="c",
        )

    def keep_typed(self, data: Any, *, more: int = 0, is_seen_now: bool = False) -> None:
        """The same page again with all that was typed, so that nothing is lost."""
        names = [*CommitmentForm.base_fields, "DELETE"]
        total = min(_number(data.get("c-TOTAL_FORMS")), MOST_COMMITMENTS)
        typed = [{name: data.get(f"c-{row}-{name}", "") for name in names} for row in range(total)]
        shown = {name: data.get(name, "") for name in SettingsForm.base_fields}
        self.fill(shown | (seen_now(self.revision) if is_seen_now else {}), typed, more)

    def carry_in(self, brought: Iterable[Brought]) -> None:
        """Put these words where they belong, beside what stands there; nothing is saved."""
        (settings, rows), words = self.shown, list(brought)
        for one in words:
            if one.owner:
                _bring_into_row(rows, one)
            else:
                settings[one.field] = "\n".join(filter(None, [settings[one.field], one.text]))
        if words:
            self.fill(settings, rows)

    def show_both(self, merged: Merged) -> None:
        """All of both, the writer's own where they clash, and the other's beside it."""
        content = merged.content
        settings = {name: getattr(content, name) for name in SETTINGS}
        rows = [asdict(one) for one in content.commitments]
        for row in rows:
            row["core_activity"] = row.pop("core_activity_id")
        self.fill(settings | seen_now(self.revision), rows)
        self.has_clashes = not merged.is_whole
        _set_clashes(self.settings, merged.settings)
        for form, promise in zip(self.rows.forms, content.commitments, strict=False):
            if promise.thread is not None:
                _set_clashes(form, merged.fields.get(promise.thread, {}))
                form.gone = merged.gone.get(promise.thread)

    def keep_clashes(self, data: Any) -> None:
        """The other's words stay beside the writer's own when the page is shown once more.

        A bound form has taken what was chosen already; there is nothing left to choose of that.
        """
        self.has_clashes = True
        pages: dict[str, Any] = {"": self.settings}
        for form in self.rows.forms:
            pages[str(form.prefix)] = form
            gone = data.get(f"tatt-{form.prefix}")
            form.gone = Gone(gone) if gone in list(Gone) else None
        for one in _clashing(data, agreement_id=self.revision.agreement_id):
            page = pages.get(one.row)
            is_left = not (one.is_theirs_chosen and self.settings.is_bound)
            if page is not None and one.field in page.fields and is_left:
                _set_clash(page, one.field, one.theirs, is_chosen=one.is_theirs_chosen)

    def is_valid(self) -> bool:
        return all([self.settings.is_valid(), self.rows.is_valid()])

    @cached_property
    def content(self) -> AgreementContent:
        filled = [
            form
            for form in self.rows.forms
            if form.has_changed() and form not in self.rows.deleted_forms
        ]
        settings = self.settings.cleaned_data
        return AgreementContent(
            commitments=[form.promise for form in filled],
            follow_up_on=settings["follow_up_on"],
            **{name: settings[name] for name in WORDING},
        )

    @property
    def forms_with_errors(self) -> list[forms.Form]:
        if not self.settings.is_bound:
            return []
        return [form for form in (self.settings, *self.rows.forms) if form.errors]


def _bring_into_row(rows: list[dict[str, Any]], one: Brought) -> None:
    """Into the owner's first row where the field is empty, or into a new one."""
    free = (row for row in rows if row["owner"] == one.owner and not row.get(one.field))
    row = next(free, None)
    if row is None:
        row = {"owner": one.owner}
        rows.append(row)
    row[one.field] = one.text


def _number(value: Any) -> int:
    return read_key(str(value)) or 0


def _set_clashes(form: Any, theirs: dict[str, Any]) -> None:
    for name, value in theirs.items():
        _set_clash(form, "core_activity" if name == "core_activity_id" else name, value)


def _set_clash(form: Any, name: str, theirs: Any, *, is_chosen: bool = False) -> None:
    form[name].clash = WordingClash(_readable(form, name, theirs), is_chosen)


def _readable(form: Any, name: str, value: Any) -> str:
    choices = dict(getattr(form.fields[name], "choices", []))
    if choices:
        return str(choices.get(value, ""))
    return dates.long_date(value) if isinstance(value, dt.date) else str(value or "")


@dataclass(frozen=True)
class _Clashing:
    """A field that the page asked about: whose row it is in, and what the other wrote there."""

    row: str
    field: str
    theirs: Any
    is_theirs_chosen: bool

    @property
    def html_name(self) -> str:
        return f"{self.row}-{self.field}" if self.row else self.field


def _clashing(data: Any, *, agreement_id: int) -> Iterator[_Clashing]:
    asked = [name for name in data if name.startswith("valg-")]
    base = open_base(data.get("base", ""), agreement_id=agreement_id) if asked else None
    if base is None:
        return
    promises = {str(one.thread): one for one in base.content.commitments}
    for name in asked:
        row, _dash, field = name.removeprefix("valg-").rpartition("-")
        said = promises.get(data.get(f"{row}-thread", "")) if row else base.content
        if field in (*SETTINGS, *CommitmentForm.base_fields):
            attribute = "core_activity_id" if field == "core_activity" else field
            yield _Clashing(row, field, getattr(said, attribute, None), data[name] == "theirs")


def take_theirs(data: Any, *, agreement_id: int) -> Any:
    """The form with what the other wrote in the fields where the writer chose that."""
    clashing = _clashing(data, agreement_id=agreement_id)
    chosen = [one for one in clashing if one.is_theirs_chosen]
    if not chosen:
        return data
    settled = data.copy()
    for one in chosen:
        settled[one.html_name] = "" if one.theirs is None else str(one.theirs)
    return settled


def seen_now(revision: Revision) -> dict[str, Any]:
    return {"revision": revision.pk, "version": revision.version, "base": seal_base(revision)}


def revision_settings(revision: Revision) -> dict[str, Any]:
    return {
        "follow_up_on": revision.follow_up_on,
        **{name: getattr(revision, name) for name in WORDING},
        **seen_now(revision),
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
        "room": commitment.room,
        "thread": commitment.thread,
        "review_on": commitment.review_on,
    }
