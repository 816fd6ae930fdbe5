"""E-mail addresses as people paste them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from common.text import clean_line

_EDGE = r"[^\s<>()\[\]\"'’‘«»:;,|@]"
ADDRESS = re.compile(rf"(?!/){_EDGE}(?:{_EDGE}|['’])*@(?:(?!/){_EDGE})+", re.UNICODE)
"""What looks like one address among other words; whether it is one, the field says. A slash may
stand within a name, and between «liv@…/even@…» it parts two."""


def clean_address(text: str) -> str:
    """Return the one address in `text`, in small letters: «Liv Dahl <Liv@example.org>» and such.

    Text with no address, or with several, comes back as it is but for what nobody sees: the field
    that asked says what is wrong with it.
    """
    line = clean_line(text)
    found = addresses_in(line)
    return as_sent(found[0]) if len(set(found)) == 1 else line.lower()


def addresses_in(text: str) -> list[str]:
    """Return the addresses in cleaned text, in small letters and in their order."""
    return [one.rstrip(".?!").lower() for one in ADDRESS.findall(_without_mailto(text))]


def as_sent(address: str) -> str:
    """A domain in letters beyond a–z has another name, which every mail server reads."""
    name, _at, domain = address.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _without_mailto(text: str) -> str:
    """`mailto:liv%40example.org?subject=Hei` is an address with the marks of a link round it."""
    return re.sub(
        r"\bmailto:([^\s?<>\"]+)(\?[^\s<>\"]*)?",
        lambda link: unquote(link.group(1)),
        text,
        flags=re.IGNORECASE,
    )
