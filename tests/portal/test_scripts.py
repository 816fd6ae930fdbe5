"""The commands at the door: what they lay out, and what they say when they cannot."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import django
import pytest
from django.conf import settings

PROJECT = Path(settings.BASE_DIR)
LOCKS = sorted((PROJECT / "requirements").glob("*.txt"))
ADDRESS = re.compile(r"https?://|file:|--(extra-)?index-url|--find-links")


def run(*command, **environment):
    return subprocess.run(
        command,
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_taken_port_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("script/server", PORT=str(port), HOST="127.0.0.1")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"script/server: port {port} is taken; stop what uses it, "
        f"or say another: PORT={port + 1} script/server\n"
    )


def test_asked_for_help_the_server_tells_and_starts_nothing():
    result = run("script/server", "--help", PORT="no number, and not read")
    assert (result.returncode, result.stderr) == (0, "")
    assert "PORT=8001 script/server" in result.stdout


def test_what_the_server_does_not_know_is_named():
    result = run("script/server", "8001")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "script/server: takes no arguments, and so not “8001”; see script/server --help.\n"
    )


def test_a_port_that_is_no_number_is_one_sentence():
    result = run("script/server", PORT="80a")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "script/server: PORT must be a number, not “80a”.\n"


@pytest.mark.parametrize("port", ["0", "65536", "99999", "9" * 30])
def test_a_port_that_no_machine_has_is_one_sentence(port):
    result = run("script/server", PORT=port)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"script/server: PORT must be from 1 to 65535, not “{port}”.\n"


def test_a_benchmark_that_is_not_there_is_named():
    result = run(sys.executable, "-m", "benchmarks", "nosuch")
    assert result.returncode == 2
    assert "no benchmark called nosuch" in result.stderr


def test_manage_hands_over_to_the_project_s_own_python(tmp_path):
    bare = Path(sys._base_executable)
    result = run(bare, "-I", "manage.py", "version")
    assert result.stderr == ""
    assert (result.returncode, result.stdout) == (0, f"{django.get_version()}\n")


def test_manage_says_what_to_run_first_where_nothing_is_set_up(tmp_path):
    (tmp_path / "manage.py").write_text((PROJECT / "manage.py").read_text())
    result = run(Path(sys._base_executable), "-I", str(tmp_path / "manage.py"), "migrate")
    assert result.returncode == 1
    assert result.stderr == "manage.py: Django is not installed here; run script/setup first.\n"


def test_locks_are_there():
    assert [lock.name for lock in LOCKS] == [
        "dev.txt",
        "local.txt",
        "node.txt",
        "oldest-pip.txt",
        "production.txt",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_has_one_version_and_hashes_and_no_address(lock):
    text = lock.read_text()
    assert ADDRESS.search(text) is None
    requirements = re.split(r"\n(?=\S)", text.strip())
    unlocked = [
        requirement
        for requirement in requirements
        if not re.match(r"[\w.-]+==[\w.]+ .*--hash=sha256:[0-9a-f]{64}", requirement, re.S)
    ]
    assert unlocked == []


@pytest.mark.parametrize("smaller", ["production.txt", "local.txt"])
def test_the_smaller_sets_are_part_of_the_whole(smaller):
    def pinned(name):
        return set(re.findall(r"^\S+==\S+", (PROJECT / "requirements" / name).read_text(), re.M))

    assert pinned(smaller) - pinned("dev.txt") == set()


def test_packages_of_node_have_hashes_and_no_address():
    text = (PROJECT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity": "sha512-') == text.count('"node_modules/')


def test_punkt_asks_no_other_host_for_anything():
    css = (PROJECT / "var" / "assets" / "punkt" / "css" / "pkt.min.css").read_text()
    addresses = re.findall(r"url\(([^)]*)\)", css)
    outside = [address for address in addresses if "//" in address]
    assert outside == []


def test_every_file_that_punkt_s_stylesheet_names_is_laid_out():
    folder = PROJECT / "var" / "assets" / "punkt" / "css"
    named = re.findall(r"url\(\"?([^)\"#?]*)", (folder / "pkt.min.css").read_text())
    files = [name for name in named if not name.startswith("data:")]
    assert len(files) > 10
    assert [name for name in files if not (folder / name).resolve().is_file()] == []
