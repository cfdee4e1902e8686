"""Models: which there are, what rate they are made for, and bringing one over HTTP with resume and checksum.
Knows nothing of recognisers. Only a model whose digest somebody gave is ever unpacked."""

import hashlib
import http.client
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eslbot import data
from eslbot.listen.unpack import UnpackError, unpack

Progress = Callable[[int, int | None], None]
"""Told bytes that are there and bytes there will be (None: the server does not say)."""

_PIECE = 256 * 1024
_WITHIN = 30.0
"""Seconds a server may be silent."""


class ModelError(Exception):
    """A model that cannot be had or used; the message names it and says what would help."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that is known by name."""

    name: str
    language: str
    rate: int
    """Samples a second."""
    about: str
    url: str = ""
    """Empty for one that ships."""
    sha256: str = ""
    """Of the archive; only of one that somebody downloaded and checked."""


def catalogue() -> list[Entry]:
    """The models known by name: those that ship. A remote one is added when somebody has verified its digest."""
    return [
        Entry(name, name.removeprefix("demo-"), rate(data.model(name)), "understands the synthetic voice only")
        for name in data.MODELS
        if data.model(name).is_dir()
    ]


def find(name: str, base: Path = Path()) -> Path:
    """The directory of a model given by shipped name or by path (counted from `base`). Raises ModelError."""
    if name in data.MODELS:
        return data.model(name)
    directory = base / name
    if not directory.is_dir():
        raise ModelError(f"{name}: neither a directory nor one of the models that ship ({', '.join(data.MODELS)})")
    rate(directory)
    return directory


def rate(directory: Path) -> int:
    """Samples a second that a Vosk model was made for, from its mfcc.conf (Kaldi's default is 16000).

    Raises ModelError for a directory that is not a model."""
    places = [place for place in (directory / "conf" / "mfcc.conf", directory / "mfcc.conf") if place.is_file()]
    if not places:
        raise ModelError(f"{directory}: not a Vosk model (no conf/mfcc.conf)")
    if not any((directory / name).is_file() for name in ("am/final.mdl", "final.mdl")):
        raise ModelError(f"{directory}: not a Vosk model (no am/final.mdl)")
    found = re.search(r"^\s*--sample-frequency\s*=\s*(\d+)(?:\.0*)?\s*(?:#.*)?$", places[0].read_text("utf-8"), re.M)
    return int(found[1]) if found else 16000


def fetch(url: str, sha256: str, into: Path, progress: Progress = lambda done, total: None) -> Path:
    """Download an archive (.zip, .tar.gz, ...), check it, and unpack its model below `into`; returns its directory.

    Interrupted, it goes on next time where it stopped. Raises ModelError: not found, another digest, not a model, a
    model of that name is there already."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise ModelError("sha256 must be 64 hexadecimal digits")
    parts = urllib.parse.urlsplit(url)
    name = Path(urllib.parse.unquote(parts.path)).name
    if parts.scheme not in ("http", "https") or not name or name.startswith("."):
        raise ModelError(f"{url}: not the http(s) address of an archive")
    into.mkdir(parents=True, exist_ok=True)
    partial = into / f".{sha256[:16].lower()}-{name}.part"
    resumed = partial.exists()
    _download(url, partial, progress)
    if _digest(partial) != sha256.lower() and resumed:
        partial.unlink()  # what was there may have been of another version: once more from the start
        _download(url, partial, progress)
    found = _digest(partial)
    if found != sha256.lower():
        partial.unlink()
        raise ModelError(f"{url}: its sha256 is {found}, not the one given; nothing was unpacked")
    directory = _unpacked(partial, name, into)
    partial.unlink()
    return directory


def _download(url: str, partial: Path, progress: Progress) -> None:
    have = partial.stat().st_size if partial.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=_WITHIN) as response:  # http and https only: checked by fetch
            if have and (response.status != 206 or not _continues(response.headers.get("Content-Range", ""), have)):
                have = 0
            length = response.headers.get("Content-Length")
            total = have + int(length) if length is not None else None
            with partial.open("r+b" if have else "wb") as file:
                file.seek(have)
                while piece := response.read(_PIECE):
                    file.write(piece)
                    have += len(piece)
                    progress(have, total)
            if total is not None and have < total:
                raise ModelError(f"{url}: cut off after {have} of {total} bytes; run it again to go on from there")
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != 416:  # nothing after what is there: it was whole already
            raise ModelError(f"{url}: the server says {error.code} {error.reason}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelError(f"{url}: {reason}; run it again to go on from {have} bytes") from error


def _continues(content_range: str, have: int) -> bool:
    found = re.match(r"bytes (\d+)-", content_range)
    return found is not None and int(found[1]) == have


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(archive: Path, name: str, into: Path) -> Path:
    staging = into / f"{archive.name}.d"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        unpack(archive, staging)
        entries = list(staging.iterdir())
        inside = entries[0] if len(entries) == 1 and entries[0].is_dir() else staging
        rate(inside)
        target = into / (inside.name if inside is not staging else re.sub(r"\.(zip|tar(\.\w+)?|tgz)$", "", name))
        if target.exists():
            raise ModelError(f"{target} is there already; move it away first")
        inside.rename(target)
    except UnpackError as error:
        raise ModelError(f"{name}: {error}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target
