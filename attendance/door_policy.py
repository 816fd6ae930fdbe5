"""What the door's page may do that no other page may: a worker of its own, and the camera."""

from __future__ import annotations

from csp.constants import HEADER, SELF
from csp.utils import build_policy
from django.http import HttpResponse


def with_door_policy(response: HttpResponse) -> HttpResponse:
    """Return the answer with the policy of a door's page."""
    response.headers[HEADER] = build_policy(update={"worker-src": [SELF]})
    return response
