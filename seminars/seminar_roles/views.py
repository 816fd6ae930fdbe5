"""Who helps with a seminar: for those who organise it to see, and for its organisers to decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.refusals import refusals_on, refusals_told
from people.choosing.answers import answer_person_search
from people.choosing.candidates import known_to
from people.confirmation import ask_to_confirm, typed_before_confirming
from people.models import Role
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars import rules
from seminars.breadcrumbs import desk_path, seminar_path
from seminars.gates import arranged, helped
from seminars.models import Seminar, SeminarRole, SeminarRoleGrant
from seminars.models.seminar_role import last_day_of_roles
from seminars.seminar_roles.actions import (
    closed_to_ending,
    closed_to_giving_roles,
    end_seminar_role,
    give_seminar_role,
)
from seminars.seminar_roles.forms import SeminarRoleForm


@login_required
@require_safe
def seminar_roles(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = helped(request, pk)
    path_to = desk_path if rules.organises_shown(seminar) else seminar_path
    last_day = last_day_of_roles(seminar)
    is_past = last_day < today_in(request)
    grants = list(seminar.role_grants.with_people())
    context = {
        "seminar": seminar,
        "grants": [one for one in grants if not (one.ended_at or is_past)],
        "ended": [one for one in grants if one.ended_at or is_past],
        "roles": SeminarRole,
        "may_decide": rules.has_role_at(seminar, Role.ORGANISER),
        "refusal": closed_to_giving_roles(seminar, now_in(request)),
        "last_day": last_day,
        "breadcrumbs": path_to(seminar, _("Hvem hjelper til")),
    }
    return render(request, "seminars/seminar_roles.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_role(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = arranged(request, pk, is_counted=False)
    refusal = closed_to_giving_roles(seminar, now_in(request))
    if refusal and request.method != "POST":
        messages.info(request, str(refusal))
        return redirect("seminars:seminar_roles", pk)
    if asked := ask_to_confirm(request):
        return asked
    form = SeminarRoleForm(
        posted(request),
        candidates=known_to(request.user, on=today_in(request)),
        initial=typed_before_confirming(request),
    )
    if answer := answer_person_search(request, form):
        return answer
    if form.is_valid() and _is_given(request, form, seminar):
        return redirect("seminars:seminar_roles", pk)
    above = (_("Hvem hjelper til"), "seminars:seminar_roles")
    path = desk_path(seminar, _("Legg til en som hjelper til"), below=above)
    context = {"seminar": seminar, "form": form, "roles": SeminarRole, "breadcrumbs": path}
    return render(request, "seminars/give_seminar_role.html", context)


def _is_given(request: SignedInRequest, form: SeminarRoleForm, seminar: Seminar) -> bool:
    given = form.cleaned_data
    with refusals_on(form, "person"):
        grant = give_seminar_role(
            seminar=seminar,
            user=given["person"],
            role=given["role"],
            by=request.user,
            now=now_in(request),
        )
        words = _("%(name)s er nå %(role)s, og får brev om det.")
        about = {"name": grant.user.name, "role": grant.get_role_display()}
        messages.success(request, words % about)
    return not form.errors


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_role(request: SignedInRequest, pk: int, grant_pk: int) -> HttpResponse:
    seminar = arranged(request, pk, is_counted=False)
    grant = get_object_or_404(seminar.role_grants.with_people(), pk=grant_pk)
    if asked := ask_to_confirm(request):
        return asked
    if request.method == "POST":
        with refusals_told(request):
            grant.seminar = seminar
            end_seminar_role(grant=grant, by=request.user, now=now_in(request))
            words = _("%(name)s hjelper ikke lenger til, og får brev om det.")
            messages.success(request, words % {"name": grant.user.name})
        return redirect("seminars:seminar_roles", pk)
    return render(request, "components/confirm.html", _ending(seminar, grant))


def _ending(seminar: Seminar, grant: SeminarRoleGrant) -> dict[str, Any]:
    name = {"name": grant.user.name, "role": grant.get_role_display()}
    return {
        "title": _("Skal %(name)s ikke lenger være %(role)s?") % name,
        "text": seminar.title,
        "refusal": closed_to_ending(grant),
        "consequences": [
            _("Oppgaven slutter å gjelde med en gang, og %(name)s får brev om det.") % name,
            _("Det personen har gjort med seminaret, står."),
        ],
        "submit": _("Avslutt oppgaven"),
        "submit_variant": "danger",
        "cancel": reverse("seminars:seminar_roles", args=[seminar.pk]),
    }
