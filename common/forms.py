"""Django's forms in Punkt's markup: `{{ form }}` is a whole form body, error summary included."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class PunktRenderer(TemplatesSetting):
    """Reads templates/django/forms/; widgets are the same names with Punkt's classes."""

    form_template_name = "django/forms/form.html"
    formset_template_name = "django/forms/formset.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = None


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker for a day and a time."""


class TileRadioSelect(forms.RadioSelect):
    """Radio buttons as large tiles, for a choice that the page is about."""

    option_template_name = "django/forms/widgets/tile_option.html"


class TileCheckboxSelect(forms.CheckboxSelectMultiple):
    """Checkboxes as large tiles."""

    option_template_name = "django/forms/widgets/tile_option.html"


class Switch(forms.CheckboxInput):
    """A single checkbox shown as a tile."""

    template_name = "django/forms/widgets/tile_checkbox.html"


def textarea(rows: int = 4, **attrs: Any) -> forms.Textarea:
    """A textarea of so many rows; its height grows with the text where the browser can."""
    return forms.Textarea(attrs={"rows": rows, **attrs})
