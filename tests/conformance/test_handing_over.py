"""A whole eslbot beside a call that is transferred while the first agent's words are still being judged, or while they
are muted: what the second agent and the customer hear, on both switches."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from eslbot import data
from eslbot.sim.dialogue import load
from eslbot.store.store import Store
from tests.conformance.beside import Beside, running
from tests.conformance.conftest import TONES, write_wav
from tests.conformance.hearing import duration, tone
from tests.conformance.real import RealRig
from tests.conformance.rig import RATE, Leg, Rig, Samples
from tests.conformance.score import Played, names
from tests.conformance.test_following import transfer
from tests.conformance.test_transfer import joined

PACK = """
pack: late
version: "1"
language: zh
rules:
  - {id: late, title: judged once it is final, says: agent, any: [稳赚不赔], severity: severe, confirm: final,
     actions: [{mute: 60s}, {remind: reminder}, {announce: correction}, alert]}
  - {id: soon, title: judged at once, says: agent, any: [客户经理], severity: severe, actions: [{mute: 60s}]}
"""
LATE, SOON = 4, 1
"""Lines of the shipped dialogue; in the first the words stand in a long sentence."""
ONE_ANOTHER = frozenset({"customer"}), frozenset({"supervisor"})
"""What the second agent and the customer hear; the second agent speaks the supervisor's tone."""
REMINDER, CORRECTION = TONES["file"], TONES["english"]


@pytest.fixture(scope="module")
def beside(rig: Rig, room: Path) -> Iterator[Beside]:
    pack, prompts = room / "late.yaml", room / "late"
    pack.write_text(PACK)
    for name, hertz in (("reminder", REMINDER), ("correction", CORRECTION)):
        write_wav(prompts / f"{name}.wav", tone(hertz, 2.0))
    with running(rig, room, f'[prompts]\npath = "{prompts}"\n', str(pack)) as made:
        yield made


def says(number: int, after: float) -> Samples:
    """That line of the dialogue, after so many seconds of silence."""
    agent = load(data.dialogues("zh") / "severe-promise").agent
    pcm = agent.lines[{SOON: 0, LATE: 2}[number]].pcm
    return np.concatenate([np.zeros(int(after * RATE)), np.asarray(pcm) / 32768])


def place(beside: Beside, speech: Samples) -> Played:
    """A call that eslbot has taken up before its agent begins to speak."""
    call = beside.rig.place(speech, TONES["customer"])
    played = Played(call, "")
    beside.service.until(lambda: beside.row(played).get("closing_armed"), "the call was not taken up")
    return played


def acts(beside: Beside, call: str) -> dict[str, str]:
    """Outcome of each act of the call, by its kind."""
    rows = Store.open_readonly(f"sqlite:///{beside.service.directory}/eslbot.db").acts.find(call=call)
    return {row.kind: row.outcome for row in rows}


def each_other(rig: Rig, second: Leg, customer: Leg) -> tuple[frozenset[str], frozenset[str]]:
    """What the second agent and the customer hear, once it is one another: on a busy machine that takes a while, and
    less than any mute here lasts."""
    for _ in range(8):
        heard = rig.listen(1.0, second, customer, settle=1.0)
        found = names(heard[second], rig.rate), names(heard[customer], rig.rate)
        if found == ONE_ANOTHER:
            break
    return found


def test_a_call_handed_over_before_the_words_are_judged_leaves_the_second_agent_unmuted_and_unreminded(
    beside: Beside
) -> None:
    rig, service = beside.rig, beside.service
    played = place(beside, says(LATE, 6.0))
    customer = played.call.customer
    quiet = np.concatenate([np.zeros(16 * RATE), tone(TONES["supervisor"], 60.0)])  # or both would be one utterance
    second = rig.third("park()", quiet, {"eslbot_role": "agent"})
    service.until(lambda: service.lines("Violated", call=customer.uuid, confirm="agreed"), "the words were not heard")
    rig.pass_time(1.0)  # into the words that follow, so that these are not cut in two
    assert rig.api(f"uuid_bridge {second.uuid} {customer.uuid}").startswith("+OK")
    service.until(lambda: "announce" in acts(beside, customer.uuid), "nothing was done")
    did = acts(beside, customer.uuid)
    assert (did["mute"], did["remind"], did["announce"]) == ("handed-over", "handed-over", "done")
    rig.pass_time(8.0)
    assert each_other(rig, second, customer) == ONE_ANOTHER
    assert duration(rig.heard(second), REMINDER, rig.rate) == 0.0
    assert duration(rig.heard(customer), CORRECTION, rig.rate) >= 1.6
    rig.clear()


@pytest.mark.parametrize("how", ["refer", "att_xfer"])
def test_the_first_agents_mute_ends_when_an_attended_transfer_gives_the_call_to_the_second(
    beside: Beside, how: str
) -> None:
    """The new bridge may be told before the old one's end."""
    rig, service = beside.rig, beside.service
    if how == "att_xfer" and not isinstance(rig, RealRig):
        pytest.skip("the embedded switch has no att_xfer")
    played = place(beside, says(SOON, 5.0))
    customer = played.call.customer
    second = Leg("agent", "", rig.number("agent", TONES["supervisor"]))
    service.until(lambda: acts(beside, customer.uuid).get("mute") == "done", "it was not muted")
    if how == "refer":
        transfer(rig, played, second)
    else:
        since = rig.mark()
        rig.api(f"uuid_broadcast {played.call.agent.uuid} att_xfer::{rig.address(second.number)} aleg")
        joined(rig, played, since, {"agent", "second"})
        rig.hang_up(played.call.agent)
    service.until(lambda: len(service.lines("Joined", call=customer.uuid)) == 2, "the second agent was not seen")
    assert each_other(rig, second, customer) == ONE_ANOTHER
    rig.clear()
