"""Whose a call is: the account, and its team, of each agent who was joined with the customer, one after another. An
agent is known by the phone that the account has. Asked while a call is up; the store's stays keep it afterwards. Knows
the roster, the legs' numbers and where a call's audio stands, and shows nobody a number."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from eslbot.call.state import CallState, Phase
from eslbot.greenlets import Greenlets
from eslbot.model import facts
from eslbot.model.call import CallId, LegId, Role
from eslbot.model.facts import Fact
from eslbot.model.judgement import was_missed
from eslbot.model.orders import Listen, Order
from eslbot.store.rows import StayRow
from eslbot.store.store import Store
from eslbot.supervise.access import Permission, Person
from eslbot.supervise.roster import Roster

ACCOUNT = "account"
"""Before the name of who is no Unix user."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One agent's part of a call; agent and team empty where nobody is known."""

    agent: str = ""
    """The account's name."""
    team: str = ""
    """Its team when the call was joined."""
    first: int = 0
    """The first sample that is theirs."""
    started: float = 0.0
    """When they came, in seconds since the epoch."""


NOBODY = Owner()


class Audio(Protocol):
    """Where a call's audio stands (service/hearing/ears)."""

    def position(self, call: CallId) -> int | None: ...
    def began(self, call: CallId) -> int | None: ...


@dataclass(slots=True)
class _Meanwhile:
    """What came while the store was asked."""

    left: float | None = None
    """When who was there before was first gone."""
    found: list[facts.Violated] = field(default_factory=list)


class Owners:
    """Of all calls that are up."""

    def __init__(
        self, roster: Roster, number: Callable[[LegId], str], store: Store, greenlets: Greenlets, audio: Audio,
    ) -> None:
        """`number`: a leg's own, empty where it is unknown."""
        self._roster, self._number, self._store, self._greenlets = roster, number, store, greenlets
        self._audio = audio
        self._stays: dict[CallId, list[StayRow]] = {}
        self._faced: dict[CallId, int] = {}
        """The number of who came last."""
        self._asked: dict[CallId, _Meanwhile] = {}
        """Calls of an earlier life, while the store is asked for what it knows."""

    def follow(self, what: Fact | Order, state: CallState | None) -> None:
        """To be shown every fact, and every order."""
        if state is None:
            return
        match what:
            case facts.Joined():
                self._joined(what, state)
            case facts.Parted():
                self._left(state.id, what.at)
            case facts.Resumed():
                self._faced[state.id] = state.faced
                self._asked[state.id] = _Meanwhile()
                self._greenlets.spawn("owner", self._recall, state.id)
            case Listen():
                self._placed(state.id)
            case facts.Violated() if state.id in self._asked:
                self._asked[state.id].found.append(what)
        if state.phase is Phase.ENDED and state.ended is not None:
            self._left(state.id, state.ended[1])
        if state.settled:
            self._stays.pop(state.id, None)
            self._faced.pop(state.id, None)
            self._asked.pop(state.id, None)

    def of(self, call: CallId) -> Owner:
        """Whose it is: the agent's who came last."""
        stays = self._stays.get(call)
        return _owner(stays[-1]) if stays else NOBODY

    def said(self, call: CallId, hit: str, start: int, end: int) -> Owner:
        """Who was on the line when a hit's words began, by its key and samples; of what was not said, who was there
        for as long as it was owed: where it changed hands meanwhile it is nobody's."""
        at = self._at(call, start)
        return NOBODY if was_missed(hit) and at.agent != self._at(call, end).agent else at

    def sees(self, person: Person, call: CallId) -> bool:
        """Whether the call is theirs to see as it goes on."""
        owner = self.of(call)
        return person.sees(owner.team, owner.agent)

    def hears(self, by: str, call: CallId, unknown: bool = False) -> bool:
        """Whether who sits in the call may hear it still: an account (`account:name`) that sees its agent's calls and
        may act in them, a Unix user, or whom a rule rang. `unknown`: whether one may who sees some calls only, while
        nobody knows whose it is."""
        kind, _, name = by.partition(":")
        if kind != ACCOUNT:
            return True
        member = self._roster.get(name)
        if member is None or member.disabled:
            return False
        person = Person(member.name, member.role, "phone", frozenset(member.teams) or None)
        return person.may(Permission.ACT) and (self.sees(person, call) or (unknown and self.of(call) == NOBODY))

    def _at(self, call: CallId, sample: int) -> Owner:
        for stay in reversed(self._stays.get(call, ())):
            over = stay.ended is not None if stay.end is None else sample >= stay.end
            if stay.first is not None and stay.first <= sample and not over:
                return _owner(stay)
        return NOBODY

    # --- who comes and goes ------------------------------------------------------------------------------------------
    def _joined(self, fact: facts.Joined, state: CallState) -> None:
        if self._faced.get(state.id) == state.faced:  # told again after a restart, or a lost link
            return
        self._faced[state.id] = state.faced
        self._left(state.id, fact.at)
        if fact.role is not Role.AGENT:
            return
        member = self._roster.by_phone(self._number(fact.other))
        name, team = ("", "") if member is None else (member.name, member.team)
        first = 0 if state.faced == 1 else self._audio.position(state.id)
        stay = StayRow(state.id, state.faced, fact.other, fact.at, name, team, first=first)
        self._stays.setdefault(state.id, []).append(stay)
        self._store.stays.put(stay)
        self._store.calls.patch(state.id, agent=name, team=team)

    def _left(self, call: CallId, at: float) -> None:
        """Whoever was there is gone. Where the call is not heard yet, after a restart, nobody knows at which sample."""
        if call in self._asked and self._asked[call].left is None:
            self._asked[call].left = at
        for stay in self._stays.get(call, ())[-1:]:
            if stay.ended is None:
                self._change(stay, ended=at, end=self._audio.position(call))

    def _placed(self, call: CallId) -> None:
        """The call is heard again after a restart. What was said while we were dead is nobody's where it changed hands
        meanwhile: nobody knows when."""
        for stay in tuple(self._stays.get(call, ())):
            if stay.ended is not None and stay.end is None:
                self._change(stay, end=self._audio.began(call))
            elif stay.first is None:
                self._change(stay, first=self._audio.position(call))

    def _change(self, stay: StayRow, **values: Any) -> None:
        stays = self._stays[CallId(stay.call)]
        stays[stays.index(stay)] = replace(stay, **values)
        self._store.stays.patch(stay.call, stay.ordinal, **values)

    # --- after a restart ---------------------------------------------------------------------------------------------
    def _recall(self, call: CallId) -> None:
        """What the store knows of a call from before; what has been learnt meanwhile is newer."""
        rows = self._store.stays.find(call=call)
        meanwhile = self._asked.pop(call, None)
        if meanwhile is None:   # it is over
            return
        here = self._stays.get(call, [])
        ordinals = {stay.ordinal for stay in here}
        before = [row for row in rows if row.ordinal not in ordinals]
        self._stays[call] = sorted([*before, *here], key=lambda stay: stay.ordinal)
        for stay in before:
            if stay.ended is None and meanwhile.left is not None:
                self._change(stay, ended=meanwhile.left, end=self._audio.began(call))
        for fact in meanwhile.found:
            owner = self.said(call, fact.hit.key, fact.start, fact.end)
            self._store.violations.patch(fact.hit.key, agent=owner.agent, team=owner.team)


def _owner(stay: StayRow) -> Owner:
    return Owner(stay.agent, stay.team, stay.first or 0, stay.started)
