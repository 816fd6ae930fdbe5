"""The embedded servers, up for as long as pytest runs."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from devtools import embedded

lease_key = pytest.StashKey[embedded.Lease]()


def pytest_configure(config: pytest.Config) -> None:
    if embedded.are_used_by(settings):
        config.stash[lease_key] = embedded.lease(settings.VAR_DIR, durable=False).acquire()


def pytest_unconfigure(config: pytest.Config) -> None:
    if lease_key in config.stash:
        config.stash[lease_key].release(wait=True)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request in English leaves its thread in English, and the next test with it."""
    yield
    translation.activate(settings.LANGUAGE_CODE)
