"""recordings list and export: works without a running service, from the store and the sealed files. The
identity is read here and goes nowhere else. Knows rows and the reader, not how anything is sealed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.audited import ledger_of, reason_of, who
from eslbot.cli.identities import KeyCommand, KeyFile, identities_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, Call, ConfigFile, settings_of

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.record.keys import Identity
    from eslbot.store import RecordingRow, Store

AT_ONCE = 1_000
"""Rows that are read at once."""
app = typer.Typer(no_args_is_help=True, help="Sealed recordings.")


@app.command("list")
def list_(
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the newest so many.")] = None,
    after: Annotated[
        str, typer.Option("--after", metavar="PLACE", help="Go on from where a list with --limit ended.")
    ] = "",
    state: Annotated[str, typer.Option("--state", help="Only those in this state.")] = "",
    agent: Annotated[str, typer.Option("--agent", metavar="NAME", help="Only those this account was in.")] = "",
    team: Annotated[str, typer.Option("--team", metavar="NAME", help="Only those an agent of it was in.")] = "",
) -> None:
    """The recordings there are, oldest first. With --limit, where there are older ones, the PLACE to go on from is said
    on standard error."""
    from eslbot.store.listing import BadPlace

    store = open_store(settings_of(config))
    found: list[RecordingRow] = []
    place: str | None = after
    try:
        while place is not None and (limit is None or len(found) < limit):
            size = AT_ONCE if limit is None else min(AT_ONCE, limit - len(found))
            more, place = store.listing.recordings(size, place, state=state, agent=agent, team=team)
            found += more
    except BadPlace as error:
        say.fail(f"--after: {error}", say.USAGE)
    if place is not None:
        typer.echo(f"there are older ones: --after {place}", err=True)
    rows = [row.listing() for row in reversed(found)]
    if as_json:
        say.json(rows)
        return
    columns = {
        "call": "call", "part": "part", "switch": "switch", "started": "started", "seconds": "seconds",
        "state": "state", "gaps": "gaps", "masked": "masked",
    }  # fmt: skip
    shown = [
        {**row, "started": say.local_time(row["started"]), "gaps": len(row["gaps"]), "masked": len(row["masked"])}
        for row in rows
    ]
    say.table(columns, shown, "no recording yet")


@app.command("export")
def export(
    call: Call,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT.wav", help="The audio: left customer, right agent.")
    ] = None,
    identity: KeyFile = None,
    command: KeyCommand = "",
    words: Annotated[
        Path | None, typer.Option("--words", metavar="OUT.jsonl", help="The transcript, one JSON record a line.")
    ] = None,
    unredacted: Annotated[
        bool, typer.Option("--unredacted", help="Leave numbers of cards, identities and codes in the transcript.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit.")] = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Verify a recording and write it as WAV, its transcript, or both: a key may open the words alone. Numbers of
    cards, identities and one-time codes are taken out of the transcript (they stay in what is sealed, and can be heard
    in the WAV). Exit code 4 if it was never closed: its whole chunks are written. The audit has it before anything is
    opened; where it cannot be written, nothing is exported."""
    settings = settings_of(config)
    if output is None and words is None:
        say.fail("say what is to be written: -o OUT.wav, --words OUT.jsonl, or both", say.USAGE)
    why = reason_of(settings, reason)
    identities = identities_of(settings, identity, command)
    rows = rows_of(open_store(settings), call)
    if any(row.state == "erased" for row in rows):
        say.fail(f"{rows[0].call} was erased; `eslbot recordings erase {rows[0].call}` shows the receipt")
    parts = [*(["audio"] if output else []), *([f"{'unredacted ' if unredacted else ''}words"] if words else [])]
    _audit(settings, rows, identities, why, " and ".join(parts))
    whole = True
    for row in rows:
        closed = [
            *([_export_audio(row, settings.record.directory, identities, _part(output, row))] if output else []),
            *([_export_words(row, settings.record.directory, identities, _part(words, row), unredacted)]
              if words else []),
        ]  # fmt: skip
        if not all(closed):
            why = "is still going on" if row.state == "recording" and row.ended is None else "was never closed"
            typer.echo(f"{row.call}: the recording {why}; this is what is whole of it", err=True)
        whole &= all(closed)
    if not whole:
        raise typer.Exit(say.INCOMPLETE)


def _audit(
    settings: "Settings", rows: "list[RecordingRow]", identities: "tuple[Identity, ...]", reason: str, what: str
) -> None:
    """Ends the command unless the audit has taken it."""
    from eslbot.store import StoreProblem
    from eslbot.store.chain import Entry

    keys = ", ".join(identity.recipient.short for identity in identities)
    entries = [
        Entry("export", who(), row.call, row.sha256, reason, settings.node, f"{what}, part {row.part}, with {keys}")
        for row in rows
    ]
    try:
        ledger_of(settings).append(*entries)
    except StoreProblem as error:
        say.fail(f"{error}; nothing was exported")


def _part(file: Path, row: "RecordingRow") -> Path:
    return file if row.part == 1 else file.with_name(f"{file.stem}.part{row.part}{file.suffix}")


def _export_audio(row: "RecordingRow", directory: Path, identities: "tuple[Identity, ...]", wav: Path) -> bool:
    """One part. Returns whether it was closed."""
    from eslbot.record.container import ContainerError
    from eslbot.record.reader import Damaged, Recording

    try:
        recording = Recording(row, directory, identities)
        with say.progress(f"verifying {row.call}") as told:
            recording.verify(told)
        with say.progress(f"writing {wav.name}") as told:
            samples = recording.export_wav(wav, told)
    except (Damaged, ContainerError, OSError) as error:
        say.fail(f"{row.call}: {error}")
    masked = len(row.gaps) - len(row.lost)
    typer.echo(f"{wav}: {samples / row.rate:.3f} s, {len(row.lost)} gaps, {masked} masked, verified")
    return recording.whole


def _export_words(
    row: "RecordingRow", directory: Path, identities: "tuple[Identity, ...]", path: Path, unredacted: bool
) -> bool:
    """One part. Returns whether it was closed."""
    import os

    import orjson

    from eslbot.record.container import ContainerError
    from eslbot.record.reader import Damaged, Words
    from eslbot.redact import redact_transcript

    try:
        words = Words(row, directory, identities)
        count = words.verify()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            records = words.records() if unredacted else redact_transcript(words.records(), row.rate)
            file.writelines(orjson.dumps(record) + b"\n" for record in records)
    except (Damaged, ContainerError, OSError) as error:
        say.fail(f"{row.call}: {error}")
    typer.echo(f"{path}: {count} records, verified")
    return words.sealed.closed


def open_store(settings: "Settings") -> "Store":
    from eslbot.store import Store, StoreProblem

    try:
        return Store.open_readonly(settings.store.url)
    except StoreProblem as error:
        say.fail(error)


def rows_of(store: "Store", text: str) -> "list[RecordingRow]":
    """The parts of the recording that `text` means: by its call, else by any leg of a call there is a recording of."""
    from eslbot.supervise.which import SHORTEST, NoSuchCall, which_call

    wanted = text.strip().lower()
    near: list[Any] = store.recordings.find(prefix=wanted) if len(wanted) >= SHORTEST else []
    legs = {row.call: [row.call] for row in near}
    if wanted not in legs:
        for row in store.listing.calls_of_leg(wanted) if len(wanted) >= SHORTEST else ():
            here = [row.agent_leg, row.customer_leg, *(stay.leg for stay in store.stays.find(call=row.call))]
            legs[row.call] = here
    try:
        call = which_call(text, legs)
    except NoSuchCall as error:
        say.fail(error)
    rows = sorted(store.recordings.find(call=call), key=lambda row: row.part)
    if not rows:
        say.fail(f"there is no recording of call {call}")
    return rows
