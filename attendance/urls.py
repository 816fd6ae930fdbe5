"""What lies under /seminarer/ and is about who came, to a seminar or before the portal."""

from django.urls import path, register_converter

from attendance import correction_views, door_views, own_views, past_views, views

app_name = "attendance"


class ScreenToken:
    """What the hall's screen shows: see `attendance.screen_codes`."""

    regex = "[a-z2-7]{16}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ScreenToken, "screen_token")

DOOR = "<int:pk>/dor/<int:session_pk>/"

urlpatterns = [
    path("for-portalen/", past_views.past, name="past"),
    path("<int:pk>/deltakere/oppmote/", views.mark, name="mark"),
    path("<int:pk>/deltakere/legg-til/", views.register_other, name="register_other"),
    path(
        "<int:pk>/deltakere/<int:registration_pk>/oppmote/",
        correction_views.correct,
        name="correct",
    ),
    path("<int:pk>/dor/", door_views.doors, name="doors"),
    path(DOOR, door_views.door, name="door"),
    path(f"{DOOR}skanninger/", door_views.scans, name="scans"),
    path(f"{DOOR}liste/", door_views.door_list, name="door_list"),
    path(f"{DOOR}skall/", door_views.door_shell, name="door_shell"),
    path(f"{DOOR}arbeider.js", door_views.door_worker, name="door_worker"),
    path(f"{DOOR}angre/<uuid:key>/", door_views.undo, name="undo"),
    path(f"{DOOR}gi-plass/<int:registration_pk>/", door_views.give_seat, name="give_seat"),
    path(f"{DOOR}resten/", door_views.rest, name="rest"),
    path(f"{DOOR}skjerm/", own_views.screen, name="screen"),
    path(f"{DOOR}skjerm/kode.svg", own_views.screen_image, name="screen_image"),
    path("inne/<int:session_pk>/<screen_token:token>/", own_views.check_in, name="check_in"),
    path("<int:pk>/koden-min/", own_views.my_code, name="my_code"),
    path("<int:pk>/koden-min/kode.svg", own_views.my_code_image, name="my_code_image"),
    path("<int:pk>/oppmotet-mitt/", own_views.my_record, name="my_record"),
]
