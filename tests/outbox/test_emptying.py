"""A year after it was written a letter says nothing any more."""

import datetime as dt

import pytest
from django.utils import timezone

from outbox.actions import CannotBeSentAgain, retry_letter
from outbox.emptying import KEPT, empty_old_letters
from outbox.images import LetterImage
from outbox.models import Envelope, Letter, LetterState
from outbox.tasks import empty_old_letters as task
from tests import clock
from tests.cast import Cast
from tests.outbox.factories import make_letter
from tests.outbox.parts import DOT, invitation
from tests.outbox.test_views import SignIn

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def old(cast: Cast, age: dt.timedelta = KEPT + DAY, **fields: object) -> Letter:
    now = timezone.now()
    settled = {"state": LetterState.SENT, "sent_at": now - age}
    return make_letter(cast.employee, queued_at=now - age, **(settled | fields))


def words(letter: Letter) -> tuple[str, ...]:
    letter.refresh_from_db()
    return (letter.subject, letter.text, letter.html, letter.calendar, letter.to_email)


def test_old_letter_is_emptied_and_keeps_its_key(cast: Cast) -> None:
    letter = old(
        cast, calendar=invitation(cast.employee), images=[LetterImage(png=DOT, alt="Prikk")]
    )
    assert empty_old_letters(now=timezone.now()) == 1
    assert words(letter) == ("", "", "", "", "")
    assert letter.images == []
    again = make_letter(cast.employee, key=letter.key)
    assert (again.pk, again.text) == (letter.pk, "")


def test_younger_letter_and_one_that_waits_are_left(cast: Cast) -> None:
    young = old(cast, KEPT - DAY)
    waiting = old(cast, state=LetterState.QUEUED, sent_at=None)
    before = words(young), words(waiting)
    assert empty_old_letters(now=timezone.now()) == 0
    assert (words(young), words(waiting)) == before


def test_emptying_twice_changes_nothing_more(cast: Cast) -> None:
    letter = old(cast)
    now = timezone.now()
    empty_old_letters(now=now)
    assert empty_old_letters(now=now + DAY) == 0
    letter.refresh_from_db()
    assert letter.emptied_at == now


def test_task_empties(cast: Cast) -> None:
    letter = old(cast)
    task()
    assert words(letter)[1] == ""


def test_emptied_letter_is_gone_from_the_readers_own(cast: Cast, signed_in: SignIn) -> None:
    letter = old(cast)
    empty_old_letters(now=timezone.now())
    assert signed_in(cast.employee).get(f"/brev/{letter.pk}/").status_code == 404
    assert list(Letter.objects.visible_to(cast.employee, on=clock.today())) == []


def test_failed_letter_that_is_emptied_is_neither_shown_nor_sent_again(cast: Cast) -> None:
    letter = old(cast, state=LetterState.FAILED, sent_at=None)
    empty_old_letters(now=timezone.now())
    seen = Envelope.objects.visible_to(cast.administrator, on=clock.today())
    assert list(seen.in_trouble()) == []
    with pytest.raises(CannotBeSentAgain):
        retry_letter(letter=letter, by=cast.administrator, now=timezone.now())
