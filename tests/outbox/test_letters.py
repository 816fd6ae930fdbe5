from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import translation

from outbox.images import LetterImage
from outbox.letters import Rendered, absolute_url, render_alike, render_letter
from people.models import User
from tests.outbox.parts import DOT

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
    "png": DOT,
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


def test_picture_is_named_in_html_and_is_nothing_in_text(kari: User) -> None:
    words = everything(kari)
    (picture,) = words.images
    assert (picture.png, picture.alt) == (DOT, "Koden din som QR-kode")
    assert f'<img src="cid:{picture.content_id}" alt="Koden din som QR-kode"' in words.html
    assert "QR" not in words.text


def test_picture_is_told_of_in_the_readers_language() -> None:
    words = everything(User(name="Kari Lie", email="kari@example.org", language="en"))
    assert [picture.alt for picture in words.images] == ["Your code as a QR code"]


@pytest.mark.parametrize("png", [b"", b"GIF89a", DOT + bytes(20_000)])
def test_only_a_small_png_is_a_picture_of_a_letter(png: bytes) -> None:
    with pytest.raises(ValueError, match="Not a PNG"):
        LetterImage(png=png, alt="")


def test_picture_is_in_no_log() -> None:
    assert repr(LetterImage(png=DOT, alt="Prikk")) == "LetterImage(alt='Prikk')"


def test_html_has_one_button(kari: User) -> None:
    assert everything(kari).html.count("display:inline-block") == 1


GOLDEN = Path(__file__).parent / "golden" / "everything.html"


def test_html_is_byte_for_byte_what_was_read_last(kari: User) -> None:
    """A difference is a decision: see it as Outlook would, then write the file anew."""
    assert everything(kari).html == GOLDEN.read_text(encoding="utf-8")


class WordDraws(HTMLParser):
    """Finds what the classic Outlook leaves out: it draws with Word."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: list[str] = []
        self.is_fixed = False
        self.cells: list[str] = []

    def handle_comment(self, data: str) -> None:
        if data.startswith("[if mso]>"):
            self.is_fixed = '<table role="presentation" width="600"' in data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        style = dict(attrs).get("style") or ""
        if tag == "td":
            self.cells.append(style)
        looks = [one.partition(":")[0].strip() for one in style.split(";")]
        if "max-width" in looks and not self.is_fixed:
            self.lost.append(f"{tag}: max-width")
        has_padding = any(one.startswith("padding") for one in looks)
        has_cell = tag == "a" and self.cells and "mso-padding-alt" in self.cells[-1]
        if has_padding and tag not in ("td", "body") and not has_cell:
            self.lost.append(f"{tag}: padding")
        if {"border-left", "border-top"} & set(looks) and tag != "td":
            self.lost.append(f"{tag}: border")

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self.cells.pop()


def lost_in_outlook(html: str) -> list[str]:
    word = WordDraws()
    word.feed(html)
    return word.lost


def test_nothing_of_a_letter_is_lost_in_classic_outlook(kari: User) -> None:
    assert lost_in_outlook(everything(kari).html) == []


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        ('<table style="max-width:600px"></table>', ["table: max-width"]),
        ('<div style="padding:12px"></div>', ["div: padding"]),
        ('<td style="padding:1px"><a style="padding:12px"></a></td>', ["a: padding"]),
        ('<td style="mso-padding-alt:1px"><a style="padding:12px"></a></td>', []),
        ('<p style="margin:0;border-left:4px solid red"></p>', ["p: border"]),
    ],
)
def test_what_outlook_leaves_out_is_found(html: str, lost: list[str]) -> None:
    assert lost_in_outlook(html) == lost


LOOKS = re.compile(r"style=|<(?:a|div|table|td|img|p)\b")


def test_every_letter_is_built_of_the_tags_that_are_tested_here() -> None:
    """Whoever writes markup in a letter passes the tests of how it is drawn by."""
    own = [path.name for path in letter_templates() if LOOKS.search(path.read_text("utf-8"))]
    assert own == []


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
