"""What lies where in a backup, and what a snapshot says. Pure: knows names and JSON, no place.

    payload/ab/ab12...        a sealed payload file, named by its SHA-256; never changed
    call/12/1234....json      the rows of one call's recording with their headers: the only keys there are in a backup
    tables/00000007.age       every table as JSON lines, without headers, sealed (age v1) for the recipients
    index/00000007.jsonl      a line a call: its file's digest and its payloads
    snapshot/00000007.json    what belongs together, written last: what has no snapshot was never finished

Headers lie in the calls' files alone, one small file each, so that erasing a call removes its keys from every snapshot
there is, old ones too, and no snapshot has to be made anew."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from eslbot.record.paths import checked
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.tables import columns_of, row_of

FORMAT = 1
DOMAIN = b"eslbot-snapshot-1\n"
"""What a snapshot's signature begins with."""
HEADERS = ("audio_header", "words_header")
_DIGEST = re.compile("[0-9a-f]{64}")
_NUMBER = re.compile(r"snapshot/(\d{8})\.json")


class BackupProblem(Exception):
    """A backup that cannot be made, read or believed; names what in it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one run left."""

    number: int
    """1, 2, 3 ...: the order, whatever the clock says."""
    at: float
    node: str
    revision: str
    """Shape of the tables."""
    calls: int
    payloads: int
    size: int
    """Bytes of all payloads it needs."""
    rows: Mapping[str, int]
    """By table."""
    tables_sha256: str
    index_sha256: str
    audit_seq: int
    """The audit's last row, and its digest."""
    audit_digest: str
    erased: tuple[str, ...]
    """Calls with a tombstone."""
    elsewhere: int = 0
    """Parts whose files lie on another machine, which has to back them up itself."""
    signature: str = ""
    """Ed25519 by the audit's key, base64; empty: there was none."""

    def signed(self) -> bytes:
        """What the signature is over."""
        return DOMAIN + encode(self._plain() | {"signature": ""})

    def encode(self) -> bytes:
        """The file."""
        body = self._plain()
        return encode(body | {"format": FORMAT, "sha256": hashlib.sha256(encode(body)).hexdigest()})

    def _plain(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the index."""

    call: str
    sha256: str
    """Of the call's file."""
    payloads: tuple[tuple[str, int], ...]
    """Digest and bytes of each."""

    def encode(self) -> bytes:
        return encode([self.call, self.sha256, [list(one) for one in self.payloads]]) + b"\n"


def encode(value: Any) -> bytes:
    """JSON that is the same whenever the value is."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def decode_snapshot(data: bytes, where: str) -> Snapshot:
    """Raises BackupProblem for what is none, or was changed."""
    try:
        values = json.loads(data)
        if values.pop("format") != FORMAT:
            raise BackupProblem(f"{where}: of another format; this eslbot reads {FORMAT}")
        told = values.pop("sha256")
        if hashlib.sha256(encode(values)).hexdigest() != told:
            raise BackupProblem(f"{where}: changed since it was written: its digest does not fit")
        return Snapshot(**values | {"erased": tuple(values["erased"])})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupProblem(f"{where}: not a snapshot") from error


def decode_index(data: bytes, where: str) -> list[Listed]:
    """Raises BackupProblem."""
    try:
        found = []
        for line in data.splitlines():
            call, sha256, payloads = json.loads(line)
            found.append(Listed(checked(call), digest_of(sha256), tuple((digest_of(d), int(n)) for d, n in payloads)))
        return found
    except (ValueError, TypeError) as error:
        raise BackupProblem(f"{where}: not an index") from error


def encode_call(parts: Iterable[tuple[RecordingRow, Mapping[str, tuple[str, int]]]]) -> bytes:
    """A call's file: its rows, and of each the payloads (`audio`, `words`) with digest and bytes."""
    return encode({"format": FORMAT, "parts": [
        {"row": _texts(columns_of(row)), "files": {kind: list(one) for kind, one in files.items()}}
        for row, files in parts
    ]})


def decode_call(data: bytes, where: str) -> list[tuple[RecordingRow, dict[str, tuple[str, int]]]]:
    """Raises BackupProblem."""
    try:
        found = []
        for part in json.loads(data)["parts"]:
            values = {name: base64.b64decode(value, validate=True) if name in HEADERS else value
                      for name, value in part["row"].items()}
            files = {kind: (digest_of(one[0]), int(one[1])) for kind, one in part["files"].items()}
            if set(files) != {"audio", "words"}:
                raise BackupProblem(f"{where}: a part without its two files")
            found.append((row_of(RecordingRow, values), files))
        return found
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupProblem(f"{where}: not a call's file") from error


def _texts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: base64.b64encode(value).decode() if name in HEADERS else value for name, value in values.items()}


def digest_of(text: str) -> str:
    """The text, if it is a SHA-256. Raises ValueError: nothing else ever becomes a name."""
    if not isinstance(text, str) or not _DIGEST.fullmatch(text):
        raise ValueError("not a SHA-256")
    return text


def payload_name(sha256: str) -> str:
    return f"payload/{digest_of(sha256)[:2]}/{sha256}"


def call_name(call: str) -> str:
    return f"call/{checked(call)[:2].lower()}/{call}.json"


def names(number: int) -> tuple[str, str, str]:
    """Of a snapshot, its index and its tables."""
    return f"snapshot/{number:08d}.json", f"index/{number:08d}.jsonl", f"tables/{number:08d}.age"


def number_of(name: str) -> int | None:
    """Of a snapshot's name."""
    found = _NUMBER.fullmatch(name)
    return int(found[1]) if found else None
