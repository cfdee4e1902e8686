"""What else befalls a call: hold, a blind transfer, media that does not pass the switch, two watchers at once."""

import pytest

from tests.conformance.conftest import PROMPT_SECONDS, TONES
from tests.conformance.hearing import duration
from tests.conformance.rig import Leg, Rig, Role
from tests.conformance.score import FIRSTS, do, listen, names, place, record
from tests.conformance.tables import LIFT, MUTE_CUSTOMER_WRITE

APART: dict[Role, frozenset[str]] = {"agent": frozenset(), "customer": frozenset()}
TOGETHER: dict[Role, frozenset[str]] = {"agent": frozenset({"customer"}), "customer": frozenset({"agent"})}


@pytest.mark.parametrize("first", FIRSTS)
def test_hold_parts_the_two_and_is_told_of_the_held_leg(rig: Rig, first: Role) -> None:
    played = place(rig, first)
    agent = played.call.agent.uuid
    since = rig.mark()
    assert rig.api(f"uuid_hold {agent}").startswith("+OK")
    held = listen(rig, [played])[0]
    assert rig.api(f"uuid_hold off {agent}").startswith("+OK")
    back = listen(rig, [played])[0]
    kinds = [e["Event-Name"] for e in rig.events(since) if e.get("Unique-ID") == agent and "HOLD" in e["Event-Name"]]
    rig.clear()
    assert (held, back) == (APART, TOGETHER)
    assert kinds == ["CHANNEL_HOLD", "CHANNEL_UNHOLD"]


@pytest.mark.parametrize("first", FIRSTS)
def test_after_a_blind_transfer_the_closing_plays_when_the_second_agent_leaves(rig: Rig, first: Role) -> None:
    played = place(rig, first)
    call = played.call
    do(rig, played, ["uuid_setvar {customer} transfer_after_bridge eslbot_closing:XML:default"])
    second = Leg("agent", "", rig.number("agent", TONES["supervisor"]))
    since = rig.mark()
    assert rig.api(f"uuid_transfer {call.agent.uuid} -bleg {second.number} XML default").startswith("+OK")
    bridge = rig.wait(
        lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == call.customer.uuid,
        since,
    )
    heard = rig.listen(1.0, call.customer)[call.customer]
    rig.hang_up(Leg("agent", bridge["Other-Leg-Unique-ID"], second.number))
    rig.pass_time(PROMPT_SECONDS + 1)
    closing = duration(rig.heard(call.customer), TONES["closing"], rig.rate)
    rig.clear()
    assert names(heard, rig.rate) == {"supervisor"}
    assert closing >= PROMPT_SECONDS - 0.4


def test_what_is_hung_on_a_leg_in_bypass_media_is_ok_and_does_nothing_until_the_media_comes_back(rig: Rig) -> None:
    if rig.name == "sim":
        pytest.skip("the embedded switch always has the media")
    played = place(rig, "agent", variables={"bypass_media": "true"})
    file = record(rig, played, "customer")
    do(rig, played, [MUTE_CUSTOMER_WRITE])
    heard, size = listen(rig, [played])[0], file.stat().st_size
    rig.api(f"uuid_media {played.call.customer.uuid}")
    later = listen(rig, [played], settle=1.0)[0]
    grown = file.stat().st_size
    rig.clear()
    assert played.replies[0].startswith("+OK")
    assert heard == TOGETHER
    assert size <= 640  # a single frame of 20 ms
    assert later["customer"] == frozenset()
    assert grown > 0


def test_two_may_record_one_leg(rig: Rig) -> None:
    played = place(rig, "agent")
    files = [record(rig, played, "customer", name) for name in ("one", "other")]
    rig.pass_time(1.5)
    sizes = [file.stat().st_size for file in files]
    rig.clear()
    assert min(sizes) > 0.7 * 32000


def test_of_two_releases_the_first_lifts_the_mute_for_both(rig: Rig) -> None:
    played = place(rig, "agent")
    release = "sched_api +{} {{group}}-{} uuid_audio {{customer}} stop"
    do(rig, played, [release.format(1, "a"), MUTE_CUSTOMER_WRITE, release.format(60, "b")])
    rig.pass_time(2.0)
    heard = listen(rig, [played])[0]
    do(rig, played, ["sched_del {group}-b", LIFT])
    rig.clear()
    assert heard == TOGETHER
