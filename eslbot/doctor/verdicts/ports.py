"""The addresses that the service listens on: free, or its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from eslbot.doctor.findings import Finding, error, good, hint


@dataclass(frozen=True, slots=True)
class PortSeen:
    """One of them."""

    setting: str
    """`[watch] listen`."""
    address: str
    problem: str = ""
    """Why it cannot be had; empty: it is free."""
    taken: bool = False
    """Because somebody listens there."""
    pid: int = 0
    """Who; 0: not shown to us."""
    name: str = ""


def judge(seen: PortSeen, service: int, running: bool) -> Iterator[Finding]:
    """`service`: the running service's process, where it can be told; 0: not."""
    who = f"{seen.name} (process {seen.pid})" if seen.pid else "a process that is not shown to this user"
    if seen.address.endswith(":0") and not seen.problem:
        yield good("ports.listen", f"{seen.setting}: any free port", seen.address)
    elif seen.taken and running and (seen.pid in (0, service)):
        yield good("ports.listen", "the running service has it" if seen.pid else "taken; a service runs", seen.address)
    elif seen.taken:
        port = seen.address.rpartition(":")[2]
        yield error("ports.listen", f"{seen.setting}: {who} has it", f"ss -ltnp 'sport = :{port}' names it; end it, or "
                    f"another {seen.setting}", seen.address)
    elif seen.problem:
        yield error("ports.listen", f"{seen.setting}: {seen.problem}", f"an address of this machine in {seen.setting}",
                    seen.address)
    elif running:
        yield hint("ports.listen", f"{seen.setting}: free, though a service runs: with another configuration?",
                   "systemctl restart eslbot", seen.address)
    else:
        yield good("ports.listen", "free", seen.address)
