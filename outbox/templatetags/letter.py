"""What a letter is built of. Each tag knows how it looks in text and in HTML.

Mail programs read neither style sheets nor classes in any dependable way, so the HTML carries its
looks in `style` attributes; that is for letters alone, no page of the portal does it.

Classic Outlook draws with Word, which knows no `max-width`, and padding in cells of tables alone:
the frame has a table of a fixed width for it, and a button and a quotation have cells of their own.
"""

from __future__ import annotations

import textwrap

from django import template
from django.template import Context
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from outbox.images import LetterImage

register = template.Library()

_TEXT = "margin:0 0 16px;font-size:18px;line-height:28px;color:#2c2c2c;"
_LABEL = "margin:0;font-size:16px;line-height:24px;color:#4c4c4c;"
_VALUE = "margin:0 0 12px;font-size:18px;line-height:28px;color:#2c2c2c;font-weight:bold;"
_QUOTE = (
    "padding:12px 20px;border-left:4px solid #6fe9ff;background:#f8f0dd;"
    "font-size:18px;line-height:28px;color:#2c2c2c;"
)
_BUTTON_CELL = "background:#2a2859;mso-padding-alt:12px 24px;"
_BUTTON = (
    "display:inline-block;padding:12px 24px;background:#2a2859;color:#ffffff;"
    "font-size:18px;line-height:28px;text-decoration:none;"
)
"""All of it is pressed where padding on a link is known; Word takes its cell's instead."""


def _plain(text: str) -> SafeString:
    """The text medium is not markup: nothing in it is to be escaped, now or further out."""
    return mark_safe(text)  # noqa: S308


@register.simple_block_tag(takes_context=True)
def paragraph(context: Context, content: str) -> SafeString:
    """A paragraph. `{% paragraph %}…{% endparagraph %}`"""
    words = " ".join(content.split())
    if context["is_html"]:
        return format_html('<p style="{}">{}</p>\n', _TEXT, mark_safe(words))  # noqa: S308
    return _plain(f"\n{words}\n")


@register.simple_block_tag(takes_context=True)
def point(context: Context, content: str) -> SafeString:
    """One line of a list. `{% point %}…{% endpoint %}`"""
    words = " ".join(content.split())
    if context["is_html"]:
        return format_html('<p style="{}">• {}</p>\n', _TEXT, mark_safe(words))  # noqa: S308
    return _plain(f"- {words}\n")


@register.simple_tag(takes_context=True)
def fact(context: Context, label: str, value: object) -> SafeString:
    """A label and what it stands for: when, where. Nothing at all when there is no value."""
    if not value:
        return _plain("")
    if context["is_html"]:
        return format_html(
            '<p style="{}">{}</p><p style="{}">{}</p>\n', _LABEL, label, _VALUE, value
        )
    return _plain(f"\n{label}: {value}\n")


@register.simple_tag(takes_context=True)
def image(context: Context, png: bytes, alt: str) -> SafeString:
    """A small picture that lies in the letter. In text it is nothing: the words beside it have to
    say what it shows."""
    if not context["is_html"]:
        return _plain("")
    picture = LetterImage(png=png, alt=str(alt))
    context["letter_images"].append(picture)
    width, height = picture.size
    return format_html(
        '<p style="margin:0 0 16px;"><img src="cid:{}" alt="{}" width="{}" height="{}"'
        ' style="display:block;border:0;max-width:100%;height:auto;"></p>\n',
        picture.content_id,
        alt,
        width,
        height,
    )


@register.simple_tag(takes_context=True)
def quote(context: Context, words: str) -> SafeString:
    """What a person wrote, with their own line breaks: a reason, a message."""
    if not words:
        return _plain("")
    if context["is_html"]:
        return format_html(
            '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>'
            '<td style="padding:0 0 16px;">'
            '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>'
            '<td bgcolor="#f8f0dd" style="{}">{}</td></tr></table></td></tr></table>\n',
            _QUOTE,
            mark_safe(linebreaks(words, autoescape=True)),  # noqa: S308
        )
    return _plain("\n" + textwrap.indent(words.strip(), "> ", lambda line: True) + "\n")


@register.simple_tag(takes_context=True)
def button(context: Context, label: str, url: str) -> SafeString:
    """The one next step: a letter has one button. `url` is absolute."""
    if context["is_html"]:
        return format_html(
            '<table role="presentation" cellpadding="0" cellspacing="0"><tr>'
            '<td style="padding:8px 0 24px;">'
            '<table role="presentation" cellpadding="0" cellspacing="0"><tr>'
            '<td bgcolor="#2a2859" style="{}"><a href="{}" style="{}">{}</a></td>'
            "</tr></table></td></tr></table>\n",
            _BUTTON_CELL,
            url,
            _BUTTON,
            label,
        )
    return _plain(f"\n{label}:\n{url}\n")


@register.simple_tag(takes_context=True)
def link(context: Context, label: str, url: str) -> SafeString:
    """A quiet link beside the button, on a line of its own."""
    if context["is_html"]:
        return format_html(
            '<p style="{}"><a href="{}" style="color:#2a2859;">{}</a></p>\n', _TEXT, url, label
        )
    return _plain(f"\n{label}: {url}\n")
