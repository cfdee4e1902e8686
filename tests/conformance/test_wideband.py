"""Calls at 16 kHz (G.722) and 48 kHz (Opus): the acts that eslbot uses, and the rate of what it records. On a real
pair of their own; the embedded switch has no codecs."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conformance.conftest import FILE_SECONDS, PROMPT_SECONDS, TONES, freeswitch, on_real, write_wav
from tests.conformance.hearing import duration, tone
from tests.conformance.real import RealRig
from tests.conformance.rig import Role
from tests.conformance.score import FIRSTS, do, listen, names, place, record
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
