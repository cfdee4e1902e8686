"""Dial strings and the commands around them, as text. Pure: knows no leg.

`{a=1,b='x,y'}[c=2]sofia/internal/9001@host`, and `originate`'s arguments around it.
"""

import re
from dataclasses import dataclass, field

_ESCAPED = re.compile(r"\\([\\s])")
_CLOSERS = {"{": "}", "[": "]", "<": ">"}
_NUMBER = re.compile(r"sofia/(?:gateway/)?[^/]+/([^@,|]+)(?:@[^,|]*)?|user/([^@,|]+)(?:@[^,|]*)?")


class DialError(ValueError):
    """What was dialled cannot be. `cause` is the hangup cause FreeSWITCH gives."""

    def __init__(self, text: str, cause: str = "CHAN_NOT_IMPLEMENTED") -> None:
        super().__init__(text)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Dial:
    """One destination."""

    number: str
    channel_name: str
    user: bool = False
    """A registered user (`user/...`), who may be absent."""
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Originate:
    """The arguments of `originate`."""

    dial: str
    application: str
    data: str
    caller_name: str = ""
    caller_number: str = ""
    timeout: float | None = None


def blocks(text: str) -> tuple[dict[str, str], str]:
    """Takes `{...}`, `<...>` and `[...]` off the front: their variables, and what follows. Raises DialError."""
    variables: dict[str, str] = {}
    text = text.lstrip()
    while text and text[0] in _CLOSERS:
        end = _end(text)
        variables |= _assignments(text[1:end])
        text = text[end + 1 :].lstrip()
    return variables, text


def _end(text: str) -> int:
    opener, closer, depth, quoted = text[0], _CLOSERS[text[0]], 0, False
    for place, sign in enumerate(text):
        if sign == "'" and (place == 0 or text[place - 1] != "\\"):
            quoted = not quoted
        depth += (not quoted and sign == opener) - (not quoted and sign == closer)
        if depth == 0:
            return place
    raise DialError(f"no {closer} in {text[:40]!r}", "DESTINATION_OUT_OF_ORDER")


def _assignments(text: str) -> dict[str, str]:
    separator = ","
    if text.startswith("^^"):
        separator, text = text[2], text[3:]
    parts = re.findall(rf"((?:'(?:\\'|[^'])*'|\\.|[^{re.escape(separator)}'\\])+)", text)
    found = {}
    for part in parts:
        name, equals, value = part.strip().partition("=")
        if equals:
            found[name] = re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)'", "", value))
    return found


def parse_dial(text: str) -> Dial:
    """One destination; of several (`,` or `|`) the first. Raises DialError."""
    variables, rest = blocks(text)
    if rest.startswith("error/"):
        raise DialError(text, rest[6:].upper())
    match = _NUMBER.match(rest)
    if match is None:
        raise DialError(f"cannot dial {rest[:60]!r}")
    number = match[1] or match[2]
    return Dial(number, match[0] if match[1] else f"sofia/internal/{number}", match[1] is None, variables)


def words(text: str, most: int) -> list[str]:
    r"""FreeSWITCH's switch_separate_string for spaces: quotes hold together, the last word takes the rest, and in each
    `\s` is a space and `\\` a backslash."""
    return [_ESCAPED.sub(lambda found: " " if found[1] == "s" else found[1], word) for word in _words(text, most)]


def _words(text: str, most: int) -> list[str]:
    found: list[str] = []
    text = text.strip(" ")
    while text:
        if len(found) == most - 1:
            found.append(text)
            break
        match = re.match(r"'((?:\\'|[^'])*)'(?: +|$)|(\S+)(?: +|$)", text)
        if match is None:
            found.append(text)
            break
        found.append(match[1].replace("\\'", "'") if match[1] is not None else match[2])
        text = text[match.end() :]
    return found


def parse_originate(text: str) -> Originate:
    """`<dial string> <extension>|&app(data) [dialplan] [context] [cid_name] [cid_num] [timeout]`. Raises DialError."""
    end = 0
    while end < len(text) and text[end] in _CLOSERS:
        end += _end(text[end:]) + 1
    space = text.find(" ", end)
    if space < 0:
        raise DialError("-USAGE")
    dial, rest = text[:space], text[space + 1 :].strip()
    if not dial or not rest:
        raise DialError("-USAGE")
    if rest.startswith("&"):
        match = re.match(r"&([a-z_]+)(?:\((.*)\))?\s*(.*)$", rest, re.DOTALL)
        if match is None:
            raise DialError("-USAGE")
        application, data, more = match[1], match[2] or "", words(match[3], 6)
    else:
        extension, *more = words(rest, 6)
        application, data = "transfer", " ".join([extension, *[*more, "XML", "default"][:2]])
    more += [""] * (5 - len(more))
    timeout = float(more[4]) if more[4].replace(".", "").isdigit() else None
    return Originate(dial, application, data, more[2], more[3], timeout)
