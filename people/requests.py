"""The request of somebody who is signed in: what a view behind `login_required` gets."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from people.models import User
from people.standing import Standing, standing_of


class SignedInRequest(HttpRequest):
    """Named in a view's signature, so that `request.user` is a person of ours."""

    user: User


def standing_in(request: HttpRequest, user: User) -> Standing:
    """Asked for once a request, however many parts of the page want to know."""
    standing: Standing | None = getattr(request, "_standing", None)
    if standing is None:
        standing = standing_of(user, timezone.localdate())
        request._standing = standing  # type: ignore[attr-defined]
    return standing
