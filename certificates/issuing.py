"""Issuing certificates: to everybody who came, to one who asks, and anew to one who has another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from certificates.basis import Earned, earned
from certificates.models import Certificate, CertificateQuerySet, CertificateRule, ReplacementReason
from certificates.models.terms import QUALIFYING
from certificates.numbers import new_number
from certificates.refusals import (
    AskedLately,
    IsIssued,
    NoCertificates,
    NotEarned,
    NotOverYet,
    NotValid,
    SaysTheSame,
)
from certificates.snapshot import frozen
from certificates.tasks import make_documents_soon
from certificates.terms import rule_of
from common.errors import Refused
from evidence.canonical import sha256_of
from people import audit
from people.models import User
from seminars.models import Registration, RegistrationQuerySet, Seminar
from seminars.seats.allocation import lock_seminar

ASKED_AGAIN_AFTER = dt.timedelta(days=1)


def closed_to_issuing(seminar: Seminar, rule: str, now: dt.datetime) -> Refused | None:
    """What keeps the seminar's certificates from being issued at all."""
    if rule == CertificateRule.OFF or not seminar.is_published:
        return NoCertificates()
    return None if seminar.has_ended(now) else NotOverYet()


def qualified(seminar: Seminar, rule: str) -> RegistrationQuerySet:
    """Return those who came as the rule asks, each person once: in their last part in it."""
    came = seminar.registrations.filter(outcome__in=QUALIFYING[rule])
    last: RegistrationQuerySet = came.order_by("user_id", "-pk").distinct("user_id")
    return last


def with_certificate(seminar: Seminar) -> CertificateQuerySet:
    """Return the valid certificates of the seminar."""
    return Certificate.objects.valid().filter(seminar=seminar)


def without_certificate(seminar: Seminar, rule: str) -> RegistrationQuerySet:
    """Return those of `qualified` who have no valid certificate."""
    valid = with_certificate(seminar).filter(user=OuterRef("user"))
    return qualified(seminar, rule).exclude(Exists(valid))


@transaction.atomic
def issue_certificates(
    *,
    seminar: Seminar,
    by: User | None,
    now: dt.datetime,
    rule: str | None = None,
    only: Collection[int] | None = None,
) -> list[Certificate]:
    """Issue a certificate to everybody who came as the seminar asks and has none.

    As `rule` asks and to `only` these people where that is given: what was withdrawn by mistake
    comes back as it was. Whoever comes second finds nobody left. Raises NoCertificates or
    NotOverYet.
    """
    seminar = lock_seminar(seminar.pk)
    asked = rule or rule_of(seminar)
    if refusal := closed_to_issuing(seminar, asked, now):
        raise refusal
    rows = without_certificate(seminar, asked)
    issued = _issue(rows if only is None else rows.filter(user__in=only), asked, by=by, now=now)
    if issued:
        audit.record("certificates.issue_all", seminar, by=by, certificates=len(issued))
    return issued


@transaction.atomic
def issue_own(*, seminar: Seminar, by: User, now: dt.datetime) -> Certificate:
    """Issue the person's own certificate.

    Raises NoCertificates, NotOverYet, NotEarned, or IsIssued where they have one.
    """
    seminar = lock_seminar(seminar.pk)
    rule = rule_of(seminar)
    if refusal := closed_to_issuing(seminar, rule, now):
        raise refusal
    if with_certificate(seminar).filter(user=by).exists():
        raise IsIssued()
    issued = _issue(qualified(seminar, rule).filter(user=by), rule, by=by, now=now)
    if not issued:
        raise NotEarned()
    audit.record("certificates.issue", issued[0], by=by)
    return issued[0]


@transaction.atomic
def issue_anew(*, certificate: Certificate, by: User, now: dt.datetime) -> Certificate:
    """Issue what the person's certificate would say today, with a new name or title on it.

    The one they have is replaced, and stays true of its time. Raises NotValid where it no longer
    stands, NotEarned where attendance has been corrected since, SaysTheSame, and AskedLately: each
    is a sealed document that is kept, and two languages to switch between would make no end of it.
    """
    seminar = lock_seminar(certificate.seminar_id)
    own = Certificate.objects.filter(seminar=seminar, user=by)
    present = own.select_for_update(no_key=True).get(pk=certificate.pk)
    if not present.is_valid:
        raise NotValid()
    worth = worth_of([present])[present.pk]
    if worth is None:
        raise NotEarned()
    if _says_the_same(present, worth):
        raise SaysTheSame()
    lately = own.filter(replacement_reason=ReplacementReason.ASKED_FOR)
    if lately.filter(replaced_at__gt=now - ASKED_AGAIN_AFTER).exists():
        raise AskedLately()
    newer = replace(present, worth, reason=ReplacementReason.ASKED_FOR, by=by, now=now)
    audit.record("certificates.issue_anew", newer, by=by, replaces=present.pk)
    return newer


def _says_the_same(present: Certificate, worth: Earned) -> bool:
    facts = present.facts
    today = worth.facts(number=facts.number, rule=facts.rule, issued_at=facts.issued_at)
    return frozen(today) == present.snapshot


def worth_of(certificates: Iterable[Certificate]) -> dict[int, Earned | None]:
    """Return by certificate what its registration is worth today by the rule it was issued for.

    None of whoever did not come as that asks. The registrations are locked.
    """
    held = list(certificates)
    rows = _locked(Registration.objects.filter(certificates__in=held))
    worth = earned(rows)
    return {
        one.pk: found if _is_worth_one(found := worth[one.registration_id], one.rule) else None
        for one in held
    }


def _is_worth_one(found: Earned, rule: str) -> bool:
    return found.registration.outcome in QUALIFYING[rule]


def replace(
    older: Certificate,
    worth: Earned,
    *,
    reason: ReplacementReason,
    by: User | None,
    now: dt.datetime,
) -> Certificate:
    """Issue a newer certificate instead of one that the caller has locked."""
    older.replaced_at, older.replacement_reason = now, reason
    older.save(update_fields=["replaced_at", "replacement_reason"])
    newer = _certificate(worth, older.rule, by=by, now=now)
    newer.replaces = older
    newer.save(force_insert=True)
    make_documents_soon([newer.pk])
    return newer


def _issue(
    rows: RegistrationQuerySet, rule: str, *, by: User | None, now: dt.datetime
) -> list[Certificate]:
    registrations = _locked(
        Registration.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    )
    worth = earned([one for one in registrations if one.outcome in QUALIFYING[rule]])
    issued = Certificate.objects.bulk_create(
        _certificate(one, rule, by=by, now=now) for one in worth.values()
    )
    make_documents_soon([one.pk for one in issued])
    return issued


def _locked(rows: RegistrationQuerySet) -> list[Registration]:
    """Held until the certificates are written: what is recorded does not change meanwhile."""
    pks = [one.pk for one in rows.select_for_update(no_key=True, of=("self",)).order_by("pk")]
    # Read once they are locked: a door that we waited for has changed what is recorded of them.
    found = Registration.objects.filter(pk__in=pks).order_by("pk")
    return list(found.select_related("user", "seminar__organiser_unit"))


def _certificate(worth: Earned, rule: str, *, by: User | None, now: dt.datetime) -> Certificate:
    number = new_number()
    snapshot = frozen(worth.facts(number=number, rule=rule, issued_at=now))
    registration = worth.registration
    return Certificate(
        number=number,
        registration=registration,
        user=registration.user,
        seminar=registration.seminar,
        rule=rule,
        basis=worth.basis,
        snapshot=snapshot,
        sha256=sha256_of(snapshot),
        issued_at=now,
        issued_by=by,
    )
