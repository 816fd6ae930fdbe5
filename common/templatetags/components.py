"""The portal's components: a tag each, with keyword arguments, in every template without loading.

A tag draws `templates/components/<its name>.html` with exactly what it is given and nothing of the
page's context, and an argument that it does not know is refused when the template is compiled.
A component that posts gets the page's `csrf_token`, which every inclusion tag has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context

from common import dates
from common.letter_text import LetterText, parts_of

register = template.Library()

BUTTON_SKINS = {"danger": "red"}
"""Punkt's word where it is another than ours."""


@register.inclusion_tag("components/alert.html")
def alert(
    text: str = "",
    *,
    variant: str = "info",
    title: str = "",
    href: str = "",
    link_text: str = "",
    role: str = "",
) -> dict[str, Any]:
    """Draw a notice: success · info · warning · error.

    `role` is status for what just happened, alert for what is urgent.
    """
    return {
        "text": text,
        "variant": variant or "info",
        "title": title,
        "href": href,
        "link_text": link_text,
        "role": role,
    }


@register.inclusion_tag("components/messagebox.html")
def messagebox(
    text: str, *, title: str = "", skin: str = "blue", href: str = "", link_text: str = ""
) -> dict[str, Any]:
    """Draw a box with a message that is there to stay: blue · green · red."""
    return {"text": text, "title": title, "skin": skin, "href": href, "link_text": link_text}


@register.inclusion_tag("components/tag.html")
def tag(text: str, *, skin: str = "", size: str = "small", icon: str = "") -> dict[str, Any]:
    """Draw a word about a row: blue-light · green · yellow · red · beige · gray.

    `size` is small · medium · large.
    """
    return {"text": text, "skin": skin or "blue-light", "size": size, "icon": icon}


@register.inclusion_tag("components/required_tag.html")
def required_tag() -> dict[str, Any]:
    """Draw «Må fylles ut», which stands beside a label."""
    return {}


@register.inclusion_tag("components/button.html")
def button(
    text: str,
    *,
    variant: str = "primary",
    size: str = "medium",
    icon: str = "",
    href: str = "",
    download: bool = False,
    type: str = "submit",  # noqa: A002 (HTML's own name for it)
    name: str = "",
    value: object = "",
    form: str = "",
    id: str = "",  # noqa: A002
    external: bool = False,
    disabled: bool = False,
) -> dict[str, Any]:
    """Draw a button, or with `href` a link that looks like one.

    `variant` is primary · secondary · tertiary · danger, `size` small · medium · large. `download`
    and `external` (it leads out of the portal) belong to a link; `type`, `name`, `value`, `form`,
    `id` and `disabled` to a button.
    """
    return {
        "external": external,
        "disabled": disabled,
        "text": text,
        "skin": "" if variant == "primary" else BUTTON_SKINS.get(variant, variant),
        "size": size,
        "icon": icon,
        "href": href,
        "download": download,
        "type": type,
        "name": name,
        "value": value or "1",
        "form": form,
        "id": id,
    }


@register.inclusion_tag("components/post_button.html")
def post_button(
    text: str,
    *,
    action: str,
    variant: str = "primary",
    size: str = "medium",
    icon: str = "",
) -> dict[str, Any]:
    """Draw a form of one button, posting to `action`."""
    return {"text": text, "action": action, "variant": variant, "size": size, "icon": icon}


@register.inclusion_tag("components/card.html")
def card(
    title: str,
    *,
    href: str = "",
    subheading: str = "",
    text: str = "",
    tags: Iterable[Mapping[str, str]] = (),
    lead: str = "",
    meta: str = "",
    heading: str = "h2",
    skin: str = "outlined",
    days: tuple[dt.datetime, dt.datetime] | None = None,
    language: str = "",
) -> dict[str, Any]:
    """Draw a card; `tags` each have `text` and `skin`, and `heading` is h2 · h3.

    With `days`, from when to when, they are drawn too; `subheading` then says them in words.
    `language` is what `title` and `text` are written in, where that need not be the page's.
    """
    return {
        "days": days,
        "language": language,
        "title": title,
        "href": href,
        "subheading": subheading,
        "text": text,
        "tags": tags,
        "lead": lead,
        "meta": meta,
        "heading": heading,
        "skin": skin,
    }


@register.inclusion_tag("components/date_block.html")
def date_block(starts_at: dt.datetime, *, until: dt.datetime) -> dict[str, Any]:
    """Draw the day and month as on a sheet of a calendar; the words must stand beside it."""
    first, last = dates.as_date(starts_at), dates.last_date(until)
    return {"first": first, "last": last if last > first else None}


@register.inclusion_tag("components/linkcard.html")
def linkcard(
    title: str, *, href: str, text: str = "", icon: str = "chevron-right", skin: str = "beige"
) -> dict[str, Any]:
    """Draw a card that is one link: beige · blue · gray · green."""
    return {"title": title, "href": href, "text": text, "icon": icon, "skin": skin}


@register.inclusion_tag("components/page_header.html")
def page_header(
    title: str, *, lead: str = "", eyebrow: str = "", language: str = ""
) -> dict[str, Any]:
    """Draw the page's h1, with a line above and a sentence below.

    `language` is what title and sentence are written in, where that need not be the page's.
    """
    return {"title": title, "lead": lead, "eyebrow": eyebrow, "language": language}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(items: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
    """Draw the way down to this page: `[(label, url), …, (label, None)]`."""
    return {"items": items}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], *, label: str = "") -> dict[str, Any]:
    """Draw links between views of one thing, each with `text`, `href`, `active` and `count`."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/form.html")
def form(
    form: BaseForm,
    *,
    submit: str,
    submit_variant: str = "primary",
    submit_icon: str = "",
    cancel: str = "",
    action: str = "",
) -> dict[str, Any]:
    """Draw a whole form with its button, and with `cancel` (an address) a way out of it."""
    return {
        "form": form,
        "submit": submit,
        "submit_variant": submit_variant,
        "submit_icon": submit_icon,
        "cancel": cancel,
        "action": action,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Draw what must be put right, with a link to each field; already part of `{{ form }}`."""
    return {"form": form}


@register.inclusion_tag("components/edit_conflict.html")
def edit_conflict(form: BaseForm) -> dict[str, Any]:
    """Draw what a form over something stored carries, and what another has saved meanwhile.

    Part of `error_summary`. See `common.edit_conflicts`.
    """
    return {"form": form}


@register.inclusion_tag("components/stored_value.html")
def stored_value(field: BoundField) -> dict[str, Any]:
    """Draw what is stored in a field now, under what was typed."""
    return {"field": field}


@register.inclusion_tag("components/search.html")
def search(
    *,
    value: str | None,
    label: str,
    name: str = "q",
    id: str = "search",  # noqa: A002 (HTML's own name for it)
    placeholder: str = "",
) -> dict[str, Any]:
    """Draw a field to search in, with its button; stands inside a `<form role="search">`."""
    return {"value": value, "label": label, "name": name, "id": id, "placeholder": placeholder}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Page[Any], *, form: str = "", action: str = ""
) -> dict[str, Any]:
    """Draw links to the other pages of a list.

    Reads `request` of the page, since the rest of the query is kept. With `form`, the id of a form
    by GET, they are buttons that send it to `action`: what is ticked in it comes along.
    """
    return {"page": page, "request": context.get("request"), "form": form, "action": action}


@register.inclusion_tag("components/progress.html")
def progress(
    label: str, *, value: float, maximum: float, status: str = "", skin: str = "blue"
) -> dict[str, Any]:
    """Draw how far something has come; `status` is the words beside it. blue · green · red."""
    return {"label": label, "value": value, "maximum": maximum, "status": status, "skin": skin}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[Mapping[str, Any]], *, direction: str = "horizontal") -> dict[str, Any]:
    """Draw steps, each with `title`, `text` and `state` completed · current · incomplete."""
    return {"steps": steps, "direction": direction}


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str,
    *,
    text: str = "",
    icon: str = "information",
    href: str = "",
    action: str = "",
    heading: str = "h2",
) -> dict[str, Any]:
    """Draw that there is nothing here yet, and with `href` what one may do about it (`action`).

    `heading` is h2 · h3: one below that of the part of the page it stands in.
    """
    return {
        "title": title,
        "text": text,
        "icon": icon,
        "href": href,
        "action": action,
        "heading": heading,
    }


@register.inclusion_tag("components/letter_preview.html")
def letter_preview(letter: LetterText) -> dict[str, Any]:
    """Draw a letter (`subject`, `text`) as it will be sent."""
    return {"letter": letter, "parts": parts_of(letter.text)}


@register.inclusion_tag("components/portal_contact.html")
def portal_contact() -> dict[str, Any]:
    """Draw whom one asks about the portal itself, where the settings name somebody."""
    return {"email": settings.SUPPORT_EMAIL, "phone": settings.SUPPORT_PHONE}


@register.inclusion_tag("components/request_code.html")
def request_code(code: str | None) -> dict[str, Any]:
    """Draw the code that those who run the portal find a fault by."""
    return {"code": code}
