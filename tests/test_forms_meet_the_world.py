"""Every field for words in every form, and what people paste into it.

A new form joins by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings

from common.forms import CharField, EmailField
from tests.corpora.texts import CLEANED, PRIVATE, VISIBLE

OURS = sorted(
    {one.name.split(".")[0] for one in apps.get_app_configs()}
    & {path.parent.name for path in Path(settings.BASE_DIR).glob("*/__init__.py")}
)


def import_all() -> None:
    """A class is known once its module is imported, and not before."""
    for name in OURS:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{name}."):
            if ".migrations" not in module.name and ".settings" not in module.name:
                importlib.import_module(module.name)


def all_forms(base: type = forms.BaseForm) -> Iterator[type]:
    for form in base.__subclasses__():
        if form.__module__.split(".")[0] in OURS:
            yield form
        yield from all_forms(form)


def word_fields() -> Iterator[tuple[str, forms.Field]]:
    import_all()
    found = {}
    for form in all_forms():
        for name, field in form.base_fields.items():  # type: ignore[attr-defined]
            if isinstance(field, forms.CharField) and not isinstance(
                field, forms.EmailField | forms.URLField | forms.UUIDField | forms.JSONField
            ):
                found[f"{form.__module__}.{form.__qualname__}.{name}"] = field
    yield from sorted(found.items())


FIELDS = dict(word_fields())


def taken(field: forms.Field, text: str) -> str | list[str]:
    """What the field makes of it, or the codes of what it says against it."""
    try:
        return field.clean(text)
    except forms.ValidationError as error:
        return [one.code for one in error.error_list]


def is_too_long(field: forms.Field, text: str) -> bool:
    longest = getattr(field, "max_length", None)
    return longest is not None and len(text) > longest


def test_the_forms_are_found() -> None:
    rooms = {name.split(".")[0] for name in FIELDS}
    assert rooms >= {"accounts", "commitments", "missions", "people", "seminars"}
    assert len(FIELDS) > 40


def is_cleaned(field: forms.Field) -> bool:
    """Passwords are taken as they are typed: a space in one is a letter of it."""
    is_password = isinstance(field.widget, forms.PasswordInput)
    return is_password or isinstance(field, CharField | EmailField)


def test_every_field_is_cleaned() -> None:
    """Codes that are compared and never kept are their library's own."""
    codes = {name for name in FIELDS if name.endswith(".code")}
    assert [name for name in FIELDS.keys() - codes if not is_cleaned(FIELDS[name])] == []


WRITTEN = {
    name: field
    for name, field in FIELDS.items()
    if isinstance(field, CharField) and not isinstance(field.widget, forms.HiddenInput)
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_people_see_is_kept_letter_for_letter(name: str) -> None:
    field = WRITTEN[name]
    wrong = {
        kind: result
        for kind, text in VISIBLE.items()
        if (result := taken(field, text)) != (["max_length"] if is_too_long(field, text) else text)
        # A field of its own kind (a code, a fingerprint) may say that this is none.
        and not (isinstance(result, list) and {"invalid", "min_length"} & set(result))
    }
    assert wrong == {}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_nobody_sees_goes_no_further(name: str) -> None:
    field = WRITTEN[name]
    wrong = {}
    for kind, (pasted, kept) in CLEANED.items():
        result = taken(field, pasted)
        if isinstance(result, str) and " ".join(result.split()) != " ".join(kept.split()):
            wrong[kind] = result
    assert wrong == {}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_only_the_writer_sees_is_refused(name: str) -> None:
    field = WRITTEN[name]
    let_in = {kind for kind, text in PRIVATE.items() if isinstance(taken(field, text), str)}
    assert let_in == set()
