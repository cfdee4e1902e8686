"""What commands that work on the store without the service share: the audit and the accounts opened for writing, and
who is asking. Knows how a refusal is said, not what is audited."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from eslbot.cli import say
from eslbot.cli.options import settings_of
from eslbot.cli.options import user as who

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.store import Ledger
    from eslbot.supervise.staffing import Staffing

__all__ = ["ledger_of", "reason_of", "staffing_of", "who"]


def ledger_of(settings: "Settings") -> "Ledger":
    """The audit of the configured store. Without one nothing that is to be audited is done: ends the command."""
    from eslbot.store import Ledger, StoreProblem

    try:
        return Ledger(settings.store.url)
    except StoreProblem as error:
        say.fail(error)


def reason_of(settings: "Settings", given: str) -> str:
    """The reason as it is kept: without what may be a person's number. Ends the command where one is asked for and
    none was given."""
    from eslbot.watch.redact import redact_text

    if settings.audit.reasons and not given.strip():
        say.fail("--reason: this installation asks for one ([audit] reasons)", say.USAGE)
    return redact_text(given.strip())


@contextmanager
def staffing_of(config: Path) -> Iterator["Staffing"]:
    """What this Unix user does to the accounts of the configured store, which is made where there is none. Refusals end
    the command."""
    from eslbot.store import StoreProblem
    from eslbot.store.accounts import AccountStore
    from eslbot.supervise.passwords import Passwords
    from eslbot.supervise.staffing import Staffing
    from eslbot.supervise.wire import Refused

    settings = settings_of(config)
    try:
        store = AccountStore.made(settings.store.url)
        try:
            yield Staffing(store, Passwords(), who(), time.time)
        finally:
            store.close()
    except (Refused, StoreProblem) as error:
        say.fail(error)
