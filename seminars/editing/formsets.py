"""Forms of several rows, that can be shown without being judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.forms.utils import ErrorDict

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAX_ROWS = 40


class QuietForm(forms.Form):
    """A form that can show what was typed without judging it."""

    layout: Sequence[Sequence[str]] = ()
    """The fields that stand side by side, line by line; without it all do."""
    times: Sequence[str] = ()
    """The fields that a page may ask apart from the others."""

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

    def lines_below_times(self) -> list[list[forms.BoundField]]:
        """Return the lines without `times`, for a page that has asked those already."""
        lines = [[one for one in line if one.name not in self.times] for line in self.lines()]
        return [line for line in lines if line]


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """Rows below a seminar; each may be taken away, and an empty one is no row."""

    deletion_widget = forms.CheckboxInput
    removal: _StrPromise | str = ""
    """What the box that takes a row away says."""

    def add_fields(self, form: QuietForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = self.removal

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


def rows_of(form: type[QuietForm], *, removal: _StrPromise, at_least: int = 0) -> type[Rows]:
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
    rows = cast(type[Rows], made)
    rows.removal = removal
    return rows
