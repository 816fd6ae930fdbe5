"""What a file of past participation calls its columns, and how it says what became of somebody."""

from __future__ import annotations

from attendance.models import PastOutcome
from common.staff_files.file_map import SectionFormat
from common.staff_files.headings import folded

SECTION = "participation"
LEFT_OUT = "utelatt"
"""What a map calls rows that are no participation: «Påmeldt», «Venteliste»."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "hr_id": (
        "hr_id", "hr-nummer", "hr-nr", "ansattnummer", "ansattnr", "ansatt nr", "ansatt-id",
        "ressursnummer", "ressursnr", "ressurs-id", "personalnummer", "personellnummer",
        "medarbeidernummer", "arbeidstakernummer", "lønnsnummer", "lønnsnr", "employee id",
        "employee number", "employee no", "staff id",
    ),
    "epost": (
        "epost", "e-postadresse", "deltakers e-post", "e-post deltaker", "e-post jobb",
        "jobb e-post", "mail", "mailadresse", "email", "email address", "user email", "work email",
    ),
    "seminar": (
        "seminar", "seminarnavn", "kurs", "kursnavn", "kurstittel", "navn på kurs", "arrangement",
        "arrangementsnavn", "opplæring", "opplæringstiltak", "opplæringsaktivitet",
        "læringsaktivitet", "aktivitet", "tittel", "course", "course name", "course title",
        "training", "activity", "event", "title",
    ),
    "dato": (
        "dato", "kursdato", "seminardato", "første dag", "fra", "fra dato", "dato fra", "startdato",
        "start", "gjennomført dato", "dato gjennomført", "fullført dato", "dato fullført",
        "fullføringsdato", "date", "course date", "start date", "completion date",
        "completed date", "date completed",
    ),
    "til": (
        "til", "siste dag", "til dato", "dato til", "sluttdato", "slutt", "end date", "to",
    ),
    "resultat": (
        "resultat", "oppmøte", "deltakelse", "deltatt", "møtt", "til stede", "fremmøte",
        "fullføringsstatus", "kursstatus", "deltakerstatus", "status", "outcome", "result",
        "attendance", "attendance status", "completion status",
    ),
    "timer": (
        "timer", "antall timer", "kurstimer", "timer totalt", "timetall", "varighet (timer)",
        "varighet i timer", "hours", "duration (hours)", "training hours",
    ),
    "arrangør": (
        "arrangør", "arrangørenhet", "arrangert av", "kursarrangør", "ansvarlig enhet", "organiser",
        "organizer", "organised by",
    ),
}  # fmt: skip
"""The headings of each field, the surest first. «Varighet» alone may be days or minutes, and
«Fullført» a day or a yes: a map says what they are."""

OUTCOMES = {
    "møtt": PastOutcome.ATTENDED,
    "delvis": PastOutcome.PARTLY,
    "ikke_møtt": PastOutcome.NO_SHOW,
    "gyldig_fravær": PastOutcome.EXCUSED,
}
"""The outcomes as a map names them."""

_WRITTEN: dict[PastOutcome, tuple[str, ...]] = {
    PastOutcome.ATTENDED: (
        "møtt", "oppmøtt", "fremmøtt", "møtte", "deltatt", "deltok", "til stede", "tilstede",
        "gjennomført", "fullført", "bestått", "ikke bestått", "godkjent", "ferdig", "ja", "j", "x",
        "attended", "present", "participated", "completed", "complete", "finished", "passed",
        "failed", "yes", "y",
    ),
    PastOutcome.PARTLY: (
        "delvis", "delvis møtt", "delvis oppmøte", "delvis deltatt", "delvis gjennomført",
        "delvis fullført", "ikke fullført", "ufullstendig", "avbrutt", "partly", "partial",
        "partially", "partially attended", "partially completed", "incomplete",
    ),
    PastOutcome.NO_SHOW: (
        "ikke møtt", "møtte ikke", "ikke oppmøtt", "ikke fremmøtt", "ikke deltatt", "deltok ikke",
        "ikke til stede", "uteblitt", "uteble", "ugyldig fravær", "nei", "n", "no show",
        "did not attend", "not attended", "absent", "no",
    ),
    PastOutcome.EXCUSED: (
        "gyldig fravær", "gyldig forfall", "forfall", "meldt forfall", "avmeldt", "meldt av",
        "syk", "sykdom", "permisjon", "excused", "excused absence", "cancelled", "canceled",
        "withdrawn", "unregistered",
    ),
}  # fmt: skip
"""«Ikke bestått» came; what somebody's test was marked with the portal does not keep."""
WORDS = {folded(word): outcome for outcome, words in _WRITTEN.items() for word in words}

FORMAT = SectionFormat(
    list(HEADINGS),
    values_key="outcomes",
    values_field="resultat",
    values=[*OUTCOMES, LEFT_OUT],
)
"""What the section `[participation]` of a map may say."""
