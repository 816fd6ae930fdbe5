"""What ties the missions of a line together: activities served, signals, questions upward."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from missions.models import MissionVersion, UpwardQuestion
from missions.political_priorities import Signal
from missions.questions.actions import answer_question, ask_question
from missions.refusals import MissionRefused
from missions.writing.actions import MissionWording, draft_mission, publish_mission, save_draft
from outbox.models import Letter
from people.models import Leadership
from tests import clock
from tests.cast import Cast
from tests.factories import make_leadership
from tests.missions.factories import make_draft, make_mission

SIGNAL = Signal("Flere skal bo hjemme", "Budsjett 2027, sak 42", "", dt.date(2026, 6, 17))


def question(cast: Cast, **fields) -> UpwardQuestion:
    version = make_mission(cast.unit, above=make_mission(cast.department), by=cast.leader)
    return ask_question(
        version=version,
        text="Gjelder dette helgene?",
        answer_by=fields.pop("answer_by", clock.today()),
        by=cast.leader,
        now=clock.now(),
    )


def test_a_version_serves_an_activity_of_the_version_above_and_no_other(cast: Cast) -> None:
    above, other = make_mission(cast.department), make_mission(cast.other_agency)
    draft = make_draft(cast.unit, above=above, serves=None)
    foreign = other.core_activities.first()
    with pytest.raises(IntegrityError, match="serves a core activity"), transaction.atomic():
        MissionVersion.objects.filter(pk=draft.pk).update(serves=foreign)
    with pytest.raises(MissionRefused, match="står ikke lenger i oppdraget over"):
        save_draft(
            version=draft,
            wording=MissionWording(serves=foreign.pk),
            by=cast.leader,
            now=clock.now(),
        )
    own = above.core_activities.first()
    save_draft(
        version=draft, wording=MissionWording(serves=own.pk), by=cast.leader, now=clock.now()
    )
    draft.refresh_from_db()
    assert draft.serves == own


def test_nothing_is_served_where_there_is_nothing_above(cast: Cast) -> None:
    served = make_mission(cast.other_agency).core_activities.first()
    draft = make_draft(cast.unit)
    with pytest.raises(MissionRefused):
        save_draft(
            version=draft, wording=MissionWording(serves=served.pk), by=cast.leader, now=clock.now()
        )


def test_publishing_asks_which_activity_above_is_served(cast: Cast) -> None:
    above = make_mission(cast.department)
    draft = make_draft(cast.unit, above=above, serves=None, contribution="Øynene")
    with pytest.raises(MissionRefused, match="Velg hvilken kjerneaktivitet"):
        publish_mission(version=draft, by=cast.leader, now=clock.now())
    with pytest.raises(IntegrityError, match="mission_published_serves"), transaction.atomic():
        make_mission(cast.sibling_unit, above=above, serves=None)


def test_a_new_draft_serves_the_same_only_under_the_same_version_above(cast: Cast) -> None:
    above = make_mission(cast.department)
    first = make_mission(cast.unit, above=above)
    draft = draft_mission(unit=cast.unit, by=cast.leader, now=clock.now())
    assert draft.serves == first.serves
    draft.delete()
    make_mission(cast.department)
    assert draft_mission(unit=cast.unit, by=cast.leader, now=clock.now()).serves is None


def test_the_municipality_keeps_its_signals_with_their_source(cast: Cast) -> None:
    draft = make_draft(cast.municipality)
    save_draft(
        version=draft, wording=MissionWording(signals=[SIGNAL]), by=cast.leader, now=clock.now()
    )
    draft.refresh_from_db()
    assert draft.political_signals == [SIGNAL]


def test_the_database_refuses_signals_below_the_top_and_without_a_source(cast: Cast) -> None:
    draft, top = make_draft(cast.unit), make_draft(cast.municipality)
    with pytest.raises(IntegrityError, match="at the top"), transaction.atomic():
        MissionVersion.objects.filter(pk=draft.pk).update(signals=[SIGNAL.as_row()])
    nameless = replace(SIGNAL, source="").as_row()
    with pytest.raises(IntegrityError, match="a title and a source"), transaction.atomic():
        MissionVersion.objects.filter(pk=top.pk).update(signals=[nameless])


def signal_data(**fields: str) -> dict[str, str]:
    typed = {f"signal-0-{name}": value for name, value in fields.items()}
    return {"signal-TOTAL_FORMS": "2", "signal-INITIAL_FORMS": "0", **typed}


def test_the_form_of_the_municipality_asks_for_signals(cast: Cast, signed_in) -> None:
    make_leadership(cast.manager, cast.municipality)
    draft = make_draft(cast.municipality)
    browser, url = signed_in(cast.manager), reverse("missions:edit", args=[draft.pk])
    assert "signal-0-title" in browser.get(url).content.decode()
    html = browser.post(url, signal_data(title="Flere hjemme")).content.decode()
    assert ("Skriv hvor signalet står." in html, "Flere hjemme" in html) == (True, True)
    html = browser.post(url, signal_data(source="Budsjett")).content.decode()
    assert "Skriv signalet." in html
    browser.post(url, signal_data(title="Flere hjemme", source="Budsjett"))
    draft.refresh_from_db()
    assert draft.political_signals == [Signal("Flere hjemme", "Budsjett")]


def test_the_form_below_asks_for_no_signals_and_which_activity_is_served(
    cast: Cast, signed_in
) -> None:
    above = make_mission(cast.department)
    draft = make_draft(cast.unit, above=above)
    url = reverse("missions:edit", args=[draft.pk])
    html = signed_in(cast.leader).get(url).content.decode()
    assert ("signal-0-title" in html, 'name="serves"' in html) == (False, True)


def test_the_line_shows_signals_and_what_is_served(cast: Cast, signed_in) -> None:
    top = make_mission(cast.municipality, signals=[SIGNAL.as_row()])
    make_mission(cast.unit, above=top)
    html = signed_in(cast.employee).get(reverse("missions:mine")).content.decode()
    assert "Flere skal bo hjemme" in html
    assert "vedtatt 17. juni 2026" in html
    assert "Bidrar til «Besøke dem som trenger oss»" in html


def test_a_question_goes_to_whoever_answers_for_the_mission_above(cast: Cast) -> None:
    asked = question(cast)
    assert asked.above.mission.unit == cast.department
    letter = Letter.objects.get()
    assert (letter.recipient, letter.kind) == (cast.manager, "missions.question_asked")


def test_a_question_to_a_unit_nobody_leads_waits_without_a_letter(cast: Cast) -> None:
    Leadership.objects.filter(user=cast.manager).delete()
    question(cast)
    assert Letter.objects.count() == 0


def test_a_question_needs_a_mission_above_and_a_day_to_come(cast: Cast, today) -> None:
    alone = make_mission(cast.municipality)
    ask = {"text": "Hva?", "by": cast.leader, "now": clock.now()}
    with pytest.raises(MissionRefused, match="ingen å spørre"):
        ask_question(version=alone, answer_by=today, **ask)
    below = make_mission(cast.unit, above=alone)
    with pytest.raises(MissionRefused, match="ikke er passert"):
        ask_question(version=below, answer_by=today - dt.timedelta(days=1), **ask)


def test_an_answer_stands_and_the_one_who_asked_hears_of_it(cast: Cast) -> None:
    asked = question(cast)
    answered = answer_question(question=asked, answer="Ja", by=cast.manager, now=clock.now())
    assert (answered.answer, answered.answered_by) == ("Ja", cast.manager)
    assert Letter.objects.get(kind="missions.question_answered").recipient == cast.leader
    with pytest.raises(MissionRefused, match="allerede besvart"):
        answer_question(question=asked, answer="Nei", by=cast.manager, now=clock.now())
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        UpwardQuestion.objects.update(answer="Nei")


@pytest.mark.parametrize(
    "change",
    [{"text": "Noe annet"}, {"answer_by": dt.date(2030, 1, 1)}, {"asked_on": dt.date(2020, 1, 1)}],
)
def test_a_question_stands_as_it_was_asked(cast: Cast, change) -> None:
    question(cast)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        UpwardQuestion.objects.update(**change)


def test_the_database_refuses_half_an_answer_and_a_question_to_another_mission(
    cast: Cast, today
) -> None:
    asked = question(cast)
    with pytest.raises(IntegrityError, match="answered_by_somebody"), transaction.atomic():
        UpwardQuestion.objects.update(answer="Ja")
    with pytest.raises(IntegrityError, match="written under"), transaction.atomic():
        UpwardQuestion.objects.create(
            version=asked.version,
            above=make_mission(cast.other_agency),
            text="Hva?",
            answer_by=today,
            asked_by=cast.leader,
            asked_at=clock.now(),
            asked_on=today,
        )
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        asked.delete()


def test_a_question_is_asked_answered_and_shown_on_both_ends(cast: Cast, signed_in, today) -> None:
    version = make_mission(cast.unit, above=make_mission(cast.department), by=cast.leader)
    leader, manager = signed_in(cast.leader), signed_in(cast.manager)
    url = reverse("missions:ask", args=[version.pk])
    assert leader.get(url).status_code == 200
    past = {"text": "Gjelder helgene?", "answer_by": str(today - dt.timedelta(days=1))}
    html = leader.post(url, past).content.decode()
    assert ("ikke er passert" in html, "Gjelder helgene?" in html) == (True, True)
    leader.post(url, {"text": "Gjelder helgene?", "answer_by": str(today)})
    asked = UpwardQuestion.objects.get()
    answer_url = reverse("missions:answer", args=[asked.pk])
    assert answer_url in manager.get(reverse("missions:questions")).content.decode()
    assert "Skriv svaret." in manager.post(answer_url).content.decode()
    manager.post(answer_url, {"answer": "Ja, også helgene"})
    for browser in (leader, manager):
        html = browser.get(reverse("missions:questions")).content.decode()
        assert ("Gjelder helgene?" in html, "Ja, også helgene" in html) == (True, True)
    html = signed_in(cast.employee).get(reverse("missions:version", args=[version.pk]))
    assert "Ja, også helgene" in html.content.decode()
    assert "Ja, også helgene" in manager.get(answer_url).content.decode()


def test_the_question_of_an_unshared_draft_is_between_the_two_leaders(
    cast: Cast, signed_in, today
) -> None:
    draft = make_draft(cast.unit, above=make_mission(cast.department))
    asked = ask_question(
        version=draft, text="Hva?", answer_by=today, by=cast.leader, now=clock.now()
    )
    url = reverse("missions:answer", args=[asked.pk])
    found = {
        who.name: signed_in(who).get(url).status_code
        for who in (cast.manager, cast.leader, cast.employee, cast.stranger)
    }
    assert found == {"Mona Lunde": 200, "Liv Dahl": 403, "Even Moen": 404, "Sindre Foss": 404}


def test_the_page_of_questions_keeps_its_budget(
    cast: Cast, signed_in, today, django_assert_max_num_queries
) -> None:
    version = make_mission(cast.unit, above=make_mission(cast.department), by=cast.leader)
    for number in range(11):
        asked = ask_question(
            version=version, text=f"Hva {number}?", answer_by=today, by=cast.leader, now=clock.now()
        )
        if number % 2:
            answer_question(question=asked, answer="Ja", by=cast.manager, now=clock.now())
    browser = signed_in(cast.manager)
    browser.get(reverse("home"))
    for name, args in (("questions", []), ("version", [version.pk])):
        with django_assert_max_num_queries(8):
            assert browser.get(reverse(f"missions:{name}", args=args)).status_code == 200


def test_whoever_has_no_questions_is_led_back_by_a_button_with_words(cast: Cast, signed_in) -> None:
    html = signed_in(cast.stranger).get(reverse("missions:questions")).content.decode()
    assert 'pkt-btn__text">Til oppdraget mitt</span>' in html
