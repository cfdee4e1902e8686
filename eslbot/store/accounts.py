"""The accounts, their sessions and their tokens, read and changed from any process, with or without a running service.
What is to be audited is changed in the transaction that holds the audit's lock, so that the change stands or falls with
the row that tells of it. Every method blocks: a service calls it off its hub. Knows tables, no password and no rule."""

import time
from collections.abc import Callable
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


class Taken(Exception):
    """That name, or that phone, is another account's. The text says which."""


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
        changed = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
        with self._ledger.writing() as writing:
            if not writing.connection.execute(select(users.c.name).where(users.c.name == name)).first():
                return False
            self._own_phone(writing, name, str(values.get("phone", "")))
            if changed:
                writing.connection.execute(update(users).where(users.c.name == name).values(changed))
            if end_sessions:
                writing.connection.execute(delete(sessions).where(sessions.c.name == name, sessions.c.id != keep))
            for entry in entries:
                writing.append(entry)
        return True

    def remove(self, name: str, entry: Entry) -> bool:
        """With its sessions and tokens; False if there is none."""
        with self._ledger.writing() as writing:
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
    def begin(self, row: SessionRow, entry: Entry) -> None:
        """Somebody has signed in: their wrong attempts are forgotten, and so is whatever session has ended."""
        with self._ledger.writing() as writing:
            writing.connection.execute(delete(sessions).where(sessions.c.until <= row.created))
            writing.connection.execute(insert(sessions).values(columns_of(row)))
            changed = {"failures": 0, "locked": None, "signed_in": row.created}
            writing.connection.execute(update(users).where(users.c.name == row.name).values(changed))
            writing.append(entry)

    def session(self, id_: str) -> tuple[SessionRow, UserRow] | None:
        """With the account whose it is."""
        found = self._read(SessionRow, select(sessions).where(sessions.c.id == id_))
        user = self.user(found[0].name) if found else None
        return (found[0], user) if user is not None else None

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
        found = self._read(TokenRow, select(tokens).where(tokens.c.digest == digest))
        user = self.user(found[0].name) if found else None
        return (found[0], user) if user is not None else None

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
