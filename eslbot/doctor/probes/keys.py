"""Looks for secret keys in the places where sealed recordings and the configuration lie, and at the directory of live
keys. Shows of a secret key only where it lies."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eslbot.config import Settings
from eslbot.doctor import mounts
from eslbot.doctor.probes import local
from eslbot.doctor.rights import READ, Who, barred
from eslbot.doctor.verdicts.keys import IdentitySeen, LiveSeen
from eslbot.record.grants import parse_grants
from eslbot.record.keys import KeyProblem, parse_identities

SECRET = b"AGE-SECRET-KEY-"
"""Of X25519 and of hybrid ones. A file that is itself sealed with a passphrase does not show it."""
LARGEST = 64 << 10
"""Bytes of a file that is read; a key's file has 200."""
DEEPEST = 4
"""Directories below the one that is looked in: recordings lie in YEAR/MONTH/DAY."""
MOST = 5000
"""Names that are looked at in all."""
_SEALED = (".audio", ".words", ".db", ".db-wal", ".db-shm", ".age")


@dataclass(slots=True)
class Search:
    """What was found, and how far it was looked."""

    found: list[IdentitySeen]
    looked: int = 0
    names: int = 0

    @property
    def whole(self) -> bool:
        return self.names < MOST


def recipients(settings: Settings) -> list[str]:
    """What is wrong with them, a line each."""
    try:
        parse_grants(settings.sealed_for, "record.recipients")
    except KeyProblem as problem:
        return str(problem).splitlines()
    return []


def live(settings: Settings) -> LiveSeen:
    """Blocks. Raises OSError where the way to it cannot be looked at."""
    path = settings.record.live
    return LiveSeen(str(path), mounts.found(path), local.way_or_above(path), path.is_dir())


def identities(settings: Settings, file: Path, user: Who) -> Search:
    """Every secret key there. `user`: whom the service runs as. Blocks."""
    sealed = [settings.record.directory]
    if settings.backup.to is not None and "://" not in settings.backup.to:
        sealed.append(Path(settings.backup.to))
    search = Search([])
    for place, beside in [*((each, True) for each in sealed), (file.absolute().parent, False)]:
        for path in _files(place, DEEPEST if beside else 0, search):
            if any(one.path == str(path) for one in search.found) or not _secret(path, search):
                continue
            search.found.append(IdentitySeen(
                str(path), str(place), beside or any(path.is_relative_to(each.absolute()) for each in sealed),
                _opens(path, settings.sealed_for), not barred(user, local.way_to(path), READ),
                path == settings.keys.identity))
    return search


def _files(place: Path, deeper: int, search: Search) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(place), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if not search.whole:
            return
        search.names += 1
        if entry.is_dir(follow_symlinks=False):
            if deeper:
                yield from _files(Path(entry.path), deeper - 1, search)
        elif entry.is_file(follow_symlinks=False) and not entry.name.endswith(_SEALED):
            yield Path(entry.path)


def _secret(path: Path, search: Search) -> bool:
    try:
        if path.stat().st_size > LARGEST:
            return False
        search.looked += 1
        return SECRET in path.read_bytes()
    except OSError:
        return False


def _opens(path: Path, sealed_for: tuple[str, ...]) -> bool:
    """`sealed_for`: as a recording's row keeps them, `age1...` or `age1... words`."""
    keys = {text.partition(" ")[0] for text in sealed_for}
    try:
        found = parse_identities(path.read_text("utf-8"), path.name)
    except (KeyProblem, OSError, UnicodeDecodeError):
        return False
    return any(str(identity.recipient) in keys for identity in found)
