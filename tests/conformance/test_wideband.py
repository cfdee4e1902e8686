"""Calls at 16 kHz (G.722) and 48 kHz (Opus), of one codec or two: the acts that eslbot uses, the rate of what it
records or has forked, and a codec that changes in mid-call. On real pairs; the embedded switch has no codecs."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conformance.conftest import FILE_SECONDS, PROMPT_SECONDS, TONES, freeswitch, on_real, write_wav
from tests.conformance.endpoint import Endpoint
from tests.conformance.hearing import duration, tone
from tests.conformance.real import RealRig
from tests.conformance.rig import Role
from tests.conformance.score import FIRSTS, Played, do, listen, names, place, record, recorded
from tests.conformance.tables import ACTS, MUTE_CUSTOMER_WRITE, Act

CODECS = {"G722": (16000, "mod_spandsp"), "opus": (48000, "mod_opus")}
USED = ("mute what the customer hears", "reminder", "announcement", "mute, then announcement")


@pytest.fixture(scope="module", params=CODECS)
def wide(request: pytest.FixtureRequest, room: Path) -> Iterator[RealRig]:
    if not on_real(request.config):
        pytest.skip("the embedded switch has no codecs")
    rate, module = CODECS[request.param]
    binary, modules = freeswitch(request.config)
    if not (modules / f"{module}.so").exists():
        pytest.skip(f"this FreeSWITCH has no {module}")
    directory = Path(tempfile.mkdtemp(prefix="wide-", dir=room))
    made = RealRig(binary, modules, directory, room / "prompts", codecs=request.param, rate=rate)
    write_wav(made.directory / "file.wav", tone(TONES["file"], FILE_SECONDS))
    yield made
    made.stop()
    shutil.rmtree(directory)


@pytest.mark.parametrize("first", FIRSTS)
@pytest.mark.parametrize("act", [act for act in ACTS if act.name in USED], ids=lambda act: act.name)
def test_each_party_hears_what_the_table_says(wide: RealRig, act: Act, first: Role) -> None:
    played = place(wide, first)
    do(wide, played, act.commands, wide.directory / "file.wav")
    heard = listen(wide, [played])[0]
    wide.clear()
    assert heard == {"agent": act.agent, "customer": act.customer}


def test_a_recording_has_the_rate_of_its_leg(wide: RealRig) -> None:
    played = place(wide, "agent")
    file = record(wide, played, "customer")
    do(wide, played, [MUTE_CUSTOMER_WRITE])
    wide.pass_time(0.8)
    start = file.stat().st_size // 4 * 4
    wide.pass_time(1.2)
    wide.clear()
    data = file.read_bytes()[start : start + wide.rate * 4]
    both = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2) / 32768
    assert names(both[:, 0], wide.rate) == {"customer"}
    assert names(both[:, 1], wide.rate) == {"agent"}


def test_the_closing_is_heard(wide: RealRig) -> None:
    played = place(wide, "agent")
    do(wide, played, ["uuid_setvar {customer} transfer_after_bridge eslbot_closing:XML:default", MUTE_CUSTOMER_WRITE])
    wide.pass_time(0.5)
    wide.hang_up(played.call.agent)
    wide.pass_time(PROMPT_SECONDS + 1)
    heard = wide.heard(played.call.customer)
    wide.clear()
    assert duration(heard, TONES["closing"], wide.rate) >= PROMPT_SECONDS - 0.4


# --- two codecs in one call ------------------------------------------------------------------------------------------
RATES = {"PCMU": 8000, "G722": 16000, "opus": 48000}
MIXED = [("PCMU", "G722"), ("G722", "PCMU"), ("PCMU", "opus"), ("opus", "PCMU"), ("opus", "G722")]
"""Codec of the agent's leg, of the customer's."""


@pytest.fixture(scope="module")
def mixed(request: pytest.FixtureRequest, room: Path) -> Iterator[RealRig]:
    if not on_real(request.config):
        pytest.skip("the embedded switch has no codecs")
    binary, modules = freeswitch(request.config)
    if not (modules / "mod_opus.so").exists():
        pytest.skip("this FreeSWITCH has no mod_opus")
    directory = Path(tempfile.mkdtemp(prefix="mixed-", dir=room))
    made = RealRig(binary, modules, directory, room / "prompts", codecs="PCMU,G722,opus")
    write_wav(made.directory / "file.wav", tone(TONES["file"], FILE_SECONDS))
    yield made
    made.stop()
    shutil.rmtree(directory)


def place_mixed(rig: RealRig, first: Role, agent: str, customer: str) -> Played:
    variables = {"absolute_codec_string": agent}
    return place(rig, first, variables=variables, customer_variables={"absolute_codec_string": customer})


def hear(rig: RealRig, played: Played, agent: str, customer: str) -> tuple[frozenset[str], frozenset[str]]:
    heard = rig.listen(1.0, played.call.agent, played.call.customer, settle=0.7)
    rates = ((played.call.agent, RATES[agent]), (played.call.customer, RATES[customer]))
    there = [names(heard[leg][-rate:], rate) for leg, rate in rates]
    return there[0], there[1]


CUSTOMER, AGENT, FILE = frozenset({"customer"}), frozenset({"agent"}), frozenset({"file"})


@pytest.mark.parametrize("first", FIRSTS)
@pytest.mark.parametrize(("agent", "customer"), MIXED)
def test_of_two_codecs_the_customers_is_the_recordings_and_acts_are_heard_as_ever(
    mixed: RealRig, agent: str, customer: str, first: Role
) -> None:
    since, rate = mixed.mark(), RATES[customer]
    played = place_mixed(mixed, first, agent, customer)
    file = record(mixed, played, "customer")
    assert hear(mixed, played, agent, customer) == (CUSTOMER, AGENT)
    do(mixed, played, [MUTE_CUSTOMER_WRITE])
    assert hear(mixed, played, agent, customer) == (CUSTOMER, frozenset())
    assert recorded(file, rate) == (CUSTOMER, AGENT)
    prompts = ["uuid_displace {customer} start {file} 0 m", "uuid_displace {agent} start {file} 0 m"]
    do(mixed, played, prompts, mixed.directory / "file.wav")
    assert hear(mixed, played, agent, customer) == (CUSTOMER | FILE, FILE)
    assert recorded(file, rate) == (CUSTOMER, AGENT)
    told = {e["Unique-ID"]: e for e in mixed.events(since) if e["Event-Name"] == "CHANNEL_ANSWER"}
    mixed.clear()
    assert told[played.call.customer.uuid]["Channel-Read-Codec-Rate"] == str(rate)


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("codec", RATES)
def test_a_fork_comes_at_the_rate_that_was_asked_for(
    mixed: RealRig, endpoint: Endpoint, codec: str, rate: int
) -> None:
    """In whole frames of 20 ms, of which one message may hold two."""
    if mixed.api("module_exists mod_audio_fork") != "true":
        pytest.skip("this FreeSWITCH has no mod_audio_fork")
    played = place_mixed(mixed, "agent", "PCMU", codec)
    uuid = played.call.customer.uuid
    start = f"uuid_audio_fork {uuid} start ws://127.0.0.1:{endpoint.port}/x stereo {rate} eslbot {{}}"
    assert mixed.api(start) == "+OK Success"
    mixed.pass_time(2.0)
    mixed.api(f"uuid_audio_fork {uuid} stop eslbot")
    mixed.clear()
    audio = endpoint.taken[0].audio
    both = np.frombuffer(b"".join(audio), "<i2").reshape(-1, 2)[-rate:] / 32768
    assert {len(frame) % (rate // 50 * 4) for frame in audio} == {0}
    assert (names(both[:, 0], rate), names(both[:, 1], rate)) == (CUSTOMER, AGENT)


@pytest.mark.parametrize(("before", "after"), [("PCMU", "G722"), ("G722", "PCMU")])
def test_a_codec_that_changes_in_mid_call_changes_the_running_recording_and_is_told_as_codec(
    mixed: RealRig, before: str, after: str
) -> None:
    """The file goes on at the new rate, and nothing in it says so; the channel's read_rate stays what it was."""
    played = place_mixed(mixed, "agent", before, before)
    file, customer = record(mixed, played, "customer"), played.call.customer
    mixed.pass_time(1.2)
    assert recorded(file, RATES[before], 0.5) == (CUSTOMER, AGENT)
    listener = mixed.connect()
    listener.command("event json CODEC")
    mixed.renegotiate(customer, after)
    told = listener.wait(lambda e: e["Unique-ID"] == customer.uuid)
    mixed.pass_time(1.5)
    there, stale = recorded(file, RATES[after]), mixed.api(f"uuid_getvar {customer.uuid} read_rate")
    do(mixed, played, [MUTE_CUSTOMER_WRITE])
    muted = hear(mixed, played, before, after)
    mixed.clear()
    assert told["Channel-Read-Codec-Rate"] == str(RATES[after])
    assert there == (CUSTOMER, AGENT)
    assert stale == str(RATES[before])
    assert muted == (CUSTOMER, frozenset())
