"""What sealing costs beside bare ChaCha20-Poly1305, what it takes to play a second out of an hour, and what other
recipients for many recordings cost: `python -m tests.bench.sealing [--rows 100000]`. Processor time of this process,
the best of several takes; the files lie in memory, so that no disk is measured."""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import hashlib  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: E402

from eslbot.greenlets import Greenlets  # noqa: E402
from eslbot.model.audio import AudioFrame  # noqa: E402
from eslbot.model.call import CallId  # noqa: E402
from eslbot.record.grants import Grant  # noqa: E402
from eslbot.record.keys import new_identity  # noqa: E402
from eslbot.record.live import Live, LiveDirectory  # noqa: E402
from eslbot.record.payload import Payload  # noqa: E402
from eslbot.record.playing import Playable  # noqa: E402
from eslbot.record.reader import Recording  # noqa: E402
from eslbot.record.rotation import Change, Rotation  # noqa: E402
from eslbot.record.stream import CHUNK, Stream  # noqa: E402
from eslbot.record.vault import Vault, VaultOptions  # noqa: E402
from eslbot.store import Ledger, Store  # noqa: E402
from tests.record.headers import fill  # noqa: E402

RATE = 8000
HOUR = 3600 * RATE
TAKES = 5
CALL = CallId("6f9619ff-8b86-d011-b42d-00cf4fc964ff")


def spent(work: Callable[[], object], takes: int = TAKES) -> float:
    """Seconds of processor time of the quickest take."""
    found = []
    for _ in range(takes):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def bare(data: bytes) -> None:
    """The cipher alone, as the library gives it."""
    aead = ChaCha20Poly1305(bytes(32))
    for index in range(0, len(data), CHUNK):
        aead.encrypt(index.to_bytes(12, "big"), data[index : index + CHUNK], None)


def chunks(data: bytes) -> None:
    """Sealed as the format wants it."""
    for _ in Stream(bytes(32)).seal_all(data):
        pass


def payload(data: bytes, memory: Path) -> None:
    """As a recording under way does it, but for its small pieces: the plain bytes into memory that outlives us first,
    then sealed, then into the digest."""
    live = Live(CALL, "bench", RATE, 0.0, "s", bytes(32), bytes(16), b"", bytes(32), bytes(16), b"", ())
    one = Payload(bytes(32), bytes(16), LiveDirectory(memory).tail(live, "audio"))
    digest = hashlib.sha256()
    for at in range(0, len(data), CHUNK):
        one.append(data[at : at + CHUNK])
        while (batch := one.batch()) is not None:
            digest.update(batch.data)
            one.wrote(batch)
    one.freeze()
    while (batch := one.batch()) is not None:
        digest.update(batch.data)
        one.wrote(batch)
    one.close()
    LiveDirectory(memory).discard(CALL)


class Machine:
    """A store and directories, and a vault over them."""

    def __init__(self, directory: Path) -> None:
        self.identity = new_identity()
        self.directory, self.url = directory / "recordings", f"sqlite:///{directory / 'bench.db'}"
        self.group = Greenlets()
        self.store = Store(self.url, self.group)
        self.closed: list[object] = []
        options = VaultOptions(self.directory, (str(self.identity.recipient),), directory / "live")
        self.vault = Vault(options, self.store.recordings, self.group, time.time, lambda call, at: None,
                           lambda call, reason: None, self.closed.append)

    def record(self, data: bytes, piece: int = RATE // 50) -> None:
        """A call of that audio, in frames of 20 ms, faster than life."""
        writer = self.vault.open(CALL, "bench", RATE, 1_795_000_000.0)
        for number, first in enumerate(range(0, len(data) // 4, piece)):
            writer.take(AudioFrame(CALL, first, RATE, data[first * 4 : (first + piece) * 4]))
            if number % 100 == 99:   # as long as a chunk; what waits is written a chunk at a time, as in life
                while self.vault.held > CHUNK:
                    gevent.sleep(0.002)
        writer.close()
        while not self.closed:
            gevent.sleep(0.001)

    def stop(self) -> None:
        """Leave the store as it is."""
        self.vault.stop()
        self.store.stop()
        self.group.stop()


def sealing(memory: Path) -> None:
    data = os.urandom(64 * CHUNK)
    base = spent(lambda: bare(data))
    print(f"  {'bare ChaCha20-Poly1305, 64 KiB at a time':<62} {base / 64 * 1e6:7.0f} us a chunk")
    for name, work in (("sealed into the format's chunks", lambda: chunks(data)),
                       ("and kept in memory first, and digested after", lambda: payload(data, memory / "tails"))):
        cost = spent(work)
        print(f"  {name:<62} {cost / 64 * 1e6:7.0f} us  {cost / base:5.2f} x")
    machine = Machine(memory)
    long = data * (HOUR * 4 // len(data) + 1)
    cost = spent(lambda: machine.record(long[: HOUR * 4]), 1)
    count = HOUR * 4 / CHUNK
    print(f"  {'all of recording: 20 ms frames, live state, files, rows':<62} {cost / count * 1e6:7.0f} us"
          f"  {cost / count / (base / 64):5.2f} x   ({cost / 3600 * 100:.3f} % of a core a call)")
    playing(machine, base / 64)
    machine.stop()


def playing(machine: Machine, chunk: float) -> None:
    """A second out of the middle of that hour."""
    real, opened = Stream.open, []

    def count(self: Stream, index: int, sealed: bytes, last: bool = False) -> bytes:
        opened.append(index)
        return real(self, index, sealed, last)

    [row] = Store.open_readonly(machine.url).recordings.find()
    middle = 44 + HOUR * 2

    def play() -> None:
        recording = Recording(row, machine.directory, [machine.identity])
        for _ in Playable(recording).read(middle, middle + RATE * 4):
            pass

    Stream.open = count  # type: ignore[method-assign]
    play()
    Stream.open = real  # type: ignore[method-assign]
    fresh = spent(lambda: [play() for _ in range(50)]) / 50
    playable = Playable(Recording(row, machine.directory, [machine.identity]))

    def seek() -> None:
        for place in range(50):
            start = middle + place * 3 * CHUNK
            for _ in playable.read(start, start + RATE * 4):
                pass

    cost = spent(seek) / 50
    print(f"  a second out of the middle of an hour: {len(opened)} chunks opened; in a recording that is open"
          f" {cost * 1e6:.0f} us, as much as bare work on {cost / chunk:.1f} chunks; with its key unwrapped first"
          f" {fresh * 1e6:.0f} us")


def _told(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r  {done} of {of}", end="" if done < of else "\n", file=sys.stderr, flush=True)


def rotating(directory: Path, rows: int) -> None:
    old, kept, new = (new_identity() for _ in range(3))
    url = f"sqlite:///{directory / 'many.db'}"
    group = Greenlets()
    Store(url, group).stop()
    group.stop()
    fill(url, rows, [old, kept])
    one = Rotation(Ledger(url), (kept,), Change((Grant(kept.recipient), Grant(new.recipient))), "bench", "bench")
    begun, cpu = time.monotonic(), time.process_time()
    report = one.run(_told)
    took, cpu = time.monotonic() - begun, time.process_time() - cpu
    assert report.rewrapped == rows
    shown = "" if rows == 100_000 else f"; at that rate 100,000 in {took / rows * 100_000:.0f} s"
    print(f"  two recipients, one of them another than before: {rows} recordings on synced SQLite in {took:.0f} s"
          f" ({cpu:.0f} s of processor time), the store written anew at the end{shown}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000, help="recordings that are sealed for others")
    options = parser.parse_args()
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as fast:
        sealing(Path(fast))
    with tempfile.TemporaryDirectory() as slow:
        rotating(Path(slow), options.rows)


if __name__ == "__main__":
    main()
