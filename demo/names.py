"""Invented people: a name, and an address at a domain that no mail can reach."""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parent / "data"
DOMAIN = "demo.example"
"""Below .example, which RFC 2606 reserves: a letter to it can never reach anybody."""

_SPELLING = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ı": "i", "ł": "l"})


def email_name(name: str) -> str:
    """«Åse El-Amrani» → «ase.el-amrani»."""
    lowered = name.lower().translate(_SPELLING)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z.-]", "", plain.replace(" ", "."))


@dataclass
class Names:
    """Draws people; two of the same name get different addresses, as in any large workplace."""

    rng: random.Random
    _taken: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lists = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
        self._first = [name for key in ("women", "men") for name in lists[key].split()]
        self._last = lists["surnames"].split()

    def draw(self) -> tuple[str, str]:
        """A name and its address."""
        name = f"{self.rng.choice(self._first)} {self.rng.choice(self._last)}"
        return name, self.address(name)

    def address(self, name: str) -> str:
        """The next free address for the name: the second of a name gets a number."""
        local = email_name(name)
        count = self._taken[local] = self._taken.get(local, 0) + 1
        return f"{local}{count if count > 1 else ''}@{DOMAIN}"

    def reserve(self, address: str) -> None:
        """Keeps an address for somebody who is named already."""
        local = address.split("@", 1)[0].rstrip("0123456789")
        self._taken[local] = self._taken.get(local, 0) + 1
