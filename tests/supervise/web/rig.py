"""A web application over real accounts in a real store, and people who have signed in to it. For the tests of whatever
stands in the web: no switch, no socket."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask.testing import FlaskClient

from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.store.account_rows import TokenRow, UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.supervise import secrets
from eslbot.supervise.access import Permission, Staff
from eslbot.supervise.accounts import AccountOptions, Accounts
from eslbot.supervise.admin import Handler
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.web import Frame, WebOptions, make_app

QUICK = Passwords(time_cost=1, memory_kib=8)
PASSWORD = "correct horse battery"
CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class WebRig:
    """`people.add("lead", Staff.SUPERVISOR)`, then `people.client("lead")` is a browser it has signed in with."""

    def __init__(
        self, directory: Path, handlers: Mapping[str, Handler] | None = None, blueprints: Sequence[Blueprint] = (),
        options: WebOptions | None = None, lasting: AccountOptions | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.url = f"sqlite:///{directory}/eslbot.db"
        self.failures: list[tuple[str, BaseException]] = []
        self.audited: list[Entry] = []
        self.greenlets = Greenlets(lambda name, error: self.failures.append((name, error)))
        AccountStore.made(self.url).close()
        self.clock = clock or SteadyClock()
        self.accounts = Accounts(self.url, self.greenlets, self.clock, self.audited.append, lasting, QUICK)
        self.options = options or WebOptions()
        self.frame = Frame(
            handlers or {}, self.accounts, lambda name, error: self.failures.append((name, error)), self.options,
            blueprints,
        )
        self.app: Flask = make_app(self.frame)

    def stop(self) -> None:
        self.accounts.stop()
        self.greenlets.stop()

    def add(self, name: str, role: Staff = Staff.ADMIN, teams: Sequence[str] = (), **more: Any) -> UserRow:
        """An account with PASSWORD."""
        row = UserRow(name, role.value, tuple(teams), **{"password": QUICK.hash(PASSWORD), **more})
        self.accounts.run(lambda store: store.add(row, Entry("user-added", "test", subject=name)))
        return row

    def client(self, name: str | None = None, password: str = PASSWORD) -> FlaskClient:
        """A browser; `name` has signed in with it, by the page, and its X-CSRF-Token is sent with each request."""
        client = self.app.test_client()
        if name is not None:
            answer = self.sign_in(client, name, password)
            assert answer.status_code == 303, answer.get_data(as_text=True)
            client.environ_base["HTTP_X_CSRF_TOKEN"] = secrets.form_token(self.cookie(client))
        return client

    @staticmethod
    def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, **more: str) -> Any:
        """By the page's form, as it was shown."""
        token = CSRF.search(client.get("/sign-in").get_data(as_text=True))
        assert token is not None
        return client.post("/sign-in", data={"csrf": token[1], "name": name, "password": password, **more})

    @staticmethod
    def cookie(client: FlaskClient) -> str:
        """The session's secret, as the browser keeps it."""
        found = client.get_cookie("eslbot") or client.get_cookie("__Host-eslbot")
        assert found is not None
        return found.value

    def token(self, name: str, *scopes: Permission, until: float | None = None) -> dict[str, str]:
        """The headers of a program with a token of that account; no scopes: all there are."""
        number, secret = secrets.new_token()
        row = TokenRow(number, name, secrets.digest(secret), "test", scopes or tuple(Permission), self.clock(), until)
        assert self.accounts.run(lambda store: store.add_token(row, Entry("token-made", "test", subject=number)))
        return {"Authorization": f"Bearer {secret}"}
