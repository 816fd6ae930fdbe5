from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments import rules
from commitments.agreement_text import text_of
from commitments.confirmation_page import confirm_page
from commitments.gates import done_or_told, require_now, visible_agreement
from commitments.leader_changes import actions as leader_changes_actions
from commitments.leader_changes.forms import ShareForm
from commitments.models import Agreement, Revision, Share
from commitments.renewing.actions import carry_agreement_forward
from commitments.visibility_text import who_sees
from common.letters_wait import letters_wait
from common.refusals import refusals_told
from missions.glossary.explanations import glossary_for
from people.confirmation import ask_to_confirm, typed_before_confirming
from people.organisation import line_managers_of
from people.requests import SignedInRequest, now_in, posted, today_in


def _left_behind(request: SignedInRequest, pk: int) -> Agreement:
    agreement = visible_agreement(request, pk)
    require_now(request, agreement, rules.may_settle(request.user, agreement))
    return agreement


@login_required
def share(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = _left_behind(request, pk)
    if asked := ask_to_confirm(request):
        return asked
    form = ShareForm(
        posted(request),
        managers=line_managers_of(request.user, on=today_in(request)),
        initial=typed_before_confirming(request),
    )
    if form.is_valid():
        action = partial(
            leader_changes_actions.share_agreement,
            agreement=agreement,
            with_user=form.chosen,
            by=request.user,
            now=now_in(request),
        )
        success = _("%(name)s kan nå lese det som ble signert.") % {"name": form.chosen.name}
        return done_or_told(request, action, success=success, pk=pk)
    return _page_to_share(request, agreement, form)


def _page_to_share(request: SignedInRequest, agreement: Agreement, form: ShareForm) -> HttpResponse:
    return confirm_page(
        request,
        agreement,
        title=_("Del med den nye lederen din"),
        crumb=_("Del"),
        text=_("Da kan den nye lederen lese det du og den forrige signerte."),
        consequences=[
            _("Merknader, samtaler, utkast og tidligere utgaver deles ikke."),
            _("Den nye lederen kan lese, og ikke endre noe."),
            _("Du kan slutte å dele når du vil."),
            _("Dere får begge brev om det."),
            *letters_wait("commitments.shared", now_in(request)),
        ],
        form=form,
        submit=_("Del avtalen"),
    )


@login_required
def stop_sharing(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = _left_behind(request, pk)
    if request.method == "POST":
        action = partial(
            leader_changes_actions.stop_sharing,
            agreement=agreement,
            by=request.user,
            now=now_in(request),
        )
        success = _("Avtalen er ikke delt lenger. Bare du leser den.")
        return done_or_told(request, action, success=success, pk=pk)
    return confirm_page(
        request,
        agreement,
        title=_("Slutt å dele avtalen"),
        crumb=_("Slutt å dele"),
        text=_("Da leser bare du den."),
        submit=_("Slutt å dele"),
    )


@login_required
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = _left_behind(request, pk)
    if request.method == "POST":
        action = partial(
            leader_changes_actions.close_agreement,
            agreement=agreement,
            by=request.user,
            now=now_in(request),
        )
        return done_or_told(request, action, success=_("Avtalen er avsluttet."), pk=pk)
    return confirm_page(
        request,
        agreement,
        title=_("Avslutt avtalen"),
        crumb=_("Avslutt"),
        text=_("Avtalen med den forrige lederen din er da ferdig."),
        consequences=[
            _("Det som er signert, blir stående, og bare du kan lese det."),
            _("Er avtalen delt, slutter delingen."),
            _("Avtalen kan ikke åpnes igjen."),
        ],
        submit=_("Avslutt avtalen"),
        submit_variant="danger",
    )


@login_required
def carry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Either of the two it is shared between goes on from it."""
    visible = Share.objects.visible_to(request.user, on=today_in(request)).filter(agreement=pk)
    share = get_object_or_404(visible.active().with_people())
    if request.method == "POST":
        with refusals_told(request):
            carried = carry_agreement_forward(share=share, by=request.user, now=now_in(request))
            messages.success(request, _("Dere har et utkast å gå videre med."))
            return redirect("commitments:detail", carried.pk)
        return redirect("commitments:shared", pk)
    names = {"employee": share.agreement.employee.name, "leader": share.with_user.name}
    context = {
        "title": _("Før avtalen videre"),
        "text": _("Avtalen blir et utkast til en ny, mellom %(employee)s og %(leader)s.") % names,
        "consequences": [
            _("Ingenting gjelder før dere begge har signert. Dere kan endre alt."),
            _("Avtalen med den forrige lederen blir avsluttet, og bare %(employee)s leser den.")
            % names,
        ],
        "submit": _("Før videre"),
        "cancel": reverse("commitments:shared", args=[pk]),
        "who_sees": who_sees(share.agreement, share=share),
        "breadcrumbs": [(_("Avtaler"), reverse("commitments:list")), (_("Før videre"), None)],
    }
    return render(request, "commitments/confirm.html", context)


@login_required
@require_safe
@never_cache
def shared(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the employee shares: what was signed, and no more of the agreement than that."""
    today = today_in(request)
    visible = Share.objects.visible_to(request.user, on=today).active().filter(agreement=pk)
    share = get_object_or_404(visible.with_people())
    signed: Revision = share.agreement.revisions.signed().with_content().order_by("-number")[0]
    context = {
        "share": share,
        "agreement": share.agreement,
        "revision": signed,
        "text": text_of(signed, on=today),
        "mission": signed.mission_version,
        "terms": glossary_for(request.user, on=today),
        "signatures": signed.signatures.all(),
        "is_own": share.agreement.employee_id == request.user.pk,
        "who_sees": who_sees(share.agreement, share=share),
        "breadcrumbs": [
            (_("Avtaler"), reverse("commitments:list")),
            (share.agreement.employee.name, None),
        ],
    }
    return render(request, "commitments/shared.html", context)
