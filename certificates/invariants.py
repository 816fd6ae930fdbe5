"""What is always true of certificates, asked of the rows themselves and of nothing the actions use.

That a person has one valid certificate of a seminar is a unique index, which nothing goes past.
"""

from __future__ import annotations

from django.db import connection

from seminars.seats.invariants import Fault

INVARIANTS = {
    "a certificate is of its registration's person and seminar": """
        SELECT certificate.seminar_id, certificate.id
          FROM certificates_certificate AS certificate
          JOIN seminars_registration AS registration ON registration.id = registration_id
         WHERE (registration.user_id, registration.seminar_id)
            <> (certificate.user_id, certificate.seminar_id)
    """,
    "a certificate is replaced by one, of the same person and seminar": """
        SELECT coalesce(older.seminar_id, newer.seminar_id), coalesce(older.id, newer.id)
          FROM (SELECT * FROM certificates_certificate WHERE replaced_at IS NOT NULL) AS older
          FULL JOIN (SELECT * FROM certificates_certificate WHERE replaces_id IS NOT NULL) AS newer
            ON newer.replaces_id = older.id
           AND newer.user_id = older.user_id AND newer.seminar_id = older.seminar_id
         WHERE older.id IS NULL OR newer.id IS NULL
    """,
    "a certificate says what its hash says, and its own number": """
        SELECT seminar_id, id FROM certificates_certificate
         WHERE encode(sha256(convert_to(snapshot, 'UTF8')), 'hex') <> sha256
            OR snapshot::jsonb ->> 'number' IS DISTINCT FROM number
    """,
    "a certificate's document is what its hash says": """
        SELECT certificate.seminar_id, certificate.id
          FROM certificates_certificatedocument AS document
          JOIN certificates_certificate AS certificate ON certificate.id = certificate_id
         WHERE encode(sha256(document.pdf), 'hex') <> document.sha256
    """,
    "a certificate's badge has a place in a list, and ended when the certificate did": """
        SELECT certificate.seminar_id, certificate.id
          FROM certificates_certificate AS certificate
          LEFT JOIN certificates_badgestatus AS status ON status.certificate_id = certificate.id
         WHERE status.id IS NULL
            OR status.ended_at IS DISTINCT FROM coalesce(withdrawn_at, replaced_at)
    """,
}


def faults() -> list[Fault]:
    """Return everything that should not be, invariant by invariant."""
    found: list[Fault] = []
    with connection.cursor() as cursor:
        for invariant, question in INVARIANTS.items():
            cursor.execute(question)
            found += [Fault(invariant, seminar, row) for seminar, row in cursor.fetchall()]
    return found
