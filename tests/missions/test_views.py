"""The pages of the missions: what each person sees, can do, and what it costs."""

import itertools

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from missions.models import Acknowledgement, DraftComment, MissionVersion
from outbox.models import Letter
from tests.cast import Cast
from tests.factories import make_employee, make_leadership, make_position, make_unit
from tests.missions.factories import (
    make_acknowledgement,
    make_draft,
    make_mission,
)

BUDGET = 8
SECRET = "Hemmelig utkast"

COMPLETE = {
    "core_task": "Vi gjør hverdagen tryggere.",
    "for_whom": "Eldre som bor hjemme",
    "activity_1": "Besøke",
    "activity_2": "Lytte",
    "activity_3": "Melde fra",
}


def page(browser, name: str, *args: int) -> str:
    response = browser.get(reverse(f"missions:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_mine_shows_the_line_from_the_municipality_to_my_unit(cast: Cast, signed_in) -> None:
    top = make_mission(cast.municipality, core_task="En by for alle")
    make_mission(cast.unit, above=top, contribution="Vi er de første som ser det")
    html = page(signed_in(cast.employee), "mine")
    order = [
        html.index(words)
        for words in (
            "En by for alle",
            "Bydel Fjordbyen",
            "Har ikke publisert noe oppdrag ennå",
            "Vi er de første som ser det",
            "Hjemmetjenesten nord gjør hverdagen tryggere",
        )
    ]
    assert order == sorted(order)
    assert "Bidrag til Solvik kommune" in html


def test_mine_asks_who_has_not_read_to_acknowledge(cast: Cast, signed_in) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    action = reverse("missions:acknowledge", args=[version.pk])
    assert action in page(signed_in(cast.employee), "mine")
    make_acknowledgement(version, cast.employee)
    assert action not in page(signed_in(cast.employee), "mine")
    assert action not in page(signed_in(cast.leader), "mine")


def test_mine_shows_both_units_of_a_person_with_two_positions(cast: Cast, signed_in) -> None:
    make_position(cast.employee, cast.other_unit)
    response = signed_in(cast.employee).get(reverse("missions:mine"))
    shown = [own.line.unit.name for own in response.context["own_lines"]]
    assert shown == ["Hjemmetjenesten nord", "Kursseksjonen"]


def test_mine_shows_a_position_and_a_leadership_of_the_same_unit_once(
    cast: Cast, signed_in
) -> None:
    make_leadership(cast.leader, cast.sibling_unit)
    response = signed_in(cast.leader).get(reverse("missions:mine"))
    shown = [own.line.unit.name for own in response.context["own_lines"]]
    assert shown == ["Hjemmetjenesten nord", "Hjemmetjenesten sør"]
    assert response.context["vacant"] == []


def test_mine_lists_the_vacant_units_a_leader_answers_for(cast: Cast, signed_in) -> None:
    response = signed_in(cast.manager).get(reverse("missions:mine"))
    assert response.context["vacant"] == [cast.sibling_unit]


def test_mine_says_so_when_one_has_no_unit(cast: Cast, signed_in) -> None:
    cast.administrator.positions.all().delete()
    assert "Du har ingen enhet i dag" in page(signed_in(cast.administrator), "mine")


def test_mine_offers_the_leader_to_write_and_then_to_go_on(cast: Cast, signed_in) -> None:
    browser = signed_in(cast.leader)
    assert reverse("missions:draft", args=[cast.unit.pk]) in page(browser, "mine")
    draft = make_draft(cast.unit)
    assert reverse("missions:edit", args=[draft.pk]) in page(browser, "mine")


def test_a_unit_page_shows_its_line_and_versions_but_no_draft_to_a_stranger(
    cast: Cast, signed_in
) -> None:
    make_mission(cast.unit, core_task="Første")
    make_mission(cast.unit, core_task="Andre")
    draft = make_draft(cast.unit, core_task=SECRET)
    browser = signed_in(cast.stranger)
    html = page(browser, "unit", cast.unit.pk)
    assert "Andre" in html
    assert ("Første" in html, "Versjon 1" in html, "Versjon 2" in html) == (False, True, True)
    assert (SECRET in html, "Versjon 3" in html, "Skriv en ny versjon" in html) == (False,) * 3
    assert browser.get(reverse("missions:version", args=[draft.pk])).status_code == 404


def test_a_unit_page_offers_the_leader_a_new_version(cast: Cast, signed_in) -> None:
    make_mission(cast.unit)
    assert "Skriv en ny versjon" in page(signed_in(cast.leader), "unit", cast.unit.pk)
    make_draft(cast.unit)
    html = page(signed_in(cast.leader), "unit", cast.unit.pk)
    assert ("Skriv en ny versjon" in html, "Fortsett på utkastet" in html) == (False, True)


def test_a_version_page_says_when_a_newer_one_holds(cast: Cast, signed_in) -> None:
    old, new = make_mission(cast.unit), make_mission(cast.unit)
    browser = signed_in(cast.employee)
    assert "Det finnes en nyere versjon" in page(browser, "version", old.pk)
    assert "Lest og forstått" not in page(browser, "version", old.pk)
    html = page(browser, "version", new.pk)
    assert ("Gjelder nå" in html, "Lest og forstått" in html) == (True, True)


def test_a_version_page_shows_the_pinned_mission_above(cast: Cast, signed_in) -> None:
    above = make_mission(cast.department, core_task="Slik det var")
    version = make_mission(cast.unit, above=above, contribution="Bidraget")
    make_mission(cast.department, core_task="Slik det ble")
    html = page(signed_in(cast.stranger), "version", version.pk)
    assert ("Slik det var" in html, "Slik det ble" in html) == (True, False)


def test_the_fragment_for_a_unit_is_no_whole_page(cast: Cast, signed_in) -> None:
    make_mission(cast.unit, core_task="Trygg hverdag")
    html = page(signed_in(cast.stranger), "for_unit", cast.unit.pk)
    assert ("Trygg hverdag" in html, "<html" in html) == (True, False)
    empty = page(signed_in(cast.stranger), "for_unit", cast.sibling_unit.pk)
    assert "ikke publisert noe oppdrag" in empty


def test_starting_a_draft_leads_to_the_form(cast: Cast, signed_in) -> None:
    response = signed_in(cast.leader).post(reverse("missions:draft", args=[cast.unit.pk]))
    draft = MissionVersion.objects.get()
    assert (response.status_code, response.url) == (302, reverse("missions:edit", args=[draft.pk]))
    assert draft.drafted_by == cast.leader


def test_the_form_shows_the_mission_above_beside_the_contribution(cast: Cast, signed_in) -> None:
    above = make_mission(cast.agency, core_task="Bydelens oppgave")
    html = page(signed_in(cast.leader), "edit", make_draft(cast.unit, above=above).pk)
    assert "Bydelens oppgave" in html
    assert 'name="contribution"' in html


def test_the_form_without_a_mission_above_asks_for_no_contribution(cast: Cast, signed_in) -> None:
    html = page(signed_in(cast.leader), "edit", make_draft(cast.unit).pk)
    assert 'name="contribution"' not in html
    assert "Ingen over har publisert et oppdrag ennå" in html


def test_saving_keeps_the_draft_and_stays(cast: Cast, signed_in) -> None:
    draft = make_draft(cast.unit, activities=[])
    url = reverse("missions:edit", args=[draft.pk])
    response = signed_in(cast.leader).post(url, {"core_task": "Halvferdig", "save": "1"})
    assert (response.status_code, response.url) == (302, url)
    draft.refresh_from_db()
    assert (draft.core_task, draft.state) == ("Halvferdig", "draft")


def test_sharing_from_the_form_saves_what_is_typed(cast: Cast, signed_in) -> None:
    draft = make_draft(cast.unit, activities=[])
    browser, url = signed_in(cast.leader), reverse("missions:edit", args=[draft.pk])
    assert 'form="mission-form"' in browser.get(url).content.decode()
    response = browser.post(url, {"core_task": "Halvferdig", "share": "1"})
    assert response.url == reverse("missions:version", args=[draft.pk])
    draft.refresh_from_db()
    assert (draft.core_task, draft.shared_at is not None) == ("Halvferdig", True)


def test_going_on_to_publish_shows_what_is_missing_and_keeps_what_was_typed(
    cast: Cast, signed_in
) -> None:
    draft = make_draft(cast.unit, core_task="Gammelt", activities=[])
    response = signed_in(cast.leader).post(
        reverse("missions:edit", args=[draft.pk]),
        {"core_task": "Nytt og <uferdig>", "publish": "1"},
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert "Nytt og &lt;uferdig&gt;" in html
    assert "Skriv 3 kjerneaktiviteter til" in html
    draft.refresh_from_db()
    assert draft.core_task == "Gammelt"


def test_the_way_from_form_to_published_and_out_to_the_unit(cast: Cast, signed_in) -> None:
    browser = signed_in(cast.leader)
    draft = make_draft(cast.unit, activities=[])
    response = browser.post(reverse("missions:edit", args=[draft.pk]), {**COMPLETE, "publish": "1"})
    publish_url = reverse("missions:publish", args=[draft.pk])
    assert response.url == publish_url
    assert "Én kollega i enheten får brev" in page(browser, "publish", draft.pk)
    response = browser.post(publish_url)
    assert response.url == reverse("missions:unit", args=[cast.unit.pk])
    assert MissionVersion.objects.current_for(cast.unit) == draft
    assert Letter.objects.get().recipient == cast.employee


def test_publishing_what_cannot_be_published_leads_back_with_a_reason(
    cast: Cast, signed_in
) -> None:
    draft = make_draft(cast.unit, activities=[])
    response = signed_in(cast.leader).post(reverse("missions:publish", args=[draft.pk]))
    assert response.url == reverse("missions:edit", args=[draft.pk])
    assert said(response) == ["Skriv tre til seks kjerneaktiviteter før du publiserer."]


@pytest.mark.parametrize("name", ["edit", "publish"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_published_leads_to_its_own_page(cast: Cast, signed_in, name, method) -> None:
    version = make_mission(cast.unit)
    browser = signed_in(cast.leader)
    response = getattr(browser, method)(reverse(f"missions:{name}", args=[version.pk]))
    assert response.url == reverse("missions:version", args=[version.pk])


def test_a_draft_published_while_it_was_being_saved_is_left_alone(
    cast: Cast, signed_in, monkeypatch
) -> None:
    draft = make_draft(cast.unit)
    valid = "missions.writing.forms.MissionForm.is_valid"

    def publish_meanwhile(form) -> bool:
        MissionVersion.objects.filter(pk=draft.pk).update(
            state="published",
            reading=1,
            published_at="2026-01-01T00:00Z",
            published_by=cast.manager,
        )
        form.full_clean()
        return True

    monkeypatch.setattr(valid, publish_meanwhile)
    response = signed_in(cast.leader).post(reverse("missions:edit", args=[draft.pk]), COMPLETE)
    errors = response.context["form"].non_field_errors()
    assert errors == ["Denne versjonen er allerede publisert, og kan ikke endres."]
    assert COMPLETE["core_task"] in response.content.decode()


def test_acknowledging_is_one_click(cast: Cast, signed_in) -> None:
    version = make_mission(cast.unit)
    url = reverse("missions:acknowledge", args=[version.pk])
    response = signed_in(cast.employee).post(url)
    assert response.url == reverse("missions:mine")
    assert Acknowledgement.objects.get().user == cast.employee
    assert signed_in(cast.employee).get(url).status_code == 405


def test_acknowledging_an_old_version_leads_to_the_one_that_holds(cast: Cast, signed_in) -> None:
    old = make_mission(cast.unit)
    make_mission(cast.unit)
    response = signed_in(cast.employee).post(reverse("missions:acknowledge", args=[old.pk]))
    assert response.url == reverse("missions:unit", args=[cast.unit.pk])
    assert Acknowledgement.objects.count() == 0


def test_the_leader_sees_who_has_read_and_who_has_not(cast: Cast, signed_in) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    make_acknowledgement(version, make_employee(cast.unit, "Åse Berg"))
    response = signed_in(cast.leader).get(reverse("missions:readers", args=[version.pk]))
    assert [r.user.name for r in response.context["read"]] == ["Åse Berg"]
    assert [r.user.name for r in response.context["unread"]] == ["Even Moen"]
    assert "1 av 2" in response.content.decode()


def test_a_leader_alone_in_the_unit_is_told_so(cast: Cast, signed_in) -> None:
    version = make_mission(cast.department, by=cast.manager)
    html = page(signed_in(cast.manager), "readers", version.pk)
    assert "Det er ingen andre i enheten" in html


def test_a_draft_has_no_readers(cast: Cast, signed_in) -> None:
    url = reverse("missions:readers", args=[make_draft(cast.unit).pk])
    assert signed_in(cast.leader).get(url).status_code == 404


@pytest.fixture
def crowded(cast: Cast) -> MissionVersion:
    """More units, versions, activities and readers than any budget could hide."""
    above, unit = make_mission(cast.department), cast.unit
    for number in range(BUDGET + 3):
        above = make_mission(unit, above=above, contribution="Bidrag", by=cast.leader)
        make_acknowledgement(above, make_employee(cast.unit, f"Person {number}"))
        unit = make_unit(f"Sone {number}", parent=unit)
        make_position(cast.employee, unit)
        make_mission(cast.unit, by=cast.leader)
    make_position(cast.leader, unit)
    return MissionVersion.objects.current_for(cast.unit)


@pytest.mark.parametrize(
    ("name", "viewer"),
    [
        *itertools.product(["mine", "unit", "for_unit", "version"], ["leader", "employee"]),
        ("readers", "leader"),
    ],
)
def test_each_page_keeps_its_query_budget(
    cast: Cast, crowded, signed_in, name, viewer, django_assert_max_num_queries
) -> None:
    pk = {"unit": cast.unit.pk, "for_unit": cast.unit.pk}.get(name, crowded.pk)
    browser = signed_in(getattr(cast, viewer))
    browser.get(reverse("home"))
    url = reverse(f"missions:{name}", args=[] if name == "mine" else [pk])
    with django_assert_max_num_queries(BUDGET):
        assert browser.get(url).status_code == 200


def test_mine_leads_to_a_shared_draft_within_its_budget(
    cast: Cast, crowded, signed_in, django_assert_max_num_queries
) -> None:
    draft = make_draft(cast.unit, above=crowded.above, shared_at=timezone.now())
    browser = signed_in(cast.employee)
    browser.get(reverse("home"))
    for url in (reverse("missions:mine"), reverse("missions:unit", args=[cast.unit.pk])):
        with django_assert_max_num_queries(BUDGET):
            html = browser.get(url).content.decode()
        assert "Les og kommenter utkastet" in html
        assert reverse("missions:version", args=[draft.pk]) in html


def test_the_form_has_each_field_once_beside_the_button_that_shares(cast: Cast, signed_in) -> None:
    html = page(signed_in(cast.leader), "edit", make_draft(cast.unit).pk)
    assert "Del utkastet med enheten" in html
    assert html.count('name="activity_1"') == 1


# The page that publishes asks what the action asks: what is above, and how many activities.
@pytest.mark.parametrize(("name", "more"), [("edit", 0), ("publish", 2)])
def test_writing_keeps_its_query_budget(
    cast: Cast, crowded, signed_in, name, more, django_assert_max_num_queries
) -> None:
    draft = make_draft(cast.unit, above=crowded.above)
    browser = signed_in(cast.leader)
    browser.get(reverse("home"))
    with django_assert_max_num_queries(BUDGET + more):
        assert browser.get(reverse(f"missions:{name}", args=[draft.pk])).status_code == 200


def test_writing_what_was_handed_over_keeps_its_query_budget(
    cast: Cast, crowded, signed_in, django_assert_max_num_queries
) -> None:
    draft = make_draft(cast.unit, above=crowded.above, shared_at=timezone.now())
    MissionVersion.objects.filter(pk=draft.pk).update(drafted_by=None)
    for number in range(BUDGET + 3):
        draft.inherits.add(make_mission(make_unit(f"Nedlagt {number}", parent=cast.department)))
        colleague = make_employee(cast.unit, f"Kollega {number}")
        DraftComment.objects.create(version=draft, author=colleague, text=f"Nei {number}")
    browser = signed_in(cast.leader)
    browser.get(reverse("home"))
    with django_assert_max_num_queries(BUDGET + 2):
        html = browser.get(reverse("missions:edit", args=[draft.pk])).content.decode()
    assert (html.count("Overført fra"), html.count("Nei ")) == (BUDGET + 3, BUDGET + 3)
