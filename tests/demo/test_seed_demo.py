"""The demo has the figures that it promises, is the same each time, and stays out of production."""

import csv
import datetime as dt
import hashlib
import io
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from attendance import invariants as attendance_invariants
from attendance.door.rules import is_open
from attendance.models import Attendance
from commitments.models import (
    Agreement,
    AgreementRound,
    AgreementState,
    Document,
    FollowUp,
    Method,
    Outcome,
    Preparation,
    PreparedAnswer,
    Revision,
    Share,
    Signature,
)
from demo.cast import DEMO_CAST, DEMO_PASSWORD
from demo.growth import full_organisation
from demo.load import load_demo, staff_folder
from demo.municipality import FULL, Scale, load_municipality
from demo.names import DATA, Names, email_name
from demo.organisation import demo_organisation
from demo.seminars import counted_day
from demo.staff import import_staff_files, write_staff_files
from demo.stage import Stage
from missions.line_of_sight import line_of_sight
from missions.models import (
    Acknowledgement,
    Contribution,
    DraftComment,
    Mission,
    MissionVersion,
    Term,
    UpwardQuestion,
)
from outbox.models import Letter, LetterState
from people.models import Leadership, Level, Position, Role, RoleGrant, Unit, User
from people.organisation import line_manager_of
from people.tree import ids_below
from pulse.models import PulseRound
from reports.participation import participation_report
from reports.period import counted_half_year
from reports.scope import scope_of
from reports.words import TOO_FEW
from seminars.models import (
    Answer,
    ChoiceGroup,
    Invitation,
    Question,
    Registration,
    RegistrationState,
    SeatPool,
    Seminar,
    SeminarState,
)
from seminars.seats.invariants import faults
from tests import clock

TODAY = dt.date(2026, 11, 24)
PEOPLE_OF_THE_ARTICLE = ["kristensen", "raastrup", "winquist", "backer", "hammer", "winther"]
"""Surnames of those who are named in the newspaper piece that the portal grew from."""


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Loaded once for the whole file, in a transaction that never commits."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(today=TODAY)
        transaction.set_rollback(True)


@pytest.fixture
def main(demo: Stage) -> Seminar:
    return Seminar.objects.get(title="Tillitsbasert ledelse")


# --- Who is there --------------------------------------------------------------------------------


def test_demo_has_the_municipality_and_its_51_agencies(demo):
    assert Unit.objects.filter(level=Level.MUNICIPALITY).get().name == "Oslo kommune"
    assert Unit.objects.agencies().count() == 51


def test_demo_agencies_are_those_of_the_data_file(demo):
    with (DATA / "oslo_units.csv").open(encoding="utf-8") as file:
        listed = {(row["name"], row["short_name"], row["kind"]) for row in csv.DictReader(file)}
    agencies = Unit.objects.agencies().values_list("name", "short_name", "level_name")
    assert set(agencies) == listed


def test_every_agency_has_units_below_it(demo):
    without = Unit.objects.agencies().filter(children__isnull=True)
    assert list(without) == []


def test_tannhelsetjenesten_has_18_clinics_and_200_people(demo):
    dental = demo.named("Tannhelsetjenesten")
    below = Unit.objects.below([dental.pk])
    people = Position.objects.filter(unit__in=ids_below([dental.pk])).values("user").distinct()
    assert below.filter(level_name="klinikk").count() == 18
    assert people.count() == 200


def test_every_clinic_has_a_leader_of_its_own(demo):
    clinics = Unit.objects.filter(level_name="klinikk")
    leaders = Leadership.objects.valid_on(TODAY).filter(unit__in=clinics)
    assert leaders.values("user").distinct().count() == 18


def test_some_units_are_vacant_and_the_line_goes_past_them(demo):
    led = Leadership.objects.valid_on(TODAY).values("unit")
    vacant = Unit.objects.exclude(pk__in=led).select_related("parent").first()
    assert vacant is not None
    employee = Position.objects.filter(unit=vacant).select_related("user").first().user
    above = line_manager_of(employee, on=TODAY, unit=vacant)
    assert above == demo.leaders[vacant.parent.hr_id]


def test_somebody_works_in_two_places(demo):
    counted = Counter(Position.objects.values_list("user", flat=True))
    assert 2 in counted.values()


def test_nobody_from_the_article_is_in_the_demo(demo):
    names = [
        *User.objects.values_list("name", flat=True),
        *Seminar.objects.values_list("speakers__name", flat=True),
    ]
    words = {word.lower() for name in names if name for word in name.replace("-", " ").split()}
    assert words.isdisjoint(PEOPLE_OF_THE_ARTICLE)


def test_addresses_reach_nobody(demo):
    addresses = User.objects.values_list("email", flat=True)
    assert {address.rpartition("@")[2] for address in addresses} == {"demo.example"}


# --- The front door ------------------------------------------------------------------------------


def test_importing_the_same_staff_files_again_changes_nothing(demo):
    before = digest("people_user", "people_unit", "people_position", "people_leadership")
    told = io.StringIO()
    folder = staff_folder()
    call_command(
        "import_staff",
        f"--units={folder / 'units.csv'}",
        f"--people={folder / 'people.csv'}",
        f"--on={TODAY}",
        stdout=told,
        verbosity=0,
    )
    assert told.getvalue().strip() == "Ingen endringer."
    after = digest("people_user", "people_unit", "people_position", "people_leadership")
    assert after == before


def test_staff_files_hold_for_the_days_that_follow(demo):
    before = digest("people_position", "people_leadership")
    import_staff_files(staff_folder(), TODAY + dt.timedelta(days=3))
    assert digest("people_position", "people_leadership") == before


def test_staff_files_are_the_same_bytes_each_time(tmp_path):
    for folder in ("first", "second"):
        write_staff_files(demo_organisation(), tmp_path / folder, TODAY)
    for name in ("units.csv", "people.csv"):
        first, second = ((tmp_path / folder / name) for folder in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_another_seed_makes_other_people():
    names = [[person.name for person in demo_organisation(seed).people] for seed in (1, 2)]
    assert names[0] != names[1]


# --- The seminar that everybody wants ------------------------------------------------------------


def test_300_of_330_leaders_have_a_seat_and_30_wait(main):
    states = Counter(main.registrations.values_list("state", flat=True))
    assert states == {RegistrationState.REGISTERED: 300, RegistrationState.WAITLISTED: 30}
    assert main.capacity == 300


def test_applicants_are_leaders_from_43_agencies(main):
    assert main.registrations.values("agency").distinct().count() == 43
    assert main.registrations.filter(was_leader=False).count() == 0
    assert main.registrations.values("user").distinct().count() == 330


def test_the_main_seminar_is_two_weeks_away_and_on_a_working_day(main):
    day = main.starts_at.date()
    assert dt.timedelta(days=13) <= day - TODAY <= dt.timedelta(days=17)
    assert day.weekday() < 5


def test_the_main_seminar_has_programme_and_speakers(main):
    assert main.programme.count() == 10
    assert main.speakers.count() == 3


def test_every_leader_is_invited_to_the_main_seminar(main):
    leaders = Leadership.objects.valid_on(TODAY).values("user").distinct().count()
    assert Invitation.objects.filter(seminar=main).count() == leaders


def test_whoever_waits_came_after_whoever_has_a_seat(main):
    last_seat = main.registrations.holding_seat().order_by("-created_at").first()
    first_waiting = main.registrations.waiting().first()
    assert last_seat.created_at < first_waiting.created_at


# --- Other seminars ------------------------------------------------------------------------------


def test_earlier_seminars_have_every_outcome_and_some_not_recorded(demo):
    past = Registration.objects.filter(seminar__ends_at__lt=demo.now, state="registered")
    outcomes = set(Attendance.objects.values_list("outcome", flat=True))
    assert outcomes == {"attended", "no_show", "excused"}
    assert past.filter(attendance__isnull=True).exists()
    assert Registration.objects.filter(state=RegistrationState.WITHDRAWN).count() == 40


def test_the_reports_have_figures_to_show_of_who_came_and_of_leaders_reached(demo):
    scope = scope_of(demo.cast["hr"], TODAY)
    half_year = counted_half_year(TODAY)
    report = participation_report(scope, half_year, demo.now)
    told = [row.came for row in report.rows] + [row.reach for row in report.rows]
    assert [figure for figure in (report.came, report.reach) if figure == TOO_FEW] == []
    assert len([figure for figure in told if figure != TOO_FEW]) > 10


def test_one_large_seminar_is_always_in_the_half_year_that_is_counted():
    for number in range(730):
        day = TODAY + dt.timedelta(days=number)
        period, held = counted_half_year(day), day + dt.timedelta(days=counted_day(day))
        assert period.first <= held <= period.last - dt.timedelta(days=30)
        assert held.month in (3, 9)


def test_one_door_is_open_on_the_day_the_demo_is_loaded(demo):
    seminar = Seminar.objects.get(title__startswith="Lederfrokost")
    session = seminar.sessions.get()
    assert is_open(session, demo.now)
    code_of_the_leader = seminar.registrations.confirmed().filter(user=demo.cast["leader"])
    assert (code_of_the_leader.count(), seminar.registrations.confirmed().count()) == (1, 48)


def test_nobody_is_marked_before_the_seminar_is_held(demo):
    coming = Attendance.objects.filter(registration__seminar__ends_at__gte=demo.now)
    assert coming.count() == 0


def test_seminars_to_come_are_of_every_sort(demo):
    coming = Seminar.objects.filter(starts_at__gte=demo.now).with_seat_counts()
    states = Counter(coming.values_list("state", flat=True))
    assert states == {
        SeminarState.PUBLISHED: 11,
        SeminarState.DRAFT: 1,
        SeminarState.CANCELLED: 1,
    }
    left = [seminar.seats_left for seminar in coming.published()]
    assert (left.count(0), left.count(3)) == (2, 1)
    assert coming.filter(place_name="").exclude(meeting_url="").count() == 2


def test_one_seminar_has_two_sessions(demo):
    networks = Seminar.objects.get(title__startswith="Nettverk")
    assert [one.title for one in networks.sessions.all()] == ["Samling 1", "Samling 2"]
    assert networks.ends_at == networks.sessions.last().ends_at


def test_the_coordinators_agency_has_seats_to_fill(demo):
    own = SeatPool.objects.coordinated_by(demo.cast["coordinator"], on=TODAY).with_use().get()
    assert (own.agency.name, own.seats, own.used, own.left) == ("Tannhelsetjenesten", 8, 3, 5)
    assert own.seminar.seat_pools.count() == 6
    assert own.release_at > demo.now
    by = Registration.objects.filter(pool=own).values_list("registered_by__name", flat=True)
    assert set(by) == {"Jonas Lunde"}


def test_one_of_the_cast_is_offered_a_seat_that_others_wait_for(demo):
    offered = Registration.objects.get(state=RegistrationState.OFFERED)
    assert offered.user == demo.cast["hr"]
    assert offered.expires_at == demo.at(3, "13.00")
    assert offered.seminar.registrations.waiting().count() == 6


def test_one_seat_waits_for_the_leader_and_the_leaders_for_the_one_above(demo):
    waiting = Registration.objects.filter(state=RegistrationState.AWAITING)
    leader = demo.cast["leader"]
    assert waiting.get(approver=leader).expires_at > demo.now
    assert waiting.get(user=leader).approver != leader
    assert waiting.count() == 2


def test_questions_are_asked_and_answered_at_one_seminar(demo):
    asked = Question.objects.all()
    assert [one.kind for one in asked] == ["one", "several", "text"]
    assert asked[2].shown_if == asked[0]
    required = Answer.objects.filter(question=asked[0]).count()
    assert required == asked[0].seminar.registrations.active().count() == 18
    aside = Answer.objects.filter(question=asked[2]).values("registration")
    ways = Answer.objects.filter(question=asked[0], registration__in=aside)
    assert [one.values for one in ways] == [["I salen"]] * len(aside) != []


def test_one_seminar_has_sessions_to_choose_between(demo):
    (group,) = ChoiceGroup.objects.all()
    assert group.seminar.title == "Lede på avstand"
    sessions = group.seminar.sessions.parallel().with_seats_taken()
    assert [one.seats_left == 0 for one in sessions] == [True, False, False]
    assert [one.form for one in sessions] == ["", "hybrid", "digital"]


def test_logistics_has_needs_to_see_to(demo):
    catered = Seminar.objects.catered_by(demo.cast["organiser"], on=TODAY).with_needs_counts()
    counts = dict(catered.filter(needs_count__gt=0).values_list("title", "needs_count"))
    assert sorted(counts) == [
        "Lede på avstand",
        "Lederforum: innbyggernes beste i trange tider",
        "Tillitsbasert ledelse",
    ]


def test_nothing_is_wrong_with_the_demos_seats(demo):
    assert faults(now=demo.now) == []
    assert attendance_invariants.faults() == []


def test_working_days_are_never_weekends_nor_christmas(demo):
    for number in range(400):
        day = TODAY + dt.timedelta(days=demo.working_day(number))
        assert day.weekday() < 5
        assert (day.month, day.day) not in {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)}


# --- Missions ------------------------------------------------------------------------------------


def test_missions_go_in_a_line_from_the_municipality_to_the_clinic(demo):
    line = line_of_sight(demo.named("Tannklinikken Grønland"), TODAY)
    assert [step.unit.name for step in line.steps] == [
        "Oslo kommune",
        "Tannhelsetjenesten",
        "Klinikkregion sentrum",
        "Tannklinikken Grønland",
    ]
    assert all(step.version is not None for step in line.steps)
    assert not any(step.is_behind for step in line.steps)


def test_some_units_have_no_mission_yet(demo):
    written = Mission.objects.filter(unit__level_name="klinikk").count()
    assert written == 15


def test_missions_are_read_by_some_and_not_by_all(demo):
    asked = Position.objects.filter(unit__mission__isnull=False).count()
    assert 0 < Acknowledgement.objects.count() < asked


def test_texts_of_missions_are_filled_in(demo):
    for version in MissionVersion.objects.all():
        words = [version.core_task, version.for_whom, version.not_our_task, version.contribution]
        assert "{" not in "".join(words)


def test_missions_are_published_after_the_ones_above_them(demo):
    early = [
        version
        for version in MissionVersion.objects.published().select_related("above")
        if version.above and version.published_at < version.above.published_at
    ]
    assert early == []


def test_missions_serve_something_above_and_the_first_answers_to_the_elected(demo):
    serving = MissionVersion.objects.published().filter(above__isnull=False)
    assert serving.filter(serves__isnull=True).count() == 0
    top = MissionVersion.objects.current_for(demo.named("Oslo kommune"))
    assert [bool(signal.source) for signal in top.political_signals] == [True, True, True]
    assert top.political_signals[0].decided_on == dt.date(2019, 1, 30)


def test_one_question_upward_is_answered_and_one_waits(demo):
    questions = UpwardQuestion.objects.filter(asked_by=demo.cast["leader"])
    assert [bool(question.answer) for question in questions.order_by("asked_at")] == [True, False]
    assert questions.unanswered().get().answer_by >= TODAY


def test_employee_has_shared_a_contribution_with_the_leader(demo):
    contribution = Contribution.objects.get(user=demo.cast["employee"])
    assert contribution.shared_with == demo.cast["leader"]


def test_draft_of_the_clinic_is_shared_and_commented_on(demo):
    comment = DraftComment.objects.get()
    assert comment.version.is_shared
    assert comment.version.drafted_by == demo.cast["leader"]
    assert comment.author not in demo.cast.values()


def test_pulse_is_over_at_the_clinic_and_open_where_the_coordinator_works(demo):
    over = PulseRound.objects.get(unit=demo.named("Tannklinikken Grønland"))
    under_way = PulseRound.objects.get(unit=demo.named("Avdeling for fag og kvalitet"))
    assert over.may_be_settled_on(TODAY)
    assert under_way.is_open_on(TODAY)
    assert not under_way.invitations.get(user=demo.cast["coordinator"]).has_answered


def test_shared_words_occur_in_the_missions_they_explain(demo):
    words = [word.casefold() for word in Term.objects.values_list("word", flat=True)]
    activities = MissionVersion.objects.published().values_list(
        "core_task", "core_activities__text"
    )
    text = " ".join(f"{task} {activity}" for task, activity in activities).casefold()
    assert len(words) == 4
    assert sum(word in text for word in words) >= 3


# --- Agreements ----------------------------------------------------------------------------------


def test_agreements_are_in_every_state(demo):
    agreements = Agreement.objects.with_state()
    assert set(agreements.values_list("state", flat=True)) == set(AgreementState.values)


def test_signatures_say_that_nobody_signed_in(demo):
    assert set(Signature.objects.values_list("method", flat=True)) == {Method.DEMO}


def test_signed_agreements_of_the_cast_have_their_document(demo):
    leader = demo.cast["leader"]
    own = Document.objects.filter(revision__agreement__leader=leader)
    assert own.count() == 4
    assert all(bytes(one.pdf).startswith(b"%PDF") for one in own)


def test_follow_ups_are_held_and_planned(demo):
    leader = demo.cast["leader"]
    own = FollowUp.objects.filter(agreement__leader=leader)
    assert own.filter(held_at__isnull=False).count() == 3
    assert own.outstanding().count() == 3


def test_round_of_the_leader_has_come_differently_far_with_each(demo):
    begun = AgreementRound.objects.get(leader=demo.cast["leader"])
    agreements = begun.agreements.with_state()
    states = sorted(agreements.values_list("state", "turn"))
    assert states == [
        ("draft", "leader"),
        ("draft", "leader"),
        ("proposed", "employee"),
        ("proposed", "leader"),
    ]
    ready = Preparation.objects.filter(agreement__in=agreements, ready_at__isnull=False)
    assert sorted(Counter(ready.values_list("agreement", flat=True)).values()) == [1, 2]
    assert begun.pledges.count() == 2


def test_no_two_agreements_say_the_same(demo):
    newest = {one.agreement_id: one for one in Revision.objects.with_content().order_by("number")}
    said = [
        (*(one.text for one in revision.commitments.all()), revision.goals)
        for revision in newest.values()
    ]
    assert len(set(said)) == len(said) == Agreement.objects.count() > 50


def test_no_two_conversations_say_the_same(demo):
    reflections = list(Outcome.objects.values_list("why"))
    answers = list(PreparedAnswer.objects.values_list("text"))
    for said in (reflections, answers):
        assert len(set(said)) == len(said) > 5


def test_new_leader_reads_what_one_employee_has_shared(demo):
    share = Share.objects.active().get()
    assert share.with_user == demo.cast["leader"]
    assert share.agreement.leader != demo.cast["leader"]


def test_nothing_has_happened_after_the_demos_own_moment(demo):
    assert not Signature.objects.filter(signed_at__gt=demo.now).exists()
    assert not Registration.objects.filter(created_at__gt=demo.now).exists()
    assert not Acknowledgement.objects.filter(acknowledged_at__gt=demo.now).exists()
    assert not FollowUp.objects.filter(held_at__gt=demo.now).exists()
    assert not DraftComment.objects.filter(created_at__gt=demo.now).exists()
    assert not PulseRound.objects.filter(settled_at__gt=demo.now).exists()


# --- Letters -------------------------------------------------------------------------------------


def test_old_letters_are_delivered_and_only_the_casts_news_waits(demo):
    waiting = Letter.objects.filter(state=LetterState.QUEUED)
    recipients = set(waiting.values_list("recipient__email", flat=True))
    assert recipients == {demo.cast[key].email for key in ("leader", "employee", "coordinator")}
    assert Letter.objects.filter(state=LetterState.SENT).count() > 500


# --- The cast ------------------------------------------------------------------------------------


def test_cast_is_there_with_one_password(demo):
    for person in DEMO_CAST:
        assert User.objects.get(email=person.email).check_password(DEMO_PASSWORD)


def test_nobody_outside_the_cast_has_a_password(demo):
    others = User.objects.exclude(email__in=[person.email for person in DEMO_CAST])
    assert not others.filter(password__startswith="md5$").exists()
    assert not others.filter(password__startswith="pbkdf2").exists()


def test_leader_of_the_cast_leads_the_clinic_where_the_employee_works(demo):
    leader, employee = demo.cast["leader"], demo.cast["employee"]
    assert line_manager_of(employee, on=TODAY) == leader


def test_leader_has_something_to_sign_to_publish_and_to_go_to(demo, main):
    leader = demo.cast["leader"]
    assert Agreement.objects.awaiting_signature_of(leader).count() == 1
    assert MissionVersion.objects.drafts().filter(drafted_by=leader).count() == 1
    assert main.registrations.get(user=leader).has_seat


def test_employee_has_a_proposal_from_the_leader_and_a_mission_to_read(demo):
    leader, employee = demo.cast["leader"], demo.cast["employee"]
    assert Agreement.objects.awaiting_answer_of(employee).get().leader == leader
    clinic = MissionVersion.objects.current_for(demo.named("Tannklinikken Grønland"))
    assert not clinic.acknowledgements.filter(user=employee).exists()


@pytest.mark.parametrize("key", [person.key for person in DEMO_CAST])
def test_everybody_in_the_cast_has_a_seat_an_agreement_and_a_mission(demo, key):
    person = demo.cast[key]
    unit = Position.objects.get(user=person).unit
    seats = Registration.objects.filter(user=person, seminar__starts_at__gte=demo.now)
    assert MissionVersion.objects.current_for(unit) is not None
    assert Agreement.objects.visible_to(person, on=clock.today()).exists()
    assert seats.exists() or key == "employee"


def test_roles_of_the_cast_are_where_they_belong(demo):
    granted = {
        (grant.role, grant.user, grant.unit.name)
        for grant in RoleGrant.objects.valid_on(TODAY).select_related("user", "unit")
    }
    assert granted == {
        (Role.ORGANISER, demo.cast["organiser"], "Utviklings- og kompetanseetaten"),
        (Role.LOGISTICS, demo.cast["organiser"], "Utviklings- og kompetanseetaten"),
        (Role.COORDINATOR, demo.cast["coordinator"], "Tannhelsetjenesten"),
        (Role.HR, demo.cast["hr"], "Oslo kommune"),
        (Role.ADMINISTRATOR, demo.cast["administrator"], "Oslo kommune"),
    }


# --- The same each time --------------------------------------------------------------------------

SAME_EACH_TIME = {
    "who registered": "SELECT u.email, s.title, s.starts_at, r.state, r.created_at "
    "FROM seminars_registration r JOIN people_user u ON u.id = r.user_id "
    "JOIN seminars_seminar s ON s.id = r.seminar_id ORDER BY 1, 3, 2",
    "missions": "SELECT n.hr_id, v.number, v.state, v.core_task, v.published_at "
    "FROM missions_missionversion v JOIN missions_mission m ON m.id = v.mission_id "
    "JOIN people_unit n ON n.id = m.unit_id ORDER BY 1, 2",
    "agreements": "SELECT l.email, e.email, r.number, r.state, r.signed_at "
    "FROM commitments_revision r JOIN commitments_agreement a ON a.id = r.agreement_id "
    "JOIN people_user l ON l.id = a.leader_id JOIN people_user e ON e.id = a.employee_id "
    "ORDER BY 1, 2, 3",
}


@pytest.mark.no_cover
def test_demo_is_the_same_twice(demo, settings):
    settings.DEMO = True
    first = {what: fetched(sql) for what, sql in SAME_EACH_TIME.items()}
    with transaction.atomic():
        empty_everything()
        told = io.StringIO()
        call_command("seed_demo", f"--today={TODAY}", stdout=told)
        second = {what: fetched(sql) for what, sql in SAME_EACH_TIME.items()}
        transaction.set_rollback(True)
    assert second == first
    lines = told.getvalue().splitlines()
    assert [line.partition(": ")[2].partition(",")[0] for line in lines[1:-1]] == [
        "25 %",
        "50 %",
        "75 %",
    ]
    assert "done in" in lines[-1]


# --- The commands --------------------------------------------------------------------------------


def test_seed_demo_is_refused_where_there_is_no_demo(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("seed_demo")
    assert User.objects.count() == 0


def test_seed_demo_is_refused_where_there_are_people(db, settings, cast):
    settings.DEMO = True
    before = User.objects.count()
    with pytest.raises(CommandError, match="people in this database already"):
        call_command("seed_demo")
    assert User.objects.count() == before


def test_seed_demo_if_empty_leaves_people_alone(db, settings, cast):
    settings.DEMO = True
    before = User.objects.count()
    told = io.StringIO()
    call_command("seed_demo", "--if-empty", stdout=told)
    assert User.objects.count() == before
    assert told.getvalue() == ""


def test_demo_signins_lists_the_cast_and_the_password(demo, settings):
    settings.DEMO = True
    told = io.StringIO()
    call_command("demo_signins", stdout=told)
    for person in DEMO_CAST:
        assert person.email in told.getvalue()
    assert DEMO_PASSWORD in told.getvalue()


def test_demo_signins_says_when_nothing_is_loaded(db, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="not loaded"):
        call_command("demo_signins")


def test_demo_signins_is_refused_where_there_is_no_demo(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("demo_signins")


# --- Names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Åse El-Amrani", "ase.el-amrani"),
        ("Øystein Næss", "oystein.naess"),
        ("Per Kovačević", "per.kovacevic"),
        ("Ayşe Wiśniewski", "ayse.wisniewski"),
    ],
)
def test_email_name_is_plain_letters(name, expected):
    assert email_name(name) == expected


def test_two_of_a_name_get_different_addresses(demo):
    names = Names(demo.rng("test"))
    addresses = [names.address("Kari Lie"), names.address("Kari Lie"), names.address("Kåri Lie")]
    assert addresses == [
        "kari.lie@demo.example",
        "kari.lie2@demo.example",
        "kari.lie3@demo.example",
    ]


def test_full_size_has_3000_units_and_57000_people():
    organisation = full_organisation(units=FULL.units, people=FULL.people)
    assert len(organisation.units) == 3000
    assert len({person.hr_id for person in organisation.people}) == 57_000
    assert len({person.email for person in organisation.people}) == 57_000


def test_full_size_keeps_the_small_demo_within_it():
    small, full = demo_organisation(), full_organisation(units=700, people=3000)
    assert full.units[: len(small.units)] == small.units
    assert full.people[: len(small.people)] == small.people
    assert len(full.units) == 700
    led = {person.unit for person in full.people if person.is_leader}
    assert led == {unit.hr_id for unit in full.units}


# --- At the size of a municipality, made smaller -------------------------------------------------

SMALL = Scale(units=610, people=2_400, seminars=20, registrations=60, invited=80)


def test_municipality_has_what_its_scale_says_and_overbooks_nothing(db):
    stage = load_municipality(today=TODAY, scale=SMALL)
    registrations = Registration.objects.all()
    assert User.objects.count() == SMALL.people
    assert Unit.objects.count() == SMALL.units
    assert Leadership.objects.values("user").distinct().count() == SMALL.leaders
    assert Seminar.objects.count() == SMALL.seminars
    assert registrations.count() == SMALL.seminars * SMALL.registrations
    assert Invitation.objects.count() == SMALL.seminars * SMALL.invited
    assert set(registrations.values_list("state", flat=True)) == {
        "registered",
        "waitlisted",
        "withdrawn",
    }
    marked = Attendance.objects.filter(registration__seminar__ends_at__lt=stage.now)
    assert Attendance.objects.count() == marked.count() > 0
    counted = Seminar.objects.with_seat_counts()
    assert [one for one in counted if one.seats_taken > one.capacity] == []
    assert counted.filter(waiting_count=SMALL.registrations // 5).count() == SMALL.seminars // 10


def test_data_files_are_all_read():
    """A text that nothing reads would be a promise that nothing keeps."""
    assert {path.name for path in Path(DATA).iterdir()} == {
        "agreements.toml",
        "missions.toml",
        "names.toml",
        "organisation.toml",
        "oslo_units.csv",
        "seminars.toml",
    }


# --- Ways of looking -----------------------------------------------------------------------------


def fetched(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def digest(*tables: str) -> str:
    rows = [fetched(f"SELECT * FROM {table} ORDER BY id") for table in tables]  # noqa: S608
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def empty_everything() -> None:
    """Inside a transaction that is rolled back, and past the append-only triggers."""
    tables = ", ".join(
        table for table in connection.introspection.table_names() if not table.startswith("django_")
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {tables}")
        cursor.execute("SET LOCAL session_replication_role = origin")
        # What waits for the end of a transaction waits again.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
