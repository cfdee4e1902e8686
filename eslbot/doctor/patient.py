"""What is examined: the settings, and what several looks share and is asked once only: the packs, the running service,
the store. Knows how blocking work is done off the hub; judges nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

from gevent.event import AsyncResult

from eslbot.clock import today
from eslbot.config import Finding as Doubt
from eslbot.config import Settings
from eslbot.doctor.probes import disk, service, store
from eslbot.doctor.rights import Who
from eslbot.doctor.verdicts.service import ServiceSeen
from eslbot.doctor.verdicts.store import StoreSeen
from eslbot.greenlets import Greenlets
from eslbot.judge import PackErrors, Packs, load
from eslbot.judge.published import sources
from eslbot.model.judgement import Act, Verdict
from eslbot.store.offhub import OffHub

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 32
"""More than there are looks: one that hangs keeps its thread and nobody else's."""


class Once(Generic[T]):
    """Work that the first who asks begins and all who ask wait for. What it raises, each of them gets."""

    def __init__(self, greenlets: Greenlets, name: str, work: Callable[[], T]) -> None:
        self._greenlets, self._name, self._work = greenlets, name, work
        self._answer: AsyncResult | None = None

    def get(self) -> T:
        if self._answer is None:
            self._answer = AsyncResult()
            self._greenlets.spawn(self._name, self._fill, self._answer)
        answer: T = self._answer.get()
        return answer

    def _fill(self, answer: AsyncResult) -> None:
        try:
            answer.set(self._work())
        except Exception as error:  # noqa: BLE001 - raised again where it was asked for
            answer.set_exception(error)


class Patient:
    """One configuration, examined once."""

    def __init__(
        self, settings: Settings, file: Path, doubts: tuple[Doubt, ...], greenlets: Greenlets, *,
        own_password: str = "", quick: bool = False,
    ) -> None:
        """`doubts`: what reading the configuration already warned of. `own_password`: the event socket's own, for what
        the service's user may not ask; empty: only what it may. `quick`: nothing is measured."""
        self.settings, self.file, self.doubts = settings, file, doubts
        self.own_password, self.quick = own_password, quick
        self.greenlets = greenlets
        self._off_hub = OffHub(THREADS)
        self._packs = Once(greenlets, "packs", lambda: self.off(_packs, settings))
        self._service = Once(greenlets, "service", lambda: self.off(service.look, settings))
        self._store = Once(greenlets, "store", lambda: self.off(store.look, settings))

    def off(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in a thread, and wait for it here."""
        return self._off_hub.run(work, *args, **kwargs)

    @property
    def packs(self) -> Packs:
        """The rules in force today. Raises PackErrors."""
        return self._packs.get()

    @property
    def service(self) -> ServiceSeen:
        return self._service.get()

    @property
    def user(self) -> Who:
        """Whom the service runs as."""
        return self.off(disk.user_of, self.settings, self.service.uid, self.service.pid)

    @property
    def store(self) -> StoreSeen:
        return self._store.get()

    @property
    def prompts(self) -> set[str]:
        """Those that rules in force may ask for, the plain reminder, and the one that tells of a supervisor."""
        named = {self.settings.act.remind_default, *filter(None, [self.settings.supervise.tell_agent])}
        return named | {
            action.prompt for verdict in self._verdicts() for action in verdict.actions if action.prompt is not None}

    @property
    def mutes(self) -> set[float]:
        """Seconds of the mutes that rules in force ask for."""
        return {action.seconds for verdict in self._verdicts() for action in verdict.actions
                if action.act is Act.MUTE and action.seconds is not None}

    def _verdicts(self) -> tuple[Verdict, ...]:
        try:
            return tuple(self.packs.verdicts.values())
        except PackErrors:
            return ()   # told by the rules' own look


def _packs(settings: Settings) -> Packs:
    return load(sources(settings.judge.packs, settings.judge.directory), day=today())
