from django.utils.translation import gettext_lazy as _

from people import trail

trail.describe(
    actions={
        "portal.export_own_data": _("lastet ned opplysningene om seg selv"),
        "portal.link_identity": _("koblet til kommunens innlogging"),
    },
    things={},
)
