"""PDFs set by Typst: archivable (PDF/A-2a), accessible (PDF/UA-1), the same bytes each time.

Only the portal's own fonts are used, never the machine's, so that a document made again years
later on another machine is the document that was made first.
"""

import datetime as dt
import json
import threading
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import typst
from django.core.exceptions import ImproperlyConfigured

from common.fonts import FAMILIES, font_folders

STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]

_kept = threading.local()


def compile_pdf(template: Path, data: dict[str, Any], *, made_at: dt.datetime) -> bytes:
    """Set `template` with `data`, which it reads as `json(bytes(sys.inputs.data))`.

    `made_at` is the document's own date, from what it documents and not from the clock. The
    template sees its own folder and nothing else. Raises typst.TypstError when it cannot be set.
    """
    pdf = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        pdf_standards=STANDARDS,
        timestamp=int(made_at.timestamp()),
    )
    return cast(bytes, pdf)


def _compiler(template: Path) -> typst.Compiler:
    """One a thread and template: what was read and set once need not be again."""
    compilers: dict[Path, typst.Compiler] | None = getattr(_kept, "compilers", None)
    if compilers is None:
        compilers = _kept.compilers = {}
    if template not in compilers:
        compilers[template] = typst.Compiler(
            str(template), root=str(template.parent), font_paths=_fonts(), ignore_system_fonts=True
        )
    return compilers[template]


@cache
def _fonts() -> typst.Fonts:
    """Those of `common.fonts`; Typst's own for the monospaced hash."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=font_folders()
    )
    # Typst would quietly take another font, and the document would be another document.
    if missing := set(FAMILIES) - set(fonts.families()):
        raise ImproperlyConfigured(f"Fonts are missing: {sorted(missing)}; run script/setup.")
    return fonts
