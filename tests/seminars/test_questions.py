"""The organiser's questions, and the answers to them."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from people.models import AuditRecord
from seminars.editing.copy_actions import copy_seminar
from seminars.models import Answer, Question, Registration
from seminars.questions.actions import answer_questions, register_with_answers, rewrite_question
from seminars.refusals import NotChangeable, NotRegistered
from seminars.retention.actions import erase_answers
from seminars.seminar_content import QuestionContent
from tests.editing import seen_on
from tests.seminars.factories import make_participants, make_registration, make_seminar


def ask(seminar, text="Hvor kommer du fra?", kind="text", **fields):
    return Question.objects.create(seminar=seminar, text=text, kind=kind, **fields)


@pytest.fixture
def hotel(seminar):
    return ask(seminar, "Trenger du hotell?", "one", options=["Ja", "Nei"], is_required=True)


@pytest.fixture
def nights(seminar, hotel):
    fields = {"shown_if": hotel, "shown_if_option": "Ja", "is_required": True}
    return ask(seminar, "Hvilke netter?", "several", options=["Mandag", "Tirsdag"], **fields)


def register(browser, seminar, **data):
    return browser.post(reverse("seminars:register", args=[seminar.pk]), data)


def given(user):
    rows = Answer.objects.filter(registration__user=user).order_by("question")
    return [(row.question.text, row.values) for row in rows]


# ---- what the database keeps ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "scale"}, "question_has_options_to_choose_from"),
        ({"kind": "one", "options": ["Ja"]}, "question_has_options_to_choose_from"),
        ({"kind": "text", "options": ["Ja", "Nei"]}, "question_has_options_to_choose_from"),
        ({"shown_if_option": "Ja"}, "question_condition_names_its_option"),
    ],
)
def test_question_that_makes_no_sense_is_turned_away(seminar, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        ask(seminar, **fields)


def test_condition_must_be_an_option_of_an_earlier_question_here(cast, seminar, hotel):
    other = make_seminar(cast.agency, created_by=cast.organiser)
    for where, option in ((seminar, "Kanskje"), (other, "Ja")):
        with pytest.raises(IntegrityError, match="can never be shown"), transaction.atomic():
            ask(where, shown_if=hotel, shown_if_option=option)
    with pytest.raises(IntegrityError, match="can never be shown"):
        Question.objects.filter(pk=hotel.pk).update(shown_if=hotel, shown_if_option="Ja")


def test_answer_is_one_and_says_something(seminar, hotel, leader):
    registration = make_registration(seminar, leader)
    with pytest.raises(IntegrityError, match="answer_says_something"), transaction.atomic():
        Answer.objects.create(registration=registration, question=hotel, values=[])
    Answer.objects.create(registration=registration, question=hotel, values=["Ja"])
    with pytest.raises(IntegrityError, match="answer_is_one_to_a_question"):
        Answer.objects.create(registration=registration, question=hotel, values=["Nei"])


# ---- registering ---------------------------------------------------------------------------------


def test_page_asks_and_keeps_the_answers(seminar, hotel, nights, signed_in, leader):
    browser = signed_in(leader)
    shown = browser.get(reverse("seminars:register", args=[seminar.pk])).content.decode()
    assert f'data-shown-if="q{hotel.pk}" data-shown-option="Ja"' in shown
    assert "Må besvares hvis du svarte «Ja» på «Trenger du hotell?»." in shown
    data = {f"q{hotel.pk}": "Ja", f"q{nights.pk}": ["Mandag", "Tirsdag"]}
    response = register(browser, seminar, **data)
    assert response["Location"] == reverse("seminars:receipt", args=[seminar.pk])
    assert given(leader) == [
        ("Trenger du hotell?", ["Ja"]),
        ("Hvilke netter?", ["Mandag", "Tirsdag"]),
    ]


def test_required_question_stops_and_keeps_what_was_typed(seminar, hotel, signed_in, leader):
    text = ask(seminar)
    response = register(signed_in(leader), seminar, **{f"q{text.pk}": "Bergen"})
    page = response.content.decode()
    assert (response.status_code, Registration.objects.count()) == (200, 0)
    assert "Trenger du hotell? Du må svare på dette." in page
    assert "Bergen" in page


@pytest.mark.parametrize(
    ("hotel_answer", "night_answer", "expected"),
    [
        ("Nei", [], [("Trenger du hotell?", ["Nei"])]),
        ("Nei", ["Mandag"], [("Trenger du hotell?", ["Nei"])]),
        ("Nei", ["Søndag"], [("Trenger du hotell?", ["Nei"])]),
        ("Ja", [], []),
        ("Ja", ["Søndag"], []),
    ],
)
def test_server_decides_what_is_asked(
    seminar, hotel, nights, signed_in, leader, hotel_answer, night_answer, expected
):
    data = {f"q{hotel.pk}": hotel_answer, f"q{nights.pk}": night_answer}
    register(signed_in(leader), seminar, **data)
    assert given(leader) == expected
    assert Registration.objects.filter(user=leader).count() == len(expected)


def test_refused_registration_leaves_no_answer(cast, leader, now):
    closed = make_seminar(cast.other_agency, created_by=cast.organiser, registration_closes_at=now)
    question = ask(closed)
    with pytest.raises(Exception, match="Påmeldingsfristen"):
        register_with_answers(
            seminar=closed,
            answers={question.pk: ["x"]},
            by=leader,
            now=now + dt.timedelta(hours=1),
        )
    assert Answer.objects.count() == 0


# ---- changing one's mind -------------------------------------------------------------------------


def test_answers_may_be_changed_until_registration_closes(seminar, hotel, signed_in, leader):
    registration = make_registration(seminar, leader)
    Answer.objects.create(registration=registration, question=hotel, values=["Ja"])
    browser, url = signed_in(leader), reverse("seminars:answer", args=[seminar.pk])
    assert browser.get(url).context["form"].initial == {f"q{hotel.pk}": "Ja"}
    sent = {f"q{hotel.pk}": "Nei"} | seen_on(browser, url)
    assert browser.post(url, sent).status_code == 302
    assert given(leader) == [("Trenger du hotell?", ["Nei"])]
    record = AuditRecord.objects.get(action="seminars.answer")
    assert record.details == {"questions": [hotel.pk]}
    seminar.registration_closes_at = timezone.now() - dt.timedelta(hours=1)
    seminar.save(update_fields=["registration_closes_at"])
    assert "Svarene kan ikke endres lenger" in browser.get(url).content.decode()
    browser.post(url, {f"q{hotel.pk}": "Ja"})
    assert given(leader) == [("Trenger du hotell?", ["Nei"])]


def test_answering_needs_a_registration(seminar, hotel, signed_in, leader, now):
    url = reverse("seminars:answer", args=[seminar.pk])
    assert signed_in(leader).get(url)["Location"] == reverse("seminars:detail", args=[seminar.pk])
    over = make_registration(seminar, leader, state="withdrawn")
    with pytest.raises(NotRegistered):
        answer_questions(registration=over, answers={}, by=leader, now=now)


@pytest.mark.parametrize("over", ["withdrawn", "too_late"])
def test_what_was_typed_stays_when_it_can_no_longer_be_saved(seminar, signed_in, leader, over):
    asked = ask(seminar)
    registration = make_registration(seminar, leader)
    browser = signed_in(leader)
    url = reverse("seminars:answer", args=[seminar.pk])
    sent = seen_on(browser, url) | {f"q{asked.pk}": "Fra Sølvik, med båt"}
    if over == "withdrawn":
        Registration.objects.filter(pk=registration.pk).update(
            state="withdrawn", withdrawn_at=timezone.now()
        )
        why = "Du er ikke lenger påmeldt dette seminaret. Det du skrev, er ikke lagret."
    else:
        seminar.registration_closes_at = timezone.now() - dt.timedelta(minutes=1)
        seminar.save(update_fields=["registration_closes_at"])
        why = "Svarene kan ikke endres etter påmeldingsfristen."
    page = browser.post(url, sent)
    assert page.context["form"].non_field_errors() == [why]
    assert (page.status_code, "Fra Sølvik, med båt" in page.content.decode()) == (200, True)
    assert ("Lagre svarene" in page.content.decode(), Answer.objects.count()) == (False, 0)


def test_page_without_questions_says_so(seminar, signed_in, leader):
    make_registration(seminar, leader)
    page = signed_in(leader).get(reverse("seminars:answer", args=[seminar.pk]))
    assert "ingen spørsmål" in page.content.decode()


# ---- the organiser -------------------------------------------------------------------------------


def test_organiser_asks_rewrites_and_drops(seminar, signed_in, organiser):
    browser = signed_in(organiser)
    data = {"text": "Hotell?", "kind": "one", "options": "Ja\n\n Nei \nJa", "is_required": "on"}
    browser.post(reverse("seminars:ask", args=[seminar.pk]), data)
    question = seminar.questions.get()
    assert (question.options, question.is_required) == (["Ja", "Nei"], True)
    data = {"text": "Netter?", "kind": "text", "condition": f"{question.pk}:0"}
    browser.post(reverse("seminars:ask", args=[seminar.pk]), data)
    second = seminar.questions.last()
    assert (second.shown_if, second.shown_if_option) == (question, "Ja")
    url = reverse("seminars:rewrite_question", args=[seminar.pk, second.pk])
    assert browser.get(url).context["form"].initial["condition"] == f"{question.pk}:0"
    reworded = {"text": "Hvilke netter?", "condition": ""} | seen_on(browser, url)
    browser.post(url, data | reworded)
    second.refresh_from_db()
    assert (second.text, second.shown_if) == ("Hvilke netter?", None)
    browser.post(reverse("seminars:drop_question", args=[seminar.pk, second.pk]))
    assert list(seminar.questions.all()) == [question]
    assert list(AuditRecord.objects.order_by("pk").values_list("action", flat=True)) == [
        "seminars.ask_question",
        "seminars.ask_question",
        "seminars.rewrite_question",
        "seminars.drop_question",
    ]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "one", "options": "Ja"}, "options"),
        ({"kind": "several", "options": "\n".join(map(str, range(21)))}, "options"),
        ({"kind": "one", "options": "Ja\n" + "x" * 201}, "options"),
        ({"kind": "text", "text": ""}, "text"),
        ({"kind": "text", "condition": "1:0"}, "condition"),
    ],
)
def test_question_form_tells_what_is_wrong(seminar, signed_in, organiser, data, field):
    url = reverse("seminars:ask", args=[seminar.pk])
    response = signed_in(organiser).post(url, {"text": "Hotell?"} | data)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])


def test_answered_question_is_not_put_in_other_words(seminar, hotel, leader, organiser):
    registration = make_registration(seminar, leader)
    Answer.objects.create(registration=registration, question=hotel, values=["Ja"])
    content = QuestionContent(text="Bil?", kind="text")
    with pytest.raises(NotChangeable, match="Noen har svart"):
        rewrite_question(question=hotel, content=content, by=organiser)


def test_question_that_another_needs_stays(seminar, hotel, nights, signed_in, organiser):
    url = reverse("seminars:drop_question", args=[seminar.pk, hotel.pk])
    page = signed_in(organiser).post(url, follow=True)
    assert [str(m) for m in page.context["messages"]] == [
        "Et annet spørsmål vises bare etter svaret på dette. Fjern det andre først."
    ]
    url = reverse("seminars:rewrite_question", args=[seminar.pk, hotel.pk])
    browser = signed_in(organiser)
    told = "Et annet spørsmål vises bare etter svaret på dette. Fjern det andre først."
    assert told in browser.get(url).content.decode()
    # as from a page that was opened before the other was asked
    Question.objects.filter(pk=nights.pk).update(shown_if=None, shown_if_option="")
    seen = seen_on(browser, url)
    Question.objects.filter(pk=nights.pk).update(shown_if=hotel, shown_if_option="Ja")
    page = browser.post(url, {"text": "Bil?", "kind": "text"} | seen)
    assert page.context["form"].non_field_errors() == [told]
    assert seminar.questions.count() == 2


def test_cancelled_seminar_asks_no_more(cast, signed_in):
    seminar = make_seminar(cast.agency, created_by=cast.organiser, state="cancelled")
    url = reverse("seminars:ask", args=[seminar.pk])
    page = signed_in(cast.organiser).post(url, {"text": "Hotell?", "kind": "text"})
    assert page.context["form"].non_field_errors() == ["Seminaret er avlyst og kan ikke endres."]


def test_organiser_sees_counts_and_names_of_those_who_are_in(
    seminar, hotel, cast, signed_in, organiser
):
    for place, registration in enumerate(make_participants(seminar, cast.unit, 3)):
        value = "Nei" if place else "Ja"
        Answer.objects.create(registration=registration, question=hotel, values=[value])
    gone = make_registration(seminar, cast.leader, state="withdrawn")
    Answer.objects.create(registration=gone, question=hotel, values=["Ja"])
    url = reverse("seminars:answers", args=[seminar.pk, hotel.pk])
    response = signed_in(organiser).get(url)
    context, page = response.context, response.content.decode()
    assert context["counts"] == [("Ja", 1), ("Nei", 2)]
    assert "3 har svart" in page
    words = re.findall(r"<span>(Ja|Nei)</span> <span [^>]*>(\d+)</span>", page)
    assert words == [("Ja", "1"), ("Nei", "2")]
    assert re.findall(r'lp-chart__part" width="([\d.]+)"', page) == ["33.33", "66.67"]
    assert [answer.in_words for answer in context["page"]] == ["Ja", "Nei", "Nei"]


def test_text_answers_have_no_counts(seminar, signed_in, organiser):
    url = reverse("seminars:answers", args=[seminar.pk, ask(seminar).pk])
    assert signed_in(organiser).get(url).context["counts"] == []


def test_spreadsheet_has_a_column_a_question_and_runs_no_formula(
    seminar, leader, cast, signed_in, organiser
):
    text = ask(seminar, "=1+1")
    registration = make_registration(seminar, leader)
    Answer.objects.create(registration=registration, question=text, values=["=HYPERLINK(1)", "to"])
    make_registration(seminar, cast.employee)
    response = signed_in(organiser).get(reverse("seminars:participants_xlsx", args=[seminar.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    column = [row[-1] for row in sheet.iter_rows()]
    assert [(cell.value, cell.data_type) for cell in column] == [
        ("=1+1", "s"),
        (None, "n"),
        ("=HYPERLINK(1), to", "s"),
    ]


# ---- when it goes --------------------------------------------------------------------------------


def test_answers_go_180_days_after_the_end(seminar, hotel, leader, cast):
    registration = make_registration(seminar, leader)
    Answer.objects.create(registration=registration, question=hotel, values=["Ja"])
    due = seminar.ends_at + dt.timedelta(days=180)
    assert erase_answers(now=due) == 0
    assert erase_answers(now=due + dt.timedelta(seconds=1)) == 1
    assert Answer.objects.count() == 0
    record = AuditRecord.objects.get()
    assert (record.action, record.actor, record.details) == (
        "seminars.erase_answers",
        None,
        {"rows": 1},
    )


@pytest.mark.parametrize("name", ["questions", "answers"])
def test_pages_ask_as_much_whatever_the_number(
    seminar, cast, signed_in, organiser, name, django_assert_num_queries
):
    question = ask(seminar)
    args = [seminar.pk] if name == "questions" else [seminar.pk, question.pk]
    for number in range(12):
        ask(seminar, f"Spørsmål {number}")
    for registration in make_participants(seminar, cast.unit, 12):
        Answer.objects.create(registration=registration, question=question, values=["x"])
    browser = signed_in(organiser)
    with django_assert_num_queries({"questions": 4, "answers": 6}[name]):
        browser.get(reverse(f"seminars:{name}", args=args))


# ---- their order ---------------------------------------------------------------------------------


def in_order(seminar) -> list[str]:
    return list(seminar.questions.values_list("text", flat=True))


@pytest.fixture
def three(seminar):
    return [
        Question.objects.create(seminar=seminar, text=text, kind="text")
        for text in ("Først", "Midt", "Sist")
    ]


def press(signed_in, organiser, seminar, question, direction, place=None):
    """Press where the question stands now, or where a page showed it before."""
    url = reverse("seminars:move_question", args=[seminar.pk, question.pk])
    place = place or list(seminar.questions.all()).index(question) + 1
    return signed_in(organiser).post(url, {"direction": direction, "place": place}, follow=True)


def test_questions_are_moved_one_step_at_a_press(seminar, three, organiser, signed_in):
    response = press(signed_in, organiser, seminar, three[2], "up")
    assert in_order(seminar) == ["Først", "Sist", "Midt"]
    assert response.redirect_chain[0][0].endswith(f"#sporsmal-{three[2].pk}")
    assert [one.question.text for one in response.context["questions"]] == in_order(seminar)
    press(signed_in, organiser, seminar, three[0], "down")
    assert in_order(seminar) == ["Sist", "Først", "Midt"]
    record = AuditRecord.objects.filter(action="seminars.move_question").latest("pk")
    assert record.details == {"question": three[0].pk, "is_up": False}


@pytest.mark.parametrize(
    ("which", "direction", "order"),
    [(2, "up", ["Først", "Sist", "Midt"]), (0, "down", ["Midt", "Først", "Sist"])],
)
def test_a_button_pressed_twice_moves_a_question_once(
    seminar, three, organiser, signed_in, which, direction, order
):
    page = signed_in(organiser).get(reverse("seminars:questions", args=[seminar.pk]))
    place = which + 1
    assert f'<input type="hidden" name="place" value="{place}">' in page.content.decode()
    for _press in range(2):
        answer = press(signed_in, organiser, seminar, three[which], direction, place)
        assert [str(one) for one in answer.context["messages"]] == []
    assert in_order(seminar) == order
    assert AuditRecord.objects.filter(action="seminars.move_question").count() == 1


def test_an_old_page_moves_no_question_from_where_it_never_stood(
    seminar, three, organiser, signed_in
):
    press(signed_in, organiser, seminar, three[2], "up")
    press(signed_in, organiser, seminar, three[2], "up")
    for place in ("3", "x", "9" * 30):
        answer = press(signed_in, organiser, seminar, three[2], "down", place)
        assert [str(one) for one in answer.context["messages"]] == [
            "Rekkefølgen er endret siden du åpnet siden. Her er den nye."
        ]
    assert in_order(seminar) == ["Sist", "Først", "Midt"]


def test_the_form_asks_in_the_new_order(seminar, three, organiser, leader, signed_in):
    press(signed_in, organiser, seminar, three[1], "up")
    page = signed_in(leader).get(reverse("seminars:register", args=[seminar.pk]))
    assert [str(field.label) for field in page.context["form"]] == ["Midt", "Først", "Sist"]


def test_at_the_ends_there_is_nothing_to_press_and_nothing_happens(
    seminar, three, organiser, signed_in
):
    press(signed_in, organiser, seminar, three[0], "up")
    page = press(signed_in, organiser, seminar, three[2], "down").content.decode()
    assert in_order(seminar) == ["Først", "Midt", "Sist"]
    assert (page.count('value="up"'), page.count('value="down"')) == (2, 2)
    assert not AuditRecord.objects.filter(action="seminars.move_question").exists()


def test_a_question_stays_after_the_one_it_hangs_on(seminar, organiser, signed_in):
    hotel = Question.objects.create(
        seminar=seminar, text="Hotell?", kind="one", options=["Ja", "Nei"]
    )
    nights = Question.objects.create(
        seminar=seminar, text="Netter?", kind="text", shown_if=hotel, shown_if_option="Ja"
    )
    for question, direction in ((nights, "up"), (hotel, "down")):
        page = press(signed_in, organiser, seminar, question, direction).content.decode()
        assert "«Netter?» vises bare etter et svar på «Hotell?», og må stå etter det." in page
    assert in_order(seminar) == ["Hotell?", "Netter?"]


def test_the_database_keeps_the_order_too(seminar, three):
    hotel = Question.objects.create(
        seminar=seminar, text="Hotell?", kind="one", options=["Ja", "Nei"]
    )
    nights = Question.objects.create(
        seminar=seminar, text="Netter?", kind="text", shown_if=hotel, shown_if_option="Ja"
    )
    for pk, position in ((nights.pk, 1), (hotel.pk, 99)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.filter(pk=pk).update(position=position)
    first = Question.objects.filter(pk=three[0].pk)
    first.update(position=2)
    with (
        pytest.raises(IntegrityError, match="place_of_its_own"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    first.update(position=1)


def test_a_copy_asks_in_the_same_order(seminar, three, organiser, signed_in, now):
    press(signed_in, organiser, seminar, three[2], "up")
    later = (now + dt.timedelta(days=200)).date()
    copy = copy_seminar(seminar=seminar, starts_on=later, by=organiser, now=now)
    assert in_order(copy) == ["Først", "Sist", "Midt"]
