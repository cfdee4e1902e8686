"""Work that would block the hub, done in gevent's own thread pool while the greenlet that asked for it waits. Knows
nothing of what the work is.

gevent's pool and not a plain thread: a plain thread that holds the interpreter's lock at the wrong moment stalled the
hub for hundreds of milliseconds where the pool's took less than one."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from gevent.threadpool import ThreadPool

P = ParamSpec("P")
T = TypeVar("T")


class OffHub:
    """A bounded number of threads. `run` may be called from any greenlet, never from the hub itself."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPool(threads)

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `work` in a thread and give back what it gives, or raise what it raises, here."""

        def caught() -> tuple[T | None, BaseException | None]:   # an error that leaves the thread is printed by gevent
            try:
                return work(*args, **kwargs), None
            except BaseException as error:  # noqa: BLE001 - raised again in the greenlet that asked
                return None, error

        value, error = self._pool.apply(caught)
        if error is not None:
            raise error
        return value  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let the threads go. Work that is under way is finished by its thread and forgotten."""
        self._pool.kill()


def inline(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same call for programs that have no hub to spare: does the work here and now."""
    return work(*args, **kwargs)
