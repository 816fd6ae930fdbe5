"""What the worker does for those who sign in."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from celery import shared_task
from django.utils import timezone

from accounts.address_changes import tell_of_address_changes
from accounts.letters import holder_of, send_account_letter
from accounts.roles.departures import tell_of_roles_of_who_left
from accounts.roles.reorganisation import carry_roles_over as carry_over
from accounts.sessions import forget_ended_sessions
from accounts.staff_imports import tell_of_silence, tell_of_staff_imports


@shared_task
def clear_sessions() -> None:
    """Where people were signed in is forgotten when it is over."""
    forget_ended_sessions(now=timezone.now())


@shared_task
def tell_administrators() -> None:
    """Of imports that need somebody to look at them, and of one that does not come.

    And whoever has another address by one.
    """
    now = timezone.now()
    tell_of_address_changes(now=now, today=timezone.localdate(now))
    tell_of_staff_imports(now=now, today=timezone.localdate(now))
    tell_of_silence(now=now, today=timezone.localdate(now))


@shared_task(ignore_result=True)
def carry_roles_over() -> None:
    """Roles on units that have been merged, with a letter to each whom it concerns.

    And the letters about roles that ended with the night's file.
    """
    now = timezone.now()
    carry_over(now=now)
    tell_of_roles_of_who_left(now=now)


@shared_task
def send_login_code(email: str, code: str) -> None:
    """The code that somebody asked for, to whoever has the address; nobody else hears of it."""
    holder = holder_of(email)
    if holder is not None:
        send_account_letter("login_code", to=holder, context={"code": code})


@shared_task
def send_password_link(email: str) -> None:
    """A link to choose a new password by, to whoever has the address."""
    holder = holder_of(email)
    if holder is None:
        return
    key = f"{user_pk_to_url_str(holder)}-{default_token_generator.make_token(holder)}"
    url = get_adapter().get_reset_password_from_key_url(key)
    send_account_letter("password_reset_key", to=holder, context={"password_reset_url": url})
