"""What is the portal's own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.rooms import MenuEntry, Room, register

register(
    Room(
        app="portal",
        menu=(MenuEntry(text=_("Min side"), url_name="home", place=0),),
        actions={
            "portal.export_own_data": _("lastet ned opplysningene om seg selv"),
            "portal.link_identity": _("koblet til kommunens innlogging"),
        },
    )
)
