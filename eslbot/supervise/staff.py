"""The accounts as the web's admins keep them: handlers over staffing.py, off the hub. Knows who asks and the accounts
of the running service; what an account may be staffing.py says."""

from collections.abc import Callable
from typing import Any

from eslbot.store.accounts import AccountStore
from eslbot.supervise.access import NoSuch, Permission, Person
from eslbot.supervise.accounts import Accounts
from eslbot.supervise.admin import Handler
from eslbot.supervise.shown import shown, shown_session, shown_token
from eslbot.supervise.staffing import Staffing
from eslbot.supervise.wire import Refused

CHANGED = ("role", "teams", "phone", "language", "pin", "password", "must_change", "disabled")
"""What can be changed of an account."""


class Staff:
    """The handlers. What would lock every admin out is refused."""

    def __init__(self, accounts: Accounts, clock: Callable[[], float]) -> None:
        self._accounts, self._clock = accounts, clock

    @property
    def handlers(self) -> dict[str, Handler]:
        """By verb."""
        return {
            "users": self.users, "user": self.user, "user_add": self.add, "user_change": self.change,
            "user_remove": self.remove, "user_sign_out": self.sign_out, "tokens": self.tokens,
            "token_new": self.token_new, "token_revoke": self.token_revoke,
        }

    def users(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """All of them, by name: {users}."""
        person.needs(Permission.USERS)
        return {"users": [shown(row, self._clock()) for row in self._accounts.run(lambda store: store.users())]}

    def user(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """One, with its sessions and tokens."""
        person.needs(Permission.USERS)
        name = str(args.get("name", ""))

        def look(store: AccountStore) -> dict[str, Any]:
            row = store.user(name)
            if row is None:
                raise NoSuch(f"there is no account {name!r}")
            return {
                **shown(row, self._clock()), "sessions": [shown_session(one) for one in store.sessions(name)],
                "tokens": [shown_token(one) for one in store.tokens(name)],
            }

        found: dict[str, Any] = self._accounts.run(look)
        return found

    def add(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """One more: `name`, `role`; `teams`, `phone`, `password`, `pin`, `must_change` as they are given. As `user`."""
        self._do(person, lambda staff: staff.add(
            str(args.get("name", "")), str(args.get("role", "")), tuple(args.get("teams") or ()),
            str(args.get("phone") or ""), args.get("password"), args.get("pin"), bool(args.get("must_change", True)),
            str(args.get("language") or "")))
        return self.user(args, person)

    def change(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Whatever of role, teams, phone, language, pin, password and disabled is given: all or nothing. Each is
        audited."""
        given = {key: args[key] for key in CHANGED if key in args}
        if given.get("password", "") is None:
            del given["password"]
        self._do(person, lambda staff: staff.change(str(args.get("name", "")), given))
        return self.user(args, person)

    def remove(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """The account, its sessions and tokens: {removed: name}."""
        name = str(args.get("name", ""))
        if name == person.name:
            raise Refused("nobody removes their own account")
        self._do(person, lambda staff: staff.remove(name))
        return {"removed": name}

    def sign_out(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Ends all its sessions: {ended: how many}."""
        return {"ended": self._do(person, lambda staff: staff.sign_out(str(args.get("name", ""))))}

    def tokens(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Of `name`, or all there are, without what lets anybody in: {tokens}."""
        person.needs(Permission.USERS)
        name = str(args["name"]) if args.get("name") else None
        return {"tokens": [shown_token(row) for row in self._accounts.run(lambda store: store.tokens(name))]}

    def token_new(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """The only answer that shows the token itself."""
        days = args.get("days", 90)
        row, secret = self._do(person, lambda staff: staff.token(
            str(args.get("name", "")), str(args.get("label") or ""), tuple(args.get("scopes") or ()),
            None if days is None else float(days) * 86_400.0))
        return {**shown_token(row), "token": secret}

    def token_revoke(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Makes the token `id` worthless: {revoked: id}."""
        number = str(args.get("id", ""))
        self._do(person, lambda staff: staff.revoke(number))
        return {"revoked": number}

    def _do(self, person: Person, work: Callable[[Staffing], Any]) -> Any:
        person.needs(Permission.USERS)
        passwords, may = self._accounts.passwords, frozenset(filter(person.may, Permission))
        return self._accounts.run(
            lambda store: work(Staffing(store, passwords, person.who, self._clock, careful=True, may=may)))
