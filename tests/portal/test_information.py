"""What «Personvern» promises about the words people write, and that the rooms keep it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from commitments.models.states import PATIENCE, RevisionState
from missions.contribution.actions import share_contribution, write_contribution
from missions.models import Contribution
from missions.questions.actions import answer_question, ask_question, comment_on_draft, share_draft
from missions.writing.actions import publish_mission
from outbox.models import Letter
from seminars.approvals.actions import decline_registration
from seminars.seats.offer_period import SHORTEST
from tests import clock
from tests.cast import Cast
from tests.missions.factories import make_draft, make_mission
from tests.seminars.factories import make_registration, make_seminar

WORDS = "Ordene til den ansatte"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_privacy_tells_of_contributions_comments_and_questions(
    client: Client, db: None, language: str
) -> None:
    client.post("/sprak/", {"language": language})
    html = client.get(reverse("privacy")).content.decode()
    expected = {
        "nb": [
            "bidraget ditt til oppdraget",
            "Kommentarene dine til et utkast",
            "Spørsmål oppover",
        ],
        "en": ["your contribution to the mission", "Your comments on a draft", "Questions upward"],
    }
    assert [words in html for words in expected[language]] == [True, True, True]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", ("Når noen ikke svarer", "minst 4 timer arbeidstid", "182 dager", "84 dager")),
        ("en", ("When somebody does not answer", "at least 4 hours of", "182 days", "84 days")),
    ],
)
def test_privacy_tells_what_silence_means_with_the_numbers_that_hold(
    client: Client, db: None, language: str, expected: tuple[str, ...]
) -> None:
    client.post("/sprak/", {"language": language})
    html = client.get(reverse("privacy")).content.decode()
    numbers = SHORTEST, PATIENCE[RevisionState.DRAFT], PATIENCE[RevisionState.PROPOSED]
    assert [each.total_seconds() / 3600 for each in numbers] == [4, 182 * 24, 84 * 24]
    assert PATIENCE[RevisionState.AGREED] == PATIENCE[RevisionState.PROPOSED]
    assert [words in html for words in expected] == [True] * 4


def test_the_reason_for_a_refused_approval_stands_in_the_letter_to_that_person_alone(
    cast: Cast, client: Client
) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    row = make_registration(seminar, cast.employee, state="awaiting", approver=cast.leader)
    decline_registration(registration=row, by=cast.leader, reason=WORDS, now=clock.now())
    told = Letter.objects.filter(text__contains=WORDS)
    assert [letter.recipient for letter in told] == [cast.employee]
    assert (
        "Den står i brevet til deg og ingen andre steder"
        in client.get(reverse("privacy")).content.decode()
    )


def test_an_emptied_contribution_is_gone_for_both(cast: Cast, signed_in) -> None:
    write_contribution(unit=cast.unit, text=WORDS, by=cast.employee, now=clock.now())
    share_contribution(unit=cast.unit, by=cast.employee, now=clock.now())
    page = reverse("missions:contributions")
    leader, hr = signed_in(cast.leader), signed_in(cast.hr)
    before = [WORDS in one.get(page).content.decode() for one in (leader, hr)]
    write_contribution(unit=cast.unit, text="", by=cast.employee, now=clock.now())
    assert (before, WORDS in leader.get(page).content.decode()) == ([True, False], False)
    assert not Contribution.objects.exists()


def test_comments_are_shown_until_the_mission_is_published(cast: Cast, signed_in) -> None:
    draft = make_draft(cast.unit, by=cast.leader)
    share_draft(version=draft, by=cast.leader, now=clock.now())
    comment_on_draft(version=draft, text=WORDS, by=cast.employee, now=clock.now())
    page = reverse("missions:version", args=[draft.pk])
    browsers = [signed_in(who) for who in (cast.leader, cast.employee)]
    before = [WORDS in one.get(page).content.decode() for one in browsers]
    publish_mission(version=draft, by=cast.leader, now=clock.now())
    after = [WORDS in one.get(page).content.decode() for one in browsers]
    assert (before, after) == ([True, True], [False, False])


def test_an_answered_question_is_read_by_whoever_reads_the_mission(cast: Cast, signed_in) -> None:
    version = make_mission(cast.unit, above=make_mission(cast.department), by=cast.leader)
    answer_by = clock.today() + dt.timedelta(days=7)
    asked = ask_question(
        version=version, text="Hvem ringer?", answer_by=answer_by, by=cast.leader, now=clock.now()
    )
    answer_question(question=asked, answer="Dere ringer.", by=cast.manager, now=clock.now())
    page = reverse("missions:version", args=[version.pk])
    html = signed_in(cast.stranger).get(page).content.decode()
    assert ("Hvem ringer?" in html, "Dere ringer." in html) == (True, True)
