"""What the tests of erasure, retention and backup share: a real store (of each kind), real sealed recordings in it that
a real vault made, and nobody running any more."""

from pathlib import Path
from typing import Any

import gevent

from eslbot.greenlets import Greenlets
from eslbot.model.call import CallId
from eslbot.record import letters
from eslbot.record.erase import Eraser
from eslbot.record.reader import Recording
from eslbot.record.vault import Vault, VaultOptions
from eslbot.store import AppealRow, Ledger, RecordingRow, Store
from tests.record.rig import IDENTITY, SECOND, STARTED, frame, until

CALLS = [CallId(f"{n:08x}-1111-4111-8111-111111111111") for n in range(1, 9)]


class Kept:
    """One machine's store and directory."""

    def __init__(self, directory: Path, url: str, node: str = "n1") -> None:
        self.directory, self.url, self.node = directory, url, node
        self.options = VaultOptions(directory / "recordings", (str(IDENTITY.recipient), str(SECOND.recipient)),
                                    directory / "live", node)
        self.now = STARTED + 100
        self.more: tuple[dict[str, Any], ...] = ()
        """Records besides, in each call's words."""

    def record(self, *calls: CallId, started: float = STARTED, samples: int = 20_000, ended: bool = True) -> None:
        group = Greenlets()
        store = Store(self.url, group)
        closed: list[RecordingRow] = []
        vault = Vault(self.options, store.recordings, group, lambda: started + 100, lambda call, at: None,
                      lambda call, reason: None, closed.append)
        for n, call in enumerate(calls):
            writer = vault.open(call, "pbx1", 8000, started)
            writer.take(frame(0, samples, salt=n, call=call))
            writer.say({"kind": "words", "role": "agent", "utterance": n, "text": "稳赚不赔", "start": 0, "end": 800,
                        "words": []})
            for record in self.more:
                writer.say(record)
            if ended:
                writer.close()
        until(lambda: len(closed) == (len(calls) if ended else 0))
        gevent.sleep(0.05)
        assert store.flush(30)
        vault.stop()
        store.stop()
        group.stop()

    def letter(self, call: str, text: str) -> None:
        """An open appeal of something in the call, with that reason."""
        group = Greenlets()
        store = Store(self.url, group)
        store.appeals.put(AppealRow(call, call, call, 1, self.now, "seat7", "north", self.now + 9,
                                    reason=letters.seal(text, self.row(call).letters)))
        assert store.flush(30)
        store.stop()
        group.stop()

    def make_store(self) -> None:
        self.record()

    def read(self, book: str, **where: Any) -> list[Any]:
        store = Store.open_readonly(self.url)
        rows: list[Any] = getattr(store, book).find(**where)
        store.stop()
        return rows

    def row(self, call: str, part: int = 1) -> RecordingRow:
        [row] = self.read("recordings", call=call, part=part)
        assert isinstance(row, RecordingRow)
        return row

    def opens(self, call: str) -> bool:
        """Whether a recipient can hear the call."""
        return Recording(self.row(call), self.options.directory, [SECOND]).verify().whole

    def eraser(self, **more: Any) -> Eraser:
        return Eraser(Ledger(self.url), self.options.directory, self.options.live_directory, self.node, "first",
                      **{"clock": lambda: self.now, **more})

    def audited(self) -> list[tuple[str, str, str]]:
        return [(row.what, row.call, row.reason) for row in Ledger(self.url).rows()]

    def database(self) -> bytes:
        """Every byte of SQLite's files."""
        path = Path(self.url.removeprefix("sqlite:///"))
        files = sorted(path.parent.glob(path.name + "*"))
        return b"".join(file.read_bytes() for file in files if "shm" not in file.name)
