"""The ears: for each call, one source of audio, one recording, one hearing and one judge, tied together. Performs
Listen and StopListening; everything that comes of it goes to the desk as facts. Knows the rooms' interfaces, not their
insides, and no act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from eslbot.call.runner import Outcome
from eslbot.call.state import CallState, Phase
from eslbot.judge import Item
from eslbot.listen.source import Sink, Source
from eslbot.model import facts
from eslbot.model.audio import AudioFrame, Gap
from eslbot.model.call import CallId, LegId, Role
from eslbot.model.facts import CallFact, Fact
from eslbot.model.orders import Listen, Mask, Order, StopListening, Unmask
from eslbot.service.hearing.ear import Ear, EarOptions

MOMENTARY = "audio-late"
"""A gap of this reason may still be filled: it alarms, and nothing is written off yet."""


class Sources(Protocol):
    """The spool or the fork server."""

    @property
    def keeps(self) -> bool:
        """Whether what came while nobody took it can still be had."""

    def open(self, call: CallId, rate: int, first: int = 0, since: float | None = None) -> Source: ...


class Tap(Protocol):
    """Asks a switch for a leg's audio; see taps.py."""

    def start(self, order: Listen, target: str) -> Outcome: ...
    def stop(self, order: StopListening, target: str) -> None: ...


@dataclass(frozen=True, slots=True)
class EarsOptions:
    """What the ears need of the rest."""

    ear: EarOptions
    """What each ear is made of."""
    tap: Tap
    """How a leg's audio is asked for."""
    state: Callable[[CallId], CallState | None]
    """A call as it stands."""
    tell: Callable[[CallFact], None]
    clock: Callable[[], float]


class Ears:
    """All calls that are heard."""

    def __init__(self, options: EarsOptions) -> None:
        self._options = options
        self._ears: dict[CallId, Ear] = {}
        self._held: set[LegId] = set()
        """Legs on hold. Of a recorded leg that holds nothing comes, and nothing is said."""
        self._sources: Sources | None = None
        self.lookers: list[Callable[[AudioFrame], None]] = []
        """Are shown every frame that is heard; must neither wait nor fail."""
        self.sink = Sink(self._frame, self._gap, self._end)
        """Where the sources deliver."""

    def attach(self, sources: Sources) -> None:
        """The source of audio; it was made with our sink."""
        self._sources = sources

    # --- orders ------------------------------------------------------------------------------------------------------
    def listen(self, order: Listen) -> Outcome:
        """Performs Listen. Given again (a lost link, a restart), it goes on where it was."""
        ear = self._ears.get(order.call)
        if ear is None:
            ear = self._open(order.call, order.switch, order.rate, order.generation, order.roles_known)
            self._place(ear, self._options.state(order.call))
        return self._options.tap.start(order, ear.source.target)

    def stop(self, order: StopListening) -> Outcome:
        """Performs StopListening: what is still on its way is taken, then the recording is closed (AudioEnded)."""
        ear = self._ears.get(order.call)
        if ear is None:  # the call ended while we were dead: what it left behind is still to be taken
            state = self._options.state(order.call)
            if state is None:
                return "failed", "no such call"
            ear = self._open(order.call, state.switch, state.rate, state.generation, state.sides_known)
        self._options.tap.stop(order, ear.source.target)
        ear.source.finish()
        return "done", ""

    def mask(self, order: Mask) -> Outcome:
        """Performs Mask."""
        ear = self._ears.get(order.call)
        if ear is None:
            return "failed", "nothing is recorded of it"
        ear.mask(order.first, order.back, order.seconds, order.by)
        return "done", ""

    def unmask(self, order: Unmask) -> Outcome:
        """Performs Unmask."""
        ear = self._ears.get(order.call)
        if ear is not None:
            ear.unmask()
        return "done", ""

    def _masked_again(self, ear: Ear, state: CallState) -> None:
        """After a restart the recording knows what it covers, unless we died before it was told."""
        if state.mask is None:
            ear.unmask()
        elif ear.masking is None:
            first = ear.writer.samples if state.mask.first is None else state.mask.first
            ear.mask(first, 0.0, state.mask.ends - self._options.clock(), state.mask.by)

    def seal_leftover(self, call: CallId, rate: int) -> None:
        """Take what a call left behind that nobody else knows of any more, and close its recording."""
        if call not in self._ears:
            self._open(call, "", rate, generation=1, roles_known=False).source.finish()

    def _open(self, call: CallId, switch: str, rate: int, generation: int, roles_known: bool) -> Ear:
        assert self._sources is not None
        ear = Ear(self._options.ear, call, switch, rate, generation, roles_known, self._tell, self._lost)
        state = self._options.state(call)
        if state is not None and generation:
            ear.faces(side_of(state.other_role) if state.phase is Phase.UP else None)
            ear.supervised(state.supervised)
        writer = ear.writer
        if self._sources.keeps:
            ear.attach(self._sources.open(call, rate, writer.samples))
        else:
            ear.attach(self._sources.open(call, rate, writer.taken, writer.due))
        if state is not None and generation:
            self._masked_again(ear, state)
        self._ears[call] = ear
        return ear

    def follow(self, what: Fact | Order, state: CallState | None) -> None:
        """A follower of what happens: who is on the agent's side decides whose words that channel holds; and which
        legs are on hold."""
        if isinstance(what, facts.LegHeld):
            self._held.add(what.uuid)
        elif isinstance(what, facts.LegUnheld | facts.LegDestroyed):
            self._held.discard(what.uuid)
        if isinstance(what, facts.Joined | facts.Parted) and what.call in self._ears:
            self._ears[what.call].faces(side_of(what.role) if isinstance(what, facts.Joined) else None)
            self._place(self._ears[what.call], state)
        if state is not None and state.id in self._ears and state.other_role is not Role.SUPERVISOR:
            self._ears[state.id].supervised(state.supervised)

    def _place(self, ear: Ear, state: CallState | None) -> None:
        """Of who has just come it is told where in the audio their time begins; after a restart, of who came while we
        were dead, where ours does."""
        if state is not None and state.other is not None and state.stay.first is None:
            ear.handed(ear.position)
            self._options.tell(facts.Placed(state.id, self._options.clock(), state.other, ear.position))

    # --- from the sources, the recording and the recogniser ----------------------------------------------------------
    def _frame(self, frame: AudioFrame) -> None:
        ear = self._ears.get(frame.call)
        if ear is None:
            return
        now = self._options.clock()
        if not ear.arrived:
            self._options.tell(facts.AudioArrived(frame.call, now))
        ear.take(frame, now)
        for look in self.lookers:
            look(frame)

    def _gap(self, gap: Gap) -> None:
        ear = self._ears.get(gap.call)
        if ear is None:
            return
        if gap.reason != MOMENTARY:
            ear.writer.lost(gap)
        elif LegId(gap.call) in self._held:  # a call bears the id of its recorded leg
            return
        self._lost(ear, gap)

    def _lost(self, ear: Ear, gap: Gap) -> None:
        """Someone was not heard."""
        now = self._options.clock()
        if gap.reason != MOMENTARY:
            self._tell(ear.lost(gap, now))
        self._options.tell(facts.AudioLost(gap.call, now, gap.first, gap.end, ear.rate, gap.reason, gap.role))

    def _end(self, call: CallId, samples: int) -> None:
        ear = self._ears.get(call)
        if ear is None:
            return
        due = ear.writer.due
        if due is not None and not ear.arrived and self._sources is not None and not self._sources.keeps:
            # It ended while we were dead, and nobody knows when: so much is lost at most.
            ear.cut = True
            lost = max(0, round((self._options.clock() - due) * ear.rate))
            self._lost(ear, Gap(call, samples, samples + lost, "restart"))
        ear.finish()

    def _tell(self, told: list[CallFact]) -> None:
        for fact in told:
            self._options.tell(fact)

    def durable(self, call: CallId, samples: int) -> None:
        """The recording holds everything before this sample: the source may forget it."""
        ear = self._ears.get(call)
        if ear is not None:
            ear.source.acknowledge(samples)

    def closed(self, call: CallId, samples: int, state: str) -> None:
        """The recording is closed."""
        self._ears.pop(call, None)
        self._options.tell(facts.AudioEnded(call, self._options.clock(), samples, state))

    def hears(self, call: CallId) -> bool:
        """Whether the call is being heard."""
        return call in self._ears

    # --- looking in --------------------------------------------------------------------------------------------------
    def waiting(self, call: CallId) -> int:
        """Samples of the call that the recogniser has still to answer."""
        ear = self._ears.get(call)
        return 0 if ear is None else ear.waiting

    def last(self, call: CallId) -> float | None:
        """When audio of the call came last; None where none did in this life."""
        ear = self._ears.get(call)
        return None if ear is None else ear.arrivals.last

    def position(self, call: CallId) -> int | None:
        """The sample that is being spoken now; None where the call is not heard."""
        ear = self._ears.get(call)
        return None if ear is None else ear.position

    def began(self, call: CallId) -> int | None:
        """The first sample that this life of the service heard; None where the call is not heard."""
        ear = self._ears.get(call)
        return None if ear is None else ear.began

    def arrival(self, call: CallId, sample: int) -> float | None:
        """When the frame that ends at or after this sample came in; None where that is forgotten."""
        ear = self._ears.get(call)
        return None if ear is None else ear.arrivals.of(sample)

    def disclosures(self, call: CallId) -> tuple[Item, ...]:
        """What must be said in a call, how it stands and how long there is left; empty where it is not heard."""
        ear = self._ears.get(call)
        return () if ear is None else ear.disclosures()


def side_of(role: Role) -> Role:
    """Whose words the agent's channel holds; with unknown roles it keeps the agent's name."""
    return Role.SUPERVISOR if role is Role.SUPERVISOR else Role.AGENT
