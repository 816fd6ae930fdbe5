from __future__ import annotations

from django import template

from missions import glossary

register = template.Library()
register.filter("explained", glossary.explained)
