from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.htmx import render_part
from common.letters_wait import letters_wait
from common.refusals import refusals_on
from common.sending_times import near
from people.choosing.answers import answer_person_search
from people.requests import SignedInRequest, affiliation_in, now_in, posted, today_in
from people.without_address import no_address_text
from seminars import rules
from seminars.breadcrumbs import seminar_path
from seminars.candidates import replacement_candidates, staff_candidates
from seminars.clashes import has_clash
from seminars.eligibility import terms_of
from seminars.forms.registration_of_others import BringInForm, ReplacementForm
from seminars.models import Registration, RegistrationState, Seminar
from seminars.seats.ways_in import outcome_in_words, register_staff
from seminars.substitution.actions import closed_to_substitution, substitute_participant

PAGE_SIZE = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_staff(request: SignedInRequest, pk: int) -> HttpResponse:
    today, now = today_in(request), now_in(request)
    visible = Seminar.objects.visible_to(request.user, on=today).with_seat_counts().with_parts()
    seminar = get_object_or_404(visible.with_staff_units(request.user, on=today), pk=pk)
    if not rules.may_have_staff(affiliation_in(request, request.user)):
        raise PermissionDenied
    candidates = staff_candidates(request.user, seminar, on=today)
    form = BringInForm(seminar, now, posted(request), candidates=candidates)
    if answer := answer_person_search(request, form):
        return answer
    is_asked = form.is_valid() and form.must_confirm(has_clash(seminar, form.person_chosen))
    if form.is_valid() and not is_asked and _register(request, seminar, form):
        return redirect("seminars:own_staff", pk)
    context = {
        "seminar": seminar,
        "form": form,
        "is_asked": is_asked,
        "terms": terms_of(seminar),
        **_own_places(request, seminar),
        "breadcrumbs": seminar_path(seminar, _("Virksomhetens plasser")),
    }
    return render_part(request, "seminars/own_staff.html", "seminars/_pools.html", context)


def _own_places(request: SignedInRequest, seminar: Seminar) -> dict[str, Any]:
    """Who of one's own people is in, a page of them, and the seats that are kept for them."""
    people = seminar.registrations.active().staff_of(request.user, units=seminar.staff_units)
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    pools = seminar.seat_pools.coordinated_by(request.user, on=today_in(request)).with_use()
    return {
        "pools": list(pools),
        "page": page,
        "to_approve": _to_approve(request, seminar, list(page)),
        "may_register": seminar.is_published and seminar.takes_newcomers(now_in(request)),
        "live_url": reverse("seminars:own_staff", args=[seminar.pk]),
    }


def _register(request: SignedInRequest, seminar: Seminar, form: BringInForm) -> bool:
    person = form.person_chosen
    with refusals_on(form, "person", place=form.place_refusal):
        registration = register_staff(
            seminar=seminar,
            user=person,
            by=request.user,
            choices=form.choices,
            now=now_in(request),
        )
        messages.success(request, outcome_in_words(registration) % {"name": person.name})
        if nobody := no_address_text(person):
            messages.warning(request, " ".join([nobody, _("Gi beskjed om påmeldingen selv.")]))
    return not form.errors


def _to_approve(request: SignedInRequest, seminar: Seminar, people: list[Registration]) -> set[int]:
    """Of the people shown, those that this person may answer for; a coordinator may not."""
    leads = affiliation_in(request, request.user).is_leader
    if not leads or not any(row.is_awaiting for row in people):
        return set()
    own = seminar.registrations.approvable_by(request.user, on=today_in(request))
    return set(own.filter(state=RegistrationState.AWAITING).values_list("pk", flat=True))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def substitute(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    today = today_in(request)
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user, on=today), pk=pk)
    people = seminar.registrations.with_people().select_related("seminar__organiser_unit")
    registration = get_object_or_404(
        people.replaceable_by(request.user, on=today), pk=registration_pk
    )
    candidates = replacement_candidates(request.user, registration, on=today)
    form = ReplacementForm(posted(request), candidates=candidates)
    if answer := answer_person_search(request, form):
        return answer
    if request.method == "POST" and form.is_valid() and _swap(request, registration, form):
        return redirect(_list_of(request, seminar))
    context = {
        **_asked_to_swap(request, registration),
        "form": form,
        "submit": _("Bytt deltaker"),
        "cancel": _list_of(request, seminar),
    }
    return render(request, "components/confirm.html", context)


def _asked_to_swap(request: SignedInRequest, registration: Registration) -> dict[str, Any]:
    seminar, now = registration.seminar, now_in(request)
    return {
        "title": _("Hvem kommer i stedet for %(name)s?") % {"name": registration.user.name},
        "refusal": closed_to_substitution(registration, by=request.user, now=now),
        "consequences": [
            _("Plassen går rett over, uten å bli ledig for ventelisten."),
            _("Seminaret tas ut av kalenderen til den ene og legges i kalenderen til den andre."),
            *letters_wait("seminars.confirmed", now, when=near(seminar.starts_at, seminar.ends_at)),
        ],
    }


def _swap(request: SignedInRequest, registration: Registration, form: ReplacementForm) -> bool:
    with refusals_on(form, "person"):
        new = substitute_participant(
            registration=registration, user=form.person_chosen, by=request.user, now=now_in(request)
        )
        words = _("%(new)s har fått plassen etter %(old)s.")
        messages.success(request, words % {"new": new.user.name, "old": registration.user.name})
    return not form.errors


def _list_of(request: SignedInRequest, seminar: Seminar) -> str:
    """Back to where one's own list of the participants is."""
    if rules.organises(request.user, seminar, today_in(request)):
        return reverse("seminars:participants", args=[seminar.pk])
    return reverse("seminars:own_staff", args=[seminar.pk])
