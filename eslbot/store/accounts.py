"""The accounts, their sessions and their tokens, read and changed from any process, with or without a running service.
What is to be audited is changed in the transaction that holds the audit's lock, so that the change stands or falls with
the row that tells of it. Every method blocks: a service calls it off its hub. Knows tables, no password and no rule."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from eslbot.store import migrate
from eslbot.store.account_rows import SessionRow, TokenRow, UserRow
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem, engine_of, file_of, make_file
from eslbot.store.ledger import Ledger, Writing
from eslbot.store.tables import columns_of, row_of, sessions, tokens, users

MOST_AT_ONCE = 500
"""Keys that one query asks for."""


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


class AccountStore:
    """One store's."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        """Opens a store that is there and up to date. Raises StoreProblem."""
        self._ledger = Ledger(url, clock)
        self._engine = self._ledger.engine

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

    def close(self) -> None:
        """Let the database go."""
        self._ledger.close()

    # --- accounts ----------------------------------------------------------------------------------------------------
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

    def change(self, name: str, *entries: Entry, end_sessions: bool = False, keep: str = "", **values: Any) -> bool:
        """Change some columns; False if there is no such account, and nothing is audited then. `end_sessions`: all but
        that of id `keep`. Raises Taken, StoreProblem."""
        with self._ledger.writing() as writing:
            if not writing.connection.execute(select(users.c.name).where(users.c.name == name)).first():
                return False
            self._apply(writing, name, Change(values, entries, end_sessions), keep)
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

    def _apply(self, writing: Writing, name: str, change: Change, keep: str = "") -> None:
        values = {key: list(value) if isinstance(value, tuple) else value for key, value in change.values.items()}
        self._own_phone(writing, name, str(values.get("phone", "")))
        if values:
            writing.connection.execute(update(users).where(users.c.name == name).values(values))
        if change.ends:
            writing.connection.execute(delete(sessions).where(sessions.c.name == name, sessions.c.id != keep))
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

    # --- sessions ----------------------------------------------------------------------------------------------------
    def begin(self, row: SessionRow, entry: Entry, password: str | None = None) -> bool:
        """Somebody has signed in: their wrong attempts are forgotten, and so is whatever session has ended. False, and
        nothing is done, where the account is gone or closed by now, or its hash is not `password` any more (None: not
        looked at): what was right a moment ago lets nobody in after it has been changed."""
        with self._ledger.writing() as writing:
            user, _ = self._seen(writing, row.name)
            if user is None or user.disabled or password not in (None, user.password):
                return False
            writing.connection.execute(delete(sessions).where(sessions.c.until <= row.created))
            writing.connection.execute(insert(sessions).values(columns_of(row)))
            changed = {"failures": 0, "locked": None, "signed_in": row.created}
            writing.connection.execute(update(users).where(users.c.name == row.name).values(changed))
            writing.append(entry)
        return True

    def session(self, id_: str) -> tuple[SessionRow, UserRow] | None:
        """With the account whose it is."""
        return self.sessions_of((id_,)).get(id_)

    def sessions_of(self, ids: Collection[str]) -> dict[str, tuple[SessionRow, UserRow]]:
        """Those of these ids that there are, each with the account whose it is."""
        return self._with_accounts(SessionRow, sessions.c.id, ids)

    def sessions(self, name: str | None = None) -> list[SessionRow]:
        """Of all accounts, or of that one, oldest first."""
        query = select(sessions).order_by(sessions.c.created)
        return self._read(SessionRow, query if name is None else query.where(sessions.c.name == name))

    def seen(self, id_: str, at: float) -> None:
        """The session is in use."""
        self._write(update(sessions).where(sessions.c.id == id_).values(seen=at))

    def end(self, id_: str, *entries: Entry) -> bool:
        """Whether there was one."""
        with self._ledger.writing() as writing:
            found = bool(writing.connection.execute(delete(sessions).where(sessions.c.id == id_)).rowcount)
            for entry in entries if found else ():
                writing.append(entry)
        return found

    def end_all(self, name: str, entry: Entry) -> int:
        """All of an account; how many there were."""
        with self._ledger.writing() as writing:
            found = writing.connection.execute(delete(sessions).where(sessions.c.name == name)).rowcount
            if found:
                writing.append(entry)
        return int(found)

    # --- tokens ------------------------------------------------------------------------------------------------------
    def add_token(self, row: TokenRow, entry: Entry) -> bool:
        """False if there is no such account."""
        with self._ledger.writing() as writing:
            if not writing.connection.execute(select(users.c.name).where(users.c.name == row.name)).first():
                return False
            writing.connection.execute(insert(tokens).values(columns_of(row)))
            writing.append(entry)
        return True

    def token(self, digest: str) -> tuple[TokenRow, UserRow] | None:
        """With the account whose it is."""
        return self.tokens_of((digest,)).get(digest)

    def tokens_of(self, digests: Collection[str]) -> dict[str, tuple[TokenRow, UserRow]]:
        """Those of these digests that there are, each with the account whose it is."""
        return self._with_accounts(TokenRow, tokens.c.digest, digests)

    def tokens(self, name: str | None = None) -> list[TokenRow]:
        """Of all accounts, or of that one, oldest first."""
        query = select(tokens).order_by(tokens.c.created)
        return self._read(TokenRow, query if name is None else query.where(tokens.c.name == name))

    def token_used(self, id_: str, at: float) -> None:
        self._write(update(tokens).where(tokens.c.id == id_).values(used=at))

    def revoke(self, id_: str, entry: Entry) -> bool:
        """Whether there was one."""
        with self._ledger.writing() as writing:
            found = bool(writing.connection.execute(delete(tokens).where(tokens.c.id == id_)).rowcount)
            if found:
                writing.append(entry)
        return found

    # -----------------------------------------------------------------------------------------------------------------
    def append(self, entry: Entry) -> None:
        """Audit what changes no account. Raises StoreProblem."""
        self._ledger.append(entry)

    def _with_accounts(self, kind: Any, key: Any, wanted: Collection[str]) -> dict[str, Any]:
        """Rows by that column of their table, each with its account: two queries on one connection, however many."""
        found: dict[str, Any] = {}
        for some in _some(wanted):
            try:
                with self._engine.connect() as connection:
                    rows = [row_of(kind, dict(one)) for one in connection.execute(
                        select(key.table).where(key.in_(some))).mappings()]
                    names = {row.name for row in rows}
                    people = {one["name"]: row_of(UserRow, dict(one)) for one in connection.execute(
                        select(users).where(users.c.name.in_(names))).mappings()} if names else {}
            except SQLAlchemyError as error:
                raise StoreProblem(f"accounts cannot be read: {getattr(error, 'orig', None) or error}") from error
            found |= {getattr(row, key.name): (row, people[row.name]) for row in rows if row.name in people}
        return found

    def _read(self, kind: Any, query: Any) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return [row_of(kind, dict(found)) for found in connection.execute(query).mappings()]
        except SQLAlchemyError as error:
            raise StoreProblem(f"accounts cannot be read: {getattr(error, 'orig', None) or error}") from error

    def _write(self, statement: Any) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(statement)
        except SQLAlchemyError as error:
            raise StoreProblem(f"accounts cannot be written: {getattr(error, 'orig', None) or error}") from error


def _some(keys: Collection[str]) -> Iterator[list[str]]:
    wanted = list(keys)
    return (wanted[first : first + MOST_AT_ONCE] for first in range(0, len(wanted), MOST_AT_ONCE))
