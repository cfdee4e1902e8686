"""Archives of strangers: zip and tar unpacked below one directory and nowhere else. Plain files and directories only;
no link, no device, no absolute path, no more bytes than said. Knows nothing of models."""

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

MOST = 16 << 30
"""Bytes that an archive may unpack to: four times the largest Vosk model."""

_PIECE = 1 << 20
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    LookupError, ArithmeticError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What zipfile and tarfile raise over damaged archives (found by damaging some), and a full disk."""


class UnpackError(Exception):
    """Not an archive, a broken one, or one that would write where it must not; the message names the member."""


def unpack(archive: Path, into: Path, most: int = MOST) -> None:
    """Unpack all of it below `into`, which is made. Raises UnpackError; what was written so far stays in `into`."""
    into.mkdir(parents=True, exist_ok=True)
    left = most
    try:
        for name, content in _members(archive):
            target = into / _inside(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                while piece := content.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise UnpackError(f"unpacks to more than {most} bytes")
                    file.write(piece)
    except (FileExistsError, NotADirectoryError) as error:
        raise UnpackError(f"the archive holds {error.filename} twice") from error
    except _BROKEN as error:
        raise UnpackError(f"cannot be unpacked ({error})") from error


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                kind = info.external_attr >> 28
                if kind not in (0, 0o04, 0o10):
                    raise UnpackError(f"{info.filename!r} is neither a file nor a directory")
                if not info.is_dir():
                    with opened.open(info) as content:
                        yield info.filename, content
    elif tarfile.is_tarfile(archive):
        with tarfile.open(archive) as opened_tar:
            for member in opened_tar:
                if not (member.isreg() or member.isdir()):
                    raise UnpackError(f"{member.name!r} is neither a file nor a directory")
                content_tar = opened_tar.extractfile(member) if member.isreg() else None
                if content_tar is not None:
                    with content_tar:
                        yield member.name, content_tar
    else:
        raise UnpackError("neither a zip nor a tar archive")


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or not path.parts or any(part == ".." or "\0" in part or ":" in part for part in path.parts):
        raise UnpackError(f"{name!r} would be written outside")
    return path
