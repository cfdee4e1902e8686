"""Cut with 50 commands pending (6), and a mute that fails (12)."""

import time
from pathlib import Path
from typing import Any

import gevent
import pytest

from eslbot.sim import Switch
from eslbot.supervise.wire import Lines, encode_request
from eslbot.switch.codec import Command
from tests.faults.conftest import Show
from tests.faults.house import House, at
from tests.service.rig import ANSWER, PROMISE, line, party
from tests.switch.link.fake import FakeSwitch, answer, event, leg

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
MUTED, ARMED = 30, 20
"""Commands that are pending at the cut: mutes that people asked for, and closings of calls that begin."""


def pairs(switch: FakeSwitch, count: int) -> list[str]:
    """So many calls are up on it. Returns the customers' legs."""
    customers = []
    for n in range(count):
        agent, customer = (f"{n:08x}-{kind}-4000-8000-000000000000" for kind in ("aaaa", "cccc"))
        switch.channels[agent] = leg(agent, "1001", customer, variable_eslbot_role="agent")
        switch.channels[customer] = leg(
            customer, "9001", agent, variable_eslbot_role="customer", **{"Other-Type": "originatee"}
        )
        customers.append(customer)
    return customers


def ask(house: House, verb: str, **args: Any) -> str:
    """Of the running service, over its admin socket; the answer as it comes."""
    from gevent import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(house.directory / "eslbot.sock"))
        connection.sendall(encode_request(verb, args))
        lines = Lines(1 << 20)
        while data := connection.recv(65536):
            for answered in lines.feed(data):  # one
                return answered.decode()
    return ""


def test_cut_with_fifty_commands_pending_all_fail_at_once_and_none_is_sent_again(tmp_path: Path, show: Show) -> None:
    switch = FakeSwitch()
    switch.password = "embedded"  # type: ignore[assignment]
    customers = pairs(switch, MUTED)

    holding: list[int] = []

    def script(command: Command) -> bytes | bool | None:
        verb, word = (*command.line.split(" "), "")[:2]
        if verb != "api" or word in ("global_getvar", "show", "uuid_dump"):
            return None
        return b"" if holding else answer("+OK")  # b"": nothing more is answered there

    switch.script = script
    with House(tmp_path, switch) as house:  # type: ignore[arg-type]
        house.until(lambda: house.metric("eslbot_calls_active") == MUTED, "not all calls were taken up")
        house.until(lambda: sum("uuid_record" in one for one in switch.heard) == MUTED, "not all are recorded")
        gevent.sleep(0.5)
        holding.append(1)
        before = len(switch.heard)
        answers: list[str] = []

        def mute(customer: str) -> None:
            answers.append(ask(house, "mute", call=customer, seconds=30))

        asking = [gevent.spawn(mute, customer) for customer in customers]
        for n in range(ARMED):
            customer = f"{n:08x}-dddd-4000-8000-000000000000"
            switch.emit(event("CHANNEL_CREATE", customer, variable_eslbot_role="customer"))
        pending = lambda: sum("sched_api" in one or "transfer_after" in one for one in switch.heard[before:])  # noqa: E731
        house.until(lambda: pending() == MUTED + ARMED, "not all commands were sent", 5.0)
        assert answers == []
        cut = time.time()
        switch.drop()
        gevent.joinall(asking, timeout=20.0)
        assert len(answers) == MUTED
        assert all('"ok":false' in said for said in answers)
        took = at(house.lines("act", act="mute", outcome="unknown")[-1]) - cut
        house.until(lambda: len(house.lines("SwitchUp")) == 2, "the link did not come back")
        gevent.sleep(2.0)
        sent = [one for one in switch.heard if "sched_api" in one or ("uuid_audio" in one and "start" in one)]
        assert len(sent) == MUTED, "a mute was sent again"
        acts = [row for row in house.rows("acts") if row.kind == "mute"]
        assert [row.outcome for row in acts] == ["unknown"] * MUTED
        alerts = [row for row in house.rows("alerts") if row.kind == "mute-failed"]
        assert len(alerts) == MUTED
        assert house.metric("eslbot_acts_total", act="mute", outcome="unknown") == MUTED
        assert [row.outcome for row in house.rows("acts") if row.kind == "arm_closing"].count("unknown") == ARMED
        assert took < 0.1 + 0.9  # the table's, and what a busy machine may add
        show(6, went_on=f"{house.metric('eslbot_calls_active'):.0f} up after the link was back",
             lost=f"{MUTED} mutes and {ARMED} closings `unknown`, each mute with an alert, none sent again",
             took=f"the last was told {1000 * took:.0f} ms after the cut")
    switch.stop()


@pytest.mark.parametrize(
    ("how", "fallback", "command"),
    [("refused", "hang_up", "uuid_kill"), ("refused", "announce", "uuid_displace"), ("unanswered", "hang_up", "")],
)
def test_a_mute_that_fails_is_followed_by_its_fallback_within_a_second(
    tmp_path: Path, switch: Switch, show: Show, how: str, fallback: str, command: str,
) -> None:
    received: list[tuple[float, str]] = []
    real = switch.core.api

    def api(text: str) -> str:
        received.append((time.time(), text))
        if text.startswith("uuid_audio") and " start " in text:
            if how == "unanswered":
                gevent.sleep(30.0)
            return "-ERR no reason\n"
        return real(text)

    switch.core.api = api  # type: ignore[method-assign]
    act = {"mute_fallback": fallback, "allow_hang_up": True}
    with House(tmp_path, switch, act=act) as house:
        call = switch.place(party(line(PROMISE, 0.3), hangs_up_at=12.0), party(line(ANSWER, 6.0)))
        muting = house.line("act", act="mute", timeout=20.0)
        follows = house.line("act", act=fallback, timeout=20.0)
        house.until(lambda: call.customer.gone, "the call did not end", 40.0)
        house.settled(90.0)
        mutes = [when for when, text in received if text.startswith("uuid_audio") and " start " in text]
        after = [when for when, text in received if text.startswith(command) and when > mutes[0]]
        assert len(mutes) == 1
        failed = "failed" if how == "refused" else "unknown"
        assert [row.outcome for row in house.rows("acts") if row.kind == "mute"] == [failed]
        assert house.metric("eslbot_alerts_total", kind="mute-failed") == 1
        if how == "refused":
            assert after, f"{command} was not sent"
            took = after[0] - mutes[0]
        else:  # whatever is sent waits behind the command that hangs: it is sent, and that is all we can do
            took = at(muting) - mutes[0]
        assert took < 1.0 + 1.0  # the table's, and what a busy machine may add
        show(12, went_on=f"{fallback}: {follows['outcome']}", lost=f"a mute, {failed}: alert mute-failed, row, counter",
             took=f"{1000 * took:.0f} ms from the mute to {fallback} ({how})")
