"""users token: what programs use the API with. Knows what is asked of an admin, not what a token may do. A token is
printed once, when it is made."""

from typing import Annotated

import typer

from eslbot.cli import say
from eslbot.cli.audited import staffing_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile

app = typer.Typer(no_args_is_help=True, help="API tokens.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the account.", show_default=False)]


@app.command("new")
def token_new(
    name: Name,
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="What it is for.")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", metavar="SCOPE", help="calls:see, recordings:list ...; absent: all the role has."),
    ] = None,
    lasts: Annotated[str, typer.Option("--lasts", metavar="PERIOD", help="12h, 30d, 1y, or `forever`.")] = "90d",
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """Make an API token. It is shown now, and never again."""
    from eslbot.config.periods import parse_period
    from eslbot.supervise.shown import shown_token

    try:
        seconds = None if lasts == "forever" else parse_period(lasts)
    except ValueError as error:
        say.fail(f"--lasts: {error}", say.USAGE)
    with staffing_of(config) as staffing:
        row, secret = staffing.token(name, label, scope or (), seconds)
    if as_json:
        say.json({**shown_token(row), "token": secret})
    else:
        typer.echo(secret)


@app.command("list")
def token_list(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only of it.", show_default=False)] = None,
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """The tokens there are, without what lets anybody in."""
    from eslbot.supervise.shown import shown_token

    with staffing_of(config) as staffing:
        rows = [shown_token(row) for row in staffing.store.tokens(name)]
    if as_json:
        say.json(rows)
        return
    table = [{**row, **{key: say.local_time(row[key]) for key in ("created", "until", "used")}} for row in rows]
    columns = {"id": "id", "name": "account", "label": "for", "scopes": "scopes", "until": "until", "used": "used"}
    say.table(columns, table, "no token yet")


@app.command("revoke")
def token_revoke(
    number: Annotated[str, typer.Argument(metavar="ID", help="As `token list` shows it.", show_default=False)],
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Make a token worthless; within a second a running service knows it."""
    with staffing_of(config) as staffing:
        staffing.revoke(number)
    typer.echo(f"{number}: revoked")
