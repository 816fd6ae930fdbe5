from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.signing_authority import revisions_to_sign_for
from commitments.substitution import actions as substitution_actions
from commitments.visibility_text import who_sees_substitution
from common import dates
from common.letters_wait import letters_wait
from common.refusals import refusals_on, refusals_told
from people import rules
from people.choosing.answers import answer_person_search
from people.choosing.candidates import known_to
from people.confirmation import ask_to_confirm, typed_before_confirming
from people.forms import LeaderSubstituteForm
from people.models import Leadership, Substitution, Unit
from people.organisation import people_led_by, units_led_by
from people.requests import SignedInRequest, now_in, posted, today_in


@login_required
@require_safe
def substitutes(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    waiting = revisions_to_sign_for(request.user, today).with_people().order_by("agreed_at", "pk")
    seen = Substitution.objects.visible_to(request.user, on=today).concerning(request.user)
    seen = seen.not_over(today).with_people()
    context = {
        "waiting": waiting,
        "standing_in": [one for one in seen if one.substitute_id == request.user.pk],
        "mine": [one for one in seen if one.substitute_id != request.user.pk],
        "units": units_led_by(request.user, on=today),
        "breadcrumbs": [(_("Avtaler"), reverse("commitments:list")), (_("Stedfortreder"), None)],
    }
    return render(request, "commitments/substitutes.html", context)


@login_required
def name_substitute(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    unit = get_object_or_404(Unit.objects.visible_to(request.user, on=today).valid_on(today), pk=pk)
    leadership = Leadership.objects.visible_to(request.user, on=today).valid_on(today)
    led = leadership.filter(unit=unit).select_related("user", "unit").first()
    if led is None:
        raise Http404
    if not rules.may_name_substitute(request.user, led.user, unit, today):
        raise PermissionDenied
    if asked := ask_to_confirm(request):
        return asked
    form = _form(request, led)
    if answer := answer_person_search(request, form):
        return answer
    if form.is_valid() and _is_named(request, form, led):
        return redirect("commitments:substitutes")
    context = {
        "form": form,
        "unit": unit,
        "leader": led.user,
        "held": _held(request, led),
        "letters_wait": letters_wait("commitments.substitute_named", now_in(request)),
        "breadcrumbs": _trail(_("Oppgi stedfortreder")),
    }
    return render(request, "commitments/name_substitute.html", context)


def _held(request: SignedInRequest, led: Leadership) -> QuerySet[Substitution]:
    """Return who stands in for the leader there already, or is to."""
    today = today_in(request)
    seen = Substitution.objects.visible_to(request.user, on=today).not_over(today)
    return seen.filter(leader=led.user, unit=led.unit).with_people()


def _form(request: SignedInRequest, led: Leadership) -> LeaderSubstituteForm:
    """First among the leader's own people, as far as whoever names the substitute may know them."""
    today = today_in(request)
    return LeaderSubstituteForm(
        posted(request),
        today=today,
        candidates=known_to(request.user, on=today, own=people_led_by(led.user, on=today)),
        initial=typed_before_confirming(request),
    )


def _trail(title: str) -> list[tuple[str, str | None]]:
    return [
        (_("Avtaler"), reverse("commitments:list")),
        (_("Stedfortreder"), reverse("commitments:substitutes")),
        (title, None),
    ]


def _is_named(request: SignedInRequest, form: LeaderSubstituteForm, led: Leadership) -> bool:
    given = form.cleaned_data
    with refusals_on(form, "person"):
        named = substitution_actions.name_substitute(
            leader=led.user,
            substitute=given["person"],
            unit=led.unit,
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
            by=request.user,
            now=now_in(request),
        )
        words = _("%(name)s er oppgitt som stedfortreder, og får brev om det.")
        messages.success(request, words % {"name": named.substitute.name})
    return not form.errors


@login_required
def end_substitution(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    seen = Substitution.objects.visible_to(request.user, on=today).not_over(today)
    substitution = get_object_or_404(seen.with_people(), pk=pk)
    if not rules.may_end_substitution(request.user, substitution, today):
        raise PermissionDenied
    if request.method == "POST":
        with refusals_told(request):
            substitution_actions.end_substitution(
                substitution=substitution, by=request.user, now=now_in(request)
            )
            messages.success(request, _("Stedfortrederen kan ikke lenger signere for lederen."))
        return redirect("commitments:substitutes")
    context = {**_ending(substitution), "who_sees": who_sees_substitution()}
    return render(request, "commitments/confirm.html", context)


def _ending(substitution: Substitution) -> dict[str, object]:
    words = {
        "substitute": substitution.substitute.name,
        "leader": substitution.leader.name,
        "last": dates.long_date(substitution.valid_to) if substitution.valid_to else "",
    }
    return {
        "title": _("Avslutt stedfortrederen"),
        "text": _("%(substitute)s er stedfortreder for %(leader)s til og med %(last)s.") % words,
        "consequences": [
            _("Stedfortrederen kan ikke lenger lese eller signere noen avtale for lederen."),
            _("Det som er signert, gjelder."),
            _("De det gjelder, får brev om det."),
        ],
        "submit": _("Avslutt"),
        "submit_variant": "danger",
        "cancel": reverse("commitments:substitutes"),
        "breadcrumbs": _trail(_("Avslutt")),
    }
