"""How a page tells of a refusal: over the next page, in its form, or to the script that asked.

What was typed is never lost: a form with words in it is shown again, by `refusals_kept` or
`refusals_on`. Each is a block around the action. A refusal ends the block and the view goes on
after it, so what stands below the action in the block is done only when it went well:

    with refusals_told(request):
        publish_seminar(seminar=seminar, by=request.user, now=now)
        messages.success(request, _("Seminaret er publisert og vises for alle."))
    return redirect("seminars:detail", seminar.pk)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Generic, Self, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from common.edit_conflicts import Change, EditConflict, StoredForm
from common.errors import Refused

R = TypeVar("R", bound=Refused)
Kinds = type[R] | tuple[type[R], ...]


class Refusals(Generic[R]):
    """A block that a refusal of these kinds ends; `refusal` says which, and None that none did."""

    def __init__(self, only: Kinds[R], tell: Callable[[R], None]) -> None:
        self.refusal: R | None = None
        self._only, self.tell = only, tell

    def __enter__(self) -> Self:
        return self

    @property
    def shows_form(self) -> bool:
        """Whether the form is to be shown again: what is so already needs nothing more."""
        return self.refusal is not None and not self.refusal.is_so_already

    # Not a generator: mypy must see from `bool` that the block may end and the view go on.
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, self._only):
            return False
        self.refusal = error
        self.tell(error)
        return True


def refusals_told(request: HttpRequest, *, only: Kinds[Refused] = Refused) -> Refusals[Refused]:
    """Return a block whose refusal stands over the next page, as news where nothing is wrong."""

    return Refusals(only, partial(_tell_over_the_next_page, request))


def _tell_over_the_next_page(request: HttpRequest, refusal: Refused) -> None:
    level = messages.INFO if refusal.is_so_already else messages.ERROR
    messages.add_message(request, level, str(refusal))


def refusals_on(
    form: forms.Form,
    field: str | None = None,
    *,
    only: Kinds[Refused] = Refused,
    place: Callable[[Refused], bool] = lambda refusal: False,
    change: Callable[[], Change | None] = lambda: None,
    by: object = None,
) -> Refusals[Refused]:
    """Return a block whose refusal stands in the form, at `field` or at its top.

    The view shows the form again, with all that was typed. `place` puts a refusal that has a field
    of its own there, and says whether it did. When two edited the same thing, the form shows what
    is stored beside what was typed, and asks `change` who saved it.
    """

    def tell(refusal: Refused) -> None:
        if isinstance(refusal, EditConflict) and isinstance(form, StoredForm):
            form.show_conflict(refusal, change(), by=by)
        elif not place(refusal):
            form.add_error(field, str(refusal))

    return Refusals(only, tell)


def refusals_kept(
    request: HttpRequest,
    form: forms.Form,
    field: str | None = None,
    *,
    place: Callable[[Refused], bool] = lambda refusal: False,
    change: Callable[[], Change | None] = lambda: None,
) -> Refusals[Refused]:
    """Return a block for a form with typed words: `shows_form` says whether to show it again.

    As `refusals_on`; but what is so already, as when a button is pressed twice, is news that stands
    over the next page.
    """
    in_form = refusals_on(form, field, place=place, change=change, by=request.user)

    def tell(refusal: Refused) -> None:
        if refusal.is_so_already:
            _tell_over_the_next_page(request, refusal)
        else:
            in_form.tell(refusal)

    return Refusals(Refused, tell)


def refusals_held(only: Kinds[R]) -> Refusals[R]:
    """Return a block whose refusal the view answers itself: to a script, or by a page of its own.

    Beside another block it stands last, and takes its own kinds from it.
    """
    return Refusals(only, lambda refusal: None)


def refused_part(refusal: Refused) -> HttpResponse:
    """Return the answer to htmx, which tells its words and swaps nothing in."""
    return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=409)
