"""Which versions of rule packs have shipped: eslbot/judge/packs/lock.json holds the digest of each one's file. What has
shipped neither changes nor goes: whoever takes rules of it by its version goes on with it. `python -m tools.packs`
writes down what is new there. Reads and writes files under that directory only."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eslbot.judge import packs
from eslbot.judge.located import read
from eslbot.judge.published import digest

DIRECTORY = Path(packs.__file__).parent
HERE = "eslbot/judge/packs"
LOCK = "lock.json"
COMMAND = "python -m tools.packs"

Lock = dict[str, dict[str, str]]
"""Pack -> version -> SHA-256 of its file's bytes."""


def locked(directory: Path = DIRECTORY) -> Lock:
    """What has shipped, as it was written down."""
    lock: Lock = json.loads((directory / LOCK).read_text("utf-8"))
    return lock


def present(directory: Path = DIRECTORY) -> Lock:
    """What lies there: the versions that ship, and the former ones."""
    found: Lock = {}
    for file in sorted([*directory.glob("*.yaml"), *directory.glob("former/*/*.yaml")]):
        value: Any = read(file.read_bytes(), str(file)).value
        found.setdefault(value["pack"], {})[value["version"]] = digest(file)
    return found


def wrong(lock: Lock, here: Lock) -> Iterator[str]:
    """What has shipped and is not there as it was; each with what to do."""
    for pack, versions in lock.items():
        for version, sha256 in versions.items():
            there = here.get(pack, {}).get(version)
            former = f"{HERE}/former/{pack}/{version}.yaml"
            back = f"`git log -- {HERE}/{pack}.yaml` finds it"
            if there is None:
                yield (f"{pack} {version} has shipped and is gone, and packs that take rules of it would not load:"
                       f" put its file back as {former} ({back})")
            elif there != sha256:
                yield (f"{pack} {version} has shipped and is not what it was: give the changed file a new version, put"
                       f" the one from before to {former} ({back}), then `{COMMAND}`")


def new(lock: Lock, here: Lock) -> Iterator[str]:
    """What is there and not written down."""
    for pack, versions in here.items():
        for version in versions.keys() - lock.get(pack, {}).keys():
            yield f"{pack} {version} is not in {HERE}/{LOCK}: `{COMMAND}`"


def main(directory: Path = DIRECTORY) -> int:
    """Write down what is new; nothing where something that has shipped is not as it was."""
    lock, here = locked(directory), present(directory)
    problems = list(wrong(lock, here))
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    (directory / LOCK).write_text(json.dumps(here, indent=2, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
