"""Lets people in, and out: by password, by session, by token, by the PIN of a phone. Knows the store of accounts,
hashes and lockouts; knows neither HTTP nor what anybody may do (access.py).

Everything that takes long runs off the hub, hashing one at a time: a flood of sign-ins takes one core at most. While
the store is away nobody can sign in; who is signed in stays so, since a call may need them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gevent

from eslbot.greenlets import Greenlets
from eslbot.store.account_rows import SessionRow, UserRow
from eslbot.store.accounts import AccountStore, Change
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem
from eslbot.store.offhub import OffHub
from eslbot.supervise import known, secrets
from eslbot.supervise.access import Permission, Person, Staff
from eslbot.supervise.passwords import Passwords, Weak, check_password
from eslbot.supervise.remembered import Remembered
from eslbot.supervise.roster import Member, Roster
from eslbot.supervise.trying import NotLetIn, TooMany, Trying
from eslbot.supervise.uses import Uses
from eslbot.supervise.wire import Refused

RENEW = 2.0
"""Seconds between two looks at the accounts."""


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """How long a sign-in lasts."""

    idle: float = 4 * 3600.0
    """Seconds without a request."""
    absolute: float = 12 * 3600.0
    """Seconds in all."""


class NoCodes(Refused):
    """A phone's account whose feature codes let nobody in. The text is for the audit."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.who = f"account:{name}"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session, as a request finds it."""

    id: str
    person: Person
    must_change: bool
    language: str = ""
    """The account's own; empty: the browser's."""


class Accounts:
    """Of one running service."""

    def __init__(
        self, url: str, greenlets: Greenlets, clock: Callable[[], float], audit: Callable[[Entry], None],
        options: AccountOptions | None = None, passwords: Passwords | None = None,
    ) -> None:
        """`clock`: seconds since the epoch. `audit` takes what failed, and neither waits nor fails; it is `note` to
        others. Raises StoreProblem."""
        self._options = options or AccountOptions()
        self._clock, self.note = clock, audit
        self.passwords = passwords or Passwords()
        self._reading = OffHub(2)
        self._store: AccountStore = self._reading.run(AccountStore, url, clock)
        self._trying = Trying(self._store, self.passwords, clock, greenlets, audit, self._reading)
        self._uses = Uses()
        self._remembered = Remembered(lambda keys: {**self._sessions(keys), **self._tokens(keys)}, greenlets)
        self.roster = Roster()
        self._renew()
        greenlets.spawn("roster", self._keep, restart_after=RENEW)

    def stop(self) -> None:
        self._trying.stop()
        self._reading.close()
        self._store.close()

    def run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Something over the store of accounts (its methods take it as `store`), off the hub; what was remembered of
        sessions, tokens and accounts is read anew afterwards."""
        try:
            return self._reading.run(work, self._store, *args, **kwargs)
        finally:
            self._remembered.renew()
            self._renew()

    def append(self, entry: Entry) -> None:
        """To the audit's chain itself, before what must not be done without it. Raises StoreProblem."""
        self._reading.run(self._store.append, entry)

    # --- sign in and out ---------------------------------------------------------------------------------------------
    def sign_in(self, name: str, password: str, address: str = "", proofs: Sequence[str] = ()) -> str:
        """The new session's secret, for a cookie. `proofs`: what the browser brings of those who signed in with it
        before (known.py). Raises NotLetIn, TooMany, StoreProblem."""
        user = self._trying.right(_named(name), password, address, "password", proofs)
        return self._begin(user.name, user.password, address, "password")

    def _begin(self, name: str, encoded: str, address: str, detail: str) -> str:
        """A session of that account, whose password has that hash. Raises NotLetIn where it has another by now."""
        secret, now = secrets.new_session(), self._clock()
        row = SessionRow(secrets.digest(secret), name, now, now, now + self._options.absolute, address[:200])
        if not self._reading.run(self._store.begin, row, Entry("sign-in", f"account:{name}", detail=detail), encoded):
            raise NotLetIn("the name or the password is wrong")
        self._remembered.began(row.id)
        return secret

    def proof(self, name: str) -> str:
        """That a browser is one its owner has signed in with: for it to keep. Raises StoreProblem."""
        user = self._reading.run(self._store.user, _named(name))
        return "" if user is None else known.proof(user.password, user.name)

    def knows(self, name: str, proofs: Sequence[str]) -> bool:
        """Whether one of the proofs is of that account. Raises StoreProblem."""
        user = self._reading.run(self._store.user, _named(name)) if proofs else None
        return user is not None and bool(known.fitting(user.password, user.name, proofs))

    def sign_out(self, session: SignedIn) -> None:
        """End it. Raises StoreProblem."""
        try:
            self._reading.run(self._store.end, session.id, Entry("sign-out", session.person.who))
        finally:
            self._remembered.forget(session.id)

    def change_password(self, session: SignedIn, old: str, new: str, address: str = "") -> str:
        """By the account's owner. All their sessions end, this one too: somebody else may have its cookie. Gives a new
        session's secret. Raises NotLetIn, TooMany, passwords.Weak, StoreProblem."""
        name = session.person.name
        check_password(new, name)
        if new == old:
            raise Weak("the new password is the old one")
        known_as = self._trying.right(name, old, "", "password").password
        encoded = self._trying.hash(new)
        entry = Entry("user-changed", session.person.who, subject=name, detail="password, by its owner")

        def decide(row: UserRow, _: Sequence[UserRow]) -> Change:
            if row.password != known_as or row.disabled:   # changed by an admin meanwhile
                raise NotLetIn("the name or the password is wrong")
            return Change({"password": encoded, "must_change": False}, (entry,), ends=True)

        self.run(lambda store: store.alter(name, decide))
        return self._begin(name, encoded, address, "password, changed")

    def choose_language(self, session: SignedIn, language: str) -> None:
        """By the account's owner; not audited, since nothing is allowed or forbidden by it. Raises StoreProblem."""
        self.run(lambda store: store.change(session.person.name, language=language))

    def hash(self, secret: str) -> str:
        """Of a password or a PIN that was checked."""
        return self._trying.hash(secret)

    # --- who is asking -----------------------------------------------------------------------------------------------
    def session(self, secret: str, goes_on: bool = False) -> SignedIn | None:
        """Whose cookie it is; None where it is nobody's, has ended, or the account is disabled. `goes_on`: asked again
        and again, by an answer that goes on: all those together are read at once, once a second."""
        id_ = secrets.digest(secret)
        found = self._remembered.of(id_, self._sessions, goes_on)
        now = self._clock()
        if found is None:
            return None
        row, user = found
        seen = max(row.seen, self._uses.last(id_))
        if user.disabled or now >= min(row.until, seen + self._options.idle):
            return None
        self._uses.use(id_, row.seen, now, lambda *use: self._reading.run(self._store.seen, *use))
        return SignedIn(id_, person_of(user, "session"), user.must_change, user.language)

    def token(self, secret: str, goes_on: bool = False) -> Person | None:
        """Whose API token it is; None as above, and where the token's own time is over."""
        if not secrets.looks_like_token(secret):
            return None
        found = self._remembered.of(secrets.digest(secret), self._tokens, goes_on)
        now = self._clock()
        if found is None:
            return None
        row, user = found
        if user.disabled or (row.until is not None and now >= row.until):
            return None
        self._uses.use(
            row.id, row.used or 0.0, now, lambda *use: self._reading.run(self._store.token_used, *use))
        scopes = frozenset(Permission(scope) for scope in row.scopes if scope in set(Permission))
        return replace(person_of(user, "token"), scopes=scopes)

    def remembers(self, secret: str) -> bool:
        """Whether a cookie or a token was somebody's when it was looked at last, in this process. Never waits; lets
        nobody in."""
        return self._remembered.knows(secrets.digest(secret))

    def by_phone(self, number: str, pin: str) -> Person | None:
        """Who calls from that number (which the switch has authenticated) with that PIN; None where it is nobody's
        phone. Raises NoCodes where the account has no PIN or is closed; NotLetIn, TooMany (both audited or counted
        here), StoreProblem."""
        user = self._reading.run(self._store.user_of_phone, number)
        if user is None:
            return None
        if user.disabled or not user.pin:
            raise NoCodes(user.name, "the account is disabled" if user.disabled else "the account has no PIN")
        user = self._trying.right(user.name, pin, "", "pin")
        return person_of(user, "phone") if user.phone == number else None

    # -----------------------------------------------------------------------------------------------------------------
    def _sessions(self, keys: Collection[str]) -> Mapping[str, Any]:
        return self._reading.run(self._store.sessions_of, keys)

    def _tokens(self, keys: Collection[str]) -> Mapping[str, Any]:
        return self._reading.run(self._store.tokens_of, keys)

    def _keep(self) -> None:
        while True:
            gevent.sleep(RENEW)
            self._renew()

    def _renew(self) -> None:
        try:
            rows = self._reading.run(self._store.users)
        except StoreProblem:   # the store tells of it; who works here has not changed meanwhile
            return
        self.roster.renew(member_of(row) for row in rows)


def _named(typed: str) -> str:
    """An account's name as somebody has typed it; what no name holds (PostgreSQL takes no NUL) makes it nobody's."""
    name = typed.strip().lower()[:200]
    return name if name.isprintable() else ""


def person_of(user: UserRow, via: str) -> Person:
    """The account as somebody who asks."""
    teams = frozenset(user.teams) if user.teams else None
    return Person(user.name, Staff(user.role), via, teams, user.phone)


def member_of(user: UserRow) -> Member:
    """An account as the roster has it."""
    return Member(user.name, Staff(user.role), user.teams, user.phone, user.disabled)


__all__ = [
    "AccountOptions", "Accounts", "NoCodes", "NotLetIn", "SignedIn", "TooMany", "member_of", "person_of",
]
