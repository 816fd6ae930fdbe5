"""What the door's page holds on the machine, so that it can answer when the network is gone."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.sessions import longest_until
from attendance import codes
from attendance.door.people import at_the_door, door_rows
from attendance.door.rules import DoorAnswer, is_of_session
from attendance.door.words import SKINS, line_of, own_in_words, word_of
from seminars.models import Session

KEPT_AFTER = dt.timedelta(hours=24)
"""How long after its session a device may hold the list; it goes with the sign-in before that."""


def door_data(session: Session) -> list[dict[str, Any]]:
    """Return everybody whom the door may meet: names, and codes as digests that make no code.

    No address, no need, no answer. The digest of 80 secret bits is of no use but to know the code.
    """
    registrations = at_the_door(session)
    key = codes.key_of(session.seminar)
    rows = door_rows(session, registrations)
    return [
        {
            "id": row.registration_pk,
            "name": row.name,
            "unit": row.unit,
            "agency": row.agency,
            "state": one.state,
            "isOfSession": (is_own := is_of_session(one, session)),
            "isIn": row.scan is not None,
            "when": row.came_in_words,
            "outcome": row.outcome,
            "elsewhere": "" if is_own else own_in_words(one.own_sessions),
            "code": digest_of(codes.code_of(one.pk, key)),
        }
        for row, one in zip(rows, registrations, strict=True)
    ]


def digest_of(code: str) -> str:
    """Return what a device knows a code by."""
    return base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


def kept_until(request: HttpRequest, session: Session) -> dt.datetime:
    """Return when the list is to be gone from the device, whatever else happens."""
    return min(session.ends_at + KEPT_AFTER, longest_until(request))


def door_texts() -> dict[str, Any]:
    """Return every word that the page's script says, so that none stands in two places."""
    answers = {
        one.value: {"word": word_of(one), "line": line_of(one), "skin": SKINS[one]}
        for one in DoorAnswer
    }
    return {"answers": answers | _answers_of_the_device()} | _said_by_the_script()


def _answers_of_the_device() -> dict[str, dict[str, str]]:
    """What a device alone has to say, which knows less than the portal."""
    return {
        "kept": {
            "word": _("Tatt vare på"),
            "line": _("Svaret kommer når nettet er tilbake."),
            "skin": "yellow",
        },
        "unlisted_code": {
            "word": _("Kan ikke leses uten nett"),
            "line": _(
                "Koden står ikke i listen på denne enheten. Den kan gjelde et annet seminar, eller "
                "en plass som er ny eller gitt opp. Søk etter navnet."
            ),
            "skin": "red",
        },
        "refused": {"word": _("Ikke sjekket inn"), "line": "", "skin": "red"},
    }


def _said_by_the_script() -> dict[str, str]:
    return {
        "time": _("kl. {hour}.{minute}"),
        "found": _("Treff: {count}"),
        "counted": _("{came} av {expected}"),
        "offline": _("Uten nett. Du kan fortsette å slippe inn."),
        "waitingOne": _("Uten nett: 1 innsjekking venter på å bli sendt."),
        "waitingMany": _("Uten nett: {count} innsjekkinger venter på å bli sendt."),
        "sending": _("Sender {count} innsjekkinger …"),
        "unkept": _("Nettleseren tar ikke vare på dem hvis siden lukkes."),
        "signedOut": _("Du er logget ut. Logg inn igjen, så sendes det som venter."),
        "forbidden": _(
            "Portalen tok ikke imot. Er døren fortsatt din, last siden på nytt, så sendes det som "
            "venter. Er den ikke det, gi arrangøren det som står under «Ikke sendt»."
        ),
        "unsent": _("{name}: {when}"),
        "othersOne": _(
            "1 innsjekking på denne enheten venter på at den som gjorde den, logger inn."
        ),
        "othersMany": _(
            "{count} innsjekkinger på denne enheten venter på at den som gjorde dem, logger inn."
        ),
        "busy": _("Sjekker inn …"),
        "undone": _("Innsjekkingen er angret."),
        "undoNeedsNetwork": _("Uten nett kan ikke denne innsjekkingen angres. Prøv igjen."),
        "giveNeedsNetwork": _("Å gi en plass krever nett. Prøv igjen når nettet er tilbake."),
        "conflict": _("{name}: {word}. Du slapp inn {when}. Portalen har: {seen}."),
        "differs": _("{name}: {word}. {line} Du sjekket inn {when}."),
        "cameraClose": _("Lukk kameraet"),
        "cameraStarts": _("Starter kameraet …"),
        "cameraReads": _("Hold koden foran kameraet."),
        "cameraDenied": _(
            "Nettleseren får ikke bruke kameraet. Tillat kamera i nettleserens innstillinger, "
            "eller søk etter navnet."
        ),
        "cameraMissing": _("Kameraet ble ikke funnet. Søk etter navnet, eller bruk en skanner."),
        "cameraFailed": _("Kameraet kunne ikke leses fra. Søk etter navnet, eller prøv igjen."),
        "someone": _("En deltaker"),
    }
