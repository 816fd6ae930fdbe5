"""The request of somebody who is signed in: what a view behind `login_required` gets."""

from __future__ import annotations

from django.http import HttpRequest

from people.models import User


class SignedInRequest(HttpRequest):
    """Named in a view's signature, so that `request.user` is a person of ours."""

    user: User
