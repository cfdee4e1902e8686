import struct

import gevent
import pytest
from gevent import socket
from gevent.event import Event

from eslbot.greenlets import Greenlets
from eslbot.watch.guard import GuardedServer, Limits
from tests.watch.clients import get, receive, talk

LIMITS = Limits(head_within=0.5, answer_within=1.0, connections=20)


class Application:
    """Answers; `/slow` when it is let, `/large` with 50 MB, `/broken` never."""

    def __init__(self):
        self.let = Event()
        self.reached = []

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.reached.append(path)
        if path == "/broken":
            raise ZeroDivisionError("inside")
        if path == "/slow":
            self.let.wait()
        body = b"x" * 50_000_000 if path == "/large" else b"here"
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


@pytest.fixture
def application():
    return Application()


@pytest.fixture
def failures():
    return []


@pytest.fixture
def server(application, failures):
    greenlets = Greenlets(lambda name, error: failures.append((name, error)))
    server = GuardedServer(
        ("127.0.0.1", 0), application, greenlets, lambda name, error: failures.append((name, error)), LIMITS
    )
    server.start()
    yield server
    server.stop(timeout=0)
    greenlets.stop()


def test_a_connection_carries_several_requests(server):
    one = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = talk(server.server_port, one + one + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert answer.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1 x\r\n\r\n",
        b"GET / HTTP/3.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_a_head_that_is_none_or_two_things_never_reaches_the_application(server, application, request_head):
    answer = talk(server.server_port, request_head)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert application.reached == []


def drip(port, sent):
    """A client that sends one byte now and then; returns when it is cut off."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = b"GET / HTTP/1.1\r\nX-Slow: " + b"y" * 100_000
        try:
            for byte in head:
                connection.sendall(bytes([byte]))
                sent[0] += 1
                gevent.sleep(0.05)
        except OSError:
            return


@pytest.mark.timeout(60)
def test_slow_clients_are_cut_off_and_an_honest_one_is_served_meanwhile(server):
    sent = [0]
    slow = [gevent.spawn(drip, server.server_port, sent) for _ in range(100)]
    gevent.sleep(0.2)
    assert get(server.server_port, "/") == ("HTTP/1.1 200 OK", b"here")
    gevent.joinall(slow, timeout=20)
    assert all(client.ready() for client in slow)
    assert sent[0] < 100 * 100


def test_a_silent_connection_is_closed_and_so_is_one_that_goes_silent_between_requests(server):
    assert talk(server.server_port, b"") == b""
    answer = talk(server.server_port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.endswith(b"here")


def test_who_takes_no_answer_and_who_sends_no_body_is_cut_off_too(server, failures):
    with gevent.Timeout(20), socket.create_connection(("127.0.0.1", server.server_port)) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        gevent.sleep(1.5)
        assert len(receive(connection)) < 50_000_000
    answer = talk(server.server_port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab")
    assert answer.count(b"HTTP/1.1") <= 1
    assert failures == []


def test_idle_connections_make_room_and_busy_ones_do_not(server, application):
    port = server.server_port
    busy = [gevent.spawn(get, port, "/slow") for _ in range(5)]
    while len(application.reached) < 5:
        gevent.sleep(0.01)
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(15)]
    gevent.sleep(0.1)
    assert get(port, "/") == ("HTTP/1.1 200 OK", b"here")
    application.let.set()
    assert [client.get(timeout=30) for client in busy] == [("HTTP/1.1 200 OK", b"here")] * 5
    for connection in idle:
        connection.close()


def answered(connection, end):
    """Whether an answer ends so before its connection does: head and body may come one after the other."""
    received = b""
    while not received.endswith(end) and (more := connection.recv(65536)):
        received += more
    return received.endswith(end)


def test_who_is_known_is_the_last_to_make_room(failures):
    def application(environ, start_response):
        if environ["PATH_INFO"] == "/known":
            environ["eslbot.known"]()
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    greenlets = Greenlets(lambda name, error: failures.append((name, error)))
    server = GuardedServer(
        ("127.0.0.1", 0), application, greenlets, lambda name, error: failures.append((name, error)),
        Limits(head_within=30.0, answer_within=30.0, connections=10))
    server.start()
    kept = socket.create_connection(("127.0.0.1", server.server_port))
    kept.sendall(b"GET /known HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answered(kept, b"ok")
    crowd = [socket.create_connection(("127.0.0.1", server.server_port)) for _ in range(50)]
    assert get(server.server_port, "/")[0].endswith("200 OK")
    kept.sendall(b"GET /known HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answered(kept, b"ok")              # it was idle for longer than any of them
    assert server.places.displaced >= 41
    for connection in (kept, *crowd):
        connection.close()
    server.stop(timeout=0)
    greenlets.stop()
    assert failures == []


def test_who_announces_a_body_and_does_not_send_it_makes_room_and_who_has_sent_it_does_not(failures):
    reached, let = [], Event()

    def application(environ, start_response):
        body = environ["wsgi.input"].read()
        reached.append(body)
        if body == b"busy":
            let.wait()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    greenlets = Greenlets(lambda name, error: failures.append((name, error)))
    server = GuardedServer(
        ("127.0.0.1", 0), application, greenlets, lambda name, error: failures.append((name, error)),
        Limits(head_within=5.0, answer_within=60.0, connections=20))
    server.start()
    port = server.server_port
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"
    busy = [gevent.spawn(talk, port, head + b"busy") for _ in range(5)]
    while len(reached) < 5:
        gevent.sleep(0.01)
    owing = [socket.create_connection(("127.0.0.1", port)) for _ in range(15)]
    for connection in owing:
        connection.sendall(head + b"no")
    gevent.sleep(0.1)
    assert talk(port, head + b"here").endswith(b"\r\n\r\nhere")
    assert get(port, "/")[0].endswith("200 OK")
    let.set()
    assert all(client.get(timeout=30).endswith(b"busy") for client in busy)
    for connection in owing:
        connection.close()
    server.stop(timeout=0)
    greenlets.stop()
    assert failures == []


def test_when_all_are_busy_a_new_one_is_told_to_come_again(server, application):
    busy = [gevent.spawn(get, server.server_port, "/slow") for _ in range(LIMITS.connections)]
    while len(application.reached) < LIMITS.connections:
        gevent.sleep(0.01)
    answer = talk(server.server_port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 5\r\n" in answer
    assert server.places.refused == 1
    application.let.set()
    gevent.joinall(busy, timeout=10)
    assert get(server.server_port, "/")[1] == b"here"


def test_a_failing_application_is_told_of_and_answers_500(server, failures):
    assert get(server.server_port, "/broken")[0] == "HTTP/1.1 500 Internal Server Error"
    assert [(name, type(error)) for name, error in failures] == [("http", ZeroDivisionError)]
    assert get(server.server_port, "/")[1] == b"here"


def test_who_is_gone_before_a_bad_head_is_answered_is_no_failure(server, failures):
    for _ in range(20):
        connection = socket.create_connection(("127.0.0.1", server.server_port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"GET / HTTP/1.1\r\nX: y\r\n\r\n" + b"x" * 1000)
        connection.close()  # a reset: what is answered cannot be sent
    assert get(server.server_port, "/")[0].endswith("200 OK")
    gevent.sleep(0.2)
    assert failures == []


def read_on(connection, pieces, pause=0.0):
    """Reads until the server ends it; returns how much came."""
    total = 0
    try:
        while piece := connection.recv(65536):
            total += len(piece)
            pieces.append(piece)
            gevent.sleep(pause)
    except OSError:
        return total
    return total


def feed(seconds, count, size=10):
    """An application whose answer goes on: a piece every 0.3 s."""

    def application(environ, start_response):
        if not environ["eslbot.stream"](seconds, environ.get("HTTP_WHOSE", "")):
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        start_response("200 OK", [("Content-Type", "text/event-stream")])

        def pieces():
            for _ in range(count):
                yield b"x" * size
                gevent.sleep(0.3)

        return pieces()

    return application


@pytest.fixture
def streaming(request, failures):
    greenlets = Greenlets(lambda name, error: failures.append((name, error)))
    told = lambda name, error: failures.append((name, error))  # noqa: E731
    limits = Limits(head_within=0.5, answer_within=1.0, connections=20, streams=4, streams_each=2)
    server = GuardedServer(("127.0.0.1", 0), request.param, greenlets, told, limits)
    server.start()
    yield server
    server.stop(timeout=0)
    greenlets.stop()


@pytest.mark.parametrize("streaming", [feed(0.5, 8)], indirect=True)
def test_an_answer_that_goes_on_outlives_the_deadline_of_others_and_leaves_room_again(streaming):
    for _ in range(3):
        answer = talk(streaming.server_port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert answer.endswith(b"0\r\n\r\n")
        assert answer.count(b"x" * 10) == 8
    assert not streaming.places.going_on


@pytest.mark.parametrize("streaming", [feed(5.0, 100)], indirect=True)
def test_no_more_answers_go_on_than_may(streaming):
    ask = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    open_ = [socket.create_connection(("127.0.0.1", streaming.server_port)) for _ in range(4)]
    for connection in open_:
        connection.sendall(ask)
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert talk(streaming.server_port, ask).startswith(b"HTTP/1.1 503")
    for connection in open_:
        connection.close()


@pytest.mark.parametrize("streaming", [feed(5.0, 100)], indirect=True)
def test_of_an_answer_that_goes_on_the_kernel_notices_that_nobody_takes_it(streaming):
    with socket.create_connection(("127.0.0.1", streaming.server_port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 200"
        [handler] = streaming.places.going_on
        assert handler.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000


@pytest.mark.parametrize("streaming", [feed(5.0, 100)], indirect=True)
def test_nobody_takes_all_the_answers_that_may_go_on(streaming):
    ask = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nWhose: %s\r\n\r\n"
    open_ = [socket.create_connection(("127.0.0.1", streaming.server_port)) for _ in range(3)]
    for connection, whose in zip(open_, (b"seat7", b"seat7", b"lead"), strict=True):
        connection.sendall(ask % whose)
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert talk(streaming.server_port, ask % b"seat7").startswith(b"HTTP/1.1 503")
    for connection in open_:
        connection.close()


@pytest.mark.parametrize("streaming", [feed(0.5, 10_000, 5_000_000)], indirect=True)
def test_who_does_not_take_the_pieces_of_an_answer_that_goes_on_is_cut_off(streaming, failures):
    with gevent.Timeout(20), socket.create_connection(("127.0.0.1", streaming.server_port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        while not streaming.places.going_on:
            gevent.sleep(0.01)
        while streaming.places.going_on:
            gevent.sleep(0.05)
    assert failures == []
