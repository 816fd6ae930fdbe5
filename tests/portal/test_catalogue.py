"""The catalogues: every message is taken in, and nothing incomplete passes."""

import ast
from collections.abc import Iterator
from gettext import GNUTranslations
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal import catalogue
from tests.rooms import ROOMS

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext

def hello(name: str) -> str:
    return _("Hei, %(name)s") % {"name": name}

SEATS = ngettext("%(n)s plass", "%(n)s plasser", 2)
LEAD = pgettext("verb", "lede")
"""
TEMPLATE = """
<main>
    <p title="it's">{% translate "Ledige plasser" %}</p>
  {% blocktranslate trimmed count n=seats|length %}
      Én plass
      igjen
    {% plural %}
      {{ n }} plasser igjen
  {% endblocktranslate %}
{% blocktranslate with share=figure %}{{ share }} % av lederne{% endblocktranslate %}
</main>
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "people").mkdir()
    (tmp_path / "templates" / "people").mkdir(parents=True)
    (tmp_path / "people" / "__init__.py").touch()
    (tmp_path / "people" / "greeting.py").write_text(PYTHON)
    (tmp_path / "templates" / "people" / "page.html").write_text(TEMPLATE)
    return tmp_path


def run(root, option):
    output = StringIO()
    call_command("messages", option, "--root", str(root), stdout=output)
    return output.getvalue()


def po(root):
    return root / "locale" / "en" / "LC_MESSAGES" / "django.po"


def translate(root, message, *translations):
    """Fill in the empty string or strings after `message`."""
    before, after = po(root).read_text().split(f'"{message}"\n', 1)
    for text in translations:
        after = after.replace('""\n', f'"{text}"\n', 1)
    po(root).write_text(f'{before}"{message}"\n{after}')


def translate_all(root):
    run(root, "--update")
    translate(root, "Hei, %(name)s", "Hello, %(name)s")
    translate(root, "%(n)s plasser", "%(n)s seat", "%(n)s seats")
    translate(root, "lede", "lead")
    translate(root, "Ledige plasser", "Seats left")
    translate(root, "%(n)s plasser igjen", "One seat left", "%(n)s seats left")
    translate(root, "%(share)s %% av lederne", "%(share)s %% of the leaders")


def faults(root):
    output = StringIO()
    with pytest.raises(CommandError) as told:
        call_command("messages", "--check", "--root", str(root), stdout=output)
    lines = output.getvalue().splitlines()
    assert str(told.value) == f"The English catalogue has {len(lines)} faults."
    return lines


def test_messages_of_code_and_templates_are_taken_in(root):
    run(root, "--update")
    assert faults(root) == [
        "not translated: «Hei, %(name)s» (people/greeting.py)",
        "not translated: «%(n)s plass» (people/greeting.py)",
        "not translated: «lede» (people/greeting.py)",
        "not translated: «Ledige plasser» (templates/people/page.html)",
        "not translated: «Én plass igjen» (templates/people/page.html)",
        "not translated: «%(share)s %% av lederne» (templates/people/page.html)",
    ]


def test_a_complete_catalogue_passes(root):
    translate_all(root)
    assert run(root, "--check") == ""


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(root):
    translate_all(root)
    page = root / "templates" / "people" / "page.html"
    page.write_text('{% translate "Ledige plasser" %}{% translate "Ny tekst" %}')
    run(root, "--update")
    assert faults(root) == ["not translated: «Ny tekst» (templates/people/page.html)"]
    text = po(root).read_text()
    assert 'msgstr "Seats left"' in text
    assert "plasser igjen" not in text


def test_an_update_without_news_changes_no_byte(root):
    translate_all(root)
    run(root, "--update")
    before = po(root).read_bytes()
    run(root, "--update")
    assert po(root).read_bytes() == before


def test_a_language_more_gets_a_catalogue_of_its_own(root, settings):
    translate_all(root)
    english = po(root).read_bytes()
    settings.LANGUAGES = [*settings.LANGUAGES, ("nn", "Nynorsk")]
    run(root, "--update")
    nynorsk = root / "locale" / "nn" / "LC_MESSAGES" / "django.po"
    assert nynorsk.read_text().startswith("# Norwegian Nynorsk for Lederportalen.")
    assert '"Language: nn\\n"' in nynorsk.read_text()
    assert po(root).read_bytes() == english
    with pytest.raises(CommandError, match=r"^The Norwegian Nynorsk catalogue has 6 faults\.$"):
        run(root, "--check")
    run(root, "--compile")
    assert nynorsk.with_suffix(".mo").exists()


def test_a_message_that_is_new_in_the_code_is_a_fault(root):
    translate_all(root)
    (root / "people" / "new.py").write_text("_('Nytt')")
    assert faults(root) == ["not in the catalogue: «Nytt» (people/new.py)"]


def test_a_message_that_nothing_asks_for_is_a_fault(root):
    translate_all(root)
    (root / "people" / "greeting.py").write_text("")
    assert len(faults(root)) == 3
    with po(root).open("a") as file:
        file.write('\n#~ msgid "gammelt"\n#~ msgstr "old"\n')
    assert faults(root)[-1] == "nothing asks for it: «gammelt»"


def test_a_fuzzy_message_is_a_fault(root):
    translate_all(root)
    text = po(root).read_text()
    po(root).write_text(text.replace('msgid "Ledige', '#, fuzzy\nmsgid "Ledige'))
    assert faults(root) == ["fuzzy: «Ledige plasser» (templates/people/page.html)"]


@pytest.mark.parametrize("wrong", ["Hello", "Hello, %(nmae)s", "Hello, %(name)s %(more)s"])
def test_other_placeholders_are_a_fault(root, wrong):
    translate_all(root)
    po(root).write_text(po(root).read_text().replace("Hello, %(name)s", wrong))
    assert faults(root) == ["other placeholders: «Hei, %(name)s» (people/greeting.py)"]


def test_a_singular_may_leave_out_the_number_and_no_more(root):
    translate_all(root)
    text = po(root).read_text()
    po(root).write_text(text.replace('"%(n)s seats left"', '"%(m)s seats left"'))
    assert faults(root) == ["other placeholders: «Én plass igjen» (templates/people/page.html)"]


def test_compiling_writes_what_django_reads_and_the_same_bytes_each_time(root):
    translate_all(root)
    run(root, "--compile")
    compiled = po(root).with_suffix(".mo")
    first = compiled.read_bytes()
    with compiled.open("rb") as file:
        english = GNUTranslations(file)
    assert english.gettext("Ledige plasser") == "Seats left"
    assert english.pgettext("verb", "lede") == "lead"
    assert english.ngettext("%(n)s plass", "%(n)s plasser", 1) == "%(n)s seat"
    compiled.unlink()
    run(root, "--compile")
    assert compiled.read_bytes() == first


def test_compiling_without_a_catalogue_does_nothing(root):
    run(root, "--compile")
    assert not po(root).with_suffix(".mo").exists()


def test_no_message_stands_within_an_f_string() -> None:
    """Some Pythons see it there and some do not, and the catalogue is one for all."""
    root = Path(settings.BASE_DIR)
    calls = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path, source in catalogue.sources(root)
        if path.suffix == ".py"
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for node in ast.walk(text)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in catalogue.KEYWORDS
    ]
    assert calls == []


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What is worked out when a module is read: bodies of functions are not."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from at_import(child)


def filled_at_import(source: str) -> list[int]:
    return [
        node.lineno
        for node in at_import(ast.parse(source))
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod)
        and isinstance(node.left, ast.Call)
        and isinstance(node.left.func, ast.Name)
        and node.left.func.id in catalogue.KEYWORDS
    ]


def test_no_message_is_filled_in_before_there_is_a_page_and_its_language() -> None:
    """A lazy message is a text of one language as soon as something is put in it."""
    found = {
        f"{path}:{line}"
        for package in [*ROOMS, "common"]
        for path in (Path(settings.BASE_DIR) / package).rglob("*.py")
        for line in filled_at_import(path.read_text(encoding="utf-8"))
    }
    assert found == set()
    planted = 'class A:\n    b = [_("%(n)s ord") % {"n": 1}]\n    c = lambda: _("%s") % 1\n'
    assert filled_at_import(planted) == [2]
