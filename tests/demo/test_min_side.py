"""Each of the demo's cast opens «Min side» on the day it is loaded, and finds their work there."""

import html
import io
from collections.abc import Iterator

import pytest
from django.core.management.base import OutputWrapper
from django.db import connection, transaction
from django.test import Client

from demo.cast import DEMO_CAST
from demo.load import load_demo
from demo.progress import STATEMENTS, Progress
from demo.stage import Stage
from outbox.models import Letter
from people.models import User
from pulse.models import PulseAnswer, PulseResult, PulseRound
from tests import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    """Loaded once for the whole file, for today, in a transaction that never commits."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.execute_wrapper(counted):
            stage = load_demo(today=clock.today())
        yield stage
        transaction.set_rollback(True)


counted = Progress(OutputWrapper(io.StringIO()))


def test_progress_is_told_by_as_many_statements_as_there_are(demo):
    """Else the line would stand still at the end, or never get there: count them anew."""
    assert counted.statements == pytest.approx(STATEMENTS, rel=0.05)


def signed_in(person: User) -> Client:
    """Read anew: the session holds for the password that was given last."""
    browser = Client(headers={"Accept-Language": "nb"})
    browser.force_login(User.objects.get(pk=person.pk))
    return browser


FOUND_ON_MY_PAGE = {
    "leader": ["venter på signaturen din", "Avtaler med dem du leder", "Venter på godkjenning"],
    "employee": ["har sendt deg et forslag til avtale", "Tannklinikken Grønland"],
    "organiser": [
        "Skriv enhetens oppdrag på en time",
        "Oppmøtet er ikke ført for 58",
        "30 på venteliste",
        "Mangfold i lederrollen",
        "Utkast",
    ],
    "coordinator": ["Virksomhetens plasser", "5 av 8 igjen", "pulsmålingen"],
    "hr": ["Ledere nådd", "Møtt", "Du kan få plass på"],
    "administrator": ["2 brev kom ikke fram", "Personalimport", "Gjennomført"],
}


@pytest.mark.parametrize("key", [person.key for person in DEMO_CAST])
def test_everybody_in_the_cast_finds_their_work_on_min_side(demo, key):
    page = html.unescape(signed_in(demo.cast[key]).get("/").content.decode())
    assert [words for words in FOUND_ON_MY_PAGE[key] if words not in page] == []


def test_letters_that_failed_can_be_sent_again(demo):
    failed = Letter.objects.to_be_retried().select_related("recipient")
    assert sorted(one.last_error[:3] for one in failed) == ["550", "552"]
    page = signed_in(demo.cast["administrator"]).get("/brev/feilet/").content.decode()
    assert [one.recipient.name in page for one in failed] == [True, True]


def test_pulse_can_be_answered_by_one_of_the_cast_and_settled_by_another(demo):
    """The whole walk: guess, answer, gap. What is done here is taken back."""
    leader, coordinator = demo.cast["leader"], demo.cast["coordinator"]
    to_answer = PulseRound.objects.get(unit=demo.named("Avdeling for fag og kvalitet"))
    to_settle = PulseRound.objects.get(unit=demo.named("Tannklinikken Grønland"))
    signed_in(coordinator).post(f"/oppdrag/puls/{to_answer.pk}/", {"answer": PulseAnswer.YES})
    assert to_answer.invitations.get(user=coordinator).has_answered
    settled = signed_in(leader).post(f"/oppdrag/puls/{to_settle.pk}/avslutt/")
    to_settle.refresh_from_db()
    assert to_settle.result == PulseResult.MERGED
    assert (to_settle.yes, to_settle.guess_yes) == (3, to_settle.invitations.count() - 1)
    assert to_settle.has_task
    assert "Du gjettet" in signed_in(leader).get(settled["Location"]).content.decode()
