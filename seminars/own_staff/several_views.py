from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.keys import read_key
from people.requests import SignedInRequest, affiliation_in, now_in, posted, today_in
from seminars import rules
from seminars.clashes import people_with_clash
from seminars.own_staff import several
from seminars.own_staff.actions import register_several as register_each
from seminars.own_staff.several import SeveralForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_several(request: SignedInRequest) -> HttpResponse:
    if not rules.may_have_staff(affiliation_in(request, request.user)):
        raise PermissionDenied
    ticked = _ticked(request)
    form = SeveralForm(
        posted(request),
        user=request.user,
        now=now_in(request),
        on=today_in(request),
        ticked=ticked,
        initial={"person": ticked, "seminar": read_key(request.GET.get("seminar", ""))},
    )
    clashing: list[str] = []
    if form.is_valid():
        given = form.cleaned_data
        found = people_with_clash(given["seminar"], [person.pk for person in given["person"]])
        if not form.must_confirm(found):
            return _registered(request, form)
        clashing = [person.name for person in given["person"] if person.pk in found]
    crumbs = [(_("Seminarer"), reverse("seminars:list")), (_("Meld på flere"), None)]
    context = {"form": form, "clashing": several.listed(clashing), "breadcrumbs": crumbs}
    return render(request, "seminars/register_several.html", context)


def _ticked(request: SignedInRequest) -> list[int]:
    sent = [*request.GET.getlist("person"), *request.POST.getlist("person")]
    keys = (read_key(one) for one in sent[: several.MOST_LISTED])
    return [key for key in keys if key is not None]


def _registered(request: SignedInRequest, form: SeveralForm) -> HttpResponse:
    seminar = form.cleaned_data["seminar"]
    outcomes = register_each(
        seminar=seminar, people=form.cleaned_data["person"], by=request.user, now=now_in(request)
    )
    well, badly = several.told_by_name(outcomes)
    for words in well:
        messages.success(request, words)
    for words in badly:
        messages.warning(request, words)
    unreached = [one.person.name for one in outcomes if one.registration and not one.person.email]
    if unreached:
        words = _("%(names)s har ingen e-postadresse. Gi beskjed om påmeldingen selv.")
        messages.warning(request, words % {"names": several.listed(unreached)})
    return redirect("seminars:own_staff", seminar.pk)
