"""What the columns of HR's files are called."""

from __future__ import annotations

UNIT_HEADINGS: dict[str, tuple[str, ...]] = {
    "hr_id": (
        "hr_id", "hr-nummer", "hr-nr", "enhetsnummer", "enhetsnr", "enhets-id", "orgenhetsnummer",
        "orgenhetsnr", "orgenhet-id", "organisasjonsenhet-id", "avdelingsnummer", "avdelingsnr",
        "unit id", "unit number", "orgunit id", "department id", "id", "nummer", "nr",
    ),
    "navn": (
        "navn", "enhetsnavn", "enhetens navn", "orgenhetsnavn", "avdelingsnavn", "unit name",
        "department name", "name", "betegnelse",
    ),
    "nivå": ("nivå", "enhetsnivå", "orgnivå", "organisasjonsnivå", "level", "unit level"),
    "over": (
        "over", "overordnet", "overordnet enhet", "overordnet enhetsnummer", "overordnet enhetsnr",
        "overordnet nummer", "overordnet nr", "overordnet id", "overordnet orgenhet",
        "enheten over", "enhet over", "forelder", "tilhører", "tilhører enhet", "parent",
        "parent id", "parent unit", "parent unit id",
    ),
    "nivånavn": (
        "nivånavn", "nivåbetegnelse", "enhetstype", "type enhet", "level name", "unit type",
    ),
    "kortnavn": ("kortnavn", "forkortelse", "kortkode", "short name"),
    "leder": (
        "leder", "leders hr_id", "leders hr-nummer", "leders ansattnummer", "leders ansattnr",
        "leder ansattnummer", "leder ansattnr", "leders ressursnummer", "leders ressursnr",
        "leder ressursnr", "leder-id", "leder nr", "leders nummer", "manager id", "leader id",
    ),
    "fra": (
        "fra", "fra dato", "dato fra", "gyldig fra", "gyldig fra dato", "startdato",
        "opprettet dato", "valid from", "start date", "from",
    ),
    "til": (
        "til", "til dato", "dato til", "gyldig til", "gyldig til dato", "sluttdato",
        "nedlagt dato", "valid to", "end date", "to",
    ),
    "etterfølgere": ("etterfølgere", "etterfølger", "erstattet av", "successors", "successor"),
}  # fmt: skip
"""The headings of each field, the surest first: «Enhetsnr» before «Enhet», which may be a name."""

PEOPLE_HEADINGS: dict[str, tuple[str, ...]] = {
    "hr_id": (
        "hr_id", "hr-nummer", "hr-nr", "ansattnummer", "ansattnr", "ansatt nr", "ansatt-id",
        "ressursnummer", "ressursnr", "ressurs-id", "personalnummer", "personellnummer",
        "medarbeidernummer", "arbeidstakernummer", "tilsattnummer", "lønnsnummer", "lønnsnr",
        "employee id", "employee number", "employee no", "staff id",
    ),
    "navn": (
        "navn", "fullt navn", "fullstendig navn", "visningsnavn", "ansattnavn", "name", "full name",
        "display name", "employee name",
    ),
    "fornavn": ("fornavn", "first name", "given name"),
    "etternavn": ("etternavn", "last name", "surname", "family name"),
    "epost": (
        "epost", "e-postadresse", "e-post jobb", "jobb e-post", "e-post arbeid", "mail",
        "mailadresse", "email", "email address", "work email",
    ),
    "enhet": (
        "enhetsnummer", "enhetsnr", "enhets-id", "orgenhetsnummer", "orgenhetsnr", "orgenhet-id",
        "organisasjonsenhet-id", "avdelingsnummer", "avdelingsnr", "unit id", "unit number",
        "orgunit id", "department id", "enhet", "orgenhet", "org. enhet", "organisasjonsenhet",
        "unit", "department",
    ),
    "stilling": (
        "stilling", "stillingstittel", "stillingsbetegnelse", "stillingsnavn", "yrkestittel",
        "tittel", "job title", "position", "title",
    ),
    "leder": (
        "leder", "er leder", "leder ja/nei", "leder j/n", "lederflagg", "lederansvar",
        "lederstilling", "is leader", "is manager", "leader", "manager flag",
    ),
    "nærmeste_leder": (
        "nærmeste leders hr_id", "nærmeste leders ansattnummer", "nærmeste leders ansattnr",
        "leders hr_id", "leders hr-nummer", "leders ansattnummer", "leders ansattnr",
        "leder ansattnummer", "leder ansattnr", "leders ressursnummer", "leders ressursnr",
        "leder ressursnr", "leder-id", "leder nr", "nærmeste_leder", "nærmeste leder",
        "line manager id", "manager id", "supervisor id",
    ),
    "språk": ("språk", "språkkode", "language", "language code"),
    "fra": (
        "fra", "fra dato", "dato fra", "gyldig fra", "gyldig fra dato", "startdato", "stilling fra",
        "tiltrådt", "tiltredelsesdato", "valid from", "start date", "from",
    ),
    "til": (
        "til", "til dato", "dato til", "gyldig til", "gyldig til dato", "sluttdato", "stilling til",
        "fratrådt", "fratredelsesdato", "valid to", "end date", "to",
    ),
}  # fmt: skip
