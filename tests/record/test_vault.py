"""Many recordings, real processes that are killed, a real store."""

import dataclasses
import os
import random
import signal
import stat
import subprocess
import sys
from pathlib import Path

import gevent
import pytest

from eslbot.greenlets import Greenlets
from eslbot.model.call import CallId
from eslbot.record import container, keys
from eslbot.record.container import NoMatch
from eslbot.record.keys import KeyProblem
from eslbot.record.paths import BadPath
from eslbot.record.reader import Recording, Words
from eslbot.record.vault import Vault, VaultOptions
from eslbot.store import Store
from tests.record.rig import (
    CALL,
    CHUNK_SAMPLES,
    IDENTITY,
    OTHER,
    SECOND,
    STARTED,
    Rig,
    audio,
    frame,
    until,
)

SAMPLES = 14 * CHUNK_SAMPLES + 321
ROOT = Path(__file__).parents[2]


def start(directory: Path, word: int) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-m", "tests.record.victim", str(directory), str(word), str(SAMPLES)],
                            cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_kill_9_at_random_points_loses_nothing_that_was_told(tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    said, durable, ended = 0, 0, False
    for life in range(7):
        with start(tmp_path, said) as victim:
            assert victim.stdout is not None
            left = chance.randrange(2, 90) if life < 5 else -1
            for line in victim.stdout:
                verb, _, rest = line.strip().partition(" ")
                if verb == "open":
                    assert int(rest) >= durable, seed
                elif verb == "said":
                    said = int(rest) + 1
                    left -= 1
                elif verb == "durable":
                    durable = int(rest)
                ended = ended or verb == "closed"
                assert verb != "failed", (rest, seed)
                if left == 0:
                    os.kill(victim.pid, signal.SIGKILL)
                    break
            victim.kill() if left == 0 else None
        store = Store.open_readonly(f"sqlite:///{tmp_path / 'eslbot.db'}")
        row = store.recordings.get(CALL, 1)
        store.stop()
        if row is not None:
            recording = Recording(row, tmp_path / "recordings", [SECOND])
            recording.verify()
            assert recording.end >= durable, seed
            assert recording.read(0, SAMPLES) == audio(0, recording.end), seed
        if ended:
            break
    assert ended, seed
    assert row is not None
    assert (row.state, row.samples, row.gaps) == ("complete", SAMPLES, ())
    numbers = [record["n"] for record in recording.words()]
    assert sorted(set(numbers)) == list(range(said)), seed
    assert len(numbers) - len(set(numbers)) <= 5   # said, and killed before it could tell
    assert os.listdir(tmp_path / "live") == []


def test_recordings_side_by_side_do_not_mix(rig: Rig) -> None:
    calls = [CallId(f"{n:08x}-8b86-d011-b42d-00cf4fc964ff") for n in range(12)]
    writers = {call: rig.open(call) for call in calls}
    for at in range(0, CHUNK_SAMPLES + 2000, 1000):
        for n, call in enumerate(calls):
            writers[call].take(frame(at, 1000, salt=n, call=call))
            writers[call].say({"call": n})
        gevent.sleep(0)
    for one in writers.values():
        one.close()
    until(lambda: len(rig.closed) == len(calls))
    for n, call in enumerate(calls):
        recording = Recording(rig.row(call=call), rig.options.directory, [IDENTITY])
        assert recording.read(0, 10 ** 6) == audio(0, recording.end, n)
        assert {record["call"] for record in recording.words()} == {n}
    headers = {header for row in rig.closed for header in (row.audio_header, row.words_header)}
    keys = {container.open_with(container.parse(header), [IDENTITY]) for header in headers}
    assert len(keys) == 2 * len(calls)   # one for each file, never used again


def test_opening_a_call_twice_gives_the_same_writer_and_after_its_end_another_part(rig: Rig) -> None:
    one = rig.open()
    assert rig.open() is one
    one.close()
    until(lambda: rig.closed)
    two = rig.open()
    assert two is not one
    two.close()
    until(lambda: len(rig.closed) == 2)
    assert [row.part for row in rig.closed] == [1, 2]
    assert sorted(rig.index.rows) == [(CALL, 1), (CALL, 2)]


def test_a_recording_gone_on_with_keeps_its_rate_and_beginning_whatever_is_asked(rig: Rig) -> None:
    rig.open(rate=16000).take(frame(0, 10, rate=16000))
    rig.vault.stop()
    rig.die()
    rig.start()
    one = rig.vault.open(CALL, "pbx2", 8000, STARTED + 86400)
    assert (one.rate, one.taken) == (16000, 10)
    one.close()
    until(lambda: rig.closed)
    assert (rig.row().rate, rig.row().switch, rig.row().started) == (16000, "pbx1", STARTED)


def test_live_names_what_was_under_way(rig: Rig) -> None:
    rig.open()
    rig.open(OTHER)
    until(lambda: len(rig.index.rows) == 2)
    rig.die()
    (rig.options.live_directory / "not-a-call.live").write_text("{}")
    rig.start()
    assert sorted(rig.vault.live()) == [OTHER, CALL]


def test_stopping_leaves_every_sample_that_was_taken(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, 123))
    one.say({"n": 1})
    assert rig.vault.held == 123 * 4 + len(b'{"n":1}\n')
    rig.vault.stop()
    rig.die()
    rig.start()
    again = rig.open()
    assert (again.taken, again.durable) == (123, 0)
    again.close()
    until(lambda: rig.closed)
    assert rig.stock("audio") == audio(0, 123)


@pytest.mark.parametrize("call", ["", "../../etc/passwd", "6f9619ff-8b86-d011-b42d-00cf4fc964ff/..",
                                  "6f9619ff-8b86-d011-b42d-00cf4fc964ff\n", "6f9619ff", "6f9619ff-8b86-d011-b42d-*"])
def test_nothing_but_a_uuid_becomes_a_file(rig: Rig, call: str) -> None:
    with pytest.raises(BadPath):
        rig.open(CallId(call))
    assert list(rig.options.live_directory.iterdir()) == []


def test_files_belong_to_their_owner_alone(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, 2 * CHUNK_SAMPLES))
    one.say({"n": 1})
    until(lambda: rig.durable)
    made = [*rig.options.directory.rglob("*"), *rig.options.live_directory.rglob("*"), rig.options.live_directory]
    assert len([path for path in made if path.is_file()]) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o700}


def test_the_live_state_holds_no_way_to_other_recordings(rig: Rig) -> None:
    rig.open()
    (state,) = rig.options.live_directory.glob("*.live")
    text = state.read_text()
    for identity in (IDENTITY, SECOND):
        assert identity.encode() not in text
        assert identity.secret.hex() not in text
    file_key = container.open_with(container.parse(rig.vault._writers[CALL]._sheet.live.audio_header), [IDENTITY])
    assert file_key.hex() not in text


def test_a_live_state_that_cannot_be_read_costs_its_recording_and_not_the_call(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, 2 * CHUNK_SAMPLES))
    until(lambda: rig.durable)
    rig.die()
    (rig.options.live_directory / f"{CALL}.live").write_bytes(b"\xff{")
    rig.start()
    one = rig.open()
    assert rig.failed == ["the live state cannot be read: JSONDecodeError"]
    assert one.taken == 0
    one.take(frame(5000, 10))
    one.close()
    until(lambda: rig.closed)
    assert rig.closed[0].part == 2
    assert [row.part for row in rig.vault.abandon()] == [1]
    assert rig.row(1).state == "incomplete"


def test_only_this_nodes_recordings_are_given_up(tmp_path: Path) -> None:
    rig = Rig(tmp_path, node="a")
    one = rig.open()
    one.take(frame(0, 2 * CHUNK_SAMPLES))
    until(lambda: rig.durable)
    rig.lose_memory()
    theirs = rig.row()
    rig.options = VaultOptions(rig.options.directory, rig.options.recipients, rig.options.live_directory, node="b")
    rig.start()
    assert rig.vault.abandon() == []
    assert rig.row() == theirs
    rig.die()


def test_recipients_that_cannot_be_used_are_refused_at_the_start(tmp_path: Path) -> None:
    for recipients, says in (((), "at least one"), (("age1nonsense",), r"record.recipients\[0\]")):
        with pytest.raises(KeyProblem, match=says):
            Vault(VaultOptions(tmp_path, recipients, tmp_path / "live"), Rig(tmp_path / "x").index, Greenlets(),
                  lambda: 0.0, lambda call, at: None, lambda call, reason: None)


def test_it_works_with_the_real_store(tmp_path: Path) -> None:
    group = Greenlets()
    store = Store(f"sqlite:///{tmp_path / 'eslbot.db'}", group)
    durable, closed = [], []
    vault = Vault(VaultOptions(tmp_path / "r", (str(IDENTITY.recipient),), tmp_path / "live"), store.recordings, group,
                  lambda: STARTED + 9, lambda call, at: durable.append(at), lambda call, reason: None, closed.append)
    one = vault.open(CALL, "pbx1", 8000, STARTED)
    one.take(frame(0, 2 * CHUNK_SAMPLES))
    until(lambda: durable)
    (row,) = store.recordings.find(state="recording")
    assert (row.ended, row.sha256, row.chunks) == (None, "", 1)
    one.close()
    until(lambda: closed)
    assert store.recordings.get(CALL, 1) == closed[0]
    assert closed[0].ended == STARTED + 9
    assert vault.abandon() == []
    store.stop()
    group.stop()


def test_a_service_without_any_identity_records_and_nothing_on_its_machine_reads_it(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, CHUNK_SAMPLES + 9))
    one.say({"text": "稳赚不赔"})
    until(lambda: rig.durable)
    live = one._sheet.live
    secrets = [live.audio_key, live.words_key]
    one.close()
    until(lambda: rig.closed)
    assert rig.recording().verify().whole   # whoever holds a recipient's key reads it
    for identities in ([], [keys.new_identity()]):
        for kind in (Recording, Words):
            with pytest.raises(NoMatch):
                kind(rig.row(), rig.options.directory, identities)
    left = [file for place in (rig.options.directory, rig.options.live_directory)
            for file in place.rglob("*") if file.is_file()]
    assert len(left) == 2
    for file in left:
        data = file.read_bytes()
        assert not any(secret in data or secret.hex().encode() in data for secret in secrets)
    row = repr(rig.row()).encode() + rig.row().audio_header + rig.row().words_header
    assert not any(secret in row or secret.hex().encode() in row for secret in secrets)


def test_each_file_is_sealed_for_those_who_open_it(tmp_path: Path) -> None:
    roles = Rig(tmp_path)
    quality, sound = keys.new_identity(), keys.new_hybrid_identity()
    roles.die()
    roles.options = dataclasses.replace(roles.options, recipients=(
        f"{IDENTITY.recipient} words", f"{quality.recipient} words", f"{sound.recipient} audio"))
    roles.start()
    one = roles.open()
    one.take(frame(0, 100))
    one.say({"n": 1})
    one.close()
    until(lambda: roles.closed)
    row, directory = roles.row(), roles.options.directory
    assert row.recipients == roles.options.recipients
    for identity in (IDENTITY, quality):
        assert list(Words(row, directory, [identity]).records()) == [{"n": 1}]
        with pytest.raises(NoMatch):
            Recording(row, directory, [identity])
    assert Recording(row, directory, [sound]).verify().words is None
    assert Recording(row, directory, [sound, quality]).verify().words == 1
    with pytest.raises(NoMatch):
        Words(row, directory, [sound])
    roles.die()
