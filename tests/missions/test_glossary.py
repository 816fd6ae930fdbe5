"""Shared words: who keeps them, and how they are explained where they occur."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.glossary.actions import explain_term, remove_term
from missions.glossary.explanations import Glossary, explained
from missions.models import Term
from missions.refusals import MissionRefused
from missions.rules import may_edit_glossary
from people.models import Role, User
from tests import clock
from tests.cast import KINDS, Cast
from tests.editing import seen_on
from tests.factories import make_leadership, make_role
from tests.missions.factories import make_draft, make_mission
from tests.pulse.factories import make_pulse


def make_term(cast: Cast, word: str = "Mestring", explanation: str = "Å klare seg selv") -> Term:
    return explain_term(word=word, explanation=explanation, by=cast.administrator, now=clock.now())


def button(term: Term, word: str) -> str:
    return f'<button type="button" class="lp-term" popovertarget="ord-{term.pk}">{word}</button>'


def test_a_word_is_explained_the_first_time_it_occurs_whatever_its_case(cast: Cast) -> None:
    term = make_term(cast)
    assert explained("Vi gir mestring. Mestring!", Glossary([term])) == (
        f"Vi gir {button(term, 'mestring')}. Mestring!"
    )


def test_only_whole_words_are_explained_and_the_longest_first(cast: Cast) -> None:
    short, long = make_term(cast, "kjerne"), make_term(cast, "kjerne i helsen")
    assert explained("kjernekar", Glossary([short])) == "kjernekar"
    assert (
        explained("en kjerne i helsen", Glossary([short, long]))
        == f"en {button(long, 'kjerne i helsen')}"
    )


@pytest.mark.parametrize("terms", [None, Glossary([])])
def test_text_is_escaped_without_terms(terms) -> None:
    assert explained("<b>Mestring</b>", terms) == "&lt;b&gt;Mestring&lt;/b&gt;"


def test_both_the_text_and_the_word_are_escaped(cast: Cast) -> None:
    term = make_term(cast, "M<i>tring")
    assert explained("<b>&</b> M<i>tring", Glossary([term])) == (
        f"&lt;b&gt;&amp;&lt;/b&gt; {button(term, 'M&lt;i&gt;tring')}"
    )


def test_a_word_with_signs_is_taken_as_it_is_written(cast: Cast) -> None:
    assert explained("abc", Glossary([make_term(cast, "a.c")])) == "abc"


def test_the_version_page_explains_and_the_glossary_answers(cast: Cast, signed_in) -> None:
    term = make_term(cast)
    version = make_mission(cast.unit, core_task="Vi gir mestring <script>")
    browser = signed_in(cast.stranger)
    html = browser.get(reverse("missions:version", args=[version.pk])).content.decode()
    assert button(term, "mestring") in html
    assert "mestring</button> &lt;script&gt;" in html
    glossary = browser.get(reverse("missions:glossary")).content.decode()
    assert (f'id="ord-{term.pk}"' in glossary, "Å klare seg selv" in glossary) == (True, True)
    assert "Forklar et ord" not in glossary


def pages_with_mission_text(cast: Cast) -> list[tuple[User, str, str]]:
    """Everybody's page on which «mestring» stands in a mission: who reads it, how, and where."""
    text = {"core_task": "Vi gir mestring", "by": cast.leader}
    version = make_mission(cast.unit, above=make_mission(cast.department, **text), **text)
    draft = make_draft(cast.unit, above=version.above, shared_at=clock.now(), **text)
    pulse = make_pulse(cast)
    pages = [
        (cast.employee, "mine", []),
        (cast.stranger, "unit", [cast.unit.pk]),
        (cast.stranger, "for_unit", [cast.unit.pk]),
        (cast.stranger, "version", [version.pk]),
        (cast.employee, "version", [draft.pk]),
        (cast.employee, "contribution", [cast.unit.pk]),
        (cast.leader, "ask", [version.pk]),
        (cast.leader, "edit", [draft.pk]),
        (cast.leader, "publish", [draft.pk]),
    ]
    found = [(who, "get", reverse(f"missions:{name}", args=args)) for who, name, args in pages]
    return [
        *found,
        (cast.leader, "get", reverse("pulse:open_pulse", args=[cast.unit.pk])),
        (cast.employee, "post", reverse("pulse:answer_pulse", args=[pulse.pk])),
    ]


def test_every_page_that_shows_a_mission_explains_its_words_once_and_with_one_query(
    cast: Cast, signed_in
) -> None:
    term = make_term(cast)
    for number in range(12):
        make_term(cast, f"Ord {number}")
    for who, method, url in pages_with_mission_text(cast):
        browser = signed_in(who)
        browser.get(reverse("home"))
        with CaptureQueriesContext(connection) as queries:
            html = getattr(browser, method)(url, {"remembered": "1"}).content.decode()
        asked = [one for one in queries if '"missions_term"' in one["sql"]]
        assert (url, button(term, "mestring") in html) == (url, True)
        assert (url, html.count(f'id="ord-{term.pk}"'), len(asked)) == (url, 1, 1)
        assert (url, "Å klare seg selv" in html) == (url, True)


def test_only_words_that_the_page_uses_are_explained_on_it(cast: Cast, signed_in) -> None:
    other = make_term(cast, "Trygghet")
    version = make_mission(cast.unit, core_task="Vi gir mestring")
    page = signed_in(cast.stranger).get(reverse("missions:version", args=[version.pk]))
    assert f'id="ord-{other.pk}"' not in page.content.decode()


def test_the_top_s_leader_and_administrators_keep_the_words(cast: Cast, today) -> None:
    make_role(cast.organiser, Role.ADMINISTRATOR, cast.agency)
    make_leadership(cast.coordinator, cast.municipality)
    assert [kind for kind in KINDS if may_edit_glossary(getattr(cast, kind), today)] == [
        "coordinator",
        "administrator",
    ]


def test_a_word_is_explained_once_whatever_its_case(cast: Cast) -> None:
    term, other = make_term(cast), make_term(cast, "Trygghet")
    with pytest.raises(MissionRefused, match="forklart fra før"):
        make_term(cast, "MESTRING")
    with pytest.raises(IntegrityError, match="term_is_explained_once"), transaction.atomic():
        Term.objects.filter(pk=other.pk).update(word="mestring")
    with pytest.raises(IntegrityError, match="term_has_words"), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(explanation="")


def test_the_administrator_adds_changes_and_removes(cast: Cast, signed_in) -> None:
    browser = signed_in(cast.administrator)
    new = reverse("missions:new_term")
    assert "Skriv forklaringen." in browser.post(new, {"word": "Mestring"}).content.decode()
    browser.post(new, {"word": "Mestring", "explanation": "Å klare seg"})
    html = browser.post(new, {"word": "mestring", "explanation": "Igjen"}).content.decode()
    assert ("Ordet er forklart fra før." in html, "Igjen" in html) == (True, True)
    term = Term.objects.get()
    url = reverse("missions:term", args=[term.pk])
    browser.post(url, {"word": "Mestring", "explanation": "Å få til"} | seen_on(browser, url))
    term.refresh_from_db()
    assert (term.explanation, term.edited_by) == ("Å få til", cast.administrator)
    browser.post(reverse("missions:remove_term", args=[term.pk]))
    assert Term.objects.count() == 0


def test_a_removed_word_leaves_the_missions_as_they_are(cast: Cast) -> None:
    version = make_mission(cast.unit, core_task="Mestring")
    remove_term(term=make_term(cast), by=cast.administrator)
    version.refresh_from_db()
    assert version.core_task == "Mestring"


def test_the_glossary_keeps_its_budget(
    cast: Cast, signed_in, django_assert_max_num_queries
) -> None:
    for number in range(11):
        make_term(cast, f"Ord {number}")
    browser = signed_in(cast.administrator)
    browser.get(reverse("home"))
    with django_assert_max_num_queries(8):
        assert browser.get(reverse("missions:glossary")).status_code == 200
