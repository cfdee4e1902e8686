"""How a command is built: what an argument may hold, and what an answer means. Pure. Knows no command.

Nothing is quoted, because nothing that needs quoting is let through: every argument is matched against a small set of
signs, so that none can end the command, start another, be split, or be expanded (`${}`). Refused says which.
"""

import re
from dataclasses import dataclass

from eslbot.model.call import LegId
from eslbot.switch.facts import UUID

NO_CHANNEL = "-ERR No such channel!"

_ARGUMENTS = {
    "leg": UUID,
    "path": re.compile(r"/[A-Za-z0-9_.@,+=:/-]{1,1000}"),
    "url": re.compile(r"wss?://[A-Za-z0-9_.\[\]:-]{1,200}(?:/[A-Za-z0-9_.~%=?&/-]{0,600})?"),
    "name": re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}"),
    "extension": re.compile(r"[A-Za-z0-9_.*#+-]{1,64}"),
    "value": re.compile(r"[A-Za-z0-9_.:@/+=,*#-]{0,500}"),
    "number": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}"),
    "dial": re.compile(r"[A-Za-z0-9_.:@/+=;%-]{1,200}"),
    "metadata": re.compile(r"[A-Za-z0-9_.:{}\",-]{1,500}"),
}


class Refused(ValueError):
    """An argument that no command may hold. Says which argument and of which command, never its value."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the switch answered."""

    ok: bool
    """False for -ERR and -USAGE."""
    text: str
    """Without the newline at its end."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. Of several, each is sent only when the one before it was `done`."""

    text: str
    """Without the leading `api `; the name of the event, where it has headers."""
    tolerates: tuple[str, ...] = ()
    """Answers that sound like a failure and mean that there was nothing left to do."""
    headers: tuple[tuple[str, str], ...] = ()
    """Where there are some it is no api command but an event to fire (`sendevent`)."""
    body: str = ""
    """Of that event; the only place where words of a person may stand."""

    def done(self, reply: Reply) -> bool:
        """Whether this answer means that what was wanted is so."""
        return reply.ok or reply.text in self.tolerates


def reply_of(text: str) -> Reply:
    return Reply(not text.startswith(("-ERR", "-USAGE")), text)


def build(api: str, *arguments: str, tolerates: tuple[str, ...] = ()) -> Command:
    """An api command of arguments that fit."""
    text = " ".join((api, *arguments))
    if "mod_event_socket" in text:  # mod_event_socket reads (un)load commands into any line that names it
        raise Refused(f"{api}: an argument names mod_event_socket")
    return Command(text, tolerates)


def set_variable(leg: LegId, name: str, value: str) -> Command:
    """`uuid_setvar`; an empty value unsets."""
    if value.startswith("ARRAY::"):
        raise Refused("uuid_setvar: a value that the switch would read as an array")
    return build("uuid_setvar", leg_of(leg), fit("name", name, "variable name"), fit("value", value, "variable value"))


def leg_of(leg: LegId) -> str:
    """A leg's uuid as an argument."""
    return fit("leg", leg, "leg")


def fit(kind: str, argument: str, what: str) -> str:
    """The argument, if it may stand in a command. Raises Refused, which names `what` and never its value."""
    if not _ARGUMENTS[kind].fullmatch(argument) or (kind == "path" and ".." in argument.split("/")):
        raise Refused(f"{what}: signs, or a length, that no command of ours may hold")
    return argument
