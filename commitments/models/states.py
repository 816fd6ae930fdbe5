"""The words of an agreement's life: parties, states, methods, and how it went."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    LEADER = "leader", _("lederen")
    EMPLOYEE = "employee", _("medarbeideren")


class Owner(models.TextChoices):
    """Whose commitment it is."""

    LEADER = "leader", _("lederen")
    EMPLOYEE = "employee", _("medarbeideren")
    BOTH = "both", _("begge")


class RevisionState(models.TextChoices):
    DRAFT = "draft", _("utkast")
    PROPOSED = "proposed", _("foreslått")
    AGREED = "agreed", _("klar til signering")
    SIGNED = "signed", _("signert")
    SUPERSEDED = "superseded", _("erstattet")
    WITHDRAWN = "withdrawn", _("trukket")
    LAPSED = "lapsed", _("falt bort")


OPEN_STATES = [RevisionState.DRAFT, RevisionState.PROPOSED, RevisionState.AGREED]

PATIENCE: Final = {
    RevisionState.DRAFT: dt.timedelta(days=182),
    RevisionState.PROPOSED: dt.timedelta(days=84),
    RevisionState.AGREED: dt.timedelta(days=84),
}
"""How long each waits for the two before it lapses; a draft from when it was last written on."""
TALK_PATIENCE: Final = dt.timedelta(days=56)
"""How long a conversation that was not held stays planned after its day."""


class AgreementState(models.TextChoices):
    """Where the conversation stands: the newest revision's state, or that it is ended."""

    DRAFT = "draft", _("utkast")
    PROPOSED = "proposed", _("foreslått")
    AGREED = "agreed", _("klar til signering")
    SIGNED = "signed", _("signert")
    PARTED = "parted", _("lederen er skiftet")
    ENDED = "ended", _("avsluttet")


class Ending(models.TextChoices):
    """What became of an agreement: by one of the two (the first three), or by the portal alone."""

    ENDED = "ended", _("avsluttet av en av dere")
    DECLINED = "declined", _("avslått")
    CARRIED = "carried", _("ført videre med ny leder")
    MERGED = "merged", _("enhetene ble slått sammen")
    NEVER_SIGNED = "never_signed", _("lederen ble skiftet før den var signert")
    LEFT = "left", _("lå et år etter lederskiftet")
    DEPARTED = "departed", _("medarbeideren sluttet")
    LAPSED = "lapsed", _("falt bort")


class Method(models.TextChoices):
    """How the signer proved who they were, as the sign-in machinery recorded it.

    The demo's rows say that nobody signed in for them; no session ever leads to that method.
    """

    PASSWORD = "password", _("passord")
    TOTP = "totp", _("engangskode fra app")
    RECOVERY_CODES = "recovery_codes", _("gjenopprettingskode")
    WEBAUTHN = "webauthn", _("passnøkkel")
    CODE = "code", _("kode på e-post")
    PROVIDER = "socialaccount", _("kommunens innlogging")
    DEMO = "demo", _("demodata: signert uten innlogging")


class Medium(models.TextChoices):
    """Where it was signed; both parties in the same."""

    PORTAL = "portal", _("i portalen")
    PAPER = "paper", _("på papir")


class EventKind(models.TextChoices):
    """What happened in an agreement's life that one may want to prove."""

    STARTED = "started", _("begynt")
    REVEALED = "revealed", _("svarene vist")
    PROPOSED = "proposed", _("foreslått")
    SENT_BACK = "sent_back", _("sendt tilbake")
    DECLINED = "declined", _("avslått")
    WITHDRAWN = "withdrawn", _("trukket")
    LAPSED = "lapsed", _("falt bort")
    AGREED = "agreed", _("godtatt")
    SIGNED = "signed", _("signert av én")
    SIGNED_FOR = "signed_for", _("signert av stedfortreder")
    ON_PAPER = "on_paper", _("signert på papir av én")
    COMPLETED = "completed", _("signert av begge")
    SEALED = "sealed", _("forseglet")
    AMENDED = "amended", _("endring begynt")
    RENEWED = "renewed", _("fornyelse begynt")
    TALKED = "talked", _("samtale holdt")
    PARTED = "parted", _("lederen har ikke lenger tilgang")
    SHARED = "shared", _("delt med ny leder")
    RETAINED = "retained", _("dagen for sletting satt")
    ENDED = "ended", _("avsluttet")
    ERASED = "erased", _("innholdet slettet")


class NoteKind(models.TextChoices):
    COMMENT = "comment", _("kommentar")
    SENT_BACK = "sent_back", _("sendt tilbake")
    DECLINED = "declined", _("avslått")
    WITHDRAWN = "withdrawn", _("trukket")
    ENDED = "ended", _("avsluttet")


class Word(models.TextChoices):
    """How it went with a commitment: a word and never a figure."""

    KEPT = "kept", _("holdt")
    ON_THE_WAY = "on_the_way", _("på vei")
    RENEGOTIATE = "renegotiate", _("må reforhandles")
    LET_GO = "let_go", _("sluppet")
