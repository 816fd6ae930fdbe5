"""The organiser asks a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import StoredForm
from common.forms import CharField, textarea
from common.numbers import number
from seminars.models import Question, QuestionKind, Seminar
from seminars.seminar_content import QuestionContent

MAX_OPTIONS = 20
LONGEST_OPTION = 200


class QuestionForm(StoredForm):
    """What the organiser asks. A condition is an answer to a question that stands before."""

    text = CharField(
        label=_("Spørsmål"),
        help_text=_("Ikke spør om helse. Mat og tilrettelegging har sin egen side."),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=_("Svartype"), choices=QuestionKind.choices, widget=forms.RadioSelect
    )
    options = CharField(
        label=_("Svaralternativer"),
        help_text=_("Ett på hver linje. Står tomt for fritekst."),
        widget=textarea(rows=4),
        required=False,
        max_length=MAX_OPTIONS * (LONGEST_OPTION + 2),
    )
    is_required = forms.BooleanField(label=_("Må besvares"), required=False)
    condition = forms.ChoiceField(label=_("Vises"), required=False)

    def __init__(
        self, data: Any = None, *, seminar: Seminar, question: Question | None = None
    ) -> None:
        super().__init__(data, initial=_written(question) if question else {"kind": "text"})
        if question is not None:
            self.shows(QuestionContent.of(question).state())
        earlier = seminar.questions.exclude(options=[])
        if question is not None:
            earlier = earlier.filter(position__lt=question.position)
        self.conditions = _conditions(earlier)
        field = self.fields["condition"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            ("", pgettext_lazy("when a question is shown", "Alltid")),
            *((key, _condition_in_words(*value)) for key, value in self.conditions.items()),
        ]

    def clean_options(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines()]
        options = list(dict.fromkeys(line for line in lines if line))
        if len(options) > MAX_OPTIONS:
            raise forms.ValidationError(
                gettext("Det kan være høyst %(count)s alternativer.")
                % {"count": number(MAX_OPTIONS)}
            )
        if any(len(option) > LONGEST_OPTION for option in options):
            raise forms.ValidationError(
                gettext("Et alternativ kan ha høyst %(count)s tegn.")
                % {"count": number(LONGEST_OPTION)}
            )
        return options

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        kind, options = values.get("kind"), values.get("options")
        if kind == QuestionKind.TEXT:
            values["options"] = []
        elif kind and options is not None and len(options) < 2:
            self.add_error("options", gettext("Skriv minst to alternativer, ett på hver linje."))
        return values

    def stored_in_words(self, name: str, value: Any) -> Sequence[str]:
        if name != "condition":
            return super().stored_in_words(name, value)
        found = (condition for condition in self.conditions.values() if value)
        return [_condition_in_words(*one) for one in found if [one[0].pk, one[1]] == value]

    def content(self) -> QuestionContent:
        values = dict(self.cleaned_data)
        shown_if, option = self.conditions.get(values.pop("condition"), (None, ""))
        return QuestionContent(**values, shown_if=shown_if, shown_if_option=option)


def _conditions(earlier: Iterable[Question]) -> dict[str, tuple[Question, str]]:
    return {
        f"{question.pk}:{number}": (question, option)
        for question in earlier
        for number, option in enumerate(question.options)
    }


def _condition_in_words(question: Question, option: str) -> str:
    return gettext("Bare etter svaret «%(option)s» på «%(question)s»") % {
        "option": option,
        "question": question.text,
    }


def _written(question: Question) -> dict[str, Any]:
    condition = ""
    if question.shown_if is not None:
        place = question.shown_if.options.index(question.shown_if_option)
        condition = f"{question.shown_if_id}:{place}"
    return {
        "text": question.text,
        "kind": question.kind,
        "options": "\n".join(question.options),
        "is_required": question.is_required,
        "condition": condition,
    }
