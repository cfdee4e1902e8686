"""The listening half of a service under load, by itself: so many calls out of a spool through voice activity,
recogniser, judge and sealed recording, all of it the real thing, and what that costs and how late the words come.
Knows no switch (feeder.py plays its part) and no limits: it measures."""

import os
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent
import gevent.subprocess

from eslbot.call.runner import Outcome
from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.judge import CallJudge, Packs
from eslbot.listen.pool import WorkerChanged
from eslbot.listen.recogniser import Recogniser, RecogniserOptions
from eslbot.listen.spool import Spool, SpoolOptions
from eslbot.model import facts
from eslbot.model.call import CallId, LegId
from eslbot.model.orders import Listen, StopListening
from eslbot.model.words import Hypothesis
from eslbot.record.keys import new_identity, recipient
from eslbot.record.vault import Vault, VaultOptions
from eslbot.service.hearing.ear import EarOptions
from eslbot.service.hearing.ears import Ears, EarsOptions
from eslbot.service.measuring import feeder
from eslbot.store.store import Store

SETTLE = 3.0
"""Seconds at the start that are not measured."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """What so many calls did to this machine."""

    calls: int
    seconds: float
    """Of talk that was measured."""
    service: float
    """Seconds of processor that our own process took, per second."""
    recogniser: float
    """The same of the recogniser's processes."""
    lags: tuple[float, ...]
    """Seconds from a frame's last sample being spoken to the hypothesis it decided, sorted."""
    words: int
    """Words in finals."""
    lost: float
    """Seconds of audio that were not recognised."""

    @property
    def cores(self) -> float:
        """Cores that ours took in all."""
        return self.service + self.recogniser

    def lag(self, share: float) -> float:
        """That quantile of the lags; infinite where nothing was heard."""
        return self.lags[min(len(self.lags) - 1, int(share * len(self.lags)))] if self.lags else float("inf")


class _Tap:
    """Nobody has to be asked for audio: the feeder writes."""

    def start(self, order: Listen, target: str) -> Outcome:
        return "done", ""

    def stop(self, order: StopListening, target: str) -> None:
        pass


@dataclass(slots=True)
class _Heard:
    lags: list[float] = field(default_factory=list)
    words: int = 0
    lost: float = 0.0


class Load:
    """Use as a context: everything lies under `directory`, the plain part under `memory` (tmpfs)."""

    def __init__(self, directory: Path, memory: Path, packs: Packs, recogniser: RecogniserOptions) -> None:
        """Raises RecogniserError for a model that calls of that rate cannot be heard with."""
        self.rate = recogniser.rate
        self._memory, self._packs = memory, packs
        self.clock = SteadyClock()
        self.troubles: list[str] = []
        self.greenlets = Greenlets(lambda name, error: self.troubles.append(f"{name}: {error!r}"))
        self.recogniser = Recogniser(recogniser, self.greenlets, time.monotonic, self._worker_changed)
        self.store = Store(
            f"sqlite:///{directory}/load.db", self.greenlets, lambda kind, detail: self.troubles.append(detail)
        )
        vault = VaultOptions(directory / "recordings", (recipient(new_identity()),), memory / "live")
        self.vault = Vault(
            vault, self.store.recordings, self.greenlets, self.clock,
            lambda call, samples: self.ears.durable(call, samples),
            lambda call, reason: self.troubles.append(reason),
            lambda row: self.ears.closed(CallId(row.call), row.samples, row.state),
        )
        ear = EarOptions(
            lambda call, switch, rate: self.vault.open(call, switch, rate, self.clock()), self.recogniser,
            lambda call, rate, known: CallJudge(self._packs, call, rate, known), time.monotonic, self._words,
        )
        self.ears = Ears(EarsOptions(ear, _Tap(), lambda call: None, self._told, time.monotonic))
        self.spool = Spool(SpoolOptions(memory / "spool"), self.greenlets, time.monotonic, self.ears.sink)
        self.ears.attach(self.spool)
        self._began: dict[CallId, float] = {}
        self._heard = _Heard()
        self._fallen = ""

    def __enter__(self) -> "Load":
        """Raises RuntimeError for a recogniser that dies before it is ready, or does not get ready."""
        try:
            self.recogniser.start()
            self.spool.start()
            with gevent.Timeout(150, RuntimeError("the recogniser does not get ready")):
                while not self.recogniser.ready:
                    if self._fallen:
                        raise RuntimeError(f"the recogniser does not get ready: {self._fallen}")
                    gevent.sleep(0.05)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        self.spool.stop()
        self.recogniser.stop()
        self.vault.stop()
        self.store.stop()
        self.greenlets.stop()

    def measure(self, calls: int, talk: Path, seconds: float,
                told: Callable[[float], None] = lambda done: None) -> Measured:
        """Let so many calls talk for `seconds` after a settling time, hang up, and say what it came to. `told`: shown
        how many seconds have gone."""
        ids = [CallId(str(uuid.uuid4())) for _ in range(calls)]
        for call in ids:
            self.ears.listen(Listen(f"{call}#1", call, LegId(call), "load", self.rate, True))
        files = [str(self._memory / "spool" / f"{call}.r8") for call in ids]
        process = gevent.subprocess.Popen(
            [sys.executable, "-m", "eslbot.service.measuring.feeder", "--talk", str(talk), "--rate", str(self.rate),
             "--seconds", str(seconds + SETTLE), *files],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        begin = float(process.stdout.readline())
        self._began = {call: begin + feeder.phase(n) for n, call in enumerate(ids)}
        gevent.sleep(max(0.0, begin + SETTLE - time.monotonic()))
        before, self._heard = self._spent(), _Heard()
        while (past := time.monotonic() - begin - SETTLE) < seconds:
            told(past)
            gevent.sleep(min(1.0, seconds - past))
        after, heard = self._spent(), self._heard
        process.wait()
        process.stdout.close()
        for call in ids:
            self.ears.stop(StopListening(f"{call}#2", call, LegId(call)))
        with gevent.Timeout(60, RuntimeError("the calls do not end")):
            while any(self.ears.hears(call) for call in ids):
                gevent.sleep(0.05)
        service, recogniser = ((then - now) / seconds for now, then in zip(before, after, strict=True))
        return Measured(calls, seconds, service, recogniser, tuple(sorted(heard.lags)), heard.words, heard.lost)

    def _spent(self) -> tuple[float, float]:
        """Seconds of processor so far: ours, the workers'."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        pids = self.recogniser.pool.pids.values() if self.recogniser.pool is not None else ()
        return used.ru_utime + used.ru_stime, sum(map(spent_by, pids))

    def _worker_changed(self, change: WorkerChanged) -> None:
        if change.state in ("died", "failed"):
            self._fallen = f"{change.state} {change.detail}".strip()

    def _words(self, hypothesis: Hypothesis) -> None:
        began = self._began.get(hypothesis.call)
        if began is not None:
            self._heard.lags.append(time.monotonic() - began - hypothesis.decided / self.rate)
        if hypothesis.final:
            self._heard.words += len(hypothesis.text.split())

    def _told(self, fact: Any) -> None:
        if isinstance(fact, facts.AudioLost) and fact.reason != "audio-late":
            self._heard.lost += (fact.end - fact.first) / fact.rate


def spent_by(pid: int) -> float:
    """Seconds of processor that another process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
