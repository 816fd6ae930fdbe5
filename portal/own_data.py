"""Everything the portal holds about a person that they may see, in one file to keep."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from common.dates import short_date, short_moment
from common.own_data import Section
from common.rooms import rooms
from people import audit
from people.models import User


@transaction.atomic
def export_own_data(*, by: User, now: dt.datetime) -> bytes:
    """A ZIP with the same twice: for people and for machines.

    Leaves one audit record; the file itself is kept nowhere.
    """
    sections = own_sections(by, timezone.localdate(now))
    audit.record("portal.export_own_data", by, by=by)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("opplysninger.html", _for_people(by, sections, now))
        archive.writestr("opplysninger.json", _for_machines(by, sections, now))
    return packed.getvalue()


def own_sections(user: User, today: dt.date) -> list[Section]:
    """Return what each room holds about the person, in the order of the rooms."""
    return [
        section
        for room in rooms()
        if room.own_data is not None
        for section in room.own_data(user, today)
    ]


def _for_machines(user: User, sections: list[Section], now: dt.datetime) -> str:
    told = {
        one.key: [
            {column.key: cell for column, cell in zip(one.columns, row, strict=True)}
            for row in one.rows
        ]
        for one in sections
    }
    document = {"person": user.name, "made_at": now, "sections": told}
    return json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _for_people(user: User, sections: list[Section], now: dt.datetime) -> str:
    shown = [(one.title, [_said(one, row) for row in one.rows]) for one in sections]
    context = {
        "person": user,
        "made_at": now,
        "sections": [(title, rows) for title, rows in shown if rows],
        "without": [title for title, rows in shown if not rows],
    }
    return render_to_string("portal/own_data_file.html", context)


def _said(one: Section, row: list[Any]) -> list[tuple[str, str]]:
    """Label and words of each cell that says something."""
    cells = zip(one.columns, row, strict=True)
    return [(column.label, in_words(cell)) for column, cell in cells if in_words(cell)]


def in_words(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("ja") if cell else _("nei")
    if isinstance(cell, dt.datetime):
        return short_moment(cell)
    if isinstance(cell, dt.date):
        return short_date(cell)
    if isinstance(cell, dict):
        return "\n".join(f"{key}: {value}" for key, value in cell.items())
    return ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)
