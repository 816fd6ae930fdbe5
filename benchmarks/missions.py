"""Each page of missions and of the pulse in the small demo and in a whole municipality.

Both have a published mission in every unit, and behind it readers, contributions and pulse rounds,
so that the limit is the same page for the same person at the small size, asked for by turns with
the large: the ratio says what grows with the number of units and people. What is measured is the
processor's time, of this process and of the database's for it, so that a busy machine moves no
ratio. Writing to many is measured in the large one.
"""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks.pages import client_of
from benchmarks.report import Report
from benchmarks.seed import PROJECT, load
from benchmarks.size import Size
from benchmarks.staff_import import empty_the_database
from common.small_groups import SMALL_GROUP
from demo.cast import DEMO_CAST
from missions.models import CoreActivity, Mission, MissionVersion, VersionState
from missions.questions.actions import share_draft
from missions.reorganisation.actions import hand_over_missions
from missions.writing.actions import draft_mission, publish_mission, save_draft, wording_of
from people.models import Leadership, Position, Unit, User
from pulse.actions import Guess, answer_pulse, open_pulse, settle_pulse
from pulse.models import PulseAnswer, PulseInvitation, PulseRound
from pulse.rules import invited_to
from pulse.tasks import keep_pulses
from reminders.due import due_reminders

ACTIVITIES = ("Besøke dem som trenger oss", "Lære bort egenmestring", "Melde fra i tide")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    viewer: User
    data: dict[str, str] | None = None
    """Sent where the page answers to a form."""


def run(report: Report, size: Size) -> None:
    call_command("prepare", verbosity=0)
    usual = connection.settings_dict["NAME"]
    small = f"{usual}_demo"
    report.note("missions: the demo")
    loaded(load_demo if size.loads_demo else lambda: load(size))
    copy_database(usual, small)
    if size.loads_demo:
        report.note("missions: a whole municipality")
        loaded(lambda: load(size))
    try:
        compare(report, size, small, usual)
    finally:
        use_database(usual)
    for measure in (writing_to_many, saving, pulse, sweeps):
        with transaction.atomic():
            measure(report, size)
            transaction.set_rollback(True)


def loaded(load_it: Callable[[], None]) -> None:
    empty_the_database()
    load_it()
    fill()


def compare(report: Report, size: Size, small: str, large: str) -> None:
    """By turns, a few requests each, and the least of them: other work only ever adds."""
    asked = {database: prepared(database) for database in (small, large)}
    for small_page, large_page in zip(asked[small], asked[large], strict=True):
        of = {small: small_page, large: large_page}
        name = f"missions.{large_page[0].name}"
        taken = {database: [math.inf] for database in of}
        for database in [small, large] * size.turns:
            use_database(database)
            taken[database] += requests(*of[database], size.turns)
        report.add(name, 1000 * min(taken[large]), "ms", beside=1000 * min(taken[small]))
        count = {database: in_database(database, *of[database]) for database in of}
        report.add(f"{name}.queries", count[large], "queries", most=count[small])


def prepared(database: str) -> list[tuple[Page, Client]]:
    use_database(database)
    return [(page, client_of(page.viewer.email)) for page in pages()]


def in_database(database: str, page: Page, client: Client) -> int:
    use_database(database)
    return counted(page, client)


def use_database(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def copy_database(source: str, copy: str) -> None:
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{source}"')


def load_demo() -> None:
    subprocess.run(
        [sys.executable, "manage.py", "seed_demo"],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def requests(page: Page, client: Client, count: int) -> list[float]:
    """The first two, on a connection that is new, are not counted."""
    for _number in range(2):
        answered(page, client)
    spent = processor_clock()
    return [seconds(lambda: answered(page, client), clock=spent) for _number in range(count)]


def processor_clock() -> Callable[[], float]:
    """The processor's seconds; the wall's where the database is not on this machine."""
    if not connection.settings_dict["HOST"].startswith("/"):
        return time.perf_counter
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        database = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not database.exists():
        return time.perf_counter
    return lambda: time.process_time() + int(database.read_text().split()[0]) / 1e9


def answered(page: Page, client: Client) -> None:
    ask = client.get if page.data is None else client.post
    status = ask(page.path, page.data).status_code
    if status != 200:
        raise RuntimeError(f"{page.path} answered {status}")


def counted(page: Page, client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        answered(page, client)
    return len(captured)


def seconds(work: Callable[[], object], *, clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


# what every unit has


def fill() -> None:
    with transaction.atomic():
        give_every_unit_a_mission()
        with connection.cursor() as cursor:
            for sql in (_READ_SQL, _CONTRIBUTED_SQL, _ROUNDS_SQL, _INVITED_SQL):
                cursor.execute(sql)
        open_rounds_of_the_cast()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def give_every_unit_a_mission() -> None:
    """From the top down, so that each is written under the one above it."""
    units: defaultdict[int, list[Unit]] = defaultdict(list)
    by_id = {unit.pk: unit for unit in Unit.objects.all()}
    for unit in by_id.values():
        units[depth(unit, by_id)].append(unit)
    leaders = dict(
        Leadership.objects.valid_on(timezone.localdate()).values_list("unit_id", "user_id")
    )
    anybody = User.objects.order_by("pk")[0].pk
    for level in sorted(units):
        held = {
            version.mission.unit_id: version
            for version in MissionVersion.objects.current().with_content()
        }
        missing = [unit for unit in units[level] if unit.pk not in held]
        publish_all(
            missing, held, by_id, {unit.pk: leaders.get(unit.pk, anybody) for unit in missing}
        )


def depth(unit: Unit, by_id: dict[int, Unit]) -> int:
    return 0 if unit.parent_id is None else 1 + depth(by_id[unit.parent_id], by_id)


def publish_all(
    units: list[Unit],
    held: dict[int, MissionVersion],
    by_id: dict[int, Unit],
    leaders: dict[int, int],
) -> None:
    known = {mission.unit_id: mission for mission in Mission.objects.filter(unit__in=units)}
    new = Mission.objects.bulk_create(Mission(unit=one) for one in units if one.pk not in known)
    known |= {mission.unit_id: mission for mission in new}
    MissionVersion.objects.drafts().filter(mission__unit__in=units).delete()
    versions = MissionVersion.objects.bulk_create(
        draft_for(known[unit.pk], above(unit, held, by_id), leaders[unit.pk]) for unit in units
    )
    CoreActivity.objects.bulk_create(
        CoreActivity(version=version, order=order, text=text)
        for version in versions
        for order, text in enumerate(ACTIVITIES, start=1)
    )
    for version in versions:
        version.state, version.reading = VersionState.PUBLISHED, version.number
        version.published_at = version.drafted_at
        version.published_by_id = version.drafted_by_id
    fields = ["state", "reading", "published_at", "published_by"]
    MissionVersion.objects.bulk_update(versions, fields, batch_size=500)


def above(
    unit: Unit, held: dict[int, MissionVersion], by_id: dict[int, Unit]
) -> MissionVersion | None:
    while unit.parent_id is not None:
        unit = by_id[unit.parent_id]
        if unit.pk in held:
            return held[unit.pk]
    return None


def draft_for(mission: Mission, above: MissionVersion | None, leader: int) -> MissionVersion:
    return MissionVersion(
        mission=mission,
        number=1,
        core_task=f"{mission.unit.name} gjør hverdagen tryggere for dem som trenger oss.",
        for_whom="De som bor i nærheten og trenger hjelp",
        contribution="Vi er øynene og ørene ute hos folk." if above else "",
        above=above,
        serves=above.core_activities.all()[0] if above else None,
        drafted_by_id=leader,
        drafted_at=timezone.now() - 400 * DAY,
    )


_HELD = """
    SELECT DISTINCT ON (mission.unit_id) mission.unit_id, version.id, version.published_by_id
    FROM missions_missionversion version JOIN missions_mission mission
      ON mission.id = version.mission_id
    WHERE version.state = 'published' ORDER BY mission.unit_id, version.number DESC
"""
_WORKS = "SELECT DISTINCT unit_id, user_id FROM people_position WHERE valid_to IS NULL"

_READ_SQL = f"""
    INSERT INTO missions_acknowledgement (version_id, user_id, acknowledged_at)
    SELECT held.id, works.user_id, now() - interval '300 days'
    FROM ({_HELD}) held JOIN ({_WORKS}) works USING (unit_id)
    WHERE works.user_id % 10 < 7 AND works.user_id <> held.published_by_id
    ON CONFLICT DO NOTHING
"""  # noqa: S608 (constants)
_CONTRIBUTED_SQL = f"""
    INSERT INTO missions_contribution
        (user_id, unit_id, text, written_at, shared_with_id, shared_at)
    SELECT works.user_id, works.unit_id, 'Jeg ringer før jeg kommer, og sier fra i tide.', now(),
        led.user_id, CASE WHEN led.user_id IS NOT NULL THEN now() END
    FROM ({_WORKS}) works LEFT JOIN people_leadership led ON led.unit_id = works.unit_id
      AND led.valid_to IS NULL AND led.user_id <> works.user_id AND works.user_id % 3 = 0
    WHERE works.user_id % 2 = 0
    ON CONFLICT DO NOTHING
"""  # noqa: S608 (constants)
_ROUNDS_SQL = f"""
    INSERT INTO pulse_pulseround (unit_id, version_id, opened_by_id, opened_at, opens_on,
        closes_on, guess_yes, guess_partly, guess_no, salt, settled_at, result, answers, yes, other,
        is_unsure_of_mission, is_unsure_of_for_whom, is_unsure_of_contribution)
    SELECT held.unit_id, held.id, held.published_by_id, now() - nth.n * interval '130 days',
        current_date - nth.n * 130, current_date - nth.n * 130 + 14, works.people, 0, 0,
        gen_random_uuid(), now() - nth.n * interval '130 days' + interval '15 days', 'merged',
        works.people, works.people - 2, 2, false, false, false
    FROM ({_HELD}) held
    JOIN (SELECT unit_id, count(*) AS people FROM ({_WORKS}) one GROUP BY unit_id) works
      USING (unit_id)
    CROSS JOIN generate_series(1, 2) nth(n)
    WHERE works.people >= {SMALL_GROUP}
      AND NOT EXISTS (SELECT FROM pulse_pulseround round WHERE round.unit_id = held.unit_id)
"""  # noqa: S608 (constants)
_INVITED_SQL = f"""
    INSERT INTO pulse_pulseinvitation (round_id, user_id, has_answered)
    SELECT round.id, works.user_id, true FROM pulse_pulseround round
    JOIN ({_WORKS}) works USING (unit_id)
    WHERE round.result = 'merged' AND NOT EXISTS
        (SELECT FROM pulse_pulseinvitation one WHERE one.round_id = round.id)
"""  # noqa: S608 (constants)


def open_rounds_of_the_cast() -> None:
    """One that waits for the employee of the demo."""
    unit = clinic()
    leader, now = person("leader"), timezone.now()
    PulseRound.objects.filter(unit=unit).delete()  # a round may not follow close on another
    people = invited_to(unit, leader, now.date()).count()
    open_pulse(
        unit=unit,
        guess=Guess(people, 0, 0),
        opens_on=now.date(),
        closes_on=now.date() + 14 * DAY,
        by=leader,
        now=now,
    )


# the pages


def person(key: str) -> User:
    email = next(one.email for one in DEMO_CAST if one.key == key)
    return User.objects.get(email=email)


def clinic() -> Unit:
    unit: Unit = Leadership.objects.get(user=person("leader"), valid_to=None).unit
    return unit


def pages() -> list[Page]:
    leader, employee, hr = person("leader"), person("employee"), person("hr")
    unit = clinic()
    top = Unit.objects.get(parent=None)
    director = Leadership.objects.get(unit=top, valid_to=None).user
    held = MissionVersion.objects.current().get(mission__unit=unit)
    draft = draft_mission(unit=unit, by=leader, now=timezone.now())
    share_draft(version=draft, by=leader, now=timezone.now())
    waiting = PulseInvitation.objects.get(user=employee, round__settled_at=None, round__unit=unit)
    agency = unit.agency or unit
    plain = [
        ("home", "home", [], [leader, employee, hr, director]),
        ("mine", "missions:mine", [], [leader, employee, hr, director]),
        ("unit", "missions:unit", [unit.pk], [leader, employee]),
        ("unit, the top", "missions:unit", [top.pk], [director]),
        ("short", "missions:for_unit", [unit.pk], [employee]),
        ("version", "missions:version", [held.pk], [leader, employee]),
        ("version, shared draft", "missions:version", [draft.pk], [employee]),
        ("changes", "missions:changes", [draft.pk], [leader]),
        ("write", "missions:edit", [draft.pk], [leader]),
        ("publish", "missions:publish", [draft.pk], [leader]),
        ("readers", "missions:readers", [held.pk], [leader]),
        ("ask", "missions:ask", [held.pk], [leader]),
        ("questions", "missions:questions", [], [leader, director]),
        ("contribution", "missions:contribution", [unit.pk], [employee]),
        ("contributions", "missions:contributions", [], [leader, director]),
        ("coverage", "missions:coverage", [], [leader, hr, director]),
        ("coverage below", "missions:coverage_of_unit", [top.pk], [hr]),
        ("coverage below agency", "missions:coverage_of_unit", [agency.pk], [hr]),
        ("glossary", "missions:glossary", [], [employee]),
        ("pulse", "pulse:pulse", [unit.pk], [leader]),
        ("pulse, open", "pulse:open_pulse", [unit.pk], [leader]),
        ("pulse, memory", "pulse:answer_pulse", [waiting.round_id], [employee]),
    ]
    names = {leader.pk: "leader", employee.pk: "employee", hr.pk: "hr", director.pk: "director"}
    found = [
        Page(f"{name}, {names[viewer.pk]}", reverse(url, args=args), viewer)
        for name, url, args, viewers in plain
        for viewer in viewers
    ]
    answer = reverse("pulse:answer_pulse", args=[waiting.round_id])
    return [*found, Page("pulse, answer, employee", answer, employee, {"remembered": "1"})]


# what is done to many at once


def writing_to_many(report: Report, size: Size) -> None:
    """Sharing and publishing in a unit with thousands of people, letters and all."""
    unit, leader = clinic(), person("leader")
    others = User.objects.exclude(pk__in=unit.positions.values("user")).order_by("pk")[: size.staff]
    Position.objects.bulk_create(
        Position(user=one, unit=unit, title="Konsulent", valid_from=timezone.localdate())
        for one in others
    )
    draft = draft_mission(unit=unit, by=leader, now=timezone.now())
    wording = wording_of(MissionVersion.objects.current().with_content().get(mission__unit=unit))
    MissionVersion.objects.filter(pk=draft.pk).update(shared_at=None)
    save_draft(version=draft, wording=wording, by=leader, now=timezone.now())
    now = timezone.now()
    sharing = seconds(lambda: share_draft(version=draft, by=leader, now=now))
    publishing = seconds(lambda: publish_mission(version=draft, by=leader, now=now))
    report.add(f"missions.share with {size.staff}", sharing, "s", most=10)
    report.add(f"missions.publish to {size.staff}", publishing, "s", most=10)


def saving(report: Report, _size: Size) -> None:
    leader = person("leader")
    draft = draft_mission(unit=clinic(), by=leader, now=timezone.now())
    wording = wording_of(draft)
    taken = seconds(
        lambda: save_draft(version=draft, wording=wording, by=leader, now=timezone.now())
    )
    report.add("missions.save a draft", taken * 1000, "ms")


def pulse(report: Report, _size: Size) -> None:
    """An answer among those of the clinic, and settling beside every round that is shown."""
    open_round = PulseRound.objects.unsettled().get(unit=clinic())
    asked = [one.user for one in open_round.invitations.select_related("user")]
    today = timezone.localdate()

    def answer(one: User) -> None:
        answer_pulse(
            pulse=open_round, answer=PulseAnswer.YES, unsure=frozenset(), by=one, today=today
        )

    waiting = [one for one in asked if not has_answered(open_round, one)]
    each = [seconds(lambda one=one: answer(one)) for one in waiting]
    report.add("missions.answer a pulse", max(each) * 1000, "ms")
    settling = seconds(
        lambda: settle_pulse(pulse=open_round, by=None, now=timezone.now() + 15 * DAY)
    )
    report.add("missions.settle a pulse", settling * 1000, "ms")


def has_answered(pulse: PulseRound, one: User) -> bool:
    return PulseInvitation.objects.filter(round=pulse, user=one, has_answered=True).exists()


def sweeps(report: Report, _size: Size) -> None:
    """What the beat starts: most often there is nothing to do."""
    now = timezone.now()
    report.add("missions.sweep, handing over", seconds(lambda: hand_over_missions(now=now)), "s")
    report.add("missions.sweep, pulses", seconds(keep_pulses), "s")
    report.add("missions.sweep, reminders", seconds(lambda: due_reminders(now)), "s")
