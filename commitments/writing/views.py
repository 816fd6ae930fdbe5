from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments import rules
from commitments.agreement_text import text_of
from commitments.drafts import open_base
from commitments.gates import breadcrumbs, current_revision, require_now
from commitments.guiding_questions import FIELDS, place_of
from commitments.models import Agreement, FollowUp, PreparedAnswer, Revision, UnsavedWork
from commitments.reading.views import who_may_sign
from commitments.visibility_text import who_sees
from commitments.writing.actions import DraftConflict, save_draft
from commitments.writing.autosave_actions import forget_unsaved, keep_unsaved
from commitments.writing.forms import Brought, Editor
from common import dates
from common.errors import Refused
from common.keys import read_key
from common.refusals import refusals_held, refusals_kept
from missions.glossary.explanations import glossary_for
from missions.models import Contribution
from people.requests import SignedInRequest, now_in, today_in


@login_required
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.may_edit(request.user, current))
    if request.method != "POST":
        return _opened(request, current)
    if "more" in request.POST:
        editor = Editor(current, today=today)
        editor.keep_typed(request.POST, more=1)
        return _shown_again(request, editor)
    editor = Editor(current, request.POST, today=today)
    if editor.is_valid():
        return _saved(request, editor)
    return _shown_again(request, editor)


def _shown_again(request: SignedInRequest, editor: Editor) -> HttpResponse:
    """The page as it was, with what the other wrote still beside it after a conflict."""
    conflict = request.POST.get("konflikt", "")
    if not conflict:
        return _edit_page(request, editor)
    shown: dict[str, Any] = {"saved_revision": editor.revision, "conflict": conflict}
    if conflict == "clash":
        editor.keep_clashes(request.POST)
    elif conflict == "saved":
        shown["saved"] = text_of(editor.revision, on=today_in(request))
    return _edit_page(request, editor, is_again=True, **shown)


def _opened(request: SignedInRequest, current: Revision) -> HttpResponse:
    """As it is saved; or as the writer left it, with a way back to what is saved."""
    editor = Editor(current, today=today_in(request))
    left = left_unsaved(request, current.agreement)
    if left is not None:
        editor.keep_typed(left.typed)
    editor.carry_in(_brought(request, current.agreement))
    return _edit_page(request, editor, unsaved=left)


def left_unsaved(
    request: SignedInRequest, agreement: Agreement, *, question: str = ""
) -> UnsavedWork | None:
    today = today_in(request)
    unsaved = UnsavedWork.objects.visible_to(request.user, on=today).filter(agreement=agreement)
    return unsaved.filter(question=question).first()


def _brought(request: SignedInRequest, agreement: Agreement) -> Iterator[Brought]:
    """The writer's own contribution, and the answers that were ticked. Kept by saving."""
    today = today_in(request)
    contribution = _own_contribution(request, agreement) if "bidrag" in request.GET else None
    if contribution is not None:
        yield Brought(str(agreement.party(request.user)), "text", contribution.text)
    chosen = [key for key in map(read_key, request.GET.getlist("svar")) if key is not None]
    if chosen:
        shown = PreparedAnswer.objects.visible_to(request.user, on=today).filter(
            preparation__agreement=agreement, pk__in=chosen
        )
        for answer in sorted(shown, key=place_of):
            owner, field = FIELDS[answer.question]
            yield Brought(owner, field, answer.text)


def _saved(request: SignedInRequest, editor: Editor) -> HttpResponse:
    current = editor.revision
    seen = editor.settings.cleaned_data
    kept = refusals_kept(request, editor.settings)
    with kept, refusals_held(DraftConflict) as conflict:
        saved = save_draft(
            revision=Revision(pk=seen["revision"], agreement=current.agreement),
            seen_version=seen["version"],
            content=editor.content,
            base=open_base(seen["base"], agreement_id=current.agreement_id),
            by=request.user,
            now=now_in(request),
        )
        if "propose" in request.POST and rules.may_propose(request.user, saved):
            return redirect("commitments:propose", current.agreement_id)
        messages.success(request, _told(request, saved, seen["version"]))
    if conflict.refusal:
        return _conflict_page(request, conflict.refusal)
    if kept.shows_form:
        return _shown_again(request, editor)
    return redirect("commitments:detail", current.agreement_id)


def _told(request: SignedInRequest, saved: Revision, seen_version: int) -> str:
    """Says so when two people's words were put together."""
    if saved.is_draft and saved.version > seen_version + 1:
        name = saved.agreement.counterpart_of(request.user).given_name
        return _("Utkastet er lagret, sammen med det %(name)s skrev samtidig.") % {"name": name}
    return _("Utkastet er lagret. Dere to ser det, ingen andre.")


def _conflict_page(request: SignedInRequest, conflict: DraftConflict) -> HttpResponse:
    """All of both; where the two wrote about the same, both are shown, and the writer chooses."""
    today = today_in(request)
    editor = Editor(conflict.current, today=today)
    shown: dict[str, Any] = {"saved_revision": conflict.current}
    if conflict.merged is not None:
        editor.show_both(conflict.merged)
        shown["conflict"] = "clash" if editor.has_clashes else "moved"
    else:
        shown["conflict"] = "saved"
        editor.keep_typed(request.POST, is_seen_now=True)
        shown["saved"] = text_of(conflict.current, on=today)
    return _edit_page(request, editor, status=409, **shown)


def _edit_page(
    request: SignedInRequest, editor: Editor, *, status: int = 200, **extra: Any
) -> HttpResponse:
    today = today_in(request)
    agreement = editor.revision.agreement
    context = {
        "editor": editor,
        "revision": editor.revision,
        "agreement": agreement,
        "mission": editor.revision.mission_version,
        "terms": glossary_for(request.user, on=today),
        "other": agreement.counterpart_of(request.user),
        "contribution": _own_contribution(request, agreement),
        "planned": _planned(request, editor.revision),
        "who_sees": who_sees(agreement, substitution=who_may_sign(editor.revision, today)),
        "breadcrumbs": breadcrumbs(agreement, request, _("Rediger")),
        **extra,
    }
    return render(request, "commitments/edit.html", context, status=status)


def _planned(request: SignedInRequest, revision: Revision) -> FollowUp | None:
    """The conversation that a change may move; before anything is signed there is none."""
    today = today_in(request)
    if revision.number == 1:
        return None
    visible = FollowUp.objects.visible_to(request.user, on=today).filter(
        agreement=revision.agreement_id
    )
    return visible.outstanding().first()


def _own_contribution(request: SignedInRequest, agreement: Agreement) -> Contribution | None:
    """The writer's own contribution; the other does not see it here."""
    own = Contribution.objects.visible_to(request.user, on=today_in(request)).of(request.user)
    return own.filter(unit=agreement.unit_id).first()


@login_required
@require_POST
def autosave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked by a script while one types; answers with what a screen reader is to say."""
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.may_edit(request.user, current))
    typed = {name: request.POST[name] for name in request.POST if name != "csrfmiddlewaretoken"}
    if _has_saved_since(request, current):
        return JsonResponse({"said": ""})
    return keep_typed(request, current.agreement, typed)


def keep_typed(
    request: SignedInRequest, agreement: Agreement, typed: dict[str, str], *, question: str = ""
) -> JsonResponse:
    now = now_in(request)
    with refusals_held(Refused) as held:
        keep_unsaved(agreement=agreement, typed=typed, by=request.user, now=now, question=question)
    if held.refusal:
        return JsonResponse({"said": str(held.refusal)}, status=413)
    said = _("Mellomlagret kl. %(clock)s. Bare du ser det.") % {"clock": dates.clock(now)}
    return JsonResponse({"said": said})


def _has_saved_since(request: SignedInRequest, current: Revision) -> bool:
    """What was on its way while the same person saved is not unsaved any more."""
    seen = request.POST.get("revision"), request.POST.get("version")
    is_older = seen != (str(current.pk), str(current.version))
    return is_older and current.edited_by_id == request.user.pk


@login_required
@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Throws away what was not saved, and shows what is."""
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.may_edit(request.user, current))
    forget_unsaved(current.agreement, by=request.user)
    messages.success(request, _("Det som ikke var lagret, er slettet."))
    return redirect("commitments:edit", pk)
