"""Two who write the same draft, and a draft that is shown to the unit: nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.urls import reverse

from missions.models import MissionVersion
from missions.political_priorities import Signal
from missions.questions.actions import share_draft
from missions.refusals import DraftOvertaken
from missions.writing.actions import MissionWording, publish_mission, save_draft
from missions.writing.edit_conflicts import saved_words
from outbox.models import Letter
from people.models import AuditRecord, Leadership
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee, make_leadership
from tests.missions.factories import make_draft, make_mission
from tests.missions.test_race import Beside

SECRET = "Bare et utkast ennå"
MINE = {
    "core_task": "Det jeg skrev",
    "for_whom": "De som bor hjemme",
    "activity_1": "Besøke",
    "activity_2": "Lytte",
    "activity_3": "Melde fra",
}


def seen_by_both(cast: Cast) -> MissionVersion:
    """A draft of a unit that two lead, in which one has just saved what the other has not seen."""
    make_leadership(cast.manager, cast.sibling_unit)
    draft = make_draft(cast.sibling_unit, core_task="Det begge leste")
    words = MissionWording(core_task="Det den andre skrev", for_whom="De som bor hjemme")
    return save_draft(version=draft, wording=words, by=cast.manager, now=clock.now(), seen=0)


def edit_url(draft: MissionVersion) -> str:
    return reverse("missions:edit", args=[draft.pk])


def test_a_draft_that_another_has_saved_is_not_written_over(cast: Cast) -> None:
    draft = seen_by_both(cast)
    with pytest.raises(DraftOvertaken):
        save_draft(
            version=draft, wording=MissionWording("Mitt"), by=cast.leader, now=clock.now(), seen=0
        )
    draft.refresh_from_db()
    assert (draft.core_task, draft.saved_count, draft.saved_by) == (
        "Det den andre skrev",
        1,
        cast.manager,
    )
    save_draft(
        version=draft, wording=MissionWording("Mitt"), by=cast.leader, now=clock.now(), seen=1
    )
    draft.refresh_from_db()
    assert (draft.core_task, draft.saved_count, draft.saved_by) == ("Mitt", 2, cast.leader)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("seen", "answer"), [(0, DraftOvertaken), (None, MissionVersion)])
def test_of_two_who_save_at_once_the_second_is_told(cast: Cast, seen, answer) -> None:
    """Control: without what was seen, the second writes over the first."""
    draft = make_draft(cast.unit)
    first, second = MissionWording("Den første"), MissionWording("Den andre")
    with save_under_way(draft, first, cast):
        beside = Beside(
            lambda: save_draft(
                version=draft, wording=second, by=cast.manager, now=clock.now(), seen=seen
            )
        )
        assert beside.waits()
    assert type(beside.result()) is answer


@contextmanager
def save_under_way(draft: MissionVersion, words: MissionWording, cast: Cast) -> Iterator[None]:
    with transaction.atomic():
        save_draft(version=draft, wording=words, by=cast.leader, now=clock.now(), seen=0)
        yield


def test_the_form_keeps_what_was_typed_and_shows_what_the_other_saved(
    cast: Cast, signed_in
) -> None:
    draft = seen_by_both(cast)
    browser = signed_in(cast.manager)
    response = browser.post(edit_url(draft), {**MINE, "seen": "0", "save": "1"})
    page = response.content.decode()
    assert response.status_code == 200
    assert ("Det jeg skrev" in page, "Det den andre skrev" in page) == (True, True)
    assert "Mona Lunde lagret utkastet mens du skrev" in page
    assert 'name="seen" value="1"' in page
    labels = [str(words.label) for words in response.context["saved_words"]]
    assert labels == ["Kjerneoppgave", "Kjerneaktiviteter"]
    draft.refresh_from_db()
    assert draft.core_task == "Det den andre skrev"
    again = browser.post(edit_url(draft), {**MINE, "seen": "1", "save": "1"})
    assert again.url == edit_url(draft)
    draft.refresh_from_db()
    assert draft.core_task == "Det jeg skrev"


def test_a_fault_in_the_form_does_not_make_the_other_s_words_seen(cast: Cast, signed_in) -> None:
    draft = seen_by_both(cast)
    typed = {**MINE, "core_task": "x" * 301, "seen": "0", "save": "1"}
    page = signed_in(cast.manager).post(edit_url(draft), typed).content.decode()
    assert 'name="seen" value="0"' in page


def test_what_was_seen_is_a_number(cast: Cast, signed_in) -> None:
    draft = seen_by_both(cast)
    response = signed_in(cast.manager).post(edit_url(draft), {**MINE, "seen": "mye"})
    assert "seen" in response.context["form"].errors
    assert "Det jeg skrev" in response.content.decode()


def test_a_draft_saved_since_it_was_previewed_is_read_again_before_it_is_published(
    cast: Cast, signed_in
) -> None:
    draft = make_draft(cast.unit, by=cast.leader)
    url = reverse("missions:publish", args=[draft.pk])
    browser = signed_in(cast.leader)
    assert 'name="seen" value="0"' in browser.get(url).content.decode()
    MissionVersion.objects.filter(pk=draft.pk).update(saved_count=1)
    response = browser.post(url, {"seen": "0"})
    assert response.url == url
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        "Utkastet er lagret på nytt siden du leste det. Les det før du publiserer."
    ]
    assert MissionVersion.objects.published().count() == 0
    browser.post(url, {"seen": "1"})
    assert MissionVersion.objects.published().count() == 1


def test_only_what_differs_is_shown_with_signals_and_what_is_served(cast: Cast) -> None:
    above = make_mission(cast.municipality)
    first, second, _third = above.core_activities.all()
    draft = make_draft(cast.agency, above=above, serves=first, contribution="Bidrar")
    typed = MissionWording(
        core_task=draft.core_task,
        for_whom=draft.for_whom,
        contribution="Bidrar mer",
        core_activities=[one.text for one in draft.core_activities.all()],
        serves=second.pk,
        signals=[Signal("Flere hjemme", "Sak 42")],
    )
    found = {str(words.label): words.lines for words in saved_words(draft, typed)}
    assert found == {
        "Bidrag til oppdraget over": ["Bidrar"],
        "Kjerneaktiviteten over som bidraget støtter": [first.text],
        "Politiske signaler": [],
    }


# sharing


def test_sharing_writes_once_to_everybody_else_in_the_unit_and_quotes_nothing(cast: Cast) -> None:
    colleague = make_employee(cast.unit, "Nina Strand")
    draft = make_draft(cast.unit, by=cast.leader, core_task=SECRET, for_whom=SECRET)
    for _time in range(2):
        share_draft(version=draft, by=cast.leader, now=clock.now())
    letters = Letter.objects.all()
    assert {letter.recipient for letter in letters} == {cast.employee, colleague}
    assert len(letters) == 2
    assert [SECRET in letter.text + letter.html + letter.subject for letter in letters] == [
        False
    ] * 2
    url = reverse("missions:version", args=[draft.pk])
    assert [url in letter.text for letter in letters] == [True] * 2
    record = AuditRecord.objects.get(action="missions.share_draft")
    assert record.details == {"number": 1, "letters": 2}


def test_a_vacant_unit_s_draft_is_shared_by_the_leader_above(cast: Cast) -> None:
    colleague = make_employee(cast.sibling_unit, "Nina Strand")
    share_draft(version=make_draft(cast.sibling_unit), by=cast.manager, now=clock.now())
    assert Letter.objects.get().recipient == colleague


def test_the_next_draft_is_shared_with_letters_of_its_own(cast: Cast) -> None:
    for _number in range(2):
        draft = make_draft(cast.unit, by=cast.leader)
        share_draft(version=draft, by=cast.leader, now=clock.now())
        publish_mission(version=draft, by=cast.leader, now=clock.now())
    kinds = Letter.objects.filter(kind="missions.draft_shared").values_list("recipient", flat=True)
    assert list(kinds) == [cast.employee.pk] * 2


def test_whoever_leads_and_works_elsewhere_is_written_to_once(cast: Cast) -> None:
    Leadership.objects.filter(user=cast.leader).delete()
    make_leadership(cast.employee, cast.unit)
    share_draft(version=make_draft(cast.unit), by=cast.leader, now=clock.now())
    assert [letter.recipient for letter in Letter.objects.all()] == [cast.employee]


def test_the_unit_is_asked_what_it_thinks_and_the_one_who_writes_is_not(
    cast: Cast, signed_in
) -> None:
    draft = make_draft(cast.unit, shared_at=clock.now())
    where = reverse("missions:version", args=[draft.pk])
    asked = [
        "Hva mener du?" in signed_in(one).get(where).content.decode()
        for one in (cast.employee, cast.leader)
    ]
    assert asked == [True, False]
