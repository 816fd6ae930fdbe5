"""Going through the evidence, agreement by agreement, and saying what does not add up.

Read in bundles and in the order of their keys, so that a whole municipality takes no more memory
than a bundle. Hashes of texts are computed here and not asked of the database that is examined;
only the documents, which are large, are hashed where they lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, F, Func, Model, QuerySet, Value

from commitments.evidence import snapshot
from commitments.evidence.chain import FACTS, link_hash, signed_kind
from commitments.evidence.verification_of_erasure import of_erasure
from commitments.models import (
    Agreement,
    Document,
    DocumentAttempt,
    EventKind,
    EvidenceEvent,
    FollowUp,
    Party,
    Preparation,
    Revision,
    RevisionState,
    Share,
    Signature,
)
from evidence.canonical import salted_sha256, sha256_of

BUNDLE = 200
Expected = tuple[str, int]


@dataclass(frozen=True)
class Finding:
    agreement: int
    what: str
    where: str

    def __str__(self) -> str:
        return f"Agreement {self.agreement}: {self.what} ({self.where})"


def verify_all(*, bundle: int = BUNDLE) -> Iterator[Finding]:
    """Everything that does not add up, of every agreement there is."""
    last = 0
    while True:
        with _one_moment():
            agreements = list(Agreement.objects.filter(pk__gt=last).order_by("pk")[:bundle])
            found = list(_Bundle(agreements).findings()) if agreements else []
        yield from found
        if not agreements:
            return
        last = agreements[-1].pk


@contextmanager
def _one_moment() -> Iterator[None]:
    """All of a bundle as it was at one time, or one who signs meanwhile looks like a forger."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Bundle:
    """A few agreements with all that belongs to them, in a fixed number of queries."""

    def __init__(self, agreements: list[Agreement]) -> None:
        pks = [one.pk for one in agreements]
        self.agreements = agreements
        self.events = _grouped(
            EvidenceEvent.objects.filter(agreement__in=pks)
            .select_related("salt")
            .order_by("agreement_id", "number")
        )
        self.revisions = _grouped(
            Revision.objects.filter(agreement__in=pks)
            .prefetch_related("commitments__core_activity")
            .order_by("agreement_id", "number")
        )
        self.signatures = _grouped(
            _of(Signature.objects.select_related("substitution"), pks).order_by(
                "revision__agreement_id", "pk"
            )
        )
        self.documents = _grouped(
            _of(Document.objects.described(), pks)
            .annotate(found_sha256=_sha256_of("pdf"))
            .order_by("revision__agreement_id", "pk")
        )
        self.attempts = set(
            DocumentAttempt.objects.filter(revision__agreement__in=pks).values_list("pk", flat=True)
        )
        self.talks = _grouped(
            FollowUp.objects.filter(agreement__in=pks)
            .prefetch_related("outcomes")
            .order_by("agreement_id", "pk")
        )
        self.shares = _grouped(
            Share.objects.filter(agreement__in=pks).order_by("agreement_id", "pk")
        )
        self.preparations = _grouped(
            Preparation.objects.filter(agreement__in=pks)
            .revealed()
            .prefetch_related("answers")
            .order_by("agreement_id", "pk")
        )

    def findings(self) -> Iterator[Finding]:
        for agreement in self.agreements:
            for what, where in self._of_one(agreement):
                yield Finding(agreement.pk, what, where)

    def _of_one(self, agreement: Agreement) -> Iterator[tuple[str, str]]:
        pk = agreement.pk
        case = _Case(
            agreement,
            self.events.get(pk, []),
            self.revisions.get(pk, []),
            self.signatures.get(pk, []),
            self.documents.get(pk, []),
            self.attempts,
            self.talks.get(pk, []),
            self.shares.get(pk, []),
            self.preparations.get(pk, []),
        )
        yield from case.chain()
        yield from case.contents()
        yield from case.texts()
        yield from case.unproven()
        yield from case.erasure()


def _of(rows: QuerySet[Any], pks: list[int]) -> QuerySet[Any]:
    theirs = rows.filter(revision__agreement__in=pks)
    placed: QuerySet[Any] = theirs.annotate(agreement_id=F("revision__agreement_id"))
    return placed


def _grouped(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    return {pk: list(group) for pk, group in groupby(rows, key=lambda row: row.agreement_id)}


def _sha256_of(column: str) -> Func:
    digest = Func(F(column), function="sha256")
    return Func(digest, Value("hex"), function="encode", output_field=CharField())


@dataclass
class _Case:
    """One agreement: its chain, and the rows that the chain is about."""

    agreement: Agreement
    events: list[EvidenceEvent]
    revisions: list[Revision]
    signatures: list[Signature]
    documents: list[Any]
    attempts: set[int]
    talks: list[FollowUp]
    shares: list[Share]
    preparations: list[Preparation]

    def chain(self) -> Iterator[tuple[str, str]]:
        for place, event in enumerate(self.events, start=1):
            if event.number != place:
                yield "an event is missing or out of order", f"event {event.number}"
                break
        for event in self.events:
            if event.sha256 != link_hash(event):
                yield "an event is not what was linked", f"event {event.number}"
        previous = ""
        for event in self.events:
            if event.previous_sha256 != previous:
                yield "the chain is broken", f"event {event.number}"
            previous = event.sha256
        last = self.events[-1] if self.events else None
        head = (self.agreement.evidence_number, self.agreement.evidence_sha256)
        if head != ((last.number, last.sha256) if last else (0, "")):
            yield "the chain does not end at its head", f"head {head[0]}"

    def contents(self) -> Iterator[tuple[str, str]]:
        """Each event against the row it is about, as the row is now."""
        rows = self._rows()
        is_erased = self._is_erased()
        for event in self.events:
            where = f"event {event.number}, {event.kind}"
            row = rows.get(_TABLES[EventKind(event.kind)], {}).get(event.subject)
            salt = getattr(event, "salt", None)
            if row is None:
                if not is_erased:
                    yield "what an event is about is gone", where
            elif salt is None:
                if not is_erased:
                    yield "a salt is gone, and nothing says that the agreement is erased", where
            elif salted_sha256(salt.value, FACTS[EventKind(event.kind)](row)) != (
                event.content_sha256
            ):
                yield "a row is not what it was", where

    def _is_erased(self) -> bool:
        return any(event.kind == EventKind.ERASED for event in self.events)

    def erasure(self) -> Iterator[tuple[str, str]]:
        rows = (self.signatures, self.documents, self.talks, self.shares, self.preparations)
        blank = [one for one in self.revisions if one.proposed_at and not one.snapshot]
        written = any(one.snapshot or one.commitments.all() for one in self.revisions)
        yield from of_erasure(
            self.agreement,
            self.events,
            has_content=written or any(rows),
            is_whole=not blank and all(one.erased_at is None for one in self.revisions),
        )

    def _rows(self) -> dict[type[Model], dict[int, Any]]:
        """By table and key; those of other agreements are not here, so none can stand in."""
        return {
            Agreement: {self.agreement.pk: self.agreement},
            Revision: {row.pk: row for row in self.revisions},
            Signature: {row.pk: row for row in self.signatures},
            Document: {row.pk: row for row in self.documents},
            FollowUp: {row.pk: row for row in self.talks},
            Share: {row.pk: row for row in self.shares},
            Preparation: {row.pk: row for row in self.preparations},
        }

    def texts(self) -> Iterator[tuple[str, str]]:
        """The hashes that were signed and sealed against the bytes that are there."""
        for revision in self.revisions:
            if revision.snapshot and sha256_of(revision.snapshot) != revision.sha256:
                yield "a text is not what its hash says", f"revision {revision.number}"
            elif revision.snapshot and not snapshot.says_what_rows_say(revision):
                yield "what is shown is not what was frozen", f"revision {revision.number}"
            is_erased = revision.erased_at is not None and self._is_erased()
            if (
                not is_erased
                and revision.is_signed
                and self._signers(revision) != sorted(Party.values)
            ):
                yield "a signature is missing", f"revision {revision.number}"
            if revision.pk in self.attempts and not is_erased:
                yield "a signed text could not become a document", f"revision {revision.number}"
        for document in self.documents:
            if document.found_sha256 != document.sha256:
                yield "a document is not what its hash says", f"document {document.pk}"

    def _signers(self, revision: Revision) -> list[str]:
        return sorted(
            one.party
            for one in self.signatures
            if one.revision_id == revision.pk and one.sha256 == revision.sha256
        )

    def unproven(self) -> Iterator[tuple[str, str]]:
        """Rows that stand there without the event that they should have come with."""
        proven = {(event.kind, event.subject) for event in self.events}
        for kind, subject in self._should_be_proven():
            if (kind, subject) not in proven:
                yield "something happened that the chain does not know", f"{kind} {subject}"

    def _should_be_proven(self) -> Iterator[Expected]:
        yield EventKind.STARTED, self.agreement.pk
        yield from ((EventKind.REVEALED, one.pk) for one in self.preparations)
        for revision in self.revisions:
            if revision.proposed_at is not None:
                yield EventKind.PROPOSED, revision.pk
            if revision.agreed_at is not None:
                yield EventKind.AGREED, revision.pk
            if revision.is_signed:
                yield EventKind.COMPLETED, revision.pk
            if revision.state == RevisionState.LAPSED:
                yield EventKind.LAPSED, revision.pk
        yield from ((signed_kind(one), one.pk) for one in self.signatures)
        yield from ((EventKind.SEALED, one.pk) for one in self.documents)
        yield from ((EventKind.TALKED, one.pk) for one in self.talks if one.held_at is not None)
        yield from ((EventKind.SHARED, one.pk) for one in self.shares)
        if self.agreement.is_parted:
            yield EventKind.PARTED, self.agreement.pk
        if self.agreement.ended_at is not None:
            yield EventKind.ENDED, self.agreement.pk
        if self.agreement.erased_at is not None:
            yield EventKind.ERASED, self.agreement.pk


_TABLES: dict[EventKind, type[Model]] = {
    EventKind.STARTED: Agreement,
    EventKind.REVEALED: Preparation,
    EventKind.PROPOSED: Revision,
    EventKind.SENT_BACK: Revision,
    EventKind.DECLINED: Revision,
    EventKind.WITHDRAWN: Revision,
    EventKind.LAPSED: Revision,
    EventKind.AGREED: Revision,
    EventKind.SIGNED: Signature,
    EventKind.SIGNED_FOR: Signature,
    EventKind.ON_PAPER: Signature,
    EventKind.COMPLETED: Revision,
    EventKind.SEALED: Document,
    EventKind.AMENDED: Revision,
    EventKind.RENEWED: Revision,
    EventKind.TALKED: FollowUp,
    EventKind.PARTED: Agreement,
    EventKind.SHARED: Share,
    EventKind.RETAINED: Agreement,
    EventKind.ENDED: Agreement,
    EventKind.ERASED: Agreement,
}
