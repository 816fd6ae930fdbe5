from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import actions, rules
from commitments.forms import Conversation, ReasonForm
from commitments.models import FollowUp
from commitments.sight import who_sees
from commitments.views.scope import breadcrumbs, current_revision, done_or_told, require
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
def follow_up(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = FollowUp.objects.visible_to(request.user).filter(agreement=pk).with_content()
    planned = get_object_or_404(visible.order_by("held_at", "due_on")[:1])
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
