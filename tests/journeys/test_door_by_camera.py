"""A code that is held in front of the camera of whoever stands at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import segno
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from attendance import codes
from attendance.models import Scan
from people.models import User
from tests.cast import Cast
from tests.journeys.browser import FLAGS, browser_path
from tests.seminars.factories import make_participants, make_seminar

WIDE, HIGH, SCALE = 640, 480, 8
LIGHT, DARK, NO_COLOUR = 255, 0, 128
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]


def video_of(code: str) -> bytes:
    """Return one picture of the code as a YUV4MPEG2 file, which Chromium shows again and again."""
    modules = [list(row) for row in segno.make(code, error="m", micro=False).matrix]
    size = len(modules) * SCALE
    left, top = (WIDE - size) // 2, (HIGH - size) // 2
    light = bytearray([LIGHT]) * (WIDE * HIGH)
    for row, line in enumerate(modules):
        for column, is_dark in enumerate(line):
            if not is_dark:
                continue
            for y in range(SCALE):
                start = (top + row * SCALE + y) * WIDE + left + column * SCALE
                light[start : start + SCALE] = bytes([DARK]) * SCALE
    colour = bytes([NO_COLOUR]) * (WIDE * HIGH // 2)
    head = f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode()
    return head + (b"FRAME\n" + bytes(light) + colour) * 2


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


@pytest.mark.parametrize("width", ["phone"])
def test_a_code_is_read_by_the_camera(
    width: str,
    cast: Cast,
    alone: None,
    picture: Path,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    starts_at = timezone.now() - dt.timedelta(minutes=30)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=starts_at)
    participant = make_participants(seminar, cast.unit, 2)[1]
    picture.write_bytes(video_of(codes.code_of(participant.pk, codes.key_of(seminar))))
    page = browser_of(cast.organiser)
    page.goto(f"/seminarer/{seminar.pk}/dor/{seminar.sessions.get().pk}/")

    # nothing is fetched for the camera before it is asked for
    read_by = "performance.getEntriesByType('resource').filter(one => one.name.includes('zxing'))"
    assert page.evaluate(f"{read_by}.length") == 0
    page.get_by_role("button", name="Les kode med kameraet").click()
    expect(page.locator("#svar")).to_contain_text("Velkommen")
    expect(page.locator("#svar")).to_contain_text(participant.user.name)
    assert Scan.objects.get().registration == participant
    has_no_barriers(page)

    # and it is closed by the same button
    page.get_by_role("button", name="Lukk kameraet").click()
    expect(page.locator("video")).to_be_hidden()
    assert page.evaluate("document.querySelector('video').srcObject") is None


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
