"""Accounts, tokens and sessions as a person or a script is shown them: nothing that lets anybody in. Pure."""

from typing import Any

from eslbot.store.account_rows import SessionRow, TokenRow, UserRow
from eslbot.supervise.access import MAY, Permission, Staff

CODES = ("ready", "no phone", "no PIN", "locked", "disabled")
"""Whether a phone's feature codes let an account in, and if not, why."""


def codes(row: UserRow, now: float) -> str | None:
    """One of CODES; None where the role may not be in calls, whatever it has."""
    if Permission.ACT not in MAY[Staff(row.role)]:
        return None
    if row.disabled:
        return "disabled"
    if not row.phone or not row.pin:
        return "no PIN" if row.phone else "no phone"
    return "locked" if row.pin_locked and row.pin_locked > now else "ready"


def shown(row: UserRow, now: float) -> dict[str, Any]:
    """An account without what lets anybody in."""
    return {
        "name": row.name, "role": row.role, "teams": list(row.teams), "phone": row.phone or None,
        "password": bool(row.password), "pin": bool(row.pin), "codes": codes(row, now), "disabled": row.disabled,
        "must_change": row.must_change,
        "locked_for": round(row.locked - now, 1) if row.locked and row.locked > now else None,
        "created": row.created, "signed_in": row.signed_in, "language": row.language or None,
    }


def shown_token(row: TokenRow) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "label": row.label, "scopes": list(row.scopes), "created": row.created,
            "until": row.until, "used": row.used}


def shown_session(row: SessionRow) -> dict[str, Any]:
    """Its first characters name it: the rest is of use to nobody either."""
    return {"id": row.id[:12], "name": row.name, "created": row.created, "seen": row.seen, "until": row.until,
            "address": row.address}
