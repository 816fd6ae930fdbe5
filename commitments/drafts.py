"""What a revision says, apart from any row or form: typed, merged, compared and kept."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.core import signing

from commitments.models import PLEDGE, WORDING, Revision

SALT: Final = "commitments.base"
SETTINGS: Final = ("follow_up_on", *WORDING)
SAYS: Final = ("owner", *PLEDGE)


@dataclass(frozen=True)
class Promise:
    """What a form says about one commitment."""

    owner: str
    text: str
    why: str
    core_activity_id: int | None
    support: str = ""
    signs: str = ""
    room: str = ""
    review_on: dt.date | None = None
    thread: uuid.UUID | None = None


@dataclass(frozen=True)
class AgreementContent:
    """What a form says about a revision."""

    commitments: list[Promise] = field(default_factory=list)
    follow_up_on: dt.date | None = None
    goals: str = ""
    put_off: str = ""
    upward: str = ""
    renegotiate_when: str = ""
    disagreement: str = ""


@dataclass(frozen=True)
class Base:
    """What a form was made from, and where the revision stood then."""

    content: AgreementContent
    state: str


def content_of(revision: Revision) -> AgreementContent:
    return AgreementContent(
        [
            Promise(thread=one.thread, **{name: getattr(one, name) for name in SAYS})
            for one in revision.commitments.all()
        ],
        **{name: getattr(revision, name) for name in SETTINGS},
    )


def seal_base(revision: Revision) -> str:
    """For the form to carry, so that what each changed can be told apart when it comes back."""
    said = [asdict(content_of(revision)), revision.state]
    salt = _salt_of(revision.agreement_id)
    return signing.dumps(said, salt=salt, serializer=_Dates, compress=True)


def open_base(sealed: str, *, agreement_id: int) -> Base | None:
    """None for what this portal did not seal, and for what it sealed in another agreement."""
    try:
        content, state = signing.loads(sealed, salt=_salt_of(agreement_id), serializer=_Dates)
    except signing.BadSignature:
        return None
    promises = [
        Promise(
            **one
            | {
                "review_on": _day(one["review_on"]),
                "thread": uuid.UUID(one["thread"]) if one["thread"] else None,
            }
        )
        for one in content.pop("commitments")
    ]
    content["follow_up_on"] = _day(content["follow_up_on"])
    return Base(AgreementContent(promises, **content), state)


def _salt_of(agreement_id: int) -> str:
    return f"{SALT}.{agreement_id}"


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


class _Dates(signing.JSONSerializer):
    """JSON with days and ids as text."""

    def dumps(self, obj: Any) -> bytes:
        return super().dumps(_plain(obj))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, dt.date | uuid.UUID) else value
