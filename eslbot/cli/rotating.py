"""keys status and rotate: for whom recordings are sealed, and sealing them for others. Works with or without a running
service. Knows how it is asked for and shown, not how a header is made."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.audited import ledger_of, who
from eslbot.cli.identities import KeyCommand, KeyFile, identities_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, settings_of

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.record.keys import Identity
    from eslbot.record.rotation import Change

_ADD = "Also for this one: age1..., or 'age1... words' for the words alone ('... audio'); repeatable."


def status(config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """For whom how many recordings are sealed, and whether that is what the configuration says. Asks for no key."""
    from eslbot.record.grants import access
    from eslbot.record.keys import KeyProblem
    from eslbot.record.rotation import unfinished
    from eslbot.store import StoreProblem

    settings = settings_of(config)
    try:
        change = _configured(settings)
        ledger = ledger_of(settings)
        groups, begun = _tally(ledger), unfinished(ledger)
    except (StoreProblem, KeyProblem) as error:
        say.fail(error)
    wanted = access(settings.sealed_for)
    roles = {one.key: one.role for one in settings.recipients}
    counts: dict[tuple[str, Any], int] = dict.fromkeys(wanted.items(), 0)
    for recipients, _, count in groups:
        for pair in access(recipients).items():
            counts[pair] = counts.get(pair, 0) + count
    rows = [{"recipient": recipient, "role": roles.get(recipient, ""), "opens": " and ".join(sorted(opens)),
             "recordings": count, "configured": wanted.get(recipient) == opens}
            for (recipient, opens), count in counts.items()]
    report = {
        "recipients": rows, "recordings": sum(count for _, over, count in groups if over),
        "going_on": sum(count for _, over, count in groups if not over),
        "due": sum(count for texts, over, count in groups if over and change.wanted(texts, False) != texts),
        "unfinished": begun,
    }
    if as_json:
        say.json(report)
    else:
        _show(report)


def rotate(
    identity: KeyFile = None,
    command: KeyCommand = "",
    add: Annotated[list[str] | None, typer.Option("--add", metavar="RECIPIENT", help=_ADD)] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="RECIPIENT", help="And not for this one; repeatable.")
    ] = None,
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="Recordings from this day on.")] = "",
    held: Annotated[
        bool, typer.Option("--held", help="Take recipients from recordings under a legal hold too.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many it would change, and change none.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Even where the key given opens none of them afterwards.")] = False,
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """Seal the recordings that are over for whom the configuration says; or, with --add or --remove, for whom each is
    sealed now and the former, and not the latter. Only headers are made anew. It can be stopped at any moment and run
    again, beside a running service. Exit code 1 where a recording could not be opened by the key given; the others
    are done."""
    from dataclasses import asdict

    from eslbot.record.keys import KeyProblem
    from eslbot.record.rotation import Rotation
    from eslbot.store import StoreProblem

    settings = settings_of(config)
    try:
        change = _change(settings, add or [], remove or [], _day(since), held)
    except KeyProblem as error:
        say.fail(error, say.USAGE)
    identities = () if dry_run else identities_of(settings, identity, command)
    rotation = Rotation(ledger_of(settings), identities, change, who(), settings.node)
    try:
        if dry_run:
            due = rotation.due()
            say.json({"due": due}) if as_json else typer.echo(f"{due} recordings would be sealed anew: {change.said()}")
            return
        _sure(change, identities, yes)
        with say.progress("sealing anew") as told:
            report = rotation.run(told)
    except StoreProblem as error:
        say.fail(f"{error}\nwhat was sealed anew stays so; run it again for the rest")
    if as_json:
        say.json(asdict(report))
    else:
        kept = f", {report.kept_for_a_hold} held ones keep who they had" if report.kept_for_a_hold else ""
        typer.echo(f"{report.rewrapped} of {report.recordings} recordings sealed anew{kept}")
    if report.failed:
        more = report.failed - len(report.problems)
        say.fail("\n".join([*report.problems, *([f"and {more} more"] if more else [])]))


def _change(
    settings: "Settings", add: list[str], remove: list[str], since: float | None, held: bool
) -> "Change":
    """Raises KeyProblem."""
    from eslbot.record.grants import parse_grant
    from eslbot.record.keys import parse_recipient
    from eslbot.record.rotation import Change

    if not add and not remove:
        return _configured(settings, since, held)
    return Change(None, tuple(parse_grant(text, "--add") for text in add),
                  tuple(parse_recipient(text, "--remove") for text in remove), since, held)  # fmt: skip


def _configured(settings: "Settings", since: float | None = None, held: bool = False) -> "Change":
    from eslbot.record.grants import parse_grants
    from eslbot.record.rotation import Change

    return Change(parse_grants(settings.sealed_for, "record.recipients"), since=since, held=held)


def _sure(change: "Change", identities: "tuple[Identity, ...]", yes: bool) -> None:
    """Nobody shuts himself out by mistake: ends the command unless one of the keys given still opens the recordings
    afterwards, or it was said that this is meant."""
    import sys

    ours = {str(one.recipient) for one in identities}
    after = change.wanted([str(one.recipient) for one in identities], False)
    if yes or ours & {text.partition(" ")[0] for text in after}:
        return
    said = "the key given is none of the new recipients', so nothing here can tell that theirs is not lost"
    if not sys.stdin.isatty() or not typer.confirm(f"{said}. Go on?", err=True):
        say.fail(f"{said}: --yes if it is meant", say.USAGE)


def _tally(ledger: Any) -> list[tuple[tuple[str, ...], bool, int]]:
    """Recipients, whether they are over, and how many recordings that were not erased."""
    from eslbot.store.destruction import ERASED
    from eslbot.store.headers import tally

    return [(texts, over, count) for texts, state, over, count in tally(ledger.engine) if state != ERASED]


def _day(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).astimezone().timestamp() if text else None
    except ValueError:
        say.fail("--since: a day like 2026-05-01", say.USAGE)


def _show(report: dict[str, Any]) -> None:
    columns = {"recipient": "recipient", "role": "role", "opens": "opens", "recordings": "recordings",
               "configured": "configured"}  # fmt: skip
    shown = [{**row, "recipient": _short(row["recipient"])} for row in report["recipients"]]
    say.table(columns, shown, "no recording yet")
    if report["due"]:
        typer.echo(f"{report['due']} of {report['recordings']} recordings are not sealed as the configuration says: "
                   "eslbot keys rotate")
    if report["unfinished"]:
        typer.echo(f"a rotation was begun and not finished ({report['unfinished']['change']}): run it again")


def _short(recipient: str) -> str:
    from eslbot.record.keys import KeyProblem, parse_recipient

    try:
        return parse_recipient(recipient).short
    except KeyProblem:
        return recipient


def attach(app: typer.Typer) -> None:
    """Put both among the commands of `keys`."""
    app.command("status")(status)
    app.command("rotate")(rotate)
