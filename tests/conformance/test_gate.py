"""The example gate of freeswitch_conf: the outbound socket asks, and silence means no."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from tests.conformance.conftest import TONES
from tests.conformance.rig import Rig
from tests.conformance.score import names


def read_message(file: BinaryIO) -> dict[str, str]:
    """The headers of the next message; its body is passed over."""
    headers: dict[str, str] = {}
    while (line := file.readline()) not in (b"\n", b""):
        name, _, value = line.decode().rstrip("\n").partition(": ")
        headers[name] = value
    file.read(int(headers.get("Content-Length", "0")))
    return headers


@contextlib.contextmanager
def gate(port: int, *answers: str) -> Iterator[list[dict[str, str]]]:
    """Somebody at the gate's port who sets these variables and lets the call go on. What the switch said, in order."""
    said: list[dict[str, str]] = []
    door = socket.create_server(("127.0.0.1", port))

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _ = door.accept()
            with connection, connection.makefile("rb") as file:
                connection.sendall(b"connect\n\n")
                said.append(read_message(file))
                for answer in answers:
                    execute = f"sendmsg\ncall-command: execute\nexecute-app-name: set\nexecute-app-arg: {answer}\n\n"
                    connection.sendall(execute.encode())
                    said.append(read_message(file))
                for command in (b"resume\n\n", b"exit\n\n"):
                    connection.sendall(command)
                    said.append(read_message(file))

    thread = threading.Thread(target=serve, name="gate")
    thread.start()
    try:
        yield said
    finally:
        door.close()
        thread.join(10)


def ask(rig: Rig, number: str) -> tuple[str, int]:
    """A phone dials the gate for that number: its leg, and the place in the events where it began."""
    since = rig.mark()
    return rig.call_in("Agent", TONES["agent"], f"eslbot_gate_{number}").uuid, since


def refusal(rig: Rig, uuid: str, since: int) -> str:
    """The cause with which that leg ended."""
    event = rig.wait(lambda e: e["Event-Name"] == "CHANNEL_HANGUP_COMPLETE" and e["Unique-ID"] == uuid, since)
    return str(event["Hangup-Cause"])


def test_an_allowed_call_goes_on_to_its_number(rig: Rig) -> None:
    number = rig.number("customer", TONES["customer"])
    with gate(rig.gate_port, "eslbot_verdict=allow") as said:
        uuid, since = ask(rig, number)
        bridge = rig.wait(lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == uuid, since)
    rig.clear()
    assert bridge["Other-Leg-Destination-Number"] == number
    assert said[0]["Caller-Destination-Number"] == f"eslbot_gate_{number}"


@pytest.mark.parametrize("answers", [("eslbot_verdict=refuse",), ("eslbot_verdict=allowed",), ()])
def test_any_other_answer_refuses_it(rig: Rig, answers: tuple[str, ...]) -> None:
    number = rig.number("customer", TONES["customer"])
    with gate(rig.gate_port, *answers):
        cause = refusal(rig, *ask(rig, number))
    rig.clear()
    assert cause == "CALL_REJECTED"


def test_silence_means_no(rig: Rig) -> None:
    number = rig.number("customer", TONES["customer"])
    uuid, since = ask(rig, number)
    cause = refusal(rig, uuid, since)
    called = [e for e in rig.events(since) if e.get("Caller-Destination-Number") == number]
    assert (cause, called) == ("CALL_REJECTED", [])


def test_the_second_half_cannot_be_dialled_by_itself(rig: Rig) -> None:
    number = rig.number("customer", TONES["customer"])
    since = rig.mark()
    uuid = rig.call_in("Agent", TONES["agent"], f"eslbot_gated_{number}").uuid
    assert refusal(rig, uuid, since) == "CALL_REJECTED"


def test_one_answer_opens_once(rig: Rig) -> None:
    number = rig.number("customer", TONES["customer"])
    with gate(rig.gate_port, "eslbot_verdict=allow"):
        uuid, since = ask(rig, number)
        rig.wait(lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == uuid, since)
    assert rig.api(f"uuid_transfer {uuid} eslbot_gated_{number} XML default").startswith("+OK")
    cause = refusal(rig, uuid, since)
    rig.clear()
    assert cause == "CALL_REJECTED"


def test_the_two_hear_each_other_once_it_is_open(rig: Rig) -> None:
    number = rig.number("customer", TONES["customer"])
    with gate(rig.gate_port, "eslbot_verdict=allow"):
        since = rig.mark()
        leg = rig.call_in("Agent", TONES["agent"], f"eslbot_gate_{number}")
        rig.wait(lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == leg.uuid, since)
    heard = rig.listen(1.0, leg)[leg]
    rig.clear()
    assert names(heard) == {"customer"}
