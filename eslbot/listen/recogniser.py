"""The recogniser as the rest sees it: a model of our own in worker processes, or vosk-servers by URL; one interface.
Checks the model's rate against the calls'. Knows neither voice activity nor what words mean."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import gevent

from eslbot.greenlets import Greenlets
from eslbot.listen import models
from eslbot.listen.client import Connection, Lost, address
from eslbot.listen.endpoint import Endpoint, Fleet
from eslbot.listen.pace import Pace
from eslbot.listen.pool import Pool, PoolOptions, WorkerChanged
from eslbot.listen.reading import Reading
from eslbot.listen.stream import Stream
from eslbot.model.audio import Gap
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis

_PROBE_EVERY = 1.0


class RecogniserError(Exception):
    """The recogniser cannot be started as configured; the message names the model and says what would help."""


@dataclass(frozen=True, slots=True)
class RecogniserOptions:
    """A model directory or URLs, one of the two."""

    model: Path | None = None
    urls: tuple[str, ...] = ()
    """ws://host:port of vosk-servers; streams are spread over them."""
    rate: int = 8000
    """Samples a second that calls are expected to have."""
    model_rate: int | None = None
    """Of a model behind a URL, where it is another than the calls'; a local model says it itself."""
    resample: bool = False
    """Calls of another rate than the model's are converted. Raising adds nothing that was not heard."""
    workers: int = field(default_factory=lambda: max(1, (os.cpu_count() or 1) - 1))
    streams_per_worker: int = 500
    pace: Pace = field(default_factory=Pace)


class Recogniser:
    """Opens streams; keeps what they are spoken to alive."""

    def __init__(
        self,
        options: RecogniserOptions,
        greenlets: Greenlets,
        now: Callable[[], float],
        on_change: Callable[[WorkerChanged], None] = lambda change: None,
    ) -> None:
        """Raises RecogniserError for options that cannot work: no model, two kinds at once, another rate."""
        if (options.model is None) == (not options.urls):
            raise RecogniserError("a recogniser is either a model or URLs of vosk-servers")
        self._options = options
        self._greenlets = greenlets
        self.fleet = Fleet(now)
        self._reading = Reading(greenlets)
        self.pool: Pool | None = None
        self._model_rate = options.model_rate
        if options.model is not None:
            self._model_rate = self._rate_of(options.model)
            pool_options = PoolOptions(options.model.resolve(), options.workers, options.streams_per_worker)
            self.pool = Pool(pool_options, self.fleet, greenlets, on_change)
        try:
            self.fleet.endpoints += [Endpoint(str(address(url)), address(url)) for url in options.urls]
        except ValueError as error:
            raise RecogniserError(str(error)) from error
        if not self.takes(options.rate):
            raise RecogniserError(
                f"{options.model or options.urls[0]}: made for {self._model_rate} Hz, calls have {options.rate} Hz;"
                " take another model, or set resample = true"
            )

    @staticmethod
    def _rate_of(directory: Path) -> int:
        try:
            return models.rate(directory)
        except models.ModelError as error:
            raise RecogniserError(str(error)) from error

    def takes(self, rate: int) -> bool:
        """Whether calls of that rate can be heard."""
        return self._model_rate in (None, rate) or self._options.resample

    @property
    def ready(self) -> bool:
        """Whether a recogniser would take a stream now."""
        return self.fleet.ready

    def start(self) -> None:
        """Start the workers, or look for the servers; returns before they are `ready`."""
        if self.pool is not None:
            self.pool.start()
        else:
            self._greenlets.spawn("recogniser-probe", self._probe, restart_after=_PROBE_EVERY)

    def stop(self) -> None:
        """End the workers."""
        if self.pool is not None:
            self.pool.stop()

    def open(
        self,
        call: CallId,
        role: Role,
        rate: int,
        on_hypothesis: Callable[[Hypothesis], None],
        on_gap: Callable[[Gap], None],
        on_end: Callable[[], None] = lambda: None,
    ) -> Stream:
        """A stream for one leg. `on_end` is called once when a finished stream has told its last.

        Raises RecogniserError for a rate that it does not take."""
        if not self.takes(rate):
            raise RecogniserError(f"made for {self._model_rate} Hz, this call has {rate} Hz; resample is off")
        raise_to = self._model_rate if self._model_rate is not None and self._model_rate > rate else None
        told = (on_hypothesis, on_gap, on_end)
        return Stream(call, role, rate, self.fleet, self._greenlets, self._reading, *told, self._options.pace, raise_to)

    def _probe(self) -> None:
        """Servers that are not known to be up are tried, so that `ready` is true before the first call."""
        while True:
            for endpoint in self.fleet.endpoints:
                if not endpoint.ready and self.fleet.now() >= endpoint.not_before:
                    try:
                        connection = Connection(endpoint.address, self._options.rate, self._options.pace.connect_within)
                        connection.close()
                        self.fleet.took(endpoint)
                    except Lost:
                        self.fleet.failed(endpoint)
            gevent.sleep(_PROBE_EVERY)
