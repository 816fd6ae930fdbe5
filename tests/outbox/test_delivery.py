from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.db import connection, transaction
from django.utils import timezone

from outbox import delivery
from outbox.delivery import WAITS
from outbox.models import Letter, LetterState
from people.models import User
from tests.cast import Cast
from tests.factories import make_user
from tests.machine import PATIENCE
from tests.outbox.conftest import PostOffice
from tests.outbox.factories import make_letter
from tests.outbox.parts import invitation
from tests.outbox.test_actions import at_once

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def now() -> dt.datetime:
    """A little after the letters of the test were queued."""
    return timezone.now() + MINUTE


def deliver(letter: Letter, now: dt.datetime) -> Letter:
    delivery.deliver(letter.pk, now=now)
    letter.refresh_from_db()
    return letter


def swept(now: dt.datetime) -> list[int]:
    """What a sweep hands out, in its order."""
    return [pk for pks in delivery.sweep(now=now).values() for pk in pks]


def test_sent_letter_says_when(cast: Cast, post_office: PostOffice, now: dt.datetime) -> None:
    letter = deliver(make_letter(cast.employee), now)
    assert (letter.state, letter.sent_at, letter.attempts) == (LetterState.SENT, now, 1)
    assert post_office.message_ids == [letter.message_id]


def test_letter_that_waited_goes_to_its_person_and_not_to_who_has_their_address_now(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    letter, old = make_letter(cast.employee), cast.employee.email
    User.objects.filter(pk=cast.employee.pk).update(email="nytt@example.org")
    User.objects.filter(pk=cast.leader.pk).update(email=old)
    letter = deliver(letter, now)
    assert (letter.state, letter.to_email) == (LetterState.SENT, "nytt@example.org")
    assert [one["To"].addresses[0].addr_spec for one in post_office.messages] == [letter.to_email]


@pytest.mark.parametrize(
    ("is_secret", "text"), [(False, "Du har plass"), (True, "")], ids=["letter", "code"]
)
def test_letter_that_waited_for_somebody_whose_address_is_gone_goes_nowhere(
    cast: Cast, post_office: PostOffice, now: dt.datetime, is_secret: bool, text: str
) -> None:
    post_office.answer_to_data = "451 Try later"
    letter = deliver(make_letter(cast.employee, text="Du har plass", is_secret=is_secret), now)
    old = cast.employee.email
    User.objects.filter(pk=cast.employee.pk).update(email=None)
    User.objects.filter(pk=cast.leader.pk).update(email=old)
    post_office.answer_to_data = "250 OK"
    letter = deliver(letter, now + MINUTE)
    assert (letter.state, letter.to_email, letter.text) == (LetterState.UNADDRESSED, "", text)
    assert (letter.last_error, post_office.received) == ("", [])


def test_sent_letter_is_not_sent_again(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    letter = deliver(make_letter(cast.employee), now)
    deliver(letter, now + MINUTE)
    assert len(post_office.received) == 1
    assert letter.sent_at == now


def test_letter_that_is_gone_is_no_fault(db: None, now: dt.datetime) -> None:
    delivery.deliver(0, now=now)


def test_sent_letter_keeps_its_contents(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    letter = deliver(
        make_letter(cast.employee, text="Ord", calendar=invitation(cast.employee)), now
    )
    assert (letter.text, letter.calendar_method) == ("Ord", "REQUEST")


def test_secret_letter_is_erased_once_sent(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    secret = make_letter(cast.employee, text="Koden er 123", html="<p>123</p>", is_secret=True)
    letter = deliver(secret, now)
    assert (letter.state, letter.text, letter.html) == (LetterState.SENT, "", "")
    assert next(iter(post_office.messages[0].iter_parts())).get_content().strip() == "Koden er 123"


def test_secret_letter_is_kept_while_it_waits_and_erased_when_it_fails(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    post_office.answer_to_data = "451 Try later"
    letter = deliver(make_letter(cast.employee, text="Koden er 123", is_secret=True), now)
    assert (letter.state, letter.text) == (LetterState.QUEUED, "Koden er 123")
    post_office.answer_to_data = "554 No"
    letter = deliver(letter, now + MINUTE)
    assert (letter.state, letter.text, letter.html) == (LetterState.FAILED, "", "")


@pytest.mark.no_cover
@pytest.mark.usefixtures("no_mail_server")
def test_server_that_is_down_costs_the_letter_no_attempt(cast: Cast, now: dt.datetime) -> None:
    """A week-end without a mail server must not leave 600 failed letters behind."""
    letter = make_letter(cast.employee)
    for minutes in range(0, 60 * 72, 15):
        letter = deliver(letter, now + minutes * MINUTE)
    assert (letter.state, letter.attempts) == (LetterState.QUEUED, 0)
    assert letter.last_error.startswith("ConnectionRefusedError")


@pytest.mark.usefixtures("no_mail_server")
def test_letter_to_a_server_that_is_down_waits_a_minute(cast: Cast, now: dt.datetime) -> None:
    assert deliver(make_letter(cast.employee), now).next_attempt_at == now + WAITS[0]


def test_each_wait_is_longer_and_the_last_ends_in_failure(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    post_office.answer_to_data = "451 Try later"
    letter, waits = make_letter(cast.employee), []
    while letter.state == LetterState.QUEUED and len(waits) < 20:
        letter = deliver(letter, now)
        waits.append(letter.next_attempt_at - now)
        now = letter.next_attempt_at
    assert waits[:-1] == WAITS == sorted(WAITS)
    assert (letter.state, letter.attempts) == (LetterState.FAILED, len(WAITS) + 1)


def test_letter_is_left_alone_while_it_waits(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    post_office.answer_to_data = "451 Try later"
    letter = deliver(make_letter(cast.employee), now)
    assert deliver(letter, now + WAITS[0] - MINUTE / 60).attempts == 1
    assert deliver(letter, now + WAITS[0]).attempts == 2


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "553 Not here"])
def test_address_that_is_refused_for_good_fails_at_once(
    answer: str, cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    post_office.answer_to_recipient = answer
    letter = deliver(make_letter(cast.employee), now)
    assert (letter.state, letter.attempts) == (LetterState.FAILED, 1)
    assert letter.last_error == answer


def test_contents_that_are_refused_for_good_fail_at_once(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    post_office.answer_to_data = "554 5.7.1 Looks like spam"
    letter = deliver(make_letter(cast.employee), now)
    assert (letter.state, letter.attempts) == (LetterState.FAILED, 1)
    assert letter.last_error == "554 5.7.1 Looks like spam"


def test_address_that_is_refused_for_now_is_tried_again(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    post_office.answer_to_recipient = "450 Mailbox busy"
    letter = deliver(make_letter(cast.employee), now)
    assert letter.state == LetterState.QUEUED
    post_office.answer_to_recipient = ""
    letter = deliver(letter, now + MINUTE)
    assert (letter.state, letter.last_error) == (LetterState.SENT, "")


def test_retry_has_the_same_message_id_and_date(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    """The server took it, and the portal did not hear so: the copies must be known as one."""
    letter = deliver(make_letter(cast.employee), now)
    Letter.objects.filter(pk=letter.pk).update(state="sending", sent_at=None, claimed_at=now)
    assert swept(now + 11 * MINUTE) == []
    assert swept(now + 12 * MINUTE) == [letter.pk]
    deliver(letter, now + 12 * MINUTE)
    first, second = post_office.messages
    assert first["Message-ID"] == second["Message-ID"] == letter.message_id
    assert first["Date"] == second["Date"]


def test_portal_that_may_not_send_is_tried_again(
    cast: Cast, post_office: PostOffice, now: dt.datetime, settings: Any
) -> None:
    """A wrong password says nothing about the letter, and would fail every letter there is."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "feil"
    letter = deliver(make_letter(cast.employee), now)
    assert letter.state == LetterState.QUEUED


def test_unforeseen_fault_leaves_no_letter_sending(
    cast: Cast, now: dt.datetime, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "nowhere.Backend"
    letter = deliver(make_letter(cast.employee), now)
    assert letter.state == LetterState.QUEUED
    assert letter.last_error.startswith("ModuleNotFoundError")


def test_sweep_frees_the_letter_of_a_worker_that_died(cast: Cast, now: dt.datetime) -> None:
    letter = make_letter(cast.employee)
    delivery.claim(letter.pk, now=now)
    assert swept(now + 9 * MINUTE) == []
    letter.refresh_from_db()
    assert letter.state == LetterState.SENDING
    delivery.sweep(now=now + 11 * MINUTE)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.QUEUED, 1)
    assert letter.last_error.startswith("WorkerDiedError")


def test_worker_that_dies_every_time_ends_in_failure(cast: Cast, now: dt.datetime) -> None:
    letter = make_letter(cast.employee, attempts=len(WAITS))
    delivery.claim(letter.pk, now=now)
    delivery.sweep(now=now + 11 * MINUTE)
    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED


def test_worker_given_up_too_early_still_has_its_say(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    """It was slow and not dead: what it sent is sent, and is not sent again."""
    letter = make_letter(cast.employee)
    claimed = delivery.claim(letter.pk, now=now)
    delivery.sweep(now=now + 11 * MINUTE)
    assert claimed is not None
    delivery._settle_sent(claimed, now=now + 12 * MINUTE)
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    assert swept(now + 20 * MINUTE) == []


def test_failure_of_a_worker_given_up_on_does_not_disturb_the_next(
    cast: Cast, now: dt.datetime
) -> None:
    letter = make_letter(cast.employee)
    slow = delivery.claim(letter.pk, now=now)
    delivery.sweep(now=now + 11 * MINUTE)
    delivery.claim(letter.pk, now=now + 12 * MINUTE)
    assert slow is not None
    delivery._settle_failure(slow, OSError("late"), now=now + 13 * MINUTE)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.SENDING, 2)


def test_sweep_hands_out_a_bounded_number(
    cast: Cast, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SWEEP_AT_MOST", 2)
    letters = [make_letter(cast.employee, next_attempt_at=now - MINUTE * n) for n in range(3)]
    assert swept(now) == [letters[2].pk, letters[1].pk]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_send_one_letter(post_office: PostOffice, now: dt.datetime) -> None:
    person = make_user()
    letters = [make_letter(person) for _ in range(5)]
    for letter in letters:
        answers = at_once(10, lambda pk=letter.pk: delivery.deliver(pk, now=timezone.now()))
        assert answers == [None] * 10
    assert sorted(post_office.message_ids) == sorted(letter.message_id for letter in letters)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_without_the_claim_the_letter_is_sent_twice(
    post_office: PostOffice, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked = threading.Barrier(2)

    def look_without_lock(pk: int, *, now: dt.datetime, after: None) -> Letter | None:
        letter = Letter.objects.due(now).filter(pk=pk).first()
        both_have_looked.wait(PATIENCE)
        if letter is not None:
            letter.state, letter.claimed_at, letter.attempts = LetterState.SENDING, now, 1
            letter.save()
        return letter

    monkeypatch.setattr(delivery, "claim", look_without_lock)
    letter = make_letter(make_user())
    at_once(2, lambda: delivery.deliver(letter.pk, now=timezone.now()))
    assert post_office.message_ids == [letter.message_id] * 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_worker_does_not_wait_for_a_letter_that_another_holds(now: dt.datetime) -> None:
    letter = make_letter(make_user())
    with transaction.atomic():
        Letter.objects.select_for_update().get(pk=letter.pk)
        assert at_once(1, lambda: delivery.claim(letter.pk, now=timezone.now())) == [None]


WORKER = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.EMAIL_PORT = sys.argv[1], int(sys.argv[2])
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST = "127.0.0.1"
import django
django.setup()
from django.utils import timezone
from outbox import delivery
delivery.deliver(int(sys.argv[3]), now=timezone.now())
"""


@pytest.mark.django_db(transaction=True)
def test_worker_killed_while_the_server_answers(post_office: PostOffice) -> None:
    """The crash window, with a process that is really killed: perhaps twice, never lost."""
    letter = make_letter(make_user())
    in_the_middle = threading.Event()
    post_office.before_answer, post_office.seconds_to_think = in_the_middle.set, 60
    worker = subprocess.Popen(
        [
            sys.executable,
            "-c",
            WORKER,
            connection.settings_dict["NAME"],
            str(post_office.port),
            str(letter.pk),
        ],
        cwd=portal_settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
    )
    assert in_the_middle.wait(PATIENCE)
    worker.send_signal(signal.SIGKILL)
    worker.wait(PATIENCE)
    letter.refresh_from_db()
    assert letter.state == LetterState.SENDING
    post_office.before_answer, post_office.seconds_to_think = (lambda: None), 0
    later = timezone.now() + 11 * MINUTE
    delivery.sweep(now=later)
    assert swept(later + MINUTE) == [letter.pk]
    assert deliver(letter, later + MINUTE).state == LetterState.SENT
    assert post_office.message_ids == [letter.message_id] * 2
