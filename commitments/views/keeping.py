from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import actions, rules
from commitments.forms import AppointmentForm, Conversation, PrivateNoteForm, ReasonForm
from commitments.models import Agreement, FollowUp, PrivateNote
from commitments.sight import who_sees, who_sees_private_note
from commitments.views.scope import breadcrumbs, current_revision, done_or_told, require
from common import dates
from people.requests import SignedInRequest


@login_required
def amend(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    agreement = current.agreement
    require(rules.may_amend(request.user, agreement, current))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action = partial(
            actions.amend_agreement,
            agreement=agreement,
            reason=form.cleaned_data["text"],
            by=request.user,
            now=timezone.now(),
        )
        success = _("En ny utgave er påbegynt. Den signerte gjelder til dere har signert den nye.")
        return done_or_told(request, action, success=success, pk=pk)
    context = {
        "title": _("Be om endring"),
        "text": _("Dere går videre fra den signerte utgaven, og signerer den nye begge to."),
        "consequences": [
            _("Den signerte utgaven endres aldri, og gjelder til den nye er signert."),
            _("Begrunnelsen blir en del av den nye utgaven."),
        ],
        "form": form,
        "submit": _("Begynn på ny utgave"),
        "cancel": reverse("commitments:detail", args=[pk]),
        "who_sees": who_sees(agreement),
        "breadcrumbs": breadcrumbs(agreement, request, _("Be om endring")),
    }
    return render(request, "commitments/confirm.html", context)


@login_required
def arrange(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user).with_people(), pk=pk)
    require(rules.may_arrange(request.user, agreement))
    planned = agreement.follow_ups.outstanding().first()
    now = timezone.now()
    form = AppointmentForm(
        request.POST if request.method == "POST" else None, planned=planned, now=now
    )
    if request.method == "POST" and form.is_valid():
        action = partial(
            actions.arrange_follow_up,
            agreement=agreement,
            appointment=form.appointment,
            by=request.user,
            now=now,
        )
        success = _("Samtalen er avtalt. Dere får den i kalenderen begge to.")
        return done_or_told(request, action, success=success, pk=pk)
    is_moved = planned is not None and planned.starts_at is not None
    context = {
        "title": _("Flytt samtalen") if is_moved else _("Avtal tid for samtalen"),
        "text": _("Dere får en innkalling i kalenderen, begge to."),
        "consequences": [
            _("I kalenderen står det «Oppfølgingssamtale», tid og sted, og ikke mer."),
            _("Hver av dere kan flytte samtalen. Da flyttes den i begge kalendere."),
        ],
        "form": form,
        "submit": _("Flytt samtalen") if is_moved else _("Avtal tiden"),
        "cancel": reverse("commitments:detail", args=[pk]),
        "who_sees": who_sees(agreement),
        "breadcrumbs": breadcrumbs(agreement, request, _("Avtal tid")),
    }
    return render(request, "commitments/confirm.html", context)


@login_required
def private_note(request: SignedInRequest, pk: int, talk: int) -> HttpResponse:
    visible = FollowUp.objects.visible_to(request.user).filter(agreement=pk).with_content()
    conversation = get_object_or_404(visible, pk=talk)
    written = PrivateNote.objects.visible_to(request.user).filter(follow_up=talk).first()
    shown = {"text": written.text} if written else {}
    form = PrivateNoteForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        action = partial(
            actions.write_private_note,
            follow_up=conversation,
            text=form.cleaned_data["text"],
            by=request.user,
            now=timezone.now(),
        )
        return done_or_told(request, action, success=_("Notatet ditt er lagret."), pk=pk)
    day = dates.long_date(conversation.held_at or conversation.due_on)
    context = {
        "title": _("Mitt private notat"),
        "text": _("Om oppfølgingssamtalen %(day)s.") % {"day": day},
        "form": form,
        "submit": _("Lagre notatet"),
        "cancel": reverse("commitments:detail", args=[pk]),
        "who_sees": who_sees_private_note(conversation.agreement, request.user),
        "breadcrumbs": breadcrumbs(conversation.agreement, request, _("Privat notat")),
    }
    return render(request, "commitments/confirm.html", context)


@login_required
def follow_up(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = FollowUp.objects.visible_to(request.user).filter(agreement=pk).with_content()
    # The planned one first: PostgreSQL would put what has no time last.
    planned = get_object_or_404(visible.order_by(F("held_at").desc(nulls_first=True))[:1])
    if planned.held_at is not None:
        return redirect("commitments:detail", pk)
    require(rules.may_hold_follow_up(request.user, planned))
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    conversation = Conversation(planned, timezone.localdate(now), data)
    if data is not None and conversation.is_valid():
        action = partial(
            actions.hold_follow_up,
            follow_up=planned,
            said=conversation.said,
            next_on=conversation.next.cleaned_data["next_on"],
            notes=conversation.next.cleaned_data["notes"],
            by=request.user,
            now=now,
        )
        return done_or_told(request, action, success=_("Samtalen er skrevet ned."), pk=pk)
    context = {
        "follow_up": planned,
        "agreement": planned.agreement,
        "conversation": conversation,
        "other": planned.agreement.counterpart_of(request.user),
        "who_sees": who_sees(planned.agreement),
        "breadcrumbs": breadcrumbs(planned.agreement, request, _("Oppfølgingssamtale")),
    }
    return render(request, "commitments/follow_up.html", context)


@login_required
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    agreement = current.agreement
    require(rules.goes_on(request.user, agreement))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action = partial(
            actions.end_agreement,
            agreement=agreement,
            reason=form.cleaned_data["text"],
            by=request.user,
            now=timezone.now(),
        )
        return done_or_told(request, action, success=_("Avtalen er avsluttet."), pk=pk)
    context = {
        "title": _("Avslutt avtalen"),
        "text": _("Skriv hvorfor. Bare dere to ser det."),
        "consequences": [
            _("Ingen av dere kan skrive mer i avtalen."),
            _("Det som er signert, blir stående og kan leses av dere begge."),
            _("Dere kan begynne på en ny avtale."),
        ],
        "form": form,
        "submit": _("Avslutt avtalen"),
        "submit_variant": "danger",
        "cancel": reverse("commitments:detail", args=[pk]),
        "who_sees": who_sees(agreement),
        "breadcrumbs": breadcrumbs(agreement, request, _("Avslutt")),
    }
    return render(request, "commitments/confirm.html", context)
