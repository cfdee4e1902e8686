"""Which call a person means: any leg's uuid, or an unambiguous prefix of six characters or more.
Pure. Knows no socket and no store."""

from collections.abc import Iterable, Mapping

SHORTEST = 6


class NoSuchCall(LookupError):
    """Nothing, or more than one thing, is meant. The text says which."""


def which_call(text: str, calls: Mapping[str, Iterable[str]]) -> str:
    """The id of the call that `text` means. `calls` maps each call's id to the uuids of its legs.

    Case does not matter. A whole uuid wins over a prefix. Raises NoSuchCall.
    """
    wanted = text.strip().lower()
    names = {call: {call.lower(), *(leg.lower() for leg in legs if leg)} for call, legs in calls.items()}
    for call, legs in names.items():
        if wanted in legs:
            return call
    if len(wanted) < SHORTEST:
        raise NoSuchCall(f"{text!r} is too short: give a leg's uuid or the first {SHORTEST} characters of it, or more")
    found = [call for call, legs in names.items() if any(leg.startswith(wanted) for leg in legs)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NoSuchCall(f"no call {text!r}")
    raise NoSuchCall(f"{text!r} is ambiguous: it could be {', '.join(sorted(found)[:5])}")
