"""An administrator gives a role, and ends one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.roles import actions
from common.letters_wait import letters_wait
from common.refusals import refusals_on, refusals_told
from people import rules
from people.choosing.answers import answer_person_search
from people.choosing.candidates import known_to
from people.confirmation import ask_to_confirm, typed_before_confirming
from people.forms import RoleForm
from people.models import Role, RoleGrant, Unit
from people.requests import SignedInRequest, now_in, posted, today_in


@login_required
@never_cache
def grant_role(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    shown = get_object_or_404(
        Unit.objects.visible_to(request.user, on=today).valid_on(today), pk=pk
    )
    if not rules.may_grant_roles(request.user, shown, today):
        raise PermissionDenied
    if asked := ask_to_confirm(request):
        return asked
    form = RoleForm(
        posted(request),
        today=today,
        candidates=known_to(request.user, on=today),
        initial=typed_before_confirming(request),
    )
    if answer := answer_person_search(request, form):
        return answer
    if form.is_valid() and _is_granted(request, form, shown):
        return redirect("people:roles")
    return render(request, "people/grant_role.html", {"form": form, "unit": shown, "roles": Role})


def _is_granted(request: SignedInRequest, form: RoleForm, unit: Unit) -> bool:
    given = form.cleaned_data
    place = "person" if given["person"] == request.user else "role"
    with refusals_on(form, place):
        actions.grant_role(
            user=given["person"],
            role=given["role"],
            unit=unit,
            by=request.user,
            today=today_in(request),
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
        )
        words = _("%(name)s har fått rollen, og får brev om det.")
        messages.success(request, words % {"name": given["person"]})
    return not form.errors


@login_required
@never_cache
def end_role(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    grants = RoleGrant.objects.visible_to(request.user, on=today).not_ended(today)
    grant = get_object_or_404(grants.select_related("user", "unit"), pk=pk)
    if asked := ask_to_confirm(request):
        return asked
    if request.method == "POST":
        with refusals_told(request):
            actions.end_role(grant=grant, by=request.user, today=today)
            messages.success(request, _("Rollen er avsluttet, og de det gjelder, får brev om det."))
        return redirect("people:roles")
    waits = letters_wait("people.role_ended", now_in(request))
    return render(request, "people/end_role.html", {"grant": grant, "letters_wait": waits})
