"""Names as people have them, how others look for them, and where a Norwegian reader finds them."""

from __future__ import annotations

SOUGHT = {
    "Liv Marie Dahl": ["Liv Dahl", "Dahl, Liv", "dahl liv", "marie", "LIV", "Dahl Marie Liv"],
    "Łukasz Wałęsa": ["lukasz", "Łukasz", "walesa", "Walesa, Lukasz"],
    "Ayşe Çelik": ["celik", "ayse", "Çelik", "CELIK"],
    "Íris Þórðardóttir": ["iris", "Íris", "thordardottir", "Þórðardóttir"],
    "Åse Grønås": ["aase", "ase", "åse", "gronas", "groenaas", "Grønaas", "GRØNÅS"],
    "Aase Gronaas": ["åse", "ase", "grønås"],
    "Bjørn Ærlig-Østby": ["bjorn", "bjoern", "ærlig østby", "aerlig oestby"],
    "Jürgen Müller": ["muller", "mueller", "müller", "jurgen", "juergen"],
    "Björn Sjöström": ["bjørn", "bjoern", "sjostrom", "sjøstrøm"],
    "Đorđe Šimić": ["dorde", "simic", "Šimić"],
    "Nguyễn Thị Hồng Nhung": ["nguyen", "thi hong", "nhung nguyen"],
    "Sinéad O’Brien": ["obrien", "o'brien", "O’Brien", "sinead"],
    "Máret Ánne Sárá": ["maret", "anne sara", "Máret"],
    "Ole-Jørgen Aaby": ["ole jorgen", "ole-jørgen", "åby", "aby"],
    "Åse‑Marie Lie–Skår": ["åse-marie", "ase‑marie", "Åse−Marie", "lie-skår", "lie‐skår"],
    "Áŋǥe Ǯuđi": ["áŋge", "ǤE", "Ʒudi"],
    "İpek Işık": ["ipek", "isik", "Işık"],
    "Strauß Größmann": ["strauss", "grossmann", "groessmann"],
    "Владимир Иванов": ["владимир", "ИВАНОВ", "Иванов Владимир"],
    "Ελένη Παπαδοπούλου": ["ελένη", "ελενη", "παπαδοπουλου"],
}
"""By name, what is typed by somebody who looks for whoever has it."""

NOT_SOUGHT = {
    "Liv Marie Dahl": ["Liv Hansen", "Dahlen", "kiv"],
    "Łukasz Wałęsa": ["lucas"],
    "Åse Grønås": ["åse berg", "Gran"],
}

IN_ORDER = [
    "Abel", "Álvarez", "Ay", "Ayşe", "Berg", "Çelik", "Dahl", "Đorđe", "Éva", "Gran", "Íris",
    "Jensen", "Lie", "Łukasz", "Lund", "Müller", "Nilsen", "Ñu", "Olsen", "Ósk", "Şahin", "Šimić",
    "Ulv", "Ysta", "Zahl", "Žižek", "Ærlig", "Ödberg", "Ødegård", "Øye", "Aaby", "Ås", "Åsen",
]  # fmt: skip
"""As in a Norwegian directory: letters with accents beside the letter, æ ø å last, «Aa» as «Å»."""

CALLED = {
    ("Liv Dahl", ""): "Liv",
    ("Dahl, Liv", ""): "Liv",
    ("DAHL, LIV MARIE", ""): "Liv Marie",
    ("Dahl, Liv (UKE)", ""): "Liv",
    ("Dahl, Liv,", ""): "Liv",
    ("Dahl, Liv, dr.", ""): "Dahl, Liv, dr.",
    ("Anne Marie Dahl", ""): "Anne Marie Dahl",
    ("Anne Marie Dahl", "Anne Marie"): "Anne Marie",
    ("Liv Dahl Hansen", ""): "Liv Dahl Hansen",
    ("TURID HANSEN", ""): "Turid",
    ("turid hansen", ""): "Turid",
    ("OLE-JØRGEN ÅBY", ""): "Ole-Jørgen",
    ("O’BRIEN, SINÉAD", ""): "Sinéad",
    ("Hansen Turid", "TURID"): "Turid",
    ("L. Dahl", ""): "L. Dahl",
    ("Dr. Dahl", ""): "Dr. Dahl",
    ("Sukarno", ""): "Sukarno",
    ("Nguyễn Thị Hồng Nhung", ""): "Nguyễn Thị Hồng Nhung",
    ("王 秀英", ""): "王 秀英",
    ("Владимир Иванов", ""): "Владимир",
    ("Liv McDonald", ""): "Liv",
    ("DAHL Liv", ""): "Liv",
    ("Liv Dahl, rådgiver", ""): "Liv",
    ("dahl, liv", ""): "Liv",
    ("CENGİZ KAYA", ""): "Cengiz",
    (",", ""): ",",
}
"""By name and HR's first name, what a letter greets by."""

RARE = [
    "João Antônio", "JOÃO", "Ântónio", "Trần Văn Ân", "ÂN", "«KANADÂ»", "Kříž", "KŘÍŽ", "TOMÁŠ",
    "ÄŠŠI", "ČÁŽŽI", "O´Brien", "O‘zbek Jo‘rayev", "D’Ângelo", "Jennifer Null", "Nan Ås", "Ås",
    "Prosjekt «BLÅ»", "Strauß’", "A–Å–Ø", "Lege/AMK", "Råd & rett; drift", "Ðór", "ÑUÑEZ",
    "ANARÂŠKIELÂ", "«RUOŠŠÂ»",
]  # fmt: skip
"""Names and titles that look like damage and are whole."""

DAMAGED = [
    "Ã\x98ystein Ã\x85sen", "Bj\x9brn", "BjÃ¸rn", "GÃ–RAN", "ZoÃ«", "Bj?rn", "?ystein", "Bj√∏rn",
    "Bj›rn", "Bj¿rn", "H†kon", "Bj├©rn", "Å‚ukasz", "PaweÅ‚", "Oâ€™Brien", "OÔÇÖBrien", "Bj=F8rn",
    "=?UTF-8?Q?Bj=C3=B8rn?=", "Bj%C3%B8rn", "Bj\\u00f8rn", "NULL", "(null)", "#####", "Err:502",
    "#GETTING_DATA", "#N/A", "#SPILL!",
]  # fmt: skip
"""What programs on the way from HR have made of names, but for those with a semicolon."""
