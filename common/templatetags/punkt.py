"""What every template can say without loading it: icons, dates, figures."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common import dates, numbers
from common.languages import SOURCE_LANGUAGE, Written
from common.punkt import drawing
from common.small_groups import SMALL_GROUP_WORD

register = template.Library()

ALERT_ICONS = {
    "success": "alert-success",
    "info": "alert-information",
    "warning": "alert-warning",
    "error": "alert-error",
}
ALERT_LEVELS = {"debug": "info"}


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    return drawn("icons", name, css_class)


@register.simple_tag
def logo(name: str = "oslologo", css_class: str = "") -> SafeString:
    return drawn("logos", name, css_class)


def drawn(kind: str, name: str, css_class: str) -> SafeString:
    """Hidden from screen readers: a word always stands beside the drawing."""
    classes = f"pkt-icon {css_class}".strip()
    return format_html(
        '<span class="{}" aria-hidden="true">{}</span>', classes, drawing(kind, name)
    )


@register.filter
def alert_variant(tags: str) -> str:
    """Punkt's word for a message's level."""
    level = str(tags).rsplit(" ", 1)[-1]
    level = ALERT_LEVELS.get(level, level)
    return level if level in ALERT_ICONS else "info"


@register.filter
def alert_icon(variant: str) -> str:
    return ALERT_ICONS.get(variant, ALERT_ICONS["info"])


@register.simple_tag
def when(start: dt.datetime, end: dt.datetime | None = None) -> str:
    return dates.moment(start) if end is None else dates.span(start, end)


@register.filter
def day(value: dt.date | None) -> str:
    return "" if value is None else dates.day(value)


@register.filter
def long_date(value: dt.date | None) -> str:
    return "" if value is None else dates.long_date(value)


@register.filter
def day_month(value: dt.date | None) -> str:
    return "" if value is None else dates.day_month(value)


@register.filter
def short_date(value: dt.date | None) -> str:
    return "" if value is None else dates.short_date(value)


@register.filter
def lead_in(label: str) -> str:
    """«Tittel:» before what is said of a field; a question has its own mark."""
    text = str(label).rstrip()
    return text if text.endswith(("?", "!", ":")) else f"{text}:"


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    return "" if value is None else dates.clock(value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    return "" if value is None else dates.moment(value)


@register.filter
def short_moment(value: dt.datetime | None) -> str:
    return "" if value is None else dates.with_whole_times(dates.short_moment(value))


@register.filter
def whole_times(words: str) -> str:
    """Return the words with each time on one line, where they stand in a narrow place."""
    return dates.with_whole_times(words)


@register.simple_tag
def short_when(start: dt.datetime, end: dt.datetime) -> str:
    """Return from when to when, for a table."""
    return dates.with_whole_times(dates.short_span(start, end))


@register.filter
def machine_moment(value: dt.datetime) -> str:
    """Return what `<time datetime>` says of it: to the second, and with the offset of Oslo."""
    return dates.local(value).isoformat(timespec="seconds")


@register.filter
def week(value: dt.date | None) -> str:
    return "" if value is None else dates.week(value)


@register.filter
def weekday(value: dt.date | None) -> str:
    return "" if value is None else dates.weekday(value)


@register.filter
def month(value: dt.date | None) -> str:
    return "" if value is None else dates.month(value)


@register.filter
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    return "–" if value is None else numbers.number(value, decimals)


@register.filter
def percent(value: float | Decimal | None, decimals: int = 0) -> str:
    return "–" if value is None else numbers.percent(value, decimals)


@register.simple_tag
def share(part: int, whole: int) -> str:
    return numbers.share(part, whole)


@register.simple_tag
def bar_width(value: float, maximum: float, width: int = 100) -> str:
    """How far a bar of `width` units reaches, as a plain SVG number and never past its end."""
    reach = 0.0 if maximum <= 0 else min(max(value / maximum, 0.0), 1.0) * width
    return f"{reach:.2f}"


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's own query with some of it changed; None takes a key out."""
    request = context.get("request")
    params: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        params.pop(key, None)
        if value is not None and value != "":
            params[key] = str(value)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag
def small_group_word() -> str:
    """«fem»: how few are too few to tell of."""
    return str(SMALL_GROUP_WORD)


@register.filter
def other_attributes(attributes: Mapping[str, object], but: str = "") -> list[tuple[str, object]]:
    """Return a widget's attributes but its class, a placeholder and what is switched off."""
    apart = {"class", "placeholder", but}
    return [
        (name, value)
        for name, value in attributes.items()
        if value is not False and name not in apart
    ]


@register.filter
def breadcrumb_parent(items: Sequence[tuple[str, str | None]]) -> tuple[str, str | None] | None:
    """The nearest page above, which is all the trail that a phone has room for."""
    linked = [item for item in items if item[1]]
    return linked[-1] if linked else None


@register.filter
def page_window(page: Page[Any]) -> list[int | None]:
    """First, last and the pages around this one; None stands for a gap."""
    last = page.paginator.num_pages
    near = range(page.number - 1, page.number + 2)
    shown = sorted({1, last, *(number for number in near if 1 <= number <= last)})
    window: list[int | None] = []
    for before, number in zip([0, *shown], shown, strict=False):
        window += [None, number] if number - before > 1 else [number]
    return window


@register.simple_tag
def language_of_words(language: str = SOURCE_LANGUAGE) -> SafeString | str:
    """Return ` lang="nb"` for an element that holds what people have written, or a letter.

    A screen reader reads it aloud as what it is written in; nothing on a page in that language.
    """
    is_of_page = not language or language == get_language()
    return "" if is_of_page else format_html(' lang="{}"', language)


@register.filter
def words(text: str) -> SafeString | str:
    """Return what people have written, within a page in another language marked as theirs."""
    language = text.language if isinstance(text, Written) else SOURCE_LANGUAGE
    if not text or get_language() == language:
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def written(text: str) -> SafeString | str:
    """Return as by `words` what people have written, and the portal's own as it is."""
    return words(text) if isinstance(text, Written) else text


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Return the portal's languages, each by its own name.

    Django's tag translates the names, and whoever looks for «English» does not look for «Engelsk».
    """
    return list(settings.LANGUAGES)
