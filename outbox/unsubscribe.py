"""The link that stops reminders without signing in (RFC 8058).

The token names the person and does nothing but stop their reminders, so it may live as long as the
letter it stands in; they can be had again from «Mine brev».
"""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from outbox.letters import absolute_url
from people.models import User

_SALT = "outbox.unsubscribe"


def unsubscribe_url(user: User) -> str:
    token = signing.Signer(salt=_SALT).sign(str(user.pk))
    return absolute_url(reverse("outbox:unsubscribe", args=[token]))


def person_in(token: str) -> User | None:
    """Whose reminders the token stops; None when the portal did not sign it."""
    try:
        pk = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    person: User | None = User.objects.filter(pk=pk).first()
    return person
