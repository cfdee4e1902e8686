"""Audio as it travels between rooms, a run of interleaved stereo samples of one call.
Knows no file, socket or codec."""

from dataclasses import dataclass

from eslbot.model.call import CallId, Role

BYTES_PER_SAMPLE = 4
"""One stereo sample: 16 bit little-endian of the customer (left), then of the agent (right)."""


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """A run of samples of both legs. One stereo word serves both readers: the recording seals `stereo` as it is, the
    recogniser asks for one leg at a time."""

    call: CallId
    """Whose audio it is."""
    first: int
    """Index of the first sample, counted from the start of the recording (the bridge)."""
    rate: int
    """Samples a second of each leg."""
    stereo: bytes
    """s16le, interleaved, left customer, right agent; a whole number of samples."""

    @property
    def samples(self) -> int:
        """How many samples each leg has in this frame."""
        return len(self.stereo) // BYTES_PER_SAMPLE

    @property
    def end(self) -> int:
        """Index of the sample after the last."""
        return self.first + self.samples

    def leg(self, role: Role) -> bytes:
        """The s16le mono samples of the customer's or the agent's channel. With unknown roles the recorded (A) leg
        stands in the customer's place and the other in the agent's."""
        offset = 0 if role is Role.CUSTOMER else 1
        return memoryview(self.stereo).cast("h")[offset::2].tobytes()

    def without_agent(self) -> "AudioFrame":
        """The same with the agent's channel silent: what the switch itself plays to a customer who is alone is no one's
        speech."""
        kept = bytearray(len(self.stereo))
        memoryview(kept).cast("h")[0::2] = memoryview(self.stereo).cast("h")[0::2]
        return AudioFrame(self.call, self.first, self.rate, bytes(kept))


    def silent(self, role: Role, first: int, end: int) -> "AudioFrame":
        """The same with the samples from `first` to before `end` of one leg silent."""
        start, stop = (max(0, min(at - self.first, self.samples)) for at in (first, end))
        if start >= stop:
            return self
        kept = bytearray(self.stereo)
        memoryview(kept).cast("h")[(0 if role is Role.CUSTOMER else 1) :: 2][start:stop] = memoryview(
            bytes(2 * (stop - start))).cast("h")
        return AudioFrame(self.call, self.first, self.rate, bytes(kept))


@dataclass(frozen=True, slots=True)
class Voice:
    """When a leg's voice was heard."""

    call: CallId
    role: Role
    """Of the channel: agent or customer."""
    spans: tuple[tuple[int, int], ...]
    """(first sample, sample after the last) of each stretch, since the last time this was told."""
    goes_on: bool
    """The last of them does: it will be told again, longer, with the same beginning."""
    known: int
    """Before this sample everything was told: where no span is, nobody spoke."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples that were never heard by a recogniser or never reached the recording."""

    call: CallId
    first: int
    """First lost sample."""
    end: int
    """The sample after the last lost one."""
    reason: str
    """`recogniser`, `audio-late`, `shed`, `restart`, `source`: bounded, for metrics."""
    role: Role | None = None
    """The leg that was not heard; None where both were lost."""
