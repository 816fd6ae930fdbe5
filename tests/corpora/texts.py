"""Texts as they are pasted, by what they are, and what of them is to be kept."""

from __future__ import annotations

VISIBLE = {
    "norwegian": "Blåbærsyltetøy på brødskiva – «æ, ø og å»",
    "sami": "Čáhcesuolu, ŋ, đ, ŧ og ž",
    "polish": "Zażółć gęślą jaźń",
    "turkish": "İstanbul, ışık, ğ og ş",
    "vietnamese": "Nguyễn Thị Hồng Nhung",
    "greek": "Ξεσκεπάζω την ψυχοφθόρα",
    "russian": "Съешь ещё этих мягких",
    "tigrinya": "ሰላም ዓለም",
    "chinese": "信任为本的领导",
    "japanese": "信頼に基づくリーダー",
    "korean": "신뢰 기반 리더십",
    "arabic": "القيادة القائمة على الثقة",
    "hebrew": "מנהיגות",
    "persian with a joiner": "می\u200cخواهم",
    "tamil": "நம்பிக்கை",
    "hindi": "नेतृत्व",
    "thai": "ความไว้วางใจ",
    "georgian": "ნდობა",
    "emoji": "Bra jobba 🙂 ✅ 👍🏽",
    "emoji of several": "👩\u200d💻 og 👨\u200d👩\u200d👧",
    "symbols": "→ ≥ ½ № € ° † ‰ ✓ ■",
    "mathematics": "𝔸 ∑ √ ∞ 𝑥²",
    "quotes": "\"Hei\" 'du' «der» “og” ‘så’ <b>fet</b> & til",
    "formula": '=HYPERLINK("http://example.org";"klikk")',
    "template": "{{ 7*7 }} {% now %} %(name)s %s {0} ${x} #[x] \\n",
    "long word": "a" * 300,
    "two scripts": "Oslo אוסלו Oslo",
}
"""These come through every form letter for letter."""

CLEANED = {
    "decomposed": ("Ra\u030adgiver i A\u030as", "Rådgiver i Ås"),
    "no-break spaces": ("1\u00a0000\u202fkr\u2009nå", "1 000 kr nå"),
    "soft hyphen": ("tillits\u00adbasert", "tillitsbasert"),
    "zero-width space": ("opp\u200bdrag", "oppdrag"),
    "byte order mark": ("\ufeffOppdrag", "Oppdrag"),
    "right-to-left override": ("fil\u202egpj.exe", "filgpj.exe"),
    "NUL": ("a\x00b", "ab"),
    "escape": ("a\x1b[31mb", "a[31mb"),
    "bell and backspace": ("a\x07\x08b", "ab"),
    "a control of the upper half": ("a\x9db", "ab"),
    "Word's bullet": ("\uf0b7 Møte", "• Møte"),
    "Wingdings' tick": ("\uf0fc Ferdig", "✓ Ferdig"),
    "joiner at the edge": ("Liv\u200d", "Liv"),
    "joiner among Latin letters": ("L\u200civ", "Liv"),
    "variation selector": ("❤\ufe0f", "❤"),
    "tag characters": ("Hei\U000e0041\U000e0042", "Hei"),
    "blank letters": ("Liv\u3164\u2800", "Liv"),
    "picture from Word": ("Se \ufffc her", "Se her"),
    "Windows' line breaks": ("en\r\nto", "en\nto"),
    "an old Mac's": ("en\rto", "en\nto"),
    "Word's line break": ("en\x0bto", "en\nto"),
    "a paragraph separator": ("en\u2029to", "en\nto"),
    "lone surrogate": ("a\ud800b", "ab"),
}
"""What is pasted, and what is kept of it in a field with room for lines."""

PRIVATE = {
    "private use": "Se \ue123 her",
    "a company's logo": "\uf8ff",
    "private use of a far plane": "x\U000f0001",
    "noncharacter": "a\ufdd0b",
    "last of a plane": "a\U0001ffffb",
    "unassigned and invisible": "a\u2065b",
    "unassigned among the specials": "a\ufff0b",
    "unassigned in a script": "a\u0378b",
    "unassigned tag": "a\U000e0080b",
}
"""These are refused at the field: nobody else sees what the writer saw."""

NEWER = {
    "emoji of Unicode 15 and 16": "\U0001fae8 \U0001fae9",
    "a script of Unicode 15": "\U00011f02\U00011f04",
    "a sign of Unicode 17": "\u20c1 100",
}
"""Python's own table may not know these yet; they are signs all the same."""
