"""The configuration's files: whether the service's user may read what it names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eslbot.doctor.findings import Finding, error, good
from eslbot.doctor.rights import READ, Node, Who, barred


@dataclass(frozen=True, slots=True)
class FileSeen:
    """One of them."""

    setting: str
    """`[audit] key`."""
    path: str
    way: tuple[Node, ...]


def judge_files(seen: Iterable[FileSeen], ours: Who) -> Iterator[Finding]:
    files = list(seen)
    shut = [(one, kept_out) for one in files if (kept_out := barred(ours, one.way, READ))]
    for one, kept_out in shut:
        where = kept_out.partition(" (")[0]
        mend = f"chown {ours} {where}" if where == one.way[-1].path else f"chmod o+x {where}"
        yield error("config.readable", f"{one.setting}: {ours} may not read it: {kept_out}", mend, one.path)
    if files and not shut:
        yield good("config.readable", f"{ours} may read each of the {len(files)} files it names")
