"""What commands that work on the store without the service share: the audit opened for writing, and who is asking.
Knows how a refusal is said, not what is audited."""

from typing import TYPE_CHECKING

from eslbot.cli import say
from eslbot.cli.options import user as who

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.store import Ledger

__all__ = ["ledger_of", "reason_of", "who"]


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
