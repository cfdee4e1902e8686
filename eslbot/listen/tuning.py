"""The environment that a worker is started with: an allocator that suits Kaldi, the right kernels of OpenBLAS, one
thread. What the admin's own environment says goes before. Knows no worker."""

import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

ALLOCATOR = "cmeel-mimalloc"
"""A package that is nothing but mimalloc's library."""
_PACKAGES = Path(__file__).resolve().parents[2]
"""Where `eslbot` lies, so that a worker finds it from any directory."""
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_AVX512 = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}
_SEPARATORS = " :"
"""What the loader takes for the end of a path in LD_PRELOAD, and cannot be told not to."""


def allocator() -> Path | None:
    """mimalloc's library; None where it is not installed."""
    try:
        files = metadata.files(ALLOCATOR) or ()
    except metadata.PackageNotFoundError:
        return None
    found = (Path(str(file.locate())) for file in files if file.name == "libmimalloc.so")
    return next((path for path in found if path.is_file()), None)


@cache
def refusal(library: Path) -> str:
    """Why no process starts with `library` preloaded, in the loader's words; empty where one does. The loader ends a
    process for want of a library that a preloaded one names, used or not: mimalloc's names libatomic.so.1, which a
    small Debian does not have. Takes as long as an empty Python, once."""
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ""], env={"LD_PRELOAD": str(library)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", check=False,
    )  # fmt: skip
    return said.stderr.strip() or (f"exit {said.returncode}" if said.returncode else "")


def shortfall() -> str:
    """Why this machine's workers go without the allocator that is installed for them; empty where they have it, or
    their admin's, or none is made for this kind of machine."""
    library = None if "LD_PRELOAD" in os.environ else allocator()
    return refusal(library) if library is not None else ""


def tuning(flags: Collection[str], preload: Path | None) -> dict[str, str]:
    """For a processor with these flags, and with that allocator. Measured with recognisers in turn, for the same words;
    docs/reference/speed.md has the ratios.

    A third of a decoder's time is malloc and free of small blocks. Without an allocator made for that, glibc's does
    better without its fast bins, which it merges over and over. The OpenBLAS in vosk's wheel takes a processor that is
    newer than itself for one of 2004."""
    tuned = {}
    if preload is not None and not any(sign in str(preload) for sign in _SEPARATORS):
        tuned["LD_PRELOAD"] = str(preload)
    else:
        tuned["GLIBC_TUNABLES"] = "glibc.malloc.mxfast=0"
    if set(flags) >= _AVX512:
        tuned["OPENBLAS_CORETYPE"] = "SkylakeX"
    return tuned


def environment(flags: Collection[str], preload: Path | None, ours: Mapping[str, str]) -> dict[str, str]:
    """A worker's: `ours` and its tuning, one thread, and where `eslbot` lies."""
    path = os.pathsep.join(filter(None, [str(_PACKAGES), ours.get("PYTHONPATH")]))
    return {**tuning(flags, preload), **ours, "PYTHONPATH": path, **_ONE_THREAD}


def flags_of(cpuinfo: Iterable[str]) -> list[str]:
    """The processor's flags in the lines of Linux' /proc/cpuinfo; none where they are not said."""
    return next((line.partition(":")[2].split() for line in cpuinfo if line.startswith("flags")), [])


def for_this_machine() -> dict[str, str]:
    """A worker's environment here and now."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    return environment(flags_of(lines), None if shortfall() else allocator(), os.environ)
