"""Whose a call is: the account, and its team, of the agent who was joined with the customer last. An agent is known by
the phone that the account has. Asked while a call is up; the store's row of the call keeps it afterwards. Knows the
roster and the legs' numbers, and shows nobody a number."""

from collections.abc import Callable
from dataclasses import dataclass

from eslbot.call.state import CallState
from eslbot.greenlets import Greenlets
from eslbot.model import facts
from eslbot.model.call import CallId, LegId, Role
from eslbot.model.facts import Fact
from eslbot.model.orders import Order
from eslbot.store.store import Store
from eslbot.supervise.access import Permission, Person
from eslbot.supervise.roster import Roster

ACCOUNT = "account"
"""Before the name of who is no Unix user."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Of one call; both empty while nobody is known."""

    agent: str = ""
    """The account's name."""
    team: str = ""
    """Its team when the call was joined."""


NOBODY = Owner()


class Owners:
    """Of all calls that are up."""

    def __init__(
        self, roster: Roster, number: Callable[[LegId], str], store: Store, greenlets: Greenlets,
    ) -> None:
        """`number`: a leg's own, empty where it is unknown."""
        self._roster, self._number, self._store, self._greenlets = roster, number, store, greenlets
        self._owners: dict[CallId, Owner] = {}

    def follow(self, what: Fact | Order, state: CallState | None) -> None:
        """To be shown every fact, and every order."""
        if isinstance(what, facts.Joined) and what.role is Role.AGENT:
            self._joined(what)
        elif isinstance(what, facts.Resumed):
            self._greenlets.spawn("owner", self._recall, what.call)
        if state is not None and state.settled:
            self._owners.pop(state.id, None)

    def of(self, call: CallId) -> Owner:
        """Whose it is."""
        return self._owners.get(call, NOBODY)

    def sees(self, person: Person, call: CallId) -> bool:
        """Whether the call is theirs to see."""
        owner = self.of(call)
        return person.sees(owner.team, owner.agent)

    def hears(self, by: str, call: CallId) -> bool:
        """Whether who sits in the call may hear it still, now that it is another agent's: an account (`account:name`)
        where it sees that agent's calls and may act in them, a Unix user, or whom a rule rang."""
        kind, _, name = by.partition(":")
        if kind != ACCOUNT:
            return True
        member = self._roster.get(name)
        if member is None or member.disabled:
            return False
        person = Person(member.name, member.role, "phone", frozenset(member.teams) or None)
        return person.may(Permission.ACT) and self.sees(person, call)

    def _joined(self, fact: facts.Joined) -> None:
        number = self._number(fact.other)
        if not number:   # a leg that was up before we were: what the store said of it holds
            return
        member = self._roster.by_phone(number)
        owner = NOBODY if member is None else Owner(member.name, member.team)
        self._owners[fact.call] = owner
        self._store.calls.patch(fact.call, agent=owner.agent, team=owner.team)

    def _recall(self, call: CallId) -> None:
        """After a restart; what has been learnt meanwhile is newer."""
        row = self._store.calls.get(call)
        if row is not None and row.agent:
            self._owners.setdefault(call, Owner(row.agent, row.team))
