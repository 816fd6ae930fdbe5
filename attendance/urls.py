"""What lies under /seminarer/ and is about who came, to a seminar or before the portal."""

from django.urls import path, register_converter

from attendance.correcting import views as correcting
from attendance.door import views as door
from attendance.door import walk_in_views as door_walk_in
from attendance.joining import views as joining
from attendance.marking import views as marking
from attendance.own_attendance import views as own_attendance
from attendance.past import views as past
from attendance.printing import views as printing
from attendance.self_check_in import views as self_check_in
from attendance.walk_ins import views as walk_ins

app_name = "attendance"


class ScreenToken:
    """What the hall's screen shows: see `attendance.self_check_in.screen_codes`."""

    regex = "[a-z2-7]{16}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ScreenToken, "screen_token")

DOOR = "<int:pk>/dor/<int:session_pk>/"

urlpatterns = [
    path("for-portalen/", past.past, name="past"),
    path("<int:pk>/deltakere/oppmote/", marking.mark, name="mark"),
    path("<int:pk>/deltakere/oppmote/resten/", marking.mark_rest, name="mark_rest"),
    path("<int:pk>/deltakere/legg-til/", walk_ins.register_other, name="register_other"),
    path(
        "<int:pk>/deltakere/<int:registration_pk>/oppmote/",
        correcting.correct,
        name="correct",
    ),
    path("<int:pk>/dor/", door.doors, name="doors"),
    path(DOOR, door.door, name="door"),
    path(f"{DOOR}skanninger/", door.scans, name="scans"),
    path(f"{DOOR}liste/", door.door_list, name="door_list"),
    path(f"{DOOR}skall/", door.door_shell, name="door_shell"),
    path(f"{DOOR}arbeider.js", door.door_worker, name="door_worker"),
    path(f"{DOOR}angre/<uuid:key>/", door.undo, name="undo"),
    path(f"{DOOR}gi-plass/<int:registration_pk>/", door.give_seat, name="give_seat"),
    path(f"{DOOR}uten-pamelding/", door_walk_in.walk_in, name="walk_in"),
    path(f"{DOOR}resten/", door.rest, name="rest"),
    path(f"{DOOR}skjerm/", self_check_in.screen, name="screen"),
    path(f"{DOOR}skjerm/kode.svg", self_check_in.screen_image, name="screen_image"),
    path("<int:pk>/dor/utskrift/", printing.choose, name="printing"),
    path("<int:pk>/dor/oppmoteliste.pdf", printing.list_pdf, name="list_pdf"),
    path(f"{DOOR}oppmoteliste.pdf", printing.list_pdf, name="session_list_pdf"),
    path("<int:pk>/dor/navneskilt.pdf", printing.badges_pdf, name="badges_pdf"),
    path(f"{DOOR}navneskilt.pdf", printing.badges_pdf, name="session_badges_pdf"),
    path(
        "<int:pk>/dor/navneskilt-med-kode.pdf", printing.coded_badges_pdf, name="coded_badges_pdf"
    ),
    path(
        f"{DOOR}navneskilt-med-kode.pdf",
        printing.coded_badges_pdf,
        name="session_coded_badges_pdf",
    ),
    path("inne/<int:session_pk>/<screen_token:token>/", self_check_in.check_in, name="check_in"),
    path("<int:pk>/mote/", joining.meeting, name="meeting"),
    path("<int:pk>/mote/<int:session_pk>/", joining.meeting, name="meeting_of_session"),
    path("<int:pk>/koden-min/", own_attendance.my_code, name="my_code"),
    path("<int:pk>/koden-min/kode.svg", own_attendance.my_code_image, name="my_code_image"),
    path("<int:pk>/oppmotet-mitt/", own_attendance.my_record, name="my_record"),
]
