from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from commitments import rules
from commitments.confirmation_page import confirm_page
from commitments.follow_up.actions import arrange_follow_up, hold_follow_up, write_private_note
from commitments.follow_up.forms import AppointmentForm, Conversation, PrivateNoteForm
from commitments.gates import (
    breadcrumbs,
    done_or_kept,
    require_now,
    visible_agreement,
)
from commitments.models import Agreement, FollowUp, PrivateNote
from commitments.visibility_text import who_sees, who_sees_private_note
from common import dates
from common.keys import read_key
from people import audit
from people.requests import SignedInRequest, now_in, posted, today_in


@login_required
def arrange(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = visible_agreement(request, pk)
    require_now(request, agreement, rules.may_arrange(request.user, agreement))
    planned = agreement.follow_ups.outstanding().first()
    form = AppointmentForm(
        posted(request), agreement=agreement, planned=planned, now=now_in(request)
    )
    if form.is_valid() and (arranged := _arranged(request, agreement, form)):
        return arranged
    is_moved = planned is not None and planned.starts_at is not None
    return confirm_page(
        request,
        agreement,
        title=_("Flytt samtalen") if is_moved else _("Avtal tid for samtalen"),
        crumb=_("Avtal tid"),
        text=_("Dere får en innkalling i kalenderen, begge to."),
        consequences=[
            _("I kalenderen står det «Oppfølgingssamtale», tid og sted, og ikke mer."),
            _("Hver av dere kan flytte samtalen. Da flyttes den i begge kalendere."),
        ],
        form=form,
        submit=_("Flytt samtalen") if is_moved else _("Avtal tiden"),
    )


def _arranged(
    request: SignedInRequest, agreement: Agreement, form: AppointmentForm
) -> HttpResponse | None:
    action = partial(
        arrange_follow_up,
        seen=form.seen,
        agreement=agreement,
        appointment=form.appointment,
        by=request.user,
        now=now_in(request),
    )
    success = _("Samtalen er avtalt. Dere får den i kalenderen begge to.")
    change = partial(audit.latest, agreement, "commitments.arrange_follow_up")
    return done_or_kept(request, form, action, success=success, pk=agreement.pk, change=change)


@login_required
def private_note(request: SignedInRequest, pk: int, talk: int) -> HttpResponse:
    today = today_in(request)
    visible = (
        FollowUp.objects.visible_to(request.user, on=today).filter(agreement=pk).with_content()
    )
    conversation = get_object_or_404(visible, pk=talk)
    written = PrivateNote.objects.visible_to(request.user, on=today).filter(follow_up=talk).first()
    shown = {"text": written.text} if written else {}
    form = PrivateNoteForm(posted(request), initial=shown)
    form.shows(shown)
    if form.is_valid() and (noted := _noted(request, conversation, form)):
        return noted
    day = dates.long_date(conversation.held_at or conversation.due_on)
    return confirm_page(
        request,
        conversation.agreement,
        title=_("Mitt private notat"),
        crumb=_("Privat notat"),
        text=_("Om oppfølgingssamtalen %(day)s.") % {"day": day},
        form=form,
        submit=_("Lagre notatet"),
        who_sees=who_sees_private_note(conversation.agreement, request.user),
    )


def _noted(
    request: SignedInRequest, conversation: FollowUp, form: PrivateNoteForm
) -> HttpResponse | None:
    action = partial(
        write_private_note,
        follow_up=conversation,
        text=form.cleaned_data["text"],
        by=request.user,
        now=now_in(request),
        seen=form.seen,
    )
    success = _("Notatet ditt er lagret.")
    return done_or_kept(request, form, action, success=success, pk=conversation.agreement_id)


@login_required
def follow_up(request: SignedInRequest, pk: int) -> HttpResponse:
    talk = _talked_about(request, pk)
    if request.method != "POST":
        if talk.held_at is not None:
            return redirect("commitments:detail", pk)
        require_now(request, talk.agreement, rules.may_hold_follow_up(request.user, talk))
    require_now(request, talk.agreement, rules.goes_on(request.user, talk.agreement))
    conversation = Conversation(talk, today_in(request), posted(request))
    if conversation.is_valid() and (held := _held(request, talk, conversation)):
        return held
    context = {
        "follow_up": talk,
        "agreement": talk.agreement,
        "conversation": conversation,
        "other": talk.agreement.counterpart_of(request.user),
        "who_sees": who_sees(talk.agreement),
        "breadcrumbs": breadcrumbs(talk.agreement, request, _("Oppfølgingssamtale")),
    }
    return render(request, "commitments/follow_up.html", context)


def _held(
    request: SignedInRequest, talk: FollowUp, conversation: Conversation
) -> HttpResponse | None:
    action = partial(
        hold_follow_up,
        follow_up=talk,
        said=conversation.said,
        next_on=conversation.next.cleaned_data["next_on"],
        notes=conversation.next.cleaned_data["notes"],
        by=request.user,
        now=now_in(request),
    )
    success = _("Samtalen er skrevet ned.")
    return done_or_kept(request, conversation.next, action, success=success, pk=talk.agreement_id)


def _talked_about(request: SignedInRequest, pk: int) -> FollowUp:
    """The conversation that the form was opened for, though the other party may have written it
    down meanwhile and planned the next; else the planned one."""
    visible = (
        FollowUp.objects.visible_to(request.user, on=today_in(request))
        .filter(agreement=pk)
        .with_content()
    )
    opened = read_key(request.POST.get("talk", ""))
    if opened is not None:
        return get_object_or_404(visible, pk=opened)
    # PostgreSQL would put what has no time last.
    return get_object_or_404(visible.order_by(F("held_at").desc(nulls_first=True))[:1])
