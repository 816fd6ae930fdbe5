"""The organiser's questions, to those who register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import StoredForm
from common.forms import CharField, textarea
from common.languages import Written
from common.templatetags.punkt import words
from seminars.models import Question, QuestionKind, Registration, Seminar

LONGEST_ANSWER = 1_000


class AnswersForm(StoredForm):
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
        "label": Written(question.text),
        "help_text": _when_asked(question),
        "required": required,
    }
    if required:
        options["error_messages"] = {"required": _("Du må svare på dette.")}
    choices = [(option, words(option)) for option in question.options]
    match question.kind:
        case QuestionKind.ONE:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)
        case QuestionKind.SEVERAL:
            widget = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=choices, widget=widget, **options)
    return CharField(widget=textarea(rows=2), max_length=LONGEST_ANSWER, **options)


def _when_asked(question: Question) -> str:
    if question.shown_if is None:
        return ""
    said = (
        gettext("Må besvares hvis du svarte «%(option)s» på «%(question)s».")
        if question.is_required
        else gettext("Gjelder bare hvis du svarte «%(option)s» på «%(question)s».")
    )
    return said % {"option": question.shown_if_option, "question": question.shown_if.text}
