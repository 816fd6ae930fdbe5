"""Who a session belongs to, asked for on every request."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from people.affiliation import person_today
from people.models import User


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in as the library does, and reads the person together with what they are today."""

    def get_user(self, user_id: int) -> User | None:
        person = person_today(user_id, timezone.localdate())
        return person if person is not None and self.user_can_authenticate(person) else None
