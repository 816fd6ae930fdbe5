"""What programs on the way do to the cells of a staff file, told by signs that no name has.

Not everything can be told: «Bj?rn» can, «Bod?» in a title looks like a question, and a «æ» that has
become «‘» looks like a letter of Uzbek. What is refused here has no other reading.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from common.text import code_point, private_characters

PLAIN = re.compile(
    r"(?!(?:null|nan|undefined)\b)[a-z][a-z0-9æøå]*(?:[ .@_-][a-z0-9æøå]+)*", re.IGNORECASE
)
"""Most cells of a file: one question passes over what none of those below would find."""
SPREADSHEET_ERROR = re.compile(
    r"#[^\W\d_]+([/_][^\W\d_]+|/0)?[!?]?|#{2,}|(Err|Error|Feil):\s?\d{3}", re.IGNORECASE
)
"""«#N/A», «#I/T», «#REF!», «#DIV/0!», «Err:502»: a formula that came to nothing, in any language's
spreadsheet, or a column that was too narrow, «#####»."""
ROUNDED_NUMBER = re.compile(r"\d([.,]\d+)?E\+\d+|\d[.,]\d+E-?\d+", re.IGNORECASE)
"""«1,23457E+11»: a long number that a spreadsheet has shortened for good. «2E3» may be a number."""
NOTHING = re.compile(r"NULL|null|\(null\)|\[NULL\]|<NULL>|NaN|undefined")
"""What databases write for nothing. «Null» is a surname."""
SIGNS = "€ƒ‚„†‡ˆ‰‹•˜™›¡-ª¬-¶¸-º¼-¿"
"""What follows a letter only where UTF-8 was read as Windows' letters; quotation marks and dashes
may follow one in a title: «Prosjekt «BLÅ»»."""
SMALL = "a-zà-öø-ÿ"
MISREAD = re.compile(
    "|".join(
        [
            "[\ufffd\x80-\x9f]",
            f"[ÂÃ][{SIGNS}\xad…·]|Ã[ŠŒŽšœžŸ]",
            "(?<![A-ZÀ-ÞČĐŊŠŦŽ])[ÂÃ][‘’“”«»–—]",
            r"[ÂÃ][‘’“”«»–—](?=[^\W\d_])",
            f"[ÄÅÈÎÏÐÑØÙ][{SIGNS}]",
            f"[ÄÅ][‘“”…«»·][{SMALL}]",
            "Å[ŠŽšžŒœŸ]",
            "Ä[ŒœŸ]",
            f"á[º»][{SIGNS}]",
            "â€|ï»¿",
            # As the letters of an old Mac: «√∏» for «ø», «‚Äô» for «’».
            "[√≈ƒ¬][^\x00-\x7f]|‚Ä|·[ªº]",
            # As those of DOS: «├©» for «é», «ÔÇÖ» for «’».
            "[\u2500-\u257f][^\x00-\x7f]|ÔÇ|ΓÇ",
            # DOS' or a Mac's letters as Windows': «Bj›rn», «Bj¿rn».
            f"(?<=[^\\W\\d_])[›‹†‡„‚¤”¢¿¾¯¶][{SMALL}]",
        ]
    )
)
LOST = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])|(?<!\S)\?(?=[^\W\d_])")
"""«Bj?rn»: a program that had no such letter."""
ESCAPED = re.compile(
    r"=[89A-F][0-9A-F]|=\?[\w-]+\?[QB]\?|&(?:#\d+|#x[\da-f]+|[a-zA-Z]{2,8}\d{0,2});"
    r"|%[C-E][0-9A-F]%[89AB][0-9A-F]|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}"
)
"""«Bj=F8rn», «Bj&oslash;rn», «Bj%C3%B8rn»: letters as mail, web pages and addresses carry them."""


def damage(value: str, as_written: str, *, is_of_person: bool = False) -> str:
    """Return what a program on the way has done to a cell, in words; nothing if it is whole.

    `value` is the cleaned cell. Misread letters are looked for in the cell as it is written, since
    some of the signs they leave are invisible, and cleaning takes them out. The words do not repeat
    the cell, which may be a name. A title may ask; what `is_of_person` is called never does.
    """
    if not value or PLAIN.fullmatch(as_written):
        return ""
    if SPREADSHEET_ERROR.fullmatch(value):
        return _("En feil fra et regneark")
    if ROUNDED_NUMBER.fullmatch(value):
        return _("Et tall som et regneark har forkortet")
    if NOTHING.fullmatch(value):
        return _("Et ord som står for ingenting. La feltet være tomt.")
    if MISREAD.search(as_written):
        return _("Lest med feil tegnsett. Lagre filen som «CSV UTF-8».")
    is_lost = "?" in value if is_of_person else LOST.search(value)
    if is_lost or ESCAPED.search(value):
        return _("Bokstaver er gått tapt. Hent filen på nytt fra HR-systemet.")
    if private := private_characters(value):
        return _("Tegnet %(sign)s er ikke en bokstav") % {"sign": code_point(private[0])}
    return ""
