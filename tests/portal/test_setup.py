"""`script/setup` in a folder of its own, with a lock and wheels made for it, and no network."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from devtools.embedded.processes import die_with_parent
from tests.machine import wait_for

PROJECT = Path(settings.BASE_DIR)
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
OLDEST_PIP = PROJECT / "var" / "oldest-pip"
NOT_INHERITED = ("PIP_CACHE_DIR", "npm_config_cache", "SETUP_HOLDS_LOCK")


def make_wheel(folder: Path, name: str, version: str, *needs: str, extra: str = "") -> str:
    """Make a package of one empty module; its line in a lock is returned."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}"] if extra else []
    lines += [f"Requires-Dist: {need}" for need in needs]
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{key},sha256={digest(text)},{len(text)}\n" for key, text in files.items())
    with zipfile.ZipFile(path, "w") as wheel:
        for key, text in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            wheel.writestr(key, text)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}=={version} --hash=sha256:{sha256}\n"


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Project:
    """As much of a clone as the set-up touches; Punkt and htmx are there already."""

    folder: Path
    wheels: Path
    home: Path

    @property
    def python(self) -> Path:
        return self.folder / ".venv" / "bin" / "python"

    @property
    def lock_file(self) -> Path:
        return self.folder / "requirements" / "local.txt"

    def lock(self, *lines: str) -> None:
        self.lock_file.write_text("".join(lines))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        inherited = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
        own = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "HOME": str(self.home)}
        return subprocess.Popen(
            [str(self.folder / "script" / "setup"), *arguments],
            cwd="/",
            env=inherited | own | {"PIP_FIND_LINKS": str(self.wheels)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def set_up(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def installed(self) -> dict[str, str]:
        """The packages of .venv, but for the pip that it came with."""
        listed = subprocess.run(
            [self.python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"],
            capture_output=True,
            text=True,
            check=True,
        )
        pairs = (line.split("==") for line in listed.stdout.split())
        return {name: version for name, version in pairs if name not in ("pip", "setuptools")}


def make_project(folder: Path) -> Project:
    made = Project(folder / "en mappe på ære", folder / "wheels", folder / "home")
    for each in (made.folder / "script", made.folder / "requirements", made.wheels, made.home):
        each.mkdir(parents=True)
    for name in ("setup", "why.sh"):
        shutil.copy(PROJECT / "script" / name, made.folder / "script")
    (made.folder / "script" / "assets").write_text("")
    (made.folder / "package-lock.json").write_text("{}")
    (made.folder / "node_modules").mkdir()
    (made.folder / "node_modules" / ".package-lock.copy").write_text("{}")
    leaf = make_wheel(made.wheels, "leaf", "1.0", "toml; extra == 'toml'", extra="toml")
    make_wheel(made.wheels, "leaf", "2.0", "toml; extra == 'toml'", extra="toml")
    make_wheel(made.wheels, "toml", "9.0")
    made.lock(leaf, make_wheel(made.wheels, "branch", "1.0", "leaf[toml]>=1.0"))
    return made


@pytest.fixture(scope="module")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, tuple[int, str, str]]:
    """Locked are a package and one that asks for an extra of it; a newer one is out."""
    made = make_project(tmp_path_factory.mktemp("project"))
    return made, made.set_up()


@pytest.fixture
def project(set_up_once: tuple[Project, tuple[int, str, str]]) -> Iterator[Project]:
    """The .venv that all share, with nothing installed but pip; and the lock as it was."""
    made = set_up_once[0]
    kept = made.lock_file.read_text()
    (made.folder / ".venv" / ".local.txt").unlink(missing_ok=True)
    command = [made.python, "-m", "pip", "uninstall", "--yes", "leaf", "branch", "toml"]
    subprocess.run(command, capture_output=True, check=True)
    yield made
    made.lock_file.write_text(kept)


WHOLE = {"leaf": "1.0", "branch": "1.0"}


def test_the_lock_is_installed_and_nothing_beside_it(
    set_up_once: tuple[Project, tuple[int, str, str]],
) -> None:
    project, (status, out, err) = set_up_once
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Making .venv …",
        "Installing the Python packages of requirements/local.txt …",
    ]
    assert project.installed() == WHOLE
    assert [path.name for path in project.home.rglob("*")] == []
    kept = sorted(path.name for path in (project.folder / "var").iterdir())
    assert kept == ["setup.lock", "setup.log"]
    assert project.set_up() == (0, "", "")


@pytest.fixture
def oldest_pip() -> Path:
    """The pip of the first Python 3.11, fetched once a clone."""
    if sys.version_info >= (3, 12):
        pytest.skip("Python 3.12 brings a newer one, and cannot run this")
    if not list(OLDEST_PIP.glob("pip-*.whl")):
        lock = PROJECT / "requirements" / "oldest-pip.txt"
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-cache-dir",
        ]
        fetched = subprocess.run(
            [*command, "--require-hashes", "-r", str(lock), "-d", str(OLDEST_PIP)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert fetched.returncode == 0, fetched.stderr
    return next(OLDEST_PIP.glob("pip-*.whl"))


NPM = """#!/bin/sh
[ "$1" = --version ] && exit
echo "$@" >> "$HOME/npm.txt"
mkdir -p node_modules
"""


def test_what_only_tests_need_of_npm_is_a_developers(project: Project) -> None:
    """Here npm stands in for itself and writes down what it was asked."""
    npm = project.home / "bin" / "npm"
    npm.parent.mkdir(parents=True)
    npm.write_text(NPM)
    npm.chmod(0o755)
    (npm.parent / "node").write_text("#!/bin/sh\necho 24\n")
    (npm.parent / "node").chmod(0o755)
    path = f"{npm.parent}:{os.environ['PATH']}"
    kept = project.folder / "node_modules" / ".package-lock.copy"
    kept.unlink()
    dev = project.lock_file.with_name("dev.txt")
    dev.write_text(project.lock_file.read_text())

    def asked(*arguments: str) -> list[str]:
        (project.home / "npm.txt").write_text("")
        assert project.set_up(*arguments, PATH=path)[0] == 0
        return re.findall(r"--(?:omit|include)=dev", (project.home / "npm.txt").read_text())

    assert asked() == ["--omit=dev"]
    assert asked() == []
    assert asked("--dev") == ["--include=dev"]
    assert asked("--dev") == []
    kept.unlink()
    (project.folder / ".venv" / ".dev.txt").unlink()
    assert asked() == [], "a developer has the rest too"
    (project.folder / "node_modules" / ".package-lock.dev.copy").unlink()
    dev.unlink()
    shutil.rmtree(project.home)
    project.home.mkdir()
    kept.write_text("{}")


def test_the_oldest_pip_that_python_brings_installs_the_lock(
    project: Project, oldest_pip: Path
) -> None:
    pip = [project.python, "-m", "pip"]
    command = [*pip, "install", "--quiet", "--no-index", oldest_pip]
    subprocess.run(command, check=True, capture_output=True)
    version = subprocess.run([*pip, "--version"], capture_output=True, check=True)
    assert version.stdout.split()[1] == b"22.3"
    assert project.set_up()[0] == 0
    assert project.installed() == WHOLE


def test_what_failed_is_said_and_tried_again(project: Project) -> None:
    whole = project.lock_file.read_text()
    project.lock(re.sub("sha256:..", "sha256:00", whole))
    status, _out, err = project.set_up()
    assert status == 1
    assert "its hash differs" in err
    assert "network" not in err
    project.lock(whole, "nowhere==1.0 --hash=sha256:" + "0" * 64 + "\n")
    status, _out, err = project.set_up()
    assert status == 1
    assert f"not to be had for this machine ({os.uname().sysname} {os.uname().machine})" in err
    assert "nowhere==1.0" in err
    project.lock(whole)
    assert project.set_up()[0] == 0
    assert project.installed() == WHOLE


def test_settings_of_somebody_s_own_do_not_lead_astray(project: Project) -> None:
    """pip's --user and --target would install elsewhere, and CDPATH would go elsewhere."""
    elsewhere = str(project.home / "elsewhere")
    status, _out, err = project.set_up(
        PIP_USER="1", PIP_TARGET=elsewhere, CDPATH=str(PROJECT), PYTHONPATH=elsewhere
    )
    assert (status, err) == (0, "")
    assert project.installed() == WHOLE


REASONS = {
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device": (
        "the disk is full"
    ),
    "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n"
    "ERROR: No matching distribution found for django==5.2": "is there a network",
    "npm error code ENOTFOUND\nnpm error network request to the registry failed": (
        "is there a network"
    ),
    "W: Failed to fetch Temporary failure resolving 'deb.example.org'": "is there a network",
    "npm error code EINTEGRITY": "its hash differs",
    "npm error code ENOSPC": "the disk is full",
    "npm error code EACCES\nnpm error syscall mkdir": "may not be written by",
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]": "is not trusted",
    "E: Unable to locate package chromium": "does not have it",
    "E: Could not get lock /var/lib/apt/lists/lock": "another installation is under way",
    "Something that nobody has thought of": "not a reason known here",
}


@pytest.mark.parametrize("said", REASONS)
def test_a_reason_is_the_one_that_the_log_gives(said: str, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text(said + "\n")
    script = PROJECT / "script" / "why.sh"
    why = subprocess.run(
        ["sh", "-c", '. "$1"; why "$2"', "sh", script, log], capture_output=True, text=True
    )
    first, *rest = why.stdout.splitlines()
    assert REASONS[said] in first
    assert rest == [f"    {line}" for line in said.splitlines()]


def test_one_that_was_cut_off_is_done_again_by_one_of_two_at_once(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    cut_off = project.start()
    wait_for((project.folder / ".venv" / "bin").exists)
    os.killpg(cut_off.pid, signal.SIGKILL)
    cut_off.communicate()
    together = [project.start(), project.start()]
    said = [process.communicate(timeout=300) for process in together]
    assert [process.returncode for process in together] == [0, 0]
    assert sorted(err for _out, err in said) == [
        "",
        "Another script/setup is at work here; waiting for it …\n",
    ]
    assert sum(out.count("Making .venv") for out, _err in said) == 1
    assert project.installed() == WHOLE


def test_a_venv_whose_python_has_become_another_is_made_anew(project: Project) -> None:
    libraries = project.folder / ".venv" / "lib"
    (libraries / f"python{VERSION}").rename(libraries / "python3.9")
    assert "Making .venv" in project.set_up()[1]
    assert project.installed() == WHOLE
