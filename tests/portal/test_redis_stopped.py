"""Redis that answers, is killed, and comes back: the cache and the broker, both at once."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from kombu import pools

from common import queues
from common.resilient_cache import ResilientRedisCache
from devtools.embedded import processes
from devtools.embedded.places import Places
from devtools.embedded.valkey import Valkey
from outbox import tasks
from outbox.models import Letter
from people.models import User
from portal.celery import app
from portal.settings.services import caches
from seminars.models import Registration
from tests.cast import Cast, make_cast
from tests.seminars.factories import make_seminar

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "en-lang-og-god-setning"
LOGIN, ASK, CONFIRM = "/konto/logg-inn/", "/konto/logg-inn/kode/", "/konto/logg-inn/kode/bekreft/"
FORGOTTEN = "/konto/passord/glemt/"


class Redis:
    """A server of the test's own."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.server = Valkey(places)

    def start(self) -> None:
        self.server.__enter__()
        ResilientRedisCache.rests_until.clear()  # as when the rest is over

    def kill(self) -> None:
        assert self.server.process is not None
        processes.stop(self.server.process, signal.SIGKILL)

    def waiting(self, queue: str) -> int:
        with app.connection_for_read(self.places.broker_url) as broker:
            return broker.default_channel.queue_declare(queue=queue).message_count


@pytest.fixture
def redis(settings: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[Redis]:
    places = Places(tmp_path)
    places.socket_dir.mkdir(parents=True, exist_ok=True)
    own = Redis(places)
    own.start()
    settings.CACHES = caches(places.cache_url)
    monkeypatch.setattr(tasks, "_broker_rests_until", 0.0)
    with app.connection_for_write(places.broker_url) as connection:
        producers = pools.producers[connection]
        real, app.amqp._producer_pool = app.amqp.producer_pool, producers
        try:
            yield own
        finally:
            app.amqp._producer_pool = real
            own.kill()
            ResilientRedisCache.rests_until.clear()
            cache.clear()


@pytest.fixture
def people(redis: Redis) -> Cast:
    """Who have been here before: cache and broker each have a connection that was used."""
    cast = make_cast()
    for person in (cast.leader, cast.employee, cast.manager):
        person.set_password(PASSWORD)
        person.save()
    assert is_in(by_password(cast.leader))
    Client().post(ASK, {"email": cast.stranger.email})
    assert redis.waiting(queues.AT_ONCE) == 1
    return cast


def by_password(person: User, word: str = PASSWORD) -> Client:
    browser = Client()
    answer = browser.post(LOGIN, {"login": person.email, "password": word})
    assert answer.status_code < 500
    return browser


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def letter_of(person: User, kind: str) -> Letter:
    return Letter.objects.get(recipient=person, kind=kind)


def test_people_sign_in_by_password(redis: Redis, people: Cast) -> None:
    redis.kill()
    assert is_in(by_password(people.leader))
    assert is_in(by_password(people.employee))


def test_people_sign_in_by_a_code_that_no_worker_had_to_send(redis: Redis, people: Cast) -> None:
    redis.kill()
    browser = Client()
    assert browser.post(ASK, {"email": people.employee.email}).status_code == 302
    found = re.search(
        r"[A-Z0-9]{4}-[A-Z0-9]{4}", letter_of(people.employee, "account.login_code").text
    )
    assert found is not None
    assert browser.post(CONFIRM, {"code": found[0]}).status_code == 302
    assert is_in(browser)


def test_people_choose_a_new_password(redis: Redis, people: Cast) -> None:
    redis.kill()
    browser = Client()
    asked = browser.post(FORGOTTEN, {"email": people.manager.email})
    assert asked.status_code == 302
    letter = letter_of(people.manager, "account.password_reset_key")
    link = re.search(r"http://testserver(/\S+)", letter.text)
    assert link is not None
    form = browser.get(link[1], follow=True)
    path = form.redirect_chain[-1][0]
    new = "en-annen-lang-og-god-setning"
    assert browser.post(path, {"password1": new, "password2": new}).status_code == 302
    assert is_in(by_password(people.manager, new))


@pytest.mark.parametrize("path", [ASK, FORGOTTEN])
def test_whoever_asks_for_a_letter_is_told_that_it_is_late(
    redis: Redis, people: Cast, path: str
) -> None:
    """Alike of an address that somebody has and of one that nobody has."""
    addresses = (people.employee.email, "ingen@example.org")
    before = [late_in(Client().post(path, {"email": one}, follow=True)) for one in addresses]
    redis.kill()
    after = [late_in(Client().post(path, {"email": one}, follow=True)) for one in addresses]
    assert (before, after) == ([0, 0], [1, 1])


def late_in(page: Any) -> int:
    assert page.status_code == 200
    return page.content.decode().count("E-post fra portalen er forsinket akkurat nå.")


def test_guessing_is_stopped_by_each_process_for_itself(redis: Redis, people: Cast) -> None:
    redis.kill()
    for _attempt in range(5):
        assert not is_in(by_password(people.employee, "feil"))
    assert not is_in(by_password(people.employee))


def test_a_seat_is_given_and_its_letter_waits_for_the_sweep(redis: Redis, people: Cast) -> None:
    seminar = make_seminar(people.other_agency, created_by=people.organiser)
    redis.kill()
    browser = by_password(people.leader)
    answer = browser.post(f"/seminarer/{seminar.pk}/meld-pa/")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/seminarer/{seminar.pk}/kvittering/",
    )
    assert Registration.objects.get().state == "registered"
    assert letter_of(people.leader, "seminars.confirmed").state == "queued"


def test_all_is_as_before_when_it_is_back(redis: Redis, people: Cast) -> None:
    redis.kill()
    assert is_in(by_password(people.leader))
    redis.start()
    assert is_in(by_password(people.employee))
    Client().post(ASK, {"email": people.manager.email})
    assert redis.waiting(queues.AT_ONCE) == 1
    assert not Letter.objects.filter(recipient=people.manager).exists()
