"""Who opened an agreement, and when, is written down nowhere: there are no activity logs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.evidence.sealing import keep_document
from commitments.models import Revision, RevisionState
from tests.access.commitments import urls
from tests.cast import Cast


def rows_of_all_tables() -> dict[str, int]:
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model is not Session
    }


@pytest.mark.parametrize("kind", ["leader", "employee"])
def test_opening_every_page_of_ones_agreements_leaves_no_row(
    cast: Cast, kind: str, signed_in: Callable[..., Client]
) -> None:
    pages = [row for row in urls(cast) if row.method == "get" and row.expected[kind] == 200]
    browser = signed_in(getattr(cast, kind))
    browser.get(reverse("home"))
    for revision in Revision.objects.filter(state=RevisionState.SIGNED):
        keep_document(revision=revision, now=timezone.now())  # as the worker does
    before = rows_of_all_tables()
    addresses = {row.name: reverse(row.name, args=row.args, kwargs=row.kwargs) for row in pages}
    opened = {name for name, one in addresses.items() if browser.get(one).status_code == 200}
    assert {"commitments:detail", "commitments:list"} <= opened
    assert rows_of_all_tables() == before
