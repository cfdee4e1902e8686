"""Accounts as an admin keeps them: made, changed, closed, given tokens; each change with its row of the audit. Knows
what an account may be and the store of accounts; knows no way in. Blocks (a password is hashed here, too): whoever has
a hub calls it off the hub. The texts of Refused are for the admin."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eslbot.store.account_rows import TokenRow, UserRow
from eslbot.store.accounts import AccountStore, Taken
from eslbot.store.chain import Entry
from eslbot.supervise import secrets
from eslbot.supervise.access import MAY, NoSuch, Staff
from eslbot.supervise.passwords import Passwords, Weak, check_password, check_pin
from eslbot.supervise.wire import Refused

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TEAM = re.compile(r"[\w.-]{1,64}")
_PHONE = re.compile(r"[0-9A-Za-z+*#._-]{1,64}")
ROLES = ", ".join(role.value for role in Staff)
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class _Step:
    """One change to an account."""

    detail: str
    """For the audit."""
    values: dict[str, Any]
    """Columns."""
    ends: bool = False
    """Sessions end."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """What `who` does to the accounts of a store."""

    store: AccountStore
    passwords: Passwords
    who: str
    """How the audit names them."""
    clock: Callable[[], float]
    careful: bool = False
    """Refuse what would leave no admin who can sign in (whoever is at the machine can make another)."""

    def add(
        self, name: str, role: str, teams: Sequence[str] = (), phone: str = "", password: str | None = None,
        pin: str | None = None, must_change: bool = True, language: str = "",
    ) -> UserRow:
        """A new account. Without a password it can be known by its phone and use tokens, and cannot sign in."""
        if not _NAME.fullmatch(name):
            raise Refused("a name is 1 to 64 small letters, digits, '.', '_' or '-', beginning with a letter or digit")
        row = UserRow(
            name, _role(role).value, _teams(role, teams), _phone(phone), self._password(password, name),
            self._pin(pin), must_change=must_change and password is not None, created=self.clock(),
            language=_language(language),
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
        """None: no PIN is asked for."""
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
        row, steps = self._user(name), list[_Step]()
        for what, step in (
            ("role", self._role), ("teams", self._teams), ("phone", self._phone), ("language", self._language),
            ("pin", self._new_pin), ("password", self._new_password), ("disabled", self._disabled),
        ):
            if what in given:
                steps.append(step(row, given))
                row = replace(row, **steps[-1].values)
        entries = [Entry("user-changed", self.who, subject=name, detail=step.detail) for step in steps]
        values = {key: value for step in steps for key, value in step.values.items()}
        try:
            if not self.store.change(name, *entries, end_sessions=any(step.ends for step in steps), **values):
                raise NoSuch(f"there is no account {name!r}")
        except Taken as error:
            raise Refused(str(error)) from error

    def remove(self, name: str) -> None:
        """With sessions and tokens. Calls and the audit keep the name."""
        self._keeps_an_admin(self._user(name), False)
        self.store.remove(name, Entry("user-removed", self.who, subject=name))

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

    def _role(self, row: UserRow, given: Mapping[str, Any]) -> "_Step":
        wanted = _role(str(given["role"]))
        self._keeps_an_admin(row, wanted is Staff.ADMIN)
        teams = _teams(wanted.value, given.get("teams", row.teams) or ())
        return _Step(f"role {row.role} to {wanted.value}", {"role": wanted.value, "teams": teams}, ends=True)

    def _teams(self, row: UserRow, given: Mapping[str, Any]) -> "_Step":
        teams = _teams(row.role, given["teams"] or ())
        return _Step(f"teams {' '.join(teams) or 'none'}", {"teams": teams})

    def _phone(self, row: UserRow, given: Mapping[str, Any]) -> "_Step":
        phone = _phone(str(given["phone"] or ""))
        return _Step("phone" if phone else "no phone", {"phone": phone})

    def _language(self, row: UserRow, given: Mapping[str, Any]) -> "_Step":
        language = _language(str(given["language"] or ""))
        return _Step(f"language {language or 'of the browser'}", {"language": language})

    def _new_pin(self, row: UserRow, given: Mapping[str, Any]) -> "_Step":
        pin = self._pin(given["pin"])
        return _Step("PIN" if pin else "no PIN", {"pin": pin, "pin_failures": 0, "pin_locked": None})

    def _new_password(self, row: UserRow, given: Mapping[str, Any]) -> "_Step":
        return _Step("password", {
            "password": self._password(given["password"], row.name), "failures": 0, "locked": None,
            "must_change": bool(given.get("must_change", True))}, ends=True)

    def _disabled(self, row: UserRow, given: Mapping[str, Any]) -> "_Step":
        disabled = bool(given["disabled"])
        self._keeps_an_admin(row, not disabled)
        freed = {} if disabled else {"failures": 0, "locked": None, "pin_failures": 0, "pin_locked": None}
        return _Step("disabled" if disabled else "enabled", {"disabled": disabled, **freed}, ends=disabled)

    def _password(self, password: str | None, name: str) -> str:
        if password is None:
            return ""
        try:
            check_password(password, name)
        except Weak as error:
            raise Refused(str(error)) from error
        return self.passwords.hash(password)

    def _pin(self, pin: str | None) -> str:
        if pin is None:
            return ""
        try:
            check_pin(pin)
        except Weak as error:
            raise Refused(str(error)) from error
        return self.passwords.hash(pin)

    def _keeps_an_admin(self, row: UserRow, stays: bool) -> None:
        if not self.careful or stays or row.role != Staff.ADMIN.value:
            return
        if not any(other.role == row.role and other.password and not other.disabled and other.name != row.name
                   for other in self.store.users()):
            raise Refused(f"{row.name} is the last admin who can sign in")


def _role(text: str) -> Staff:
    try:
        return Staff(text)
    except ValueError:
        raise Refused(f"{text!r} is no role; there are {ROLES}") from None


def _teams(role: str, teams: Sequence[str]) -> tuple[str, ...]:
    for team in teams:
        if not _TEAM.fullmatch(team):
            raise Refused(f"{team!r} is no team: 1 to 64 letters, digits, '.', '_' or '-'")
    found = tuple(sorted(set(teams)))
    if role == Staff.AGENT.value and len(found) > 1:
        raise Refused("an agent belongs to one team: a call has one")
    return found


def _phone(text: str) -> str:
    if text and not _PHONE.fullmatch(text):
        raise Refused("a phone is the number or the user that the switch knows it by")
    return text


def _language(text: str) -> str:
    if text and text not in LANGUAGES:
        raise Refused(f"{text!r} is no language of the pages; there are {', '.join(LANGUAGES)}")
    return text
