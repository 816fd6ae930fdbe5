"""A role says what it is for and whether it needs a second factor, beside its name."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst

from accounts.second_factor import NEEDS_TWO
from people.models import Role, User
from people.roles import TERMS
from tests.cast import Cast


def test_every_role_has_a_purpose_of_its_own_and_says_if_it_needs_a_second_factor() -> None:
    assert TERMS.keys() == set(Role)
    purposes = {str(terms.purpose) for terms in TERMS.values()}
    assert (len(purposes), all(purposes)) == (len(Role), True)
    assert [role for role in Role if role.needs_second_factor] == [
        role for role in Role if role != Role.COORDINATOR
    ]


def test_a_second_factor_is_asked_for_by_the_roles_that_say_so() -> None:
    assert set(NEEDS_TWO) == {role for role in Role if TERMS[role].needs_second_factor}


@pytest.mark.django_db
def test_whoever_gives_a_role_reads_what_each_is_for(
    cast: Cast, confirmed: Callable[[User], Client]
) -> None:
    address = reverse("grant_role", args=[cast.unit.pk])
    page = html.unescape(confirmed(cast.administrator).get(address).content.decode())
    told = [f"<dt>{capfirst(role.label)}</dt><dd>{role.purpose}</dd>" for role in Role]
    assert [words for words in told if words not in page] == []
