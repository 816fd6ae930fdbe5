"""What the door's page may do that no other page may: a worker of its own, and the camera."""

from __future__ import annotations

from csp.constants import HEADER, SELF, WASM_UNSAFE_EVAL
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpResponse


def with_door_policy(response: HttpResponse) -> HttpResponse:
    """Return the answer with the policy of a door's page."""
    more = {"worker-src": [SELF], "script-src": [WASM_UNSAFE_EVAL]}
    response.headers[HEADER] = build_policy(update=more)
    features = settings.PERMISSIONS_POLICY.split(", ")
    response.headers["Permissions-Policy"] = ", ".join(
        "camera=(self)" if feature == "camera=()" else feature for feature in features
    )
    return response
