from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from common.htmx import is_htmx, render_part


def request(**headers: str):
    made = RequestFactory().get("/", headers=headers)
    made.htmx = HtmxDetails(made)
    return made


def test_is_htmx_only_when_a_part_is_asked_for() -> None:
    assert is_htmx(request(HX_Request="true")) is True
    assert is_htmx(request()) is False
    assert is_htmx(request(HX_Request="true", HX_Boosted="true")) is False
    assert is_htmx(request(HX_Request="true", HX_History_Restore_Request="true")) is False
    assert is_htmx(RequestFactory().get("/")) is False


def test_render_part_gives_htmx_the_part_and_caches_the_difference() -> None:
    answer = render_part(
        request(HX_Request="true"), "plain_error.html", "components/request_code.html", status=202
    )
    assert answer.status_code == 202
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


def test_render_part_gives_a_browser_the_page() -> None:
    answer = render_part(request(), "plain_error.html", "components/request_code.html")
    assert "<html" in answer.content.decode()
