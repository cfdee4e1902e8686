"""Keys: whom recordings are sealed for, where the keys of live calls lie, and whether an identity lies about where
sealed recordings do."""

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.doctor.mounts import Mount
from eslbot.doctor.rights import SEARCH, WRITE, Node, Who, barred, units_make


@dataclass(frozen=True, slots=True)
class IdentitySeen:
    """A file that holds a secret key."""

    path: str
    place: str
    """The directory it was looked for in."""
    beside: bool
    """Whether sealed recordings, or their backup, lie in that directory."""
    opens: bool
    """Whether it opens what is recorded now."""
    readable: bool
    """By the service's user."""
    wanted: bool = False
    """It is the one that [keys] identity names."""


@dataclass(frozen=True, slots=True)
class LiveSeen:
    """The directory of live calls' keys."""

    path: str
    mount: Mount | None
    way: tuple[Node, ...]
    there: bool


def judge_recipients(problems: Iterable[str], count: int) -> Iterator[Finding]:
    """`problems`: what is wrong with them, each in a line."""
    wrong = list(problems)
    for problem in wrong:
        yield error("keys.recipients", problem, "[record] recipients: the line `# public key:` of a key's file")
    if not wrong and count == 1:
        yield warning("keys.recipients", "one recipient only: when its key is lost, so is every recording",
                      "eslbot keys new -o KEYFILE on another machine; add its public key to [record] recipients")
    elif not wrong:
        yield good("keys.recipients", f"{count} keys can open the recordings")


def judge_live(seen: LiveSeen, ours: Who) -> Iterator[Finding]:
    """In memory, and nobody else's to read."""
    *_, last = seen.way
    if seen.mount is not None and not seen.mount.in_memory:
        yield error("keys.live", f"lies on {seen.mount.kind} ({seen.mount.point}): the keys of calls that are up are "
                    "on the disk", "[record] live = \"/run/eslbot/live\", or another place on a tmpfs", seen.path)
    elif seen.there and stat.S_IMODE(last.mode) & 0o077:
        yield error("keys.live", f"mode {stat.S_IMODE(last.mode):04o} lets others at the keys of calls that are up",
                    f"chmod 0700 {seen.path}", seen.path)
    elif (kept_out := barred(ours, seen.way, WRITE | SEARCH)) and not seen.there and units_make(seen.path):
        yield warning("keys.live", f"is not there, and {ours} may not make it: the unit does", "eslbot systemd -o "
                      "/etc/systemd/system, and systemctl start eslbot", seen.path)
    elif kept_out:
        yield error("keys.live", f"{ours} may not write it: {kept_out}", f"install -d -o {ours} -m 0700 {seen.path}",
                    seen.path)
    elif seen.mount is None:
        yield hint("keys.live", "/proc does not say what it lies on", f"findmnt -T {seen.path}", seen.path)
    else:
        yield good("keys.live", "in memory, its owner's alone", seen.path)


def judge_identities(seen: Iterable[IdentitySeen], looked: int, whole: bool) -> Iterator[Finding]:
    """`looked`: files that were read; `whole`: whether those were all."""
    found = list(seen)
    for one in found:
        opens = "opens the recordings" if one.opens else "is none of the recipients'"
        mend = f"move {one.path} to where recordings are played; the service never needs it"
        if one.beside:
            yield error("keys.identity", f"a secret key that {opens} lies beside what is sealed, in {one.place}", mend,
                        one.path)
        elif one.wanted:
            yield hint("keys.identity", f"[keys] identity: this machine can open what it records, by {one.path}",
                       "take it away where nobody plays here", one.path)
        elif one.readable and one.opens:
            yield warning("keys.identity", f"a secret key that {opens} lies where the service's user can read it",
                          mend, one.path)
        else:
            yield hint("keys.identity", f"a secret key that {opens} lies in {one.place}", mend, one.path)
    if not found:
        more = "" if whole else "; there are more, which were not"
        yield good("keys.identity", f"no secret key among the {looked} files that were looked at{more}")
