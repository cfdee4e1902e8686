"""A whole transcript without the numbers that have to go: also those said over several utterances, or as the answer to
a question of the other side. Knows the records of a sealed transcript (record/FORMAT.md). Pure."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

from eslbot.redact.numbers import Secret, asks_for_code, masked, secrets

PAUSE = 8.0
"""Seconds between two utterances of one side over which a number may go on."""
ANSWER = 30.0
"""Seconds after a code was spoken of in which digits are taken for it."""
_RATE = 8000


def redact_transcript(records: Iterable[dict[str, Any]], rate: int = _RATE) -> list[dict[str, Any]]:
    """The same records, those of kind `words` and `violation` with masks in their texts and words. `rate`: samples a
    second of the times in them; a record that says its own (`judged`) is believed."""
    kept = [dict(record) for record in records]
    rate = next((record["rate"] for record in kept if record.get("kind") == "judged"), rate)
    spoken = [n for n, record in enumerate(kept) if record.get("kind") == "words" and record.get("text")]
    found: dict[int, list[Secret]] = {n: [] for n in spoken}
    asked = [kept[n]["end"] for n in spoken if asks_for_code(kept[n]["text"])]
    for run in _runs(kept, spoken, rate):
        first = kept[run[0]]
        answers = any(0 <= first["start"] - end <= ANSWER * rate for end in asked)
        starts, text = [], ""
        for n in run:
            starts.append(len(text) + bool(text))
            text = f"{text} {kept[n]['text']}" if text else kept[n]["text"]
        for secret in secrets(text, answers):
            _spread(secret, run, starts, kept, found)
    for n in spoken:
        if found[n]:
            _mask(kept[n], found[n])
    texts = {(kept[n]["role"], kept[n]["utterance"]) for n in spoken if found[n]}
    for record in kept:
        if record.get("kind") == "violation" and record.get("words"):
            record["words"] = _of_violation(record, texts)
    return kept


def _runs(kept: list[dict[str, Any]], spoken: list[int], rate: int) -> list[list[int]]:
    """Utterances of one side that follow each other closely, by their places."""
    runs: list[list[int]] = []
    open_run: dict[str, list[int]] = {}
    for n in spoken:
        role, last = kept[n]["role"], open_run.get(kept[n]["role"])
        if last is not None and kept[n]["start"] - kept[last[-1]]["end"] <= PAUSE * rate:
            last.append(n)
        else:
            open_run[role] = [n]
            runs.append(open_run[role])
    return runs


def _spread(
    secret: Secret, run: list[int], starts: list[int], kept: list[dict[str, Any]], found: dict[int, list[Secret]]
) -> None:
    """A secret of the joined text, as what it covers of each utterance."""
    for place in range(bisect_right(starts, secret.start) - 1, len(run)):
        if starts[place] >= secret.end:
            return
        length = len(kept[run[place]]["text"])
        start, end = max(0, secret.start - starts[place]), min(length, secret.end - starts[place])
        if start < end:
            found[run[place]].append(Secret(start, end, secret.mask))


def _mask(record: dict[str, Any], found: list[Secret]) -> None:
    text, at, words = record["text"], 0, []
    for word, start, end in record.get("words", ()):
        first = text.find(word, at)
        at = at if first < 0 else first + len(word)
        over = next((one for one in found if first < one.end and one.start < at), None) if first >= 0 else found[0]
        words.append([word if over is None else over.mask, start, end])
    record["text"], record["words"] = masked(text, found), words


def _of_violation(record: dict[str, Any], texts: set[tuple[str, int]]) -> str:
    """The words of a hit: where its utterance held a number, any digits of theirs may be of it."""
    answers = (record.get("role"), record.get("utterance")) in texts
    return masked(record["words"], secrets(record["words"], answers))
