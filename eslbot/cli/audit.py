"""audit list, verify, checkpoint, key: reads the audit's chain and proves it, with or without a running service. Knows
rows, and checkpoints by name; not how anything is hashed or signed."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.audited import ledger_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, settings_of

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.store import AuditRow

app = typer.Typer(no_args_is_help=True, help="Who did what: a chain that shows tampering.")

_COLUMNS = {"seq": "row", "at": "when", "who": "who", "what": "what", "call": "call", "subject": "subject",
            "reason": "reason", "detail": "detail"}  # fmt: skip


@app.command("list")
def list_(
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
    call: Annotated[str, typer.Option("--call", metavar="CALL", help="Only of this call; its whole uuid.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="WHEN", help="2026-11-26, or with a time: not before.")] = "",
) -> None:
    """What was done, in the order it was done. Times are the wall clock's and decide nothing."""
    from eslbot.store import StoreProblem

    after = _moment(since)
    ledger = ledger_of(settings_of(config))
    where: dict[str, Any] = {"call": call.strip().lower()} if call else {}
    try:
        rows = [_shown(row) for row in ledger.rows(**where) if row.at_us >= after]
    except StoreProblem as error:
        say.fail(error)
    if as_json:
        say.json(rows)
        return
    say.table(_COLUMNS, [{**row, "at": say.local_time(row["at"])} for row in rows], "nothing is audited yet")


@app.command("verify")
def verify(
    config: ConfigFile = DEFAULT_FILE,
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", metavar="FILE", help="Also against checkpoints kept elsewhere.")
    ] = None,
    public: Annotated[
        Path | None, typer.Option("--public", metavar="FILE", help="Their public key; absent: [audit] key's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Walk the whole chain and name the first bad row. Exit code 1 if there is one. Without a checkpoint from elsewhere
    nobody can tell whether its last rows were cut off or the whole was made anew."""
    from eslbot.store import StoreProblem, chain

    settings = settings_of(config)
    marks = _marks(settings, checkpoint, public)
    ledger = ledger_of(settings)
    try:
        total = ledger.count()
        with say.progress("verifying the audit") as told:
            checked = chain.walk(_counted(ledger.rows(), told, total), marks)
    except StoreProblem as error:
        say.fail(error)
    fault = checked.fault
    if as_json:
        bad = None if fault is None else {"row": fault.seq, "kind": fault.kind, "message": fault.text}
        say.json({"rows": checked.rows, "head": checked.head, "checkpoints": len(marks), "good": fault is None,
                  "bad": bad})
    elif fault is None:
        seen = f", {len(marks)} checkpoints agree" if marks else "; no checkpoint was given: a cut tail would not show"
        typer.echo(f"{checked.rows} rows, unbroken{seen}")
    if fault is not None:
        say.fail(fault.text)


@app.command("checkpoint")
def checkpoint_(config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """Sign the chain as it stands, and put it at the end of the file that [audit] checkpoint names. The service does it
    by itself, as often as [audit] every says."""
    from eslbot.record.checkpoint import CheckpointProblem, Signer, append
    from eslbot.store import StoreProblem, chain

    settings = settings_of(config)
    if settings.audit.key is None:
        say.fail("[audit] key: none is set; `eslbot audit key -o FILE` makes one", say.USAGE)
    try:
        signer = Signer.of(settings.audit.key)
        last = ledger_of(settings).last()
        seq, digest = (0, chain.START) if last is None else (last.seq, last.digest)
        made = signer.checkpoint(seq, digest, time.time_ns() // 1000, settings.node)
        if settings.audit.checkpoint is not None:
            append(settings.audit.checkpoint, made)
    except CheckpointProblem as error:
        say.fail(error, say.USAGE)
    except StoreProblem as error:
        say.fail(error)
    except OSError as error:
        say.fail(f"{settings.audit.checkpoint}: {error.strerror or error}")
    typer.echo(made.line() if as_json else f"row {made.seq}, {made.digest}")


@app.command("key")
def key(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="KEYFILE", help="Must not exist yet.")],
) -> None:
    """Make the key that signs checkpoints, and beside it its public half, KEYFILE.pub, which whoever verifies needs."""
    from eslbot.record.checkpoint import CheckpointProblem, make_key

    try:
        public = make_key(output)
    except CheckpointProblem as error:
        say.fail(error)
    typer.echo(f"{output}: the key; name it in [audit] key")
    typer.echo(f"{public}: its public half; keep a copy elsewhere, with the checkpoints")


def _marks(settings: "Settings", file: Path | None, public: Path | None) -> dict[int, str]:
    from eslbot.record.checkpoint import CheckpointProblem, marks, public_file, public_key

    if file is None:
        return {}
    key = settings.audit.key
    if public is None and key is None:
        say.fail("--public: give the public key, or set [audit] key", say.USAGE)
    try:
        return marks(file, public_key(public or public_file(key)))  # type: ignore[arg-type]
    except CheckpointProblem as error:
        say.fail(error)


def _counted(rows: Any, told: Any, total: int) -> Any:
    for row in rows:
        if row.seq % 500 == 0:
            told(row.seq, total)
        yield row


def _shown(row: "AuditRow") -> dict[str, Any]:
    return {
        "seq": row.seq, "at": row.at_us / 1_000_000, "who": row.who, "what": row.what, "call": row.call,
        "subject": row.subject, "reason": row.reason, "node": row.node, "detail": row.detail, "digest": row.digest,
    }  # fmt: skip


def _moment(text: str) -> int:
    """Microseconds since the epoch."""
    from datetime import datetime

    if not text:
        return -(1 << 62)
    try:
        return int(datetime.fromisoformat(text).astimezone().timestamp() * 1_000_000)
    except ValueError:
        say.fail(f"--since: {text!r} is no date: write 2026-11-26 or 2026-11-26T14:30", say.USAGE)
