"""A code that is held in front of the camera of whoever stands at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from attendance import codes
from attendance.models import Scan
from people.models import User
from seminars.models import Registration, Seminar
from tests.cast import Cast
from tests.corpora.code_images import OTHER, CodeImage, CodeReading
from tests.journeys.browser import FLAGS, browser_path
from tests.seminars.factories import make_participants, make_seminar

WIDE, HIGH = 640, 480
NO_COLOUR = 128
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
OF_EACH = 2
WORST = ["plain", "tilted", "shaken", "inverted", "dim", "screen", "bent"]


def video_of(frames: list[bytes]) -> bytes:
    """Return a YUV4MPEG2 file of one picture a second, which Chromium shows again and again."""
    colour = bytes([NO_COLOUR]) * (WIDE * HIGH // 2)
    head = f"YUV4MPEG2 W{WIDE} H{HIGH} F1:1 Ip A1:1 C420jpeg\n".encode()
    # At the end of the file it goes back to the second picture.
    return head + b"".join(b"FRAME\n" + frame + colour for frame in [*frames[:1], *frames])


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """What the camera sees: written before the page asks for it."""
    return tmp_path / "camera.y4m"


@pytest.fixture
def chromium(chromium: Browser, picture: Path) -> Iterator[Browser]:
    """With a camera that shows a file."""
    args = [*FLAGS, *CAMERA, f"--use-file-for-fake-video-capture={picture}"]
    browser = chromium.browser_type.launch(executable_path=browser_path(), args=args)
    yield browser
    browser.close()


@pytest.fixture
def seminar(cast: Cast, alone: None) -> Seminar:
    """Going on, with somebody for each picture that the camera is shown."""
    starts_at = timezone.now() - dt.timedelta(minutes=30)
    found = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=starts_at)
    make_participants(found, cast.unit, len(WORST))
    return found


def at_door(page: Page, seminar: Seminar) -> Page:
    page.goto(f"/seminarer/{seminar.pk}/dor/{seminar.sessions.get().pk}/")
    return page


def codes_of(seminar: Seminar) -> dict[str, Registration]:
    key = codes.key_of(seminar)
    rows = seminar.registrations.select_related("user").order_by("pk")
    return {codes.code_of(one.pk, key): one for one in rows}


@pytest.mark.parametrize("width", ["phone"])
def test_codes_are_read_by_the_camera(
    width: str,
    cast: Cast,
    seminar: Seminar,
    picture: Path,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    page = at_door(browser_of(cast.organiser), seminar)
    # nothing is fetched for the camera before it is asked for
    read_by = "performance.getEntriesByType('resource').filter(one => one.name.includes('zxing'))"
    assert page.evaluate(f"{read_by}.length") == 0

    # given people who hold up their codes, a second each, as badly as people do
    reading = CodeReading(page)
    people = codes_of(seminar)
    held = [CodeImage(kind, 0, code) for kind, code in zip(WORST, people, strict=True)]
    picture.write_bytes(video_of([reading.light_of(one) for one in held]))
    page.reload()
    page.get_by_role("button", name="Les kode med kameraet").click()
    expect(page.locator("#svar")).to_contain_text("Velkommen")
    expect(page.locator("[data-door-count]")).to_contain_text(f"{len(WORST)} av {len(WORST)}")
    scans = [one.registration for one in Scan.objects.select_related("registration")]
    assert sorted(one.pk for one in scans) == sorted(one.pk for one in people.values())
    has_no_barriers(page)

    # and it is closed by the same button
    page.get_by_role("button", name="Lukk kameraet").click()
    expect(page.locator("video")).to_be_hidden()
    assert page.evaluate("document.querySelector('video').srcObject") is None


@pytest.mark.parametrize("width", ["phone"])
def test_a_code_that_is_none_of_the_portals_is_said_to_be_unknown(
    width: str, cast: Cast, seminar: Seminar, picture: Path, browser_of: Callable[[User], Page]
) -> None:
    page = at_door(browser_of(cast.organiser), seminar)
    picture.write_bytes(video_of([CodeReading(page).light_of(CodeImage("plain", 0, OTHER))]))
    page.reload()
    page.get_by_role("button", name="Les kode med kameraet").click()
    expect(page.locator("#svar")).to_contain_text("Ukjent kode")
    assert Scan.objects.count() == 0


@pytest.mark.parametrize("width", ["phone"])
def test_codes_are_read_however_they_are_held(
    width: str, cast: Cast, seminar: Seminar, browser_of: Callable[[User], Page]
) -> None:
    """The same pictures as `script/bench scanning`, and fewer of them."""
    reading = CodeReading(at_door(browser_of(cast.organiser), seminar))
    unread = []
    for image in reading.images(list(codes_of(seminar)), OF_EACH):
        reading.hold(image)
        if (texts := reading.look().texts) != [image.code]:
            unread.append((image, texts))
    assert len(reading.kinds) * OF_EACH >= 30
    assert unread == []


@pytest.mark.parametrize("width", ["phone"])
def test_whoever_has_no_camera_that_answers_is_told_what_to_do(
    width: str, cast: Cast, alone: None, browser_of: Callable[[User], Page]
) -> None:
    """The file that it would show is not there."""
    starts_at = timezone.now() - dt.timedelta(minutes=30)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=starts_at)
    page = browser_of(cast.organiser)
    page.goto(f"/seminarer/{seminar.pk}/dor/{seminar.sessions.get().pk}/")
    page.get_by_role("button", name="Les kode med kameraet").click()
    expect(page.locator("[data-door-camera]")).to_contain_text("øk etter navnet")
    expect(page.get_by_role("button", name="Les kode med kameraet")).to_be_visible()
