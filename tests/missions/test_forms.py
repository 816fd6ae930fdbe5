"""The form a leader writes the mission in: what it asks for, and when."""

from missions.models import CoreActivity, MissionVersion
from missions.writing.actions import MissionWording
from missions.writing.forms import MissionForm

COMPLETE = {
    "core_task": "Vi gjør hverdagen tryggere.",
    "for_whom": "Eldre som bor hjemme",
    "activity_1": "Besøke",
    "activity_2": "Lytte",
    "activity_3": "Melde fra",
    "contribution": "Vi er øynene.",
    "serves": "7",
}


ABOVE = MissionVersion(pk=1)
ABOVE._prefetched_objects_cache = {"core_activities": [CoreActivity(pk=7, text="Lytte")]}


def form(data, *, is_complete=True, above=True, wording=None) -> MissionForm:
    return MissionForm(
        data,
        wording=wording or MissionWording(),
        above=ABOVE if above else None,
        is_complete=is_complete,
    )


def test_everything_that_publishing_needs_is_accepted() -> None:
    typed = form(COMPLETE)
    assert typed.is_valid()
    assert typed.wording == MissionWording(
        core_task="Vi gjør hverdagen tryggere.",
        for_whom="Eldre som bor hjemme",
        contribution="Vi er øynene.",
        core_activities=["Besøke", "Lytte", "Melde fra"],
        serves=7,
    )


def test_publishing_asks_for_each_thing_that_is_missing_at_its_field() -> None:
    assert form({"activity_2": "Lytte"}).errors == {
        "core_task": ["Skriv kjerneoppgaven."],
        "for_whom": ["Skriv hvem dere er til for."],
        "contribution": ["Skriv hva dere bidrar med."],
        "serves": ["Velg den kjerneaktiviteten dere bidrar mest til."],
        "activity_1": ["Skriv 2 kjerneaktiviteter til. Et oppdrag har tre til seks."],
    }


def test_one_missing_activity_is_asked_for_in_the_singular() -> None:
    errors = form({**COMPLETE, "activity_3": "  "}).errors
    assert errors == {"activity_3": ["Skriv én kjerneaktivitet til. Et oppdrag har tre til seks."]}


def test_saving_a_draft_asks_for_nothing() -> None:
    typed = form({}, is_complete=False)
    assert typed.is_valid()
    assert typed.wording == MissionWording()


def test_empty_lines_among_the_activities_are_closed_up() -> None:
    typed = form({"activity_2": "Lytte", "activity_6": "Melde fra"}, is_complete=False)
    assert typed.is_valid()
    assert typed.wording.core_activities == ["Lytte", "Melde fra"]


def test_the_same_activity_twice_is_refused_whatever_the_case() -> None:
    errors = form({**COMPLETE, "activity_4": "BESØKE"}, is_complete=False).errors
    assert errors == {"activity_4": ["Denne kjerneaktiviteten står allerede på listen."]}


def test_what_is_too_long_is_refused_and_counted() -> None:
    errors = form({**COMPLETE, "core_task": "x" * 301}).errors
    assert list(errors) == ["core_task"]
    assert "300" in errors["core_task"][0]


def test_too_long_an_activity_is_one_error_and_not_two() -> None:
    errors = form({**COMPLETE, "activity_3": "x" * 201}).errors
    assert list(errors) == ["activity_3"]
    assert len(errors["activity_3"]) == 1


def test_without_a_mission_above_no_contribution_is_asked_for() -> None:
    typed = form({**COMPLETE, "contribution": "Noe"}, above=False)
    assert typed.is_valid()
    assert "contribution" not in typed.fields
    assert typed.wording.contribution == ""


def test_the_form_starts_with_what_is_written() -> None:
    shown = form(None, wording=MissionWording(core_task="Som før", core_activities=["A", "B"]))
    values = [shown[name].value() for name in ("core_task", "activity_1", "activity_3")]
    assert values == ["Som før", "A", None]


def test_the_activities_are_six_with_three_said_to_be_optional() -> None:
    assert [field.label for field in form(None).activities()] == [
        "Kjerneaktivitet 1",
        "Kjerneaktivitet 2",
        "Kjerneaktivitet 3",
        "Kjerneaktivitet 4 (valgfri)",
        "Kjerneaktivitet 5 (valgfri)",
        "Kjerneaktivitet 6 (valgfri)",
    ]
