"""alerts list, ack: what people were told of, and that somebody has taken note. The running service does it; this asks
it over the admin socket. Knows the verbs and their arguments, not how they are done."""

from typing import Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, asked, client_of

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
    rows = asked(client_of(config), "alerts", limit=limit, open=not everything, **where).get("alerts", [])
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
    answer = asked(client_of(config), "acknowledge", alert=alert, reason=reason)
    if as_json:
        say.json(answer)
    else:
        typer.echo(f"{answer.get('id')}: acknowledged by {answer.get('acknowledged_by')}")
