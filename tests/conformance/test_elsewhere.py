"""Where a call's audio does not pass a bridge as usual: mod_conference, proxy_media, bypass_media. Real only."""

from collections.abc import Iterator

import pytest

from tests.conformance.conftest import PROMPT_SECONDS, TONES
from tests.conformance.hearing import duration
from tests.conformance.real import RealRig
from tests.conformance.rig import Call, Leg, Rig, Role
from tests.conformance.score import FIRSTS, Played, do, listen, place, record, recorded
from tests.conformance.switchconf import PROXIED
from tests.conformance.tables import LIFT, MUTE_CUSTOMER_WRITE
from tests.conformance.test_hold import ARM, TOGETHER

CUSTOMER, AGENT = frozenset({"customer"}), frozenset({"agent"})


@pytest.fixture
def real(rig: Rig) -> Iterator[RealRig]:
    if not isinstance(rig, RealRig):
        pytest.skip("the embedded switch has neither conferences nor media that pass it unread")
    yield rig
    rig.clear()


@pytest.mark.parametrize("first", FIRSTS)
def test_a_call_moved_into_a_conference_is_still_recorded_and_muted_and_has_no_closing(
    real: RealRig, first: Role
) -> None:
    if real.api("module_exists mod_conference") != "true":
        pytest.skip("this FreeSWITCH has no mod_conference")
    played = place(real, first)
    do(real, played, [ARM])
    file = record(real, played, "customer")
    since = real.mark()
    assert real.api(f"uuid_transfer {played.call.agent.uuid} -both conference:room@default inline").startswith("+OK")
    together = listen(real, [played], settle=1.0)[0]
    heard = recorded(file, real.rate)
    do(real, played, [MUTE_CUSTOMER_WRITE])
    muted, still = listen(real, [played])[0], recorded(file, real.rate)
    do(real, played, [LIFT])
    real.hang_up(played.call.agent)
    real.pass_time(PROMPT_SECONDS + 1)
    told = [e["Event-Name"] for e in real.events(since) if e.get("Unique-ID") == played.call.customer.uuid]
    assert together == TOGETHER
    assert heard == still == (CUSTOMER, AGENT)
    assert muted == {"agent": CUSTOMER, "customer": frozenset()}
    assert duration(real.heard(played.call.customer), TONES["closing"], real.rate) == 0
    assert "CHANNEL_HANGUP" not in told  # left alone in the conference
    assert not {"CHANNEL_BRIDGE", "PLAYBACK_START"} & set(told)


def test_in_proxy_media_nothing_is_recorded_muted_or_brought_back(real: RealRig) -> None:
    number = real.number("agent", TONES["agent"])
    since = real.mark()
    customer = real.call_in("Bob", TONES["customer"], PROXIED + number)
    bridge = real.wait(lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == customer.uuid, since)
    played = Played(Call(Leg("agent", bridge["Other-Leg-Unique-ID"], number), customer, "customer"), "")
    file = record(real, played, "customer")
    do(real, played, [MUTE_CUSTOMER_WRITE])
    heard = listen(real, [played], settle=1.0)[0]
    back = real.api(f"uuid_media {customer.uuid}")
    assert played.replies == ["+OK"]
    assert heard == TOGETHER
    assert file.stat().st_size == 0
    assert back.startswith("-ERR")
