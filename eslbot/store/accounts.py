"""The accounts, read and changed from any process, with or without a running service; their sessions and tokens are
admissions.py's. What is to be audited is changed in the transaction that holds the audit's lock, so that the change
stands or falls with the row that tells of it. Every method blocks: a service calls it off its hub. Knows tables, no
password and no rule."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from eslbot.store import migrate
from eslbot.store.account_rows import UserRow
from eslbot.store.admissions import Admissions
from eslbot.store.chain import Entry
from eslbot.store.engine import engine_of, file_of, make_file
from eslbot.store.ledger import Writing
from eslbot.store.tables import columns_of, row_of, sessions, tokens, users


class Taken(Exception):
    """That name, or that phone, is another account's. The text says which."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an account."""

    values: dict[str, Any] = field(default_factory=dict)
    """Columns."""
    entries: tuple[Entry, ...] = ()
    """For the audit."""
    ends: bool = False
    """Its sessions end."""


Decide = Callable[[UserRow, Sequence[UserRow]], Change]
"""(the account, all there are) -> what is to become of it. What it raises leaves everything as it was."""


class AccountStore(Admissions):
    """One store's, with what lets people in."""

    @classmethod
    def made(cls, url: str, clock: Callable[[], float] = time.time) -> "AccountStore":
        """The same; makes a store where none is yet: the first account may be there before the first start. Raises
        StoreProblem."""
        file = file_of(make_url(url)) if url.startswith("sqlite") else None
        if file is None or not file.exists():
            make_file(url)
            engine = engine_of(url)
            try:
                with engine.connect() as connection:
                    empty = migrate.revision(connection) is None
            except SQLAlchemyError as error:
                raise migrate.unopened(engine, error) from error
            if empty:
                migrate.upgrade(engine)
            engine.dispose()
        return cls(url, clock)

    def users(self) -> list[UserRow]:
        """All, by name."""
        return self._read(UserRow, select(users).order_by(users.c.name))

    def user(self, name: str) -> UserRow | None:
        return next(iter(self._read(UserRow, select(users).where(users.c.name == name))), None)

    def user_of_phone(self, phone: str) -> UserRow | None:
        return next(iter(self._read(UserRow, select(users).where(users.c.phone == phone))), None) if phone else None

    def add(self, row: UserRow, entry: Entry) -> None:
        """Raises Taken, StoreProblem."""
        with self._ledger.writing() as writing:
            if writing.connection.execute(select(users.c.name).where(users.c.name == row.name)).first():
                raise Taken(f"there is an account {row.name} already")
            self._own_phone(writing, row.name, row.phone)
            writing.connection.execute(insert(users).values(columns_of(row)))
            writing.append(entry)

    def change(self, name: str, *entries: Entry, end_sessions: bool = False, **values: Any) -> bool:
        """Change some columns; False if there is no such account, and nothing is audited then. `end_sessions`: all of
        them. Raises Taken, StoreProblem."""
        with self._ledger.writing() as writing:
            if not writing.connection.execute(select(users.c.name).where(users.c.name == name)).first():
                return False
            self._apply(writing, name, Change(values, entries, end_sessions))
        return True

    def alter(self, name: str, decide: Decide) -> bool:
        """Change an account by what it, and all others, are in the very transaction that changes it: of two who would
        each close the other, the second one sees what the first has done. False if there is no such account. Raises
        Taken, StoreProblem, and what `decide` raises."""
        with self._ledger.writing() as writing:
            row, everybody = self._seen(writing, name)
            if row is None:
                return False
            self._apply(writing, name, decide(row, everybody))
        return True

    def _apply(self, writing: Writing, name: str, change: Change) -> None:
        values = {key: list(value) if isinstance(value, tuple) else value for key, value in change.values.items()}
        self._own_phone(writing, name, str(values.get("phone", "")))
        if values:
            writing.connection.execute(update(users).where(users.c.name == name).values(values))
        if change.ends:
            writing.connection.execute(delete(sessions).where(sessions.c.name == name))
        for entry in change.entries:
            writing.append(entry)

    @staticmethod
    def _seen(writing: Writing, name: str) -> tuple[UserRow | None, list[UserRow]]:
        """The account, and all there are, once the lock is ours."""
        found = writing.connection.execute(select(users).order_by(users.c.name)).mappings()
        everybody = [row_of(UserRow, dict(one)) for one in found]
        return next((one for one in everybody if one.name == name), None), everybody

    def remove(
        self, name: str, entry: Entry, check: Callable[[UserRow, Sequence[UserRow]], None] | None = None,
    ) -> bool:
        """With its sessions and tokens; False if there is none. `check` is shown what alter's `decide` is, and what it
        raises leaves everything as it was."""
        with self._ledger.writing() as writing:
            row, everybody = self._seen(writing, name)
            if row is not None and check is not None:
                check(row, everybody)
            found = writing.connection.execute(delete(users).where(users.c.name == name)).rowcount
            for table in (sessions, tokens):
                writing.connection.execute(delete(table).where(table.c.name == name))
            if found:
                writing.append(entry)
        return bool(found)

    def _own_phone(self, writing: Writing, name: str, phone: str) -> None:
        if phone:
            query = select(users.c.name).where(users.c.phone == phone, users.c.name != name)
            other = writing.connection.execute(query).first()
            if other is not None:
                raise Taken(f"that phone is the one of {other[0]} already")
