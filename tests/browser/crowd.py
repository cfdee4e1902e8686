"""Many calls that only seem to go on: the real feed, pages, accounts and server, fed with made-up facts and with the
words of the shipped dialogues at the pace of a recogniser. For what would take a machine full of recognisers: a wall of
200 calls. Run as `python -m tests.browser.crowd DIRECTORY --calls 200`; prints a JSON line with its port.

Each hypothesis is given at a known moment, and what is printed on `stats` says how long giving it took."""

import argparse
import json
import random
import resource
import sys
import time
from pathlib import Path
from typing import Any

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import gevent
from gevent.fileobject import FileObject

from eslbot import data
from eslbot.call.machine import step
from eslbot.call.state import CallState
from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.judge import Item
from eslbot.judge.packs import load as load_packs
from eslbot.judge.rules import Rule
from eslbot.model import facts, orders
from eslbot.model.audio import AudioFrame
from eslbot.model.call import CallId, Confirm, LegId, Role, Severity
from eslbot.model.judgement import MISSED, Disclosure, Hit, Law, Verdict
from eslbot.model.words import Hypothesis, Word
from eslbot.redact import LiveRedactor
from eslbot.sim.dialogue import load as load_dialogue
from eslbot.store import Store
from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.store.rows import AlertRow, CallRow, StayRow
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.accounts import Accounts
from eslbot.supervise.live.feed import Feed
from eslbot.supervise.live.shown import Owner
from eslbot.supervise.live.words import Looks, Titled
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.web import Frame, WebOptions, make_app
from eslbot.supervise.web.console import VERBS, blueprint
from eslbot.supervise.web.pages import Console
from eslbot.watch.guard import GuardedServer, Limits
from tests.call.score import Score

RATE = 8000
EVIL = "<img src=/evil onerror=\"document.title='evil'\"><script>document.title='evil'</script>"
PASSWORD = "correct horse battery"
QUICK = Passwords(time_cost=1, memory_kib=8)
PACKS = {"zh": "cn-marketing", "en": "us-telemarketing"}
TEAMS = {"zh": ("一组", "二组", "三组"), "en": ("north", "south", "west")}
PLAYS = ("clean", "missing-disclosure", "severe-promise")
FOUND = {
    "zh": {"guaranteed-return": "稳赚不赔", "opt-out": "不要再打"},
    "en": {"guaranteed-return": "guaranteed return", "opt-out": "do not call"},
}
"""Rules whose words stand in the dialogues, and which they are."""
PACE = 0.2
"""Seconds between two hypotheses of who speaks."""


def failed(name: str, error: BaseException) -> None:
    print(name, repr(error), file=sys.stderr, flush=True)



def agent_of(n: int) -> str:
    """The account of the agent in the n-th call."""
    return f"seat{n + 1:03}"


class Crowd:
    """The calls and who sees them."""

    def __init__(self, directory: Path, calls: int, language: str, seed: int = 7) -> None:
        self.language, self.clock = language, SteadyClock()
        self.greenlets = Greenlets(failed)
        self.url = f"sqlite:///{directory}/crowd.db"
        self.store = Store(self.url, self.greenlets)
        self.accounts = Accounts(self.url, self.greenlets, self.clock, lambda entry: None, None, QUICK)
        self.rules: list[Rule] = list(load_packs([PACKS[language]]).rules)
        self.titles = {rule.id: Titled(rule.verdict.title) for rule in self.rules}
        self.items: dict[CallId, dict[str, Item]] = {}
        self.owners: dict[CallId, Owner] = {}
        self.numbers: dict[LegId, str] = {}
        self.random = random.Random(seed)
        looks = Looks(self.clock, self.checklist, lambda rule: self.titles.get(rule, Titled(rule)), {
            "reminder": "请注意合规用语。" if language == "zh" else "Mind what you promise."},
            lambda leg: self.numbers.get(leg, ""))
        self.feed = Feed(looks, lambda state: self.owners[state.id])
        self.gave = 0.0
        self.last_act = 0.0
        self.marked = 0
        self.given = 0
        plays = [load_dialogue(data.dialogues(language) / name) for name in PLAYS]
        self.lines = [
            [(Role(line.role), line.text.split() if language == "en" else list(line.text)) for line in play.lines]
            for play in plays
        ]
        self.states = [self.open(n) for n in range(calls)]
        parts = Console(self.feed, self.store, prompts={"correction": "更正" if language == "zh" else "Correction"})
        handlers = {**dict.fromkeys(VERBS - {"mask", "unmask"}, self.acted), "acknowledge": self.acknowledge}
        frame = Frame(handlers, self.accounts, failed, WebOptions(language=language), [blueprint(parts)])
        self.server = GuardedServer(
            ("127.0.0.1", 0), make_app(frame), self.greenlets, failed, Limits(connections=512))

    # --- accounts and handlers ---------------------------------------------------------------------------------------
    def add(self, name: str, role: Staff, *teams: str) -> None:
        row = UserRow(name, role.value, tuple(teams), password=QUICK.hash(PASSWORD), phone="")
        self.accounts.run(lambda store: store.add(row, Entry("user-added", "test", subject=name)))

    def acknowledge(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        self.feed.acknowledged(args["alert"], "", person.who)
        return {}

    def acted(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        self.last_act = time.monotonic()
        return {"call": args["call"], "done": []}

    def evil(self, n: int) -> dict[str, Any]:
        """A call whose every text is markup: names, words, what a rule and an alert say."""
        state = self.states[n]
        self.owners[state.id], self.numbers[LegId(state.id)] = Owner(EVIL, EVIL, EVIL), EVIL
        self.titles[EVIL] = Titled(EVIL)
        at = int((self.clock() - (state.bridged or 0)) * RATE)
        verdict = Verdict(EVIL, EVIL, EVIL, EVIL, Severity.SEVERE, Confirm.FINAL, (), (Law(EVIL, EVIL),))
        words = (Word(EVIL, at, at + 800), Word(EVIL, at + 800, at + 1600))
        for role in (Role.AGENT, Role.CUSTOMER):
            self.feed.hear(Hypothesis(state.id, role, 2_000_000, f"{EVIL} {EVIL}", True, at, at + 1600, at, words))
        hit = Hit(state.id, Role.AGENT, 2_000_000, EVIL, 0)
        self.play(n, facts.Violated(state.id, self.clock(), hit, verdict, Confirm.FINAL, at, at + 900, at + 900))
        self.feed.acted(state.id, EVIL, EVIL, f"account:{EVIL}", text=EVIL, detail=EVIL, title=EVIL)
        self.feed.alerted(AlertRow(EVIL, state.id, self.clock(), EVIL, "severe", EVIL, detail=EVIL))
        return {"call": state.id}

    # --- for whoever measures ----------------------------------------------------------------------------------------
    def mark(self, n: int, number: int) -> dict[str, float]:
        """A final of a call's customer with words of its own, and when it was given."""
        state = self.states[n]
        self.marked = max(self.marked, 1_000_000) + 1
        at = int((self.clock() - (state.bridged or 0)) * RATE)
        given = time.monotonic()
        self.feed.hear(Hypothesis(state.id, Role.CUSTOMER, self.marked, f"mark{number}x", True, at, at, at))
        return {"given": given, "wall": time.time()}

    # --- calls -------------------------------------------------------------------------------------------------------
    def checklist(self, call: CallId) -> tuple[Item, ...]:
        return tuple(self.items.get(call, {}).values())

    def open(self, n: int) -> CallState:
        call = CallId(f"{n + 1:08x}-1111-4111-8111-111111111111")
        agent = LegId(f"{n + 1:08x}-2222-4222-8222-222222222222")
        who, teams = agent_of(n), TEAMS[self.language]
        self.owners[call] = Owner(teams[n % len(teams)], who, who)
        at = self.clock() - self.random.uniform(5, 600)
        score = Score(opened=facts.Opened(call, at, "pbx", LegId(call), roles_known=True, shadow=False))
        self.numbers[LegId(call)] = f"1380013{n:04d}"
        score.play(facts.Joined(call, at + 2, agent, Role.AGENT, RATE), facts.AudioArrived(call, at + 2.5))
        self.items[call] = {}
        for rule in self.rules:
            if rule.require is not None and rule.words is None:
                how = self.random.choice([Disclosure.SAID] * 5 + [Disclosure.PENDING])
                if n % 3 == 1 and rule.id == "recording-notice":  # the dialogue that leaves it out
                    how = Disclosure.MISSING
                left = self.random.uniform(60, 400) if how is Disclosure.PENDING else None
                said = (8000, 16000) if how is Disclosure.SAID else None
                self.items[call][rule.id] = Item(rule.id, 0, Role.AGENT, how, 0, left, None, said)
        self.feed.follow(facts.AudioArrived(call, at + 2.5), score.state)
        self.store.stays.put(StayRow(call, 1, agent, at, who, self.owners[call].team, first=0))
        self.store.calls.put(CallRow(call, "pbx", at, True, agent, call, at, agent=who, team=self.owners[call].team))
        return score.state

    def play(self, n: int, *played: facts.CallFact) -> None:
        for fact in played:
            state, given = step(self.states[n], fact, Score().policy)
            self.states[n] = state
            self.feed.follow(fact, state)
            for order in given:
                if not isinstance(order, orders.SetTimer):
                    self.feed.follow(order, state)
                    self.feed.follow(facts.Performed(state.id, self.clock(), order.id, "done"), state)

    def hear(self, hypothesis: Hypothesis, redactor: LiveRedactor) -> None:
        began = time.perf_counter()
        self.feed.hear(redactor.shown(hypothesis))
        self.gave += time.perf_counter() - began
        self.given += 1

    def talk(self, n: int) -> None:
        """A call, for ever: line after line, word after word."""
        call, redactor = self.states[n].id, LiveRedactor(RATE)
        numbers = dict.fromkeys(Role, 0)
        gevent.sleep(self.random.uniform(0, 3))
        at = int((self.clock() - (self.states[n].bridged or 0)) * RATE)
        while True:
            for role, words in self.lines[n % len(self.lines)]:
                start, number = at, numbers[role]
                numbers[role] += 1
                for said in range(1, len(words) + 1, 1 if self.language == "en" else 2):
                    gevent.sleep(PACE)
                    at += int(PACE * RATE)
                    self.hear(Hypothesis(call, role, number, " ".join(words[:said]), False, start, at, at), redactor)
                    self.feed.frame(AudioFrame(call, at, RATE, self.sound(role)))
                step_ = max(1, (at - start) // len(words))
                timed = tuple(Word(word, start + k * step_, start + (k + 1) * step_) for k, word in enumerate(words))
                self.hear(Hypothesis(call, role, number, " ".join(words), True, start, at, at, timed), redactor)
                for rule, wanted in FOUND[self.language].items():
                    if n % 2 == 0:
                        self.find(n, role, number, rule, wanted, timed)
                gevent.sleep(self.random.uniform(0.4, 1.6))
                at = int((self.clock() - (self.states[n].bridged or 0)) * RATE)

    def sound(self, role: Role) -> bytes:
        """20 ms in which one speaks."""
        loud = int(3000 * self.random.uniform(0.05, 1.0))
        pair = (loud, 8) if role is Role.CUSTOMER else (8, loud)
        return b"".join(one.to_bytes(2, "little", signed=True) for one in pair) * 160

    def find(self, n: int, role: Role, number: int, name: str, wanted: str, timed: tuple[Word, ...]) -> None:
        """A violation, where these words hold it: each rule once a call."""
        joint = " " if self.language == "en" else ""
        text, call = joint.join(word.text for word in timed), self.states[n].id
        place = text.find(wanted)
        if place < 0 or any(hit["rule"] == name for hit in self.feed.calls[call].hits.values()):
            return
        ends = [len(joint.join(word.text for word in timed[: k + 1])) for k in range(len(timed))]
        words = [word for word, end in zip(timed, ends, strict=True) if place < end <= place + len(wanted)]
        verdict = next(rule for rule in self.rules if rule.id == name).verdict
        first, end = words[0].start, words[-1].end
        hit = Hit(call, role, number, name, 0)
        self.play(n, facts.Violated(call, self.clock(), hit, verdict, Confirm.FINAL, first, end, end))
        if self.states[n].mutes.group:
            self.greenlets.spawn("mute", self.unmute, n)
        if verdict.severity.label == "severe":
            self.feed.alerted(AlertRow(f"{call}#a{number}", call, self.clock(), "violation", "severe", name))

    def unmute(self, n: int) -> None:
        gevent.sleep(3.0)
        self.play(n, facts.TimerFired(self.states[n].id, self.clock(), "mute"))

    def start(self) -> int:
        self.server.start()
        for n, state in enumerate(self.states):
            missing = [key for key, item in self.items[state.id].items() if item.state is Disclosure.MISSING]
            for key in missing:
                rule = next(rule for rule in self.rules if rule.id == key)
                hit = Hit(state.id, Role.AGENT, MISSED, key, 0)
                self.play(n, facts.Violated(state.id, self.clock(), hit, rule.verdict, Confirm.FINAL, 0, 8000, 8000))
            self.greenlets.spawn("talk", self.talk, n)
        return int(self.server.server_port)

    def stats(self) -> dict[str, float]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu": used.ru_utime + used.ru_stime, "given": self.given, "seconds": self.gave,
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
