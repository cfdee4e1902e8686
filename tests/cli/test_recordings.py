"""Recordings that a real vault sealed and a real store knows, read by the command line with nobody running."""

import json
import wave
from dataclasses import replace

import gevent
import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from eslbot.config import load
from eslbot.greenlets import Greenlets
from eslbot.model.audio import AudioFrame
from eslbot.model.call import CallId
from eslbot.record.identities import from_file
from eslbot.record.vault import Vault, VaultOptions
from eslbot.store import CallRow, Ledger, StayRow, Store

WHOLE, CUT, OTHER = (CallId(f"{n}{n}{n}{n}{n}{n}{n}{n}-2222-4333-8444-555555555555") for n in "123")
AGENT = "aaaaaaaa-2222-4333-8444-555555555555"
CHUNK = 16384
"""Samples of stereo in a chunk."""


def stereo(count):
    return b"".join((n % 30000).to_bytes(2, "little") + (n % 7).to_bytes(2, "little") for n in range(count))


class Sealer:
    """The part of a service that records, over the places of a configuration."""

    def __init__(self, file):
        self.settings = load(file, {}, secrets=False)
        self.greenlets, self.closed = Greenlets(), []
        self.store = Store(self.settings.store.url, self.greenlets)
        record = self.settings.record
        self.vault = Vault(
            VaultOptions(record.directory, record.recipients, record.live, "node1"), self.store.recordings,
            self.greenlets, lambda: 1_795_000_100.0, lambda call, samples: None, lambda call, reason: None,
            self.closed.append,
        )  # fmt: skip

    def record(self, call, samples, closed=True, said=None):
        writer = self.vault.open(call, "pbx1", 8000, 1_795_000_000.0)
        writer.take(AudioFrame(call, 0, 8000, stereo(samples)))
        said = said or {"text": "稳赚不赔"}
        writer.say({"kind": "words", "role": "agent", "utterance": 0, "start": 0, "end": 9, "words": []} | said)
        if closed:
            writer.close()
            with gevent.Timeout(20):
                while call not in [row.call for row in self.closed]:
                    gevent.sleep(0.01)
        else:
            with gevent.Timeout(20):
                while writer.durable < samples // CHUNK * CHUNK:
                    gevent.sleep(0.01)
        assert self.store.flush(10)

    def end(self):
        self.store.stop()
        self.greenlets.stop()


@pytest.fixture
def sealed(made):
    """`made`, with one whole recording and one that was never closed."""
    sealer = Sealer(made)
    sealer.record(WHOLE, 20000)
    sealer.store.calls.put(CallRow(WHOLE, "pbx1", 1.0, agent_leg=AGENT, customer_leg=WHOLE))
    sealer.record(CUT, 2 * CHUNK + 500, closed=False)
    sealer.end()
    return made


def test_the_list_for_scripts_has_the_promised_keys(sealed, eslbot):
    said = eslbot("recordings", "list", "--json", "-c", sealed)
    assert said.code == 0
    whole, cut = sorted(said.json, key=lambda row: row["call"])
    assert {
        "call", "switch", "started", "ended", "seconds", "rate", "channels", "state", "gaps", "sha256", "recipients",
    } <= set(whole)  # fmt: skip
    assert (whole["call"], whole["state"], whole["seconds"], whole["rate"], whole["channels"]) == (
        WHOLE, "complete", 2.5, 8000, 2,
    )  # fmt: skip
    assert len(whole["sha256"]) == 64
    assert whole["recipients"] == list(load(sealed, {}, secrets=False).record.recipients)
    assert (cut["call"], cut["state"]) == (CUT, "recording")


def test_the_list_for_eyes_shows_calls_and_states(sealed, eslbot):
    said = eslbot("recordings", "list", "-c", sealed)
    assert WHOLE in said.out
    assert "complete" in said.out
    assert len(eslbot("recordings", "list", "--limit", "1", "--json", "-c", sealed).json) == 1


def export(eslbot, sealed, call, out, *more):
    key = sealed.parent / "eslbot.key"
    return eslbot("recordings", "export", call, "-o", out, "--identity", key, *more, "-c", sealed)


@pytest.mark.parametrize("name", [WHOLE, WHOLE[:6], AGENT, AGENT[:8], WHOLE.upper()])
def test_an_export_is_the_audio_that_was_sealed_by_whichever_leg_it_is_named(sealed, eslbot, tmp_path, name):
    said = export(eslbot, sealed, name, tmp_path / "out.wav")
    assert (said.code, said.err) == (0, "")
    with wave.open(str(tmp_path / "out.wav")) as wav:
        assert (wav.getnchannels(), wav.getframerate()) == (2, 8000)
        assert wav.readframes(100_000) == stereo(20000)


def test_an_export_is_in_the_audit_with_who_why_and_by_which_key(sealed, eslbot, tmp_path):
    assert export(eslbot, sealed, WHOLE, tmp_path / "a.wav", "--reason", "complaint of 138 0013 8000").code == 0
    [row] = eslbot("audit", "list", "--json", "-c", sealed).json
    [listed] = [one for one in eslbot("recordings", "list", "--json", "-c", sealed).json if one["call"] == WHOLE]
    assert (row["what"], row["call"], row["subject"], row["reason"]) == (
        "export", WHOLE, listed["sha256"], "complaint of [number]",
    )  # fmt: skip
    assert listed["recipients"][0] in row["detail"]
    assert eslbot("audit", "verify", "-c", sealed).code == 0


def test_where_the_audit_cannot_be_written_nothing_is_exported(sealed, eslbot, tmp_path):
    store = create_engine(load(sealed, {}, secrets=False).store.url, poolclass=NullPool).connect()
    store.exec_driver_sql("drop table audit")
    store.commit()
    said = export(eslbot, sealed, WHOLE, tmp_path / "a.wav", "--words", tmp_path / "a.jsonl")
    assert said.code == 1
    assert "nothing was exported" in said.err
    assert len(said.err.splitlines()) == 1
    assert list(tmp_path.glob("a.*")) == []


def test_where_reasons_are_asked_for_nothing_is_exported_without_one(sealed, eslbot, tmp_path):
    sealed.write_text(sealed.read_text().replace("# reasons = false", "reasons = true"))
    said = export(eslbot, sealed, WHOLE, tmp_path / "a.wav")
    assert said.code == 2
    assert "--reason" in said.err
    assert not (tmp_path / "a.wav").exists()
    assert export(eslbot, sealed, WHOLE, tmp_path / "a.wav", "--reason", "why").code == 0


def test_the_words_come_as_lines_of_json(sealed, eslbot, tmp_path):
    assert export(eslbot, sealed, WHOLE, tmp_path / "a.wav", "--words", tmp_path / "a.jsonl").code == 0
    records = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [record["text"] for record in records] == ["稳赚不赔"]


def test_a_long_list_is_gone_through_from_its_newest_end(sealed, eslbot):
    first = eslbot("recordings", "list", "--json", "--limit", "1", "-c", sealed)
    place = first.err.split("--after ")[1].strip()
    rest = eslbot("recordings", "list", "--json", "--limit", "5", "--after", place, "-c", sealed)
    whole = eslbot("recordings", "list", "--json", "-c", sealed)
    assert [*rest.json, *first.json] == whole.json
    assert (len(whole.json), rest.err) == (2, "")
    done = eslbot("recordings", "list", "--json", "--state", "complete", "-c", sealed)
    assert [row["call"] for row in done.json] == [WHOLE]
    assert eslbot("recordings", "list", "--json", "--agent", "seat7", "-c", sealed).json == []
    said = eslbot("recordings", "list", "--after", "nowhere", "-c", sealed)
    assert (said.code, "no place in a list" in said.err) == (2, True)


def test_a_recording_is_found_by_the_leg_of_an_agent_who_handed_the_call_over(made, eslbot, tmp_path):
    sealer = Sealer(made)
    sealer.record(WHOLE, 20000)
    sealer.store.calls.put(CallRow(WHOLE, "pbx1", 1.0, agent_leg="99999999-last", customer_leg=WHOLE))
    sealer.store.stays.put(StayRow(WHOLE, 1, AGENT, 1.0))
    sealer.end()
    assert export(eslbot, made, AGENT[:8], tmp_path / "a.wav").code == 0


def test_numbers_go_out_of_an_exported_transcript_unless_they_are_asked_for(made, eslbot, tmp_path):
    text = "卡号 四幺幺幺 幺幺幺幺 幺幺幺幺 幺幺幺幺"
    record = {"kind": "words", "role": "agent", "utterance": 0, "text": text, "start": 0, "end": 9, "words": []}
    sealer = Sealer(made)
    sealer.record(OTHER, 20000, said=record)
    sealer.end()
    for more, shown in (((), "卡号 [card]"), (("--unredacted",), text)):
        assert export(eslbot, made, OTHER, tmp_path / "a.wav", "--words", tmp_path / "a.jsonl", *more).code == 0
        assert json.loads((tmp_path / "a.jsonl").read_text())["text"] == shown
    plain, whole = (row.detail for row in Ledger(f"sqlite:///{made.parent / 'eslbot.db'}").rows(what="export"))
    assert "unredacted words" in whole
    assert "words" in plain
    assert "unredacted" not in plain


def test_what_was_never_closed_gives_its_whole_chunks_and_code_4(sealed, eslbot, tmp_path):
    said = export(eslbot, sealed, CUT, tmp_path / "out.wav")
    assert said.code == 4
    assert CUT in said.err
    with wave.open(str(tmp_path / "out.wav")) as wav:
        assert wav.readframes(100_000) == stereo(2 * CHUNK)


def test_a_strangers_key_opens_nothing(sealed, eslbot, tmp_path):
    eslbot("keys", "new", "-o", tmp_path / "stranger.key")
    said = eslbot(
        "recordings", "export", WHOLE, "-o", tmp_path / "x.wav", "--identity", tmp_path / "stranger.key", "-c", sealed
    )
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "x.wav").exists()


def test_a_flipped_bit_is_told_and_nothing_is_written(sealed, eslbot, tmp_path):
    (file,) = (sealed.parent / "recordings").rglob(f"{WHOLE}*.audio")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    said = export(eslbot, sealed, WHOLE, tmp_path / "out.wav")
    assert said.code == 1
    assert str(file) in said.err
    assert not (tmp_path / "out.wav").exists()


@pytest.mark.parametrize(
    ("call", "why"),
    [("999999", "no call '999999'"), ("1111", "too short"), ("", "too short"), ("../../etc", "no call")],
)
def test_a_call_that_is_none_is_told(sealed, eslbot, tmp_path, call, why):
    said = export(eslbot, sealed, call, tmp_path / "out.wav")
    assert said.code == 1
    assert why in said.err


def test_a_key_file_that_is_none_is_the_askers_mistake(sealed, eslbot, tmp_path):
    (tmp_path / "k").write_text("AGE-SECRET-KEY-1NONE\n")
    said = eslbot("recordings", "export", WHOLE, "-o", tmp_path / "x", "--identity", tmp_path / "k", "-c", sealed)
    assert said.code == 2
    assert f"{tmp_path}/k:1: " in said.err
    assert "AGE-SECRET-KEY-1NONE" not in said.err


def test_without_a_store_it_is_told_in_one_line(made, eslbot):
    said = eslbot("recordings", "list", "-c", made)
    assert said.code == 1
    assert len(said.err.splitlines()) == 1


def test_each_part_of_a_recording_is_exported(sealed, eslbot, tmp_path):
    sealer = Sealer(sealed)
    sealer.record(OTHER, 100)
    row = sealer.store.recordings.get(WHOLE, 1)
    second = sealer.store.recordings.get(OTHER, 1)
    sealer.store.recordings.put(replace(second, call=WHOLE, part=2, first=row.samples))
    assert sealer.store.flush(10)
    sealer.end()
    assert export(eslbot, sealed, WHOLE, tmp_path / "out.wav").code == 0
    assert sorted(path.name for path in tmp_path.glob("*.wav")) == ["out.part2.wav", "out.wav"]
    assert from_file(sealed.parent / "eslbot.key")


def test_calls_without_a_recording_are_named(sealed, eslbot):
    found = eslbot("recordings", "missing", "--json", "--within", "900000d", "-c", sealed)
    assert (found.code, found.json["missing"]) == (0, [])
    assert "every call" in eslbot("recordings", "missing", "-c", sealed).out
    assert eslbot("recordings", "missing", "--within", "soon", "-c", sealed).code == 2
