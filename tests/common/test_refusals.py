"""How a page tells of a refusal, and that views have no way of their own."""

from __future__ import annotations

import ast
import builtins
import importlib
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import pytest
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.translation import gettext, override

from common import errors
from common.edit_conflicts import EditConflict, Seen, StoredForm
from common.errors import Refused
from common.refusals import (
    refusals_held,
    refusals_kept,
    refusals_on,
    refusals_told,
    refused_part,
)

ROOT = Path(settings.BASE_DIR)
OURS = ("node_modules", ".venv", "var", "tests", "benchmarks", "devtools")
OF_A_PAGE = ("django.http", "django.shortcuts")


class TooLate(Refused):
    """A refusal of a kind."""


class AsItIs(Refused):
    """A refusal that is news."""

    is_so_already = True


class NameForm(StoredForm):
    name = forms.CharField()


@pytest.fixture
def request_told() -> HttpRequest:
    request = RequestFactory().post("/")
    request.session = {}  # type: ignore[assignment]
    request.user = AnonymousUser()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


@pytest.fixture
def form() -> NameForm:
    form = NameForm({"name": "Kari", "seen": str(Seen.of({"name": "Ola"}))})
    assert form.is_valid()
    return form


def told(request: HttpRequest) -> list[tuple[int, str]]:
    return [(one.level, one.message) for one in messages.get_messages(request)]


def test_a_refusal_ends_the_block_and_the_view_goes_on(request_told: HttpRequest) -> None:
    done = []
    with refusals_told(request_told) as block:
        done.append("before")
        raise TooLate("For sent.")
    assert isinstance(block.refusal, TooLate)
    assert done == ["before"]
    assert told(request_told) == [(messages.ERROR, "For sent.")]


def test_nothing_is_told_where_nothing_is_refused(request_told: HttpRequest) -> None:
    with refusals_told(request_told) as block:
        pass
    assert block.refusal is None
    assert told(request_told) == []


def test_what_is_so_already_is_news(request_told: HttpRequest) -> None:
    with refusals_told(request_told):
        raise AsItIs("Du er allerede påmeldt.")
    assert told(request_told) == [(messages.INFO, "Du er allerede påmeldt.")]


def test_a_refusal_is_told_in_the_language_of_the_one_who_asked(request_told: HttpRequest) -> None:
    with override("en"), refusals_told(request_told):
        raise TooLate(gettext("Seminaret er avlyst."))
    assert told(request_told) == [(messages.ERROR, "The seminar is cancelled.")]


def test_other_kinds_and_other_errors_go_through(request_told: HttpRequest, form: NameForm) -> None:
    with pytest.raises(TooLate), refusals_told(request_told, only=AsItIs):
        raise TooLate("For sent.")
    with pytest.raises(ValueError, match="a fault"), refusals_on(form):
        raise ValueError("a fault")
    with pytest.raises(KeyboardInterrupt), refusals_held(Refused):
        raise KeyboardInterrupt
    assert told(request_told) == []
    assert form.errors == {}


def test_a_refusal_stands_at_its_field_with_what_was_typed(form: NameForm) -> None:
    with refusals_on(form, "name"):
        raise TooLate("For sent.")
    assert form.errors == {"name": ["For sent."]}
    assert form["name"].value() == "Kari"


def test_a_refusal_of_no_field_stands_at_the_top(form: NameForm) -> None:
    with refusals_on(form):
        raise TooLate("For sent.")
    assert form.errors == {"__all__": ["For sent."]}


def test_a_refusal_with_a_place_of_its_own_stands_there_and_others_at_the_field(
    form: NameForm,
) -> None:
    def place(refusal: Refused) -> bool:
        if isinstance(refusal, AsItIs):
            form.add_error(None, f"Øverst: {refusal}")
        return isinstance(refusal, AsItIs)

    with refusals_on(form, "name", place=place):
        raise AsItIs("Slik er det.")
    assert form.errors == {"__all__": ["Øverst: Slik er det."]}
    with refusals_on(form, "name", place=place):
        raise TooLate("For sent.")
    assert form.errors == {"__all__": ["Øverst: Slik er det."], "name": ["For sent."]}


def test_a_conflict_shows_what_is_stored_beside_what_was_typed(form: NameForm) -> None:
    asked = []
    with refusals_on(form, "name", change=lambda: asked.append("who") or None):  # type: ignore[func-returns-value]
        form.seen.refuse_conflict({"name": "Siri"}, form.cleaned_data)
    assert form.errors == {}
    assert asked == ["who"]
    assert form.conflict is not None
    assert [list(row.lines) for row in form.conflict.rows] == [["Siri"]]
    assert form["name"].value() == "Kari"


def test_a_form_that_shows_no_conflicts_says_that_there_is_one() -> None:
    class Plain(forms.Form):
        name = forms.CharField()

    plain = Plain({"name": "Kari"})
    assert plain.is_valid()
    with refusals_on(plain):
        raise EditConflict({"name": "Siri"}, ["name"])
    assert list(plain.errors) == ["__all__"]


def test_of_two_blocks_the_last_takes_its_own_kinds(
    request_told: HttpRequest, form: NameForm
) -> None:
    with refusals_told(request_told) as over, refusals_held(AsItIs) as held:
        raise AsItIs("Slik er det.")
    assert (over.refusal, str(held.refusal)) == (None, "Slik er det.")
    with refusals_told(request_told) as over, refusals_held(AsItIs) as held:
        raise TooLate("For sent.")
    assert (str(over.refusal), held.refusal) == ("For sent.", None)
    assert told(request_told) == [(messages.ERROR, "For sent.")]


def test_what_is_typed_is_shown_again_with_the_refusal(
    request_told: HttpRequest, form: NameForm
) -> None:
    with refusals_kept(request_told, form, "name") as kept:
        raise TooLate("For sent.")
    assert kept.shows_form
    assert form.errors == {"name": ["For sent."]}
    assert form["name"].value() == "Kari"
    assert told(request_told) == []


def test_what_is_so_already_asks_for_nothing_more(
    request_told: HttpRequest, form: NameForm
) -> None:
    with refusals_kept(request_told, form, "name") as kept:
        raise AsItIs("Brevet er allerede sendt.")
    assert not kept.shows_form
    assert form.errors == {}
    assert told(request_told) == [(messages.INFO, "Brevet er allerede sendt.")]


def test_what_goes_well_asks_for_nothing_more(request_told: HttpRequest, form: NameForm) -> None:
    with refusals_kept(request_told, form) as kept:
        pass
    assert not kept.shows_form


def test_a_conflict_is_kept_in_its_form(request_told: HttpRequest, form: NameForm) -> None:
    with refusals_kept(request_told, form) as kept:
        form.seen.refuse_conflict({"name": "Siri"}, form.cleaned_data)
    assert kept.shows_form
    assert form.conflict is not None
    assert told(request_told) == []


def test_htmx_gets_the_words_as_plain_text_that_is_never_swapped_in() -> None:
    answer = refused_part(TooLate("<b>For sent.</b>"))
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "<b>For sent.</b>"


def modules_of_pages() -> list[Path]:
    """Every module of the product that answers a browser: it makes answers, or its name says so."""
    return [
        path
        for path in sorted(ROOT.glob("*/**/*.py"))
        if path.relative_to(ROOT).parts[0] not in OURS
        and (path.stem.endswith("views") or answers_browsers(path.read_text()))
    ]


def answers_browsers(source: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and node.module in OF_A_PAGE
        for node in ast.walk(ast.parse(source))
    )


def caught_refusals(source: str, module: ModuleType) -> list[str]:
    """The kinds of Refused that a module's own `except` clauses catch by name."""
    names = [
        ast.unparse(kind)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler) and node.type is not None
        for kind in (node.type.elts if isinstance(node.type, ast.Tuple) else [node.type])
    ]
    return [name for name in names if issubclass(named(name, module), Refused)]


def named(name: str, module: ModuleType) -> type[BaseException]:
    first, _, rest = name.partition(".")
    found = getattr(module, first, None) or getattr(builtins, first)
    kind: type[BaseException] = attrgetter(rest)(found) if rest else found
    return kind


MODULES_OF_PAGES = modules_of_pages()


def test_the_modules_of_pages_are_found() -> None:
    found = {str(path.relative_to(ROOT)) for path in MODULES_OF_PAGES}
    assert {
        "seminars/editing/views.py",
        "seminars/editing/copy_views.py",
        "commitments/gates.py",
        "attendance/marking/views.py",
        "portal/views/home.py",
    } <= found


@pytest.mark.parametrize("path", MODULES_OF_PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_view_has_a_way_of_its_own_to_tell_of_a_refusal(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    assert caught_refusals(path.read_text(), importlib.import_module(module)) == []


@pytest.mark.parametrize(
    ("clause", "caught"),
    [
        ("except Refused as refusal", "Refused"),
        ("except (ValueError, EditConflict)", "EditConflict"),
        ("except errors.Refused", "errors.Refused"),
    ],
)
def test_a_way_of_its_own_would_be_found(clause: str, caught: str) -> None:
    source = f"try:\n    act()\n{clause}:\n    pass\n"
    module = ModuleType("views")
    vars(module).update(errors=errors, Refused=Refused, EditConflict=EditConflict)
    assert caught_refusals(source, module) == [caught]


TELLS = {"refusals_told", "done_or_told"}
FORMS = {"form", "editor", "conversation"}
NOTHING_TO_KEEP = {
    ("pulse/views.py", "_answered"): "what was remembered is to be forgotten",
    ("missions/writing/views.py", "_published"): "a choice and no words",
    ("missions/contribution/views.py", "_kept"): "the words are saved before they are shared",
    ("commitments/proposing/views.py", "propose"): "a form of hidden fields",
    ("commitments/proposing/views.py", "agree"): "a form of hidden fields",
    ("commitments/preparing/views.py", "ready"): "a form of hidden fields",
}
"""Where what was typed goes with a refusal, and why."""


def typed_fields(module: ModuleType) -> list[str]:
    """The fields that are written in, of the forms that a module names."""
    kinds = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, forms.Form)
    ]
    return [
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name, field in kind.base_fields.items()
        if isinstance(field, (forms.CharField, forms.IntegerField))
        and not isinstance(field.widget, forms.HiddenInput)
    ]


def functions_that_lose_words(source: str) -> list[str]:
    """Those that read a form and tell of a refusal over the next page, where the form is not."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and (names := {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}) & TELLS
        and names & FORMS
    ]


def test_no_view_loses_what_was_typed_when_it_is_refused() -> None:
    lost = {}
    for path in MODULES_OF_PAGES:
        where = str(path.relative_to(ROOT))
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        fields = typed_fields(importlib.import_module(name))
        for function in functions_that_lose_words(path.read_text()) if fields else ():
            lost[where, function] = fields
    assert {key: lost[key] for key in lost if key not in NOTHING_TO_KEEP} == {}
    assert set(NOTHING_TO_KEEP) <= set(lost)


@pytest.mark.parametrize("tells", sorted(TELLS))
def test_a_view_that_loses_words_would_be_found(tells: str) -> None:
    source = f"def write(request, form):\n    {tells}(request, form.cleaned_data)\n"
    assert functions_that_lose_words(source) == ["write"]
    kept = source.replace(tells, "refusals_kept")
    assert functions_that_lose_words(kept) == []
    module = ModuleType("views")
    vars(module).update(NameForm=NameForm)
    assert typed_fields(module) == ["NameForm.name"]
