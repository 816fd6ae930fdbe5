from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import translation

from outbox.letters import Rendered, absolute_url, render_alike, render_letter
from people.models import User

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def letters_of_the_test(settings: Any) -> None:
    engine = dict(django_settings.TEMPLATES[0])
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], TEMPLATES]}]
    settings.SITE_URL = "https://portal.example.org"


@pytest.fixture
def kari() -> User:
    return User(name="Kari Lie", email="kari@example.org", language="nb")


CONTEXT = {
    "title": "Tillit & <b>kontroll</b>",
    "start": dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC),
    "place": "",
    "points": ["Én", "To < tre"],
    "reason": "Jeg er på reise.\n\nHilsen <Even>",
    "url": "https://portal.example.org/seminarer/12/?a=1&b=2",
}


def everything(to: User, **changes: Any) -> Rendered:
    return render_letter("test/everything", to=to, context=CONTEXT | changes)


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Words:
    words = Words()
    words.feed(html)
    return words


def test_text_reads_as_a_letter(kari: User) -> None:
    assert everything(kari).text == (
        "Hei, Kari!\n\n"
        "Plassen din på «Tillit & <b>kontroll</b>» er bekreftet.\n\n"
        "Når: tirsdag 24. november 2026 kl. 09.00\n\n"
        "- Én\n- To < tre\n\n"
        "> Jeg er på reise.\n>\n> Hilsen <Even>\n\n"
        "Se seminaret:\nhttps://portal.example.org/seminarer/12/?a=1&b=2\n\n"
        "Meld meg av: https://portal.example.org/seminarer/12/?a=1&b=2\n\n"
        "—\nLederportalen, https://portal.example.org\n"
    )


def test_subject_is_one_line_without_escapes(kari: User) -> None:
    assert everything(kari).subject == "Du har plass på «Tillit & <b>kontroll</b>»"


def test_html_says_the_same_and_escapes_what_people_wrote(kari: User) -> None:
    words = read(everything(kari).html)
    assert "b" not in words.tags
    assert "Plassen din på «Tillit & <b>kontroll</b>» er bekreftet." in words.text
    assert "Hilsen <Even>" in words.text
    assert "To < tre" in words.text
    assert words.links == [CONTEXT["url"], CONTEXT["url"], "https://portal.example.org"]


def test_html_has_one_button(kari: User) -> None:
    assert everything(kari).html.count("display:inline-block") == 1


def test_language_is_the_recipients_and_not_the_requests() -> None:
    english = User(name="Kari Lie", email="kari@example.org", language="en")
    with translation.override("nb"):
        rendered = everything(english)
        assert translation.get_language() == "nb"
    assert '<html lang="en">' in rendered.html
    norwegian = User(name="Kari Lie", email="kari@example.org", language="nb")
    with translation.override("en"):
        assert '<html lang="nb">' in everything(norwegian).html


def test_facts_and_quotes_without_a_value_leave_no_trace(kari: User) -> None:
    rendered = everything(kari, reason="", start=None)
    assert "Hvor" not in rendered.text + rendered.html
    assert ">" not in rendered.text.replace("<b>kontroll</b>", "")
    assert "border-left" not in rendered.html


def test_reminder_shows_where_to_stop_reminders(kari: User) -> None:
    stop = "https://portal.example.org/brev/paminnelser/abc/"
    rendered = everything(kari, unsubscribe_url=stop)
    assert rendered.text.endswith(f"Vil du ikke ha påminnelser? {stop}\n")
    assert read(rendered.html).links[-1] == stop


def test_no_letter_shows_it_otherwise(kari: User) -> None:
    assert "påminnelser" not in everything(kari).text + everything(kari).html


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/brev/", "https://portal.example.org/brev/"),
        ("/", "https://portal.example.org/"),
        ("/seminarer/?q=a%20b", "https://portal.example.org/seminarer/?q=a%20b"),
    ],
)
def test_links_lead_to_the_portals_own_address(path: str, url: str) -> None:
    assert absolute_url(path) == url


def letter_templates() -> list[Path]:
    folder = Path(django_settings.BASE_DIR) / "templates" / "letters"
    return sorted(path for path in folder.rglob("*/*.html") if not path.name.startswith("_"))


def buttons_at_once(source: str) -> int:
    """Return how many buttons one letter can have: of branches only one is taken."""
    counts = [0]
    branches: list[list[int]] = []
    for tag in re.findall(r"{% (if|elif|else|endif|button)\b", source):
        if tag == "button":
            counts[-1] += 1
        elif tag == "if":
            branches.append([])
            counts.append(0)
        elif tag in ("elif", "else"):
            branches[-1].append(counts[-1])
            counts[-1] = 0
        else:
            most = max([*branches.pop(), counts.pop()])
            counts[-1] += most
    return counts[0]


def test_buttons_of_two_branches_are_one_and_others_add_up() -> None:
    branched = "{% if a %}{% button x %}{% elif b %}{% button y %}{% else %}{% endif %}"
    assert buttons_at_once(branched) == 1
    assert buttons_at_once(branched + "{% button z %}") == 2
    assert buttons_at_once("{% if a %}{% button x %}{% button y %}{% endif %}") == 2


@pytest.mark.parametrize("path", letter_templates(), ids=lambda path: path.stem)
def test_every_letter_of_the_portal_keeps_the_convention(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.startswith("{% extends frame %}")
    assert "{% block subject %}" in source
    assert buttons_at_once(source) <= 1
    assert "<" not in source, "markup would stand in the text as it is"


def test_a_letter_to_many_is_the_letter_each_would_have_had() -> None:
    people = [
        User(name="Kari Lie", language="nb"),
        User(name="Kari Dahl", language="nb"),
        User(name="Kari Moe", language="en"),
        User(name="Even Moe", language="nb"),
    ]
    alike = list(render_alike("test/everything", to=people, context=CONTEXT))
    assert alike == [(person, everything(person)) for person in people]
    assert alike[0][1] is alike[1][1]
