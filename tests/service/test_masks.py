"""Masks end to end, listened to: what is in the recording, in the words, in the spool and on the screens, and that the
parties themselves notice nothing."""

import wave
from collections.abc import Iterator
from pathlib import Path

import gevent
import numpy as np
import numpy.typing as npt
import pytest

from eslbot.model import orders
from eslbot.model.call import CallId
from eslbot.model.words import Hypothesis
from eslbot.record.reader import Recording
from eslbot.redact.masks import MASK
from eslbot.sim import Line, Switch
from eslbot.store.rows import StayRow
from eslbot.supervise.access import Denied, NoSuch, Person, Staff
from eslbot.supervise.wire import Refused
from tests.service.people.test_asking import ask
from tests.service.rig import GREETING, PROMISE, RATE, Rig, level, line, party

DOUBT, THANKS = ("severe-promise", 5), ("severe-promise", 6)
"""Customer: 真的吗，我听说投资都有风险。 Agent: 好的，谢谢您，再见。"""
PACK = """
pack: paying
version: "1"
language: zh
rules:
  - {id: asked, says: agent, any: [稳赚不赔], severity: notice, actions: [{mask: {for: 60s, until: paid}}]}
  - {id: paid, says: agent, any: [谢谢您], severity: notice}
  - {id: rude, says: agent, any: [每月都有收益], severity: warning, actions: [alert]}
"""
TONE = 1000.0
FADE = 0.06
"""Seconds at a mask's edges that are not looked at: a frame, and the way through the switch."""


@pytest.fixture
def rig(tmp_path: Path, switch: Switch) -> Iterator[Rig]:
    (tmp_path / "paying.yaml").write_text(PACK)
    rig = Rig(tmp_path, switch, judge={"packs": ["./paying.yaml"]}, mask={"key": "*5", "back": "1s", "longest": "20s"})
    yield rig
    rig.stop()


def tone(seconds: float) -> Line:
    wave = 8000 * np.sin(2 * np.pi * TONE * np.arange(int(seconds * RATE)) / RATE)
    return Line(0.0, wave.astype(np.int16), "")


def loud(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    """Of each 20 ms, whether the tone is in it: the Fourier transform's bin at its frequency against all others."""
    size = RATE // 50
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    power = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
    at = round(TONE * size / RATE)
    near = power[:, at - 1 : at + 2].sum(axis=1)
    return (near > 1e6) & (near > 0.9 * power.sum(axis=1))


def exported(recording: Recording, path: Path) -> npt.NDArray[np.int16]:
    """(samples, 2) as the WAV has them."""
    recording.verify()
    recording.export_wav(path)
    with wave.open(str(path)) as wav:
        return np.frombuffer(wav.readframes(wav.getnframes()), "<i2").reshape(-1, 2)


def up(rig: Rig) -> None:
    rig.until(lambda: rig.service and any(s.heard for s in rig.service.desk.states()), "the call is not heard")


def test_what_is_said_between_the_question_and_the_thanks_is_kept_by_nobody(rig: Rig) -> None:
    shown: list[Hypothesis] = []
    rig.start().listeners.append(shown.append)
    call = rig.place(
        party(line(GREETING, 0.3), line(PROMISE, 4.0), line(THANKS, 15.5), line(GREETING, 18.5), hangs_up_at=23.0),
        party(line(DOUBT, 12.2)),
    )
    rig.until(lambda: rig.seen(orders.Mask), "nothing was masked")
    service = rig.service
    assert service is not None
    gevent.sleep(2.0)
    ear = service.ears._ears[call.customer.uuid]
    spool = np.fromfile(rig.directory / "spool" / f"{call.customer.uuid}.r8", "<i2").reshape(-1, 2)
    assert ear.masking is not None
    behind = spool[ear.masking[0] : ear.source.samples - RATE // 5]
    assert len(behind) > RATE
    assert not behind.any(), "the spool holds what was masked"
    rig.until(lambda: rig.seen(orders.Unmask), "the thanks lifted nothing")
    rig.settled()

    [row] = rig.rows("recordings")
    assert (row.state, row.lost) == ("complete", ())
    [span] = row.listing()["masked"]
    first, end = span["first"] / RATE, span["end"] / RATE
    assert 4.0 < first < 7.0
    assert 15.0 < end < 19.0
    audio = exported(rig.recording(row), rig.directory / "out.wav")
    assert len(audio) == row.samples
    assert not audio[span["first"] : span["end"]].any()
    assert level(audio[:, 1], 4.2, first - 0.3) > 100
    assert level(audio[:, 1], 18.9, 20.0) > 100

    records = list(rig.recording(row).words())
    said = "".join(record["text"].replace(" ", "") for record in records if record["kind"] == "words")
    for gone in ("收益", "风险", "投资", "真的"):
        assert gone not in said
        assert all(gone not in hypothesis.text for hypothesis in shown)
    assert said.startswith("您好")
    assert said.count("您好") == 2
    marks = [record for record in records if record["kind"] == "words" and MASK in record["text"]]
    assert marks
    assert all(mark["start"] < span["end"] and mark["end"] > span["first"] for mark in marks)
    assert {"kind": "masked", "first": span["first"], "end": span["end"], "by": "rule"} in records

    found = {row.rule for row in rig.rows("violations")}
    assert found == {"asked", "paid", "rude"}, "an agent is judged under a mask, too"
    [rude] = [r for r in records if r["kind"] == "violation" and r["rule"] == "rude" and r["confirm"] == "final"]
    assert rude["words"] == MASK
    acts = {act.kind: act for act in rig.rows("acts")}
    assert (acts["mask"].rule, acts["mask"].detail, acts["unmask"].detail) == ("asked", "rule", "rule")
    assert level(call.customer.party.heard_since_bridge, 6.5, 10.0) > 100, "a mask is no mute"
    assert level(call.agent.party.heard_since_bridge, 12.5, 14.0) > 100
    assert not any(secret in path.read_text("utf-8", "replace") for path in rig.directory.glob("journal/*")
                   for secret in ("收益", "风险"))


@pytest.mark.parametrize("source", ["spool", "fork"])
def test_a_person_and_the_agents_key_mask_both_sides_to_the_sample_and_a_second_before(
    tmp_path: Path, switch: Switch, source: str,
) -> None:
    rig = Rig(tmp_path, switch, audio={"source": source}, mask={"key": "*5", "back": "1s"})
    rig.start()
    try:
        call = rig.place(party(tone(16.0), hangs_up_at=15.0), party(tone(16.0)))
        up(rig)
        gevent.sleep(3.0)
        assert ask(rig, "mask", call=call.customer.uuid)["done"] == ["Mask"]
        [shown] = ask(rig, "calls")["calls"]  # type: ignore[misc]
        assert 290 < shown["masked_for"] <= 300
        gevent.sleep(2.0)
        assert ask(rig, "unmask", call=call.agent.uuid[:8])["done"] == ["Unmask"]
        assert ask(rig, "unmask", call=call.agent.uuid)["done"] == []
        gevent.sleep(2.5)
        for _ in range(2):
            switch.core.api(f"uuid_recv_dtmf {call.agent.uuid} *5@100")
            gevent.sleep(1.5)
        rig.settled()
        [row] = rig.rows("recordings")
        spans = [(gap["first"], gap["end"]) for gap in row.listing()["masked"]]
        assert len(spans) == 2
        audio = exported(rig.recording(row), tmp_path / "out.wav")
        for side in (0, 1):
            heard = loud(audio[:, side])
            for n, there in enumerate(heard):
                at = (n + 0.5) / 50
                inside = any(first / RATE + FADE < at < end / RATE - FADE for first, end in spans)
                around = any(min(abs(at - first / RATE), abs(at - end / RATE)) <= FADE for first, end in spans)
                if 0.7 < at < len(audio) / RATE - 4.0 and not around:
                    assert there != inside, f"side {side} at {at:.2f} s"
        for first, end in spans:
            assert not audio[first:end].any()
        assert (spans[0][1] - spans[0][0]) / RATE == pytest.approx(3.0, abs=0.5)
        who = [(act.kind, act.detail) for act in rig.rows("acts") if act.kind in ("mask", "unmask")]
        assert who == [("mask", "person"), ("unmask", "person"), ("mask", "key"), ("unmask", "key")]
        assert rig.service is not None
        assert rig.service.metrics._made.masked_seconds._value.get() == pytest.approx(
            sum(end - first for first, end in spans) / RATE)
    finally:
        rig.stop()


def test_a_forgotten_mask_lifts_itself_and_people_are_told(tmp_path: Path, switch: Switch) -> None:
    rig = Rig(tmp_path, switch, mask={"longest": "2s"})
    rig.start()
    try:
        call = rig.place(party(tone(9.0), hangs_up_at=8.0), party(tone(9.0)))
        up(rig)
        gevent.sleep(1.5)
        ask(rig, "mask", call=call.customer.uuid)
        rig.until(lambda: [row for row in rig.rows("alerts") if row.kind == "mask-forgotten"], "nobody was told")
        rig.settled()
        [row] = rig.rows("recordings")
        [span] = row.listing()["masked"]
        audio = exported(rig.recording(row), tmp_path / "out.wav")
        after = audio[span["end"] + int(FADE * RATE) : span["end"] + RATE]
        assert loud(after[:, 0]).all()
        assert loud(after[:, 1]).all()
    finally:
        rig.stop()


def test_an_agent_masks_the_agents_own_call_and_no_other_and_an_auditor_none(rig: Rig) -> None:
    service = rig.start()
    call = rig.place(party(hangs_up_at=6.0), party())
    up(rig)
    wanted = {"call": call.customer.uuid}
    stay = StayRow(call.customer.uuid, 1, call.agent.uuid, 1.0, "anna", "north", first=0)
    service.front.owners._stays[CallId(call.customer.uuid)] = [stay]
    for person in (Person("otto", Staff.AGENT, "token"), Person("sue", Staff.SUPERVISOR, "token", frozenset({"s"}))):
        with pytest.raises(NoSuch):
            service.front.people.mask(wanted, person)
    with pytest.raises(Denied):
        service.front.people.mask(wanted, Person("olga", Staff.AUDITOR, "session"))
    own = Person("anna", Staff.AGENT, "session")
    assert service.front.people.mask({**wanted, "seconds": 2}, own)["done"] == ["Mask"]
    assert service.front.people.unmask(wanted, own)["done"] == ["Unmask"]
    with pytest.raises(Refused, match="at most 3600"):
        service.front.people.mask({**wanted, "seconds": 3601}, own)
    assert not rig.seen(orders.Mute)
    rig.settled()
    assert [act.by for act in rig.rows("acts") if act.kind in ("mask", "unmask")] == ["account:anna"] * 2
