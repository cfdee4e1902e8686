"""The kinds of value a setting can have, and how each is read from TOML or the environment. Raises ValueError with what
to write instead. Knows no file and no section; relative paths count from the base that validation is given."""

import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ValidationInfo

from eslbot import data
from eslbot.config.durations import parse_duration

_ADDRESS = re.compile(r"(?:\[([0-9A-Fa-f:.%]+)\]|([^\[\]:/\s]+)):(\d{1,5})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int
    """0: any free one."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether this host name or address can only be this machine (a name other than localhost is not trusted to be)."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def base_of(info: ValidationInfo) -> Path:
    """The directory relative paths count from: the configuration file's, else the working directory."""
    base = (info.context or {}).get("base")
    return base if isinstance(base, Path) else Path.cwd()


def _address(value: Any) -> Any:
    if isinstance(value, Address):
        return value
    found = _ADDRESS.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[3]) > 65535:
        raise ValueError(f"{value!r} is not an address: write host:port, like 127.0.0.1:9464 or [::1]:9464")
    return Address(found[1] or found[2], int(found[3]))


def _path(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, (str, Path)) or not str(value) or "\0" in str(value):
        raise ValueError("must be a path")
    return base_of(info) / os.path.expanduser(value)


def _name_or_path(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("must be a shipped name or a path")
    if _NAME.fullmatch(value) and not value.endswith((".yaml", ".yml")):
        return value
    return str(base_of(info) / os.path.expanduser(value))


def _model(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"must be a directory or a shipped model ({', '.join(data.MODELS)})")
    return value if value in data.MODELS else str(base_of(info) / os.path.expanduser(value))


def _listed(value: Any) -> Any:
    """One string may stand for a list; the environment separates several by commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _websocket(value: Any) -> Any:
    return _url(value, ("ws", "wss"))


def _web(value: Any) -> Any:
    return _url(value, ("http", "https"))


def _url(value: Any, schemes: tuple[str, ...]) -> str:
    wanted = f"must be a URL with {' or '.join(scheme + '://' for scheme in schemes)} and a host"
    if not isinstance(value, str) or any(c.isspace() or ord(c) < 32 for c in value):
        raise ValueError(wanted)
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, or half a bracket
        usable = False
    if not usable:
        raise ValueError(wanted)
    return value


def _store_url(value: Any, info: ValidationInfo) -> Any:
    """SQLite's relative paths count from the file too."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9+]*://[^\s\0]*", value):
        raise ValueError("must be a database URL, like sqlite:///eslbot.db or postgresql+psycopg://user@host/name")
    found = re.fullmatch(r"(sqlite(?:\+pysqlite)?:///)([^/?:][^?]*)(\?.*)?", value)
    return f"{found[1]}{base_of(info) / found[2]}{found[3] or ''}" if found else value


def _backup_place(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str) and re.match(r"[a-z][a-z0-9+]*://", value):
        if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.*'()/-]*)?", value):
            raise ValueError("must be a directory or s3://bucket/prefix")
        return value
    return str(_path(value, info))


def _far_path(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith("/") or re.search(r"[\x00-\x1f'\"$ ]", value):
        raise ValueError("must be an absolute path as the switch sees it, without spaces, quotes or $")
    return value.rstrip("/") or "/"


Listen = Annotated[Address, BeforeValidator(_address)]
Duration = Annotated[float, BeforeValidator(parse_duration)]
"""Seconds."""
LocalPath = Annotated[Path, BeforeValidator(_path)]
FarPath = Annotated[str, BeforeValidator(_far_path)]
"""A path on the switch's machine."""
NameOrPath = Annotated[str, BeforeValidator(_name_or_path)]
"""A shipped pack's name as it is, or an absolute path."""
Model = Annotated[str, BeforeValidator(_model)]
"""A shipped model's name as it is, or an absolute path."""
WebSocketUrl = Annotated[str, BeforeValidator(_websocket)]
WebUrl = Annotated[str, BeforeValidator(_web)]
StoreUrl = Annotated[str, BeforeValidator(_store_url)]
BackupPlace = Annotated[str, BeforeValidator(_backup_place)]
"""An absolute path, or s3://bucket/prefix."""
Listed = BeforeValidator(_listed)
