"""The door as a browser meets it, with and without the page's own script."""

from __future__ import annotations

import datetime as dt
import uuid

import lxml.html
import pytest
from defusedxml import ElementTree
from django.urls import reverse
from django.utils import timezone

from attendance import codes
from attendance.door.actions import scan
from attendance.models import Attendance, AttendanceMark, Scan
from attendance.models.door_key import new_key
from attendance.self_check_in.screen_codes import CHANGES_EVERY, OPENED_FOR, token_of
from outbox.models import Letter
from tests.attendance.factories import seen
from tests.messages import messages_in
from tests.seminars.factories import make_participants, make_registration, make_seminar


@pytest.fixture
def session(begun):
    """Going on for an hour: the door is open whatever the hour, except just after midnight."""
    found = begun.sessions.get()
    found.seminar = begun
    return found


@pytest.fixture
def url(session) -> str:
    return reverse("attendance:door", args=[session.seminar_id, session.pk])


def test_pressing_a_name_lets_them_in_and_says_so(begun, cast, signed_in, organiser, url):
    participant = make_participants(begun, cast.unit, 1)[0]
    browser, key = signed_in(organiser), str(uuid.uuid4())
    pressed = {"registration": participant.pk, "key": key, "door": "Hovedinngang"}
    response = browser.post(url, pressed)
    message = response.context["message"]
    assert (message.word, message.name) == ("Velkommen", participant.user.name)
    assert response.context["door"] == "Hovedinngang"
    # A double click, and the page loaded anew.
    assert browser.post(url, pressed).context["message"].word == "Velkommen"
    assert Scan.objects.count() == 1
    assert browser.get(url).context["counts"].came == 1


def test_with_the_back_button_the_next_person_is_let_in_from_the_same_page(
    begun, cast, signed_in, organiser, url
):
    first, second = make_participants(begun, cast.unit, 2)
    browser, key = signed_in(organiser), str(uuid.uuid4())
    for one in (first, second):
        response = browser.post(url, {"registration": one.pk, "key": key})
        assert response.context["message"].name == one.user.name
    assert Scan.objects.count() == 2


def test_a_scanner_that_is_a_keyboard_types_a_code(begun, cast, signed_in, organiser, url):
    participant = make_participants(begun, cast.unit, 1)[0]
    code = codes.code_of(participant.pk, codes.key_of(begun))
    response = signed_in(organiser).post(url, {"words": f"{code.lower()} "})
    assert response.context["message"].name == participant.user.name
    again = signed_in(organiser).post(url, {"words": code})
    assert again.context["message"].word == "Allerede inne"


def test_words_are_searched_by_and_nobody_is_let_in(begun, cast, signed_in, organiser, url):
    make_participants(begun, cast.unit, 2)
    named = make_registration(begun, cast.leader)
    response = signed_in(organiser).post(url, {"words": cast.leader.name.split()[0].lower()})
    assert [row.name for row in response.context["rows"]] == [named.user.name]
    assert Scan.objects.count() == 0


def test_that_nobody_is_found_can_be_said_by_the_page_itself(signed_in, organiser, url):
    """The page's own script searches the list that it keeps, and shows this."""
    page = lxml.html.fromstring(signed_in(organiser).get(url).content)
    (told,) = page.xpath("//*[@data-door-none]")
    assert told.get("hidden") is not None
    assert told.text == "Ingen deltakere passer til det du søker etter."


def test_the_page_knows_no_address_and_no_need(begun, cast, signed_in, organiser, url):
    participant = make_participants(begun, cast.unit, 1)[0]
    page = signed_in(organiser).get(url).content.decode()
    assert participant.user.email not in page


def test_undone_from_the_page(begun, cast, signed_in, organiser, session, url):
    participant = make_participants(begun, cast.unit, 1)[0]
    browser = signed_in(organiser)
    undo = browser.post(url, {"registration": participant.pk}).context["undo"]
    address = reverse("attendance:undo", args=[begun.pk, session.pk, undo.key])
    assert messages_in(browser.post(address, follow=True)) == ["Innsjekkingen er angret."]
    assert Attendance.objects.count() == 0


def test_whoever_waits_gets_a_free_seat_at_the_door(begun, cast, signed_in, organiser, session):
    waiting = make_registration(begun, cast.leader, state="waitlisted")
    address = reverse("attendance:give_seat", args=[begun.pk, session.pk, waiting.pk])
    assert messages_in(signed_in(organiser).post(address, follow=True)) == [
        f"{cast.leader.name} har fått plass og er inne."
    ]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == ("registered", "attended")


def test_the_rest_are_asked_about_first(begun, cast, signed_in, organiser, session, url):
    came, _absent = make_participants(begun, cast.unit, 2)
    scan(session=session, seen=seen(came, timezone.now()), by=organiser, now=timezone.now())
    address, browser = f"{url}resten/", signed_in(organiser)
    assert browser.get(address).context["consequences"][0] == "1 av 2 er inne."
    assert messages_in(browser.post(address, follow=True)) == ["1 deltaker er ført som ikke møtt."]
    assert messages_in(browser.post(address, follow=True)) == ["0 deltakere er ført som ikke møtt."]


# what the script sends


def sent(browser, url, *scans):
    return browser.post(f"{url}skanninger/", {"scans": scans}, content_type="application/json")


def as_sent(registration, at: dt.datetime) -> dict[str, object]:
    return {
        "key": str(uuid.uuid4()),
        "at": at.isoformat(),
        "registration": registration.pk,
        "door": "B",
    }


def test_scans_kept_while_the_network_was_gone_are_each_answered(
    begun, cast, signed_in, organiser, url, now
):
    first, second = make_participants(begun, cast.unit, 2)
    browser = signed_in(organiser)
    kept = [
        as_sent(first, now - dt.timedelta(minutes=5)),
        as_sent(second, now),
        as_sent(first, now),
    ]
    answers = sent(browser, url, *kept).json()["answers"]
    assert [(one["key"], one["answer"], one["is_new"]) for one in answers] == [
        (kept[0]["key"], "welcome", True),
        (kept[1]["key"], "welcome", True),
        (kept[2]["key"], "already_in", False),
    ]
    assert [one["answer"] for one in sent(browser, url, *kept).json()["answers"]] == [
        "welcome",
        "welcome",
        "already_in",
    ]
    assert Scan.objects.count() == 3


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", "{}", '{"scans": 1}', '{"scans": [1]}', '{"scans": {}}', "[" * 100_000],
)
def test_a_body_that_is_no_list_of_scans_is_refused(signed_in, organiser, url, body):
    response = signed_in(organiser).post(f"{url}skanninger/", body, content_type="application/json")
    assert response.status_code == 400


@pytest.mark.parametrize(
    "spoilt",
    [
        {"key": "x"},
        {"key": None},
        {"at": "i går"},
        {"registration": 2**70, "code": ""},
        {"registration": None},
        {"door": "x" * 31},
        {"code": "x" * 81, "registration": None},
    ],
    ids=str,
)
def test_a_spoilt_scan_is_refused_and_the_others_are_stored(
    begun, cast, signed_in, organiser, url, now, spoilt
):
    first, second = make_participants(begun, cast.unit, 2)
    response = sent(signed_in(organiser), url, as_sent(first, now) | spoilt, as_sent(second, now))
    broken, whole = response.json()["answers"]
    assert "refused" in broken
    assert (whole["answer"], whole["name"]) == ("welcome", second.user.name)
    assert Scan.objects.count() == 1


# one's own code


def test_a_participant_sees_a_code_that_opens_the_door(
    begun, cast, signed_in, organiser, leader, url
):
    make_registration(begun, leader)
    browser = signed_in(leader)
    code = browser.get(reverse("attendance:my_code", args=[begun.pk])).context["code"]
    image = browser.get(reverse("attendance:my_code_image", args=[begun.pk]))
    assert image.headers["Content-Type"] == "image/svg+xml"
    response = signed_in(organiser).post(url, {"words": code})
    assert response.context["message"].name == leader.name


def test_nobody_without_a_seat_has_a_code(begun, signed_in, leader):
    make_registration(begun, leader, state="waitlisted")
    response = signed_in(leader).get(reverse("attendance:my_code", args=[begun.pk]))
    assert response.status_code == 403


def test_the_code_stands_on_my_page_from_the_day_before(seminar, begun, signed_in, leader):
    make_registration(seminar, leader)
    browser = signed_in(leader)
    address = reverse("attendance:my_code", args=[seminar.pk])
    assert address not in browser.get(reverse("home")).content.decode()
    make_registration(begun, leader)
    address = reverse("attendance:my_code", args=[begun.pk])
    assert address in browser.get(reverse("home")).content.decode()


# checking oneself in


def opened(session, at: dt.datetime) -> str:
    return reverse("attendance:check_in", args=[session.pk, token_of(session, at)])


def test_whoever_reads_the_screen_presses_once_and_is_in(
    begun, cast, signed_in, leader, session, now
):
    row = make_registration(begun, leader)
    browser, address = signed_in(leader), opened(session, now)
    browser.get(address)
    assert Scan.objects.count() == 0
    for _again in range(2):
        assert browser.post(address).context["message"].word == "Velkommen"
    row.refresh_from_db()
    assert (row.outcome, Scan.objects.count()) == ("attended", 1)


def test_a_code_that_is_no_longer_shown_opens_nothing(begun, signed_in, leader, session, now):
    make_registration(begun, leader)
    browser = signed_in(leader)
    old = opened(session, now - dt.timedelta(seconds=3 * CHANGES_EVERY))
    assert (browser.get(old).status_code, browser.post(old).status_code) == (403, 403)
    assert Scan.objects.count() == 0


def test_whoever_must_sign_in_first_has_time_for_it(begun, client, leader, session, now):
    make_registration(begun, leader)
    address = opened(session, now)
    assert client.get(address).status_code == 302
    client.force_login(leader)
    later = opened(session, now - dt.timedelta(minutes=5))
    assert client.post(later).context["message"].word == "Velkommen"


def test_what_was_opened_long_ago_is_forgotten(begun, client, leader, session, now):
    make_registration(begun, leader)
    address = opened(session, now)
    client.get(address)
    client.force_login(leader)
    kept = client.session
    kept["attendance_opened"] = {str(session.pk): (now - OPENED_FOR * 2).isoformat()}
    kept.save()
    assert client.post(opened(session, now - OPENED_FOR)).status_code == 403


def test_nobody_checks_in_who_has_no_seat(begun, signed_in, leader, session, now):
    make_registration(begun, leader, state="waitlisted")
    browser = signed_in(leader)
    browser.get(opened(session, now))
    assert browser.post(opened(session, now)).context["message"].word == "På venteliste"
    assert Scan.objects.count() == 0


# one's own record, and having it put right


def test_a_participant_reads_what_is_recorded_and_asks_for_another(
    begun, cast, signed_in, organiser, leader, session, now
):
    row = make_registration(begun, leader)
    scan(session=session, seen=seen(row, now, door="A"), by=organiser, now=now)
    address = reverse("attendance:my_record", args=[begun.pk])
    browser = signed_in(leader)
    (recorded,) = browser.get(address).context["record"]
    assert recorded.outcome == "attended"
    assert recorded.sources[0].endswith(f", A av {organiser.name}")
    wish = {"words": "Jeg gikk til lunsj."}
    assert messages_in(browser.post(address, wish, follow=True)) == [
        "Arrangøren har fått brev om det."
    ]
    letter = Letter.objects.get(kind="attendance.correction_wanted")
    assert (letter.recipient, "Jeg gikk til lunsj." in letter.text) == (organiser, True)
    form = browser.post(address, wish).context["form"]
    assert form.non_field_errors() == [
        "Du har allerede spurt arrangøren. Vent på svar, eller ta kontakt."
    ]
    assert form["words"].value() == "Jeg gikk til lunsj."


def test_the_organiser_corrects_with_a_reason_that_the_person_reads(
    begun, cast, signed_in, organiser, leader, session
):
    row = make_registration(begun, leader)
    address = reverse("attendance:correct", args=[begun.pk, row.pk])
    browser = signed_in(organiser)
    wanted = {"session": session.pk, "outcome": "partly"}
    form = browser.post(address, wanted).context["form"]
    assert list(form.errors) == ["reason"]
    response = browser.post(address, wanted | {"reason": "Gikk til lunsj."}, follow=True)
    assert messages_in(response) == ["Oppmøtet er rettet."]
    row.refresh_from_db()
    assert row.outcome == "partly"
    own = signed_in(leader).get(reverse("attendance:my_record", args=[begun.pk]))
    (recorded,) = own.context["record"]
    assert recorded.sources[0].endswith("Begrunnelse: Gikk til lunsj.")
    browser = signed_in(organiser)
    taken_back = {"session": session.pk, "outcome": "not_recorded", "reason": "Feil person."}
    browser.post(address, taken_back)
    assert (AttendanceMark.objects.count(), Attendance.objects.count()) == (2, 0)


def test_nobody_is_offered_a_seat_in_a_full_hall(cast, signed_in, organiser, now):
    """The button would be refused: there is nothing to give."""
    full = make_seminar(
        cast.other_agency,
        created_by=organiser,
        capacity=1,
        starts_at=now - dt.timedelta(hours=1),
    )
    make_participants(full, cast.unit, 1)
    waiting = make_registration(full, cast.leader, state="waitlisted")
    session = full.sessions.get()
    page = signed_in(organiser).get(reverse("attendance:door", args=[full.pk, session.pk]))
    give = reverse("attendance:give_seat", args=[full.pk, session.pk, waiting.pk])
    assert give not in page.content.decode()
    assert "På venteliste" in page.content.decode()


def test_the_code_is_an_image_that_a_browser_draws(begun, signed_in, leader):
    make_registration(begun, leader)
    image = signed_in(leader).get(reverse("attendance:my_code_image", args=[begun.pk]))
    root = ElementTree.fromstring(image.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_codes_are_short_and_say_nothing_of_the_person(begun, leader):
    row = make_registration(begun, leader)
    code = codes.code_of(row.pk, codes.key_of(begun))
    longest = codes.code_of(2**63 - 1, codes.key_of(begun))
    assert len(longest) <= codes.LONGEST
    assert codes.is_true(f" {code.lower()}\r\n", codes.key_of(begun))
    assert not codes.is_true(code, new_key())
    assert not codes.is_true(code[:-1] + ("A" if code[-1] != "A" else "B"), codes.key_of(begun))
