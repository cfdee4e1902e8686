"""What lets somebody in: sessions and tokens, each read with the account whose it is. What is to be audited is changed
in the transaction that holds the audit's lock, so that the change stands or falls with the row that tells of it. Every
method blocks: a service calls it off its hub. Knows tables, no secret and no rule; accounts are accounts.py's."""

import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from eslbot.store.account_rows import SessionRow, TokenRow, UserRow
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem
from eslbot.store.ledger import Ledger
from eslbot.store.tables import columns_of, row_of, sessions, tokens, users

MOST_AT_ONCE = 500
"""Keys that one query asks for."""


class Admissions:
    """One store's."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        """Opens a store that is there and up to date. Raises StoreProblem."""
        self._ledger = Ledger(url, clock)
        self._engine = self._ledger.engine

    def close(self) -> None:
        """Let the database go."""
        self._ledger.close()

    # --- sessions ----------------------------------------------------------------------------------------------------
    def begin(self, row: SessionRow, entry: Entry, password: str | None = None) -> bool:
        """Somebody has signed in: their wrong attempts are forgotten, and so is whatever session has ended. False, and
        nothing is done, where the account is gone or closed by now, or its hash is not `password` any more (None: not
        looked at): what was right a moment ago lets nobody in after it has been changed."""
        with self._ledger.writing() as writing:
            found = writing.connection.execute(select(users).where(users.c.name == row.name)).mappings().first()
            if found is None or found["disabled"] or password not in (None, found["password"]):
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
