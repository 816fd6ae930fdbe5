"""E-mail addresses as people paste them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from common.text import clean_line, private_characters

LONGEST_DOMAIN = 253
"""By RFC 1035. What is longer is no domain, and is not worth the work of writing in a–z."""
_WORD = re.compile(r"[^\s<>()\[\]\"‘«»:;,|]+")
_MARKS = "/'’"
"""A slash or an apostrophe may stand within a name («ola/o'neill@…») and begins none. In what comes
after the @ it parts two addresses: «liv@…/even@…»."""
_MAILTO = re.compile(r"\bmailto:([^\s?<>\"]+)(\?[^\s<>\"]*)?", re.IGNORECASE)
_COPIED = re.compile(r"[?&;](?:to|cc|bcc)=([^&;)\]]*)", re.IGNORECASE)
_END_OF_DOMAIN = re.compile(r"[@/'’]")


def clean_address(text: str) -> str:
    """Return the one address in `text`, in small letters: «Liv Dahl <Liv@example.org>» and such.

    Text with no address, or with several, comes back as it is but for what nobody sees: the field
    that asked says what is wrong with it.
    """
    line = clean_line(text)
    found = addresses_in(line)
    return as_sent(found[0]) if len(set(found)) == 1 else line.lower()


def addresses_in(text: str) -> list[str]:
    """Return what looks like addresses in cleaned text, in small letters and in their order.

    Whether each is one, the field says. In time that grows with the length of the text alone.
    """
    return [one.lower() for one in addresses_as_written(text)]


def addresses_as_written(text: str) -> list[str]:
    """Return what `addresses_in` does, in the letters that each was written with."""
    words = _WORD.findall(_without_mailto(text))
    return [one.rstrip(".?!") for word in words for one in _addresses_in_word(word)]


def _addresses_in_word(word: str) -> Iterator[str]:
    start, at = 0, word.find("@")
    while at >= 0:
        name = word[start:at].lstrip(_MARKS)
        end = _END_OF_DOMAIN.search(word, at + 1)
        stop = end.start() if end else len(word)
        if name and stop > at + 1:
            yield f"{name}{word[at:stop]}"
        start = stop if name and stop > at + 1 else at + 1
        at = word.find("@", start)


def as_sent(address: str) -> str:
    """A domain in letters beyond a–z has another name, which every mail server reads."""
    name, _at, domain = address.rpartition("@")
    if len(domain) > LONGEST_DOMAIN or private_characters(domain):
        return address
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _without_mailto(text: str) -> str:
    """`mailto:liv%40example.org?subject=Hei` is an address with the marks of a link round it.

    Those who get a copy are among its parameters.
    """
    return _MAILTO.sub(
        lambda link: unquote(",".join([link[1], *_COPIED.findall(link[2] or "")])), text
    )
