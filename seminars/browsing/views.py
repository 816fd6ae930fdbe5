from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.htmx import render_part
from common.languages import Written
from people.models import Role
from people.requests import SignedInRequest, affiliation_in, now_in, today_in
from seminars import rules
from seminars.browsing.cards import card_of
from seminars.browsing.preview import closed_to_preview
from seminars.browsing.standing_words import standing_heading
from seminars.calendar_links import calendar_links
from seminars.editing_window import (
    closed_to_cancelling,
    closed_to_change,
    closed_to_publishing,
)
from seminars.eligibility import terms_of
from seminars.forms.search import SeminarFilterForm
from seminars.models import Seminar
from seminars.page_queries import SeminarProgramme, programme_of, seminar_for
from seminars.participant_status import ParticipantStatus, participant_status_of
from seminars.publishing_checklist import checklist_of
from seminars.seats.approver import approval_in_words
from seminars.seats.seats_left import seats_left_for
from seminars.session_lists import parts_of

PAGE_SIZE = 12


@login_required
@require_safe
def seminar_list(request: SignedInRequest) -> HttpResponse:
    now = now_in(request)
    form = SeminarFilterForm(request.GET)
    visible = Seminar.objects.visible_to(request.user, on=today_in(request)).announced()
    found = form.apply(visible, user=request.user, now=now)
    seminars = found.with_seat_counts().with_own_state(request.user)
    page = Paginator(seminars, PAGE_SIZE).get_page(request.GET.get("page"))
    left = seats_left_for(request.user, list(page), now)
    context = {
        "form": form,
        "page": page,
        "cards": [card_of(seminar, now, left=left[seminar.pk]) for seminar in page],
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "may_arrange": rules.may_organise_some(affiliation_in(request, request.user)),
        "breadcrumbs": [(_("Min side"), reverse("home")), (_("Seminarer"), None)],
    }
    return render_part(request, "seminars/list.html", "seminars/_cards.html", context)


@login_required
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = seminar_for(request.user, pk, now)
    content = programme_of(seminar)
    standing = participant_status_of(request.user, seminar, now)
    context = {
        **content_of_page(seminar, content, standing, now),
        **_desk_of(seminar, now),
        "may_have_staff": rules.may_have_staff(affiliation_in(request, request.user)),
        "may_see_needs": rules.has_role_at(seminar, Role.LOGISTICS),
        "breadcrumbs": [(_("Seminarer"), reverse("seminars:list")), (Written(seminar.title), None)],
    }
    return render(request, "seminars/detail.html", context)


def content_of_page(
    seminar: Seminar, content: SeminarProgramme, standing: ParticipantStatus, now: dt.datetime
) -> dict[str, Any]:
    """What the page says to anybody, and to somebody who stands like that."""
    return {
        "seminar": seminar,
        "standing": standing,
        **_own_place(seminar, standing, now),
        "terms": terms_of(seminar),
        "approval": approval_in_words(seminar),
        "parts": parts_of(seminar, content.sessions, standing.registration),
        "programme": content.programme,
        "speakers": content.speakers,
    }


def _desk_of(seminar: Seminar, now: dt.datetime) -> dict[str, Any]:
    """What its organiser may do with it now; a draft is seen by nobody else."""
    return {
        "may_organise": rules.organises_shown(seminar),
        "may_arrange": rules.has_role_at(seminar, Role.ORGANISER),
        "checklist": checklist_of(seminar, now) if seminar.is_draft else None,
        "may_change": closed_to_change(seminar, now) is None,
        "may_cancel": closed_to_cancelling(seminar, now) is None,
        "may_preview": closed_to_preview(seminar) is None,
        "not_published": closed_to_publishing(seminar, now) if seminar.is_draft else None,
    }


def _own_place(seminar: Seminar, standing: ParticipantStatus, now: dt.datetime) -> dict[str, Any]:
    """What the person is told of their own place, and may do with it now."""
    own, is_over = standing.registration, seminar.has_ended(now)
    return {
        "is_over": is_over,
        "has_link": bool(seminar.meeting_url) and rules.may_join_online(own),
        "calendar_links": calendar_links(own, now),
        "may_choose": rules.may_choose(seminar, now),
        "may_answer": standing.may_answer(now),
        "own_heading": standing_heading(
            own.state if own else "",
            is_past=seminar.is_cancelled or is_over,
            is_cancelled=seminar.is_cancelled,
        ),
    }
