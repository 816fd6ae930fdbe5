"""Reading back what a PDF of our own shows: the signs inside its pages, in the order they were set.

For documents that Typst has just made, never for strangers' files. Text extraction made for people
guesses at words and drops what overlaps; this reads what the page draws, and where.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PageObject, PdfReader

Matrix = tuple[float, float, float, float, float, float]
UNMOVED: Final[Matrix] = (1, 0, 0, 1, 0, 0)
SLACK: Final = 1.0
"""Points. A letter may lean out of its own box by less."""

_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")


def text_inside(pdf: bytes, *, bottom: float = 0) -> str:
    """Return all text that lies whole inside its page, and above `bottom` points from its foot."""
    return "".join(
        text for page in PdfReader(io.BytesIO(pdf)).pages for text in _Page(page, bottom).texts()
    )


class _Font:
    """What each glyph of an embedded font stands for, and how wide it is."""

    def __init__(self, font: Any) -> None:
        self.texts = _to_unicode(font["/ToUnicode"].get_object().get_data())
        descendant = font["/DescendantFonts"][0].get_object()
        self.default = float(descendant.get("/DW", 1000))
        self.widths = dict(_widths(descendant.get("/W", [])))

    def width(self, glyph: int) -> float:
        return self.widths.get(glyph, self.default) / 1000


class _Page:
    """The operators of one page, followed as far as text is concerned."""

    font: _Font

    def __init__(self, page: PageObject, bottom: float) -> None:
        box = page.mediabox
        self.left, self.right = float(box.left) - SLACK, float(box.right) + SLACK
        self.bottom, self.top = float(box.bottom) + bottom - SLACK, float(box.top) + SLACK
        resources: Any = page["/Resources"]
        fonts = resources.get("/Font", {})
        self.fonts = {name: _Font(font.get_object()) for name, font in fonts.items()}
        contents = page.get_contents()
        self.operations = [] if contents is None else contents.operations
        self.matrix, self.line = UNMOVED, UNMOVED
        self.stack: list[Matrix] = []
        self.marks: list[tuple[str, Any]] = []
        self.size = 0.0

    def texts(self) -> Iterator[str]:
        for operands, operator in self.operations:
            name = operator.decode("latin-1")
            if name in ("Tj", "TJ"):
                shown = operands[0] if name == "TJ" else [operands[0]]
                yield from self._show(shown)
            elif name == "EMC":
                yield from self._close()
            else:
                self._follow(name, operands)

    def _follow(self, name: str, operands: Any) -> None:
        if name == "q":
            self.stack.append(self.matrix)
        elif name == "Q":
            self.matrix = self.stack.pop()
        elif name == "cm":
            self.matrix = _times(_matrix(operands), self.matrix)
        elif name == "Tm":
            self.line = _matrix(operands)
        elif name == "Tf":
            self.font, self.size = self.fonts[operands[0]], float(operands[1])
        elif name == "BMC":
            self.marks.append((str(operands[0]), None))
        elif name == "BDC":
            self.marks.append((str(operands[0]), _ActualText.of(operands[1])))

    def _show(self, shown: Any) -> Iterator[str]:
        """What a group says instead of its glyphs is said when it ends, if all of them are in."""
        at, said, placed = 0.0, [], _times(self.line, self.matrix)
        groups = [instead for _tag, instead in self.marks if instead is not None]
        for one in shown:
            if isinstance(one, int | float):
                at -= float(one) / 1000 * self.size
                continue
            for glyph in _glyphs(one):
                end = at + self.font.width(glyph) * self.size
                is_in = self._holds(placed, at) and self._holds(placed, end)
                at = end
                said.append(self.font.texts.get(glyph, "") if is_in else "")
                for group in groups:
                    group.is_in &= is_in
        if groups:
            return
        is_backwards = any(tag == "/ReversedChars" for tag, _instead in self.marks)
        yield "".join(reversed(said) if is_backwards else said)

    def _close(self) -> Iterator[str]:
        _tag, instead = self.marks.pop()
        if instead is not None and instead.is_in:
            yield instead.text

    def _holds(self, placed: Matrix, at: float) -> bool:
        x, y = at * placed[0] + placed[4], at * placed[1] + placed[5]
        return self.left <= x <= self.right and self.bottom <= y <= self.top


class _ActualText:
    """What a group of glyphs stands for where no single one of them does."""

    def __init__(self, text: str) -> None:
        self.text, self.is_in = text, True

    @classmethod
    def of(cls, properties: Any) -> _ActualText | None:
        text = properties.get("/ActualText") if hasattr(properties, "get") else None
        return None if text is None else cls(_decoded(text))


def _decoded(text: Any) -> str:
    raw = getattr(text, "original_bytes", text)
    if isinstance(raw, bytes):
        return raw.decode("utf-16") if raw[:2] in (b"\xfe\xff", b"\xff\xfe") else raw.decode()
    return str(raw)


def _glyphs(shown: Any) -> Iterator[int]:
    """Two bytes each: Typst embeds every font as Identity-H."""
    raw = getattr(shown, "original_bytes", shown)
    return (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


def _to_unicode(cmap: bytes) -> dict[int, str]:
    texts: dict[int, str] = {}
    for kind, body in _SECTION.findall(cmap):
        values = [bytes.fromhex(one.decode("ascii")) for one in _HEX.findall(body)]
        step = 2 if kind == b"bfchar" else 3
        for place in range(0, len(values), step):
            first, last = (int.from_bytes(one, "big") for one in values[place : place + 2])
            text = values[place + step - 1].decode("utf-16-be")
            if step == 2:
                texts[first] = text
                continue
            for number in range(first, last + 1):
                texts[number] = text[:-1] + chr(ord(text[-1]) + number - first)
    return texts


def _widths(packed: Any) -> Iterator[tuple[int, float]]:
    """`first [w w …]` and `first last w`, in any order."""
    place = 0
    while place < len(packed):
        first, second = int(packed[place]), packed[place + 1]
        if isinstance(second, list):
            yield from ((first + at, float(width)) for at, width in enumerate(second))
            place += 2
        else:
            width = float(packed[place + 2])
            yield from ((number, width) for number in range(first, int(second) + 1))
            place += 3


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
