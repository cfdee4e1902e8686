"""Where a recording lies. Pure. Nothing but a UUID ever becomes part of a path."""

import re
from datetime import UTC, datetime
from pathlib import Path

from eslbot.model.call import CallId

_HEX = "[0-9a-fA-F]"
_UUID = re.compile(f"{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}}")
_STEM = re.compile(rf"\d{{4,}}/\d\d/\d\d/{_UUID.pattern}(\.[1-9]\d*)?")


class BadPath(ValueError):
    """A call id that is no UUID, or a stored path that leads elsewhere."""


def checked(call: str) -> CallId:
    """The call's id, if it is a UUID. Raises BadPath."""
    if not _UUID.fullmatch(call):
        raise BadPath(f"not a call's UUID: {call[:60]!r}")
    return CallId(call)


def stem(call: CallId, started: float, part: int) -> str:
    """`YYYY/MM/DD/CALL` by the day (UTC) it began, `CALL.2` for a second part; relative, without suffix."""
    day = datetime.fromtimestamp(started, UTC)
    return f"{day:%Y/%m/%d}/{checked(call)}" + (f".{part}" if part > 1 else "")


def audio(directory: Path, path: str) -> Path:
    """The audio's payload file of a row's path."""
    return _below(directory, path, ".audio")


def words(directory: Path, path: str) -> Path:
    """The words' payload file of a row's path."""
    return _below(directory, path, ".words")


def _below(directory: Path, path: str, suffix: str) -> Path:
    if not _STEM.fullmatch(path):
        raise BadPath(f"not a recording's path: {path[:80]!r}")
    return directory / (path + suffix)
