from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments import rules
from commitments.agreement_text import text_of
from commitments.conversation_forms import AgreementCommentForm
from commitments.differences import differences
from commitments.evidence.sealing import sealed_at
from commitments.follow_up.overdue import those_who_lead
from commitments.follow_up.timeline import timelines
from commitments.gates import active_share, breadcrumbs, current_revision
from commitments.models import Agreement, FollowUp, GuidingQuestion, Note, Revision
from commitments.models.follow_up import FollowUpQuerySet
from commitments.preparation_progress import Preparing, last_revealed, preparing_of
from commitments.reading.overview import overview_of
from commitments.signing_authority import substitution_for
from commitments.visibility_text import who_sees, who_sees_list
from commitments.workflow import how_it_ended, next_step, stepper
from missions.glossary.explanations import glossary_for
from people.models import Substitution, User
from people.requests import SignedInRequest, today_in
from people.without_address import no_address_text


@login_required
@require_safe
@never_cache
def mine(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    overview = overview_of(request.user, today)
    led = [row.other for row in overview.as_leader]
    context = {
        "overview": overview,
        "leads_leaders": bool(led) and bool(those_who_lead(led, today)),
        "who_sees": who_sees_list(),
    }
    return render(request, "commitments/list.html", context)


@login_required
@require_safe
@never_cache
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    shown = current_revision(request, pk)
    agreement = shown.agreement
    conversations = FollowUp.objects.visible_to(request.user, on=today).filter(agreement=pk)
    others = other_revisions(request, shown)
    planned = conversations.outstanding().first()
    reading = reading_context(request, shown)
    preparing = preparing_of(agreement, request.user, on=today)
    context = {
        **reading,
        **(changes_context(request, shown) if shown.is_open else {}),
        "breadcrumbs": breadcrumbs(agreement, request),
        "step": next_step(shown, request.user, planned, today, reading["share"], preparing),
        "steps": stepper(agreement, shown),
        "planned": planned,
        **_held(conversations),
        "others": others,
        "held_signed": None if shown.is_signed else _newest_signed(others),
        "comment_form": AgreementCommentForm(),
        **_preparation_shown(request, shown, preparing),
        "ended_text": how_it_ended(agreement) if agreement.ended_at else "",
        **_allowed(request.user, shown),
    }
    return render(request, "commitments/detail.html", context)


def _held(conversations: FollowUpQuerySet) -> dict[str, Any]:
    """The conversations that were written down, and how it has gone from one to the next."""
    held = conversations.held().prefetch_related("outcomes__commitment")
    return {"held": held, "over_time": timelines(held)}


def _preparation_shown(
    request: SignedInRequest, shown: Revision, preparing: Preparing
) -> dict[str, Any]:
    """How far it is, whether there is something to prepare, and whether answers were shown before.

    What is agreed to is not prepared for, unless one of the two has begun.
    """
    may_prepare = rules.may_prepare(request.user, shown)
    is_past = not shown.is_open and not preparing.is_revealed
    before = last_revealed(shown.agreement, request.user, on=today_in(request)) if is_past else None
    is_begun = preparing.own is not None or preparing.is_other_ready
    return {
        "preparing": preparing,
        "questions": len(GuidingQuestion),
        "shows_preparing": may_prepare and (is_begun or not shown.is_agreed),
        "was_revealed": before is not None,
    }


def _allowed(user: User, shown: Revision) -> dict[str, bool]:
    """What this person may do from here: which buttons there are."""
    agreement = shown.agreement
    return {
        "may_prepare": rules.may_prepare(user, shown),
        "may_edit": rules.may_edit(user, shown),
        "may_propose": rules.may_propose(user, shown),
        "may_answer": rules.may_answer(user, shown),
        "may_sign": rules.may_sign(user, shown),
        "may_amend": rules.may_amend(user, agreement, shown),
        "may_decline": rules.may_decline(user, shown),
        "may_withdraw": rules.may_withdraw(user, shown),
        "may_settle": rules.may_settle(user, agreement),
        "goes_on": rules.goes_on(user, agreement),
    }


def _newest_signed(revisions: list[Revision]) -> Revision | None:
    """What still holds while a change is being drafted."""
    return next((one for one in revisions if one.is_signed), None)


@login_required
@require_safe
@never_cache
def revision(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    visible = Revision.objects.visible_to(request.user, on=today_in(request)).with_content()
    shown = get_object_or_404(visible, agreement=pk, number=number)
    title = _("Utgave %(number)s") % {"number": number}
    context = {
        **reading_context(request, shown),
        **changes_context(request, shown),
        "breadcrumbs": breadcrumbs(shown.agreement, request, title),
        "title": title,
    }
    return render(request, "commitments/revision.html", context)


def reading_context(request: SignedInRequest, shown: Revision) -> dict[str, Any]:
    """What it takes to read a revision: its text, the mission, the notes and the signatures."""
    today = today_in(request)
    notes = Note.objects.visible_to(request.user, on=today).filter(
        revision__agreement=shown.agreement_id
    )
    share = active_share(shown.agreement)
    return {
        "agreement": shown.agreement,
        "share": share,
        "revision": shown,
        "text": text_of(shown, on=today),
        "mission": shown.mission_version,
        "terms": glossary_for(request.user, on=today),
        "notes": notes.select_related("author", "revision"),
        "signatures": shown.signatures.all(),
        "sealed_at": sealed_at(shown) if shown.is_signed else None,
        "other": shown.agreement.counterpart_of(request.user),
        "no_address": _no_address(request.user, shown.agreement),
        "who_sees": who_sees(shown.agreement, share=share, substitution=who_may_sign(shown, today)),
    }


def _no_address(user: User, agreement: Agreement) -> str:
    """That the other cannot answer, prepare or sign, while one waits for them to."""
    if not rules.goes_on(user, agreement):
        return ""
    return no_address_text(agreement.counterpart_of(user))


def changes_context(request: SignedInRequest, shown: Revision) -> dict[str, Any]:
    """What is different from the wording before, or from the one asked for by number."""
    if shown.number == 1:
        return {"changes": None}
    earlier = list(
        Revision.objects.visible_to(request.user, on=today_in(request))
        .filter(agreement=shown.agreement_id, number__lt=shown.number, proposed_at__isnull=False)
        .select_related("agreement__leader", "agreement__employee")
        .prefetch_related("commitments__core_activity")
        .order_by("-number")
    )
    asked = next((one for one in earlier if str(one.number) == request.GET.get("mot")), None)
    base = asked or next(iter(earlier), None)
    signed = _newest_signed(earlier)
    return {
        "changes": differences(base, shown) if base else None,
        "changes_signed": signed if signed != base else None,
    }


def who_may_sign(shown: Revision, today: dt.date) -> Substitution | None:
    """For the leader on leave, as long as there is something left to sign."""
    if not shown.is_open or shown.agreement.ended_at is not None:
        return None
    return substitution_for(shown.agreement, today)


def other_revisions(request: SignedInRequest, shown: Revision) -> list[Revision]:
    """Earlier wordings; while a change is being drafted, the signed one that still holds."""
    return list(
        Revision.objects.visible_to(request.user, on=today_in(request))
        .filter(agreement=shown.agreement_id)
        .exclude(pk=shown.pk)
        .order_by("-number")
    )
