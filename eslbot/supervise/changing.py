"""What an account may be, and what becomes of one that an admin changes: decided by what it, and all others, are in
that moment. Pure: knows no store, and hashes nothing. The texts of Refused are for the admin."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import Change
from eslbot.store.chain import Entry
from eslbot.supervise.access import MAY, Denied, Permission, Staff
from eslbot.supervise.passwords import Weak, check_pin
from eslbot.supervise.wire import Refused

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TEAM = re.compile(r"[\w.-]{1,64}")
_PHONE = re.compile(r"[0-9A-Za-z+*#._-]{1,64}")
ROLES = ", ".join(role.value for role in Staff)
LANGUAGES = ("zh", "en")
CLOSING: Mapping[str, Any] = {"disabled": True}
"""A change that gives nothing to anybody."""


@dataclass(frozen=True, slots=True)
class Admin:
    """Who changes accounts."""

    who: str
    """How the audit names them."""
    careful: bool = False
    """Refuse what would leave no admin who can sign in (whoever is at the machine can make another)."""
    may: frozenset[Permission] = field(default_factory=lambda: frozenset(Permission))
    """What they may do themselves: nobody gives, or takes over, more."""

    def gives(self, wanted: frozenset[Permission]) -> None:
        """Raises Denied where that is more than they have. OWN is nothing an admin could have."""
        beyond = wanted - self.may - {Permission.OWN}
        if beyond:
            raise Denied(f"nobody gives more than they have: {', '.join(sorted(one.value for one in beyond))}")

    def keeps_an_admin(self, everybody: Sequence[UserRow], before: UserRow, after: UserRow | None) -> None:
        """Raises Refused where `before` was the last admin who can sign in, and `after` (None: nobody) is none."""
        others = any(rules(row) for row in everybody if row.name != before.name)
        if self.careful and rules(before) and not others and (after is None or not rules(after)):
            raise Refused(f"{before.name} is the last admin who can sign in")


@dataclass(frozen=True, slots=True)
class Fresh:
    """What took long, and was worked out beforehand."""

    password: str = ""
    """Hash of the new one; empty: none."""
    pin: str = ""
    tried: str | None = None
    """The hash of a PIN that the new phone's number was held against."""
    clash: bool = False
    """It was that number."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One change to an account."""

    detail: str
    """For the audit."""
    values: dict[str, Any]
    """Columns."""
    ends: bool = False
    """Sessions end."""


def changed(
    admin: Admin, before: UserRow, everybody: Sequence[UserRow], given: Mapping[str, Any], fresh: Fresh,
) -> Change:
    """Whatever is given of role, teams, phone, language, pin, password (with must_change) and disabled: all of it.
    Raises Refused, Denied where one cannot be."""
    if set(given) - {"language"} and given != CLOSING:
        admin.gives(MAY[Staff(before.role)])
    row, steps = before, list[_Step]()
    for what, step in _STEPS.items():
        if what in given:
            steps.append(step(row, given, fresh))
            row = replace(row, **steps[-1].values)
    admin.gives(MAY[Staff(row.role)] if row.role != before.role else frozenset())
    admin.keeps_an_admin(everybody, before, row)
    entries = tuple(Entry("user-changed", admin.who, subject=row.name, detail=step.detail) for step in steps)
    values = {key: value for step in steps for key, value in step.values.items()}
    return Change(values, entries, any(step.ends for step in steps))


def _to_role(row: UserRow, given: Mapping[str, Any], fresh: Fresh) -> _Step:
    wanted = role(str(given["role"]))
    found = teams(wanted.value, given.get("teams", row.teams) or ())
    return _Step(f"role {row.role} to {wanted.value}", {"role": wanted.value, "teams": found}, ends=True)


def _to_teams(row: UserRow, given: Mapping[str, Any], fresh: Fresh) -> _Step:
    found = teams(row.role, given["teams"] or ())
    return _Step(f"teams {' '.join(found) or 'none'}", {"teams": found})


def _to_phone(row: UserRow, given: Mapping[str, Any], fresh: Fresh) -> _Step:
    number = phone(str(given["phone"] or ""))
    if number and row.pin and "pin" not in given:
        if fresh.tried != row.pin:
            raise Refused(f"{row.name}: somebody else is changing this account; try again")
        if fresh.clash:
            raise Refused("that phone's number is the account's PIN: set another PIN first")
    return _Step("phone" if number else "no phone", {"phone": number})


def _to_language(row: UserRow, given: Mapping[str, Any], fresh: Fresh) -> _Step:
    found = language(str(given["language"] or ""))
    return _Step(f"language {found or 'of the browser'}", {"language": found})


def _to_pin(row: UserRow, given: Mapping[str, Any], fresh: Fresh) -> _Step:
    if given["pin"] is not None:
        pin(given["pin"], row.phone)
    return _Step("PIN" if fresh.pin else "no PIN", {"pin": fresh.pin, "pin_failures": 0, "pin_locked": None})


def _to_password(row: UserRow, given: Mapping[str, Any], fresh: Fresh) -> _Step:
    return _Step("password", {
        "password": fresh.password, "failures": 0, "locked": None, "must_change": bool(given.get("must_change", True)),
    }, ends=True)


def _to_disabled(row: UserRow, given: Mapping[str, Any], fresh: Fresh) -> _Step:
    disabled = bool(given["disabled"])
    freed = {} if disabled else {"failures": 0, "locked": None, "pin_failures": 0, "pin_locked": None}
    return _Step("disabled" if disabled else "enabled", {"disabled": disabled, **freed}, ends=disabled)


_STEPS = {
    "role": _to_role, "teams": _to_teams, "phone": _to_phone, "language": _to_language, "pin": _to_pin,
    "password": _to_password, "disabled": _to_disabled,
}
"""In this order: a PIN is held against the phone that the account has then."""


# --- what each may be ------------------------------------------------------------------------------------------------
def rules(row: UserRow) -> bool:
    """Whether they can sign in as an admin."""
    return row.role == Staff.ADMIN.value and bool(row.password) and not row.disabled


def name(text: str) -> str:
    """Raises Refused, as all below."""
    if not _NAME.fullmatch(text):
        raise Refused("a name is 1 to 64 small letters, digits, '.', '_' or '-', beginning with a letter or digit")
    return text


def role(text: str) -> Staff:
    try:
        return Staff(text)
    except ValueError:
        raise Refused(f"{text!r} is no role; there are {ROLES}") from None


def teams(role: str, named: Sequence[str]) -> tuple[str, ...]:
    """Of an account with that role, in order."""
    for team in named:
        if not _TEAM.fullmatch(team):
            raise Refused(f"{team!r} is no team: 1 to 64 letters, digits, '.', '_' or '-'")
    found = tuple(sorted(set(named)))
    if role == Staff.AGENT.value and len(found) > 1:
        raise Refused("an agent belongs to one team: a call has one")
    return found


def phone(text: str) -> str:
    """Empty: none."""
    if text and not _PHONE.fullmatch(text):
        raise Refused("a phone is the number or the user that the switch knows it by")
    return text


def pin(text: str, phone: str) -> str:
    """To be entered at that phone."""
    try:
        check_pin(text, phone)
    except Weak as error:
        raise Refused(str(error)) from error
    return text


def language(text: str) -> str:
    """Empty: the browser's."""
    if text and text not in LANGUAGES:
        raise Refused(f"{text!r} is no language of the pages; there are {', '.join(LANGUAGES)}")
    return text
