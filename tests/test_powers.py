"""Whoever gives somebody a power has just confirmed who they are: every way there is is found.

The rows that are a power are written down here, by their models. Whatever makes one is marked
with `gives_power`, and so is what calls it; each page that calls one asks for a confirmation, and
is tried without. A new model about people, a new action and a new page fail until they join.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models import ForeignKey, ManyToManyField
from django.test import Client
from django.urls import reverse

from commitments.leader_changes import views as leader_changes_views
from people.confirmation import ask_to_confirm
from people.models import User
from people.powers import MARK
from tests.cast import Cast
from tests.commitments.test_parting import parted
from tests.rows import all_rows
from tests.seminars.factories import make_seminar
from tests.sources import modules, objects_in

SignIn = Callable[[User], Client]

POWERS = {
    *("people.RoleGrant", "people.Substitution", "commitments.Share"),
    "seminars.SeminarRoleGrant",
}
"""Rows by which a person may read or do what is not theirs, made by another."""
BY_HR = {"people.Position", "people.Leadership"}
"""Powers that HR's list gives: there is no page for it."""
OF_ONES_OWN = {
    *("account.EmailAddress", "mfa.Authenticator", "socialaccount.SocialAccount"),
    *("usersessions.UserSession", "seminars.CalendarFeed"),
}
"""Keys to what is one's own; what others' there is comes with a confirmation (see below)."""
NO_POWER = {
    *("people.AuditRecord", "people.FormerName"),
    # Lets HR's own files in, which are HR's list either way.
    *("people.StaffImportRun", "people.StaffImportConsent"),
    *("seminars.Audience", "seminars.Registration", "seminars.Invitation", "seminars.Seminar"),
    *("attendance.Attendance", "attendance.PastParticipation", "attendance.AttendanceMark"),
    *("attendance.Scan", "attendance.UndoneScan", "certificates.Certificate"),
    *("missions.MissionVersion", "missions.UpwardQuestion", "missions.DraftComment"),
    *("missions.Acknowledgement", "missions.Term"),
    "missions.Contribution",  # one's own words, shown to one's leader, are nobody else's
    *("pulse.PulseRound", "pulse.PulseInvitation"),
    *("commitments.Agreement", "commitments.AgreementRound", "commitments.Revision"),
    *("commitments.Note", "commitments.EvidenceEvent", "commitments.FollowUp"),
    *("commitments.PrivateNote", "commitments.Preparation", "commitments.UnsavedWork"),
    "commitments.Signature",  # which asks for a confirmation of its own
    *("outbox.Letter", "outbox.Envelope", "outbox.ReminderOptOut"),
}
"""Rows about people who are, do, wrote or were written to: they open nothing."""


def models_about_people() -> set[str]:
    return {
        model._meta.label
        for model in apps.get_models()
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if isinstance(field, ForeignKey | ManyToManyField) and field.related_model is User
        if not model._meta.label.startswith("admin.")
    }


def test_every_model_about_people_says_whether_it_is_a_power() -> None:
    assert models_about_people() == POWERS | BY_HR | OF_ONES_OWN | NO_POWER


# What makes such a row, and what calls it

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    for module, tree in modules():
        for node in tree.body:
            if isinstance(node, Function):
                yield module, node


def makes_a_power(function: Function, names: set[str]) -> bool:
    """Whether it makes a row: `Share(…)`, `Share.objects.create(…)`, `agreement.shares.create`."""
    making = {"create", "bulk_create", "get_or_create", "update_or_create"}
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in names:
                return True
            case ast.Call(func=ast.Attribute(attr=made, value=ast.Attribute() as rows)):
                if made in making and names & {rows.attr, getattr(rows.value, "id", "")}:
                    return True
    return False


def names_of(labels: set[str]) -> set[str]:
    """The models' names, and those by which they are reached from other rows."""
    found = set()
    for label in labels:
        model = apps.get_model(label)
        found.add(model.__name__)
        found |= {
            accessor
            for field in model._meta.concrete_fields
            if isinstance(field, ForeignKey)
            if (accessor := field.remote_field.get_accessor_name())
        }
    return found


def is_marked(module: str, name: str) -> bool:
    return getattr(getattr(importlib.import_module(module), name), MARK, False)


def test_whatever_makes_a_power_is_marked() -> None:
    making = {
        f"{module}.{function.name}": is_marked(module, function.name)
        for module, function in functions()
        if makes_a_power(function, names_of(POWERS))
    }
    assert making == {
        "people.actions.grant_role": True,
        "people.actions.carry_role_over": True,
        "people.substituting.name_substitute": True,
        "commitments.leader_changes.actions.share_agreement": True,
        "seminars.seminar_roles.actions.give_seminar_role": True,
    }


@pytest.mark.parametrize(
    ("source", "makes"),
    [
        ("Share(agreement=a)", True),
        ("Share.objects.create(agreement=a)", True),
        ("Share.objects.bulk_create([])", True),
        ("agreement.shares.create(with_user=u)", True),
        ("Share.objects.filter(pk=1)", False),
        ("agreement.notes.create(text='')", False),
    ],
)
def test_what_makes_a_power_is_recognised(source: str, makes: bool) -> None:
    (function,) = ast.parse(f"def action():\n    {source}").body
    assert isinstance(function, ast.FunctionDef)
    assert makes_a_power(function, names_of({"commitments.Share"})) is makes


# What calls it


def gives(module: str, node: ast.AST) -> bool:
    return any(getattr(one, MARK, False) is True for one in objects_in(module, node))


BY_COMMAND = {"portal.management.commands.grant_role"}
"""Whoever runs a command on the server needs no page to confirm on."""
BY_SCHEDULE = {"accounts.tasks.carry_roles_over"}
"""What follows from HR's list of units: nobody asks for it, and there is no page for it."""


def reached_from(view: str, tree: ast.Module) -> list[Function]:
    """The view and the functions of its module that it calls, and they."""
    of_module = {node.name: node for node in tree.body if isinstance(node, Function)}
    reached, waiting = [], [view]
    while waiting:
        node = of_module.pop(waiting.pop(), None)
        if node is not None:
            reached.append(node)
            names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
            own = {one.id for one in names if isinstance(one.ctx, ast.Store)}
            waiting += [one.id for one in names if one.id not in own]
    return reached


def views_that_give(named: str, tree: ast.Module) -> dict[str, bool]:
    """Each function of a module of views from which a power is given: whether it asks first."""
    found = {}
    for node in tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            reached = reached_from(node.name, tree)
            if any(gives(named, one) for one in reached):
                asks = [one for part in reached for one in objects_in(named, part)]
                found[f"{named}.{node.name}"] = ask_to_confirm in asks
    return found


def test_what_calls_it_is_marked_too_or_is_a_page_that_asks_first() -> None:
    views: dict[str, bool] = {}
    beside = set()
    for module, tree in modules():
        if not gives(module, tree):
            continue
        if module.rpartition(".")[2] == "views":
            views |= views_that_give(module, tree)
        elif module not in BY_COMMAND:
            beside |= {
                f"{module}.{node.name}"
                for node in tree.body
                if isinstance(node, Function | ast.ClassDef) and gives(module, node)
                if not getattr(vars(importlib.import_module(module))[node.name], MARK, False)
            }
    assert beside == BY_SCHEDULE
    assert views == dict.fromkeys(PAGES, True)


def test_a_page_that_does_not_ask_is_found_out() -> None:
    source = Path(leader_changes_views.__file__).read_text()
    careless = source.replace("if asked := ask_to_confirm(request):", "if asked := None:")
    assert careless != source
    found = views_that_give(leader_changes_views.__name__, ast.parse(careless))
    assert found == {"commitments.leader_changes.views.share": False}


# Each page, without a confirmation and with one


def to_a_role(cast: Cast) -> tuple[User, str, dict[str, Any]]:
    typed = {"person": cast.stranger.email, "role": "hr", "valid_from": "2099-01-01"}
    return cast.administrator, reverse("grant_role", args=[cast.unit.pk]), typed


def to_a_substitute(cast: Cast) -> tuple[User, str, dict[str, Any]]:
    days = {"valid_from": "2099-01-01", "valid_to": "2099-01-09"}
    address = reverse("commitments:name_substitute", args=[cast.unit.pk])
    return cast.leader, address, {"person": cast.stranger.email, **days}


def to_a_new_leader(cast: Cast) -> tuple[User, str, dict[str, Any]]:
    agreement = parted(cast)
    typed = {"with_user": User.objects.get(email="ny@example.org").pk}
    return cast.employee, reverse("commitments:share", args=[agreement.pk]), typed


def to_a_co_organiser(cast: Cast) -> tuple[User, str, dict[str, Any]]:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    address = reverse("seminars:give_seminar_role", args=[seminar.pk])
    return cast.organiser, address, {"person": cast.stranger.email, "role": "co_organiser"}


PAGES = {
    "accounts.roles.views.grant_role": (to_a_role, "people_rolegrant"),
    "commitments.substitution.views.name_substitute": (to_a_substitute, "people_substitution"),
    "commitments.leader_changes.views.share": (to_a_new_leader, "commitments_share"),
    "seminars.seminar_roles.views.give_role": (to_a_co_organiser, "seminars_seminarrolegrant"),
}


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_no_power_is_given_without_a_fresh_confirmation(
    cast: Cast, signed_in: SignIn, page: str
) -> None:
    make, table = PAGES[page]
    user, address, typed = make(cast)
    browser, before = signed_in(user), all_rows()
    for answer in (browser.get(address, follow=True), browser.post(address, typed, follow=True)):
        assert answer.redirect_chain[-1][0].startswith("/konto/bekreft/")
    after = all_rows()
    assert after[table] == before[table]
    assert after["outbox_letter"] == before["outbox_letter"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_with_one_it_is_given_with_a_letter_to_each_whom_it_concerns(
    cast: Cast, confirmed: SignIn, page: str
) -> None:
    make, table = PAGES[page]
    user, address, typed = make(cast)
    browser, before = confirmed(user), all_rows()
    assert browser.post(address, typed).status_code == 302
    after = all_rows()
    assert len(after[table]) == len(before[table]) + 1
    written = set(after["outbox_letter"]) - set(before["outbox_letter"])
    told = set(User.objects.filter(letters__in=written).values_list("email", flat=True))
    whom = "ny@example.org" if page.endswith("share") else cast.stranger.email
    assert {user.email, whom} <= told


# Keys of one's own, with which one could then confirm


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "name",
    [
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "own_data",
    ],
)
def test_no_key_is_added_and_nothing_taken_out_without_a_fresh_confirmation(
    cast: Cast, signed_in: SignIn, name: str, method: str
) -> None:
    answer = getattr(signed_in(cast.employee), method)(reverse(name), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/konto/bekreft/")
