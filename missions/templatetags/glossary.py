from __future__ import annotations

from django import template

from missions.glossary import explanations

register = template.Library()
register.filter("explained", explanations.explained)
