"""Asks the running service, where there is one: by its admin socket, and by /readyz."""

import http.client
import os
import socket
import struct
from pathlib import Path

import orjson

from eslbot.config import Settings
from eslbot.doctor.verdicts.service import ServiceSeen
from eslbot.supervise.admin import AdminClient, NotReachable
from eslbot.supervise.wire import Refused

_CREDENTIALS = struct.Struct("3i")
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
WITHIN = 3.0
"""Seconds for each answer."""


def look(settings: Settings) -> ServiceSeen:
    """What answers. Blocks; never raises for a service that is away, or broken."""
    path = settings.admin.socket
    where = str(path)
    try:
        pid, uid = _peer(path)
    except PermissionError:
        return ServiceSeen(where, forbidden=True)
    except OSError:
        return ServiceSeen(where, left_behind=path.is_socket())
    try:
        answer = AdminClient(path, WITHIN).call("calls")
    except NotReachable:
        return ServiceSeen(where, forbidden=uid not in (os.geteuid(), -1), left_behind=True)
    except Refused:
        answer = {}
    address = settings.watch.listen
    return ServiceSeen(
        where, answers=True, pid=pid, uid=uid, calls=len(answer.get("calls", ())), shadow=bool(answer.get("shadow")),
        watch=str(address), ready=_ready(_EVERYWHERE.get(address.host, address.host), address.port),
    )


def _peer(path: Path) -> tuple[int, int]:
    """Process and user that listen there. Raises OSError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(WITHIN)
        connection.connect(str(path))
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, uid, _ = _CREDENTIALS.unpack(raw)
    return pid, uid


def _ready(host: str, port: int) -> dict[str, str] | None:
    connection = http.client.HTTPConnection(host, port, timeout=WITHIN)
    try:
        connection.request("GET", "/readyz")
        said = orjson.loads(connection.getresponse().read(65536))
        return {str(part): str(reason) for part, reason in said["reasons"].items()}
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, AttributeError):
        return None
    finally:
        connection.close()
