"""Which extension of an XML dialplan takes a destination, and what it plays. Pure: the context's XML in, as the switch
holds it; who answers out.

As FreeSWITCH reads it: extensions in their order, the first that matches and does not continue wins. A condition on
anything but the destination cannot be told before the call; what hangs on one may win, or not."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

_TO_BE_TOLD = ("wday", "mday", "mon", "year", "yday", "hour", "minute", "minute-of-day", "week", "mweek", "time-of-day",
               "date-time", "tz-offset", "dst")
"""Attributes of a condition that ask for the time of the call."""
_DESTINATION = ("destination_number", "${destination_number}")
PLAYS = ("playback", "endless_playback", "play_and_get_digits", "play_and_detect_speech", "read", "phrase", "say",
         "speak", "ivr", "gentones", "bridge", "conference", "voicemail")
"""Applications that let somebody hear something."""
ELSEWHERE = ("transfer", "execute_extension", "lua", "python3", "javascript", "perl", "socket", "httapi")
"""Applications that go on where this cannot look."""
INERT = frozenset({"set", "export", "unset", "multiset", "multiunset", "push", "unshift", "set_global", "set_user",
                   "set_profile_var", "hash", "db", "log", "info", "event", "verbose_events", "limit"})
"""Applications that leave a call where it is: an extension that has no other and continues takes nothing."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The extension that takes the destination."""

    name: str
    files: tuple[str, ...] = ()
    """Absolute paths that it plays, as far as they can be told."""
    plays: bool = True
    """Whether anything in it lets somebody hear something, or goes on elsewhere."""
    certain: bool = True
    """False: it has a condition that cannot be told before the call."""
    before: tuple[str, ...] = ()
    """Extensions that stand before it and may take the call instead."""


class NotXml(ValueError):
    """What the switch answered is no dialplan."""


def answering(xml: str, destination: str, language: str) -> Answering | None:
    """Who takes it; None: nobody. `language` stands in for what a path takes from the call. Raises NotXml."""
    try:
        root = ElementTree.fromstring(xml.strip())
    except ElementTree.ParseError as error:
        raise NotXml(str(error)) from error
    maybe: list[str] = []
    found: Answering | None = None
    for extension in root.iter("extension"):
        takes = _takes(extension, destination)
        if takes is False:
            continue
        one = _described(extension, language, takes is True, tuple(maybe))
        if takes is True and extension.get("continue") != "true":
            return one
        if takes is None and _names(extension, destination):
            found = found or one
        if extension.get("continue") != "true" or not _applications(extension) <= INERT:
            maybe.append(one.name)
    return found


def _takes(extension: ElementTree.Element, destination: str) -> bool | None:
    """None: it cannot be told."""
    certain = True
    for condition in extension.findall("condition"):
        true = _true(condition, destination)
        breaks = condition.get("break", "on-false")
        if true is False and breaks in ("on-false", "always"):
            return False
        if true is None and breaks != "never":
            certain = False
    return True if certain else None


def _true(condition: ElementTree.Element, destination: str) -> bool | None:
    if any(condition.get(name) is not None for name in _TO_BE_TOLD) or condition.find("regex") is not None:
        return None
    field = condition.get("field")
    if not field:
        return True
    return _matches(_expression(condition), destination) if field in _DESTINATION else None


def _expression(condition: ElementTree.Element) -> str:
    child = condition.find("expression")
    return condition.get("expression") or (child.text or "" if child is not None else "")


def _matches(expression: str, destination: str) -> bool | None:
    if expression.startswith("_"):   # a pattern in Asterisk's manner
        return None
    try:
        with warnings.catch_warnings(action="ignore"):   # of signs that a later Python may read otherwise
            return re.search(expression, destination) is not None
    except (re.error, OverflowError, RecursionError):
        return None


def _names(extension: ElementTree.Element, destination: str) -> bool:
    """Whether it asks for this very destination, beside what cannot be told."""
    return any(condition.get("field") in _DESTINATION and _matches(_expression(condition), destination)
               for condition in extension.findall("condition"))


def _described(extension: ElementTree.Element, language: str, certain: bool, before: tuple[str, ...]) -> Answering:
    applications = {action.get("application", "") for action in extension.iter("action")}
    return Answering(
        extension.get("name", "unnamed"), tuple(dict.fromkeys(_files(extension, language))),
        bool(applications & {*PLAYS, *ELSEWHERE}), certain, before,
    )


def _applications(extension: ElementTree.Element) -> set[str]:
    return {one.get("application", "") for kind in ("action", "anti-action") for one in extension.iter(kind)}


def _files(extension: ElementTree.Element, language: str) -> Iterator[str]:
    set_here: dict[str, list[str]] = {}
    for action in (*extension.iter("action"), *extension.iter("anti-action")):
        if action.get("application") in ("set", "export"):
            name, _, value = action.get("data", "").partition("=")
            set_here.setdefault(name, []).append(value)
    for action in extension.iter("action"):
        if action.get("application") not in ("playback", "endless_playback"):
            continue
        data = action.get("data", "")
        variable = re.fullmatch(r"\$\{([^}]+)\}", data)
        for path in set_here.get(variable[1], []) if variable else [data]:
            told = re.sub(r"\$1|\$\{1\}", language, path)
            if told.startswith("/") and "$" not in told:
                yield told
