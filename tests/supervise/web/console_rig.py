"""The console over a feed with one call in it, real accounts and a real store, and handlers that note what they are
asked. For the tests of its pages: no switch, no socket."""

from pathlib import Path
from typing import Any

from eslbot.store import Store
from eslbot.supervise.access import Permission, Person, Staff
from eslbot.supervise.web import console, pages
from tests.supervise.live.watched import Watched
from tests.supervise.web.rig import WebRig


class ConsoleRig:
    """`people()` makes one account of each kind: sup, seat1 (the call's agent), aud, qa, other (of another team)."""

    def __init__(self, directory: Path, play: Any = None, reasons: tuple[str, ...] = ()) -> None:
        self.watched = Watched()
        self.asked: list[tuple[str, dict[str, Any], str]] = []
        handlers = {verb: self._noting(verb) for verb in ("mute", "unmute", "hangup", "listen", "acknowledge")}
        self._blueprint: list[Any] = []
        self.web = WebRig(directory, handlers, self._blueprint)
        self.store = Store(self.web.url, self.web.greenlets)
        self.parts = pages.Console(self.watched.feed, self.store, play, {"correction": "Corrected"}, reasons)
        self.web.app.register_blueprint(console.blueprint(self.parts))

    def _noting(self, verb: str) -> Any:
        def handler(args: dict[str, Any], person: Person) -> dict[str, Any]:
            person.needs(Permission.ALERTS if verb == "acknowledge" else Permission.ACT)
            self.asked.append((verb, args, person.name))
            return {"done": [verb]}

        return handler

    def people(self) -> None:
        for name, role, teams in (
            ("sup", Staff.SUPERVISOR, ()), ("seat1", Staff.AGENT, ("north",)), ("aud", Staff.AUDITOR, ()),
            ("qa", Staff.QUALITY, ()), ("other", Staff.SUPERVISOR, ("south",)),
        ):
            self.web.add(name, role, teams)

    def stop(self) -> None:
        self.store.stop()
        self.web.stop()
