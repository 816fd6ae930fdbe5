"""A draft can be thrown away with all that is set up in it; what others have seen cannot."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from people.models import AuditRecord
from seminars.editing.actions import discard_draft
from seminars.models import Question, SeatPool, Seminar, SeminarState
from seminars.refusals import IsDone, NotChangeable
from tests.cast import Cast
from tests.seminars.factories import make_choice, make_seminar


def make_full_draft(cast: Cast) -> Seminar:
    """With everything that can be set up: parallel sessions, questions in a chain, pools."""
    draft = make_seminar(
        cast.other_agency, created_by=cast.organiser, state=SeminarState.DRAFT, capacity=20
    )
    with transaction.atomic():
        make_choice(draft, 20, 20)
    first = Question.objects.create(
        seminar=draft, text="Hotell?", kind="one", options=["Ja", "Nei"]
    )
    then = Question.objects.create(
        seminar=draft,
        text="Netter?",
        kind="one",
        options=["1", "2"],
        shown_if=first,
        shown_if_option="Ja",
    )
    Question.objects.create(
        seminar=draft, text="Rom?", kind="text", shown_if=then, shown_if_option="1"
    )
    SeatPool.objects.create(seminar=draft, agency=cast.agency, seats=2)
    draft.audiences.create(kind="leaders")
    draft.speakers.create(name="Kari Taler")
    draft.programme.create(title="Kaffe", starts_at=draft.starts_at + dt.timedelta(hours=1))
    return draft


@pytest.mark.django_db(transaction=True)
def test_a_draft_goes_with_all_that_is_set_up_in_it_and_leaves_its_trail(cast: Cast) -> None:
    draft, other = make_full_draft(cast), make_full_draft(cast)
    pk = draft.pk
    discard_draft(seminar=draft, by=cast.organiser)
    assert list(Seminar.objects.values_list("pk", flat=True)) == [other.pk]
    assert set(Question.objects.values_list("seminar", flat=True)) == {other.pk}
    record = AuditRecord.objects.get(action="seminars.discard")
    assert (record.object_id, record.actor) == (str(pk), cast.organiser)


@pytest.mark.parametrize("state", [SeminarState.PUBLISHED, SeminarState.CANCELLED])
def test_what_others_have_seen_is_not_thrown_away(state: str, cast: Cast) -> None:
    seen = make_seminar(cast.other_agency, created_by=cast.organiser, state=state)
    with pytest.raises(NotChangeable, match="Bare et utkast kan forkastes"):
        discard_draft(seminar=seen, by=cast.organiser)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Seminar.objects.filter(pk=seen.pk).delete()
    assert Seminar.objects.filter(pk=seen.pk).exists()


def test_a_second_window_is_told_that_it_is_gone(cast: Cast) -> None:
    draft = make_full_draft(cast)
    same = Seminar.objects.get(pk=draft.pk)
    discard_draft(seminar=draft, by=cast.organiser)
    with pytest.raises(IsDone, match="allerede forkastet"):
        discard_draft(seminar=same, by=cast.hr)
    assert AuditRecord.objects.filter(action="seminars.discard").count() == 1


def test_the_organiser_is_asked_first_and_led_to_their_seminars(cast: Cast) -> None:
    draft = make_full_draft(cast)
    url, browser = reverse("seminars:discard", args=[draft.pk]), Client()
    browser.force_login(cast.organiser)
    page = browser.get(reverse("seminars:detail", args=[draft.pk])).content.decode()
    assert f'href="{url}"' in page
    assert "kan ikke hentes tilbake" in browser.get(url).content.decode()
    answer = browser.post(url, follow=True)
    assert answer.redirect_chain == [(reverse("seminars:organise"), 302)]
    assert "Utkastet er forkastet." in answer.content.decode()
    assert browser.get(url).status_code == 404


def test_of_a_published_one_the_page_says_why_not(cast: Cast) -> None:
    seen = make_seminar(cast.other_agency, created_by=cast.organiser)
    url, browser = reverse("seminars:discard", args=[seen.pk]), Client()
    browser.force_login(cast.organiser)
    page = browser.get(reverse("seminars:detail", args=[seen.pk])).content.decode()
    assert f'href="{url}"' not in page
    assert "Bare et utkast kan forkastes" in browser.get(url).content.decode()
    assert browser.post(url).headers["Location"] == reverse("seminars:detail", args=[seen.pk])
