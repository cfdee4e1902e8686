"""What else befalls a call: a blind transfer, keys, media that does not pass the switch, two watchers at once, both
parties leaving at once, a switch that is told to pause."""

import numpy as np
import pytest

from tests.conformance.conftest import PROMPT_SECONDS, TONES
from tests.conformance.hearing import amplitude, duration
from tests.conformance.rig import Leg, Rig, Role
from tests.conformance.score import FIRSTS, do, listen, names, place, record
from tests.conformance.tables import LIFT, MUTE_CUSTOMER_WRITE
from tests.conformance.test_hold import ARM, TOGETHER


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


def test_what_one_of_two_watchers_arms_or_mutes_the_other_takes_back(rig: Rig) -> None:
    """Nothing on the switch says whose a mute, an arming or a prompt is."""
    played = place(rig, "agent")
    files = [record(rig, played, "customer", name) for name in ("mine", "yours")]
    do(rig, played, [ARM, ARM, MUTE_CUSTOMER_WRITE, MUTE_CUSTOMER_WRITE, LIFT])
    heard = listen(rig, [played])[0]
    assert rig.api(f"uuid_record {played.call.customer.uuid} stop {files[0]}").startswith("+OK")
    rig.pass_time(0.3)
    size = files[1].stat().st_size
    rig.pass_time(0.6)
    grown = files[1].stat().st_size > size
    do(rig, played, ["uuid_setvar {customer} transfer_after_bridge"])
    rig.hang_up(played.call.agent)
    rig.pass_time(PROMPT_SECONDS + 1)
    closing = duration(rig.heard(played.call.customer), TONES["closing"], rig.rate)
    rig.clear()
    assert (heard, grown, closing) == (TOGETHER, True, 0)


@pytest.mark.parametrize("muted", [False, True], ids=["", "muted"])
def test_keys_are_told_of_the_phone_that_pressed_them_and_are_in_no_recording(rig: Rig, muted: bool) -> None:
    played = place(rig, "agent")
    file = record(rig, played, "customer")
    do(rig, played, [MUTE_CUSTOMER_WRITE] if muted else [])
    rig.pass_time(0.8)
    since = rig.mark()
    rig.press(played.call.customer, "12")
    rig.press(played.call.agent, "3")
    rig.pass_time(1.5)
    told = {(e["Unique-ID"], e["DTMF-Digit"]) for e in rig.events(since) if e["Event-Name"] == "DTMF"}
    rig.clear()
    both = np.frombuffer(file.read_bytes(), "<i2").reshape(-1, 2) / 32768
    customer, agent = played.call.customer.uuid, played.call.agent.uuid
    assert told == {(customer, "1"), (customer, "2"), (agent, "3")}
    for hertz in (697, 1209, 1336, 1477):
        assert amplitude(both[-rig.rate :, 0], hertz, rig.rate) < 0.005
        assert amplitude(both[-rig.rate :, 1], hertz, rig.rate) < 0.005


@pytest.mark.parametrize("first", FIRSTS)
def test_where_both_hang_up_at_once_no_closing_counts_as_played(rig: Rig, first: Role) -> None:
    played = place(rig, first)
    do(rig, played, [ARM])
    since = rig.mark()
    for leg in (played.call.agent, played.call.customer):
        rig.hang_up(leg)
    for leg in (played.call.agent, played.call.customer):
        rig.wait(lambda e, uuid=leg.uuid: e["Event-Name"] == "CHANNEL_DESTROY" and e["Unique-ID"] == uuid, since)
    stops = [e for e in rig.events(since) if e["Event-Name"] == "PLAYBACK_STOP"]
    rig.clear()
    assert not any(e["Answer-State"] == "answered" for e in stops)


def test_a_switch_that_is_paused_and_reloads_its_xml_goes_on_with_its_calls(rig: Rig) -> None:
    if rig.name == "sim":
        pytest.skip("the embedded switch cannot be paused")
    played = place(rig, "agent")
    do(rig, played, [ARM])
    assert rig.api("fsctl pause") == "+OK"
    try:
        assert rig.api("reloadxml").startswith("+OK")
        assert rig.api(f"originate {rig.address(rig.number('agent', None))} &park()").startswith("-ERR")
        do(rig, played, [MUTE_CUSTOMER_WRITE])
        muted = listen(rig, [played])[0]
        rig.hang_up(played.call.agent)
        rig.pass_time(PROMPT_SECONDS + 1)
    finally:
        assert rig.api("fsctl resume") == "+OK"
    closing = duration(rig.heard(played.call.customer), TONES["closing"], rig.rate)
    rig.clear()
    assert muted == {"agent": frozenset({"customer"}), "customer": frozenset()}
    assert closing >= PROMPT_SECONDS - 0.4
