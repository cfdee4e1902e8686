"""Whose a live call is, a message of it as it stands in the ring, and what of it the agent in the call is shown. Pure;
knows no reader and no ring."""

from dataclasses import dataclass, field

import orjson

from eslbot.call.acting import HANDED_OVER
from eslbot.supervise.live.acts import OPEN_TO_AGENTS
from eslbot.supervise.live.call import NOTHING_FOUND
from eslbot.supervise.live.words import Message


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose call it is, as accounts know it."""

    team: str = ""
    agent: str = ""
    """The account's name."""
    label: str = ""
    """How the agent is called on a page."""
    first: float = 0.0
    """From where on the call is this agent's: seconds of its audio ..."""
    started: float = 0.0
    """... and seconds since the epoch."""


@dataclass(slots=True)
class Delta:
    """A numbered message."""

    number: int
    message: Message
    owner: Owner
    was: Owner | None = None
    """Whose call it was until now: those who saw it then and do not now are told that it is gone."""
    _bytes: dict[bool, bytes] = field(default_factory=dict)

    def told(self, agent: bool) -> bytes:
        """As JSON, made once for all readers. `agent`: for the call's own agent."""
        found = self._bytes.get(agent)
        if found is None:
            message = for_agent(self.message, self.owner) if agent else self.message
            found = self._bytes[agent] = b"" if message is None else orjson.dumps(message)
        return found


def for_agent(message: Message, owner: Owner) -> Message | None:
    """What of a message the call's present agent is shown; None: nothing. Who listens is not for the feed to tell, nor
    what was said and found before this agent came."""
    kind = message["k"]
    if kind == "act":
        own = message["at"] >= owner.started and message["outcome"] != HANDED_OVER
        shown = own and message["kind"] in OPEN_TO_AGENTS
        return {**message, "by": ""} if shown else None
    if kind == "row":
        row = {**message, **message["found"].get(owner.agent, NOTHING_FOUND)}
        return {key: value for key, value in row.items() if key not in ("supervisors", "found")}
    if kind == "whole":
        parts = {name: [kept for each in message[name] if (kept := for_agent(each, owner)) is not None]
                 for name in ("words", "hits", "acts")}
        return {**message, "row": for_agent(message["row"], owner), **parts}
    if kind == "hit":
        return message if message["agent"] == owner.agent else None
    if kind == "words":
        return message if message["start"] >= owner.first else None
    return None if kind in ("alert", "ack") else message
