from django.utils.translation import gettext_lazy as _

from people import trail

trail.describe(
    actions={
        "missions.acknowledge_mission": _("sa at oppdraget er lest og forstått"),
        "missions.answer_question": _("svarte på et spørsmål oppover"),
        "missions.ask_question": _("stilte et spørsmål oppover"),
        "missions.comment_on_draft": _("kommenterte et utkast"),
        "missions.draft_mission": _("begynte på et oppdrag"),
        "missions.erase_pulse": _("slettet hvem som var spurt i en pulsmåling"),
        "missions.explain_term": _("forklarte et ord i ordlisten"),
        "missions.hand_over_missions": _("førte et oppdrag videre til en ny enhet"),
        "missions.note_conversation": _("noterte at samtalen etter en pulsmåling er tatt"),
        "missions.open_pulse": _("åpnet en pulsmåling"),
        "missions.publish_mission": _("publiserte et oppdrag"),
        "missions.remove_contribution": _("slettet bidraget sitt"),
        "missions.remove_term": _("fjernet et ord fra ordlisten"),
        "missions.save_draft": _("lagret et utkast til oppdrag"),
        "missions.settle_pulse": _("gjorde opp en pulsmåling"),
        "missions.share_contribution": _("delte bidraget sitt med lederen"),
        "missions.share_draft": _("delte et utkast med enheten"),
        "missions.withdraw_contribution": _("sluttet å dele bidraget sitt"),
        "missions.write_contribution": _("skrev om bidraget sitt"),
    },
    things={
        "missions.acknowledgement": _("lest og forstått"),
        "missions.contribution": _("bidrag"),
        "missions.missionversion": _("oppdrag"),
        "missions.pulseround": _("pulsmåling"),
        "missions.term": _("ord"),
        "missions.upwardquestion": _("spørsmål oppover"),
    },
)
