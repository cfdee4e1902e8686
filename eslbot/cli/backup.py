"""backup run, verify, rehearse, restore, list: copies of the store and of sealed recordings elsewhere. Works with or
without a running service. Knows the settings and how a report is shown, not what lies where."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.audited import ledger_of, who
from eslbot.cli.identities import KeyCommand, KeyFile, identities_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, settings_of

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.record.backup import Place
    from eslbot.record.checkpoint import PublicKey

app = typer.Typer(no_args_is_help=True, help="Backups, and their return.")

To = Annotated[str, typer.Option("--to", metavar="PLACE", help="A directory, or s3://...; absent: [backup] to.")]
Number = Annotated[int | None, typer.Option("--snapshot", metavar="N", help="Absent: the newest.")]


@app.command("run")
def run(config: ConfigFile = DEFAULT_FILE, to: To = "", as_json: AsJson = False) -> None:
    """Put what is new there, take away what was erased, and write a snapshot. Exit code 1 where a file is missing or is
    not what was sealed; the rest is backed up all the same."""
    from eslbot.record.backup.making import Source
    from eslbot.record.backup.making import run as make
    from eslbot.record.checkpoint import Signer
    from eslbot.record.grants import ALL, parse_grants, recipients_of

    settings = settings_of(config)

    def work(told: Any) -> dict[str, Any]:
        import time

        signer = None if settings.audit.key is None else Signer.of(settings.audit.key)
        grants = parse_grants(settings.sealed_for, "record.recipients")
        whole = [one.recipient for one in grants if one.opens == ALL]
        recipients = tuple(whole or recipients_of(grants, "words"))
        source = Source(ledger_of(settings), settings.record.directory, settings.node, who(), recipients, time.time,
                        signer)
        return make(source, _place(settings, to), settings.backup.keep, told)

    _done(_told("backing up", work), as_json, "snapshot {snapshot}: {calls} calls, {put} files put")


@app.command("verify")
def verify(
    config: ConfigFile = DEFAULT_FILE, to: To = "", number: Number = None, as_json: AsJson = False
) -> None:
    """Read everything a snapshot needs and compare every digest. Exit code 1 for anything that is wrong."""
    from eslbot.record.backup import checking

    settings = settings_of(config)
    report = _told("verifying", lambda told: checking.verify(_place(settings, to), number, _key(settings), told))
    _done(report, as_json, "snapshot {snapshot}: {calls} calls, {bytes} bytes read")


@app.command("rehearse")
def rehearse(
    config: ConfigFile = DEFAULT_FILE,
    to: To = "",
    sample: Annotated[int | None, typer.Option("--sample", min=1, help="Calls; absent: [backup] sample.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="The same calls again; absent: others each time.")] = None,
    identity: KeyFile = None,
    command: KeyCommand = "",
    as_json: AsJson = False,
) -> None:
    """Bring a random sample back to a scratch directory and verify it; with an identity open all of it too. Exit code 1
    for anything that is wrong."""
    import secrets

    from eslbot.record.backup import checking
    from eslbot.store.chain import Entry

    settings = settings_of(config)
    keys = identities_of(settings, identity, command, needed=False)
    chosen = secrets.randbelow(1 << 31) if seed is None else seed
    count = sample or settings.backup.sample
    place = _place(settings, to)
    with_keys = ", ".join(key.recipient.short for key in keys)
    detail = f"seed {chosen}, at most {count} calls" + (f", opened with {with_keys}" if keys else ", digests only")
    _told("", lambda told: {"row": ledger_of(settings).append(
        Entry("rehearse", who(), node=settings.node, detail=detail))})
    report = _told("rehearsing", lambda told: checking.rehearse(place, count, chosen, keys, _key(settings), told))
    _done(report, as_json, "snapshot {snapshot}: {count} calls brought back, seed {seed}", count=len(report["calls"]))


@app.command("restore")
def restore(
    identity: KeyFile = None,
    command: KeyCommand = "",
    config: ConfigFile = DEFAULT_FILE,
    to: Annotated[str, typer.Option("--from", metavar="PLACE", help="Absent: [backup] to.")] = "",
    number: Number = None,
    as_json: AsJson = False,
) -> None:
    """Bring a snapshot back to the configured store and directory, which must be empty. What was erased since it was
    made stays erased. Run it while the service is stopped."""
    from eslbot.record.backup import restoring

    settings = settings_of(config)
    keys = identities_of(settings, identity, command)
    place = _place(settings, to)
    report = _told("restoring", lambda told: restoring.restore(
        place, settings.store.url, settings.record.directory, keys, who(), settings.node, number, _key(settings), told))
    _done(report, as_json, "snapshot {snapshot}: {calls} calls are back, {erased} stay erased")


@app.command("list")
def list_(config: ConfigFile = DEFAULT_FILE, to: To = "", as_json: AsJson = False) -> None:
    """The snapshots there are, oldest first."""
    from eslbot.record.backup.making import snapshot, snapshots

    place = _place(settings_of(config), to)
    rows: list[dict[str, Any]] = _told("", lambda told: [
        {"snapshot": one.number, "at": one.at, "node": one.node, "calls": one.calls, "bytes": one.size,
         "erased": len(one.erased), "signed": bool(one.signature)}
        for one in (snapshot(place, number) for number in snapshots(place))])
    if as_json:
        say.json(rows)
        return
    columns = {"snapshot": "snapshot", "at": "when", "node": "node", "calls": "calls", "bytes": "bytes",
               "erased": "erased", "signed": "signed"}  # fmt: skip
    say.table(columns, [{**row, "at": say.local_time(row["at"])} for row in rows], "nothing was backed up there yet")


def _told(title: str, work: Any) -> Any:
    """Do it under a progress bar; what is wrong with the place, the store or a key ends the command."""
    from eslbot.record.backup import BackupProblem
    from eslbot.record.checkpoint import CheckpointProblem
    from eslbot.record.keys import KeyProblem
    from eslbot.store import StoreProblem

    try:
        with say.progress(title) as told:
            return work(told)
    except (BackupProblem, StoreProblem) as error:
        say.fail(error)
    except (CheckpointProblem, KeyProblem) as error:
        say.fail(error, say.USAGE)
    except OSError as error:
        say.fail(f"{error.filename or 'the disk'}: {error.strerror or error}")


def _done(report: dict[str, Any], as_json: bool, said: str, **more: Any) -> None:
    if as_json:
        say.json(report)
    else:
        typer.echo(said.format(**report, **more))
    if report["problems"]:
        say.fail("\n".join(report["problems"]))


def _place(settings: "Settings", to: str) -> "Place":
    from eslbot.record.backup import place_of

    where = to or settings.backup.to
    if not where:
        say.fail("say where: --to PLACE, or [backup] to", say.USAGE)
    return _told("", lambda told: place_of(where, settings.backup.endpoint))  # type: ignore[no-any-return]


def _key(settings: "Settings") -> "PublicKey | None":
    from eslbot.record.checkpoint import public_file, public_key

    return None if settings.audit.key is None else public_key(public_file(settings.audit.key))

