"""One account, what is audited of it, for the tests of accounts and of admissions."""

from eslbot.store.account_rows import UserRow
from eslbot.store.chain import Entry

LEAD = UserRow("lead", "supervisor", ("north", "south"), "2001", "hash", "pin", created=5.0)


def entry(what: str = "user-changed") -> Entry:
    return Entry(what, "test", subject="lead")
