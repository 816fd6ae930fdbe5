from django.utils.translation import gettext_lazy as _

from people import trail

trail.describe(
    actions={
        "seminars.accept_offer": _("tok imot et tilbud om plass"),
        "seminars.answer": _("svarte på arrangørens spørsmål"),
        "seminars.ask_question": _("la til et spørsmål"),
        "seminars.cancel": _("avlyste et seminar"),
        "seminars.change": _("endret et seminar"),
        "seminars.close_calendar_feed": _("stengte kalenderlenken sin"),
        "seminars.copy": _("kopierte et seminar"),
        "seminars.create": _("laget et seminar"),
        "seminars.decline_offer": _("takket nei til et tilbud om plass"),
        "seminars.drop_question": _("fjernet et spørsmål"),
        "seminars.erase_answers": _("slettet svarene fra et seminar"),
        "seminars.erase_needs": _("slettet opplysninger om mat og tilrettelegging"),
        "seminars.expire_offer": _("lot et tilbud om plass gå ut"),
        "seminars.invite": _("inviterte til et seminar"),
        "seminars.mark_attendance": _("førte oppmøte"),
        "seminars.move_in_queue": _("endret rekkefølgen på ventelisten"),
        "seminars.offer": _("tilbød en plass fra ventelisten"),
        "seminars.open_calendar_feed": _("laget en kalenderlenke"),
        "seminars.promote": _("ga en plass fra ventelisten"),
        "seminars.publish": _("publiserte et seminar"),
        "seminars.register": _("meldte på"),
        "seminars.release_seats": _("frigjorde en virksomhets plasser"),
        "seminars.remove": _("tok bort en påmelding"),
        "seminars.reserve_seats": _("holdt av plasser til en virksomhet"),
        "seminars.rewrite_question": _("endret et spørsmål"),
        "seminars.substitute": _("byttet person på en plass"),
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
    },
)
