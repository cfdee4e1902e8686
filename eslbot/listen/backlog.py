"""Audio on its way to a recogniser: what waits, what was sent and is not answered, how late that is, and what is given
up when it is too late. Knows no connection. Pure: time is an argument."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one leg's samples."""

    first: int
    pcm: bytes
    samples: int
    at: float
    """When it was fed."""

    @property
    def end(self) -> int:
        return self.first + self.samples


def runs(pieces: Iterable[Piece]) -> list[tuple[int, int]]:
    """(first, end) of the contiguous runs that pieces in order make up."""
    found: list[tuple[int, int]] = []
    for piece in pieces:
        if found and found[-1][1] == piece.first:
            found[-1] = (found[-1][0], piece.end)
        else:
            found.append((piece.first, piece.end))
    return found


class Backlog:
    """One stream's audio in order: sent and unanswered messages first, then what waits."""

    __slots__ = ("_sent", "_waiting", "sent_samples", "waiting_samples")

    def __init__(self) -> None:
        self._waiting: deque[Piece] = deque()
        self._sent: deque[tuple[Piece, ...]] = deque()
        self.waiting_samples = 0
        self.sent_samples = 0

    def add(self, piece: Piece) -> None:
        """Audio to be sent."""
        self._waiting.append(piece)
        self.waiting_samples += piece.samples

    def message(self, at_most: int) -> tuple[Piece, ...]:
        """The next message: pieces of at most that many samples together, a longer one cut; noted as sent. Empty when
        nothing waits."""
        room = at_most
        taken = []
        while self._waiting and room > 0:
            piece = self._waiting.popleft()
            if piece.samples > room:
                left = piece.samples - room
                self._waiting.appendleft(Piece(piece.first + room, piece.pcm[2 * room :], left, piece.at))
                piece = Piece(piece.first, piece.pcm[: 2 * room], room, piece.at)
            room -= piece.samples
            taken.append(piece)
        if taken:
            self._sent.append(tuple(taken))
            self.waiting_samples -= at_most - room
            self.sent_samples += at_most - room
        return tuple(taken)

    def answered(self) -> tuple[Piece, ...]:
        """The oldest message was answered. Raises IndexError when none was sent."""
        pieces = self._sent.popleft()
        self.sent_samples -= sum(piece.samples for piece in pieces)
        return pieces

    def unanswered(self) -> list[Piece]:
        """Take back what was sent and will never be answered."""
        pieces = [piece for message in self._sent for piece in message]
        self._sent.clear()
        self.sent_samples = 0
        return pieces

    def put_back(self, pieces: list[Piece]) -> None:
        """To be sent again, before all that waits."""
        self._waiting.extendleft(reversed(pieces))
        self.waiting_samples += sum(piece.samples for piece in pieces)

    def short_of(self, least: int) -> bool:
        """All that there is are fewer samples than that, and they wait."""
        return not self._sent and 0 < self.waiting_samples < least

    def renew(self, at: float) -> None:
        """What waits counts as fed at that time: it waited for more audio, not for a recogniser."""
        self._waiting = deque(replace(piece, at=at) for piece in self._waiting)

    @property
    def empty(self) -> bool:
        """Nothing waits and everything was answered."""
        return not self._waiting and not self._sent

    @property
    def oldest(self) -> float | None:
        """When the oldest unanswered audio was fed."""
        if self._sent:
            return self._sent[0][0].at
        return self._waiting[0].at if self._waiting else None

    def span(self) -> tuple[int, int]:
        """From the first unanswered sample to the last. Raises IndexError when it is empty."""
        first = self._sent[0][0] if self._sent else self._waiting[0]
        last = self._waiting[-1] if self._waiting else self._sent[-1][-1]
        return first.first, last.end

    def shed(self, before: float) -> list[Piece]:
        """Give up what waits since before that time, oldest first."""
        given_up = []
        while self._waiting and self._waiting[0].at < before:
            piece = self._waiting.popleft()
            self.waiting_samples -= piece.samples
            given_up.append(piece)
        return given_up
