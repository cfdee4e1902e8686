"""The audio endpoint and the ways to it: killed while audio is forked (1), strangers at its door (11)."""

import re
import subprocess
import sys
import time
from pathlib import Path

import gevent
import pytest

from eslbot.sim import Switch
from tests.faults.conftest import Show
from tests.faults.house import House, ends, timed
from tests.listen.fork_client import ForkClient
from tests.listen.fork_rig import frame
from tests.service.rig import ANSWER, PROMISE, RATE, line, party
from tests.switch.link.fake import free_port

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
OPENS, AT_ONCE = 10_000, 500


def test_killed_while_audio_is_forked_it_loses_the_time_it_was_dead_and_lists_it(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    with House(tmp_path, switch, audio={"source": "fork"}) as house:
        call = switch.place(agent := party(), party(line(ANSWER, 0.2)))
        placed = time.time()
        house.line("Joined")
        house.until(lambda: any(row.chunks >= 2 for row in house.rows("recordings")), "nothing is durable", 20.0)
        house.kill()
        died = time.time()
        gevent.sleep(1.0)
        house.start()
        back = time.time() - died
        ends(agent, 12.0)
        house.until(lambda: call.customer.gone, "the call did not end", 40.0)
        lasted = time.time() - placed
        house.settled()
        [row] = house.rows("recordings")
        recording = house.recording(row)
        assert recording.verify().whole
        assert row.state == "partial"
        missing = sum(gap["end"] - gap["first"] for gap in row.gaps) / RATE
        assert {gap["reason"] for gap in row.gaps} == {"restart"}
        assert missing < back + 2.1 + 1.0  # the time it was dead, one chunk, and what a busy machine may add
        assert abs(recording.end / RATE - lasted) < 1.5  # indices stay true
        assert house.metric("eslbot_gaps_total", reason="restart") >= 1
        assert [one.outcome for one in house.rows("closings")] == ["played"]
        show(1, went_on="recorded further, closed", lost=f"{missing:.2f} s, listed as `restart`, recording `partial`",
             took=f"{back:.2f} s from the kill to being ready again")


def test_strangers_at_the_audio_endpoint_are_sent_away_and_the_calls_go_on(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    port = free_port()
    stolen: list[str] = []
    received = timed(switch)
    real = switch.core.api

    def api(text: str) -> str:
        found = re.search(r"uuid_audio_fork \S+ start (ws://\S+)", text)
        if found and stolen != ["wanted"]:
            return real(text)
        if found:
            stolen[:] = [found[1]]  # the switch never comes: the token is a stranger's now
            return "+OK Success\n"
        return real(text)

    switch.core.api = api  # type: ignore[method-assign]
    fork = {"audio": {"source": "fork"}, "audio.fork": {"listen": f"127.0.0.1:{port}"}}
    with House(tmp_path, switch, **fork) as house:
        honest = switch.place(party(line(PROMISE, 8.0), hangs_up_at=14.0), party(line(ANSWER, 0.2)))
        house.until(lambda: any("uuid_audio_fork" in text for _, text in received), "the first call is not forked")
        stolen[:] = ["wanted"]
        switch.place(party(hangs_up_at=14.0), party(), agent_number="1002", customer_number="9002")
        house.until(lambda: stolen and stolen[0].startswith("ws://"), f"no token; {received[-5:]}")
        target = stolen[0]
        before = house.memory
        codes = {}
        for name, raw in (("bad mask", frame(2, bytes(640), mask=None)), ("1 GB", frame(2, bytes(64), claims=1 << 30))):
            client = ForkClient(target)
            assert client.status == 101
            client.sock.sendall(raw)
            codes[name] = client.closed()
            client.drop()
            gevent.sleep(1.0)  # the call is connected until that one has gone
        for name, url in (("no token", target.rpartition("/")[0] + "/" + "x" * 32), ("no call", f"ws://127.0.0.1:{port}/")):
            client = ForkClient(url)
            codes[name] = client.status
            client.drop()
        began, most = time.monotonic(), 0
        flood = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.flood", str(port), str(OPENS), str(AT_ONCE)], stdout=subprocess.PIPE,
        )
        while flood.poll() is None:
            most = max(most, house.memory)
            gevent.sleep(0.02)
        took = time.monotonic() - began
        done = int(flood.communicate()[0])
        house.until(lambda: honest.customer.gone, "the call did not end", 60.0)
        house.settled()
        assert codes == {"bad mask": 1002, "1 GB": 1009, "no token": 403, "no call": 403}
        grown = (most - before) / (1 << 20)
        assert grown < 64
        rows = {row.call: row for row in house.rows("recordings")}
        assert (rows[honest.customer.uuid].state, rows[honest.customer.uuid].gaps) == ("complete", ())
        mutes = [act.outcome for act in house.rows("acts") if act.kind == "mute"]
        assert mutes == ["done"]
        refused = {reason: house.metric("eslbot_fork_refused_total", reason=reason)
                   for reason in ("closed-1002", "closed-1009", "refused", "lost", "full")}  # fmt: skip
        assert refused["closed-1002"] == refused["closed-1009"] == 1
        assert refused["refused"] == 2
        assert refused["lost"] + refused["full"] >= done * 0.9
        assert house.metric("eslbot_troubles_total") == 0, house.lines("trouble")[:3]
        show(11, went_on="forked without a gap, muted, closed", lost=f"{codes}; counted: {refused}",
             took=f"{done} opens in {took:.1f} s; memory +{grown:.0f} MB at most")
