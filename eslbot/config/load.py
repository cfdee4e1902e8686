"""Reads eslbot.toml and the environment into Settings, and tells everything that is wrong at once.

Any key of a section can be set or overridden from the environment: ESLBOT_WATCH__LISTEN is [watch] listen,
ESLBOT_AUDIO__FORK__LISTEN is [audio.fork] listen; lists are separated by commas. Switches are set in the file only.
Reads the file it is given and nothing else; opens no connection."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eslbot.config import keyholders
from eslbot.config.fields import Address, is_loopback
from eslbot.config.findings import ConfigError, Finding, dotted, findings_of, keys_at, unknown
from eslbot.config.inputs import DEFAULT_PASSWORD
from eslbot.config.locate import Place, line_of, locate
from eslbot.config.settings import Settings

_PLACE = re.compile(r"\(at line (\d+), column \d+\)\Z")
_VARIABLE = re.compile(r"ESLBOT_([A-Z0-9]+(?:__[A-Z0-9]+(?:_[A-Z0-9]+)*)+)\Z")

Recipient = Callable[[str], object]
"""Raises ValueError for a text that is no recipient."""


def load(
    path: Path, environ: Mapping[str, str], *, secrets: bool = True, recipient: Recipient | None = None
) -> Settings:
    """The settings of the file at `path` under `environ`. Raises ConfigError with every finding.

    `secrets` False: passwords are left out where the environment has none (commands that connect to no switch).
    `recipient`: what checks a recipient; absent: eslbot.record.keys.
    """
    settings, findings = read(path, environ, secrets=secrets, recipient=recipient)
    if settings is None:
        raise ConfigError(tuple(finding for finding in findings if finding.error))
    return settings


def read(
    path: Path, environ: Mapping[str, str], *, secrets: bool = True, recipient: Recipient | None = None
) -> tuple[Settings | None, tuple[Finding, ...]]:
    """As `load`, but errors come back as findings, and warnings with them."""
    origin = str(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        return None, (Finding(origin, None, "", f"cannot be read: {error.strerror or error}"),)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return None, (Finding(origin, line, "", "is not UTF-8 text"),)
    try:
        if text.startswith("\ufeff"):
            return None, (Finding(origin, 1, "", "begins with a byte order mark: save it as UTF-8 without one"),)
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (_syntax(origin, text, str(error)),)
    findings: list[Finding] = []
    strangers = _overlay(data, environ, findings)
    context = {
        "base": path.absolute().parent,
        "environ": environ,
        "secrets": secrets,
        "recipient": recipient or _age_recipient,
    }
    lines = locate(text.replace("\r\n", "\n"))
    findings += [Finding(origin, line_of(lines, place), dotted(place), said) for place, said in _repeats(data)]
    try:
        settings = Settings.model_validate(data, context=context)
    except ValidationError as error:
        findings += findings_of(error.errors(), Settings, origin, lines, strangers)
    if findings:
        return None, tuple(sorted(findings, key=lambda f: (f.origin != origin, f.line or 0, f.origin, f.key)))
    return settings, tuple(_warnings(settings, origin, lines))


def _age_recipient(text: str) -> object:
    from eslbot.record.keys import parse_recipient  # here, since only this needs cryptography

    return parse_recipient(text, "not usable")


def _syntax(origin: str, text: str, message: str) -> Finding:
    found = _PLACE.search(message)
    line = int(found[1]) if found else max(1, text.rstrip().count("\n") + 1)
    return Finding(origin, line, "", f"not TOML: {_PLACE.sub('', message).strip()}")


def _overlay(data: dict[str, Any], environ: Mapping[str, str], findings: list[Finding]) -> dict[Place, str]:
    """Put the environment's values into `data`. Returns which places they took, each with its variable's name."""
    strangers: dict[Place, str] = {}
    for name, value in sorted(environ.items()):
        found = _VARIABLE.match(name)
        if found is None:
            continue
        place: Place = tuple(part.lower() for part in found[1].split("__"))
        known = keys_at(Settings, place[:-1])
        if place[0] in ("switch", "recipient"):
            what = {"switch": "switches", "recipient": "recipients with a role"}[place[0]]
            findings.append(Finding(f"environment {name}", None, "", f"{what} are set in the file only"))
        elif place[-1] not in known:
            siblings = known or keys_at(Settings, ())
            odd = str(place[-1] if known else place[0])
            findings.append(Finding(f"environment {name}", None, odd, unknown(odd, siblings)))
        elif not keys_at(Settings, place):
            table: Any = data
            for part in place[:-1]:
                table = table.setdefault(part, {}) if isinstance(table, dict) else None
            if isinstance(table, dict):  # else the file has a value where a table belongs, and is told so
                table[place[-1]] = value
                strangers[place] = f"environment {name}"
    return strangers


def _repeats(data: dict[str, Any]) -> list[tuple[Place, str]]:
    """What must be there once only. Over the raw values, so that it is told beside every other error."""
    found: list[tuple[Place, str]] = []
    switches = data.get("switch")
    names = [table.get("name") if isinstance(table, dict) else None for table in _list(switches)]
    for number, name in enumerate(names):
        if isinstance(name, str) and name in names[:number]:
            found.append((("switch", number, "name"), f"another switch is called {name} already"))
    return found + keyholders.faults(data)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _listens(settings: Settings) -> list[tuple[tuple[str, ...], Address]]:
    """What is listened on, by where it stands."""
    found: list[tuple[tuple[str, ...], Address]] = [(("watch", "listen"), settings.watch.listen)]
    if settings.web.enabled:
        found.append((("web", "listen"), settings.web.listen))
    if settings.audio.source == "fork":
        found.append((("audio", "fork", "listen"), settings.audio.fork.listen))
    if settings.supervise.phones is not None:
        found.append((("supervise", "phones"), settings.supervise.phones))
    return found


def _warnings(settings: Settings, origin: str, lines: dict[Place, int]) -> list[Finding]:
    found = []
    for number, switch in enumerate(settings.switches):
        if switch.password == DEFAULT_PASSWORD and is_loopback(switch.host):
            place: Place = ("switch", number)
            message = "has FreeSWITCH's default password: anyone on this host can command the switch"
            found.append(Finding(origin, lines.get(place), f"switch[{number}]", message, error=False))
    if settings.audio.source == "fork" and not is_loopback(settings.audio.fork.listen.host):
        message = "audio crosses the network unencrypted, unless something in front of this address encrypts it"
        line = lines.get(("audio", "fork", "listen"))
        found.append(Finding(origin, line, "audio.fork.listen", message, error=False))
    if settings.alert.webhook is not None and settings.alert.secret_env is None and not settings.alert.secret:
        message = "posts are not signed: name the secret's environment variable in secret_env"
        found.append(Finding(origin, lines.get(("alert", "webhook")), "alert.webhook", message, error=False))
    mask = settings.mask
    if mask.hold < mask.back:
        place = ("mask", "hold") if ("mask", "hold") in lines else ("mask", "back")
        message = (f"{mask.hold:g} s wait unsealed, and a mask is to reach {mask.back:g} s back (mask.back): what is "
                   "sealed by then cannot be masked")
        found.append(Finding(origin, lines.get(place), "mask.hold", message, error=False))
    taken: dict[Address, str] = {}
    for key, address in _listens(settings):
        name = ".".join(key)
        if address.port and address in taken:   # port 0 is another each time
            message = f"the address of {taken[address]}: the service cannot start with both"
            found.append(Finding(origin, lines.get(key), name, message, error=False))
        taken.setdefault(address, name)
    message = keyholders.lonely(settings.sealed_for)
    if message:
        line = lines.get(("record", "recipients"))
        found.append(Finding(origin, line, "record.recipients", message, error=False))
    return found
