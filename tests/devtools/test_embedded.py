"""The embedded servers: shared by who needs them, gone with the last, and never wedged."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from devtools import embedded
from devtools.embedded.lease import PROJECT, is_locked
from devtools.embedded.places import LONGEST_SOCKET_PATH, POSTGRES_SOCKET, Places
from devtools.embedded.postgres import orphan_pid
from tests.machine import is_alive, wait_for


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path)


def query(places, sql):
    place = places.database
    with psycopg.connect(
        host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True
    ) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else None


def postmaster_pid(places):
    return int((places.postgres_data / "postmaster.pid").read_text().split("\n", 1)[0])


def test_servers_answer_while_a_lease_is_held_and_are_gone_after_it(places):
    with embedded.lease(places.var_dir):
        assert query(places, "SELECT current_database()") == [("lederportalen",)]
        with redis.Redis(unix_socket_path=str(places.valkey_socket)) as client:
            assert client.ping() is True
        pid = postmaster_pid(places)
    assert not is_alive(pid)
    assert not places.socket_dir.exists()


def test_data_are_there_the_next_time(places):
    with embedded.lease(places.var_dir):
        query(places, "CREATE TABLE kept (id int)")
        query(places, "INSERT INTO kept VALUES (7)")
    with embedded.lease(places.var_dir):
        assert query(places, "SELECT id FROM kept") == [(7,)]


def test_servers_stay_until_the_last_lease_is_let_go(places):
    first = embedded.lease(places.var_dir).acquire()
    second = embedded.lease(places.var_dir).acquire()
    pid = postmaster_pid(places)
    first.release(wait=True)
    assert query(places, "SELECT 1") == [(1,)]
    assert postmaster_pid(places) == pid
    second.release(wait=True)
    assert not is_alive(pid)


def test_a_release_without_a_lease_does_nothing(places):
    embedded.lease(places.var_dir).release()
    assert not places.postgres_data.exists()


def test_a_user_that_is_killed_lets_go(places):
    code = (
        "import sys, time; from pathlib import Path; from devtools import embedded;"
        "lease = embedded.lease(Path(sys.argv[1])).acquire(); print('up', flush=True);"
        "time.sleep(600)"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", code, str(places.var_dir)], cwd=PROJECT, stdout=subprocess.PIPE
    )
    assert user.stdout.readline() == b"up\n"
    pid = postmaster_pid(places)
    user.kill()
    user.communicate()
    wait_for(lambda: not is_alive(pid))
    wait_for(lambda: not is_locked(places.lock_dir / "keeper"))


def test_a_user_that_is_killed_while_the_servers_start_leaves_them_to_the_next(places):
    code = (
        "import sys; from pathlib import Path; from devtools import embedded;"
        "embedded.lease(Path(sys.argv[1])).acquire()"
    )
    places.lock_dir.mkdir(parents=True)
    user = subprocess.Popen([sys.executable, "-c", code, str(places.var_dir)], cwd=PROJECT)
    wait_for(lambda: is_locked(places.lock_dir / "keeper"))
    user.kill()
    user.wait()
    with embedded.lease(places.var_dir):
        assert query(places, "SELECT 1") == [(1,)]
    wait_for(lambda: not is_locked(places.lock_dir / "keeper"))


def test_servers_go_with_a_keeper_that_is_killed_and_the_next_user_finds_new_ones(places):
    lease = embedded.lease(places.var_dir).acquire()
    query(places, "CREATE TABLE kept (id int)")
    pid = postmaster_pid(places)
    lease._keeper.kill()
    lease._keeper.wait()
    wait_for(lambda: not is_alive(pid))
    with embedded.lease(places.var_dir):
        assert query(places, "SELECT count(*) FROM kept") == [(0,)]
    lease.release()


def test_a_server_that_was_killed_leaves_a_file_which_is_survived(places):
    lease = embedded.lease(places.var_dir).acquire()
    pid = postmaster_pid(places)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(pid))
    lease.release(wait=True)
    assert (places.postgres_data / "postmaster.pid").exists()
    with embedded.lease(places.var_dir):
        assert query(places, "SELECT 1") == [(1,)]


def test_a_file_that_names_a_stranger_s_process_kills_nobody(places):
    with embedded.lease(places.var_dir):
        pass
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (places.postgres_data / "postmaster.pid").write_text(f"{stranger.pid}\n")
    assert orphan_pid(places) is None
    with embedded.lease(places.var_dir):
        assert query(places, "SELECT 1") == [(1,)]
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_many_users_at_once_share_one_server(places):
    code = (
        "import sys; from pathlib import Path; from devtools import embedded;"
        "places = embedded.Places(Path(sys.argv[1])); lease = embedded.lease(places.var_dir);"
        "lease.acquire(); print((places.postgres_data / 'postmaster.pid').read_text().split()[0],"
        "flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(places.var_dir)]
    users = [
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    pids = {user.stdout.readline() for user in users}
    for user in users:
        user.communicate(b"")
    assert len(pids) == 1
    wait_for(lambda: not is_locked(places.lock_dir / "keeper"))


def test_users_that_come_and_go_never_meet_a_stopping_server(places):
    for _ in range(6):
        lease = embedded.lease(places.var_dir, durable=False).acquire()
        assert query(places, "SELECT 1") == [(1,)]
        lease.release()


def test_a_long_path_has_its_sockets_elsewhere_for_this_user_alone(tmp_path):
    places = Places(tmp_path / ("d" * 100))
    assert not places.socket_dir.is_relative_to(tmp_path)
    with embedded.lease(places.var_dir):
        assert query(places, "SELECT 1") == [(1,)]
        assert places.socket_dir.stat().st_mode & 0o777 == 0o700
    assert not places.socket_dir.exists()


@pytest.mark.parametrize("length", [1, 30, 60, 90, 200])
def test_socket_paths_always_fit(tmp_path, length):
    places = Places(Path("/") / ("x" * length))
    longest = places.postgres_socket_dir / f"{POSTGRES_SOCKET}.lock"
    assert len(os.fsencode(longest)) <= LONGEST_SOCKET_PATH
    assert len(os.fsencode(places.valkey_socket)) <= LONGEST_SOCKET_PATH


def test_a_server_that_will_not_start_is_told_of_in_one_sentence(places):
    with embedded.lease(places.var_dir):
        pass
    (places.postgres_data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(embedded.EmbeddedServicesError) as told:
        embedded.lease(places.var_dir).acquire()
    log = places.log_dir / "postgres.log"
    assert str(told.value) == f"PostgreSQL did not start; {log} says why."
    assert not places.socket_dir.exists()


def test_durability_is_given_up_for_tests_only(places):
    with embedded.lease(places.var_dir):
        assert query(places, "SHOW fsync") == [("on",)]
    with embedded.lease(places.var_dir, durable=False):
        assert query(places, "SHOW fsync") == [("off",)]
