"""Who may come in: what several views begin with."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from people.models import Role
from people.requests import SignedInRequest, now_in, today_in
from seminars import rules
from seminars.models import Registration, Seminar
from seminars.page_queries import seminar_for


def organised(request: SignedInRequest, pk: int, *, is_counted: bool = True) -> Seminar:
    """The seminar, for who organises it: 404 for those who may not know it, 403 for the others.

    Pages that say nothing of seats ask for it without, for those are counted anew each time.
    """
    seminar = _known(request, pk, is_counted=is_counted)
    if not rules.organises_shown(seminar):
        raise PermissionDenied
    return seminar


def arranged(request: SignedInRequest, pk: int, *, is_counted: bool = True) -> Seminar:
    """The seminar, for an organiser at its unit: its co-organisers get 403, as the others do."""
    seminar = _known(request, pk, is_counted=is_counted)
    if not rules.has_role_at(seminar, Role.ORGANISER):
        raise PermissionDenied
    return seminar


def helped(request: SignedInRequest, pk: int, *, is_counted: bool = False) -> Seminar:
    """The seminar, for those who organise it and for its hosts."""
    seminar = _known(request, pk, is_counted=is_counted)
    is_host = rules.is_host(request.user, seminar, today_in(request))
    if not (is_host or rules.organises_shown(seminar)):
        raise PermissionDenied
    return seminar


def _known(request: SignedInRequest, pk: int, *, is_counted: bool) -> Seminar:
    if is_counted:
        return seminar_for(request.user, pk, now_in(request))
    today = today_in(request)
    visible = Seminar.objects.visible_to(request.user, on=today)
    known = visible.with_roles_of(request.user, on=today).select_related("organiser_unit")
    found: Seminar = get_object_or_404(known, pk=pk)
    return found


OwnView = Callable[[SignedInRequest, Registration], HttpResponse]


def for_participant(view: OwnView) -> Callable[[SignedInRequest, int], HttpResponse]:
    """Gives the view one's own place in the seminar; who has none is led back to it.

    The seminar comes `with_seat_counts`.
    """

    @functools.wraps(view)
    def own(request: SignedInRequest, pk: int) -> HttpResponse:
        today = today_in(request)
        visible = Seminar.objects.visible_to(request.user, on=today)
        seminar = get_object_or_404(visible.with_seat_counts(), pk=pk)
        registration = Registration.objects.visible_to(request.user, on=today).active().of(seminar)
        if registration is None:
            return _not_registered(request, seminar)
        return view(request, registration)

    return own


def for_participant_who_writes(view: OwnView) -> Callable[[SignedInRequest, int], HttpResponse]:
    """Gives the view one's own place, and what is sent also the one that ended meanwhile.

    The view then shows the form again with `tell_that_it_ended`, and nothing typed is lost.
    """

    @functools.wraps(view)
    def own(request: SignedInRequest, pk: int) -> HttpResponse:
        today = today_in(request)
        seminar = get_object_or_404(Seminar.objects.visible_to(request.user, on=today), pk=pk)
        visible = Registration.objects.visible_to(request.user, on=today)
        registration = visible.active().of(seminar)
        if registration is None and request.method == "POST":
            registration = visible.order_by("-pk").of(seminar)
        if registration is None:
            return _not_registered(request, seminar)
        return view(request, registration)

    return own


def tell_that_it_ended(form: forms.Form, registration: Registration) -> None:
    """Say on a form that was sent that the registration it is about is over."""
    if form.is_bound and not registration.is_active:
        form.full_clean()
        form.add_error(
            None, _("Du er ikke lenger påmeldt dette seminaret. Det du skrev, er ikke lagret.")
        )


def _not_registered(request: SignedInRequest, seminar: Seminar) -> HttpResponse:
    messages.info(request, _("Du er ikke påmeldt dette seminaret."))
    return redirect("seminars:detail", seminar.pk)
