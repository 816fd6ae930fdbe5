"""What is sent from a door: by a form, or by the page's own script."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance import codes
from attendance.door.actions import Sighting
from attendance.models import ScanWay
from common.clock import is_plausible
from common.forms import CharField, RowKeyField
from people.choosing.fields import PersonChoiceField
from seminars.forms.registration_of_others import RegisterOtherForm

DOOR_LENGTH = 30
MOST_AT_ONCE = 100
"""Scans in one request: what a device has kept while the network was gone comes in parts."""


def door_name(data: Mapping[str, Any]) -> str:
    """Return the name of the door that a form was sent from: as much of it as there is room for."""
    field = CharField(required=False)
    with suppress(forms.ValidationError):
        return str(field.clean(str(data.get("door", ""))[:DOOR_LENGTH]))
    return ""


class DoorForm(forms.Form):
    """Words to search by, or a code: a scanner that is a keyboard types it and presses Enter."""

    words = CharField(label=_("Navn eller kode"), required=False, max_length=100)
    registration = RowKeyField(required=False)
    key = forms.UUIDField(required=False)
    door = CharField(label=_("Navn på døren"), required=False, max_length=DOOR_LENGTH)

    def sighting(self, *, now: dt.datetime) -> Sighting | None:
        """Return what was seen, or None for words that are to be searched by."""
        words, registration = self.cleaned_data["words"], self.cleaned_data["registration"]
        code = words if codes.registration_in(words) is not None else ""
        if not code and registration is None:
            return None
        # The page has one key, and each person it lists one of their own: a double click is one
        # scan, and so is the next person's after the back button.
        key = uuid.uuid5(self.cleaned_data["key"] or uuid.uuid4(), code or str(registration))
        return Sighting(
            key=key,
            device_time=now,
            way=ScanWay.CODE if code else ScanWay.NAME,
            door=self.cleaned_data["door"],
            code=code,
            registration_pk=None if code else registration,
        )


class WalkInForm(RegisterOtherForm):
    """Somebody who is not registered and stands at the door."""

    person = PersonChoiceField(
        label=_("Hvem er kommet?"),
        help_text=_("Skriv navn, enhet eller e-postadresse. Personen får brev om plassen."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    door = CharField(required=False, max_length=DOOR_LENGTH, widget=forms.HiddenInput)

    @property
    def scan_key(self) -> uuid.UUID:
        """Return a key of this page and this person: pressed twice it is one scan."""
        return uuid.uuid5(self.cleaned_data["key"], str(self.person_chosen.pk))


class DeviceTimeField(forms.DateTimeField):
    """A moment in text, as JSON brings it, of a year that can be stored and read again."""

    def to_python(self, value: Any) -> dt.datetime | None:
        found = super().to_python(value) if isinstance(value, str) else None
        if found is None or not is_plausible(found.date()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class SentScanForm(forms.Form):
    """One scan as the page's script sends it, with the device's own key and clock."""

    key = forms.UUIDField()
    at = DeviceTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])
    code = CharField(required=False, max_length=codes.LONGEST * 2)
    registration = RowKeyField(required=False)
    door = CharField(required=False, max_length=DOOR_LENGTH)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("code") and not cleaned.get("registration"):
            raise forms.ValidationError(_("Skanningen har verken kode eller person."))
        return cleaned

    @property
    def sighting(self) -> Sighting:
        """Ask after `is_valid`."""
        code = self.cleaned_data["code"]
        return Sighting(
            key=self.cleaned_data["key"],
            device_time=self.cleaned_data["at"],
            way=ScanWay.CODE if code else ScanWay.NAME,
            door=self.cleaned_data["door"],
            code=code,
            registration_pk=None if code else self.cleaned_data["registration"],
        )
