"""Calls that only seem to go on: made-up facts, and the words of the shipped dialogues at the pace of a recogniser,
given to a real feed. Knows dialogues, rules and the feed; no account, no page.

Each hypothesis is given at a known moment; `gave` over `given` is how long giving one took."""

import random
import time
from collections.abc import Callable

import gevent

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
from eslbot.model.call import CallId, Confirm, LegId, Role
from eslbot.model.judgement import MISSED, Disclosure, Hit
from eslbot.model.words import Hypothesis, Word
from eslbot.redact import LiveRedactor
from eslbot.sim.dialogue import load as load_dialogue
from eslbot.store.rows import AlertRow, CallRow, StayRow
from eslbot.supervise.live.feed import Feed
from eslbot.supervise.live.shown import Owner
from eslbot.supervise.live.words import Looks, Titled
from tests.call.score import Score

RATE = 8000
PACKS = {"zh": "cn-marketing", "en": "us-telemarketing"}
TEAMS = {"zh": ("一组", "二组", "三组"), "en": ("north", "south", "west")}
PLAYS = ("clean", "missing-disclosure", "severe-promise")
FOUND = {
    "zh": {"guaranteed-return": "稳赚不赔", "opt-out": "不要再打"},
    "en": {"guaranteed-return": "guaranteed return", "opt-out": "do not call"},
}
"""Rules whose words stand in the dialogues, and which they are."""
PROMPTS = {
    "zh": {"reminder": "请注意合规用语。", "correction": "刚才的说法有误，投资有风险，收益不作保证。"},
    "en": {"reminder": "Mind what you promise.", "correction": "That was wrong: no return can be promised."},
}
"""What is said by name."""
PACE = 0.2
"""Seconds between two hypotheses of who speaks."""


def agent_of(n: int) -> str:
    """The account of the agent in the n-th call."""
    return f"seat{n + 1:03}"


class Chatter:
    """The calls, by number from 0: `states[n]`."""

    def __init__(
        self, calls: int, language: str, greenlets: Greenlets, keep: Callable[[CallRow | StayRow | AlertRow], None],
        seed: int = 7,
    ) -> None:
        """`keep`: takes the rows that a service would store."""
        self.language, self.greenlets, self.clock, self._keep = language, greenlets, SteadyClock(), keep
        self.rules: list[Rule] = list(load_packs([PACKS[language]]).rules)
        self.titles = {rule.id: Titled(rule.verdict.title) for rule in self.rules}
        self.items: dict[CallId, dict[str, Item]] = {}
        self.owners: dict[CallId, Owner] = {}
        self.numbers: dict[LegId, str] = {}
        self.random = random.Random(seed)
        looks = Looks(self.clock, self.checklist, lambda rule: self.titles.get(rule, Titled(rule)), PROMPTS[language],
                      lambda leg: self.numbers.get(leg, ""), lambda fact: self.owners[fact.call].agent)
        self.feed = Feed(looks, lambda state: self.owners[state.id])
        self.gave = 0.0
        self.given = 0
        plays = [load_dialogue(data.dialogues(language) / name) for name in PLAYS]
        self.lines = [
            [(Role(line.role), line.text.split() if language == "en" else list(line.text)) for line in play.lines]
            for play in plays
        ]
        self.states = [self.open(n) for n in range(calls)]

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
        self._keep(StayRow(call, 1, agent, at, who, self.owners[call].team, first=0))
        self._keep(CallRow(call, "pbx", at, True, agent, call, at, agent=who, team=self.owners[call].team))
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
        begins = [end - len(word.text) for word, end in zip(timed, ends, strict=True)]
        words = [word for word, begin, end in zip(timed, begins, ends, strict=True)
                 if begin < place + len(wanted) and place < end]
        verdict = next(rule for rule in self.rules if rule.id == name).verdict
        first, end = words[0].start, words[-1].end
        hit = Hit(call, role, number, name, 0)
        self.play(n, facts.Violated(call, self.clock(), hit, verdict, Confirm.FINAL, first, end, end))
        if self.states[n].mutes.group:
            self.greenlets.spawn("mute", self.unmute, n)
        if verdict.severity.label == "severe":
            alert = AlertRow(f"{call}#a{number}", call, self.clock(), "violation", "severe", name)
            self._keep(alert)
            self.feed.alerted(alert)

    def unmute(self, n: int) -> None:
        gevent.sleep(3.0)
        self.play(n, facts.TimerFired(self.states[n].id, self.clock(), "mute"))

    def start(self) -> None:
        """What the dialogues leave out is missed, and all begin to talk."""
        for n, state in enumerate(self.states):
            missing = [key for key, item in self.items[state.id].items() if item.state is Disclosure.MISSING]
            for key in missing:
                rule = next(rule for rule in self.rules if rule.id == key)
                hit = Hit(state.id, Role.AGENT, MISSED, key, 0)
                self.play(n, facts.Violated(state.id, self.clock(), hit, rule.verdict, Confirm.FINAL, 0, 8000, 8000))
            self.greenlets.spawn("talk", self.talk, n)
