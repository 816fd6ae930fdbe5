"""None of its own: allauth looks for them here; portal.account_urls has the two addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
