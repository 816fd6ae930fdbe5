"""What agreements put on «Min side»."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.eligible_pairs import pairs_led_by
from commitments.models import Agreement, AgreementState, FollowUp, Revision, Share
from commitments.reading.overview import OverviewRow, agreements_of, row_of
from commitments.signing_authority import revisions_to_sign_for
from common import dates
from common.my_page import Area, Card, NextStep, Part, Step, Visit
from people.affiliation import Affiliation
from people.models import Substitution, User

TALK_SOON = dt.timedelta(days=7)
SHOWN = 3


def short_questions(user: User, affiliation: Affiliation, now: dt.datetime) -> dict[str, Any]:
    """Ask whether somebody waits for this person, and of a leader, whom they lead where."""
    today = timezone.localdate(now)
    standing_in = Substitution.objects.standing().valid_on(today).filter(substitute=user)
    questions: dict[str, Any] = {
        "signature": Exists(Revision.objects.awaiting_signature_of(user)),
        "answer": Exists(Agreement.objects.visible_to(user, on=today).awaiting_answer_of(user)),
        "substitute": Exists(standing_in),
        "talk": Exists(FollowUp.objects.visible_to(user, on=today).due(today + TALK_SOON)),
    }
    if affiliation.is_leader:
        questions["pairs_led"] = pairs_led_by(user, today)
    return questions


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
        """How many of those one leads have an agreement; counts, and nobody's name."""
        led = [one for one in self.agreements if one.leader_id == self.user.pk]
        pairs = {(employee, unit) for employee, unit in self.answers.get("pairs_led") or ()}
        pairs |= {(one.employee_id, one.unit_id) for one in led}
        if not pairs:
            return []
        # What is signed holds while a change of it is written, and in a pause.
        signed = sum(getattr(one, "signed_at", None) is not None for one in led)
        context = {"signed": signed, "pairs": len(pairs), "under_way": len(led) - signed}
        return [Card(20, "commitments/my_page/picture.html", context, Area.PICTURE)]

    @cached_property
    def agreements(self) -> list[Agreement]:
        """Those that go on: with one's own leader first, then with those one leads."""
        going_on = [one for one in agreements_of(self.user, on=self.today) if one.ended_at is None]
        return sorted(
            going_on,
            key=lambda one: (one.employee_id != self.user.pk, one.employee.sort_key, one.pk),
        )

    @cached_property
    def rows(self) -> list[OverviewRow]:
        return [row_of(one, self.user) for one in self.agreements]

    def to_sign(self) -> NextStep | None:
        if not self.answers["signature"]:
            return None
        waiting = Revision.objects.awaiting_signature_of(self.user)
        revision = waiting.order_by("agreed_at").first()
        if revision is None:
            return None
        other = revision.agreement.counterpart_of(self.user)
        return NextStep(
            _("Avtalen med %(name)s venter på signaturen din") % {"name": other.name},
            _("Dere er enige om innholdet. Les gjennom en gang til, og signer."),
            reverse("commitments:sign", args=[revision.agreement_id]),
            _("Les og signer"),
        )

    def to_answer(self) -> NextStep | None:
        if not self.answers["answer"]:
            return None
        waiting = Agreement.objects.visible_to(self.user, on=self.today).awaiting_answer_of(
            self.user
        )
        agreement = waiting.with_people().order_by("created_at").first()
        if agreement is None:
            return None
        other = agreement.counterpart_of(self.user)
        return NextStep(
            _("%(name)s har sendt deg et forslag til avtale") % {"name": other.name},
            _("Les det, og godta det eller send det tilbake med det du vil endre."),
            reverse("commitments:detail", args=[agreement.pk]),
            _("Se forslaget"),
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
        if row is None or row.agreement is None:
            return None
        return NextStep(
            _("%(name)s er klar, og venter på svarene dine") % {"name": row.other.name},
            _("Ni korte spørsmål, hver for dere. Ingen ser svarene før dere begge er klare."),
            reverse("commitments:prepare", args=[row.agreement.pk]),
            _("Forbered deg"),
        )

    def to_talk(self) -> NextStep | None:
        if not self.answers["talk"]:
            return None
        talks = FollowUp.objects.visible_to(self.user, on=self.today).due(self.today + TALK_SOON)
        talk = talks.select_related("agreement__leader", "agreement__employee").first()
        if talk is None:
            return None
        other = talk.agreement.counterpart_of(self.user)
        words = {"name": other.name, "day": dates.day(talk.due_on)}
        if talk.due_on < self.today:
            title = _("Oppfølgingssamtalen med %(name)s skulle vært holdt %(day)s") % words
        else:
            title = _("Oppfølgingssamtale med %(name)s %(day)s") % words
        return NextStep(
            title,
            _("Hva er holdt, hva er på vei, og hva må dere snakke om på nytt?"),
            reverse("commitments:follow_up", args=[talk.agreement_id]),
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
