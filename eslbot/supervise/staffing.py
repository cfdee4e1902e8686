"""Accounts as an admin keeps them: made, changed, closed, given tokens; each change with its row of the audit. Knows
the store of accounts, and hashes; what an account may be changing.py says. Blocks (a password is hashed here, too):
whoever has a hub calls it off the hub. The texts of Refused are for the admin."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eslbot.store.account_rows import TokenRow, UserRow
from eslbot.store.accounts import AccountStore, Taken
from eslbot.store.chain import Entry
from eslbot.supervise import changing, secrets
from eslbot.supervise.access import MAY, NoSuch, Permission, Staff
from eslbot.supervise.changing import Admin, Fresh
from eslbot.supervise.passwords import Passwords, Weak, check_password
from eslbot.supervise.wire import Refused


@dataclass(frozen=True, slots=True)
class Staffing:
    """What `who` does to the accounts of a store."""

    store: AccountStore
    passwords: Passwords
    who: str
    """How the audit names them."""
    clock: Callable[[], float]
    careful: bool = False
    may: frozenset[Permission] = field(default_factory=lambda: frozenset(Permission))
    """See changing.Admin, for both."""

    def add(
        self, name: str, role: str, teams: Sequence[str] = (), phone: str = "", password: str | None = None,
        pin: str | None = None, must_change: bool = True, language: str = "",
    ) -> UserRow:
        """A new account. Without a password it can be known by its phone and use tokens, and cannot sign in."""
        self._admin.gives(MAY[changing.role(role)])
        row = UserRow(
            changing.name(name), role, changing.teams(role, teams), changing.phone(phone),
            self._password(password, name), self._pin(pin, phone), must_change=must_change and password is not None,
            created=self.clock(), language=changing.language(language),
        )
        detail = f"{role}{', ' + ' '.join(row.teams) if row.teams else ''}"
        try:
            self.store.add(row, Entry("user-added", self.who, subject=name, detail=detail))
        except Taken as error:
            raise Refused(str(error)) from error
        return row

    def role(self, name: str, role: str) -> None:
        """Another role. Sessions end, and tokens give no more than the new one."""
        self.change(name, {"role": role})

    def teams(self, name: str, teams: Sequence[str]) -> None:
        self.change(name, {"teams": teams})

    def phone(self, name: str, phone: str) -> None:
        """Empty: none."""
        self.change(name, {"phone": phone})

    def language(self, name: str, language: str) -> None:
        """Empty: the browser's."""
        self.change(name, {"language": language})

    def pin(self, name: str, pin: str | None) -> None:
        """None: none, and the phone's feature codes let nobody in."""
        self.change(name, {"pin": pin})

    def password(self, name: str, password: str, must_change: bool = True) -> None:
        """Sessions end, and whoever was locked out is not any more."""
        self.change(name, {"password": password, "must_change": must_change})

    def disable(self, name: str, disabled: bool) -> None:
        """Sessions end, and tokens let nobody in; enabling brings the tokens back, and ends a lockout."""
        self.change(name, {"disabled": disabled})

    def change(self, name: str, given: Mapping[str, Any]) -> None:
        """Whatever is given of role, teams, phone, language, pin, password (with must_change) and disabled: all of it,
        or nothing where one cannot be. Each is a row of the audit."""
        fresh = self._fresh(self._user(name), given)   # before the lock: it takes long
        try:
            if not self.store.alter(
                name, lambda row, everybody: changing.changed(self._admin, row, everybody, given, fresh)
            ):
                raise NoSuch(f"there is no account {name!r}")
        except Taken as error:
            raise Refused(str(error)) from error

    def remove(self, name: str) -> None:
        """With sessions and tokens. Calls and the audit keep the name."""
        self._user(name)
        self.store.remove(
            name, Entry("user-removed", self.who, subject=name),
            lambda row, everybody: self._admin.keeps_an_admin(everybody, row, None))

    def sign_out(self, name: str) -> int:
        """End all sessions; how many there were."""
        self._user(name)
        return self.store.end_all(name, Entry("sign-out", self.who, subject=name, detail="by an admin"))

    def token(self, name: str, label: str, scopes: Sequence[str], lasts: float | None) -> tuple[TokenRow, str]:
        """A new one, and its secret, which is shown once. No scopes: all that the role has. `lasts`: seconds."""
        row = self._user(name)
        allowed = MAY[Staff(row.role)]
        unknown = [scope for scope in scopes if scope not in {permission.value for permission in allowed}]
        if unknown:
            raise Refused(f"{', '.join(unknown)}: {row.role} has {', '.join(sorted(one.value for one in allowed))}")
        self._admin.gives(frozenset(map(Permission, scopes)) or allowed)
        number, secret = secrets.new_token()
        now = self.clock()
        made = TokenRow(
            number, name, secrets.digest(secret), label.strip()[:200],
            tuple(sorted(set(scopes) or {permission.value for permission in allowed})), now,
            None if lasts is None else now + lasts,
        )
        ends = "without an end" if lasts is None else f"for {lasts / 86400:.1f} days"
        entry = Entry("token-made", self.who, subject=f"{name} {number}", detail=f"{' '.join(made.scopes)}; {ends}")
        self.store.add_token(made, entry)
        return made, secret

    def revoke(self, number: str) -> None:
        """At once."""
        if not self.store.revoke(number, Entry("token-revoked", self.who, subject=number)):
            raise NoSuch(f"there is no token {number!r}")

    # -----------------------------------------------------------------------------------------------------------------
    def _user(self, name: str) -> UserRow:
        row = self.store.user(name)
        if row is None:
            raise NoSuch(f"there is no account {name!r}")
        return row

    def _fresh(self, row: UserRow, given: Mapping[str, Any]) -> Fresh:
        password = self._password(given["password"], row.name) if "password" in given else ""
        if "pin" in given:
            return Fresh(password, self._pin(given["pin"], str(given.get("phone", row.phone) or "")))
        digits = "".join(filter(str.isdigit, str(given.get("phone") or "")))
        return Fresh(password, tried=row.pin, clash=bool(row.pin and digits) and self.passwords.fits(row.pin, digits))

    @property
    def _admin(self) -> Admin:
        return Admin(self.who, self.careful, self.may)

    def _password(self, password: str | None, name: str) -> str:
        if password is None:
            return ""
        try:
            check_password(password, name)
        except Weak as error:
            raise Refused(str(error)) from error
        return self.passwords.hash(password)

    def _pin(self, pin: str | None, phone: str) -> str:
        return "" if pin is None else self.passwords.hash(changing.pin(pin, phone))
