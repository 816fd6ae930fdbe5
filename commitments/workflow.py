"""Where an agreement stands for one of the two, in words, and the one thing to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.models import (
    Agreement,
    AgreementState,
    Ending,
    FollowUp,
    Note,
    NoteKind,
    Party,
    Revision,
    Share,
)
from commitments.preparation_progress import Preparing
from common import dates
from people.models import IMPORT_UNDO_WINDOW, User


@dataclass(frozen=True)
class AgreementTag:
    """`asks`: this person is the one that something waits for."""

    text: str
    skin: str
    asks: bool = False


@dataclass(frozen=True)
class AgreementStep:
    """What the page asks of this person; without a `url` there is nothing to do but wait."""

    title: str
    text: str
    url: str = ""
    label: str = ""


def tag_for(agreement: Agreement, user: User) -> AgreementTag:
    """Return a word for the list; `agreement` comes from `with_state()` and `with_ready`."""
    row: Any = agreement
    ready: Collection[int] = row.ready
    other = agreement.counterpart_of(user)
    if agreement.paused_at is not None and row.state not in (
        AgreementState.ENDED,
        AgreementState.PARTED,
    ):
        return AgreementTag(_("På pause"), "gray")
    if agreement.is_parting and row.state != AgreementState.ENDED:
        return AgreementTag(_("Lederskifte meldt"), "gray")
    waits = AgreementTag(_("Venter på %(name)s") % {"name": other.given_name}, "blue-light")
    if row.state == AgreementState.DRAFT and (user.pk in ready) != (other.pk in ready):
        prepare = AgreementTag(_("Venter på svarene dine"), "yellow", asks=True)
        return waits if user.pk in ready else prepare
    if row.state == AgreementState.DRAFT and is_sent_back_to(agreement, user):
        return AgreementTag(_("Sendt tilbake til deg"), "yellow", asks=True)
    if row.state == AgreementState.PROPOSED:
        is_mine = row.turn == agreement.party_of(user)
        return AgreementTag(_("Venter på svaret ditt"), "yellow", asks=True) if is_mine else waits
    if row.state == AgreementState.AGREED:
        is_signed = _is_signed_by(agreement, user)
        return waits if is_signed else AgreementTag(_("Klar til signering"), "yellow", asks=True)
    return {
        AgreementState.DRAFT: AgreementTag(_("Utkast"), "beige"),
        AgreementState.SIGNED: AgreementTag(_("Signert"), "green"),
        AgreementState.PARTED: AgreementTag(_("Lederen er skiftet"), "yellow", asks=True),
    }.get(row.state, AgreementTag(_("Avsluttet"), "gray"))


def is_sent_back_to(agreement: Agreement, user: User) -> bool:
    """Whether this person's proposal came back; `agreement` comes from `with_state()`."""
    row: Any = agreement
    is_mine: bool = row.state == AgreementState.DRAFT and row.turn == agreement.party_of(user)
    return is_mine and row.is_sent_back


def sent_back_with(revision: Revision) -> Note | None:
    """Return the note that the proposal before a draft was sent back with, if it was."""
    if not revision.is_draft or revision.number == 1:
        return None
    notes = Note.objects.filter(
        revision__agreement=revision.agreement_id,
        revision__number=revision.number - 1,
        kind=NoteKind.SENT_BACK,
    )
    return notes.first()


def _is_signed_by(agreement: Agreement, user: User) -> bool:
    row: Any = agreement
    is_leader = agreement.party_of(user) == Party.LEADER
    return bool(row.is_signed_by_leader if is_leader else row.is_signed_by_employee)


def stepper(agreement: Agreement, revision: Revision) -> list[dict[str, str]]:
    titles = [_("Skriv sammen"), _("Foreslå og svar"), _("Signer"), _("Følg opp")]
    reached = {"draft": 0, "proposed": 1, "agreed": 2, "signed": 3}.get(revision.state, 0)
    return [{"title": title, "state": _place(place, reached)} for place, title in enumerate(titles)]


def _place(place: int, reached: int) -> str:
    if place == reached:
        return "current"
    return "completed" if place < reached else "incomplete"


def next_step(
    revision: Revision,
    user: User,
    follow_up: FollowUp | None,
    today: dt.date,
    share: Share | None = None,
    preparing: Preparing | None = None,
) -> AgreementStep | None:
    """None for an agreement that is ended: nothing is asked of anybody."""
    agreement = revision.agreement
    if agreement.ended_at is not None:
        return None
    if agreement.is_parted:
        return _while_parted(agreement, share)
    if agreement.is_parting:
        return _while_parting(agreement)
    if agreement.paused_at is not None:
        return _while_paused(agreement)
    if revision.is_draft and _is_one_side_blank(revision, user):
        return _before_drafting(agreement, user, preparing or Preparing())
    steps = {
        "draft": _while_drafting,
        "proposed": _while_proposed,
        "agreed": _while_signing,
    }
    if revision.state in steps:
        return steps[revision.state](revision, user)
    return _while_kept(agreement, follow_up, today)


def how_it_ended(agreement: Agreement) -> str:
    """Return a sentence on who or what ended it, and when."""
    assert agreement.ended_at is not None  # noqa: S101
    sentence = {
        Ending.ENDED: _("%(name)s avsluttet den %(day)s."),
        Ending.DECLINED: _(
            "%(name)s avslo forslaget %(day)s, og avtalen var ikke signert av dere begge."
        ),
        Ending.CARRIED: _(
            "%(name)s førte den videre %(day)s, som et utkast til en avtale med den nye lederen."
        ),
        Ending.MERGED: _(
            "Enhetene ble slått sammen, og dere to hadde en avtale i hver. Den andre gjelder "
            "videre, og denne ble avsluttet %(day)s."
        ),
        Ending.NEVER_SIGNED: _(
            "%(leader)s ledet deg ikke her lenger %(day)s, og avtalen var ikke signert av dere "
            "begge."
        ),
        Ending.DEPARTED: _(
            "%(leader)s ledet deg ikke her lenger, og du hadde sluttet i kommunen. Derfor ble den "
            "avsluttet %(day)s."
        ),
        Ending.LEFT: _(
            "%(leader)s hadde ikke ledet deg her på et år, og ingen hadde ført den videre. "
            "Derfor ble den avsluttet %(day)s."
        ),
        Ending.LAPSED: _(
            "Den var ikke signert av dere begge, og ingen av dere hadde skrevet eller svart på "
            "lenge. Derfor falt den bort %(day)s. Dere kan begynne på en ny når dere vil."
        ),
    }[Ending(agreement.ended_as)]
    return sentence % {
        "name": agreement.ended_by.name if agreement.ended_by else "",
        "leader": agreement.leader.name,
        "day": dates.long_date(agreement.ended_at),
    }


def _is_one_side_blank(revision: Revision, user: User) -> bool:
    """One's own or the employee's: a leader's round begins with the leader's side alone."""
    sides = {one.owner for one in revision.commitments.all()}
    return not {revision.agreement.party(user), Party.EMPLOYEE} <= sides


def _url(name: str, agreement: Agreement) -> str:
    return reverse(f"commitments:{name}", args=[agreement.pk])


def _before_drafting(agreement: Agreement, user: User, preparing: Preparing) -> AgreementStep:
    other = {"name": agreement.counterpart_of(user).given_name}
    prepare_url = _url("prepare", agreement)
    if preparing.is_revealed:
        return AgreementStep(
            _("Les svarene deres side om side"),
            _("Velg det som skal stå i avtalen, og skriv videre derfra."),
            prepare_url,
            _("Les svarene"),
        )
    if preparing.is_ready:
        return AgreementStep(
            _("Du er klar"),
            _("Svarene vises for dere begge når %(name)s også er klar.") % other,
            _url("edit", agreement),
            _("Skriv rett i avtalen"),
        )
    invited = _("%(name)s er klar, og venter på deg.") % other if preparing.is_other_ready else ""
    words = _("Ni korte spørsmål, hver for dere. Ingen ser svarene før dere begge er klare.")
    return AgreementStep(
        _("Forbered deg til samtalen"),
        f"{invited} {words}".strip(),
        prepare_url,
        _("Fortsett forberedelsen") if preparing.own else _("Forbered deg"),
    )


def _while_drafting(revision: Revision, user: User) -> AgreementStep:
    agreement = revision.agreement
    other = {"name": agreement.counterpart_of(user).given_name}
    if revision.turn == agreement.party_of(user):
        note = sent_back_with(revision)
        if note is not None:
            return AgreementStep(
                _("%(name)s har sendt forslaget ditt tilbake") % other,
                f"«{note.text}»",
                _url("edit", agreement),
                _("Skriv videre"),
            )
        return AgreementStep(
            _("Send forslaget til %(name)s") % other,
            _("Da kan %(name)s godta det, sende det tilbake eller endre det.") % other,
            _url("propose", agreement),
            _("Se over og foreslå"),
        )
    return AgreementStep(
        _("%(name)s skriver") % other,
        _("Du kan skrive samtidig, eller foreslå avtalen når dere er klare."),
        _url("edit", agreement),
        _("Skriv"),
    )


def _while_proposed(revision: Revision, user: User) -> AgreementStep:
    agreement = revision.agreement
    other = {"name": agreement.counterpart_of(user).given_name}
    if revision.turn == agreement.party_of(user):
        return AgreementStep(
            _("%(name)s har foreslått dette for deg") % other,
            _(
                "Les hva hver av dere forplikter seg til. Godta det, send det tilbake med en "
                "merknad, eller endre det selv."
            ),
            _url("agree", agreement),
            _("Godta forslaget"),
        )
    return AgreementStep(
        _("Forslaget ligger hos %(name)s") % other,
        _("Du får brev når %(name)s har svart.") % other,
    )


def _while_signing(revision: Revision, user: User) -> AgreementStep:
    agreement = revision.agreement
    other = {"name": agreement.counterpart_of(user).given_name}
    mine = [one for one in revision.signatures.all() if one.party == agreement.party_of(user)]
    if mine:
        is_done_for = mine[0].signer_id != user.pk
        title = _("Stedfortrederen har signert for deg") if is_done_for else _("Du har signert")
        return AgreementStep(title, _("Nå mangler bare signaturen til %(name)s.") % other)
    return AgreementStep(
        _("Dere er enige. Signer avtalen"),
        _("Det tar under et minutt. Du bekrefter hvem du er, og signerer."),
        _url("sign", agreement),
        _("Signer"),
    )


def _while_paused(agreement: Agreement) -> AgreementStep:
    text = _("Ingen av dere blir minnet om noe. Hver av dere kan gå videre når det passer.")
    if agreement.resumes_on is not None:
        day = {"day": dates.day(agreement.resumes_on)}
        text = _("Ingen av dere blir minnet om noe. Den går videre av seg selv %(day)s.") % day
    return AgreementStep(
        _("Avtalen er på pause"), text, _url("resume", agreement), _("Gå videre med avtalen")
    )


def _while_parting(agreement: Agreement) -> AgreementStep:
    assert agreement.left_behind_at is not None  # noqa: S101
    words = {
        "name": agreement.leader.name,
        "at": dates.short_moment(agreement.left_behind_at + IMPORT_UNDO_WINDOW),
    }
    return AgreementStep(
        _("%(name)s står ikke lenger som lederen din her") % words,
        _(
            "Er det fortsatt slik %(at)s, lukkes avtalen for %(name)s, og dere får brev om det "
            "begge to. Er det en feil hos HR, går avtalen videre som før når den er rettet. "
            "Imens kan ingen av dere endre eller signere den."
        )
        % words,
    )


def _while_parted(agreement: Agreement, share: Share | None) -> AgreementStep:
    leader = {"name": agreement.leader.name}
    if share is not None and share.left_behind_at is not None:
        return _while_share_ends(share, share.left_behind_at)
    if share is None:
        return AgreementStep(
            _("%(name)s leder deg ikke her lenger") % leader,
            _("Bare du leser avtalen nå. Del den med den nye lederen din, eller avslutt den."),
            _url("share", agreement),
            _("Del med den nye lederen"),
        )
    return AgreementStep(
        _("%(name)s kan lese det dere signerte") % {"name": share.with_user.name},
        _("Før den videre som deres egen, eller avslutt den. Du kan slutte å dele når du vil."),
        _url("carry", agreement),
        _("Før avtalen videre"),
    )


def _while_share_ends(share: Share, left_behind_at: dt.datetime) -> AgreementStep:
    words = {
        "name": share.with_user.name,
        "at": dates.short_moment(left_behind_at + IMPORT_UNDO_WINDOW),
    }
    return AgreementStep(
        _("%(name)s står ikke lenger som lederen din her") % words,
        _(
            "Imens kan %(name)s ikke lese det du deler. Er det fortsatt slik %(at)s, slutter "
            "delingen. Slutt å dele hvis du vil dele med en annen før det."
        )
        % words,
    )


def _while_kept(agreement: Agreement, follow_up: FollowUp | None, today: dt.date) -> AgreementStep:
    if follow_up is None:
        return AgreementStep(
            _("Avtalen gjelder"),
            _("Ingen oppfølgingssamtale er planlagt. Be om endring når noe ikke passer lenger."),
            _url("arrange", agreement),
            _("Avtal en samtale"),
        )
    is_due = follow_up.due_on <= today
    if not is_due and follow_up.starts_at is None:
        return AgreementStep(
            _("Neste samtale er %(day)s") % {"day": dates.day(follow_up.due_on)},
            _("Avtal tid og sted, så får dere den i kalenderen begge to."),
            _url("arrange", agreement),
            _("Avtal tid"),
        )
    if not is_due:
        return AgreementStep(
            _("Neste samtale er %(day)s") % {"day": dates.day(follow_up.due_on)},
            _("Den står i kalenderen hos dere begge. Les gjennom avtalen på forhånd."),
            _url("arrange", agreement),
            _("Flytt samtalen"),
        )
    words = _("Skriv ned samtalen når dere har hatt den: et ord for hver forpliktelse.")
    if follow_up.due_on < today:
        day = {"day": dates.day(follow_up.lapses_on)}
        words += " " + _("Ellers går den av planen %(day)s.") % day
    return AgreementStep(
        _("Snakk sammen om hvordan det går"),
        words,
        _url("follow_up", agreement),
        _("Skriv ned samtalen"),
    )
