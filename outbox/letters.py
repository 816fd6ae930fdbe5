"""Writing letters: one template a letter, read once as text and once as HTML.

How to write one stands in docs/letters.md.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import timezone, translation

from outbox.images import LetterImage
from people.models import User


@dataclasses.dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words: what `queue_letter` is to be given."""

    subject: str
    text: str
    html: str
    reply_to: str = ""
    """Who is answered to; the portal's own mailbox where nobody is named."""
    images: tuple[LetterImage, ...] = ()
    """What the HTML shows, in its order."""


def absolute_url(path: str) -> str:
    """The path on the portal's own address: letters are written outside any request."""
    return urljoin(settings.SITE_URL, path)


def render_letter(template: str, *, to: User, context: dict[str, Any]) -> Rendered:
    """Render `letters/<template>.html` in the language and time zone of the recipient.

    The language is the recipient's, not that of whoever pressed the button. The text is rendered
    without escaping and the HTML with it, from the same source. A `contact` of the context, who has
    a name, an address and perhaps a phone, is named below the words and is answered to. The
    pictures that the HTML shows are collected as it is rendered.
    """
    source = get_template(f"letters/{template}.html").template  # type: ignore[attr-defined]
    images: list[LetterImage] = []
    shared = {**context, "to": to, "site_url": settings.SITE_URL, "letter_images": images}
    with translation.override(to.language), timezone.override(settings.TIME_ZONE):
        subject = _render(source, "letters/base_subject.txt", shared, is_html=False)
        shared["subject"] = " ".join(subject.split())
        text = _render(source, "letters/base.txt", shared, is_html=False)
        html = _render(source, "letters/base.html", shared, is_html=True)
    contact = context.get("contact")
    return Rendered(
        subject=shared["subject"],
        text=_tidy(text),
        html=html.strip() + "\n",
        reply_to=contact.email if contact else "",
        images=tuple(images),
    )


def render_alike(
    template: str, *, to: Iterable[User], context: dict[str, Any]
) -> Iterator[tuple[User, Rendered]]:
    """A letter that says the same to everybody, for each of very many.

    Only the greeting and the language differ, so it is rendered once for each language and given
    name. The template must not use `to`.
    """
    rendered: dict[tuple[str, str], Rendered] = {}
    for person in to:
        alike = (person.language, person.given_name)
        if alike not in rendered:
            rendered[alike] = render_letter(template, to=person, context=context)
        yield person, rendered[alike]


def _render(source: Template, frame: str, values: dict[str, Any], *, is_html: bool) -> str:
    # use_l10n and autoescape belong to the Context; the loader's own wrapper fixes the latter.
    context = Context({**values, "frame": frame, "is_html": is_html}, autoescape=is_html)
    return str(source.render(context))


def _tidy(text: str) -> str:
    """No indentation left over from the template; one empty line between paragraphs."""
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    airy = re.sub(r"\n{3,}", "\n\n", lines)
    return re.sub(r"(?m)^(- .*\n)\n(?=- )", r"\1", airy) + "\n"
