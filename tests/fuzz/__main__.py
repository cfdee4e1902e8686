"""`python -m tests.fuzz --seconds 60 [TARGET...]`: fuzzes each target for so long, one after another, each in a process
of its own under atheris (libFuzzer), and says how many inputs were tried. An input that breaks a target is left in
tests/fuzz/corpus/TARGET/, where `make test` finds it until it is mended and ever after. Knows processes, no target."""

import argparse
import hashlib
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fuzz.targets import NAMES, target

CORPUS = Path(__file__).parent / "corpus"
PATIENCE = 3600
"""Seconds by the clock until libFuzzer gives an input up: long, since a busy machine may stop us meanwhile."""


def main(arguments: list[str] | None = None) -> int:
    """1 where an input broke a target."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="fuzzes what reads strangers' bytes")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(NAMES)}; none: all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--corpus", type=Path, help="where inputs of new coverage are kept, below TARGET")
    given = parser.parse_args(arguments)
    unknown = set(given.targets) - set(NAMES)
    if unknown:
        parser.error(f"no target {sorted(unknown)[0]!r}")
    broken = [name for name in given.targets or NAMES if not fuzz(name, given.seconds, given.corpus)]
    return 1 if broken else 0


def fuzz(name: str, seconds: int, corpus: Path | None) -> bool:
    """Whether nothing was found."""
    with kept(corpus, name) as found, tempfile.TemporaryDirectory() as crashes:
        for seed in [*target(name).seeds(), *(file.read_bytes() for file in files(name))]:
            (found / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        command = [
            sys.executable, "-m", "tests.fuzz.atheris_run", name, str(found), f"-max_total_time={seconds}",
            f"-artifact_prefix={crashes}/", "-print_final_stats=1", f"-timeout={PATIENCE}", "-rss_limit_mb=2048",
            "-max_len=16384", "-verbosity=0",
        ]  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, env=dict(os.environ))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        count, kept_now = tried[1] if tried else "?", len(list(found.iterdir()))
        print(f"{name:<10} {count:>9} inputs, {spent:.0f} s of CPU, {kept_now} kept")
        artifacts = [file for file in Path(crashes).iterdir() if not file.name.startswith("slow-unit-")]
        for artifact in artifacts:
            kept_as = CORPUS / name / f"found-{hashlib.sha256(artifact.read_bytes()).hexdigest()[:12]}"
            kept_as.parent.mkdir(parents=True, exist_ok=True)
            kept_as.write_bytes(artifact.read_bytes())
            print(f"{name}: broken by {kept_as}", file=sys.stderr)
        if done.returncode and not artifacts:
            print(done.stderr[-4000:], file=sys.stderr)
        elif artifacts:
            print(done.stderr.partition("Uncaught Python exception")[2][:3000], file=sys.stderr)
    sys.stdout.flush()
    return done.returncode == 0


@contextmanager
def kept(corpus: Path | None, name: str) -> Iterator[Path]:
    """The directory libFuzzer works in: the one asked for, or one that is thrown away."""
    if corpus is not None:
        (corpus / name).mkdir(parents=True, exist_ok=True)
        yield corpus / name
    else:
        with tempfile.TemporaryDirectory() as thrown_away:
            yield Path(thrown_away)


def files(name: str) -> list[Path]:
    """The corpus that is kept with the code."""
    return sorted(file for file in (CORPUS / name).glob("*") if file.is_file())


if __name__ == "__main__":
    sys.exit(main())
