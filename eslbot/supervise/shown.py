"""Accounts, tokens and sessions as a person or a script is shown them: nothing that lets anybody in. Pure."""

from typing import Any

from eslbot.store.account_rows import SessionRow, TokenRow, UserRow


def shown(row: UserRow, now: float) -> dict[str, Any]:
    """An account without what lets anybody in."""
    return {
        "name": row.name, "role": row.role, "teams": list(row.teams), "phone": row.phone or None,
        "password": bool(row.password), "pin": bool(row.pin), "disabled": row.disabled, "must_change": row.must_change,
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
