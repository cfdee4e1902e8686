"""The one place where greenlets are spawned. Each has a name, an owner and an end; one that fails is logged, counted by
its owner's callback, and started again where its owner said so. Knows nothing of what runs in them."""

import functools
import traceback
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event

Failed = Callable[[str, BaseException], None]
"""Told the name and the error of a greenlet that failed."""


class Greenlets:
    """Owns a set of greenlets. `stop` ends all of them; a group may be the child of another."""

    def __init__(self, failed: Failed | None = None) -> None:
        self._failed = failed
        self._live: set[gevent.Greenlet] = set()
        self._stopping = Event()

    def spawn(self, name: str, run: Callable[..., Any], *args: Any, restart_after: float | None = None) -> Any:
        """Run `run(*args)` in a greenlet of that name.

        `restart_after`: seconds after which a failed run (an exception, not a return) is started again; None: never.
        A failure reaches the `failed` callback each time and never escapes into the hub.
        """
        if self._stopping.is_set():
            raise RuntimeError(f"{name}: this group of greenlets has been stopped")
        greenlet = gevent.Greenlet(self._guard, name, functools.partial(run, *args), restart_after)
        greenlet.name = name
        self._live.add(greenlet)
        greenlet.link(self._live.discard)
        greenlet.start()
        return greenlet

    def _guard(self, name: str, run: Callable[[], Any], restart_after: float | None) -> Any:
        while True:
            try:
                return run()
            except Exception as error:  # noqa: BLE001 - whatever it was, the others go on and it is told
                if self._failed is None:
                    traceback.print_exc()
                else:
                    self._failed(name, error)
                if restart_after is None or self._stopping.wait(restart_after):
                    return None

    @property
    def names(self) -> list[str]:
        """Names of the live ones, sorted."""
        return sorted(g.name for g in self._live)

    def stop(self, timeout: float = 5.0) -> None:
        """End all of them (GreenletExit is raised in each) and wait at most `timeout` seconds."""
        self._stopping.set()
        here = gevent.getcurrent()
        gevent.killall([g for g in self._live if g is not here], block=True, timeout=timeout)
