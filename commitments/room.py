"""What agreements add to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commitments.models.states import PATIENCE, TALK_PATIENCE, RevisionState
from commitments.my_page import my_page, short_questions
from commitments.own_data import own_data
from commitments.sending_times import SENDING_TIMES
from commitments.team import team_lines, team_waiting
from common.duties import Duty
from common.rooms import ONESELF, MenuEntry, PersonalDataRecord, PersonField, Room, register
from common.team import TeamColumn

RECORDS = (
    PersonalDataRecord(
        _("Svarene dine på spørsmålene før en avtale"),
        _("For at dere skal ha tenkt hver for dere før dere snakker sammen"),
        _("Bare du, til dere begge har sagt at dere er klare. Da ser dere begge, og ingen andre"),
        _("Det dere ikke viste hverandre, slettes når avtalen avsluttes. Resten følger avtalen"),
        (ONESELF, "keep-agreements", "erase-agreements"),
    ),
    PersonalDataRecord(
        _("Det du har skrevet i et utkast til avtale og ikke lagret"),
        _("For at du ikke skal miste det når siden lukkes"),
        _("Bare du"),
        _("Til du lagrer, foreslår eller forkaster det, og senest når avtalen avsluttes"),
        (ONESELF, "keep-agreements"),
    ),
    PersonalDataRecord(
        _("Runder: det en leder skriver én gang for mange avtaler"),
        _("For at lederen skal kunne begynne med hele enheten"),
        _("Bare lederen. Det som står i et utkast, ser den det gjelder også"),
        _("Til lederen sletter malen"),
        (ONESELF, "erase-who-left"),
    ),
    PersonalDataRecord(
        _("Avtaler: forpliktelsene, endringene og signaturene"),
        _("For at dere begge skal kunne holde dere til det dere ble enige om"),
        _("Du og den du har avtalen med; HR ser bare at den er signert"),
        format_lazy(
            _("Innholdet slettes {years} år etter at avtalen er avsluttet. Til da endres det ikke"),
            years=settings.AGREEMENT_RETENTION_YEARS,
        ),
        ("erase-agreements",),
    ),
    PersonalDataRecord(
        _("Oppfølgingssamtaler: tid, sted, felles notat og et ord for hver forpliktelse"),
        _("For at dere skal holde det dere ble enige om, og snakke om det som må endres"),
        _("Dere to. Lederen over kan få vite at en samtale ikke er holdt, uten navn og dag"),
        _("Slettes sammen med avtalen"),
        ("erase-agreements",),
    ),
    PersonalDataRecord(
        _("De private notatene dine fra samtalene"),
        _("For at du skal huske det du selv vil"),
        _("Bare du. Heller ikke den du har avtalen med"),
        _("Til du tømmer feltet, eller avtalen slettes. En leders slettes når dere skiller lag"),
        (ONESELF, "keep-agreements", "erase-agreements"),
    ),
    PersonalDataRecord(
        _("At en avtale er på pause, og hvem du deler en avtale med når du får ny leder"),
        _("For at ingen skal minnes om noe i pausen, og for at du bestemmer hvem som leser"),
        _("Dere to, og den du deler med. Det spørres aldri om hvorfor dere tar pause"),
        _("Pausen glemmes når den er over. Delingen slettes sammen med avtalen"),
        (ONESELF, "keep-agreements", "erase-agreements"),
    ),
)

SILENCE = (
    format_lazy(
        _(
            "Ingen avtale gjelder før begge har signert. Et utkast som ligger i {draft} dager, og "
            "et forslag som ikke er besvart eller signert på {proposed} dager, faller bort. "
            "Dere får vite det på forhånd."
        ),
        draft=PATIENCE[RevisionState.DRAFT].days,
        proposed=PATIENCE[RevisionState.PROPOSED].days,
    ),
    format_lazy(
        _(
            "En samtale som ikke er holdt {days} dager etter den avtalte dagen, "
            "står ikke lenger på planen."
        ),
        days=TALK_PATIENCE.days,
    ),
)

register(
    Room(
        app="commitments",
        sending_times=SENDING_TIMES,
        duties=(
            Duty("erase-agreements", "commitments.schedule.erase_agreements", crontab(minute="37")),
            Duty(
                "make-missing-documents",
                "commitments.tasks.sweep_documents",
                crontab(minute="2-59/5"),
            ),
            Duty(
                "keep-agreements", "commitments.schedule.keep_agreements", crontab(minute="3-59/15")
            ),
        ),
        my_page=my_page,
        team=TeamColumn(
            heading=_("Avtalen med deg"),
            none=_("–"),
            place=20,
            lines=team_lines,
            waiting=team_waiting,
        ),
        short_questions=short_questions,
        letters=_("Avtaler"),
        menu=(MenuEntry(text=_("Avtaler"), url_name="commitments:list", place=30),),
        needs_person=(
            PersonField("commitments.Agreement.employee", {"erased_at": None}),
            PersonField("commitments.Agreement.leader", {"erased_at": None}),
            # Of others than the two as well; all of it goes when the agreement is erased.
            *(
                PersonField(f"commitments.{one}")
                for one in (
                    "Signature.signer",
                    "Signature.on_behalf_of",
                    "Share.with_user",
                    "Note.author",
                    "FollowUp.held_by",
                    "PrivateNote.author",
                    "Preparation.author",
                )
            ),
        ),
        goes_with_person=(
            "commitments.AgreementRound.leader",
            "commitments.UnsavedWork.author",
        ),
        records=RECORDS,
        silence=SILENCE,
        own_data=own_data,
        actions={
            "commitments.agree_to_proposal": _("godtok et forslag til avtale"),
            "commitments.amend_agreement": _("begynte på en endring av avtalen"),
            "commitments.arrange_follow_up": _("avtalte tid for en oppfølgingssamtale"),
            "commitments.begin_round": _("begynte på en runde med avtaler"),
            "commitments.carry_agreement_forward": _("førte en avtale videre med en ny leder"),
            "commitments.close_agreement": _("avsluttet en avtale med en tidligere leder"),
            "commitments.comment_on_agreement": _("skrev en merknad til avtalen"),
            "commitments.complete_agreement": _("signerte som den andre av to"),
            "commitments.decline_proposal": _("avslo et forslag til avtale"),
            "commitments.delete_round": _("slettet en runde med avtaler"),
            "commitments.end_agreement": _("avsluttet avtalen"),
            "commitments.erase_agreement": _(
                "slettet det som sto i en avtale, etter lagringstiden"
            ),
            "commitments.hold_follow_up": _("skrev ned en oppfølgingssamtale"),
            "commitments.lapse_agreement": _("lot noe som hadde stoppet, falle bort"),
            "commitments.lapse_follow_up": _("tok en samtale som ikke var skrevet ned, av planen"),
            "commitments.keep_document": _("forseglet avtalen"),
            "commitments.merge_agreements": _(
                "avsluttet den ene av to avtaler etter en sammenslåing"
            ),
            "commitments.part_agreement": _("stengte en avtale for en tidligere leder"),
            "commitments.pause_agreement": _("satte en avtale på pause"),
            "commitments.propose_agreement": _("foreslo en avtale"),
            "commitments.reconcile_draft": _("knyttet et utkast til det nyeste oppdraget"),
            "commitments.renew_agreement": _("begynte på en fornyelse av avtalen"),
            "commitments.resume_agreement": _("gikk videre med en avtale som var på pause"),
            "commitments.save_draft": _("lagret et utkast til avtale"),
            "commitments.say_ready": _("sa seg klar til å vise svarene sine"),
            "commitments.send_back_proposal": _("sendte et forslag tilbake"),
            "commitments.share_agreement": _("delte en avtale med en ny leder"),
            "commitments.sign_agreement": _("signerte en avtale"),
            "commitments.start_agreement": _("begynte på en avtale"),
            "commitments.stop_sharing": _("sluttet å dele en avtale"),
            "commitments.take_back_ready": _("trakk tilbake at svarene var klare"),
            "commitments.withdraw_proposal": _("trakk et forslag til avtale"),
        },
        things={
            "commitments.agreement": _("avtale"),
            "commitments.agreementround": _("runde med avtaler"),
            "commitments.revision": _("utgave av en avtale"),
        },
    )
)
