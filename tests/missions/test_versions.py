"""Minor and material versions, what changed between them, and drafts shared for comments."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from missions.differences import MissionPiece, differences
from missions.line_of_sight import line_of_sight
from missions.models import DraftComment, MissionChange, MissionVersion
from missions.questions.actions import comment_on_draft, share_draft
from missions.readers import readings_of
from missions.refusals import MissionRefused
from missions.writing.actions import publish_mission, save_draft, wording_of
from outbox.models import Letter
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee
from tests.missions.factories import make_acknowledgement, make_draft, make_mission


def minor(unit, **fields) -> MissionVersion:
    return make_mission(unit, change=MissionChange.MINOR, **fields)


def acknowledged_at(cast: Cast, version: MissionVersion):
    return MissionVersion.objects.with_reading_by(cast.employee).get(pk=version.pk).acknowledged_at


def test_a_minor_change_writes_to_nobody_and_asks_nobody_to_read_anew(cast: Cast, today) -> None:
    first = make_mission(cast.unit, by=cast.leader)
    make_acknowledgement(first, cast.employee)
    second = publish_mission(
        version=make_draft(cast.unit), by=cast.manager, now=clock.now(), change=MissionChange.MINOR
    )
    assert (second.reading, Letter.objects.count()) == (1, 0)
    assert acknowledged_at(cast, second) is not None
    assert [(one.user, bool(one.acknowledged_at)) for one in readings_of(second, today)] == [
        (cast.employee, True)
    ]


def test_a_material_change_writes_to_the_unit_and_asks_anew(cast: Cast) -> None:
    make_acknowledgement(make_mission(cast.unit, by=cast.leader), cast.employee)
    second = publish_mission(version=make_draft(cast.unit), by=cast.leader, now=clock.now())
    assert (second.reading, Letter.objects.get().recipient) == (2, cast.employee)
    assert acknowledged_at(cast, second) is None


def test_who_published_the_material_change_is_not_asked_about_another_s_minor_one(
    cast: Cast, today
) -> None:
    make_mission(cast.unit, by=cast.leader)
    later = minor(cast.unit, by=cast.manager)
    assert [one.user for one in readings_of(later, today)] == [cast.employee]


def test_the_first_version_is_never_minor(cast: Cast) -> None:
    with pytest.raises(MissionRefused, match="alltid vesentlig"):
        publish_mission(
            version=make_draft(cast.unit),
            by=cast.leader,
            now=clock.now(),
            change=MissionChange.MINOR,
        )


def test_the_database_refuses_a_minor_change_read_with_another_than_the_one_before(
    cast: Cast,
) -> None:
    make_mission(cast.unit)
    make_mission(cast.unit)
    draft = make_draft(cast.unit)
    published = {"state": "published", "published_at": clock.now(), "published_by": cast.leader}
    for reading, change in ((1, "minor"), (1, "material"), (None, "material"), (3, "minor")):
        with pytest.raises(IntegrityError), transaction.atomic():
            MissionVersion.objects.filter(pk=draft.pk).update(
                **published, reading=reading, change=change
            )
    assert MissionVersion.objects.filter(pk=draft.pk).update(**published, reading=2, change="minor")


def test_a_version_is_overtaken_by_a_material_change_only(cast: Cast) -> None:
    first = make_mission(cast.unit)
    minor(cast.unit)
    assert list(MissionVersion.objects.overtaken()) == []
    make_mission(cast.unit)
    assert {version.number for version in MissionVersion.objects.overtaken()} == {1, 2}
    assert first in MissionVersion.objects.overtaken()


def test_differences_are_words_that_came_and_went(cast: Cast) -> None:
    old = make_mission(cast.unit, core_task="Vi hjelper eldre hjem")
    new = make_mission(cast.unit, core_task="Vi hjelper syke hjem")
    task = differences(old, new)[0]
    assert (task.is_changed, task.paragraphs) == (
        True,
        [
            [
                MissionPiece("same", "Vi hjelper "),
                MissionPiece("removed", "eldre"),
                MissionPiece("added", "syke"),
                MissionPiece("same", " hjem"),
            ]
        ],
    )
    assert [one.is_changed for one in differences(old, new)[1:]] == [False, False]


def test_a_reworded_activity_is_the_same_one_and_a_new_one_is_new(cast: Cast) -> None:
    old = make_mission(cast.unit, activities=["Besøke dem hjemme", "Lytte", "Melde fra"])
    new = make_mission(cast.unit, activities=["Melde fra", "Besøke dem alle hjemme", "Øve"])
    activities = differences(old, new)[2].paragraphs
    assert activities == [
        [MissionPiece("same", "Melde fra")],
        [
            MissionPiece("same", "Besøke dem "),
            MissionPiece("added", "alle "),
            MissionPiece("same", "hjemme"),
        ],
        [MissionPiece("added", "Øve")],
        [MissionPiece("removed", "Lytte")],
    ]


def test_the_page_of_changes_says_in_words_what_came_and_went(cast: Cast, signed_in) -> None:
    old = make_mission(cast.unit, core_task="Gammel <oppgave>")
    new = make_mission(cast.unit, core_task="Ny <oppgave>")
    browser = signed_in(cast.stranger)
    html = browser.get(reverse("missions:changes", args=[new.pk])).content.decode()
    assert "fjernet: </span>Gammel" in html
    assert "lagt til: </span>Ny" in html
    assert "&lt;oppgave&gt;" in html
    assert browser.get(reverse("missions:changes", args=[old.pk])).status_code == 404


@pytest.mark.parametrize(("since", "number"), [("1", 1), ("", 2), ("x", 2)])
def test_a_version_is_compared_with_the_one_asked_for(cast: Cast, signed_in, since, number) -> None:
    make_mission(cast.unit)
    make_mission(cast.unit)
    new = make_mission(cast.unit)
    url = reverse("missions:changes", args=[new.pk])
    assert signed_in(cast.stranger).get(url, {"fra": since}).context["old"].number == number


def test_the_leader_chooses_how_much_is_new_and_the_choice_is_asked_for(
    cast: Cast, signed_in
) -> None:
    make_mission(cast.unit)
    draft = make_draft(cast.unit)
    browser, url = signed_in(cast.leader), reverse("missions:publish", args=[draft.pk])
    assert "Velg om endringen er vesentlig eller mindre." in browser.post(url).content.decode()
    browser.post(url, {"change": "minor"})
    draft.refresh_from_db()
    assert (draft.state, draft.change, draft.reading) == ("published", "minor", 1)


def test_a_shared_draft_is_read_by_the_unit_and_nobody_else(cast: Cast, signed_in) -> None:
    draft = make_draft(cast.unit, by=cast.leader)
    url = reverse("missions:version", args=[draft.pk])
    assert signed_in(cast.employee).get(url).status_code == 404
    share_draft(version=draft, by=cast.leader, now=clock.now())
    assert signed_in(cast.employee).get(url).status_code == 200
    assert signed_in(cast.stranger).get(url).status_code == 404
    assert signed_in(cast.hr).get(url).status_code == 404


def test_sharing_twice_keeps_the_first_time_and_a_published_version_is_not_shared(
    cast: Cast,
) -> None:
    draft = make_draft(cast.unit)
    share_draft(version=draft, by=cast.leader, now=clock.now())
    again = share_draft(version=draft, by=cast.leader, now=clock.now() + dt.timedelta(days=1))
    assert again.shared_at == clock.now()
    with pytest.raises(MissionRefused):
        share_draft(version=make_mission(cast.department), by=cast.manager, now=clock.now())


def test_a_comment_reaches_the_leader_and_no_colleague(cast: Cast, signed_in) -> None:
    draft = make_draft(cast.unit, by=cast.leader, shared_at=clock.now())
    colleague = make_employee(cast.unit, "Åse Berg")
    comment_url = reverse("missions:comment", args=[draft.pk])
    response = signed_in(cast.employee).post(comment_url, {"text": "Hva med nattevaktene?"})
    url = reverse("missions:version", args=[draft.pk])
    assert response.url == url
    shown = {
        who.name: "Hva med nattevaktene?" in signed_in(who).get(url).content.decode()
        for who in (cast.employee, cast.leader, colleague)
    }
    assert shown == {"Even Moen": True, "Liv Dahl": True, "Åse Berg": False}
    edit = signed_in(cast.leader).get(reverse("missions:edit", args=[draft.pk]))
    assert "Hva med nattevaktene?" in edit.content.decode()


def test_an_empty_comment_is_asked_for_again(cast: Cast, signed_in) -> None:
    draft = make_draft(cast.unit, shared_at=clock.now())
    response = signed_in(cast.employee).post(
        reverse("missions:comment", args=[draft.pk]), {"text": " "}
    )
    assert (response.status_code, "Skriv kommentaren." in response.content.decode()) == (422, True)


def test_only_a_shared_draft_takes_comments(cast: Cast) -> None:
    private, published = make_draft(cast.unit), make_mission(cast.department)
    for version in (private, published):
        with pytest.raises(MissionRefused):
            comment_on_draft(version=version, text="Hei", by=cast.employee, now=clock.now())
        with pytest.raises(IntegrityError, match="only a shared draft"), transaction.atomic():
            DraftComment.objects.create(version=version, author=cast.employee, text="Hei")


def test_a_comment_is_neither_changed_nor_removed(cast: Cast) -> None:
    draft = make_draft(cast.unit, shared_at=clock.now())
    comment = comment_on_draft(version=draft, text="Hei", by=cast.employee, now=clock.now())
    for change in (lambda: comment.delete(), lambda: comment.save()):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic():
            change()


def test_a_draft_goes_on_being_written_after_it_is_shared(cast: Cast) -> None:
    draft = make_draft(cast.unit, shared_at=clock.now())
    saved = save_draft(version=draft, wording=wording_of(draft), by=cast.leader, now=clock.now())
    assert saved.shared_at == clock.now()


def test_a_step_says_whether_its_reader_wrote_it(cast: Cast, today) -> None:
    make_mission(cast.unit, by=cast.leader)
    version = line_of_sight(cast.unit, today).own.version
    assert version is not None
    assert MissionVersion.objects.with_reading_by(cast.leader).get(pk=version.pk).wrote_it is True


def test_the_leader_above_a_vacant_unit_reads_the_comments_and_writes_none(
    cast: Cast, signed_in
) -> None:
    draft = make_draft(cast.sibling_unit, shared_at=clock.now())
    url = reverse("missions:version", args=[draft.pk])
    html = signed_in(cast.manager).get(url).content.decode()
    assert ("Skriv videre på utkastet" in html, "Send kommentaren" in html) == (True, False)
