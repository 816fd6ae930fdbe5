from django.utils.translation import gettext_lazy as _

from people import trail

trail.describe(
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
        "commitments.erase_agreement": _("slettet det som sto i en avtale, etter lagringstiden"),
        "commitments.hold_follow_up": _("skrev ned en oppfølgingssamtale"),
        "commitments.keep_document": _("forseglet avtalen"),
        "commitments.part_agreement": _("stengte en avtale for en tidligere leder"),
        "commitments.pause_agreement": _("satte en avtale på pause"),
        "commitments.propose_agreement": _("foreslo en avtale"),
        "commitments.reconcile_draft": _("hengte et utkast på det nyeste oppdraget"),
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
