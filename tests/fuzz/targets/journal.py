"""What a restart finds on its disk: a call's journal and a recording's live state, damaged or made up. The journal is
set aside or dropped, or its call is taken up; the live state is lost or gone on with; and the start never fails."""

import re
import zlib
from functools import cache
from typing import Any

import orjson

from eslbot.call.desk import Desk
from eslbot.call.journal import Journal
from eslbot.call.legs import LegBook
from eslbot.call.plain import to_plain
from eslbot.call.roles import RolePatterns
from eslbot.call.state import Policy
from eslbot.greenlets import Greenlets
from eslbot.model import facts, orders
from eslbot.model.call import CallId, LegId, Role
from eslbot.record.live import LiveDirectory, LiveLost
from tests.fuzz.tools import Choices, scratch

CALL = CallId("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
AGENT = LegId("00000000-8b86-d011-b42d-00cf4fc964ff")


def seeds() -> list[bytes]:
    told: list[tuple[Any, list[Any]]] = [
        (facts.Opened(CALL, 1.0, "pbx", LegId(CALL), True, False), [orders.ArmClosing(f"{CALL}#0", CALL, LegId(CALL))]),
        (facts.Performed(CALL, 1.1, f"{CALL}#0", "done", ""), []),
        (facts.Joined(CALL, 2.0, AGENT, Role.AGENT, 8000), [
            orders.Listen(f"{CALL}#1", CALL, LegId(CALL), "pbx", 8000, True, 0),
            orders.SetTimer(f"{CALL}#2", CALL, "recording", 32.0),
        ]),
        (facts.AudioLost(CALL, 3.0, 0, 800, 8000, "shed", None), []),
        (facts.Gone(CALL, 9.0, "hung-up"), []),
    ]  # fmt: skip
    lines = [
        orjson.dumps({"v": 1, "fact": to_plain(fact), "orders": [to_plain(o) for o in some]}) for fact, some in told
    ]
    summed = b"".join(b"%08x %b\n" % (zlib.crc32(line), line) for line in lines)
    live = {"version": 1, "call": CALL, "audio_key": "00", "gaps": [], "recipients": []}
    return [
        b"\x00" + summed, *(b"\x01" + b"\n".join(lines[:n]) for n in range(1, len(lines) + 1)),
        b"\x02" + orjson.dumps(live), b"\x02{",
    ]  # fmt: skip


def one(data: bytes) -> None:
    choices = Choices(data)
    mode = choices.byte() % 3
    if mode == 2:
        _live(choices.rest())
    else:
        text = choices.rest()
        if mode == 1:  # whatever it says, its checksums are right
            text = b"".join(b"%08x %b\n" % (zlib.crc32(line), line) for line in text.split(b"\n"))
        _journal(text)


@cache
def _legs() -> RolePatterns:
    return RolePatterns(re.compile(r"10\d\d"), re.compile(r"9\d+"), None, False)


class _Quiet:
    def fact(self, fact: Any, state: Any) -> None: ...
    def order(self, order: Any, outcome: Any, state: Any, cause: Any) -> None: ...
    def trouble(self, where: str, error: BaseException) -> None: ...


class _NoGreenlets(Greenlets):
    def spawn(self, name: str, run: Any, *args: Any, restart_after: float | None = None) -> Any:
        """What runs after the start is another matter."""


def _journal(text: bytes) -> None:
    directory = scratch() / "journal"
    journal = Journal(directory)
    for old in directory.iterdir():
        old.unlink()
    (directory / f"{CALL}.journal").write_bytes(text)
    desk = Desk(Policy(), LegBook(_legs(), "eslbot_closing"), journal, {}, _NoGreenlets(), lambda: 9.0, _Quiet())
    taken = desk.restore()
    assert taken in ([], [CALL])
    assert len(desk.states()) == len(taken)


def _live(text: bytes) -> None:
    live = LiveDirectory(scratch() / "live")
    (scratch() / "live" / f"{CALL}.live").write_bytes(text)
    try:
        found = live.load(CALL)
    except LiveLost:
        return
    assert found is not None
