"""alerts list, ack: what people were told of, and that somebody has taken note. The running service does it; this asks
it over the admin socket. Knows the verbs and their arguments, not how they are done."""

from pathlib import Path
from typing import Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, client_of

app = typer.Typer(help="Alerts: list them, acknowledge one.", no_args_is_help=True)
_COLUMNS = {"id": "id", "when": "when", "severity": "severity", "kind": "kind", "rule": "rule", "call": "call",
            "detail": "detail", "acknowledged_by": "acknowledged by"}


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Those that were acknowledged, too.")] = False,
    call: Annotated[str, typer.Option("--call", metavar="CALL", help="Of this call only: its whole id.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=500, help="At most so many.")] = 50,
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """The newest first; those that nobody has acknowledged."""
    where: dict[str, Any] = {"call": call} if call else {}
    rows = _ask(config, "alerts", limit=limit, open=not everything, **where).get("alerts", [])
    if as_json:
        say.json(rows)
        return
    shown = [{**row, "when": say.local_time(row.get("at"))} for row in rows]
    say.table(_COLUMNS, shown, "no alert" if everything else "no alert is open")


@app.command()
def ack(
    alert: Annotated[str, typer.Argument(metavar="ID", help="As `alerts list` shows it.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is audited.", show_default=False)]
    = "",
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """Take note of one: it is told to nobody else."""
    answer = _ask(config, "acknowledge", alert=alert, reason=reason)
    if as_json:
        say.json(answer)
    else:
        typer.echo(f"{answer.get('id')}: acknowledged by {answer.get('acknowledged_by')}")


def _ask(config: Path, verb: str, **args: Any) -> dict[str, Any]:
    from eslbot.supervise.admin import NotReachable
    from eslbot.supervise.wire import Refused

    try:
        return client_of(config).call(verb, **args)
    except NotReachable as error:
        say.fail(error, say.UNREACHABLE)
    except Refused as error:
        say.fail(error)
