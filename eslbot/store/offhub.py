"""Work that would block the hub, done in gevent's own thread pool while the greenlet that asked for it waits. Knows
nothing of what the work is.

gevent's pool and not a plain thread: a plain thread that holds the interpreter's lock at the wrong moment stalled the
hub for hundreds of milliseconds where the pool's took less than one."""

from collections.abc import Callable
from pathlib import Path
from threading import get_native_id
from typing import ParamSpec, TypeVar

import gevent
from gevent.threadpool import ThreadPool

P = ParamSpec("P")
T = TypeVar("T")
_END_SECONDS = 1.0


class OffHub:
    """A bounded number of threads. `run` may be called from any greenlet, never from the hub itself."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPool(threads)
        self._threads: set[int] = set()
        """The system's numbers of those that have worked."""

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `work` in a thread and give back what it gives, or raise what it raises, here."""

        def caught() -> tuple[T | None, BaseException | None]:   # an error that leaves the thread is printed by gevent
            self._threads.add(get_native_id())
            try:
                return work(*args, **kwargs), None
            except BaseException as error:  # noqa: BLE001 - raised again in the greenlet that asked
                return None, error

        value, error = self._pool.apply(caught)
        if error is not None:
            raise error
        return value  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let the threads go. Work that is under way is finished by its thread and forgotten.

        The pool forgets a thread before it has ended. A program that ends meanwhile was seen to crash in what psycopg
        had left in that thread's hub, so wait, as long as an end may take, until the system knows it no more."""
        self._pool.kill()
        with gevent.Timeout(_END_SECONDS, False):
            while any(Path(f"/proc/self/task/{thread}").exists() for thread in self._threads):
                gevent.sleep(0.001)


def inline(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same call for programs that have no hub to spare: does the work here and now."""
    return work(*args, **kwargs)
