"""Events a CPU-second of the hosted link beside greenswitch's own connection: `python -m tests.bench.events`.

Both connect to the same small server, which plays the events of real calls (tests/vectors/wire) many times over: to
greenswitch in `event plain`, the only format it reads, to ours in the `event json` that it subscribes to, and once in
the very bytes that greenswitch gets. Only the reading thread's processor time counts."""

import argparse
import socket
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import gevent
from gevent.queue import Queue
from greenswitch.esl import InboundESL

from eslbot.greenlets import Greenlets
from eslbot.switch.codec import Event, Format, Frame, encode_event, event_of
from eslbot.switch.link.connections import Inbound
from eslbot.switch.link.link import YIELD_EVERY
from tests.switch import wire

SESSIONS = ("call-agent-first-plain", "call-customer-first", "actions", "supervise", "audio-fork")
_GREETING = b"Content-Type: auth/request\n\n"
_ACCEPTED = b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n"


def told() -> list[Event]:
    """The events of those sessions."""
    return [event for name in SESSIONS for event in wire.events(name)]


def _play(listener: socket.socket, payload: bytes) -> None:
    """The server's side, in a process of its own: one client, greeted, let in, told everything. It never closes by
    itself: at the end of the stream greenswitch drops the events that it has read and not handed over."""
    sock, _ = listener.accept()
    sock.sendall(_GREETING)
    sock.recv(4096)
    sock.sendall(_ACCEPTED + payload)
    while sock.recv(65536):
        pass


def a_second(payload: bytes, count: int, read: Callable[[int, int], int]) -> float:
    """Events a second of this thread's processor time. `read(port, count)` says how many it was told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = get_context("fork").Process(target=_play, args=(listener, payload))
        process.start()
        begun = time.thread_time()
        found = read(listener.getsockname()[1], count)
        spent = time.thread_time() - begun
        process.terminate()
        process.join()
    if found != count:
        raise SystemExit(f"{read.__name__} was told {found} of {count} events")
    return count / spent


def ours(port: int, count: int) -> int:
    """Reader and keeper as the link has them: the reader queues frames, the keeper makes events of them."""
    inbox: Queue[Frame | None] = Queue()
    greenlets = Greenlets()
    connection = Inbound(
        "bench", ("127.0.0.1", port), None, "x", greenlets, time.monotonic, inbox.put, lambda reason: inbox.put(None)
    )
    connection.connect()
    found = 0
    while found < count and (frame := inbox.get()) is not None:
        found += bool(event_of(frame)["Event-Name"])
        if found % YIELD_EVERY == 0:
            gevent.sleep(0)
    connection.stop()
    greenlets.stop()
    return found


def theirs(port: int, count: int) -> int:
    """greenswitch as its manual has it: a handler of every event."""
    connection = InboundESL("127.0.0.1", port, "x")
    seen: list[Any] = []
    connection.register_handle("*", seen.append)
    connection.connect()
    until = time.monotonic() + 120
    while len(seen) < count and time.monotonic() < until:
        gevent.sleep(0.05)
    connection._run = False  # its own stop waits for an answer, for ever
    return len(seen)


def measure(times: int, rounds: int) -> dict[str, float]:
    """Events a CPU-second, the best of some rounds each, one after another; the sessions so many times over."""
    events = told() * times
    payloads: dict[Format, bytes] = {
        form: b"".join(encode_event(event, form) for event in events) for form in ("plain", "json")
    }
    best = {"greenswitch, plain": 0.0, "eslbot, json": 0.0, "eslbot, the same plain": 0.0}
    for _ in range(rounds):
        for name, form, read in (
            ("greenswitch, plain", "plain", theirs), ("eslbot, json", "json", ours),
            ("eslbot, the same plain", "plain", ours),
        ):
            best[name] = max(best[name], a_second(payloads[form], len(events), read))  # type: ignore[index]
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found = measure(options.times, options.rounds)
    one = found["greenswitch, plain"]
    for name, rate in found.items():
        print(f"{name:>24}: {rate:8.0f} events a CPU-second, {rate / one:.1f} x")


if __name__ == "__main__":
    main()
