"""What was typed is still on the page when it was refused, in every room."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from html import unescape

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.follow_up.actions import Said, hold_follow_up
from commitments.models import FollowUp, Word
from commitments.proposing.actions import send_back_proposal
from missions.models import UpwardQuestion
from missions.questions.actions import answer_question, ask_question
from people.models import User
from seminars.approvals.actions import approve_registration
from seminars.editing.actions import cancel_seminar
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from tests.cast import Cast
from tests.commitments.factories import make_proposal, make_signed, newest, propose
from tests.missions.factories import make_draft, make_mission
from tests.pulse.factories import make_pulse
from tests.seminars.factories import make_registration, make_seminar

SignedIn = Callable[[User], Client]
WORDS = "Vi flytter på dette fordi turnusen legges om"


def page(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def news(answer: HttpResponse) -> list[str]:
    return [str(one) for one in get_messages(answer.wsgi_request)]


def refused_on(answer: HttpResponse, field: str | None) -> list[str]:
    """The refusal at its field, on a page that still has the words."""
    assert WORDS in page(answer)
    return list(answer.context["form"].errors[field or "__all__"])


def test_a_message_that_reaches_nobody(cast: Cast, signed_in: SignedIn) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    typed = {"states": ["waitlisted"], "subject": "Nytt rom", "text": WORDS, "confirmed": "1"}
    where = reverse("seminars:write", args=[seminar.pk])
    answer = signed_in(cast.organiser).post(where, {**typed, "key": uuid.uuid4()})
    assert refused_on(answer, "states") == ["Ingen har meldt seg på, så det er ingen å skrive til."]
    assert answer.context["form"]["subject"].value() == "Nytt rom"


def test_a_message_to_nobody_is_not_shown_as_a_letter(cast: Cast, signed_in: SignedIn) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    typed = {"states": ["waitlisted"], "subject": "Nytt rom", "text": WORDS, "key": uuid.uuid4()}
    answer = signed_in(cast.organiser).post(reverse("seminars:write", args=[seminar.pk]), typed)
    assert refused_on(answer, "states") == ["Ingen har meldt seg på, så det er ingen å skrive til."]
    assert "letter" not in answer.context


def test_a_message_sent_twice_is_news(cast: Cast, signed_in: SignedIn) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    make_registration(seminar, cast.leader)
    typed = {"states": ["registered"], "subject": "Nytt rom", "text": WORDS, "confirmed": "1"}
    where, key = reverse("seminars:write", args=[seminar.pk]), uuid.uuid4()
    browser = signed_in(cast.organiser)
    assert news(browser.post(where, {**typed, "key": key})) == ["Brevet er på vei til 1 person."]
    again = browser.post(where, {**typed, "key": key})
    assert again.headers["Location"] == reverse("seminars:participants", args=[seminar.pk])
    assert "Brevet er allerede sendt." in news(again)


def test_a_reason_for_moving_who_does_not_wait(cast: Cast, signed_in: SignedIn) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    seated = make_registration(seminar, cast.leader)
    where = reverse("seminars:move_in_queue", args=[seminar.pk, seated.pk])
    answer = signed_in(cast.organiser).post(where, {"place": 1, "reason": WORDS})
    assert refused_on(answer, None) == ["Personen står ikke lenger på ventelisten."]


def test_a_reason_for_removing_who_has_left(cast: Cast, signed_in: SignedIn) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    left = make_registration(seminar, cast.leader)
    withdraw_registration(registration=left, by=cast.leader, now=timezone.now())
    where = reverse("seminars:remove_participant", args=[seminar.pk, left.pk])
    answer = signed_in(cast.organiser).post(where, {"reason": WORDS})
    assert refused_on(answer, None) == ["Påmeldingen er allerede avsluttet."]


def test_a_reason_for_cancelling_what_is_over(cast: Cast, signed_in: SignedIn) -> None:
    past = timezone.now() - dt.timedelta(days=3)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=past)
    where = reverse("seminars:cancel", args=[seminar.pk])
    answer = signed_in(cast.organiser).post(where, {"reason": WORDS})
    assert len(refused_on(answer, None)) == 1


def test_cancelling_twice_is_news(cast: Cast, signed_in: SignedIn) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    cancel_seminar(seminar=seminar, reason="Streik", by=cast.organiser, now=timezone.now())
    where = reverse("seminars:cancel", args=[seminar.pk])
    answer = signed_in(cast.organiser).post(where, {"reason": WORDS})
    assert answer.headers["Location"] == reverse("seminars:detail", args=[seminar.pk])
    assert news(answer) == ["Seminaret er allerede avlyst."]


def test_a_no_to_what_is_settled(cast: Cast, signed_in: SignedIn) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    now = timezone.now()
    seated = register_for_seminar(seminar=seminar, by=cast.employee, now=now)
    approve_registration(registration=seated, by=cast.leader, now=now)
    where = reverse("seminars:approve", args=[seminar.pk, seated.pk])
    answer = signed_in(cast.leader).post(where, {"answer": "decline", "reason": WORDS})
    assert refused_on(answer, "reason") == ["Påmeldingen er allerede godkjent."]
    assert "Påmeldingen er ikke lenger åpen for svar" in page(answer)


def test_a_note_to_a_proposal_that_has_been_followed_by_another(
    cast: Cast, signed_in: SignedIn
) -> None:
    first = make_proposal(cast)
    send_back_proposal(revision=first, note="Mer", by=cast.leader, now=timezone.now())
    second = propose(newest(first.agreement), by=cast.employee)
    where = reverse("commitments:send_back", args=[first.agreement_id])
    browser = signed_in(cast.leader)
    answer = browser.post(where, {"revision": first.pk, "text": WORDS})
    changed = "Avtalen er endret siden du så den. Les den på nytt før du går videre."
    assert refused_on(answer, "text") == [changed]
    # The page shows the other proposal, so the next press is about that one.
    assert answer.context["form"]["revision"].value() == second.pk
    again = browser.post(where, {"revision": second.pk, "text": WORDS})
    assert news(again)[-1] == "Forslaget er sendt tilbake med merknaden din."


def words_of(talk: FollowUp, word: str) -> dict[str, str]:
    return {f"o{one.pk}-word": word for one in talk.revision.commitments.all()}


def test_a_conversation_that_the_other_has_written_down(cast: Cast, signed_in: SignedIn) -> None:
    today = timezone.localdate()
    signed = make_signed(cast, follow_up_on=today)
    where = reverse("commitments:follow_up", args=[signed.agreement_id])
    browser = signed_in(cast.leader)
    opened = browser.get(where).context["follow_up"]
    said = {one.pk: Said(Word.KEPT, "") for one in signed.commitments.all()}
    next_on = today + dt.timedelta(days=90)
    hold_follow_up(
        follow_up=opened, said=said, next_on=next_on, by=cast.employee, now=timezone.now()
    )
    typed = {**words_of(opened, Word.ON_THE_WAY), "notes": WORDS, "talk": opened.pk}
    answer = browser.post(where, typed)
    assert "Samtalen er allerede skrevet ned." in page(answer)
    assert WORDS in page(answer)
    assert FollowUp.objects.outstanding().get().due_on == next_on


def test_a_conversation_of_another_agreement_is_not_found(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    talk = signed.agreement.follow_ups.get()
    where = reverse("commitments:follow_up", args=[signed.agreement_id])
    typed = {**words_of(talk, Word.KEPT), "talk": talk.pk + 1}
    assert signed_in(cast.leader).post(where, typed).status_code == 404


def test_a_guess_when_a_round_is_under_way(cast: Cast, signed_in: SignedIn) -> None:
    make_pulse(cast)
    today = timezone.localdate()
    typed = {"opens_on": today, "closes_on": today + dt.timedelta(days=14)}
    guess = {"guess_yes": 5, "guess_partly": 2, "guess_no": 1}
    where = reverse("pulse:open_pulse", args=[cast.unit.pk])
    answer = signed_in(cast.leader).post(where, {**typed, **guess})
    form = answer.context["form"]
    assert form.errors == {"__all__": ["Enheten har allerede en pulsmåling som ikke er avsluttet."]}
    assert [form[name].value() for name in guess] == ["5", "2", "1"]


def test_an_answer_to_a_question_that_is_answered(cast: Cast, signed_in: SignedIn) -> None:
    above = make_mission(cast.department)
    draft = make_draft(cast.unit, by=cast.leader, above=above)
    now = timezone.now()
    asked = ask_question(
        version=draft,
        text="Hva gjelder?",
        answer_by=timezone.localdate(now),
        by=cast.leader,
        now=now,
    )
    answer_question(question=asked, answer="Dette gjelder", by=cast.manager, now=now)
    where = reverse("missions:answer", args=[asked.pk])
    answer = signed_in(cast.manager).post(where, {"answer": WORDS})
    assert refused_on(answer, "answer") == ["Spørsmålet er allerede besvart."]
    assert UpwardQuestion.objects.get().answer == "Dette gjelder"
