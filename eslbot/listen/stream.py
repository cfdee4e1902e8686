"""One leg's audio through recognisers, one after another where one dies: sends, counts answers, sheds what is too late,
tells what was not heard. Knows neither voice activity nor how recognisers are started."""

from collections.abc import Callable

from gevent.event import Event

from eslbot.greenlets import Greenlets
from eslbot.listen.backlog import Backlog, Piece
from eslbot.listen.client import Connection, Lost
from eslbot.listen.endpoint import Endpoint, Fleet
from eslbot.listen.losses import Losses
from eslbot.listen.pace import Pace
from eslbot.listen.reading import Reading, Watch
from eslbot.listen.replies import BadReply
from eslbot.listen.resample import Raiser
from eslbot.listen.utterance import Utterances
from eslbot.model.audio import Gap
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis

_LOOK = 0.25


class Stream:
    """One leg being heard. `feed`, `flush` and `finish` never block."""

    def __init__(
        self, call: CallId, role: Role, rate: int, fleet: Fleet, greenlets: Greenlets, reading: Reading,
        on_hypothesis: Callable[[Hypothesis], None], on_gap: Callable[[Gap], None], on_end: Callable[[], None],
        pace: Pace, raise_to: int | None = None,
    ) -> None:
        self.utterances = Utterances(call, role, rate)
        self.ended = False
        self._fleet = fleet
        self._reading = reading
        self._on_hypothesis = on_hypothesis
        self._on_end = on_end
        self._pace = pace
        self._rate = rate
        self._least, self._longest = int(pace.message * rate), int(pace.longest * rate)
        self._window = int(pace.window * rate)
        self._send_rate = raise_to or rate
        self._raiser: Raiser | None = None
        self._backlog = Backlog()
        self._losses = Losses(self._backlog, self.utterances, pace, on_gap)
        self._wake = Event()
        self._flush = False
        self._ending: float | None = None
        self._asked = 0.0  # when the recogniser came to owe an answer: audio may have waited here before that
        self._finish_by: float | None = None
        self._up = False
        self._proved = False
        self._watched = False
        self._lost: str | None = None
        self._connection: Connection | None = None
        greenlets.spawn(f"recogniser-{role}", self._run, restart_after=0.2)

    @property
    def settled(self) -> bool:
        """All that was fed has been answered, and no words are unfinished."""
        return self._backlog.empty and not self.utterances.unfinished

    @property
    def waiting(self) -> int:
        """Samples that were fed and are not answered yet."""
        return self._backlog.waiting_samples + self._backlog.sent_samples

    def pending_from(self, otherwise: int) -> int:
        """The first sample that was fed and is neither answered nor told lost; `otherwise` where there is none."""
        return otherwise if self._backlog.empty else self._backlog.span()[0]

    def feed(self, pcm: bytes, first: int) -> None:
        """s16le mono samples to be heard, the first of which is the call's `first`."""
        if self.ended or len(pcm) < 2:
            return
        now = self._fleet.now()
        if self._connection is not None and self._backlog.short_of(self._least):
            self._backlog.renew(now)  # its source stood still (a leg on hold): that is nobody's lateness
        self._backlog.add(Piece(first, pcm, len(pcm) // 2, now))
        self._losses.look(now, self._up)
        self._push()

    def flush(self) -> None:
        """Send what waits, however little it is: nothing may follow for long."""
        if self._backlog.waiting_samples:
            self._flush = True
            self._push()

    def finish(self) -> None:
        """No more audio: the last answers are told, then `ended` is set and `on_end` called."""
        if self._finish_by is None:
            self._finish_by = self._fleet.now() + self._pace.finish_within
            self.flush()
            self._wake.set()

    def _run(self) -> None:
        while not self.ended:
            endpoint = self._fleet.choose()
            if endpoint is not None:
                self._with(endpoint)
            elif self._finish_by is None or not self._over():
                self._pause()

    def _pause(self) -> None:
        """No recogniser may be tried now."""
        self._fleet.changed.clear()
        self._fleet.changed.wait(_LOOK / 2)
        self._losses.look(self._fleet.now(), self._up)

    def _with(self, endpoint: Endpoint) -> None:
        endpoint.streams += 1
        endpoint.served += 1
        self._proved = False
        watch = connection = None
        try:
            connection = Connection(endpoint.address, self._send_rate, self._pace.connect_within)
            self._fleet.took(endpoint)
            self._begin(connection)
            watch = self._watch(connection, endpoint)
            self._serve(connection, endpoint)
        except Lost:
            if not self._proved:
                self._fleet.failed(endpoint)
        finally:
            endpoint.streams -= 1
            self._connection = None
            if watch is not None:
                watch.close()
            if connection is not None:
                connection.close()
            self._up = False
            self._losses.recogniser()
            if not self.ended:
                self._over()

    def _watch(self, connection: Connection, endpoint: Endpoint) -> Watch:
        try:
            return self._reading.watch(connection.descriptor, lambda: self._read(connection, endpoint))
        except RuntimeError as error:  # the service is being stopped, and this greenlet's end is on its way
            raise Lost(str(error)) from error

    def _begin(self, connection: Connection) -> None:
        self._connection = connection
        self._lost = None
        self._ending = None
        self._up = True
        self._raiser = Raiser(self._rate, self._send_rate) if self._send_rate > self._rate else None

    def _serve(self, connection: Connection, endpoint: Endpoint) -> None:
        """Look after a connection until the last answer; audio goes out where it is fed. Raises Lost."""
        self._push()
        while not self.ended:
            self._wake.clear()
            if self._lost is not None:
                raise Lost(self._lost)
            if self._finish_by is not None and not self._backlog.waiting_samples and self._ending is None:
                self._ending = self._fleet.now()
                connection.end()
            if connection.owes:
                connection.drain()
            self._watched = bool(self._backlog.sent_samples) or self._ending is not None
            if self._watched:
                self._expect_answer(endpoint)
            self._wake.wait(_LOOK if self._watched else None)

    def _expect_answer(self, endpoint: Endpoint) -> None:
        now = self._fleet.now()
        self._losses.look(now, self._up)
        since = self._asked if self._backlog.sent_samples else self._ending
        if since is not None and now - max(since, endpoint.last_answer) > self._pace.answer_within:
            endpoint.suspected = True
            self._proved = False
            raise Lost("no answer")

    def _push(self) -> None:
        """Send what waits, as far as a connection is there and the window is open."""
        connection, backlog = self._connection, self._backlog
        if connection is None or self._lost is not None:
            return
        at_once = self._flush or self._finish_by is not None
        try:
            while backlog.sent_samples < self._window:
                enough = 1 if at_once else self._longest if backlog.sent_samples else self._least
                if backlog.waiting_samples < enough:
                    break
                if not backlog.sent_samples:
                    self._asked = self._fleet.now()
                pieces = backlog.message(self._longest)
                for piece in pieces:
                    self.utterances.sent(piece.first, piece.samples)
                pcm = pieces[0].pcm if len(pieces) == 1 else b"".join([piece.pcm for piece in pieces])
                connection.send(pcm if self._raiser is None else self._raiser.feed(pcm))
        except Lost as lost:
            self._lost = str(lost)
        if not backlog.waiting_samples:
            self._flush = False
        if self._lost is not None or connection.owes or (backlog.sent_samples and not self._watched):
            self._wake.set()

    def _read(self, connection: Connection, endpoint: Endpoint) -> None:
        """Take the answers that have arrived."""
        if self._connection is not connection or self._lost is not None:
            return
        reason = "a failure of ours"
        try:
            for raw in connection.receive():
                self._answer(raw)
            reason = ""
        except (Lost, BadReply, LookupError) as error:
            reason = str(error)
        finally:
            if reason:
                self._lost = reason
                self._wake.set()
        endpoint.last_answer = self._fleet.now()
        if self._backlog.waiting_samples:
            self._push()
        if connection.owes or (self._finish_by is not None and self._ending is None):
            self._wake.set()

    def _answer(self, raw: bytes) -> None:
        last = self._ending is not None and not self._backlog.sent_samples
        pieces = () if last else self._backlog.answered()
        try:
            hypothesis = self.utterances.answer(raw, sum([piece.samples for piece in pieces]))
        except (BadReply, LookupError):
            self._losses.forgo(pieces, "recogniser")
            raise
        self._proved = True
        self._losses.answered()
        if hypothesis is not None:
            self._on_hypothesis(hypothesis)
        if last:
            self._end()

    def _over(self) -> bool:
        """Whether a stream that is to finish has waited long enough, or has nothing left to say; then it ends."""
        if self._finish_by is None or (not self._backlog.empty and self._fleet.now() < self._finish_by):
            return False
        self._losses.rest()
        self._end()
        return True

    def _end(self) -> None:
        self.ended = True
        self._wake.set()
        self._on_end()
