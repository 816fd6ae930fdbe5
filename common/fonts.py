"""The fonts that documents are set in, in the order they are asked, and what they can draw.

Oslo Sans has the letters of Norwegian and its neighbours. The rest of what people paste is drawn by
Noto, script by script, and by Unifont where Noto has nothing: see docs/adr/0022-fonts.md.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

COVERAGE: Final = "coverage.json"
OWN: Final = "Oslo Sans"


class Source(NamedTuple):
    """A font file of an npm package, and the name it is known by here."""

    family: str
    path: str


def _noto(script: str, *subsets: str) -> list[Source]:
    folder = f"@fontsource/noto-{script}/files/noto-{script}"
    return [
        Source(f"Noto {script} {subset}", f"{folder}-{subset}-400-normal.woff")
        for subset in subsets
    ]


SOURCES: Final = (
    *_noto("sans", "latin", "latin-ext", "vietnamese", "greek", "greek-ext"),
    *_noto("sans", "cyrillic", "cyrillic-ext"),
    *(
        source
        for script in (
            "arabic",
            "hebrew",
            "ethiopic",
            "armenian",
            "georgian",
            "devanagari",
            "bengali",
            "gurmukhi",
            "gujarati",
            "tamil",
            "telugu",
            "kannada",
            "malayalam",
            "sinhala",
            "thai",
            "lao",
            "khmer",
            "myanmar",
        )
        for source in _noto(f"sans-{script}", script)
    ),
    *_noto("sans-math", "latin"),
    *_noto("sans-symbols", "symbols"),
    *_noto("sans-symbols-2", "symbols", "math", "braille", "mayan-numerals"),
    *_noto("music", "music"),
    Source("Noto Emoji", "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf"),
)
LAST: Final = Source("Unifont", "@fontsource/unifont/files/unifont-latin-400-normal.woff")
CJK: Final = "Noto Sans CJK SC"
"""Whole and from PyPI: npm has it in a hundred slices, or in nine weights of ten megabytes."""
CJK_PACKAGE: Final = "manimgx_fonts_cjk"

FAMILIES: Final = (OWN, *(source.family for source in SOURCES), CJK, LAST.family)


def font_folders() -> list[str]:
    """Return the folders with the fonts of FAMILIES. Raises ImproperlyConfigured without them."""
    folders = [Path(settings.ASSETS_DIR, "punkt", "print"), Path(settings.FONTS_DIR), cjk_folder()]
    return [str(folder) for folder in folders]


def cjk_folder() -> Path:
    """Return where the package of Chinese, Japanese and Korean signs lies, without running it."""
    spec = find_spec(CJK_PACKAGE)
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(f"{CJK_PACKAGE} is not installed; run script/setup.")
    return Path(spec.origin).parent
