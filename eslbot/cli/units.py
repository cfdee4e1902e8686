"""The texts of the systemd units that `eslbot systemd` writes: the service, hardened, and the spool's own tmpfs. Knows
systemd's words and which places of a configuration the service writes to; opens no file."""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from eslbot.config import Settings

SERVICE = "eslbot.service"
_OWN = Path("/dev/shm")
"""Always there, always in memory, and of no size of its own: nothing is mounted there."""
_SPECIAL = set(" :\\\"'%$")
"""Signs that systemd's lists of directories take for something else."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are on the machine."""

    program: Path
    """The installed `eslbot`."""
    config: Path
    user: str
    spool_size: str = "256m"
    """As tmpfs writes sizes."""


def service(settings: Settings, places: Places) -> str:
    """eslbot.service."""
    spool = settings.audio.spool if settings.audio.source == "spool" else None
    group = settings.audio.group if spool is not None else None
    places_written = set(_written(settings))
    made = {path for path in places_written - {spool} if _base(path) is not None}
    # systemd makes no namespace for a path that is not there, and lets the service write what it made for it anyway.
    written = sorted(map(str, places_written - made))
    paths = " ".join([*map(_word, written), *(_word(f"-{path}") for path in _elsewhere(settings))])
    writes = f"ReadWritePaths={paths}\n" if paths else ""
    mounts = "" if spool is None or not mounted(spool) else f"RequiresMountsFor={_word(spool)}\n"
    # The spool's directory is 2770 where FreeSWITCH is another user, and this filter forbids to set that bit.
    suid = "RestrictSUIDSGID=yes\n" if group is None else ""
    member = "" if group is None else f"SupplementaryGroups={group}\n"
    return f"""\
# Made by `eslbot systemd`. Everything here can be changed by `systemctl edit {SERVICE}`.
[Unit]
Description=eslbot keeps FreeSWITCH's outbound calls lawful and decent
Wants=network-online.target
After=network-online.target freeswitch.service
{mounts}\
# However often it dies, it is started again: calls go on meanwhile, and it takes them up.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={_word(places.program)} run -c {_word(places.config)}
# Takes the rule packs anew.
ExecReload=/bin/kill -HUP $MAINPID
# Passwords and secrets, NAME=value a line, mode 0600.
EnvironmentFile=-{places.config.parent}/eslbot.env
User={places.user}
{member}\
{_made(made)}\
Restart=always
RestartSec=200ms
# Told twice in this time by the event loop itself: one that hangs is killed and started again.
WatchdogSec=10s
TimeoutStopSec=30s
# The recogniser's workers end with it.
KillMode=mixed
Nice=-5
OOMScoreAdjust=-500
LimitNOFILE=65536
# What is said on the phone is in memory only: never in a core file, never in swap.
LimitCORE=0
MemorySwapMax=0
UMask=0077

NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
{writes}\
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
{suid}\
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def mount(settings: Settings, places: Places) -> tuple[str, str] | None:
    """The spool's tmpfs: the unit's name and text; None where there is no spool, or it lies in /dev/shm."""
    spool = settings.audio.spool
    if settings.audio.source != "spool" or not mounted(spool):
        return None
    group = settings.audio.group
    mode = f"mode=2770,gid={group}" if group is not None else "mode=0700"
    return unit_name(spool), f"""\
# Made by `eslbot systemd`. The spool on a tmpfs of its own: should eslbot be dead for long, it fills this and no more.
[Unit]
Description=The spool of eslbot: audio of calls that are up, in memory
Before={SERVICE}

[Mount]
What=tmpfs
Where={spool}
Type=tmpfs
Options=size={places.spool_size},uid={places.user},{mode},noexec,nosuid,nodev

[Install]
WantedBy=multi-user.target
"""


def mounted(spool: Path) -> bool:
    """Whether the spool has a tmpfs of its own to be mounted."""
    return not spool.is_relative_to(_OWN)


def unit_name(path: Path) -> str:
    """The name systemd wants for a mount at `path` (systemd.unit(5), string escaping for inclusion in unit names)."""
    inner = str(path).strip("/").replace("/", "\0")
    escaped = re.sub(r"[^A-Za-z0-9:_.\0]|^\.", _hex, inner)
    return escaped.replace("\0", "-") + ".mount"


def _hex(found: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02x}" for byte in found[0].encode())


def _written(settings: Settings) -> Iterable[Path]:
    """Directories that the service makes files in. They must be there before it starts."""
    yield settings.record.directory
    yield settings.journal.directory
    yield settings.admin.socket.parent
    yield settings.record.live.parent if settings.record.live.is_relative_to(_OWN) else settings.record.live
    if settings.audio.source == "spool":
        yield settings.audio.spool.parent if settings.audio.spool.is_relative_to(_OWN) else settings.audio.spool
    url = urlsplit(settings.store.url)
    if url.scheme == "sqlite":
        yield Path(url.path[1:]).parent


def _elsewhere(settings: Settings) -> Iterable[Path]:
    """Directories of checkpoints and backups: a disk that is away must not keep the service from starting."""
    if settings.audit.checkpoint is not None:
        yield settings.audit.checkpoint.parent
    if settings.backup.to is not None and "://" not in settings.backup.to:
        yield Path(settings.backup.to)


def absent(settings: Settings) -> list[Path]:
    """Directories that the admin has to make: the service writes there, and neither systemd nor a mount makes them."""
    spool = settings.audio.spool if settings.audio.source == "spool" else None
    asked = {path for path in _written(settings) if path != spool and _base(path) is None}
    return sorted(path for path in asked if not path.is_dir())


_MADE = (("RuntimeDirectory", Path("/run")), ("StateDirectory", Path("/var/lib")))
"""What systemd makes, below what."""


def _base(path: Path) -> Path | None:
    return next((base for _, base in _MADE if base in path.parents and not _SPECIAL & set(str(path))), None)


def _made(places: Iterable[Path]) -> str:
    """Directories below /run and /var/lib that systemd is to make for the service, each by its whole name, since it
    makes none inside of one by itself; and to keep when it stops: the keys of calls that are up may be in them."""
    lines = []
    for word, base in _MADE:
        inside = [path.relative_to(base) for path in places if _base(path) == base]
        names = {str(Path(*path.parts[:depth])) for path in inside for depth in range(1, len(path.parts) + 1)}
        if names:
            lines += [f"{word}={' '.join(sorted(names))}", f"{word}Mode=0700"]
            lines += ["RuntimeDirectoryPreserve=yes"] if base == Path("/run") else []
    return "".join(line + "\n" for line in lines)


def _word(path: Path | str) -> str:
    """A path as one word of a unit: quoted where it must be, `%` and `$` meant as they stand."""
    text = str(path).replace("%", "%%").replace("$", "$$")
    return text if shlex.quote(text) == text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
