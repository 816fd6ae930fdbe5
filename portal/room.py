"""What is the portal's own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import MenuEntry, Room, register

HEARTBEAT_SECONDS = 30

register(
    Room(
        app="portal",
        # The one interval: `/readyz/work` asks for it, and beat's first sign comes as it starts.
        duties=(Duty("beat-heartbeat", "portal.tasks.record_heartbeat", HEARTBEAT_SECONDS),),
        menu=(
            MenuEntry(text=_("Min side"), url_name="home", place=0),
            MenuEntry(
                text=_("Mine medarbeidere"),
                url_name="team",
                place=25,
                leads_somewhere=lambda affiliation: affiliation.is_leader,
            ),
        ),
        actions={
            "portal.export_own_data": _("lastet ned opplysningene om seg selv"),
            "portal.link_identity": _("koblet til kommunens innlogging"),
        },
    )
)
