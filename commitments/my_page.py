"""What agreements put on «Min side»."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    Subquery,
)
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from commitments.eligible_pairs import pairs_led_by
from commitments.models import Agreement, AgreementState, FollowUp, Revision, Share
from commitments.preparation_progress import with_ready
from commitments.reading.overview import OverviewRow, row_of
from commitments.signing_authority import revisions_to_sign_for
from commitments.workflow import is_sent_back_to, sent_back_with
from common import dates
from common.my_page import Area, Card, NextStep, Part, Step, Visit
from common.packed_rows import PackedFields, packed, unpacked
from people.models import Substitution, User
from people.succession import became

TALK_SOON = dt.timedelta(days=7)
SHOWN = 3
LONGEST_NOTE = 240
"""Characters of what somebody wrote that stand on «Min side»."""


_AGREEMENT: PackedFields = {
    "pk": BigIntegerField(),
    "state": CharField(),
    "turn": CharField(),
    "signed_at": DateTimeField(),
    "is_signed_by_leader": BooleanField(),
    "is_signed_by_employee": BooleanField(),
    "is_sent_back": BooleanField(),
    "ready": ArrayField(BigIntegerField()),
}
"""What `with_state` and `with_ready` say of each."""
_TALK: PackedFields = {"agreement_id": BigIntegerField(), "due_on": DateField()}


def short_questions(user: Any, today: Any, now: Any) -> dict[str, Any]:
    """Ask what waits for this person, which agreements go on, and whom they lead where."""
    visible = Agreement.objects.visible_to(user, on=today)
    here = visible.not_parting()
    signable = Revision.objects.filter(agreement__in=here).awaiting_signature_of(user)
    to_sign = signable.order_by("agreed_at")
    to_answer = here.awaiting_answer_of(user).order_by("created_at")
    standing_in = Substitution.objects.standing().valid_on(today).filter(substitute=user)
    talks = FollowUp.objects.visible_to(user, on=today).due(today + TALK_SOON)
    going_on = with_ready(visible.filter(ended_at__isnull=True).with_state())
    return {
        "signature": Subquery(to_sign.values("agreement")[:1]),
        "answer": Subquery(to_answer.values("pk")[:1]),
        "substitute": Exists(standing_in),
        "talk": packed(talks[:1], _TALK),
        "pairs_led": pairs_led_by(user, today),
        "agreements": packed(going_on, _AGREEMENT),
    }


def my_page(visit: Visit) -> Part:
    """Return what waits for one person in agreements, and the agreements they have."""
    found = _Found(visit)
    return Part(steps=found.steps(), cards=found.cards())


class _Found:
    """What is asked for once and used by several steps and cards."""

    def __init__(self, visit: Visit) -> None:
        self.user: User = visit.user
        self.today = visit.today
        self.answers = visit.answers

    def steps(self) -> list[Step]:
        return [
            Step(20, self.to_sign),
            Step(30, self.to_answer),
            Step(36, self.to_rewrite),
            Step(50, self.to_sign_for),
            Step(60, self.to_prepare),
            Step(70, self.to_talk),
            Step(170, self.to_share),
        ]

    def cards(self) -> list[Card]:
        rows = sorted(self.rows, key=lambda row: not row.asks)[:SHOWN]
        own = Card(40, "commitments/my_page/agreements.html", {"rows": rows})
        return [own, *self.picture()]

    def picture(self) -> list[Card]:
        """How many of those one leads have an agreement, and how many no address; nobody's name."""
        led = [one for one in self.agreements if one.leader_id == self.user.pk]
        people_led = self.answers["pairs_led"]
        pairs = {(employee, unit) for employee, unit, _has_none in people_led}
        without = {employee for employee, _unit, has_none in people_led if has_none}
        later = became((one.unit for one in led), self.today)
        pairs |= {
            (one.employee_id, one.unit_id)
            for one in led
            if not any((one.employee_id, unit) in pairs for unit in later.get(one.unit_id, ()))
        }
        if not pairs:
            return []
        # What is signed holds while a change of it is written, and in a pause.
        signed = sum(getattr(one, "signed_at", None) is not None for one in led)
        context = {
            "signed": signed,
            "pairs": len(pairs),
            "under_way": len(led) - signed,
            "without_address": len(without),
        }
        return [Card(20, "commitments/my_page/picture.html", context, Area.PICTURE)]

    @cached_property
    def agreements(self) -> list[Agreement]:
        """Those that go on: with one's own leader first, then with those one leads."""
        known = {one["pk"]: one for one in unpacked(self.answers["agreements"], _AGREEMENT)}
        if not known:
            return []
        rows = Agreement.objects.filter(pk__in=known).select_related("leader", "employee", "unit")
        for one in rows:
            vars(one).update(known[one.pk])
        return sorted(
            rows, key=lambda one: (one.employee_id != self.user.pk, one.employee.sort_key, one.pk)
        )

    def agreement(self, pk: int) -> Agreement:
        """One of those that go on, or another that waits for this person's signature."""
        own = (one for one in self.agreements if one.pk == pk)
        return next(own, None) or Agreement.objects.with_people().get(pk=pk)

    @cached_property
    def rows(self) -> list[OverviewRow]:
        return [row_of(one, self.user) for one in self.agreements]

    def to_sign(self) -> NextStep | None:
        if self.answers["signature"] is None:
            return None
        agreement = self.agreement(self.answers["signature"])
        other = agreement.counterpart_of(self.user)
        return NextStep(
            _("Avtalen med %(name)s venter på signaturen din") % {"name": other.name},
            _("Dere er enige om innholdet. Les gjennom en gang til, og signer."),
            reverse("commitments:sign", args=[agreement.pk]),
            _("Les og signer"),
        )

    def to_answer(self) -> NextStep | None:
        if self.answers["answer"] is None:
            return None
        agreement = self.agreement(self.answers["answer"])
        other = agreement.counterpart_of(self.user)
        return NextStep(
            _("%(name)s har sendt deg et forslag til avtale") % {"name": other.name},
            _("Les det, og godta det eller send det tilbake med det du vil endre."),
            reverse("commitments:detail", args=[agreement.pk]),
            _("Se forslaget"),
        )

    def to_rewrite(self) -> NextStep | None:
        """One's own proposal came back, with what the other wants changed."""
        for agreement in self.agreements:
            if is_sent_back_to(agreement, self.user) and not agreement.is_parting:
                break
        else:
            return None
        newest = agreement.revisions.open().first()
        note = sent_back_with(newest) if newest is not None else None
        if note is None or agreement.paused_at is not None:
            return None
        return NextStep(
            _("%(name)s har sendt forslaget ditt tilbake")
            % {"name": agreement.counterpart_of(self.user).name},
            f"«{Truncator(note.text).chars(LONGEST_NOTE)}»",
            reverse("commitments:detail", args=[agreement.pk]),
            _("Les merknaden"),
        )

    def to_sign_for(self) -> NextStep | None:
        """As a substitute: whose it is, and not with whom."""
        if not self.answers["substitute"]:
            return None
        waiting = revisions_to_sign_for(self.user, self.today).with_people()
        revision = waiting.order_by("agreed_at").first()
        if revision is None:
            return None
        return NextStep(
            _("En avtale venter på deg som stedfortreder for %(name)s")
            % {"name": revision.agreement.leader.name},
            _("Begge er enige om innholdet. Les den, og signer for lederen."),
            reverse("commitments:sign", args=[revision.agreement_id]),
            _("Les og signer"),
        )

    def to_prepare(self) -> NextStep | None:
        """The other is ready, and sees nothing before this one is."""
        row = self._asking(AgreementState.DRAFT)
        if row and row.agreement and is_sent_back_to(row.agreement, self.user):
            return None
        if row is None or row.agreement is None:
            return None
        return NextStep(
            _("%(name)s er klar, og venter på svarene dine") % {"name": row.other.name},
            _("Ni korte spørsmål, hver for dere. Ingen ser svarene før dere begge er klare."),
            reverse("commitments:prepare", args=[row.agreement.pk]),
            _("Forbered deg"),
        )

    def to_talk(self) -> NextStep | None:
        talk = next(iter(unpacked(self.answers["talk"], _TALK)), None)
        if talk is None:
            return None
        other = self.agreement(talk["agreement_id"]).counterpart_of(self.user)
        words = {"name": other.name, "day": dates.day(talk["due_on"])}
        if talk["due_on"] < self.today:
            title = _("Oppfølgingssamtalen med %(name)s skulle vært holdt %(day)s") % words
        else:
            title = _("Oppfølgingssamtale med %(name)s %(day)s") % words
        return NextStep(
            title,
            _("Hva er holdt, hva er på vei, og hva må dere snakke om på nytt?"),
            reverse("commitments:follow_up", args=[talk["agreement_id"]]),
            _("Gå til samtalen"),
        )

    def to_share(self) -> NextStep | None:
        """Nobody waits for it, and it rests until this one has chosen."""
        row = self._asking(AgreementState.PARTED)
        if row is None or row.agreement is None:
            return None
        shares = Share.objects.visible_to(self.user, on=self.today).active()
        if shares.filter(agreement=row.agreement).exists():
            return None
        return NextStep(
            _("%(name)s leder deg ikke her lenger") % {"name": row.other.name},
            _("Bare du leser avtalen nå. Del den med den nye lederen din, eller avslutt den."),
            reverse("commitments:detail", args=[row.agreement.pk]),
            _("Se avtalen"),
        )

    def _asking(self, state: str) -> OverviewRow | None:
        asking = (row for row in self.rows if row.asks)
        return next((row for row in asking if getattr(row.agreement, "state", "") == state), None)
