"""Letters that anybody can ask for by an address alone: a code, or a link to a new password.

An address gets so many of each and no more, whoever asks. So that nobody is kept out by strangers
who ask first, whoever asks beyond that is let in by what the address has just been sent.
"""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

CODE, PASSWORD_LINK = "code_letter", "password_letter"
NOBODYS = ""


def take_letter(request: HttpRequest, kind: str, email: str) -> bool:
    """Count a letter to the address; False when it has lately got as many as it gets."""
    is_free: bool = ratelimit.consume(request, action=kind, key=_one_spelling(email))
    return is_free


def forget_letters(request: HttpRequest, email: str) -> None:
    """Whoever has signed in gets a new letter when they ask, for links die with that."""
    for kind in (CODE, PASSWORD_LINK):
        ratelimit.clear(request, action=kind, key=_one_spelling(email))


def remember_code(email: str, code: str, *, is_sent: bool) -> None:
    """Remember whose address a browser was given a code for, and whether a letter told it."""
    address = _unreadable(_one_spelling(email))
    is_first = cache.add(_asked(code), address, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    if not is_first and cache.get(_asked(code)) != address:
        # Drawn for two addresses: a stranger who asks very often for their own would else come by
        # chance upon another's. It lets in whoever got it, and no other browser.
        cache.set(_asked(code), NOBODYS, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    if is_sent:
        cache.set(_sent(address, code), True, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


def was_sent(typed: str, *, asked_with: str) -> bool:
    """Whether the address got this code lately, for whichever browser that asked."""
    address = cache.get(_asked(asked_with)) if asked_with else None
    return address is not None and cache.get(_sent(address, typed)) is not None


def use_up(code: str) -> bool:
    """Take a code for good; False when it has let somebody in before."""
    taken: bool = cache.add(
        f"portal:used-login-code:{_unreadable(_plain(code))}",
        True,
        2 * settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
    )
    return taken


def _asked(code: str) -> str:
    return f"portal:asked-login-code:{_unreadable(_plain(code))}"


def _sent(address: str, code: str) -> str:
    return f"portal:sent-login-code:{address}:{_unreadable(_plain(code))}"


def _one_spelling(email: str) -> str:
    """As the database compares addresses, to which «ı» is a small «I»."""
    return email.upper()


def _plain(code: str) -> str:
    return "".join(sign for sign in code if sign.isalnum()).upper()


def _unreadable(text: str) -> str:
    return salted_hmac("portal.asked_letters", text).hexdigest()
