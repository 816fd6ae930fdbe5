from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commitments import rules
from commitments.conversation_forms import StartForm
from commitments.eligible_pairs import Pair, mission_for, pairs_of
from commitments.gates import require
from commitments.reading.overview import without_agreement
from commitments.visibility_text import who_will_see
from commitments.writing.actions import start_agreement
from common.refusals import refusals_told
from missions.glossary.explanations import glossary_for
from people.models import User
from people.requests import SignedInRequest, now_in, today_in
from people.without_address import label_of, no_address_text


@login_required
def start(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    pairs = pairs_of(request.user, today)
    if request.method != "POST":
        pairs = without_agreement(pairs, request.user, on=today)
    choices = [(pair, _choice(pair, request.user)) for pair in pairs]
    # Whoever has one to choose among has chosen.
    only = pairs[0].key if len(pairs) == 1 else ""
    key = request.GET.get("par", only)
    form = StartForm(request.POST or None, pairs=choices, initial={"pair": key})
    if request.method == "POST" and form.is_valid():
        return _started(request, form.chosen)
    chosen = form.pairs.get(key)
    mission = mission_for(chosen.unit, today) if chosen else None
    context = {
        "form": form,
        "chosen": chosen,
        "mission": mission,
        "terms": glossary_for(request.user, on=today) if mission else None,
        "has_pairs": bool(pairs),
        "no_address": no_address_text(_other(chosen, request.user)) if chosen else "",
        "who_sees": who_will_see(),
    }
    return render(request, "commitments/start.html", context)


def _other(pair: Pair, user: User) -> User:
    return pair.employee if pair.leader == user else pair.leader


def _choice(pair: Pair, user: User) -> str:
    names = {"name": pair.leader.name, "unit": pair.unit.name}
    if pair.leader != user:
        return label_of(pair.leader, _("%(name)s, lederen min i %(unit)s") % names)
    return label_of(pair.employee, f"{pair.employee.name}, {pair.title}, {pair.unit.name}")


def _started(request: SignedInRequest, pair: Pair) -> HttpResponse:
    today = today_in(request)
    leader, employee, unit = pair.leader, pair.employee, pair.unit
    require(rules.may_start(request.user, leader=leader, employee=employee, unit=unit, today=today))
    with refusals_told(request):
        agreement = start_agreement(pair=pair, by=request.user, now=now_in(request))
        return redirect("commitments:detail", agreement.pk)
    return redirect("commitments:list")
