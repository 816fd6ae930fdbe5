"""None of its own: allauth looks for them here; accounts.urls has the two addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
