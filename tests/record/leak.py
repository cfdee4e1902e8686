"""Looks for speech and words where none may lie: in any bytes of any file below the given paths. Not a test; tests of
the whole service use it on store, write-ahead log, logs, temporary files, spool leftovers and core dumps.

Words are looked for in the encodings a program might write them in. Audio is looked for as a marker, a run of samples
that the test has put into somebody's mouth: alone (mono), and as either channel of interleaved stereo."""

import base64
import json
import mmap
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Leak:
    path: Path
    offset: int
    what: str


def leaks(paths: Iterable[Path], words: Sequence[str] = (), marker: Sequence[int] = ()) -> list[Leak]:
    """Every place where a word or the marker lies. `paths`: files, or directories that are searched to the bottom.
    `marker`: at least 16 samples, not all the same. A path that is not there is an error: it would prove nothing."""
    if marker and (len(marker) < 16 or len(set(marker)) < 8):
        raise ValueError("the marker is too plain to prove anything")
    looked = [(what, re.compile(pattern, re.DOTALL)) for what, pattern in _patterns(words, marker)]
    found = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            found += [Leak(file, 0, f"the name of the file: {word}") for word in words if word in file.name]
            if file.stat().st_size == 0:
                continue
            with file.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:
                for what, pattern in looked:
                    match = pattern.search(data)
                    if match:
                        found.append(Leak(file, match.start(), what))
    return found


def _patterns(words: Sequence[str], marker: Sequence[int]) -> Iterable[tuple[str, bytes]]:
    for word in words:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            yield f"{word} as {encoding}", re.escape(word.encode(encoding))
        if not word.isascii():
            yield f"{word} escaped as JSON", re.escape(json.dumps(word)[1:-1].encode())
        for skip in range(3):   # base64 of it, wherever it begins in the text that was encoded
            text = base64.b64encode(bytes(skip) + word.encode())
            core = text[-(-skip * 8 // 6) : len(text) - len(text) % 4 - 4]
            if len(core) >= 8:
                yield f"{word} as base64", re.escape(core)
    if marker:
        samples = [struct.pack("<h", sample) for sample in marker]
        yield "audio, mono", re.escape(b"".join(samples))
        yield "audio, one channel of stereo", b"..".join(re.escape(sample) for sample in samples)
        big = [struct.pack(">h", sample) for sample in marker]
        yield "audio, big-endian", re.escape(b"".join(big))
