"""Oslo Sans for print, as script/assets lays it out."""

from pathlib import Path

import typst
from django.conf import settings

FONTS = Path(settings.ASSETS_DIR) / "punkt"


def test_typst_reads_every_weight() -> None:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FONTS / "print")],
    )
    found = {(font.weight, font.style) for font in fonts.fonts() if font.family == "Oslo Sans"}
    styles = ("normal", "italic")
    assert found == {(weight, style) for weight in (300, 400, 500, 700) for style in styles}
