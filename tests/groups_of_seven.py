"""The portal with another number in `common/small_groups.py`: `test_small_group_texts` runs it.

    python -m tests.groups_of_seven test_lederportalen

Reads the pages in a transaction on that database, and says as JSON which word stands on which.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from types import ModuleType

import django
from django.db import connection, transaction

NUMBER = re.compile(r"^SMALL_GROUP = \d+$", re.M)
READERS = (("manager", "nb"), ("hr", "en"))
WORDS = ("fem", "five", "sju", "seven")


def read_the_rooms_with(number: int) -> None:
    """Put the module with another number in the place of the one that the rooms will import."""
    path = Path(__file__).parents[1] / "common" / "small_groups.py"
    source, changed = NUMBER.subn(f"SMALL_GROUP = {number}", path.read_text(encoding="utf-8"))
    if changed != 1:
        raise RuntimeError(f"{path} does not say the number once.")
    module = ModuleType("common.small_groups")
    exec(compile(source, str(path), "exec"), module.__dict__)  # noqa: S102
    sys.modules[module.__name__] = module


def words_by_view() -> dict[str, list[str]]:
    # Not before the number is changed: they import the rooms.
    from tests.cast import make_cast
    from tests.crawl import Crawler, all_rows, view_name
    from tests.rich import make_rich

    found: dict[str, set[str]] = {word: set() for word in WORDS}
    with transaction.atomic():
        cast = make_cast()
        rows = [*all_rows(cast), *make_rich(cast)]
        for kind, language in READERS:
            for page in Crawler(rows, cast, kind, language).pages():
                said = page.markup.text if page.markup else ""
                for word in WORDS:
                    if re.search(rf"\b{word}\b", said, re.I):
                        found[word].add(view_name(page.address))
        transaction.set_rollback(True)
    return {word: sorted(views) for word, views in found.items()}


if __name__ == "__main__":
    read_the_rooms_with(7)
    django.setup()
    connection.settings_dict["NAME"] = sys.argv[1]
    from django.test.utils import setup_test_environment

    setup_test_environment()
    sys.stdout.write(json.dumps(words_by_view()))
