"""People's commands over the real socket, on a call that is up."""

import os
import pwd

import pytest

from eslbot.model import orders
from eslbot.store import Ledger, StoreProblem, chain
from eslbot.supervise.admin import AdminClient
from eslbot.supervise.trail import Trail
from eslbot.supervise.wire import Refused
from tests.service.rig import ANSWER as CUSTOMER_LINE
from tests.service.rig import Rig, line, party


def ask(rig: Rig, verb: str, **args: object) -> dict[str, object]:
    """From a thread, as the command line is another process."""
    import gevent

    result = gevent.get_hub().threadpool.apply(_call, (rig.directory / "eslbot.sock", verb, args))
    if isinstance(result, Exception):
        raise result
    return result  # type: ignore[no-any-return]


def _call(path: object, verb: str, args: dict[str, object]) -> object:
    try:
        return AdminClient(path).call(verb, **args)  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001 - carried to the greenlet that asked
        return error


def test_people_see_mute_unmute_and_hang_up_even_in_shadow_mode(rig: Rig) -> None:
    rig.start()
    assert ask(rig, "shadow", on=True) == {"shadow": True}
    call = rig.place(party(), party(line(CUSTOMER_LINE, 0.3)))
    rig.until(lambda: rig.service and any(s.actable for s in rig.service.desk.states()), "not up")
    [row] = ask(rig, "calls")["calls"]  # type: ignore[misc]
    assert (row["call"], row["phase"], row["shadow"]) == (call.customer.uuid, "up", True)

    assert ask(rig, "mute", call=call.agent.uuid[:8], seconds=20)["done"] == ["Mute"]
    assert any(type(bug).__name__ for bug in call.customer.bugs)
    [row] = ask(rig, "calls")["calls"]  # type: ignore[misc]
    assert 15 < row["muted_for"] <= 20
    assert ask(rig, "unmute", call=call.customer.uuid)["done"] == ["Unmute"]
    assert ask(rig, "unmute", call=call.customer.uuid)["done"] == []
    assert ask(rig, "hangup", call=call.customer.uuid)["done"] == ["HangUp"]
    rig.settled()
    assert rig.rows("closings")[0].outcome == "played"
    assert {row.by for row in rig.rows("acts") if row.kind in ("mute", "unmute", "hang_up")} != {""}
    assert [flag.value for flag in rig.rows("flags")] == ["on"]
    assert rig.service is not None
    assert rig.service.trail.flush(30)
    rows = [row for row in Ledger(rig.service.settings.store.url).rows() if row.what != "packs"]
    assert [(row.what, row.call, row.detail) for row in rows] == [
        ("shadow", "", "on"), ("mute", call.customer.uuid, "Mute done"), ("unmute", call.customer.uuid, "Unmute done"),
        ("unmute", call.customer.uuid, "nothing to do"), ("hang-up", call.customer.uuid, "HangUp done")]
    assert {row.who for row in rows} == {pwd.getpwuid(os.getuid()).pw_name}
    assert chain.walk(Ledger(rig.service.settings.store.url).rows()).fault is None


def test_a_mute_is_done_while_the_audit_cannot_be_written_and_is_audited_later(
        rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Trail, batch: object) -> None:
        raise StoreProblem("the audit cannot be written: away")

    with monkeypatch.context() as patch:
        patch.setattr(Trail, "_append", away)
        rig.start()
        call = rig.place(party(), party())
        rig.until(lambda: rig.service and any(s.actable for s in rig.service.desk.states()), "not up")
        assert ask(rig, "mute", call=call.customer.uuid, seconds=20)["done"] == ["Mute"]
        assert any(type(bug).__name__ for bug in call.customer.bugs)
        assert rig.service is not None
        rig.until(lambda: any(row.kind == "audit-down" for row in rig.rows("alerts")), "nobody was told")
        assert Ledger(rig.service.settings.store.url).count() == 0
    assert rig.service.trail.flush(30)
    assert [row.what for row in Ledger(rig.service.settings.store.url).rows()] == ["packs", "mute"]
    ask(rig, "hangup", call=call.customer.uuid)
    rig.settled()


def test_what_cannot_be_done_is_said_in_words(rig: Rig) -> None:
    rig.start()
    with pytest.raises(Refused, match="too short"):
        ask(rig, "mute", call="abc")
    with pytest.raises(Refused, match="no call is up"):
        ask(rig, "hangup", call="deadbeef")
    rig.switch.place(party(), party(), variables={}, agent_number="55", customer_number="66")
    rig.until(lambda: rig.service and [s for s in rig.service.desk.states() if s.other], "not up")
    assert rig.service is not None
    [state] = rig.service.desk.states()
    with pytest.raises(Refused, match="no known agent"):
        ask(rig, "mute", call=state.id)
    with pytest.raises(Refused, match="3600"):
        ask(rig, "mute", call=state.id, seconds=4000)


def test_shadow_mode_that_was_switched_on_outlives_a_restart(rig: Rig) -> None:
    rig.start()
    ask(rig, "shadow", on=True)
    assert rig.service is not None
    rig.service.store.flush(30)
    rig.stop()
    assert rig.start().desk.shadow


def test_the_closing_is_taken_back_from_calls_that_are_up_and_armed_on_none_to_come(rig: Rig) -> None:
    rig.start()
    call = rig.place(party(hangs_up_at=3.0), party())
    rig.until(lambda: rig.service and any(s.closing.armed for s in rig.service.desk.states()), "not armed")
    assert ask(rig, "disarm") == {"disarmed": 1}
    assert not call.customer.variables.get("transfer_after_bridge")
    rig.place(party(hangs_up_at=0.5), party())
    rig.settled()
    assert len(rig.seen(orders.ArmClosing)) == 1
    assert rig.rows("closings") == []
