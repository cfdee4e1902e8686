"""The running service: whether one answers, what it says of itself, and as whom the doctor looks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eslbot.doctor.findings import Finding, good, hint, warning


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """What the admin socket and /readyz told."""

    socket: str
    answers: bool = False
    left_behind: bool = False
    """The socket's file is there and nobody answers."""
    forbidden: bool = False
    """It answers, but not to this user."""
    pid: int = 0
    uid: int = -1
    calls: int = 0
    shadow: bool = False
    watch: str = ""
    """Where /readyz is."""
    ready: Mapping[str, str] | None = None
    """What stands in the way of taking calls; None: /readyz did not answer."""


def judge(seen: ServiceSeen, service_user: str, our_user: str) -> Iterator[Finding]:
    """`service_user`: who the service's files belong to; empty where there are none yet."""
    if service_user and our_user not in (service_user, "root"):   # root may look everywhere
        yield hint("service.user", f"the recordings belong to {service_user}, and this looks with the rights of "
                   f"{our_user}", f"sudo -u {service_user} eslbot doctor, to see what the service can do")
    if seen.forbidden:
        yield warning("service.answers", f"{seen.socket}: {our_user} may not ask it", "run it as the service's user, "
                      "or as root")
        return
    if not seen.answers:
        left = "; a socket was left behind, which the next start clears away" if seen.left_behind else ""
        yield hint("service.answers", f"no service answers on {seen.socket}{left}", "systemctl start eslbot")
        return
    calls = f"{seen.calls} calls are up" if seen.calls else "no call is up"
    yield good("service.answers", f"process {seen.pid} answers on {seen.socket}; {calls}")
    if seen.shadow:
        yield hint("service.shadow", "shadow mode is on: nothing is done to a call by itself", "eslbot shadow off")
    if seen.ready is None:
        yield warning("service.ready", f"http://{seen.watch}/readyz does not answer", "journalctl -u eslbot -n 50")
        return
    for part, reason in sorted(seen.ready.items()):
        yield warning("service.ready", f"takes no calls: {part}: {reason}", "journalctl -u eslbot -n 50", part)
    if not seen.ready:
        yield good("service.ready", "it takes calls")
