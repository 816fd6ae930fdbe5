from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commitments.eligible_pairs import Pair, mission_for, pairs_of_leader
from commitments.models import Agreement, AgreementRound
from commitments.preparation_progress import with_ready
from commitments.reading.overview import without_agreement
from commitments.rounds import actions as rounds_actions
from commitments.rounds.forms import RoundEditor
from commitments.workflow import tag_for
from common.keys import read_key
from common.letters_wait import letters_wait
from common.refusals import refusals_kept
from missions.glossary.explanations import glossary_for
from missions.models import MissionVersion
from people.models import User
from people.requests import SignedInRequest, now_in, today_in
from people.without_address import no_address_text


@login_required
@require_safe
def rounds(request: SignedInRequest) -> HttpResponse:
    """Where one can begin, and the rounds one has begun."""
    today = today_in(request)
    context = {
        "units": _units(request.user, today),
        "rounds": AgreementRound.objects.visible_to(request.user, on=today).select_related("unit"),
        "breadcrumbs": _trail(_("Runder")),
    }
    return render(request, "commitments/rounds.html", context)


def _units(user: User, today: dt.date) -> list[tuple[object, list[Pair]]]:
    """The units one leads people in, with those one has nothing under way with."""
    by_unit: dict[int, list[Pair]] = {}
    for pair in without_agreement(pairs_of_leader(user, today), user, on=today):
        by_unit.setdefault(pair.unit.pk, []).append(pair)
    return [(pairs[0].unit, pairs) for pairs in by_unit.values()]


@login_required
def begin_round(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    led = [pair for pair in pairs_of_leader(request.user, today) if pair.unit.pk == pk]
    if not led:
        raise Http404
    unit, pairs = led[0].unit, without_agreement(led, request.user, on=today)
    mission = mission_for(unit, today)
    if mission is None or not pairs:
        messages.info(request, _why_not(is_without_mission=mission is None))
        return redirect("commitments:rounds")
    editor = _round_editor(request, pairs, mission)
    if request.method == "POST" and "more" not in request.POST and editor.is_valid():
        answer = _begun(request, editor, pairs[0])
        if answer is not None:
            return answer
    context = {
        "editor": editor,
        "unit": unit,
        "mission": mission,
        "letters_wait": letters_wait("commitments.begun", now_in(request)),
        "terms": glossary_for(request.user, on=today),
        "breadcrumbs": _trail(_("Ny runde")),
    }
    return render(request, "commitments/begin_round.html", context)


def _round_editor(
    request: SignedInRequest, pairs: list[Pair], mission: MissionVersion
) -> RoundEditor:
    if request.method != "POST":
        return RoundEditor(pairs, mission, template=_template(request))
    if "more" not in request.POST:
        return RoundEditor(pairs, mission, request.POST)
    editor = RoundEditor(pairs, mission)
    editor.keep_typed(request.POST)
    return editor


def _why_not(*, is_without_mission: bool) -> str:
    if is_without_mission:
        return _("Enheten har ikke noe publisert oppdrag ennå, og avtalen skal bygge på det.")
    return _("Du har en avtale i gang med alle i enheten.")


def _template(request: SignedInRequest) -> AgreementRound | None:
    number = read_key(request.GET.get("mal", ""))
    mine = AgreementRound.objects.visible_to(request.user, on=today_in(request)).with_pledges()
    return mine.filter(pk=number).first() if number is not None else None


def _begun(request: SignedInRequest, editor: RoundEditor, pair: Pair) -> HttpResponse | None:
    """None to show the page again, with all that was typed."""
    with refusals_kept(request, editor.settings):
        begun = rounds_actions.begin_round(
            unit=pair.unit,
            pairs=editor.settings.chosen,
            content=editor.content,
            by=request.user,
            now=now_in(request),
        )
        messages.success(request, _("Runden er begynt. Hver av dem får brev om å forberede seg."))
        for pair in editor.settings.chosen:
            if nobody := no_address_text(pair.employee):
                messages.warning(request, nobody)
        return redirect("commitments:round", begun.pk)
    return None


@login_required
@require_safe
def round_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far each has come: states and no words."""
    today = today_in(request)
    mine = AgreementRound.objects.visible_to(request.user, on=today).with_pledges()
    begun = get_object_or_404(mine, pk=pk)
    agreements = Agreement.objects.visible_to(request.user, on=today).filter(rounds=begun)
    shown = with_ready(agreements.with_state().with_people().order_by("employee__sort_key"))
    rows = [{"agreement": one, "tag": tag_for(one, request.user)} for one in shown]
    context = {"begun": begun, "rows": rows, "breadcrumbs": _trail(begun.unit.name)}
    return render(request, "commitments/round.html", context)


@login_required
@require_POST
def delete_round(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    begun = get_object_or_404(AgreementRound.objects.visible_to(request.user, on=today), pk=pk)
    rounds_actions.delete_round(begun=begun, by=request.user)
    messages.success(request, _("Runden er slettet som mal. Avtalene står som de er."))
    return redirect("commitments:rounds")


def _trail(label: str) -> list[tuple[str, str | None]]:
    return [(_("Avtaler"), reverse("commitments:list")), (label, None)]
