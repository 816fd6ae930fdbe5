"""What the next page is to say, in a cookie that only this host can set."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django has a setting for the names of its other cookies, and none for this one's."""

    cookie_name = "__Host-messages"


class HostStorage(FallbackStorage):
    """The cookie, and the session for what it has no room for."""

    storage_classes = (HostCookieStorage, SessionStorage)
