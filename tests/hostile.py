"""Hostile words for every field that people write, and how to tell them from markup."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils import timezone

from tests.triggers import without_triggers

MARK = re.compile(r"kanari(\d+)x\d+")
SHORT = "\"'><b id=kanari{}x{}>"
LONG = (
    "\"'></script></title></textarea><b id=kanari{}x{} hx-post=/kanari onclick=kanari>"
    "{{{{7*7}}}}{{% now 'Y' %}}"
)
LINES = LONG + "\r\nATTACH:kanari\r\n.\r\nBcc: kanari@example.org"
ADDRESS = "https://kanari.example/\"'><b id=kanari{}x{}>"
EMAIL = '"<b/id=kanari{}x{}>"@example.org'
SHORTEST = 30
"""A field with less room holds a code, and no words."""

NOT_WRITTEN = re.compile(
    r"\.(?:\w*sha256|\w*_hash|password|key|kind|calendar\w*|about_\w+|message_id|html|images|outcome"
    r"|snapshot|certificate|timestamped_by|levels|diet|access|action|object_type|object_id|hr_id"
    r"|basis|sealed_with)$"
)
"""What the portal itself writes: digests, keys, kinds and what is made of the rest."""
TEXT_ATTRIBUTES = {
    "alt", "aria-description", "aria-label", "content", "data-about", "data-label", "data-name",
    "data-shown-option", "data-words",
    "placeholder", "title", "value",
}  # fmt: skip
LINKS = {"action", "formaction", "href", "src"}
SAFE_LINKS = ("https://", "/", "?", "#", "mailto:")


def written_fields() -> list[models.Field[Any, Any]]:
    """Return every field of ours that holds words, in an order that gives each its number."""
    root = Path(settings.BASE_DIR)
    ours = [one for one in apps.get_app_configs() if Path(one.path).parent == root]
    fields = (
        field
        for app in ours
        for model in app.get_models()
        if not model._meta.proxy
        for field in model._meta.concrete_fields
    )
    return [field for field in fields if is_written(field)]


def is_written(field: models.Field[Any, Any]) -> bool:
    inner = field.base_field if isinstance(field, ArrayField) else field
    if not isinstance(inner, models.CharField | models.TextField | models.JSONField):
        return False
    longest = getattr(inner, "max_length", None)
    has_room = longest is None or longest >= SHORTEST
    is_ours = bool(inner.choices or field.generated or NOT_WRITTEN.search(str(field)))
    return has_room and not is_ours


def hostile(field: models.Field[Any, Any], number: int, pk: object, found: Any) -> Any:
    """Return hostile words in the shape of what the field holds now."""
    match field:
        case ArrayField():
            return [hostile(field.base_field, number, pk, one) for one in found or [""]]
        case models.JSONField():
            return in_leaves(found, LONG.format(number, pk))
        case models.URLField():
            return ADDRESS.format(number, pk)
        case models.EmailField():
            return EMAIL.format(number, pk)
    if field.max_length is None or isinstance(field, models.TextField):
        return LINES.format(number, pk)
    words = LONG.format(number, pk)
    return words if len(words) <= field.max_length else SHORT.format(number, pk)


def in_leaves(value: Any, words: str) -> Any:
    if isinstance(value, dict):
        return {name: in_leaves(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [in_leaves(one, words) for one in value]
    is_date = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d.*", value)
    return words if isinstance(value, str) and not is_date else value


def plant() -> list[models.Field[Any, Any]]:
    """Fill every field that people write with hostile words; a table without rows gets some."""
    fields = written_fields()
    refused: list[str] = []
    models_of_ours = dict.fromkeys(field.model for field in fields)
    for model in models_of_ours:
        sow(model)  # by the rules if they let it: a row that breaks them stops other actions
    with without_triggers():
        for model in models_of_ours:
            sow(model)
            for row in model._base_manager.all():
                told = {
                    field.name: hostile(field, number, row.pk, getattr(row, field.attname))
                    for number, field in enumerate(fields)
                    if field.model is model
                }
                said = {name: words for name, words in told.items() if getattr(row, name)}
                rows = model._base_manager.filter(pk=row.pk)
                try:
                    with transaction.atomic():
                        rows.update(**told)
                except DatabaseError:  # a rule says which of its fields go together
                    with take_note(refused, model), transaction.atomic():
                        rows.update(**said)
    # each is to be planted or to be named in NOT_WRITTEN
    assert refused == [], list(dict.fromkeys(refused))
    return fields


@contextmanager
def take_note(refused: list[str], model: type[models.Model]) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        refused.append(f"{model._meta.label}: {str(error).splitlines()[0]}")


def sow(model: type[models.Model]) -> None:
    """Give each of some rows that the model hangs on one of the model's, if it has none."""
    if model._base_manager.exists():
        return
    hangs_on = next(
        (one for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey)), None
    )
    if hangs_on:
        sow(hangs_on.related_model)
    above = hangs_on.related_model._base_manager.all() if hangs_on else [None]
    for target in islice(above, 8):
        values = {one.name: sown(one) for one in model._meta.concrete_fields if is_needed(one)}
        if hangs_on:
            values[hangs_on.name] = target
        with suppress(IntegrityError), transaction.atomic():
            model._base_manager.create(**values)


def is_needed(field: models.Field[Any, Any]) -> bool:
    return not (field.primary_key or field.generated or field.null or field.has_default())


def sown(field: models.Field[Any, Any]) -> Any:
    now = timezone.now()
    match field:
        case models.ForeignKey():
            return field.related_model._base_manager.first()
        case ArrayField():
            return [sown(field.base_field)]
        case models.DateTimeField():
            return now
        case models.DateField():
            return timezone.localdate(now)
        case models.DurationField():
            return dt.timedelta(days=1)
        case models.JSONField():
            return {"text": "x"}
        case models.CharField() | models.TextField():
            return field.choices[0][0] if field.choices else "x"
    return 1


class Reader(HTMLParser):
    """Reads a page as a browser does: what has become markup, and what is only text."""

    def __init__(self) -> None:
        super().__init__()
        self.markup: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if "kanari" not in f"{name}{value}".lower():
                continue
            if name in TEXT_ATTRIBUTES or (name in LINKS and is_safe_link(value or "")):
                self.text.append(value or "")
            else:
                self.markup.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def is_safe_link(address: str) -> bool:
    return address.startswith(SAFE_LINKS) and not address.startswith("//")


def read_html(html: str) -> tuple[list[str], set[int]]:
    """Return what of the hostile words has become markup, and the fields that stand as text."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.markup, numbers("\n".join(reader.text))


def read_calendar(content: str) -> tuple[list[str], set[int]]:
    """A line that begins with what somebody wrote would be a property of its own."""
    lines = re.sub(r"\r\n[ \t]", "", content).split("\r\n")
    return [one for one in lines if one.startswith(("ATTACH", "."))], numbers(content)


def read_workbook(content: bytes) -> tuple[list[str], set[int]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    return formulas, numbers("\n".join(str(cell.value) for cell in cells))


def read_csv(content: str) -> tuple[list[str], set[int]]:
    rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";"))
    uneven = [str(row) for row in rows if len(row) != len(rows[0])]
    return uneven, numbers(content)


def numbers(text: str) -> set[int]:
    return {int(one) for one in MARK.findall(text)}


def read(content_type: str, content: bytes) -> tuple[list[str], set[int]]:
    """Return what became markup, code or a property, and whose words were seen as they are."""
    match content_type.split(";")[0]:
        case "text/html":
            return read_html(content.decode())
        case "text/calendar":
            return read_calendar(content.decode())
        case "text/csv":
            return read_csv(content.decode())
        case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
            return read_workbook(content)
    return [], set()


def words_of(fields: list[models.Field[Any, Any]], seen: set[int]) -> Iterator[str]:
    yield from (str(fields[number]) for number in sorted(seen))
