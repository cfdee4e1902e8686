"""Calls as a live ear hears and keeps them, and recordings' words sealed and known to a store, without any audio."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from eslbot.judge import CallJudge, Packs, load
from eslbot.listen.recogniser import Recogniser
from eslbot.model.audio import AudioFrame, Gap
from eslbot.model.call import CallId, Role
from eslbot.model.facts import CallFact
from eslbot.model.words import Hypothesis, Word
from eslbot.record.keys import Identity, header_for
from eslbot.record.stream import CHUNK, Stream, payload_key
from eslbot.service.hearing.ear import Ear, EarOptions
from eslbot.store.recording_rows import RecordingRow

RATE = 8000
STARTED = 1_795_000_000.0
"""2026-11-18, UTC."""
CALL = CallId("4f3c0d9e-0000-4000-8000-000000000001")


class Kept:
    """A recording that keeps its records in memory."""

    samples = 0

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    masks: tuple[tuple[int, int], ...] = ()
    masking: tuple[int, int] | None = None

    def take(self, frame: AudioFrame) -> None: ...
    def unmask(self, at: int) -> None: ...

    def end(self, sample: int) -> None:
        """The call is over, and so much of it there is."""
        self.ear._end = sample
        self.ear._ended()

    def lost(self, gap: Gap) -> None: ...

    def say(self, record: dict[str, Any]) -> None:
        self.records.append(orjson.loads(orjson.dumps(record)))

    def close(self, state: str = "complete") -> None: ...


class _Stream:
    settled, ended = True, False

    def __init__(self, told: Callable[[Hypothesis], None]) -> None:
        self.told = told

    def feed(self, pcm: bytes, first: int) -> None: ...
    def flush(self) -> None: ...
    def finish(self) -> None: ...

    def pending_from(self, heard: int) -> int:
        return heard


class _Deaf(Recogniser):
    """Opens streams that say what the test says."""

    def __init__(self) -> None:
        self.streams: dict[Role, _Stream] = {}

    def takes(self, rate: int) -> bool:
        return True

    def open(self, call: Any, role: Role, rate: int, on_hypothesis: Any, on_gap: Any, on_progress: Any = None) -> Any:
        self.streams[role] = _Stream(on_hypothesis)
        return self.streams[role]


class Live:
    """One life of the service on one call: the real ear and the real judge, told what a recogniser would tell."""

    def __init__(self, packs: Packs, kept: Kept | None = None, life: int = 0, roles_known: bool = True) -> None:
        self.kept, self.told, self._deaf = kept or Kept(), list[CallFact](), _Deaf()
        options = EarOptions(
            lambda call, switch, rate: self.kept, self._deaf,
            lambda call, rate, known: CallJudge(packs, call, rate, known), lambda: 0.0, lambda hypothesis: None,
        )
        self.ear = Ear(options, CALL, "pbx", RATE, life, roles_known, self.told.extend, lambda ear, gap: None)

    def hear(self, hypothesis: Hypothesis) -> None:
        self._deaf.streams[hypothesis.role].told(hypothesis)

    def heard(self, role: Role, samples: int) -> None:
        self.ear._heard(role, samples)

    def faces(self, role: Role | None, sample: int) -> None:
        """`sample`: where the audio is."""
        self.ear._end = sample
        self.ear.faces(role)

    def end(self, sample: int) -> None:
        """The call is over, and so much of it there is."""
        self.ear._end = sample
        self.ear._ended()

    def handed(self, sample: int) -> None:
        """From that sample on the agent is another one."""
        self.ear.handed(sample)

    def lost(self, gap: Gap) -> None:
        self.told += self.ear.lost(gap, 0.0)


def final(
    text: str, start: int, utterance: int, role: Role = Role.AGENT, seconds_a_word: float = 0.25
) -> Hypothesis:
    """A final whose words follow one another from `start` on."""
    step = int(seconds_a_word * RATE)
    words = tuple(Word(word, start + n * step, start + (n + 1) * step) for n, word in enumerate(text.split()))
    end = start + max(1, len(words)) * step
    return Hypothesis(CALL, role, utterance, text, True, start, end, end, words)


def words_of(*said: str | tuple[str, str], rate: int = RATE, gap: float = 1.0) -> list[dict[str, Any]]:
    """Records of a call in which these were said one after the other, by the agent or (role, text)."""
    live, at = Live(load([])), 8000
    counts = {Role.AGENT: 0, Role.CUSTOMER: 0}
    for one in said:
        role, text = (Role.AGENT, one) if isinstance(one, str) else (Role(one[0]), one[1])
        spoken = final(text, at, counts[role], role)
        counts[role] += 1
        live.hear(spoken)
        at = spoken.decided + int(gap * rate)
    return live.kept.records


def end_of(records: Iterable[dict[str, Any]]) -> int:
    """A sample after the last."""
    return max((record.get("end") or 0 for record in records), default=0) + RATE


def seal(
    directory: Path, call: str, records: Iterable[dict[str, Any]], *identities: Identity, started: float = STARTED,
    samples: int | None = None, state: str = "complete", part: int = 1,
) -> RecordingRow:
    """Seals the words of a call; gives the row a store would have. There is no audio file."""
    kept = list(records)
    plain = b"".join(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in kept)
    file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
    header = header_for(file_key, [identity.recipient for identity in identities])
    stream = Stream(payload_key(file_key, nonce))
    chunks = [plain[at : at + CHUNK] for at in range(0, len(plain), CHUNK)] or [b""]
    sealed = nonce + b"".join(
        stream.seal(index, chunk, last=index == len(chunks) - 1) for index, chunk in enumerate(chunks))
    path = f"2026/11/18/{call}" + ("" if part == 1 else f".{part}")
    file = directory / f"{path}.words"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sealed)
    row = RecordingRow(
        call, "pbx", started, RATE, header, header, path, tuple(str(one.recipient) for one in identities), part,
        ended=started + 60, state=state, samples=end_of(kept) if samples is None else samples,
        words_chunks=len(chunks) - 1,
    )
    return row if state != "recording" else replace(row, ended=None)
