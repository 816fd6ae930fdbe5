from __future__ import annotations

from django.core.exceptions import PermissionDenied

from missions.models import MissionVersion
from missions.models.mission import MissionVersionQuerySet
from people.requests import SignedInRequest, today_in


def content_for(request: SignedInRequest) -> MissionVersionQuerySet:
    """The versions this person may read, with everything a page shows of one."""
    visible = MissionVersion.objects.visible_to(request.user, on=today_in(request))
    return (
        visible.with_content()
        .with_reading_by(request.user)
        .with_current()
        .select_related(
            "mission__unit",
            "above__mission__unit",
            "serves",
            "published_by",
            "drafted_by",
            "saved_by",
        )
    )


def require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
