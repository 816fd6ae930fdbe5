"""The organiser's questions as a form: to those who register, and to the organiser who asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.forms import textarea
from seminars.content import QuestionContent
from seminars.models import Access, Diet, Needs, Question, QuestionKind, Registration, Seminar

MAX_OPTIONS = 20
LONGEST_OPTION = 200
LONGEST_ANSWER = 1_000


class AnswersForm(forms.Form):
    """One field a question. Whether a conditional one is asked is decided here, not by a script."""

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.answers: dict[int, list[str]] = {}
        for question in questions:
            self.fields[name_of(question)] = _field(question)

    def asked(self) -> list[tuple[forms.BoundField, Question]]:
        """For the page: the field and what it hangs on."""
        return [(self[name_of(question)], question) for question in self.questions]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for question in self.questions:
            name = name_of(question)
            if not self._is_asked(question):
                self.errors.pop(name, None)  # what is not asked cannot be answered wrongly
                continue
            given = _as_list(values.get(name))
            if given:
                self.answers[question.pk] = given
            elif question.is_required and name not in self.errors:
                self.add_error(name, gettext("Du må svare på dette."))
        return values

    def _is_asked(self, question: Question) -> bool:
        if question.shown_if_id is None:
            return True
        return question.shown_if_option in self.answers.get(question.shown_if_id, [])


def name_of(question: Question) -> str:
    return f"q{question.pk}"


def answers_form(seminar: Seminar, data: Any = None, **kwargs: Any) -> AnswersForm:
    return AnswersForm(questions_of(seminar), data, **kwargs)


def questions_of(seminar: Seminar) -> list[Question]:
    """`has_questions` is known of a seminar read `with_parts`."""
    has_questions = getattr(seminar, "has_questions", True)
    return list(seminar.questions.select_related("shown_if")) if has_questions else []


def given_answers(registration: Registration) -> dict[str, Any]:
    """What the form shows of what was answered before."""
    return {
        f"q{answer.question_id}": (
            answer.values if answer.question.kind == QuestionKind.SEVERAL else answer.values[0]
        )
        for answer in registration.answers.select_related("question")
    }


def _as_list(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    text = str(value or "").strip()
    return [text] if text else []


def _field(question: Question) -> forms.Field:
    required = question.is_required and question.shown_if_id is None
    options: dict[str, Any] = {
        "label": question.text,
        "help_text": _when_asked(question),
        "required": required,
    }
    if required:
        options["error_messages"] = {"required": _("Du må svare på dette.")}
    choices = [(option, option) for option in question.options]
    match question.kind:
        case QuestionKind.ONE:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)
        case QuestionKind.SEVERAL:
            widget = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=choices, widget=widget, **options)
    return forms.CharField(widget=textarea(rows=2), max_length=LONGEST_ANSWER, **options)


def _when_asked(question: Question) -> str:
    if question.shown_if is None:
        return ""
    words = (
        gettext("Må besvares hvis du svarte «%(option)s» på «%(question)s».")
        if question.is_required
        else gettext("Gjelder bare hvis du svarte «%(option)s» på «%(question)s».")
    )
    return words % {"option": question.shown_if_option, "question": question.shown_if.text}


class QuestionForm(forms.Form):
    """What the organiser asks. A condition is an answer to a question that stands before."""

    text = forms.CharField(
        label=_("Spørsmål"),
        help_text=_("Ikke spør om helse. Mat og tilrettelegging har sin egen side."),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=_("Svartype"), choices=QuestionKind.choices, widget=forms.RadioSelect
    )
    options = forms.CharField(
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
                gettext("Det kan være høyst %(count)d alternativer.") % {"count": MAX_OPTIONS}
            )
        if any(len(option) > LONGEST_OPTION for option in options):
            raise forms.ValidationError(
                gettext("Et alternativ kan ha høyst %(count)d tegn.") % {"count": LONGEST_OPTION}
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


class NeedsForm(forms.Form):
    diet = forms.MultipleChoiceField(
        label=_("Mat"),
        choices=Diet.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    access = forms.MultipleChoiceField(
        label=_("Tilrettelegging"),
        choices=Access.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    details = forms.CharField(
        label=_("Mer om dette"),
        help_text=_("Skriv bare det som trengs for å ordne det. Diagnoser hører ikke hjemme her."),
        widget=textarea(rows=2),
        max_length=300,
        required=False,
    )

    @classmethod
    def showing(cls, needs: Needs | None, data: Any = None) -> NeedsForm:
        if needs is None:
            return cls(data)
        written = {"diet": needs.diet, "access": needs.access, "details": needs.details}
        return cls(data, initial=written)
