"""Tries whether the service could listen on its addresses: binds for a moment, listens never."""

import errno
import socket

from eslbot.config import Settings
from eslbot.config.fields import Address
from eslbot.doctor.probes import local
from eslbot.doctor.verdicts.ports import PortSeen


def wanted(settings: Settings) -> list[tuple[str, Address]]:
    """Setting and address of each."""
    found = [("[watch] listen", settings.watch.listen)]
    if settings.web.enabled:
        found.append(("[web] listen", settings.web.listen))
    if settings.supervise.phones is not None:
        found.append(("[supervise] phones", settings.supervise.phones))
    if settings.audio.source == "fork":
        found.append(("[audio.fork] listen", settings.audio.fork.listen))
    return found


def look(setting: str, address: Address) -> PortSeen:
    """Blocks for a name to be looked up; raises nothing."""
    named = str(address)
    try:
        family, kind, _, _, at = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(at)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return PortSeen(setting, named, str(error.strerror or error))
        return _held(PortSeen(setting, named, "in use", True), address.port)
    return PortSeen(setting, named)


def _held(seen: PortSeen, port: int) -> PortSeen:
    for one in local.listeners():
        holder = local.holder_of(one.inode) if one.port == port else None
        if holder is not None:
            return PortSeen(seen.setting, seen.address, seen.problem, True, *holder)
    return seen
