"""Over a real Unix socket. The client blocks, so it runs as it does for people: in another thread or process."""

import os
import pwd
import socket
import stat
import subprocess
import sys

import gevent
import gevent.socket
import gevent.threadpool
import pytest
from gevent.event import Event

from eslbot.greenlets import Greenlets
from eslbot.supervise.admin import AdminClient, AdminServer, NotReachable
from eslbot.supervise.wire import LONGEST_REQUEST, Refused


@pytest.fixture
def failures():
    return []


@pytest.fixture
def pool():
    pool = gevent.threadpool.ThreadPool(4)
    yield pool
    pool.kill()


@pytest.fixture
def let():
    return Event()


@pytest.fixture
def started():
    return []


@pytest.fixture
def served(tmp_path, failures, let, started):
    def echo(args, person):
        return {"args": args, "who": person.who, "role": person.role.value}

    def refuse(args, peer):
        raise Refused("not now")

    def fail(args, peer):
        raise ZeroDivisionError("inside")

    def slow(args, peer):
        started.append(peer)
        let.wait(30)
        return {}

    def large(args, peer):
        return {"text": "x" * 3_000_000}

    greenlets = Greenlets(lambda name, error: failures.append((name, error)))
    path = tmp_path / "eslbot.sock"
    handlers = {"echo": echo, "refuse": refuse, "fail": fail, "slow": slow, "large": large}
    server = AdminServer(path, greenlets, handlers)
    server.start()
    yield path
    server.stop()
    greenlets.stop()
    assert not path.exists()


def ask(pool, path, verb, timeout=10.0, **args):
    return pool.spawn(lambda: AdminClient(path, timeout).call(verb, **args)).get()


def test_a_handler_gets_the_arguments_and_who_asks(served, pool):
    answer = ask(pool, served, "echo", call="abc", seconds=3.5)
    assert answer["args"] == {"call": "abc", "seconds": 3.5}
    assert (answer["who"], answer["role"]) == (pwd.getpwuid(os.geteuid()).pw_name, "admin")


def test_a_refusal_arrives_in_the_services_words(served, pool):
    with pytest.raises(Refused, match="not now"):
        ask(pool, served, "refuse")
    with pytest.raises(Refused, match="unknown verb 'fly'; there are echo, fail"):
        ask(pool, served, "fly")


def test_a_failing_handler_answers_and_is_told_to_the_owner_and_the_rest_go_on(served, pool, failures):
    with pytest.raises(Refused, match="its log says why"):
        ask(pool, served, "fail")
    assert ask(pool, served, "echo")["args"] == {}
    assert [(name, type(error)) for name, error in failures] == [("admin-connection", ZeroDivisionError)]


def test_a_slow_answer_stalls_nobody_else_and_the_asker_gives_up(served, pool):
    waiting = pool.spawn(lambda: AdminClient(served, 0.3).call("slow"))
    assert ask(pool, served, "echo")["args"] == {}
    with pytest.raises(NotReachable, match="no answer within"):
        waiting.get()


def test_a_large_answer_arrives_whole(served, pool):
    assert ask(pool, served, "large") == {"text": "x" * 3_000_000}


def test_the_socket_is_its_owners_only_whatever_the_umask(tmp_path):
    greenlets = Greenlets()
    server = AdminServer(tmp_path / "s", greenlets, {})
    before = os.umask(0)
    try:
        server.start()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600
    server.stop()
    greenlets.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try")
def test_another_user_cannot_connect(served):
    served.parent.chmod(0o755)
    code = (
        "import os, socket, sys; os.setgid(65534); os.setuid(65534); "
        "s = socket.socket(socket.AF_UNIX); print(s.connect_ex(sys.argv[1]))"
    )
    parents = list(served.parents)
    modes = [parent.stat().st_mode for parent in parents]
    try:
        for parent in parents[:3]:  # pytest's own directories keep others out: open them, so that the mode is tried
            parent.chmod(0o755)
        result = subprocess.run([sys.executable, "-c", code, str(served)], capture_output=True, text=True, check=True)
    finally:
        for parent, mode in zip(parents, modes, strict=True):
            parent.chmod(stat.S_IMODE(mode))
    assert int(result.stdout) == 13  # EACCES


def test_an_endless_line_is_cut_off_and_others_are_served(served, pool):
    def flood():
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(served))
            sent = 0
            try:
                while sent < 50 * LONGEST_REQUEST:
                    sent += connection.send(b"x" * 65536)
            except ConnectionError:
                return sent
            return sent

    assert pool.spawn(flood).get() < 50 * LONGEST_REQUEST
    assert ask(pool, served, "echo")["args"] == {}


def test_who_has_been_silent_longest_makes_room_and_who_is_being_answered_does_not(served, pool, started, failures):
    def connected(data=b""):
        connection = gevent.socket.socket(socket.AF_UNIX)
        connection.connect(str(served))
        connection.sendall(data)
        return connection

    answered = [connected(b'{"verb":"slow"}\n') for _ in range(3)]
    while len(started) < 3:
        gevent.sleep(0.01)
    silent = [connected() for _ in range(29)]
    gevent.sleep(0.1)
    assert ask(pool, served, "echo")["args"] == {}   # a terminal that was stopped keeps nobody out
    assert silent[0].recv(1) == b""
    silent[-1].sendall(b'{"verb":"echo"}\n')
    assert silent[-1].recv(65536).startswith(b'{"ok":true')
    unread = [connected(b'{"verb":"large"}\n') for _ in range(32)]   # who takes no answer keeps nobody out either
    gevent.sleep(0.3)
    assert ask(pool, served, "echo")["args"] == {}
    gevent.sleep(0.1)
    for connection in answered:
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
    for connection in (*answered, *silent, *unread):
        connection.close()
    assert failures == []


def test_when_all_are_being_answered_who_comes_is_told_so_and_let_in_when_they_are_gone(served, pool, let, started):
    there = []
    for _ in range(32):
        connection = gevent.socket.socket(socket.AF_UNIX)
        connection.connect(str(served))
        connection.sendall(b'{"verb":"slow"}\n')
        there.append(connection)
    while len(started) < 32:
        gevent.sleep(0.01)
    for _ in range(5):   # whichever of the two is faster
        with pytest.raises(Refused, match="too many ask at once"):
            ask(pool, served, "echo")
    let.set()
    gevent.sleep(0.1)
    assert ask(pool, served, "echo")["args"] == {}
    for connection in there:
        connection.close()


def test_several_requests_may_share_a_connection(served, pool):
    def talk():
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(served))
            connection.sendall(b'{"verb":"echo","args":{"n":1}}\n{"verb":"ref')
            connection.sendall(b'use"}\n')
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b"")).splitlines()

    first, second = pool.spawn(talk).get()
    assert b'"n":1' in first
    assert second == b'{"ok":false,"error":"not now"}'


def test_a_socket_left_by_a_dead_service_is_taken_over(tmp_path, pool):
    path = tmp_path / "s"
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()
    greenlets = Greenlets()
    server = AdminServer(path, greenlets, {"echo": lambda args, peer: {}})
    server.start()
    assert ask(pool, path, "echo") == {}
    server.stop()
    greenlets.stop()


def test_a_living_service_is_not_pushed_aside(served, pool):
    with pytest.raises(OSError, match="another service answers"):
        AdminServer(served, Greenlets(), {}).start()
    assert ask(pool, served, "echo")["args"] == {}


def test_a_file_in_the_way_is_not_removed(tmp_path):
    (tmp_path / "s").write_text("precious")
    with pytest.raises(FileExistsError):
        AdminServer(tmp_path / "s", Greenlets(), {}).start()
    assert (tmp_path / "s").read_text() == "precious"


def test_no_service_says_what_to_look_at(tmp_path):
    with pytest.raises(NotReachable, match="is eslbot running"):
        AdminClient(tmp_path / "none").call("echo")
