"""Whom one asks about a seminar: on its page, in its letters and in calendars."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class ContactDetails:
    name: str
    email: str
    phone: str = ""

    @property
    def line(self) -> str:
        """All of it in one line, as letters and calendars have it."""
        phone = _("tlf. %(phone)s") % {"phone": self.phone} if self.phone else ""
        return ", ".join(filter(None, [self.name, self.email, phone]))
