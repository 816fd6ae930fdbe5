"""The catalogues of translations, kept without GNU gettext.

The bokmål of the screen is itself the message id, so every other language has a catalogue.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SHOWN_TO_NOBODY = {"tests", "benchmarks"}
TEMPLATES = "templates"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = """\
# {name} for Lederportalen. Kept by `manage.py messages`.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Otherwise the same messages would compile to another file every minute."""
PLACEHOLDER = re.compile(r"%%|(%\(\w+\)[a-z]|%[sd]|\{\w*\})")
"""In Python's two ways of writing one; "%%" is a percent sign and stands here to be passed."""


def extracted(root: Path) -> Catalog:
    """Every message that the code and the templates below `root` ask for."""
    catalog = Catalog()
    for path, source in sources(root):
        place = str(path.relative_to(root))
        messages = extract("python", io.BytesIO(source), KEYWORDS, ["Translators:"])
        for line, ids, comments, context in messages:
            catalog.add(ids, locations=[(place, line)], auto_comments=comments, context=context)
    return catalog


def sources(root: Path) -> Iterator[tuple[Path, bytes]]:
    packages = [path.parent for path in sorted(root.glob("*/__init__.py"))]
    for package in packages:
        if package.name not in SHOWN_TO_NOBODY:
            for path in sorted(package.rglob("*.py")):
                yield path, path.read_bytes()
    for path in sorted((root / TEMPLATES).rglob("*.*")):
        if path.suffix in {".html", ".txt", ".svg"}:
            yield path, template_as_python(path.read_text(encoding="utf-8"), str(path))


def template_as_python(text: str, origin: str) -> bytes:
    """Django turns a template into gettext calls among letters X, on their own lines still."""
    lines = templatize(text, origin=origin).split("\n")
    # Indentation means nothing in a template, and Python's tokenizer stumbles over it.
    return "\n".join(line.strip() for line in lines).encode()


def catalogue_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def language_of(path: Path) -> str:
    return path.parents[1].name


def name_in_english(path: Path) -> str:
    return str(Locale.parse(language_of(path)).english_name)


def read(path: Path) -> Catalog:
    language = language_of(path)
    catalog = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.creation_date = NO_DATE
    return catalog


def update(path: Path, found: Catalog) -> None:
    """Take in new messages, empty, and drop those that nothing asks for any more."""
    catalog = read(path)
    catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(header(path, catalog).encode())
        write_po(
            file, catalog, width=100, omit_header=True, sort_by_file=True, include_lineno=False
        )


def header(path: Path, catalog: Catalog) -> str:
    return HEADER.format(
        name=name_in_english(path), code=language_of(path), plural_forms=catalog.plural_forms
    )


def compile_catalogue(path: Path) -> None:
    """Write the .mo beside it, which is what Django reads: whole, or not at all."""
    if not path.exists():
        return
    new = path.with_suffix(".mo.new")
    with new.open("wb") as file:
        write_mo(file, read(path))
    new.replace(path.with_suffix(".mo"))


def faults(path: Path, found: Catalog) -> list[str]:
    """What is wrong with the catalogue, a line each: none when it is complete."""
    catalog = read(path)
    asked = {(message.context, key(message)): message for message in found if message.id}
    kept = {(message.context, key(message)): message for message in catalog if message.id}
    result = [f"not in the catalogue: {where(asked[name])}" for name in asked if name not in kept]
    result += [f"nothing asks for it: {where(kept[name])}" for name in kept if name not in asked]
    result += [f"nothing asks for it: {where(message)}" for message in catalog.obsolete.values()]
    for name in kept:
        if name in asked:
            result += faults_of(kept[name])
    return result


def faults_of(message: Message) -> list[str]:
    if not all(forms(message.string)):
        return [f"not translated: {where(message)}"]
    if message.fuzzy:
        return [f"fuzzy: {where(message)}"]
    if any(not same_placeholders(message, text) for text in forms(message.string)):
        return [f"other placeholders: {where(message)}"]
    return []


def same_placeholders(message: Message, text: str) -> bool:
    """A plural form may leave out the number ("one seat"), and nothing else."""
    found = placeholders(text)
    if isinstance(message.id, str):
        return found == placeholders(message.id)
    return any(found == placeholders(form) for form in message.id)


def placeholders(text: str) -> set[str]:
    return {match for match in PLACEHOLDER.findall(text) if match}


def forms(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value or "",)


def key(message: Message) -> str:
    return forms(message.id)[0]


def where(message: Message) -> str:
    place = message.locations[0][0] if message.locations else ""
    return f"«{key(message)}»" + (f" ({place})" if place else "")
