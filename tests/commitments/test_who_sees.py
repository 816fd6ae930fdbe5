"""«Hvem ser dette?»: on each page of the room once, and each sentence of it true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.follow_up.actions import write_private_note
from commitments.follow_up.overdue import leaders_below, unheld_by
from commitments.leader_changes.actions import part_those_who_moved
from commitments.models import Agreement, FollowUp, Note, PrivateNote, Revision, Share
from commitments.pausing.actions import pause_agreement
from commitments.signing_authority import revisions_to_sign_for
from commitments.visibility_text import (
    who_sees,
    who_sees_list,
    who_sees_private_note,
    who_sees_unheld,
    who_will_see,
)
from outbox.models import Letter
from people.models import Leadership, User
from tests import clock
from tests.access.commitments import urls
from tests.cast import KINDS, Cast
from tests.commitments.factories import (
    make_agreed,
    make_agreement,
    make_signed,
    make_substitution,
)
from tests.commitments.test_above import COLLEAGUES, plan
from tests.commitments.test_parting import leave, new_leader, parted, shared

SignedIn = Callable[[User], Client]
QUESTION = "Hvem ser dette?"
FILES = (
    "commitments:pdf",
    "commitments:paper_pdf",
    "commitments:autosave",
    "commitments:autosave_answer",
)
"""What is no page: documents, and what a script is answered."""


def test_each_page_of_the_room_says_it_once(cast: Cast, signed_in: SignedIn) -> None:
    wrong, seen = [], set()
    for row in urls(cast):
        kinds = [kind for kind in KINDS if row.expected[kind] == 200]
        if not kinds or row.name in FILES:
            continue
        kind = "employee" if "employee" in kinds else kinds[-1]
        url = reverse(row.name, args=row.args, kwargs=row.kwargs)
        with transaction.atomic():
            browser = signed_in(getattr(cast, kind))
            page = getattr(browser, row.method)(url, row.data).content.decode()
            transaction.set_rollback(True)
        seen.add(row.name)
        if page.count(QUESTION) != 1:
            wrong.append((row.name, row.method, page.count(QUESTION)))
    assert wrong == []
    assert len(seen) >= 20


# True of an agreement that goes on


def readers(agreement: Agreement, cast: Cast) -> set[str]:
    everybody = {kind: getattr(cast, kind) for kind in KINDS}
    return {
        kind
        for kind, person in everybody.items()
        if Agreement.objects.visible_to(person, on=clock.today()).filter(pk=agreement.pk).exists()
        or Revision.objects.visible_to(person, on=clock.today())
        .filter(agreement=agreement)
        .exists()
        or Note.objects.visible_to(person, on=clock.today())
        .filter(revision__agreement=agreement)
        .exists()
        or FollowUp.objects.visible_to(person, on=clock.today())
        .filter(agreement=agreement)
        .exists()
    }


def test_only_the_two_and_no_leader_who_has_moved(cast: Cast) -> None:
    agreement = make_agreement(cast)
    assert who_sees(agreement)[0] == (
        "Bare Liv Dahl og Even Moen. Bytter en av dere jobb, kan lederen ikke lenger lese den."
    )
    assert readers(agreement, cast) == {"leader", "employee"}
    new_leader(cast)
    assert readers(agreement, cast) == {"employee"}


def test_the_leader_above_may_learn_that_a_talk_is_not_held(cast: Cast) -> None:
    today = timezone.localdate()
    agreement = make_signed(cast, follow_up_on=today - dt.timedelta(days=9)).agreement
    sentence = "Lederen over Liv Dahl kan få vite at en samtale ikke er holdt, uten navn og dag."
    assert sentence in who_sees(agreement)
    plan(cast.leader, cast.unit, *COLLEAGUES)
    assert unheld_by(leaders_below(cast.manager, today), today).leaders == [cast.leader]
    assert readers(agreement, cast) == {"leader", "employee"}


def test_no_other_leader_no_hr_and_no_administrator(cast: Cast) -> None:
    agreement = make_signed(cast).agreement
    sentence = "Det som står her, ser ingen ledere over, ikke HR og ingen administrator."
    for said in (who_sees(agreement), who_sees_list(), who_will_see()):
        assert sentence in said
    assert readers(agreement, cast).isdisjoint({"manager", "hr", "administrator", "organiser"})


def test_a_stand_in_and_a_new_leader_are_told_of_before_there_is_one(cast: Cast) -> None:
    """The list said that only the two of each see it, above one that a third had been shown."""
    stands_in = "Er lederen borte, kan en stedfortreder lese det dere er enige om, og signere det."
    for said in (who_sees_list(), who_will_see()):
        assert stands_in in said
    agreed = make_agreed(cast)
    make_substitution(cast)
    assert revisions_to_sign_for(cast.stranger, clock.today()).get() == agreed
    shares = (
        "Har lederen gått videre, kan medarbeideren dele det de signerte med den nye lederen, "
        "som kan lese det."
    )
    assert shares in who_sees_list()


def test_no_letter_says_that_only_the_two_can_read(cast: Cast) -> None:
    """Whoever stands in reads what waits for the leader's signature."""
    make_signed(cast)
    make_substitution(cast)
    told = "\n".join(Letter.objects.values_list("text", flat=True))
    assert "der står det hvem andre som kan lese det" in told
    assert "Bare dere to" not in told


def test_reports_count_that_it_is_signed(cast: Cast, signed_in: SignedIn) -> None:
    """And neither a pause nor a move changes what HR sees."""
    agreement = make_signed(cast).agreement
    assert "Rapporter teller bare at en avtale er signert." in who_sees(agreement)

    def report() -> str:
        url = reverse("reports:participation")
        page = signed_in(cast.hr).get(url).content.decode()
        return page.partition("<main")[2].partition("</main>")[0]

    before = report()
    assert cast.employee.name not in before
    pause_agreement(agreement=agreement, resumes_on=None, by=cast.leader, now=timezone.now())
    assert report() == before
    new_leader(cast)
    assert Agreement.objects.signed().count() == 1
    assert report() == before


# True of one that was left behind


def test_after_parting_the_employee_alone(cast: Cast) -> None:
    agreement = parted(cast)
    said = who_sees(agreement)
    assert said[0] == "Bare Even Moen."
    assert said[1].startswith("Liv Dahl leste den til ")
    assert readers(agreement, cast) == {"employee"}
    assert not any("Lederen over" in sentence for sentence in said)
    assert FollowUp.objects.due(timezone.localdate() + dt.timedelta(days=999)).count() == 0


def test_while_a_change_of_leader_waits_the_employee_alone(cast: Cast) -> None:
    agreement = make_agreement(cast)
    leave(cast)
    part_those_who_moved(now=timezone.now())
    agreement.refresh_from_db()
    said = who_sees(agreement)
    assert said[:2] == [
        "Bare Even Moen.",
        "Liv Dahl står ikke lenger som leder her, og kan ikke lese den imens.",
    ]
    assert readers(agreement, cast) == {"employee"}
    assert not any("Lederen over" in sentence for sentence in said)


def test_while_the_end_of_a_share_waits_the_employee_alone(cast: Cast) -> None:
    agreement, successor = shared(cast)
    Leadership.objects.filter(user=successor).update(user=cast.stranger)
    part_those_who_moved(now=timezone.now())
    said = who_sees(agreement, share=agreement.shares.get())
    assert said[:2] == [
        "Bare Even Moen.",
        "Nina Ny, som den er delt med, står ikke lenger som leder, og kan ikke lese den.",
    ]
    assert Share.objects.visible_to(successor, on=clock.today()).count() == 0


def test_shared_is_what_was_signed_and_nothing_else(cast: Cast, signed_in: SignedIn) -> None:
    agreement, successor = shared(cast)
    share = agreement.shares.get()
    said = who_sees(agreement, share=share)[0]
    assert said == (
        "Even Moen, og Nina Ny, som kan lese det som ble signert. Ikke merknader, samtaler "
        "eller det som ikke ble signert."
    )
    assert Note.objects.filter(revision__agreement=agreement).exists()
    assert Note.objects.visible_to(successor, on=clock.today()).count() == 0
    assert FollowUp.objects.visible_to(successor, on=clock.today()).count() == 0
    page = signed_in(successor).get(reverse("commitments:shared", args=[agreement.pk]))
    assert said in page.content.decode()


# True of the others


@pytest.mark.parametrize(("who", "sentences"), [("leader", 2), ("employee", 1)])
def test_a_private_note_is_ones_own(cast: Cast, who: str, sentences: int) -> None:
    agreement = make_signed(cast, follow_up_on=timezone.localdate()).agreement
    author = getattr(cast, who)
    other = agreement.counterpart_of(author)
    said = who_sees_private_note(agreement, author)
    assert said[0] == f"Bare du. Heller ikke {other.name}."
    assert len(said) == sentences
    write_private_note(
        follow_up=agreement.follow_ups.get(), text="Mitt", by=author, now=timezone.now()
    )
    assert PrivateNote.objects.visible_to(other, on=clock.today()).count() == 0
    new_leader(cast)
    assert PrivateNote.objects.count() == (0 if who == "leader" else 1)


def test_the_list_of_what_is_not_held_names_leaders_alone(cast: Cast) -> None:
    """Proved page by page in test_above.py; here that the words are those of the page."""
    assert who_sees_unheld() == [
        "Bare du, om lederne rett under deg.",
        "Du ser ikke hvem samtalen er med, når den skulle vært, eller hva den gjelder.",
        "En leder nevnes bare når samtalen kan være med minst fem.",
    ]


def test_from_the_first_word(cast: Cast, signed_in: SignedIn) -> None:
    assert "Bare dere to, fra første ord." in who_will_see()
    agreement = make_agreement(cast)
    assert readers(agreement, cast) == {"leader", "employee"}
