"""A feed with calls in it, moved by the machine's own steps: what the tests of the live view share."""

from dataclasses import replace

import orjson

from eslbot.call.machine import step
from eslbot.call.state import CallState
from eslbot.judge.checklist import Item
from eslbot.model import facts
from eslbot.model.call import CallId, Role
from eslbot.model.facts import CallFact
from eslbot.model.judgement import Disclosure
from eslbot.model.orders import SetTimer
from eslbot.model.words import Hypothesis, Word
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.live.feed import Feed
from eslbot.supervise.live.reader import Reader
from eslbot.supervise.live.shown import Owner
from eslbot.supervise.live.words import Looks, Titled
from tests.call.score import Score, answered_call
from tests.words import CALL

SUPERVISOR = Person("sup", Staff.SUPERVISOR, "session")
AGENT = Person("seat1", Staff.AGENT, "session")
AUDITOR = Person("aud", Staff.AUDITOR, "session")
OTHERS = Person("other", Staff.SUPERVISOR, "session", teams=frozenset({"south"}))


class Watched:
    """One call in a feed."""

    def __init__(self, owner: Owner | None = None) -> None:
        self.now = 100.0
        self.owner = owner or Owner("north", "seat1", "Seat1")
        self.said = ""
        """Who was on the line when what is found now was said; empty: who is there."""
        self.items: tuple[Item, ...] = ()
        self.numbers: dict[str, str] = {}
        looks = Looks(
            lambda: self.now, lambda call: self.items, lambda rule: Titled(f"title of {rule}"),
            {"identity": "Say who you are"}, lambda leg: self.numbers.get(leg, ""),
            lambda fact: self.said or self.owner.agent)
        self.feed = Feed(looks, lambda state: self.owner)
        self.score: Score = answered_call()
        self.feed.follow(facts.AudioArrived(CALL, 2.5), self.score.state)

    @property
    def state(self) -> CallState:
        return self.score.state

    def play(self, *played: CallFact) -> None:
        """Facts go through the machine, and what it orders is done; the feed follows both."""
        for fact in played:
            state, orders = step(self.score.state, fact, self.score.policy)
            self.score.state = state
            self.feed.follow(fact, state)
            for order in orders:
                if not isinstance(order, SetTimer):
                    self.feed.follow(order, state)

    def say(self, text: str, role: Role = Role.AGENT, utterance: int = 0, final: bool = False, start: int = 8000,
            words: tuple[Word, ...] = (), call: CallId = CALL) -> None:
        self.feed.hear(Hypothesis(call, role, utterance, text, final, start, start + 8000, start + 8000, words))

    def required(self, state: Disclosure = Disclosure.PENDING, remaining: float | None = 12.0) -> None:
        self.items = (Item("notice", 0, Role.AGENT, state, 96_000, remaining, None, None),)

    def second(self, number: int) -> CallId:
        """Another call beside it."""
        other = CallId(f"{number:08d}-1111-4111-8111-111111111111")
        self.feed.follow(facts.AudioArrived(other, 2.5), replace(self.score.state, id=other))
        return other

    def reader(self, person: Person = SUPERVISOR, focus: CallId | None = None, after: int | None = None) -> Reader:
        return Reader(self.feed, person, focus, after)


def given_to(reader: Reader) -> list[dict[str, object]]:
    """The messages that are new to it."""
    return [orjson.loads(each) for each in reader.take(0).messages]


def kinds(reader: Reader) -> list[object]:
    """And their kinds."""
    return [each["k"] for each in given_to(reader)]
