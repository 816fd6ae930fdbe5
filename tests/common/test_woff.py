"""Oslo Sans for print: the font that comes out is the font that went in, table by table."""

import struct
import zlib
from pathlib import Path

import pytest
import typst
from django.conf import settings

from common.woff import unwrap

FONTS = Path(settings.ASSETS_DIR) / "punkt"


def packed(*tables: tuple[bytes, bytes, bytes]) -> bytes:
    """A WOFF of these tables: tag, what it holds, and how that is stored."""
    start = 44 + 20 * len(tables)
    directory, data = b"", b""
    for tag, plain, stored in tables:
        at = start + len(data)
        directory += struct.pack(">4sIIII", tag, at, len(stored), len(plain), 7)
        data += stored
    header = struct.pack(
        ">4sIIHHIHHIIIII", b"wOFF", 0x4F54544F, 0, len(tables), 0, 0, 1, 0, 0, 0, 0, 0, 0
    )
    return header + directory + data


def test_tables_are_unpacked_in_order_of_their_tags() -> None:
    long, short = b"x" * 100, b"abc"
    font = unwrap(packed((b"name", long, zlib.compress(long)), (b"head", short, short)))
    assert font[:12] == struct.pack(">4sHHHH", b"OTTO", 2, 32, 1, 0)
    assert font[12:28] == struct.pack(">4sIII", b"head", 7, 44, 3)
    assert font[28:44] == struct.pack(">4sIII", b"name", 7, 48, 100)
    assert font[44:] == b"abc\0" + long


def test_anything_but_woff_is_refused() -> None:
    with pytest.raises(ValueError, match="not a WOFF"):
        unwrap(b"OTTO and so on")


def test_the_fonts_laid_out_for_print_are_those_of_the_web() -> None:
    for woff in sorted((FONTS / "fonts").glob("OsloSans-*.woff")):
        laid_out = (FONTS / "print" / f"{woff.stem}.otf").read_bytes()
        assert laid_out == unwrap(woff.read_bytes())


def test_typst_reads_every_weight() -> None:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FONTS / "print")],
    )
    found = {(font.weight, font.style) for font in fonts.fonts() if font.family == "Oslo Sans"}
    styles = ("normal", "italic")
    assert found == {(weight, style) for weight in (300, 400, 500, 700) for style in styles}
