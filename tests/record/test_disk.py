"""What is done to real files."""

import hashlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from eslbot.record.disk import Disk
from eslbot.record.stream import NONCE, SEALED, offset
from tests.record.rig import CALL, STARTED

A, B = bytes([1]) * NONCE, bytes([2]) * NONCE


def file(tmp_path: Path, part: str = "") -> Path:
    return tmp_path / f"2026/11/18/{CALL}{part}.audio"


def test_claiming_makes_both_files_with_their_nonces(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "not" / "yet")
    assert disk.claim(CALL, STARTED, (A, B)) == 1
    assert file(disk.directory).read_bytes() == A
    assert file(disk.directory).with_suffix(".words").read_bytes() == B


def test_claiming_again_with_the_same_nonces_finds_the_same_files(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.claim(CALL, STARTED, (A, B))
    assert disk.claim(CALL, STARTED, (A, B)) == 1
    file(tmp_path).write_bytes(b"")   # made, and killed before the nonce was in
    assert disk.claim(CALL, STARTED, (A, B)) == 1


def test_files_of_an_earlier_part_are_never_touched(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.claim(CALL, STARTED, (A, B))
    disk.write(file(tmp_path), NONCE, b"sealed")
    assert disk.claim(CALL, STARTED, (A, B)) == 2   # even under the same nonces: something is sealed there
    assert disk.claim(CALL, STARTED, (B, A)) == 3
    assert file(tmp_path).read_bytes() == A + b"sealed"
    assert file(tmp_path, ".3").read_bytes() == B


def test_a_write_goes_to_its_place_and_may_be_done_again(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.claim(CALL, STARTED, (A, B))
    for _ in range(2):
        disk.write(file(tmp_path), offset(1), b"second")
        disk.write(file(tmp_path), offset(0), b"x" * SEALED)
    assert file(tmp_path).read_bytes() == A + b"x" * SEALED + b"second"
    assert disk.size(file(tmp_path)) == offset(1) + 6
    assert disk.beyond(file(tmp_path), 1, 3) == (A, b"x" * SEALED, b"sec")
    assert disk.beyond(file(tmp_path), 0, 10 ** 6) == (A, b"", b"x" * SEALED + b"second")
    assert disk.digest(file(tmp_path), 1).digest() == hashlib.sha256(A + b"x" * SEALED).digest()


def test_a_link_in_a_files_place_is_not_followed(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.claim(CALL, STARTED, (A, B))
    target = tmp_path / "target"
    target.write_bytes(b"mine")
    file(tmp_path).unlink()
    file(tmp_path).symlink_to(target)
    with pytest.raises(OSError, match="symbolic links"):
        disk.write(file(tmp_path), NONCE, b"x")
    assert target.read_bytes() == b"mine"


def test_every_write_is_synced_before_it_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []

    def spy(real: object, name: str) -> object:
        def call(handle: int) -> None:
            synced.append(os.readlink(f"/proc/self/fd/{handle}"))
            real(handle)  # type: ignore[operator]
        return call

    monkeypatch.setattr(os, "fdatasync", spy(os.fdatasync, "fdatasync"))
    monkeypatch.setattr(os, "fsync", spy(os.fsync, "fsync"))
    disk = Disk(tmp_path)
    disk.claim(CALL, STARTED, (A, B))
    day = file(tmp_path).parent
    assert set(synced) == {str(file(tmp_path)), str(file(tmp_path).with_suffix(".words")), str(day), str(day.parent),
                           str(day.parent.parent), str(tmp_path)}
    synced.clear()
    disk.write(file(tmp_path), NONCE, b"x")
    assert synced == [str(file(tmp_path))]


def test_a_file_that_may_not_grow_raises_and_holds_what_fits(tmp_path: Path) -> None:
    """A real refusal of the kernel's, in a process of its own: the limit on a file's size."""
    program = textwrap.dedent("""
        import resource, signal, sys
        from pathlib import Path
        from eslbot.record.disk import Disk
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            Disk(Path(sys.argv[1])).write(Path(sys.argv[2]), 16, b"x" * 5000)
        except OSError as error:
            print(error.strerror)
    """)
    disk = Disk(tmp_path)
    disk.claim(CALL, STARTED, (A, B))
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path), str(file(tmp_path))], capture_output=True,
                          text=True, timeout=30, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout == "File too large\n"
    assert file(tmp_path).read_bytes() == A + b"x" * (1000 - NONCE)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A file system of 1 MiB that is really full when it is full."""
    where = tmp_path / "small"
    where.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(where)], capture_output=True,
                          check=False)
    if done.returncode:
        pytest.skip("mounting a small file system needs root with CAP_SYS_ADMIN")
    return where


def test_a_full_file_system_raises_and_a_second_try_after_making_room_mends_the_file(
        small: Path, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(lambda: subprocess.run(["umount", str(small)], check=True))
    disk = Disk(small)
    disk.claim(CALL, STARTED, (A, B))
    ballast = small / "ballast"
    ballast.write_bytes(bytes(900_000))
    data = bytes(range(256)) * 1024
    with pytest.raises(OSError, match="No space left"):
        disk.write(file(small), NONCE, data)
    ballast.unlink()
    disk.write(file(small), NONCE, data)
    assert file(small).read_bytes() == A + data
