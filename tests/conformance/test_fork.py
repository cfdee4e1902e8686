"""The audio fork (mod_audio_fork): what comes over its WebSocket, and what the event socket says of it."""

import json
from typing import Any

import numpy as np
import pytest

from tests.conformance.conftest import TONES
from tests.conformance.endpoint import Endpoint
from tests.conformance.hearing import amplitude
from tests.conformance.processes import free_ports
from tests.conformance.rig import Rig
from tests.conformance.score import Played, listen, place

FRAME = 640


@pytest.fixture(scope="module", autouse=True)
def _module_there(rig: Rig) -> None:
    if rig.api("module_exists mod_audio_fork") != "true":
        pytest.skip("this switch has no mod_audio_fork")


def start(rig: Rig, played: Played, port: int, metadata: str = '{"a":1}') -> str:
    uuid = played.call.customer.uuid
    return rig.api(f"uuid_audio_fork {uuid} start ws://127.0.0.1:{port}/{uuid} stereo 8000 eslbot {metadata}")


def told(rig: Rig, since: int, name: str, uuid: str) -> dict[str, Any]:
    return rig.wait(lambda e: e.get("Event-Subclass") == f"mod_audio_fork::{name}" and e["Unique-ID"] == uuid, since)


def test_metadata_first_then_20_ms_of_stereo_a_frame(rig: Rig, endpoint: Endpoint) -> None:
    played = place(rig, "agent")
    uuid, since = played.call.customer.uuid, rig.mark()
    assert start(rig, played, endpoint.port) == "+OK Success"
    told(rig, since, "connect", uuid)
    rig.pass_time(2.0)
    assert rig.api(f"uuid_audio_fork {uuid} stop eslbot").startswith("+OK")
    rig.clear()
    (taken,) = endpoint.taken
    assert (taken.path, taken.subprotocol) == (f"/{uuid}", "audio.drachtio.org")
    assert isinstance(taken.messages[0][1], str)
    assert json.loads(taken.messages[0][1]) == {"a": 1}
    assert {len(frame) % FRAME for frame in taken.audio} == {0}
    samples = np.frombuffer(b"".join(taken.audio), "<i2").reshape(-1, 2) / 32768
    assert 1.5 <= len(samples) / 8000 <= 2.6
    left, right = samples[-8000:, 0], samples[-8000:, 1]
    assert amplitude(left, TONES["customer"]) > 0.1 > amplitude(left, TONES["agent"]) * 10
    assert amplitude(right, TONES["agent"]) > 0.1 > amplitude(right, TONES["customer"]) * 10


def test_a_refused_connection_is_ok_and_an_event_of_its_own(rig: Rig) -> None:
    played = place(rig, "agent")
    since = rig.mark()
    assert start(rig, played, free_ports(1)[0]) == "+OK Success"
    told(rig, since, "connect_failed", played.call.customer.uuid)
    rig.clear()


def test_an_endpoint_that_goes_away_is_told_and_the_call_goes_on(rig: Rig, endpoint: Endpoint) -> None:
    played = place(rig, "agent")
    since, uuid = rig.mark(), played.call.customer.uuid
    start(rig, played, endpoint.port)
    told(rig, since, "connect", uuid)
    rig.pass_time(0.5)
    endpoint.taken[0].connection.close()
    told(rig, since, "disconnect", uuid)
    heard = listen(rig, [played])[0]
    rig.clear()
    assert endpoint.taken[0].audio
    assert heard == {"agent": {"customer"}, "customer": {"agent"}}
