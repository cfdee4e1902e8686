"""Recogniser workers of our own: started, watched, started again when they die or go silent, replaced after enough
streams so that no leak grows. Knows nothing of what is said to them."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gevent
from gevent import subprocess

from eslbot.greenlets import Greenlets
from eslbot.listen import tuning
from eslbot.listen.client import address
from eslbot.listen.endpoint import Endpoint, Fleet

_LOOK = 0.1
_LONGEST_PATH = 90
"""A unix socket's path may have 107 bytes."""


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """How many workers, and how they are looked after."""

    model: Path
    workers: int
    streams_per_worker: int = 500
    """After so many a worker gets a successor and ends with its last stream."""
    ready_within: float = 120.0
    """Seconds to load the model; a big one from a cold disk takes long."""
    steady_after: float = 10.0
    """Seconds after which a death counts as the first again; before, each pause is twice the last."""
    first_pause: float = 0.05
    longest_pause: float = 2.0


@dataclass(frozen=True, slots=True)
class WorkerChanged:
    """Told whenever a worker comes or goes: for logs, metrics and an alert."""

    name: str
    state: str
    """`ready`, `died`, `silent` (killed because it answered nobody), `failed` (never got ready), `retired`."""
    detail: str = ""
    """The exit status or signal of one that died; why one that is ready decodes slower than it might."""


class Worker:
    """One process and its address."""

    def __init__(self, name: str, model: Path, directory: Path) -> None:
        self._socket = directory / f"{name}.sock"
        self.endpoint = Endpoint(name, address(f"unix:{self._socket}"), ready=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eslbot.listen.worker", "--model", str(model), "--socket", str(self._socket),
             "--parent", str(os.getpid())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=tuning.for_this_machine(), cwd="/",
        )  # fmt: skip
        self.pid: int = self._process.pid

    def wait_ready(self, within: float) -> bool:
        """Whether it says that it takes connections."""
        with gevent.Timeout(within, False):
            if self._process.stdout.readline().startswith(b"ready"):
                return True
            self._process.wait()  # it has closed its output, so it is ending: `exit` is to say how
        return False

    @property
    def exit(self) -> str | None:
        """How it ended: `exit 1`, `SIGSEGV`; None while it runs."""
        status = self._process.poll()
        if status is None:
            return None
        return f"exit {status}" if status >= 0 else signal.Signals(-status).name

    def kill(self) -> None:
        """End it now, whatever state it is in, and wait until it is gone."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            pipe.close()
        self._socket.unlink(missing_ok=True)


class Pool:
    """Keeps `workers` of them alive as endpoints of the fleet."""

    def __init__(
        self,
        options: PoolOptions,
        fleet: Fleet,
        greenlets: Greenlets,
        on_change: Callable[[WorkerChanged], None],
    ) -> None:
        self._options = options
        self._fleet = fleet
        self._greenlets = greenlets
        self._on_change = on_change
        self._directory: Path | None = None
        self._workers: set[Worker] = set()
        self._count = 0

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by worker's name."""
        return {worker.endpoint.name: worker.pid for worker in self._workers}

    def start(self) -> None:
        """Start them; returns before they are ready."""
        parent = tempfile.gettempdir()
        self._directory = Path(
            tempfile.mkdtemp(prefix="eslbot-", dir=parent if len(os.fsencode(parent)) < _LONGEST_PATH - 30 else "/tmp")
        )
        for _ in range(self._options.workers):
            self._greenlets.spawn("recogniser-worker", self._keep, restart_after=1.0)

    def stop(self) -> None:
        """Kill them all."""
        directory, self._directory = self._directory, None
        for worker in list(self._workers):
            self._remove(worker)
        if directory is not None:
            shutil.rmtree(directory, ignore_errors=True)

    def _keep(self) -> None:
        """One place in the pool: always a worker in it."""
        pause = self._options.first_pause
        while self._directory is not None:
            worker = self._start()
            if worker is not None:
                born = self._fleet.now()
                if self._watch(worker):
                    self._greenlets.spawn("recogniser-retiring", self._drain, worker)
                    pause = 0.0
                elif self._fleet.now() - born > self._options.steady_after:
                    pause = self._options.first_pause
            gevent.sleep(pause)
            pause = min(self._options.longest_pause, max(pause, self._options.first_pause) * 2)

    def _start(self) -> Worker | None:
        assert self._directory is not None
        self._count += 1
        worker = Worker(f"worker-{self._count}", self._options.model, self._directory)
        self._workers.add(worker)
        if not worker.wait_ready(self._options.ready_within):
            detail = worker.exit or "not ready in time"
            self._remove(worker)
            self._tell(worker, "failed", detail)
            return None
        self._fleet.endpoints.append(worker.endpoint)
        self._fleet.took(worker.endpoint)
        for other in self._fleet.endpoints:
            if other.served >= self._options.streams_per_worker:
                other.retiring = True
        self._tell(worker, "ready", tuning.shortfall())
        return worker

    def _watch(self, worker: Worker) -> bool:
        """Until it is to be replaced: True when it has served enough and goes on with what it has, False when it is
        gone."""
        while worker.exit is None:
            if worker.endpoint.suspected:
                self._remove(worker)
                self._tell(worker, "silent")
                return False
            if worker.endpoint.served >= self._options.streams_per_worker:
                return True
            gevent.sleep(_LOOK)
        self._remove(worker)
        self._tell(worker, "died", worker.exit)
        return False

    def _drain(self, worker: Worker) -> None:
        """A worker that has a successor: until its last stream ends."""
        while worker.exit is None and not worker.endpoint.suspected:
            if worker.endpoint.retiring and worker.endpoint.streams == 0:
                self._remove(worker)
                self._tell(worker, "retired")
                return
            gevent.sleep(_LOOK)
        died = worker.exit
        self._remove(worker)
        self._tell(worker, "died" if died else "silent", died or "")

    def _remove(self, worker: Worker) -> None:
        if worker.endpoint in self._fleet.endpoints:
            self._fleet.endpoints.remove(worker.endpoint)
        self._workers.discard(worker)
        worker.kill()

    def _tell(self, worker: Worker, state: str, detail: Any = "") -> None:
        if self._directory is None:
            return  # being stopped: they are meant to go
        self._on_change(WorkerChanged(worker.endpoint.name, state, detail))
