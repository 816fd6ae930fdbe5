"""From the leader's draft to the gap, in bokmål at a desk and in English on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

from ballots.disclosure import FEWEST_TOPIC
from common.small_groups import in_words
from missions.contribution.actions import share_contribution, write_contribution
from missions.glossary.actions import explain_term
from missions.models import MissionVersion
from missions.questions.actions import ask_question
from people.models import User
from pulse.models import PulseRound, Unsure
from tests.cast import Cast
from tests.factories import make_employee
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.missions.factories import make_draft, make_mission
from tests.pulse.factories import make_pulse, say_all, settle

TASK = "Vi gjør hverdagen trygg for dem som bor hjemme."
ACTIVITIES = ["Besøke dem som trenger oss", "Lære bort egenmestring", "Melde fra i tide"]
Check = Callable[[Page], None]


@pytest.fixture(params=["desktop nb", "phone en"])
def setting(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def width(setting: str) -> str:
    return setting.split()[0]


@pytest.fixture
def language(setting: str) -> str:
    return setting.split()[1]


class Visitor:
    """A person's window, where everything is found by the words in their language."""

    def __init__(self, page: Page, language: str, check: Check) -> None:
        self.page, self.language, self.check = page, language, check

    def word(self, bokmal: str, **values: object) -> str:
        with override(self.language):
            return gettext(bokmal) % values if values else gettext(bokmal)

    def go(self, path: str) -> None:
        self.page.goto(path)
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def press(self, bokmal: str, *, exact: bool = True) -> None:
        button = self.page.get_by_role("button", name=self.word(bokmal), exact=exact).first
        follow(button)

    def follow(self, bokmal: str) -> None:
        follow(self.page.get_by_role("link", name=self.word(bokmal)).first)

    def field(self, name: str) -> Locator:
        return self.page.locator(f"[name={name}]")

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()
        self.check(self.page)


@pytest.fixture
def visitor(
    browser_of: Callable[[User], Page], has_no_barriers: Check, language: str
) -> Callable[[User], Visitor]:
    def open_browser(user: User) -> Visitor:
        user.language = language
        user.save(update_fields=["language"])
        return Visitor(browser_of(user), language, has_no_barriers)

    return open_browser


def write_and_share(leader: Visitor) -> None:
    leader.go("/oppdrag/")
    leader.press("Skriv oppdraget")
    leader.field("core_task").fill(TASK)
    leader.field("for_whom").fill("De som bor hjemme og trenger hjelp")
    for place, text in enumerate(ACTIVITIES, start=1):
        leader.field(f"activity_{place}").fill(text)
    leader.field("contribution").fill("Vi er øynene og ørene ute hos folk.")
    leader.field("serves").first.check()
    leader.press("Lagre utkastet")
    leader.check(leader.page)
    leader.press("Del utkastet med enheten")
    leader.sees(TASK)


def comment(employee: Visitor) -> None:
    employee.go("/oppdrag/")
    employee.follow("Les og kommenter utkastet")
    employee.sees(TASK)
    employee.field("text").fill("Fint, men hva er i tide?")
    employee.press("Send kommentaren")
    employee.sees("Fint, men hva er i tide?")


def publish(leader: Visitor) -> None:
    leader.go("/")
    leader.page.get_by_role("link", name=leader.word("Skriv videre")).click()
    leader.sees("Fint, men hva er i tide?")
    leader.press("Se over og publiser")
    leader.sees(TASK)
    leader.press("Publiser")
    leader.sees(TASK)


def read(employee: Visitor) -> None:
    """By the one button of «Min side»."""
    employee.go("/")
    follow(employee.page.locator(".lp-next .pkt-btn").first)
    employee.sees(TASK)
    employee.press("Lest og forstått")
    employee.sees(TASK)


def contribute(employee: Visitor) -> None:
    """The next step of «Min side» is now the contribution."""
    employee.go("/")
    follow(employee.page.locator(".lp-next .pkt-btn").first)
    employee.field("text").fill("Jeg ringer før jeg kommer.")
    follow(employee.page.locator("button[name=share]"))
    employee.sees("Jeg ringer før jeg kommer.")


def guess(leader: Visitor, unit: int) -> None:
    leader.go(f"/oppdrag/enhet/{unit}/puls/ny/")
    for name, number in (("guess_yes", "6"), ("guess_partly", "0"), ("guess_no", "0")):
        leader.field(name).fill(number)
    leader.check(leader.page)
    follow(leader.page.locator("main button[type=submit]").first)
    expect(leader.page).to_have_url(re.compile(r"/puls/$"))
    leader.check(leader.page)


def answer(person: Visitor, pulse: PulseRound, value: str) -> None:
    person.go(f"/oppdrag/puls/{pulse.pk}/")
    person.field("remembered_mission").fill("Noe om trygghet")
    person.check(person.page)
    person.press("Vis oppdraget")
    person.sees("Noe om trygghet")
    person.page.locator(f"input[name=answer][value={value}]").check()
    if value == "partly":
        person.page.locator("input[name=unsure][value=contribution]").check()
    person.press("Send svaret")
    person.sees(person.word("Takk for svaret"))


def test_from_a_draft_to_the_gap(
    cast: Cast, stack: Stack, visitor: Callable[[User], Visitor]
) -> None:
    # given a mission above, and six who work in the unit
    make_mission(cast.department, by=cast.manager)
    colleagues = [make_employee(cast.unit, f"Kollega {number}") for number in range(5)]
    leader, employee = visitor(cast.leader), visitor(cast.employee)

    # when the leader writes and shares, the employee comments, and the leader publishes
    write_and_share(leader)
    stack.mailbox.wait_for_letter(cast.employee.email, subject=cast.unit.name)
    comment(employee)
    publish(leader)

    # then the employee reads and contributes, and the leader sees both
    read(employee)
    contribute(employee)
    leader.go("/oppdrag/bidrag/")
    leader.sees("Jeg ringer før jeg kommer.")
    leader.go(f"/oppdrag/versjon/{MissionVersion.objects.current_for(cast.unit).pk}/lesere/")
    leader.sees(cast.employee.name)

    # and when the leader has guessed and six have answered
    guess(leader, cast.unit.pk)
    pulse = PulseRound.objects.get()
    people = [employee, *(visitor(colleague) for colleague in colleagues)]
    for person, value in zip(
        people, ["partly", "partly", "partly", "partly", "yes", "yes"], strict=True
    ):
        answer(person, pulse, value)

    # then the leader sees how far off the guess was, and what to talk about, when it is over
    settle(pulse)
    leader.go("/")
    leader.go(f"/oppdrag/enhet/{cast.unit.pk}/puls/")
    said = leader.page.get_by_role("listitem").filter(has_text=leader.word("Nja eller nei"))
    expect(said).to_contain_text(f"{leader.word('De svarte')} 4")
    unsure = {"fewest": in_words(FEWEST_TOPIC), "topics": Unsure.CONTRIBUTION.label_to_leader}
    leader.sees(leader.word("Minst %(fewest)s er usikre på: %(topics)s.", **unsure))


def test_a_question_goes_up_and_the_answer_comes_back(
    cast: Cast, stack: Stack, visitor: Callable[[User], Visitor]
) -> None:
    # given a mission under another
    above = make_mission(cast.department, by=cast.manager)
    version = make_mission(cast.unit, by=cast.leader, above=above)
    leader, manager = visitor(cast.leader), visitor(cast.manager)

    # when the leader asks, and the manager answers from «Min side»
    leader.go(f"/oppdrag/versjon/{version.pk}/")
    leader.follow("Send et spørsmål oppover")
    leader.field("text").fill("Gjelder dette helgene?")
    leader.field("answer_by").fill(timezone.localdate().isoformat())
    leader.press("Send spørsmålet")
    leader.sees("Gjelder dette helgene?")
    stack.mailbox.wait_for_letter(cast.manager.email, subject=cast.unit.name)
    manager.go("/")
    follow(manager.page.locator(".lp-next .pkt-btn").first)
    manager.sees("Gjelder dette helgene?")
    manager.field("answer").fill("Ja, også helgene.")
    manager.press("Send svaret")

    # then the one who asked is told, and sees it
    stack.mailbox.wait_for_letter(cast.leader.email, subject=cast.department.name)
    leader.go("/oppdrag/sporsmal/")
    leader.sees("Ja, også helgene.")


def test_a_word_is_explained_by_keyboard_and_by_touch(
    cast: Cast, visitor: Callable[[User], Visitor]
) -> None:
    now = timezone.now()
    explain_term(word="Mestring", explanation="Å klare seg selv", by=cast.administrator, now=now)
    version = make_mission(cast.unit, core_task="Vi gir mestring")
    reader = visitor(cast.employee)
    reader.go(f"/oppdrag/versjon/{version.pk}/")
    word = reader.page.get_by_role("button", name="mestring", exact=True)
    explanation = reader.page.get_by_role("dialog", name="Mestring")
    expect(explanation).to_be_hidden()
    word.focus()
    reader.page.keyboard.press("Enter")
    expect(explanation).to_be_visible()
    reader.check(reader.page)
    reader.page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()
    expect(word).to_be_focused()
    word.click()
    explanation.get_by_role("button").click()
    expect(explanation).to_be_hidden()


def paths(cast: Cast) -> list[tuple[User, str]]:
    """Every page of the room, to whom it says the most."""
    now, today = timezone.now(), timezone.localdate()
    term = explain_term(word="Hverdag", explanation="Det meste", by=cast.administrator, now=now)
    above = make_mission(cast.department, by=cast.manager)
    old = make_mission(cast.unit, by=cast.leader, above=above, contribution="Vi bidrar")
    held = make_mission(cast.unit, by=cast.leader, above=above, contribution="Vi bidrar mer")
    draft = make_draft(cast.unit, by=cast.leader, above=above, shared_at=now)
    question = ask_question(version=held, text="Hva?", answer_by=today, by=cast.leader, now=now)
    for unit, person in ((cast.unit, cast.employee), (cast.unit, cast.leader)):
        write_contribution(unit=unit, text="Mitt bidrag", by=person, now=now)
    share_contribution(unit=cast.unit, by=cast.employee, now=now)
    settled = make_pulse(cast, unit=cast.department, colleagues=6)
    say_all(settled, "ja ja nja nja nja")
    settle(settled)
    pulse = make_pulse(cast)
    leader, employee, manager = cast.leader, cast.employee, cast.manager
    unit, other = cast.unit.pk, cast.sibling_unit.pk
    return [
        *((who, path) for who in (leader, employee, cast.hr, cast.organiser) for path in BOTH),
        (employee, f"/oppdrag/enhet/{unit}/"),
        (leader, f"/oppdrag/enhet/{unit}/"),
        (manager, f"/oppdrag/enhet/{other}/"),
        (employee, f"/oppdrag/enhet/{unit}/bidrag/"),
        (leader, "/oppdrag/bidrag/"),
        (leader, "/oppdrag/dekning/"),
        (cast.hr, f"/oppdrag/dekning/{cast.agency.pk}/"),
        (employee, "/oppdrag/ordliste/"),
        (cast.administrator, "/oppdrag/ordliste/nytt/"),
        (cast.administrator, f"/oppdrag/ordliste/{term.pk}/"),
        (employee, f"/oppdrag/versjon/{held.pk}/"),
        (employee, f"/oppdrag/versjon/{old.pk}/"),
        (employee, f"/oppdrag/versjon/{draft.pk}/"),
        (leader, f"/oppdrag/versjon/{held.pk}/endringer/"),
        (leader, f"/oppdrag/versjon/{draft.pk}/skriv/"),
        (leader, f"/oppdrag/versjon/{draft.pk}/publiser/"),
        (leader, f"/oppdrag/versjon/{held.pk}/sporsmal/"),
        (leader, f"/oppdrag/versjon/{held.pk}/lesere/"),
        (manager, "/oppdrag/sporsmal/"),
        (manager, f"/oppdrag/sporsmal/{question.pk}/"),
        (leader, f"/oppdrag/enhet/{unit}/puls/"),
        (manager, f"/oppdrag/enhet/{cast.department.pk}/puls/"),
        (leader, f"/oppdrag/enhet/{unit}/puls/ny/"),
        (employee, f"/oppdrag/puls/{pulse.pk}/"),
    ]


BOTH = ("/", "/oppdrag/")


@pytest.mark.parametrize("setting", ["desktop nb", "desktop en", "phone nb", "phone en"])
def test_no_page_of_the_room_has_a_barrier(
    cast: Cast, visitor: Callable[[User], Visitor], width: str
) -> None:
    windows: dict[int, Visitor] = {}
    for person, path in paths(cast):
        if person.pk not in windows:
            windows[person.pk] = visitor(person)
        window = windows[person.pk]
        window.go(path)
        window.check(window.page)
        widest = window.page.evaluate("document.documentElement.scrollWidth")
        assert (path, widest <= {"desktop": 1360, "phone": 390}[width]) == (path, True)
