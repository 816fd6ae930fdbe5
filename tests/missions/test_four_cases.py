"""A unit without a leader, a leader of two, a person with two positions, a unit that closes soon.

Each page and each letter of the room; «Min side» is in `tests/portal/test_mission_steps.py`, and
what happens after a unit has closed in `test_handing_over.py`.
"""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.urls import reverse

from missions.contribution.actions import share_contribution, write_contribution
from missions.models import Contribution, MissionVersion, UpwardQuestion
from missions.questions.actions import answer_question, ask_question, share_draft
from missions.refusals import MissionRefused
from missions.responsibility import answering_for
from missions.writing.actions import draft_mission, publish_mission
from outbox.models import Letter
from people.models import Leadership, Unit, User
from pulse.actions import Guess, answer_pulse, open_pulse, settle_pulse
from pulse.models import PulseAnswer, PulseRound
from pulse.tasks import keep_pulses
from pulse.tasks_of_person import pulse_steps
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee, make_leader, make_leadership, make_position, make_unit
from tests.missions.factories import make_draft, make_mission
from tests.pulse.factories import DAY, asked_in, make_colleagues, make_pulse, say_all


def page(browser, name: str, *args: int) -> str:
    response = browser.get(reverse(name if ":" in name else f"missions:{name}", args=args))
    assert response.status_code == 200, name
    return html.unescape(response.content.decode())


def every_page(browser, unit: Unit, version: MissionVersion) -> dict[str, str]:
    """What somebody who works in the unit can open."""
    of_unit = {name: page(browser, name, unit.pk) for name in ("unit", "for_unit", "contribution")}
    return of_unit | {
        "mine": page(browser, "mine"),
        "version": page(browser, "version", version.pk),
        "questions": page(browser, "questions"),
        "glossary": page(browser, "glossary"),
        "contributions": page(browser, "contributions"),
    }


def letters_to(user: User) -> list[str]:
    return list(Letter.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def closes(unit: Unit, on: dt.date, *successors: Unit) -> Unit:
    Unit.objects.filter(pk=unit.pk).update(valid_to=on)
    unit.successors.add(*successors)
    unit.refresh_from_db()
    return unit


# a unit without a leader


def test_the_people_of_a_vacant_unit_have_every_page(cast: Cast, signed_in) -> None:
    nina = make_employee(cast.sibling_unit, "Nina Strand")
    version = make_mission(cast.sibling_unit, by=cast.manager)
    pages = every_page(signed_in(nina), cast.sibling_unit, version)
    assert "Lest og forstått" in pages["version"]
    assert "Lagre og del med Mona Lunde" in pages["contribution"]


def test_whoever_leads_above_a_vacant_unit_has_the_leader_s_pages(cast: Cast, signed_in) -> None:
    make_colleagues(cast.sibling_unit, 5)
    version = make_mission(cast.sibling_unit, by=cast.leader)
    draft = make_draft(cast.sibling_unit, by=cast.leader)
    manager = signed_in(cast.manager)
    for name, pk in (
        ("readers", version.pk),
        ("edit", draft.pk),
        ("publish", draft.pk),
        ("pulse:pulse", cast.sibling_unit.pk),
        ("pulse:open_pulse", cast.sibling_unit.pk),
    ):
        page(manager, name, pk)


def test_everything_of_a_vacant_unit_goes_by_the_leader_above(cast: Cast) -> None:
    nina = make_employee(cast.sibling_unit, "Nina Strand")
    above = make_mission(cast.department, by=cast.manager)
    draft = make_draft(cast.sibling_unit, by=cast.manager, above=above, contribution="Bidrar")
    share_draft(version=draft, by=cast.manager, now=clock.now())
    publish_mission(version=draft, by=cast.manager, now=clock.now())
    assert letters_to(nina) == ["missions.draft_shared", "missions.mission_published"]
    assert letters_to(cast.manager) == []
    write_contribution(unit=cast.sibling_unit, text="Mitt", by=nina, now=clock.now())
    shared = share_contribution(unit=cast.sibling_unit, by=nina, now=clock.now())
    assert shared.shared_with == cast.manager


def test_where_nobody_leads_at_all_nothing_is_promised(cast: Cast, signed_in) -> None:
    nina = make_employee(cast.sibling_unit, "Nina Strand")
    version = make_mission(cast.sibling_unit, above=make_mission(cast.department))
    Leadership.objects.all().delete()
    pages = every_page(signed_in(nina), cast.sibling_unit, version)
    assert "Lagre og del med" not in pages["contribution"]
    assert "Enheten har ingen leder å dele med nå." in pages["contribution"]


def test_a_question_that_nobody_can_answer_yet_waits_for_the_next_leader(
    cast: Cast, signed_in
) -> None:
    version = make_mission(cast.unit, above=make_mission(cast.department), by=cast.leader)
    Leadership.objects.exclude(user=cast.leader).delete()
    url = reverse("missions:ask", args=[version.pk])
    sent = signed_in(cast.leader).post(
        url, {"text": "Hva?", "answer_by": clock.today() + DAY}, follow=True
    )
    assert "Spørsmålet venter på neste leder." in sent.content.decode()
    later = make_leader(cast.department, "Bente Moe")
    assert "Hva?" in page(signed_in(later), "questions")


def test_a_round_whose_leader_has_gone_is_settled_and_read_by_whoever_leads_above(
    cast: Cast, signed_in
) -> None:
    pulse = make_pulse(cast, now=clock.now() - 20 * DAY)
    say_all(pulse, "ja ja nja nja nja")
    Leadership.objects.filter(unit=cast.unit).update(valid_to=clock.today() - DAY)
    keep_pulses()
    assert signed_in(cast.leader).get(reverse("pulse:pulse", args=[cast.unit.pk])).status_code == (
        403
    )
    assert "ta samtalen" in page(signed_in(cast.manager), "pulse:pulse", cast.unit.pk)
    assert pulse_steps(cast.manager, clock.today()).to_talk_about == [pulse]


# a leader of two units


def test_a_leader_of_two_units_has_both_on_every_page(cast: Cast, signed_in) -> None:
    make_leadership(cast.leader, cast.sibling_unit)
    nina = make_employee(cast.sibling_unit, "Nina Strand")
    versions = [make_mission(unit, by=cast.manager) for unit in (cast.unit, cast.sibling_unit)]
    for person, unit in ((cast.employee, cast.unit), (nina, cast.sibling_unit)):
        write_contribution(unit=unit, text=f"Bidrag i {unit.name}", by=person, now=clock.now())
        share_contribution(unit=unit, by=person, now=clock.now())
    browser = signed_in(cast.leader)
    for name in ("mine", "coverage", "contributions"):
        shown = page(browser, name)
        assert ("Hjemmetjenesten nord" in shown, "Hjemmetjenesten sør" in shown) == (True, True)
    for version in versions:
        page(browser, "readers", version.pk)
    assert page(browser, "mine").count("Lest og forstått</") >= 2


def test_a_leader_of_two_units_gets_a_letter_of_each_that_another_publishes(cast: Cast) -> None:
    make_leadership(cast.leader, cast.sibling_unit)
    for unit in (cast.unit, cast.sibling_unit):
        publish_mission(version=make_draft(unit), by=cast.manager, now=clock.now())
    assert letters_to(cast.leader) == ["missions.mission_published"] * 2
    subjects = Letter.objects.filter(recipient=cast.leader).values_list("subject", flat=True)
    assert {subject.split(" har")[0] for subject in subjects} == {
        "Hjemmetjenesten nord",
        "Hjemmetjenesten sør",
    }


def test_a_leader_of_two_units_is_asked_in_neither_but_where_another_leads(cast: Cast) -> None:
    make_leadership(cast.leader, cast.sibling_unit)
    make_position(cast.leader, cast.sibling_unit)
    make_position(cast.leader, cast.other_unit)
    make_leader(cast.other_unit, "Oda Lie")
    pulses = [
        make_pulse(cast),
        make_pulse(cast, unit=cast.sibling_unit),
    ]
    assert [cast.leader in asked_in(pulse) for pulse in pulses] == [False, False]
    make_colleagues(cast.other_unit, 5)
    make_mission(cast.other_unit)
    oda = User.objects.get(name="Oda Lie")
    elsewhere = open_pulse(
        unit=cast.other_unit,
        guess=Guess(7, 0, 0),
        opens_on=clock.today(),
        closes_on=clock.today() + DAY,
        by=oda,
        now=clock.now(),
    )
    assert cast.leader in asked_in(elsewhere)


# a person with two positions


def test_a_person_with_two_positions_has_both_on_every_page(cast: Cast, signed_in) -> None:
    make_position(cast.employee, cast.other_unit)
    versions = [make_mission(unit, by=cast.manager) for unit in (cast.unit, cast.other_unit)]
    browser = signed_in(cast.employee)
    for unit, version in zip((cast.unit, cast.other_unit), versions, strict=True):
        pages = every_page(browser, unit, version)
        assert "Lest og forstått" in pages["version"]
        browser.post(reverse("missions:acknowledge", args=[version.pk]))
        browser.post(reverse("missions:contribution", args=[unit.pk]), {"text": unit.name})
    mine = page(browser, "mine")
    assert (mine.count("Oppdraget er lest"), mine.count("Bidraget mitt er skrevet")) == (2, 2)
    assert Contribution.objects.of(cast.employee).count() == 2


def test_a_person_with_two_positions_gets_a_letter_for_each(cast: Cast) -> None:
    make_position(cast.employee, cast.sibling_unit)
    for unit in (cast.unit, cast.sibling_unit):
        draft = make_draft(unit, by=cast.manager)
        share_draft(version=draft, by=cast.manager, now=clock.now())
        publish_mission(version=draft, by=cast.manager, now=clock.now())
        make_pulse(cast, unit=unit)
    assert (
        letters_to(cast.employee)
        == [
            "missions.draft_shared",
            "missions.mission_published",
            "pulse.invitation",
        ]
        * 2
    )


def test_a_person_with_two_positions_in_one_unit_is_one_person(cast: Cast) -> None:
    make_position(cast.employee, cast.unit, title="Også her")
    publish_mission(version=make_draft(cast.unit), by=cast.leader, now=clock.now())
    pulse = make_pulse(cast)
    assert letters_to(cast.employee) == ["missions.mission_published", "pulse.invitation"]
    assert asked_in(pulse).count(cast.employee) == 1


# a unit that closes tomorrow


def test_a_unit_that_closes_tomorrow_says_so_and_works_today(cast: Cast, signed_in) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    closes(cast.unit, clock.today() + DAY, cast.sibling_unit)
    pages = every_page(signed_in(cast.employee), cast.unit, version)
    assert "Enheten legges ned etter" in pages["unit"]
    leader = signed_in(cast.leader)
    draft = draft_mission(unit=cast.unit, by=cast.leader, now=clock.now())
    for name, pk in (("edit", draft.pk), ("publish", draft.pk), ("readers", version.pk)):
        page(leader, name, pk)
    publish_mission(version=draft, by=cast.leader, now=clock.now())
    assert letters_to(cast.employee) == ["missions.mission_published"]


def test_a_unit_that_has_closed_is_read_and_written_by_nobody(cast: Cast, signed_in) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    draft = make_draft(cast.unit)
    closes(cast.unit, clock.today() - DAY, cast.sibling_unit)
    browser = signed_in(cast.leader)
    assert "Enheten ble lagt ned" in page(browser, "unit", cast.unit.pk)
    statuses = {
        name: browser.get(reverse(name, args=[pk])).status_code
        for name, pk in (
            ("missions:edit", draft.pk),
            ("missions:readers", version.pk),
            ("pulse:pulse", cast.unit.pk),
        )
    }
    assert statuses == {"missions:edit": 404, "missions:readers": 403, "pulse:pulse": 403}


def test_a_pulse_ends_with_its_unit(cast: Cast, signed_in) -> None:
    make_mission(cast.unit, by=cast.leader)
    make_colleagues(cast.unit, 5)
    closes(cast.unit, clock.today() + DAY)
    browser = signed_in(cast.leader)
    url = reverse("pulse:open_pulse", args=[cast.unit.pk])
    assert browser.get(url).context["form"]["closes_on"].initial == clock.today() + DAY
    typed = {"opens_on": clock.today(), "guess_yes": 6, "guess_partly": 0, "guess_no": 0}
    refused = browser.post(url, {**typed, "closes_on": clock.today() + DAY + DAY})
    [error] = refused.context["form"].errors["closes_on"]
    assert error.startswith("Enheten legges ned etter")
    with pytest.raises(MissionRefused, match="legges ned etter"):
        open_pulse(
            unit=cast.unit,
            guess=Guess(6, 0, 0),
            opens_on=clock.today(),
            closes_on=clock.today() + DAY + DAY,
            by=cast.leader,
            now=clock.now(),
        )
    assert browser.post(url, {**typed, "closes_on": clock.today() + DAY}).status_code == 302
    assert PulseRound.objects.get().closes_on == clock.today() + DAY


def test_a_round_of_a_unit_that_closes_before_its_last_day_ends_then(cast: Cast) -> None:
    pulse = make_pulse(cast, now=clock.now() - 2 * DAY)
    say_all(pulse, "ja ja ja nei nei nei")
    closes(cast.unit, clock.today() - DAY)
    late = asked_in(pulse)[7]
    assert pulse_steps(late, clock.today()).to_answer == []
    with pytest.raises(MissionRefused, match="ikke åpen"):
        answer_pulse(
            pulse=pulse, answer=PulseAnswer.YES, unsure=frozenset(), by=late, today=clock.today()
        )
    keep_pulses()
    pulse.refresh_from_db()
    assert (pulse.is_settled, pulse.result) == (True, "merged")


def test_a_round_of_a_unit_that_closes_tomorrow_goes_on_today(cast: Cast) -> None:
    pulse = make_pulse(cast)
    closes(cast.unit, clock.today() + DAY)
    keep_pulses()
    assert pulse_steps(cast.employee, clock.today()).to_answer == [pulse]
    with pytest.raises(MissionRefused, match="når fristen er ute"):
        settle_pulse(pulse=pulse, by=cast.leader, now=clock.now())


@pytest.fixture
def heir(cast: Cast) -> Unit:
    """Takes over the department, with a leader of its own."""
    unit = make_unit("Helse og hverdag", parent=cast.agency)
    make_leader(unit, "Hedda Lie")
    return unit


def asked_of_the_department(cast: Cast) -> UpwardQuestion:
    above = make_mission(cast.department, by=cast.manager)
    version = make_mission(cast.unit, by=cast.leader, above=above)
    return ask_question(
        version=version, text="Hva?", answer_by=clock.today() + DAY, by=cast.leader, now=clock.now()
    )


def test_a_question_to_a_unit_that_has_closed_is_answered_by_its_successor(
    cast: Cast, heir: Unit, signed_in
) -> None:
    question = asked_of_the_department(cast)
    closes(cast.department, clock.today() - DAY, heir)
    hedda = User.objects.get(name="Hedda Lie")
    assert answering_for(question.above.mission.unit, clock.today()) == hedda
    assert "Hva?" in page(signed_in(hedda), "questions")
    page(signed_in(hedda), "answer", question.pk)
    old = signed_in(cast.manager).get(reverse("missions:answer", args=[question.pk]))
    assert old.status_code == 403
    answer_question(question=question, answer="Dette.", by=hedda, now=clock.now())
    assert "missions.question_answered" in letters_to(cast.leader)


def test_a_question_is_asked_of_what_follows_a_unit_that_has_closed(cast: Cast, heir: Unit) -> None:
    above = make_mission(cast.department, by=cast.manager)
    version = make_mission(cast.unit, by=cast.leader, above=above)
    closes(cast.department, clock.today() - DAY, heir)
    ask_question(
        version=version, text="Hva?", answer_by=clock.today(), by=cast.leader, now=clock.now()
    )
    assert letters_to(User.objects.get(name="Hedda Lie")) == ["missions.question_asked"]
    assert letters_to(cast.manager) == []


def test_a_closed_unit_without_a_successor_is_followed_by_the_one_above(cast: Cast) -> None:
    question = asked_of_the_department(cast)
    above = make_leader(cast.agency, "Bente Moe")
    closes(cast.department, clock.today() - DAY)
    assert answering_for(question.above.mission.unit, clock.today()) == above
    assert list(UpwardQuestion.objects.asked_of(above, clock.today())) == [question]
