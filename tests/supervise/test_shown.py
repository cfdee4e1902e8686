"""What is shown of an account, a token and a session holds nothing that lets anybody in."""

import json

import pytest

from eslbot.store.account_rows import SessionRow, TokenRow, UserRow
from eslbot.supervise.shown import CODES, shown, shown_session, shown_token

SECRET = "argon2-of-something"


def test_an_account_says_that_it_has_a_password_and_a_pin_and_not_which() -> None:
    row = UserRow("seat7", "agent", ("north",), "1001", SECRET, SECRET, locked=160.0, created=1.0)
    said = shown(row, 100.0)
    assert (said["password"], said["pin"], said["locked_for"]) == (True, True, 60.0)
    assert SECRET not in json.dumps(said)
    assert shown(row, 160.0)["locked_for"] is None


@pytest.mark.parametrize(("row", "how"), [
    (UserRow("su", "supervisor", phone="1900", pin="h"), "ready"),
    (UserRow("su", "supervisor", phone="1900"), "no PIN"),
    (UserRow("su", "supervisor", pin="h"), "no phone"), (UserRow("su", "quality", phone="1900", pin="h"), None),
    (UserRow("su", "admin", phone="1900", pin="h", disabled=True), "disabled"),
    (UserRow("su", "admin", phone="1900", pin="h", pin_locked=160.0), "locked"),
])
def test_how_feature_codes_stand(row: UserRow, how: str | None) -> None:
    assert shown(row, 100.0)["codes"] == how
    assert how is None or how in CODES


def test_a_token_is_named_by_its_number_and_a_session_by_its_first_characters() -> None:
    token = TokenRow("12", "seat7", SECRET, "bench", ("calls:see",), 1.0, None)
    session = SessionRow(id="a" * 64, name="seat7", created=1.0, seen=2.0, until=3.0, address="127.0.0.1")
    assert SECRET not in json.dumps(shown_token(token))
    assert shown_token(token)["id"] == "12"
    assert shown_session(session)["id"] == "a" * 12
