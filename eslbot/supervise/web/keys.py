"""Which single keys do something on the console's pages, where, and for whom: for the page of help and for the dialog
that `?` opens. Knows permissions and names of texts; what a key does its page's script says."""

from collections.abc import Iterable, Sequence

from eslbot.supervise.access import Permission, Person

Keys = tuple[tuple[str, str], ...]
"""(key, text's key) each."""
Group = tuple[str, Keys]
"""(title's key, its keys)."""

KEYS: tuple[tuple[str, Permission | None, Keys], ...] = (
    ("help.everywhere", None, (("?", "help.key-help"), ("Esc", "help.key-close"))),
    ("help.on-duty", Permission.SEE, (
        ("G", "help.key-wall"), ("A", "help.key-alert"), ("S", "help.key-sound"))),
    ("help.in-list", Permission.SEE, (
        ("/", "help.key-filter"), ("J ↓", "help.key-next"), ("K ↑", "help.key-previous"), ("Enter", "help.key-open"))),
    ("help.in-call", None, ()),
    ("help.in-player", Permission.PLAY, (
        ("Space", "help.key-play"), ("←", "help.key-back"), ("→", "help.key-forward"), ("N", "help.key-next-hit"),
        ("↑ ↓", "help.key-lines"))),
)
"""By where they do something, and who gets there. Those in a call are the acts that a person is offered."""


def groups(person: Person, offered: Iterable[Sequence[tuple[str, str]]]) -> list[Group]:
    """Those that are theirs. `offered`: (verb, key) of their acts, in groups."""
    acts: Keys = tuple((key.upper(), f"act.{verb}") for group in offered for verb, key in group)
    found = [(title, keys or acts) for title, who, keys in KEYS if who is None or person.may(who)]
    return [(title, keys) for title, keys in found if keys]
