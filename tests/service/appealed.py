"""What the tests of appeals share: two sealed calls of real vaults with violations in their words, a whole store, and
the handlers over both."""

from pathlib import Path
from typing import Any

from eslbot.greenlets import Greenlets
from eslbot.record.keys import Identity
from eslbot.service.people import reasons
from eslbot.service.people.appealing import Appealing, Periods
from eslbot.service.people.contested import Contested
from eslbot.service.people.letters import Letters
from eslbot.service.people.sounds import Sounds
from eslbot.store import Ledger, Store
from eslbot.store.appeal_rows import name_of
from eslbot.store.chain import Entry
from eslbot.store.rows import CallRow, StayRow, ViolationRow
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.records import Records
from tests.record.keeping import CALLS, Kept
from tests.record.rig import IDENTITY, STARTED

DAY = 86_400.0
CALL, OTHER = CALLS[:2]
HIT, MISSED = f"{CALL}/agent/3/promise/0", f"{CALL}/agent/-1/notice/0"
THEIRS = f"{OTHER}/agent/1/promise/0"
WORDS = "这个产品 稳 赚 不 赔"
SEAT = Person("seat7", Staff.AGENT, "session", frozenset({"north"}))
QA = Person("qa", Staff.QUALITY, "session")
NORTH = Person("north", Staff.QUALITY, "session", frozenset({"north"}))
SOUTH = Person("south", Staff.QUALITY, "session", frozenset({"south"}))
PERIODS = Periods(14 * DAY, 7 * DAY)


def violation(hit: str, agent: str = "seat7", team: str = "north", **more: Any) -> ViolationRow:
    call, role, utterance, rule, ordinal = hit.split("/")
    return ViolationRow(hit, call, STARTED + 5, rule, f"title of {rule}", "cn-marketing", "7", "severe", "final", role,
                        int(utterance), int(ordinal), 8000, 12_000, "广告法 25", "P", agent=agent, team=team, **more)


class House:
    """`keys`: what the service opens with; `now` moves by hand."""

    def __init__(self, directory: Path, url: str, *identities: Identity) -> None:
        self.kept = Kept(directory, url)
        self.kept.more = (
            *({"kind": "words", "role": "agent", "utterance": 3, "text": text, "start": 8000, "end": 9_000, "words": []}
              for text in ("这个 产品", f"我 说 {WORDS} 吗")),
            *({"kind": "violation", "hit": hit, "role": "agent", "utterance": int(hit.split("/")[2]), "words": words}
              for hit, words in ((HIT, "这个 产品 稳"), (HIT, WORDS), (MISSED, ""))))
        self.kept.record(CALL, OTHER)
        self.now = STARTED + DAY
        self.url, self.up = url, set[str]()
        self.keys = identities or (IDENTITY,)
        self.greenlets = Greenlets()
        self.store = Store(url, self.greenlets)
        self.records = Records(self.store, lambda: self.now, lambda entry: None)
        for call, agent, team in ((CALL, "seat7", "north"), (OTHER, "seat8", "south")):
            self.store.calls.put(CallRow(call, "pbx1", STARTED, True, ended=STARTED + 9, agent=agent, team=team))
            self.store.stays.put(StayRow(call, 1, "leg", STARTED, agent, team, first=0))
        for row in (violation(HIT), violation(MISSED), violation(THEIRS, "seat8", "south")):
            self.store.violations.put(row)
        assert self.store.flush(30)
        self.sounds = Sounds(
            lambda: self.keys, self.kept.options.directory, self.records, self._audit, lambda: self.now)
        self.appealing = self.made(Letters(self.sounds, self.kept.options.directory))
        self.handlers = reasons.asked(self.appealing.handlers, ())

    def made(self, read: Letters | None) -> Appealing:
        contested = Contested(self.store, self.url, read, "n1")
        return Appealing(self.store, contested, PERIODS, lambda: self.now, lambda call: call in self.up)

    def _audit(self, entry: Entry) -> None:
        Ledger(self.url).append(entry)

    def ask(self, verb: str, person: Person, **args: Any) -> dict[str, Any]:
        return self.handlers[verb](args, person)

    def file(self, reason: str = "我说的是不保证", hit: str = HIT) -> dict[str, Any]:
        return self.ask("appeal_file", SEAT, violation=name_of(hit), reason=reason)

    def decide(self, person: Person = QA, outcome: str = "upheld", hit: str = HIT) -> dict[str, Any]:
        return self.ask("appeal_decide", person, appeal=name_of(hit), outcome=outcome, reason="客户没有被误导")

    def audited(self) -> list[tuple[str, str, str]]:
        return [(row.what, row.who, row.detail) for row in Ledger(self.url).rows()]

    def stop(self) -> None:
        self.appealing.stop()
        self.sounds.stop()
        self.store.stop()
        self.greenlets.stop()
