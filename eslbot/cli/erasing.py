"""recordings erase, hold, release, holds: destroys a call's keys on request, or forbids it. Works with or without a
running service. Knows what a receipt says, not how a key is destroyed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.audited import ledger_of, who
from eslbot.cli.options import DEFAULT_FILE, AsJson, Call, ConfigFile, settings_of
from eslbot.cli.recordings import open_store, rows_of

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.record.erase import Eraser

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit and the receipt.")]


def erase(call: Call, reason: Reason, config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """Destroy a recording's keys, then its files, for good; print the receipt, which is kept too. Erasing again gives
    the same receipt. Refused while the call is up or under a legal hold."""
    from eslbot.record.erase import ErasureRefused, Wish
    from eslbot.store import StoreProblem

    settings = settings_of(config)
    why = _redacted(reason)
    wanted = rows_of(open_store(settings), call)[0].call
    if wanted in _up(settings):
        say.fail(f"{wanted} is up; erase it when it has ended")
    try:
        [receipt] = eraser_of(settings).erase([Wish(wanted, why)])
    except (ErasureRefused, StoreProblem) as error:
        say.fail(error)
    except OSError as error:
        say.fail(f"{error.filename}: {error.strerror}; its keys are destroyed, run it again for the files")
    if as_json:
        say.json(receipt)
    else:
        _show(receipt)
    if receipt["left"]:
        elsewhere = ", ".join(sorted({one["node"] for one in receipt["left"]}))
        say.fail(f"the keys are destroyed; sealed files are left on {elsewhere}: run it there too")


def hold(call: Call, reason: Reason, config: ConfigFile = DEFAULT_FILE) -> None:
    """Put a recording under a legal hold: neither erasure nor its period's end touches it until it is released."""
    _held(config, call, lambda eraser, wanted: eraser.hold(wanted, _redacted(reason)), "is held")


def release(call: Call, reason: Reason, config: ConfigFile = DEFAULT_FILE) -> None:
    """End a legal hold."""
    _held(config, call, lambda eraser, wanted: eraser.release(wanted, _redacted(reason)), "is not held any more")


def holds(config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """The recordings under a legal hold."""
    rows = [
        {"call": row.call, "since": row.at, "by": row.by, "reason": row.reason}
        for row in open_store(settings_of(config)).holds.find()
    ]
    if as_json:
        say.json(rows)
        return
    shown = [{**row, "since": say.local_time(row["since"])} for row in rows]  # type: ignore[arg-type]
    say.table({"call": "call", "since": "since", "by": "by", "reason": "reason"}, shown, "nothing is held")


def _held(config: Path, call: str, act: "Callable[[Eraser, str], object]", said: str) -> None:
    """Does that to the call's hold, and says what is so now."""
    from eslbot.record.erase import ErasureRefused
    from eslbot.store import StoreProblem

    settings = settings_of(config)
    wanted = rows_of(open_store(settings), call)[0].call
    try:
        act(eraser_of(settings), wanted)
    except (ErasureRefused, StoreProblem) as error:
        say.fail(error)
    typer.echo(f"{wanted} {said}")


def eraser_of(settings: "Settings") -> "Eraser":
    """What erases in the configured places, in the name of whoever runs the command."""
    from eslbot.record.erase import Eraser

    record = settings.record
    return Eraser(ledger_of(settings), record.directory, record.live, settings.node, who())


def _up(settings: "Settings") -> set[str]:
    """The calls a running service has on the line; none where no service answers."""
    from eslbot.supervise.admin import AdminClient, NotReachable
    from eslbot.supervise.wire import Refused

    try:
        return {row["call"] for row in AdminClient(settings.admin.socket).call("calls")["calls"]}
    except (NotReachable, Refused):
        return set()


def _redacted(reason: str) -> str:
    from eslbot.watch.redact import redact_text

    if not reason.strip():
        say.fail("--reason: say why", say.USAGE)
    return redact_text(reason.strip())


def _show(receipt: dict[str, Any]) -> None:
    typer.echo(f"{receipt['call']}: erased {say.local_time(receipt['at'])} by {receipt['by']}, row "
               f"{receipt['audit']} of the audit")  # fmt: skip
    for part in receipt["parts"]:
        typer.echo(f"  part {part['part']}: {part['seconds']} s, sha256 {part['sha256'] or 'never closed'}")
    typer.echo(f"  {len(receipt['files'])} files removed; the store: {receipt.get('store', 'not searched')}")
