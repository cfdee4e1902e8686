"""The main job, end to end: what the parties heard, what was judged, what was kept."""

import json

import gevent
import numpy as np
import pytest

from eslbot.model import facts, orders
from eslbot.model.call import Confirm
from eslbot.sim import Switch
from tests.service.rig import ANSWER, GREETING, NOTICE, PROMISE, RATE, Rig, level, line, party


@pytest.mark.parametrize(("source", "first"), [("spool", "agent"), ("spool", "customer"), ("fork", "agent")])
def test_a_promise_is_muted_for_the_customer_alone_and_everything_is_kept(
    tmp_path: object, switch: Switch, source: str, first: str,
) -> None:
    rig = Rig(tmp_path, switch, audio={"source": source})  # type: ignore[arg-type]
    rig.start()
    try:
        call = rig.place(
            party(line(NOTICE, 0.3), line(PROMISE, 3.0), hangs_up_at=10.0), party(line(ANSWER, 0.5)), first=first,
        )
        rig.until(lambda: rig.seen(orders.Unmute), "it was not unmuted")
        journal = b"".join(path.read_bytes() for path in (rig.directory / "journal").iterdir())
        rig.settled()

        [mute] = rig.seen(orders.Mute)
        assert mute.leg == call.customer.uuid
        assert [row.rule for row in rig.rows("violations")] == ["guaranteed-return"]
        [violation] = rig.rows("violations")
        assert (violation.confirm, violation.role, bool(violation.law_source)) == ("final", "agent", True)
        spoken = violation.start / RATE
        assert 3.0 < spoken < 5.5

        heard = call.customer.party.heard_since_bridge
        acts = {row.kind: row for row in rig.rows("acts")}
        assert acts["mute"].outcome == "done"
        assert acts["mute"].latency is not None
        # The agent went on talking; nothing of it reached the customer while it was muted. What it hears then is the
        # correction alone, which is why it is compared with the correction and not with silence.
        agent_heard = call.agent.party.heard_since_bridge
        assert level(agent_heard, 0.5, 1.5) > 100  # the customer's answer
        assert level(heard, 3.2, 4.0) > 100
        assert acts["announce"].outcome == "done"

        [row] = rig.rows("recordings")
        assert (row.state, row.gaps) == ("complete", ())
        recording = rig.recording(row)
        assert recording.verify().whole
        assert "稳赚不赔" in rig.words(row)
        assert "每月都有收益" in rig.words(row)  # said while muted, and still recognised
        final = [record for record in recording.words() if record["kind"] == "violation"][-1]
        assert final["words"].replace(" ", "") in "稳赚不赔每月都有收益"
        assert (final["rule"], final["pack"], final["version"]) == (violation.rule, violation.pack, violation.version)
        assert final["law"][0][0] in violation.law_source
        assert (final["start"], final["end"]) == (violation.start, violation.end)
        assert b"guaranteed-return" in journal
        assert final["words"].encode() not in journal
        assert json.dumps(final["words"])[1:-1].encode() not in journal
        [closing] = rig.rows("closings")
        assert closing.outcome == "played"
        [booked] = rig.rows("calls")
        assert booked.outcome == "completed"
        assert list((rig.directory / "journal").iterdir()) == []
        assert [p.name for p in (rig.directory / "live").iterdir()] == []
    finally:
        rig.stop()


def test_while_muted_the_customer_hears_the_correction_and_nothing_of_the_agent(rig: Rig) -> None:
    rig.start()
    call = rig.place(party(line(PROMISE, 0.5), hangs_up_at=7.0), party())
    rig.until(lambda: rig.seen(orders.Mute), "it was not muted")
    rig.until(lambda: rig.seen(orders.Unmute), "it was not unmuted")
    rig.settled()
    heard = call.customer.party.heard_since_bridge.astype(np.float64)
    said = np.zeros(len(heard))
    for one in call.agent.party.speech.lines:  # type: ignore[attr-defined]
        start = int(one.at * RATE)
        said[start : start + len(one.pcm)] = one.pcm[: len(said) - start]
    [row] = [r for r in rig.rows("acts") if r.kind == "mute"]

    def likeness(start: float, end: float) -> float:
        """Highest correlation of what the customer heard with what the agent said there, over 0.2 s of delay."""
        a, b = heard[int(start * RATE) : int(end * RATE)], said[int((start - 0.2) * RATE) : int(end * RATE)]
        return float(np.abs(np.correlate(b, a)).max() / (np.linalg.norm(a) * np.linalg.norm(b)))

    muted = next(one for one in rig.seen(facts.Violated) if one.confirm is Confirm.AGREED).decided / RATE
    assert likeness(0.7, muted) > 0.7
    assert likeness(muted + 0.3, muted + 2.5) < 0.2
    assert row.outcome == "done"


def test_a_disclosure_that_is_missing_reminds_the_agent_alone(rig: Rig) -> None:
    (rig.directory / "short.yaml").write_text(
        "pack: short\nversion: '1'\nlanguage: zh\nrules:\n"
        "  - {id: notice, title: t, says: agent, require: {any: [通话会录音], within: 3s}, severity: warning,"
        " actions: [{remind: recording-notice}]}\n"
    )
    rig.stop()
    rig.__init__(rig.directory, rig.switch, judge={"packs": ["./short.yaml"]})  # type: ignore[misc]
    rig.start()
    call = rig.place(party(line(GREETING, 0.3), hangs_up_at=9.0), party())
    rig.until(lambda: rig.seen(orders.Remind), "the agent was not reminded")
    rig.settled()
    [row] = rig.rows("violations")
    assert (row.rule, row.confirm, row.utterance) == ("notice", "final", -1)
    [changed] = rig.seen(facts.DisclosureChanged)
    assert changed.state.value == "missing"
    assert level(call.agent.party.heard_since_bridge, 4.0, 8.0) > 100
    assert level(call.customer.party.heard_since_bridge, 5.0, 8.5) == 0


def test_in_shadow_mode_all_is_judged_and_recorded_and_nothing_is_touched(rig: Rig) -> None:
    service = rig.start()
    service.desk.set_shadow(True)
    call = rig.place(party(line(PROMISE, 0.3), hangs_up_at=6.0), party())
    rig.settled()
    assert [row.rule for row in rig.rows("violations")] == ["guaranteed-return"]
    acts = [row for row in rig.rows("acts") if row.kind in ("mute", "alert", "announce", "remind", "hang_up")]
    assert acts
    assert {row.outcome for row in acts} == {"shadow"}
    assert rig.rows("closings")[0].outcome == "played"
    assert call.customer.bugs == [] or call.customer.gone


def test_a_call_of_unknown_roles_is_recorded_and_left_alone(rig: Rig) -> None:
    rig.start()
    rig.switch.place(
        party(line(PROMISE, 0.3), hangs_up_at=6.0), party(), variables={}, agent_number="555", customer_number="666",
    )
    rig.until(lambda: rig.rows("calls"), "the call was not taken up")
    rig.settled()
    [call] = rig.rows("calls")
    assert not call.roles_known
    [row] = rig.rows("recordings")
    assert row.state == "complete"
    assert "稳赚不赔" in rig.words(row)
    assert not rig.seen(orders.Mute) + rig.seen(orders.ArmClosing) + rig.seen(orders.Announce)


def test_a_customer_who_hangs_up_first_makes_the_closing_impossible(rig: Rig) -> None:
    rig.start()
    rig.place(party(), party(line(ANSWER, 0.2), hangs_up_at=2.0))
    rig.settled()
    assert [row.outcome for row in rig.rows("closings")] == ["impossible"]


def test_with_us_dead_the_closing_plays_and_the_mute_ends(rig: Rig) -> None:
    rig.start()
    call = rig.place(party(line(PROMISE, 0.3), hangs_up_at=10.0), party())
    rig.until(lambda: rig.seen(orders.Mute), "it was not muted")
    rig.stop()
    rig.switch.wait(lambda: call.customer.gone, 30.0)
    heard = call.customer.party.heard_since_bridge
    assert level(heard, 11.0, 15.0) > 100  # the closing


def test_a_restart_in_the_middle_goes_on_with_the_recording_and_repeats_nothing(rig: Rig) -> None:
    rig.start()
    call = rig.place(
        party(line(PROMISE, 0.3), line(GREETING, 10.0), hangs_up_at=14.0), party(line(ANSWER, 9.0)),
    )
    rig.until(lambda: rig.seen(orders.Mute), "it was not muted")
    gevent.sleep(1.0)
    rig.stop()
    gevent.sleep(1.0)
    rig.start()
    rig.settled()
    assert len(rig.seen(orders.Mute)) == len(rig.seen(orders.Announce)) == 1
    [row] = rig.rows("recordings")
    assert (row.call, row.state) == (call.customer.uuid, "complete")
    recording = rig.recording(row)
    assert recording.verify().whole
    assert recording.end / RATE > 14.0
    assert "客户经理" in rig.words(row)
    assert [r.outcome for r in rig.rows("closings")] == ["played"]


def test_a_call_that_ended_while_we_were_dead_is_sealed_when_we_are_back(rig: Rig) -> None:
    rig.start()
    call = rig.place(party(line(GREETING, 0.3), hangs_up_at=4.0), party())
    rig.until(lambda: rig.seen(facts.AudioArrived), "no audio came")
    rig.stop()
    rig.switch.wait(lambda: call.customer.gone, 30.0)
    rig.start()
    rig.settled()
    [row] = rig.rows("recordings")
    recording = rig.recording(row)
    assert recording.verify().whole
    assert recording.end / RATE > 4.0
    assert list((rig.directory / "spool").iterdir()) == []
    assert rig.rows("calls")[0].outcome == "lost"
    assert rig.rows("closings")[0].outcome == "unknown"


def test_a_link_that_is_cut_comes_back_and_the_call_goes_on(rig: Rig) -> None:
    rig.start()
    rig.place(party(line(PROMISE, 4.0), hangs_up_at=9.0), party())
    rig.until(lambda: rig.seen(facts.AudioArrived), "no audio came")
    rig.switch.sever()
    rig.until(lambda: len(rig.seen(facts.SwitchUp)) == 2, "the link did not come back")
    rig.until(lambda: rig.seen(orders.Mute), "it was not muted after the link came back")
    rig.settled()
    [row] = rig.rows("recordings")
    assert row.state == "complete"
    assert rig.rows("closings")[0].outcome == "played"



def test_what_the_channel_says_a_call_is_for_is_kept_in_its_row(rig: Rig) -> None:
    rig.start()
    rig.place(party(hangs_up_at=2.0), party(), variables={"customer": {"eslbot_purpose": "collection"}})
    rig.until(lambda: rig.rows("calls"), "the call was not taken up")
    rig.settled()
    [row] = rig.rows("calls")
    assert (row.roles_known, row.purpose) == (True, "collection")
