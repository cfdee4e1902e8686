"""One try at a password or a PIN: hashed off the hub, one at a time; counted, and kept waiting where too many were
wrong. Knows the store of accounts and argon2; lets nobody in by itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from eslbot.greenlets import Greenlets
from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem
from eslbot.store.offhub import OffHub
from eslbot.supervise import known
from eslbot.supervise.lockout import Attempts
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.wire import Refused

COLUMNS = {"password": ("failures", "locked"), "pin": ("pin_failures", "pin_locked")}
"""Where wrong attempts of each are counted."""
MOST_WAITING = 40
"""Tries of passwords that stand in line: some seconds' worth. Whoever comes then is told at once to come again."""
AGAIN = 5.0
"""Seconds after which."""


class NotLetIn(Refused):
    """The name or the password is wrong: which of them is not said."""


class TooMany(Refused):
    """Not tried, since too many were wrong, or too many wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many attempts: try again in {max(1, round(seconds))} s")
        self.seconds = max(1.0, seconds)


class Trying:
    """Of one running service."""

    def __init__(
        self, store: AccountStore, passwords: Passwords, clock: Callable[[], float], greenlets: Greenlets,
        audit: Callable[[Entry], None], writing: OffHub,
    ) -> None:
        """`writing`: where what came of a try is written."""
        self._store, self._passwords, self._clock = store, passwords, clock
        self._greenlets, self._audit, self._writing = greenlets, audit, writing
        self._lanes = {what: OffHub(1) for what in COLUMNS}
        """One each: a flood of passwords, which strangers can send, keeps no phone's PIN waiting."""
        self._waiting = 0
        self._attempts = Attempts()
        self._counting: set[str] = set()

    def stop(self) -> None:
        for lane in self._lanes.values():
            lane.close()

    def hash(self, secret: str) -> str:
        """Of a password or a PIN that may be one."""
        return self._lanes["password"].run(self._passwords.hash, secret)

    def right(self, name: str, secret: str, address: str, what: str, proofs: Sequence[str] = ()) -> UserRow:
        """The account, its secret being right. `what`: password or pin; `proofs`: see known.py. What follows a wrong
        one is written when it has been answered, or the time would tell which names are somebody's. Raises NotLetIn,
        TooMany, StoreProblem."""
        if self._waiting >= MOST_WAITING and what == "password":
            raise TooMany(AGAIN)
        self._waiting += 1
        try:
            user, right = self._lanes[what].run(self._check, name, secret, what, proofs)
        finally:
            self._waiting -= 1
        if user is not None and right:
            return user
        who = f"account:{name}" if user is not None else "nobody"   # what was typed there may be a password
        how = "disabled" if user is not None and user.disabled else "wrong"
        self._audit(Entry("sign-in-failed", who, detail=f"{what}, {how}{address and f', from {address}'}"))
        if user is not None:
            self._greenlets.spawn("sign-in-failed", self._count, user.name, what)
        raise NotLetIn("the name or the password is wrong")

    def _check(self, name: str, secret: str, what: str, proofs: Sequence[str]) -> tuple[UserRow | None, bool]:
        """In the thread of hashing, so one at a time: an attempt sees what came of the one before. The account of that
        name, and whether the secret was right. A browser that its owner has signed in with is counted by itself: it
        does not wait for what strangers have tried."""
        key, (counted, locked) = f"{what} {name}", COLUMNS[what]
        told = self._attempts.is_told(key)   # before the row is read, or it might be older
        user, now = self._store.user(name), self._clock()
        if told and user is not None and not getattr(user, counted) and getattr(user, locked) is None:
            self._attempts.right(key)   # an admin has ended it, by a command line perhaps
        before, until = (getattr(user, counted), getattr(user, locked) or 0.0) if user is not None else (0, 0.0)
        if own := known.fitting(user.password, name, proofs) if user is not None else "":
            key, before, until = f"{key} {own}", 0, 0.0
        until = max(self._attempts.of(key)[1], until)
        if now < until:
            raise TooMany(until - now)
        encoded = getattr(user, what) if user is not None and not user.disabled else ""
        if not self._passwords.fits(encoded, secret) or user is None:
            self._attempts.failed(key, before, now)
            return user, False
        self._attempts.right(key)
        changed: dict[str, Any] = {}
        if self._passwords.outdated(encoded):
            changed[what] = self._passwords.hash(secret)
        if getattr(user, counted) or getattr(user, locked):
            changed |= {counted: 0, locked: None}
        if changed:
            self._store.change(user.name, **changed)
        return replace(user, **changed), True

    def _count(self, name: str, what: str) -> None:
        """One writer a name, until what it has come to is written."""
        key, written = f"{what} {name}", (0, 0.0)
        if key in self._counting:
            return
        self._counting.add(key)
        try:
            while (reached := self._attempts.of(key)) != written and reached[0]:
                values: dict[str, Any] = dict(zip(COLUMNS[what], (reached[0], reached[1] or None), strict=True))
                self._writing.run(self._store.change, name, **values)
                self._attempts.told(key, reached)
                written = reached
        except StoreProblem:   # this process remembers it
            return
        finally:
            self._counting.discard(key)
