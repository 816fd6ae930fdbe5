"""What seminars add to the portal."""

from __future__ import annotations

import datetime as dt

from celery.schedules import crontab
from django.db.models import Exists
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import EntrustedTask, MenuEntry, PersonalDataRecord, PersonField, Room, register
from common.team import TeamColumn
from outbox.emptying import KEPT as LETTERS_ARE_KEPT
from people.models import Role
from seminars.models import SeminarRole, SeminarRoleGrant
from seminars.models.seminar_role import HELD_AFTER_THE_END
from seminars.my_page import my_page, short_questions
from seminars.own_data import own_data
from seminars.retention_periods import ANSWERS_ARE_KEPT, NEEDS_ARE_KEPT
from seminars.rules import CO_ORGANISER, may_organise_some
from seminars.seats.offer_period import SHORTEST
from seminars.sending_times import SENDING_TIMES
from seminars.team import team_lines, team_waiting

HOUR = dt.timedelta(hours=1)

RECORDS = (
    PersonalDataRecord(
        _("Påmeldinger til seminarer og valg av samling"),
        _("For å gi deg plass, si fra når to kolliderer, og vite om tilbudene når fram"),
        _(
            "Du, lederen din, lederne over og den som er stedfortreder for lederen, de som "
            "arrangerer seminaret eller står ved døren, og koordinatoren i virksomheten. "
            "HR ser antall"
        ),
        _("Til virksomheten sletter etter sin egen arkivplan"),
        ("erase_seminars",),
    ),
    PersonalDataRecord(
        _("At lederen er spurt om å godkjenne påmeldingen din, svaret, og begrunnelsen for et nei"),
        _("For at du skal vite hvorfor, og for at plassen skal gå videre"),
        _(
            "Svaret: de samme som ser påmeldingen. "
            "Begrunnelsen: bare du. Den står i brevet til deg og ingen andre steder"
        ),
        format_lazy(
            _(
                "Svaret: så lenge påmeldingen. "
                "Begrunnelsen: til brevet tømmes, {days} dager etter at det er skrevet"
            ),
            days=LETTERS_ARE_KEPT.days,
        ),
        ("erase_seminars", "empty-old-letters"),
    ),
    PersonalDataRecord(
        _("Mat og tilrettelegging du trenger på et seminar"),
        _("For at du skal kunne spise og delta"),
        _("Du og den som har logistikkrollen. Serveringsstedet får antall uten navn"),
        format_lazy(
            _("Slettes {days} dager etter seminaret, eller når du melder deg av"),
            days=NEEDS_ARE_KEPT.days,
        ),
        ("erase-personal-data",),
    ),
    PersonalDataRecord(
        _("At du er kontaktperson for et seminar, og telefonnummeret du kan nås på"),
        _("For at deltakerne skal ha noen å spørre"),
        _("Alle som ser seminaret, og mottakerne av brev om det"),
        _("Til arrangøren velger en annen, du slutter, eller virksomheten sletter seminaret"),
        ("withdraw-departed", "erase_seminars"),
    ),
    PersonalDataRecord(
        _("At du er medarrangør eller vert for et seminar, og hvem som ga deg oppgaven"),
        _("For at du skal kunne hjelpe til, og for at det skal synes hvem som kan gjøre hva"),
        _("Du, og de som arrangerer seminaret eller hjelper til med det"),
        format_lazy(
            _(
                "Oppgaven slutter {days} dager etter seminaret. At du hadde den: til virksomheten "
                "sletter etter sin egen arkivplan"
            ),
            days=HELD_AFTER_THE_END.days,
        ),
        ("erase_seminars",),
    ),
    PersonalDataRecord(
        _("Svar på spørsmål fra arrangøren av et seminar"),
        _("For at arrangøren skal kunne planlegge"),
        _("Du og de som arrangerer seminaret"),
        format_lazy(_("Slettes {days} dager etter seminaret"), days=ANSWERS_ARE_KEPT.days),
        ("erase-personal-data",),
    ),
)

SILENCE = (
    format_lazy(
        _(
            "Svarer du ikke på et tilbud om plass innen fristen, går plassen til nestemann. "
            "Du har minst {hours} timer arbeidstid, om ikke arrangøren har satt en kortere frist."
        ),
        hours=SHORTEST // HOUR,
    ),
    format_lazy(
        _(
            "Svarer ikke lederen når en påmelding må godkjennes, faller den bort når fristen er "
            "ute. Arrangøren kan bestemme at den er godkjent da. Siden om seminaret sier hva som "
            "gjelder. Lederen har minst {hours} timer arbeidstid til å svare."
        ),
        hours=SHORTEST // HOUR,
    ),
    _(
        "Svarer du ikke på en invitasjon til et seminar, er du ikke påmeldt. Arrangøren ser at du "
        "er invitert."
    ),
)

register(
    Room(
        app="seminars",
        sending_times=SENDING_TIMES,
        duties=(
            # In working hours: organisers get a letter, and the night's file from HR is in.
            Duty(
                "withdraw-departed",
                "seminars.tasks.withdraw_departed",
                crontab(hour="10", minute="20"),
            ),
            # After those who have left have given up their seats.
            Duty(
                "tell-of-seats",
                "seminars.tasks.tell_of_seats",
                crontab(hour="10", minute="40"),
            ),
            Duty("erase-personal-data", "seminars.tasks.erase_personal_data", crontab(minute="23")),
            Duty(
                "fill-free-seats",
                "seminars.tasks.reconcile_waiting_lists",
                crontab(minute="1-59/5"),
            ),
        ),
        my_page=my_page,
        team=TeamColumn(
            heading=_("Seminarer"),
            none=_("Ingen det siste året"),
            place=10,
            lines=team_lines,
            waiting=team_waiting,
        ),
        short_questions=short_questions,
        letters=_("Seminarer"),
        menu=(
            MenuEntry(text=_("Seminarer"), url_name="seminars:list", place=10),
            MenuEntry(
                text=_("Arrangere"),
                url_name="seminars:organise",
                place=40,
                leads_somewhere=may_organise_some,
            ),
            MenuEntry(
                text=_("Tilrettelegging"),
                url_name="seminars:catering",
                place=50,
                leads_somewhere=lambda affiliation: affiliation.has_any(Role.LOGISTICS),
            ),
        ),
        entrusted=(
            EntrustedTask(
                name=CO_ORGANISER,
                is_held=lambda person, day: Exists(
                    SeminarRoleGrant.objects.held_on(day)
                    .filter(user=person, role=SeminarRole.CO_ORGANISER)
                    .order_by()
                ),
                needs_second_factor=Role.ORGANISER.needs_second_factor,
            ),
        ),
        needs_person=tuple(
            PersonField(f"seminars.{one}")
            for one in (
                "Registration.user",
                "Registration.approver",
                "Registration.registered_by",
                "Invitation.user",
                "Invitation.invited_by",
                "Seminar.created_by",
                "Seminar.contact",
                "SeminarRoleGrant.user",
                "SeminarRoleGrant.given_by",
                "SeminarRoleGrant.ended_by",
                "Audience_people.user",
            )
        ),
        goes_with_person=("seminars.CalendarFeed.user",),
        records=RECORDS,
        silence=SILENCE,
        own_data=own_data,
        actions={
            "seminars.accept_offer": _("tok imot et tilbud om plass"),
            "seminars.add_audience": _("la til en målgruppe"),
            "seminars.answer": _("svarte på arrangørens spørsmål"),
            "seminars.approve": _("godkjente en påmelding"),
            "seminars.ask_approval": _("ga en plass som nærmeste leder må godkjenne"),
            "seminars.ask_new_leader": _("spurte den nye lederen om å godkjenne påmeldingen"),
            "seminars.ask_question": _("la til et spørsmål"),
            "seminars.cancel": _("avlyste et seminar"),
            "seminars.change": _("endret et seminar"),
            "seminars.change_audience": _("endret en målgruppe"),
            "seminars.choose": _("valgte samling"),
            "seminars.close_calendar_feed": _("stengte kalenderlenken sin"),
            "seminars.copy": _("kopierte et seminar"),
            "seminars.create": _("laget et seminar"),
            "seminars.decline_approval": _("avslo en påmelding"),
            "seminars.decline_offer": _("takket nei til et tilbud om plass"),
            "seminars.close_waiting_list": _("avsluttet ventelisten da seminaret var over"),
            "seminars.discard": _("forkastet et utkast til seminar"),
            "seminars.drop_question": _("fjernet et spørsmål"),
            "seminars.end_waiting_list": _("skrev til dem som ikke fikk plass"),
            "seminars.end_role": _("avsluttet en oppgave i et seminar"),
            "seminars.erase_answers": _("slettet svarene fra et seminar"),
            "seminars.erase_seminar": _("slettet personopplysningene fra et seminar"),
            "seminars.erase_needs": _("slettet opplysninger om mat og tilrettelegging"),
            "seminars.expire_offer": _("lot et tilbud om plass gå ut"),
            "seminars.give_role": _("ga en oppgave i et seminar"),
            "seminars.invite": _("inviterte til et seminar"),
            "seminars.move_question": _("flyttet et spørsmål"),
            "seminars.move_in_queue": _("endret rekkefølgen på ventelisten"),
            "seminars.offer": _("tilbød en plass fra ventelisten"),
            "seminars.open_calendar_feed": _("laget en kalenderlenke"),
            "seminars.promote": _("ga en plass fra ventelisten"),
            "seminars.publish": _("publiserte et seminar"),
            "seminars.register": _("meldte på"),
            "seminars.release_seats": _("frigjorde en virksomhets plasser"),
            "seminars.remove": _("tok bort en påmelding"),
            "seminars.remove_audience": _("fjernet en målgruppe"),
            "seminars.reserve_seats": _("holdt av plasser til en virksomhet"),
            "seminars.restore_declined": _("trakk tilbake et avslag"),
            "seminars.rewrite_question": _("endret et spørsmål"),
            "seminars.substitute": _("byttet person på en plass"),
            "seminars.take_away_contact": _("tok bort en kontaktperson som har sluttet"),
            "seminars.tell_departed": _("skrev om dem som har sluttet og er meldt av"),
            "seminars.withdraw": _("meldte av"),
            "seminars.write": _("skrev til deltakerne"),
        },
        things={
            "seminars.calendarfeed": _("kalenderlenke"),
            "seminars.invitation": _("invitasjon"),
            "seminars.question": _("spørsmål til deltakerne"),
            "seminars.registration": _("påmelding"),
            "seminars.seatpool": _("plasser holdt av til en virksomhet"),
            "seminars.seminar": _("seminar"),
            "seminars.seminarrolegrant": _("oppgave i et seminar"),
        },
    )
)
