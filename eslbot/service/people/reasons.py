"""What people must give a reason for: each handler asked for one where the configuration says so, and the reason made
fit for the audit. Knows verbs, not what they do."""

from collections.abc import Mapping, Sequence
from typing import Any

from eslbot.supervise.access import Person
from eslbot.supervise.admin import Handler
from eslbot.supervise.wire import Refused
from eslbot.watch.redact import redact_text

LONGEST = 500
"""Characters kept."""


class NoReason(Refused):
    """It is done for a reason only, and none was given."""


def asked(handlers: Mapping[str, Handler], verbs: Sequence[str]) -> dict[str, Handler]:
    """The same handlers; each is given `args["reason"]` as a text without what may be a person's number, and those of
    `verbs` are not asked without one."""
    return {verb: _asked(verb, handler, verb in verbs) for verb, handler in handlers.items()}


def _asked(verb: str, handler: Handler, needed: bool) -> Handler:
    def guarded(args: dict[str, Any], person: Person) -> dict[str, Any]:
        given = args.get("reason")
        reason = redact_text(given.strip()[:LONGEST]) if isinstance(given, str) else ""
        if needed and not reason and not (verb == "shadow" and "on" not in args):   # asking how it stands
            raise NoReason(f"{verb}: this installation asks for a reason")
        return handler({**args, "reason": reason}, person)

    return guarded


def why(args: dict[str, Any]) -> str:
    """The reason that a handler was given, already fit for the audit; empty: none."""
    return str(args.get("reason", ""))
