from django.utils.translation import gettext_lazy as _

from people import trail

trail.describe(
    actions={
        "outbox.retry_letter": _("sendte et brev på nytt"),
        "outbox.stop_reminders": _("slo av påminnelser"),
        "outbox.resume_reminders": _("slo på påminnelser"),
    },
    things={"outbox.letter": _("brev")},
)
