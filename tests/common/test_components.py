from __future__ import annotations

import datetime as dt
import inspect
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from common.forms import CharField
from common.templatetags import components


class NameForm(forms.Form):
    name = CharField(label="Navn")


NAMED: dict[str, Any] = {
    "crumbs": [("Hjem", "/"), ("Her", None)],
    "views": [{"text": "Alle", "href": "?", "active": True, "count": 3}],
    "steps": [
        {"title": "Utkast", "state": "completed"},
        {"title": "Signering", "state": "current", "text": "Nå"},
        {"title": "Oppfølging", "state": "incomplete"},
    ],
    "tags": [{"text": "Nytt", "skin": "green"}],
    "second_page": Paginator(range(30), 10).page(2),
    "filled_in": NameForm({"name": ""}),
    "starts_at": dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC),
    "days": (dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC), dt.datetime(2026, 11, 24, tzinfo=dt.UTC)),
    "ends_at": dt.datetime(2026, 11, 26, 14, tzinfo=dt.UTC),
    "letter": SimpleNamespace(subject="Velkommen", text="Hei"),
}
NAMED["field"] = NAMED["filled_in"]["name"]

USES = {
    "alert": '"Se her" variant="warning" title="Obs" href="/x" link_text="Les" role="status"',
    "breadcrumbs": "crumbs",
    "button": '"Lagre" variant="danger" icon="edit" name="a"',
    "card": '"Kurs" href="/k" text="t" tags=tags lead="1" meta="2" days=days language="nb"',
    "date_block": "starts_at until=ends_at",
    "edit_conflict": "filled_in",
    "empty_state": '"Ingen ennå" text="t" href="/" action="Finn et"',
    "error_summary": "filled_in",
    "form": 'filled_in submit="Lagre" cancel="/"',
    "letter_preview": "letter",
    "linkcard": '"Kalender" href="/k" text="Se alle" icon="calendar"',
    "messagebox": '"Ta med pc" title="Husk"',
    "page_header": '"Seminarer" lead="l" eyebrow="e"',
    "pagination": "second_page",
    "portal_contact": "",
    "post_button": '"Slett" action="/x" variant="danger"',
    "progress": '"Påmeldte" value=12 maximum=30 status="12 av 30"',
    "request_code": '"a1b2"',
    "required_tag": "",
    "search": 'value="å" label="Søk" placeholder="Tittel"',
    "stepper": "steps",
    "stored_value": "field",
    "tabs": "views",
    "tag": '"Ledig" skin="green"',
}


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context)).strip()


def test_each_component_is_used_here() -> None:
    assert set(USES) == set(components.register.tags)


@pytest.mark.parametrize("name", sorted(set(USES) - {"edit_conflict"}))
def test_a_component_needs_neither_style_nor_script(name: str, settings: Any) -> None:
    settings.SUPPORT_EMAIL = "hjelp@solvik.example"
    html = render(f"{{% {name} {USES[name]} %}}", **NAMED)
    assert html
    assert " style=" not in html
    assert "<script" not in html


@pytest.mark.parametrize("name", sorted(USES))
def test_an_argument_that_a_component_does_not_know_is_refused_at_once(name: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'colour'"):
        Template(f'{{% {name} {USES[name]} colour="red" %}}')


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("{% button %}", "text"),
        ('{% post_button "Slett" %}', "action"),
        ("{% form filled_in %}", "submit"),
        ('{% progress "Påmeldte" value=1 %}', "maximum"),
    ],
)
def test_an_argument_that_a_component_must_have_is_asked_for_at_once(
    source: str, missing: str
) -> None:
    with pytest.raises(TemplateSyntaxError, match=missing):
        Template(source)


@pytest.mark.parametrize("name", sorted(USES))
def test_only_one_argument_of_a_component_goes_without_its_name(name: str) -> None:
    """So that a page says what each value is for. `pagination` has its context beside."""
    function = inspect.unwrap(getattr(components, name))
    parameters = inspect.signature(function).parameters.values()
    unnamed = [one.name for one in parameters if one.kind is not one.KEYWORD_ONLY]
    assert len([one for one in unnamed if one != "context"]) <= 1


@pytest.mark.parametrize("name", sorted(set(USES) - {"form", "post_button", "pagination"}))
def test_a_component_reads_nothing_of_the_page(name: str) -> None:
    function = inspect.unwrap(getattr(components, name))
    of_the_page = dict.fromkeys(inspect.signature(function).parameters, "SIDENS")
    of_the_page |= {"heading": "SIDENS", "kind": "SIDENS", "next": "SIDENS"} | NAMED
    source = f"{{% {name} {USES[name]} %}}"
    assert render(source, **of_the_page) == render(source, **NAMED)


@pytest.mark.parametrize("source", ["{% form filled_in submit='Lagre' %}", USES["post_button"]])
def test_a_component_that_posts_gets_the_token_of_the_page(source: str) -> None:
    source = source if source.startswith("{%") else f"{{% post_button {source} %}}"
    assert 'value="abc"' in render(source, **NAMED, csrf_token="abc")


def test_what_a_person_typed_is_escaped_in_every_place() -> None:
    typed = "<b>&'\""
    html = render(
        "{% button typed name=typed value=typed id=typed %}{% button typed href=typed %}"
        "{% alert typed title=typed href=typed link_text=typed %}{% tag typed skin=typed %}"
        "{% card typed subheading=typed text=typed lead=typed meta=typed %}"
        "{% page_header typed lead=typed eyebrow=typed %}{% empty_state typed text=typed %}",
        typed=typed,
    )
    assert "<b>" not in html
    assert html.count("&lt;b&gt;&amp;&#x27;&quot;") == 22


def test_a_button_with_an_address_is_a_link() -> None:
    assert render('{% button "Les" href="/x" name="a" %}').startswith("<a ")
    assert render('{% button "Les" name="a" %}').startswith("<button ")


def test_pagination_of_one_page_is_nothing() -> None:
    assert render("{% pagination page %}", page=Paginator([1], 10).page(1)) == ""


def test_pagination_keeps_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/", {"q": "å", "page": "2"})
    html = render("{% pagination second_page %}", second_page=NAMED["second_page"], request=request)
    assert 'href="?q=%C3%A5&amp;page=3"' in html


def test_progress_reaches_its_share_of_the_track() -> None:
    assert 'width="40.00"' in render('{% progress "x" value=12 maximum=30 %}')
