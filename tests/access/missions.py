"""Missions are for everybody to read; the unit's leader writes them, and sees who has read."""

from django.utils import timezone

from missions.glossary.actions import explain_term
from missions.questions.actions import ask_question
from tests.access import Row, row
from tests.cast import Cast
from tests.missions.factories import make_draft, make_mission


def urls(cast: Cast) -> list[Row]:
    published = make_mission(cast.unit, by=cast.manager)
    written = {"signed_in": 404, "leader": 200}
    above = make_mission(cast.department, by=cast.manager)
    vacant = make_draft(cast.sibling_unit, above=above, contribution="Vi kommer hjem til folk")
    newer = make_mission(cast.unit, by=cast.manager, above=above)
    draft = make_draft(cast.unit)
    shared = make_draft(cast.department, shared_at=timezone.now())
    question = ask_question(
        version=newer,
        text="Hva?",
        answer_by=timezone.localdate(),
        by=cast.leader,
        now=timezone.now(),
    )
    over = {"leader": 200, "manager": 200, "hr": 200}
    term = explain_term(
        word=f"Mestring {cast.agency.pk}",
        explanation="Å klare seg",
        by=cast.administrator,
        now=timezone.now(),
    )
    return [
        row("missions:mine"),
        row("missions:unit", cast.unit.pk),
        row("missions:unit", 0, signed_in=404),
        row("missions:for_unit", cast.unit.pk),
        row("missions:version", published.pk),
        row("missions:version", draft.pk, **written),
        row("missions:version", vacant.pk, signed_in=404, manager=200),
        row("missions:draft", cast.unit.pk, signed_in=405),
        row("missions:draft", cast.unit.pk, method="post", signed_in=403, leader=302),
        row("missions:draft", cast.sibling_unit.pk, method="post", signed_in=403, manager=302),
        row("missions:edit", draft.pk, **written),
        row("missions:edit", draft.pk, method="post", signed_in=404, leader=302),
        row("missions:edit", published.pk, signed_in=403, leader=302),
        row("missions:publish", draft.pk, **written),
        row("missions:publish", draft.pk, method="post", signed_in=404, leader=200),
        row("missions:publish", vacant.pk, signed_in=404, manager=200),
        row("missions:acknowledge", published.pk, signed_in=405),
        row(
            "missions:acknowledge",
            published.pk,
            method="post",
            signed_in=403,
            leader=302,
            employee=302,
        ),
        row("missions:readers", published.pk, signed_in=403, leader=200),
        row("missions:readers", draft.pk, signed_in=404),
        row("missions:changes", newer.pk),
        row("missions:changes", published.pk, signed_in=404),
        row("missions:comment", shared.pk, signed_in=405),
        row("missions:comment", shared.pk, method="post", signed_in=404, manager=422),
        row("missions:ask", newer.pk, signed_in=403, leader=200),
        row("missions:ask", newer.pk, method="post", signed_in=403, leader=200),
        row("missions:contribution", cast.unit.pk, signed_in=403, leader=200, employee=200),
        row(
            "missions:contribution",
            cast.unit.pk,
            method="post",
            signed_in=403,
            leader=302,
            employee=302,
        ),
        row("missions:contributions"),
        row("missions:coverage", signed_in=403, leader=200, manager=200, hr=200),
        row("missions:coverage_of_unit", cast.unit.pk, signed_in=403, **over),
        row("missions:coverage_of_unit", cast.other_unit.pk, signed_in=403),
        row("missions:glossary"),
        row("missions:new_term", signed_in=403, administrator=200),
        row("missions:new_term", method="post", signed_in=403, administrator=200),
        row("missions:term", term.pk, signed_in=403, administrator=200),
        row("missions:term", term.pk, method="post", signed_in=403, administrator=200),
        row("missions:remove_term", term.pk, signed_in=405),
        row("missions:remove_term", term.pk, method="post", signed_in=403, administrator=302),
        row("missions:questions"),
        row("missions:answer", question.pk, signed_in=403, manager=200),
        row("missions:answer", question.pk, method="post", signed_in=403, manager=200),
    ]
