"""A worker's environment: what it says, and that a process started with it has the allocator, or starts without."""

import subprocess
import sys
from pathlib import Path

import pytest

from eslbot.listen import tuning

NEW = ["sse", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]
LIBRARY = Path("/usr/lib/libmimalloc.so")


def test_the_kernels_are_chosen_for_the_processor() -> None:
    assert tuning.tuning(NEW, None)["OPENBLAS_CORETYPE"] == "SkylakeX"
    assert "OPENBLAS_CORETYPE" not in tuning.tuning(NEW[:-1], None)


def test_flags_are_read_as_linux_writes_them() -> None:
    assert tuning.flags_of(["processor\t: 0", "flags\t\t: fpu avx512f", "flags\t\t: other"]) == ["fpu", "avx512f"]
    assert tuning.flags_of(["CPU architecture: 8"]) == []


def test_without_an_allocator_glibcs_is_tuned_and_with_one_it_is_replaced() -> None:
    assert tuning.tuning([], None) == {"GLIBC_TUNABLES": "glibc.malloc.mxfast=0"}
    assert tuning.tuning([], LIBRARY) == {"LD_PRELOAD": str(LIBRARY)}


@pytest.mark.parametrize("path", ["/opt/our bot/libmimalloc.so", "/opt/a:b/libmimalloc.so"])
def test_a_path_that_the_loader_would_cut_in_two_is_not_preloaded(path: str) -> None:
    assert "LD_PRELOAD" not in tuning.tuning([], Path(path))


def test_what_the_admin_says_goes_before_except_for_the_threads() -> None:
    ours = {"LD_PRELOAD": "/their/own.so", "OPENBLAS_CORETYPE": "Haswell", "OMP_NUM_THREADS": "8", "HOME": "/root"}
    said = tuning.environment(NEW, LIBRARY, ours)
    assert (said["LD_PRELOAD"], said["OPENBLAS_CORETYPE"], said["HOME"]) == ("/their/own.so", "Haswell", "/root")
    assert (said["OMP_NUM_THREADS"], said["OPENBLAS_NUM_THREADS"]) == ("1", "1")


def test_eslbot_is_found_from_any_directory_and_the_admins_path_goes_on() -> None:
    said = tuning.environment([], None, {"PYTHONPATH": "/their/modules"})
    here, theirs = said["PYTHONPATH"].split(":")
    assert (Path(here) / "eslbot" / "listen").is_dir()
    assert theirs == "/their/modules"


def test_a_process_started_with_it_has_the_allocator(monkeypatch: pytest.MonkeyPatch) -> None:
    library = tuning.allocator()
    assert library is not None
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    if tuning.shortfall():
        pytest.skip(tuning.shortfall())
    maps = subprocess.run(
        [sys.executable, "-c", "print(open('/proc/self/maps').read())"], env=tuning.for_this_machine(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
    ).stdout  # fmt: skip
    assert str(library.resolve()) in maps
    assert "cannot be preloaded" not in maps


def test_an_allocator_that_wants_a_library_which_is_not_there_is_left_out_and_the_worker_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed = tuning.allocator()
    assert installed is not None
    wanting = tmp_path / "libmimalloc.so"
    wanting.write_bytes(installed.read_bytes().replace(b"libatomic.so.1\0", b"libabsent.so.1\0"))
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    monkeypatch.setattr(tuning, "allocator", lambda: wanting)
    assert "libabsent.so.1" in tuning.shortfall()
    said = tuning.for_this_machine()
    assert said["GLIBC_TUNABLES"] == "glibc.malloc.mxfast=0"
    subprocess.run([sys.executable, "-c", ""], env=said, check=True)


def test_what_the_admin_preloads_is_no_shortfall_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD", "/their/own.so")
    assert tuning.shortfall() == ""
