"""Counts under seal: nothing of them can be read, not even whether they have changed how."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from ballots.sealing import CannotBeOpened, seal_counts, sealed_bytes, unseal_counts

SALT, PURPOSE = uuid.UUID(int=7), b"a test"


def sealed(*counts: int) -> bytes:
    return seal_counts(counts, salt=SALT, purpose=PURPOSE)


@pytest.mark.parametrize("counts", [(0,), (1, 2, 3), (0, 0, 2**32 - 1, 5, 9, 1)])
def test_counts_open_to_what_was_sealed(counts: tuple[int, ...]) -> None:
    assert unseal_counts(sealed(*counts), salt=SALT, purpose=PURPOSE) == counts
    assert len(sealed(*counts)) == sealed_bytes(len(counts))


def test_the_same_counts_are_never_the_same_bytes() -> None:
    assert sealed(1, 2) != sealed(1, 2)


def test_another_asking_another_purpose_or_a_changed_byte_opens_nothing() -> None:
    whole = sealed(1, 2)
    spoilt = whole[:-1] + bytes([whole[-1] ^ 1])
    for data, salt, purpose in (
        (whole, uuid.UUID(int=8), PURPOSE),
        (whole, SALT, b"another"),
        (spoilt, SALT, PURPOSE),
    ):
        with pytest.raises(CannotBeOpened):
            unseal_counts(data, salt=salt, purpose=purpose)


def test_a_key_that_is_replaced_opens_what_it_sealed(settings: Any) -> None:
    whole = sealed(1, 2)
    settings.SECRET_KEY, before = "another", settings.SECRET_KEY
    with pytest.raises(CannotBeOpened):
        unseal_counts(whole, salt=SALT, purpose=PURPOSE)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unseal_counts(whole, salt=SALT, purpose=PURPOSE) == (1, 2)
