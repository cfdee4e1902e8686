"""Many calls that only seem to go on: the real feed, pages, accounts and server, fed with made-up facts and with the
words of the shipped dialogues at the pace of a recogniser. For what would take a machine full of recognisers: a wall of
200 calls. The calls are chatter.py's; this is who sees them. Run as `python -m tests.browser.crowd DIRECTORY
--calls 200`; prints a JSON line with its port, then answers `stats`, `mark`, `evil` and `act` with one each."""

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

from gevent.fileobject import FileObject

from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.model import facts
from eslbot.model.call import Confirm, LegId, Role, Severity
from eslbot.model.judgement import Hit, Law, Verdict
from eslbot.model.words import Hypothesis, Word
from eslbot.store import Store
from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.store.rows import AlertRow, CallRow, StayRow
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.accounts import Accounts
from eslbot.supervise.live.shown import Owner
from eslbot.supervise.live.words import Titled
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.web import Frame, WebOptions, make_app
from eslbot.supervise.web.console import VERBS, blueprint
from eslbot.supervise.web.pages import Console
from eslbot.watch.guard import GuardedServer, Limits
from tests.browser.chatter import PROMPTS, RATE, TEAMS, Chatter, agent_of

EVIL = "<img src=/evil onerror=\"document.title='evil'\"><script>document.title='evil'</script>"
PASSWORD = "correct horse battery"
QUICK = Passwords(time_cost=1, memory_kib=8)


def failed(name: str, error: BaseException) -> None:
    print(name, repr(error), file=sys.stderr, flush=True)


class Crowd:
    """The calls and who sees them."""

    def __init__(self, directory: Path, calls: int, language: str, seed: int = 7) -> None:
        self.clock = SteadyClock()
        self.greenlets = Greenlets(failed)
        self.url = f"sqlite:///{directory}/crowd.db"
        self.store = Store(self.url, self.greenlets)
        self.accounts = Accounts(self.url, self.greenlets, self.clock, lambda entry: None, None, QUICK)
        self.chatter = Chatter(calls, language, self.greenlets, self.keep, seed)
        self.feed = self.chatter.feed
        self.last_act = 0.0
        self.marked = 0
        parts = Console(self.feed, self.store, prompts=PROMPTS[language])
        handlers = {**dict.fromkeys(VERBS - {"mask", "unmask"}, self.acted), "acknowledge": self.acknowledge}
        frame = Frame(handlers, self.accounts, failed, WebOptions(language=language), [blueprint(parts)])
        self.server = GuardedServer(
            ("127.0.0.1", 0), make_app(frame), self.greenlets, failed, Limits(connections=512))

    # --- accounts and handlers ---------------------------------------------------------------------------------------
    def add(self, name: str, role: Staff, *teams: str) -> None:
        row = UserRow(name, role.value, tuple(teams), password=QUICK.hash(PASSWORD), phone="")
        self.accounts.run(lambda store: store.add(row, Entry("user-added", "test", subject=name)))

    def keep(self, row: CallRow | StayRow | AlertRow) -> None:
        store: Any = self.store
        {CallRow: store.calls, StayRow: store.stays, AlertRow: store.alerts}[type(row)].put(row)

    def acknowledge(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        self.feed.acknowledged(args["alert"], "", person.who)
        return {}

    def acted(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        self.last_act = time.monotonic()
        return {"call": args["call"], "done": []}

    def evil(self, n: int) -> dict[str, Any]:
        """A call whose every text is markup: names, words, what a rule and an alert say."""
        talk = self.chatter
        state = talk.states[n]
        talk.owners[state.id], talk.numbers[LegId(state.id)] = Owner(EVIL, EVIL, EVIL), EVIL
        talk.titles[EVIL] = Titled(EVIL)
        at = int((self.clock() - (state.bridged or 0)) * RATE)
        verdict = Verdict(EVIL, EVIL, EVIL, EVIL, Severity.SEVERE, Confirm.FINAL, (), (Law(EVIL, EVIL),))
        words = (Word(EVIL, at, at + 800), Word(EVIL, at + 800, at + 1600))
        for role in (Role.AGENT, Role.CUSTOMER):
            self.feed.hear(Hypothesis(state.id, role, 2_000_000, f"{EVIL} {EVIL}", True, at, at + 1600, at, words))
        hit = Hit(state.id, Role.AGENT, 2_000_000, EVIL, 0)
        talk.play(n, facts.Violated(state.id, self.clock(), hit, verdict, Confirm.FINAL, at, at + 900, at + 900))
        self.feed.acted(state.id, EVIL, EVIL, f"account:{EVIL}", text=EVIL, detail=EVIL, title=EVIL)
        self.feed.alerted(AlertRow(EVIL, state.id, self.clock(), EVIL, "severe", EVIL, detail=EVIL))
        return {"call": state.id}

    # --- for whoever measures ----------------------------------------------------------------------------------------
    def mark(self, n: int, number: int) -> dict[str, float]:
        """A final of a call's customer with words of its own, and when it was given."""
        state = self.chatter.states[n]
        self.marked = max(self.marked, 1_000_000) + 1
        at = int((self.clock() - (state.bridged or 0)) * RATE)
        given = time.monotonic()
        self.feed.hear(Hypothesis(state.id, Role.CUSTOMER, self.marked, f"mark{number}x", True, at, at, at))
        return {"given": given, "wall": time.time()}

    def start(self) -> int:
        self.server.start()
        self.chatter.start()
        return int(self.server.server_port)

    def stats(self) -> dict[str, float]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu": used.ru_utime + used.ru_stime, "given": self.chatter.given, "seconds": self.chatter.gave,
            "number": self.feed.number, "at": time.monotonic(),
        }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--language", default="zh")
    given = parser.parse_args()
    AccountStore.made(f"sqlite:///{given.directory}/crowd.db").close()
    crowd = Crowd(given.directory, given.calls, given.language)
    for name, role, teams in (("sup", Staff.SUPERVISOR, ()), ("boss", Staff.ADMIN, ()), ("audit", Staff.AUDITOR, ()),
                              (agent_of(2), Staff.AGENT, (TEAMS[given.language][2],))):
        crowd.add(name, role, *teams)
    print(json.dumps({"port": crowd.start()}), flush=True)
    lines = FileObject(sys.stdin.fileno(), "rb", close=False)
    for line in lines:
        what, *numbers = line.split()
        answers: dict[bytes, Any] = {
            b"stats": crowd.stats, b"mark": crowd.mark, b"evil": crowd.evil, b"act": lambda: {"at": crowd.last_act}}
        print(json.dumps(answers[what](*map(int, numbers))), flush=True)


if __name__ == "__main__":
    main()
