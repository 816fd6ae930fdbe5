"""Codes of seats as a camera at a door sees them: tilted, blurred, dim, on a screen …

`code_images.js` draws them in the browser that reads them, each time the same, so that no picture
is kept. A picture is one of a kind: the kind, a number, and the code that it holds.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import segno
from playwright.sync_api import Page

LIGHT_OF = """one => {
  const { data } = lpCodeImages.draw(one);
  let signs = "";
  for (let at = 1; at < data.length; at += 4) signs += String.fromCharCode(data[at]);
  return btoa(signs);
}"""
DRAWING = Path(__file__).with_suffix(".js")
OTHER = "https://lederportalen.example/ikke-en-kode"
"""A code that is held up by mistake."""
START = """async () => {
  const part = document.querySelector("[data-door-camera]");
  const read = await lpDoor.makeReader({ ...part.dataset });
  const canvas = document.createElement("canvas");
  lpCodeImages.hold = (one) => {
    const picture = lpCodeImages.draw(one);
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").putImageData(picture, 0, 0);
  };
  // As the page's own loop looks at what is held still, and no more often.
  lpCodeImages.look = async (most) => {
    let looks = 0;
    let texts = [];
    const began = performance.now();
    while (texts.length === 0 && looks < most) {
      texts = await read(canvas);
      looks += 1;
    }
    return { texts, looks, milliseconds: performance.now() - began };
  };
}"""


@dataclass(frozen=True)
class CodeImage:
    """One picture, not yet drawn."""

    kind: str
    number: int
    code: str

    @property
    def drawn_from(self) -> dict[str, object]:
        return {"kind": self.kind, "number": self.number, "modules": modules_of(self.code)}


@dataclass(frozen=True)
class Look:
    """What the page's reader made of a picture, and after how many looks at it."""

    texts: list[str]
    looks: int
    milliseconds: float


def modules_of(code: str) -> list[str]:
    """Return the rows of a code, a sign a module, drawn as `attendance.codes.svg_of` draws it."""
    rows = segno.make(code, error="m", micro=False).matrix
    return ["".join(str(int(module)) for module in row) for row in rows]


class CodeReading:
    """The reader of an open door's page, and pictures held in front of it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.evaluate(DRAWING.read_text(encoding="utf-8"))
        page.evaluate(START)
        self.kinds: list[str] = page.evaluate("lpCodeImages.kinds")

    def images(self, codes: list[str], of_each: int) -> Iterator[CodeImage]:
        """Yield so many pictures of each kind; the codes are taken in turns."""
        for place, kind in enumerate(self.kinds):
            for number in range(of_each):
                yield CodeImage(kind, number, codes[(place * of_each + number) % len(codes)])

    def hold(self, image: CodeImage) -> None:
        self._page.evaluate("one => lpCodeImages.hold(one)", image.drawn_from)

    def light_of(self, image: CodeImage) -> bytes:
        """Return the picture as a camera sends it: a byte a point, without colours."""
        return base64.b64decode(self._page.evaluate(LIGHT_OF, image.drawn_from))

    def look(self, *, most: int = 2) -> Look:
        """Return what is read of the picture that is held."""
        return Look(**self._page.evaluate("most => lpCodeImages.look(most)", most))
