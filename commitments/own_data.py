"""What this room holds about one person, for that person's export.

Every section begins with what they may read today: a former leader gets nothing of an agreement,
and nobody gets the other's private notes, unsaved work or answers that are not revealed.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from commitments.models import (
    Agreement,
    AgreementRound,
    Commitment,
    FollowUp,
    GuidingQuestion,
    Method,
    Note,
    NoteKind,
    Outcome,
    Owner,
    PreparedAnswer,
    PrivateNote,
    Revision,
    RevisionState,
    RoundPledge,
    Share,
    Signature,
    UnsavedWork,
    Word,
)
from commitments.models.states import Medium
from common.keys import read_key
from common.own_data import Column, Section, labels, section
from people.models import User


def own_data(user: User, today: dt.date) -> list[Section]:
    return [
        _agreements(user, today),
        _revisions(user, today),
        _commitments(user, today),
        _notes(user, today),
        _signatures(user, today),
        *_conversations(user, today),
        _private_notes(user, today),
        _prepared_answers(user, today),
        _unsaved_work(user, today),
        *_rounds(user, today),
        _shares(user, today),
    ]


def _agreement(path: str = "") -> tuple[Column, Column, Column]:
    """Which one it is about; `path` leads from a row to its agreement."""
    return (
        Column(f"{path}pk", _("Avtale nummer")),
        Column(f"{path}leader__name", _("Leder")),
        Column(f"{path}employee__name", _("Medarbeider")),
    )


def _agreements(user: User, today: dt.date) -> Section:
    return section(
        "agreements",
        _("Avtaler du er part i"),
        Agreement.objects.visible_to(user, on=today),
        *_agreement(),
        Column("unit__name", _("Enhet")),
        Column("created_at", _("Begynt")),
        Column("paused_at", _("På pause siden")),
        Column("resumes_on", _("Går videre")),
        Column("left_behind_at", _("Sett at lederen ikke leder deg der")),
        Column("leader_access_ended_at", _("Lederens tilgang tok slutt")),
        Column("ended_at", _("Avsluttet")),
        Column("erases_on", _("Slettes")),
    )


def _revisions(user: User, today: dt.date) -> Section:
    return section(
        "agreement_revisions",
        _("Utgaver av avtalene"),
        Revision.objects.visible_to(user, on=today),
        *_agreement("agreement__"),
        Column("number", _("Utgave")),
        Column("state", _("Tilstand"), labels(RevisionState)),
        *_wording(),
        Column("disagreement", _("Det vi er uenige om")),
        Column("reason", _("Hvorfor avtalen endres")),
        Column("follow_up_on", _("Neste oppfølgingssamtale")),
        Column("proposed_at", _("Foreslått")),
        Column("agreed_at", _("Godtatt")),
        Column("signed_at", _("Signert")),
    )


def _wording() -> tuple[Column, ...]:
    return (
        Column("goals", _("Lederens mål")),
        Column("put_off", _("Det vi stopper eller utsetter")),
        Column("upward", _("Må avklares oppover")),
        Column("renegotiate_when", _("Når vi reforhandler")),
    )


def _pledge() -> tuple[Column, ...]:
    return (
        Column("text", _("Forpliktelse")),
        Column("why", _("For hvem og hvorfor")),
        Column("core_activity__text", _("Kjerneaktivitet")),
        Column("support", _("Hva som trengs av støtte")),
        Column("signs", _("Tegn på at det er godt nok")),
        Column("room", _("Handlingsrom, og når dere sier fra")),
        Column("review_on", _("Vurderes på nytt")),
    )


def _commitments(user: User, today: dt.date) -> Section:
    return section(
        "commitments",
        _("Forpliktelser i avtalene"),
        Commitment.objects.visible_to(user, on=today),
        *_agreement("revision__agreement__"),
        Column("revision__number", _("Utgave")),
        Column("owner", _("Hvem forplikter seg"), labels(Owner)),
        *_pledge(),
    )


def _notes(user: User, today: dt.date) -> Section:
    return section(
        "agreement_notes",
        _("Merknader til avtalene"),
        Note.objects.visible_to(user, on=today),
        *_agreement("revision__agreement__"),
        Column("author__name", _("Skrevet av")),
        Column("kind", _("Slag"), labels(NoteKind)),
        Column("text", _("Merknad")),
        Column("created_at", _("Skrevet")),
    )


def _signatures(user: User, today: dt.date) -> Section:
    return section(
        "signatures",
        _("Signaturer på avtalene"),
        Signature.objects.visible_to(user, on=today),
        *_agreement("revision__agreement__"),
        Column("revision__number", _("Utgave")),
        Column("signer_name", _("Signert av")),
        Column("on_behalf_of_name", _("På vegne av")),
        Column("medium", _("Hvor"), labels(Medium)),
        Column("method", _("Hvordan"), labels(Method)),
        Column("signed_at", _("Når")),
        Column("sha256", _("Fingeravtrykk av teksten")),
    )


def _conversations(user: User, today: dt.date) -> list[Section]:
    conversations = FollowUp.objects.visible_to(user, on=today)
    return [
        section(
            "follow_ups",
            _("Oppfølgingssamtaler"),
            conversations,
            *_agreement("agreement__"),
            Column("due_on", _("Dato")),
            Column("starts_at", _("Starter")),
            Column("place", _("Sted")),
            Column("notes", _("Felles notat")),
            Column("held_at", _("Holdt")),
        ),
        section(
            "outcomes",
            _("Hvordan det gikk med forpliktelsene"),
            Outcome.objects.filter(follow_up__in=conversations),
            *_agreement("follow_up__agreement__"),
            Column("follow_up__due_on", _("Samtale")),
            Column("commitment__text", _("Forpliktelse")),
            Column("word", _("Hvordan det gikk"), labels(Word)),
            Column("why", _("Og hvorfor")),
        ),
    ]


def _private_notes(user: User, today: dt.date) -> Section:
    return section(
        "private_notes",
        _("De private notatene dine"),
        PrivateNote.objects.visible_to(user, on=today),
        *_agreement("follow_up__agreement__"),
        Column("follow_up__due_on", _("Samtale")),
        Column("text", _("Notat")),
        Column("written_at", _("Skrevet")),
    )


def _prepared_answers(user: User, today: dt.date) -> Section:
    return section(
        "prepared_answers",
        _("Svar på spørsmålene før en avtale: dine egne, og det dere har vist hverandre"),
        PreparedAnswer.objects.visible_to(user, on=today),
        *_agreement("preparation__agreement__"),
        Column("preparation__author__name", _("Svart av")),
        Column("question", _("Spørsmål"), labels(GuidingQuestion)),
        Column("text", _("Svar")),
        Column("edited_at", _("Skrevet")),
    )


def _unsaved_work(user: User, today: dt.date) -> Section:
    return section(
        "unsaved_work",
        _("Det du har skrevet i et utkast og ikke lagret"),
        UnsavedWork.objects.visible_to(user, on=today),
        *_agreement("agreement__"),
        Column("question", _("Spørsmål"), labels(GuidingQuestion)),
        Column("typed", _("Feltene"), typed_in_words),
        Column("saved_at", _("Skrevet")),
    )


def typed_in_words(typed: dict[str, str]) -> dict[str, str]:
    """What stands in the form by the fields' own labels; its hidden fields say nothing to people.

    The fields of the second commitment are `c-1-…`.
    """
    return {
        label: value
        for name, value in typed.items()
        if value and (label := _label_of(name)) is not None
    }


def _label_of(name: str) -> str | None:
    prefix, _dash, field = name.rpartition("-")
    if not prefix:
        return _labels_of_whole().get(name)
    label = {column.path: column.label for column in _pledge()}.get(field)
    number = read_key(prefix.rpartition("-")[2])
    return f"{label} ({number + 1})" if label and number is not None else None


def _labels_of_whole() -> dict[str, str]:
    return {column.path: column.label for column in _wording()} | {
        "disagreement": _("Det vi er uenige om"),
        "follow_up_on": _("Neste oppfølgingssamtale"),
        "text": _("Svar"),
    }


def _rounds(user: User, today: dt.date) -> list[Section]:
    rounds = AgreementRound.objects.visible_to(user, on=today)
    unit, begun = _("Enhet"), _("Begynt")
    return [
        section(
            "rounds",
            _("Rundene dine"),
            rounds,
            Column("unit__name", unit),
            Column("created_at", begun),
            *_wording(),
        ),
        section(
            "round_pledges",
            _("Forpliktelser i rundene dine"),
            RoundPledge.objects.filter(round__in=rounds),
            Column("round__unit__name", unit),
            Column("round__created_at", begun),
            *_pledge(),
        ),
    ]


def _shares(user: User, today: dt.date) -> Section:
    return section(
        "shares",
        _("Avtaler som er delt med en ny leder"),
        Share.objects.visible_to(user, on=today),
        *_agreement("agreement__"),
        Column("with_user__name", _("Delt med")),
        Column("shared_at", _("Delt")),
        Column("ended_at", _("Deling avsluttet")),
    )
