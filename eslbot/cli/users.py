"""users: the accounts of those who come by the web, the API or a phone, kept in the store with or without a running
service. Knows what is asked of an admin, not what an account may be (supervise/staffing.py). No secret stands in a
command's arguments."""

import sys
import time
from typing import Annotated, Any

import typer

from eslbot.cli import say, tokens
from eslbot.cli.audited import staffing_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile

app = typer.Typer(no_args_is_help=True, help="Accounts: who may see and do what.")
app.add_typer(tokens.app, name="token")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the account.", show_default=False)]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read it from the first line of standard input.")]
MustChange = Annotated[
    bool, typer.Option("--must-change/--no-must-change", help="Whether its owner must change it at the first sign-in.")
]
Team = Annotated[
    list[str] | None, typer.Option("--team", metavar="TEAM", help="Whose calls they see; an agent's own. Repeatable.")
]

_COLUMNS = {"name": "name", "role": "role", "teams": "teams", "phone": "phone", "codes": "phone codes",
            "state": "state", "signed_in": "signed in"}  # fmt: skip
_CODES = {
    "ready": "ready", None: "not in this role",
    "no phone": "refused: the account has no phone (eslbot users phone {name} NUMBER)",
    "no PIN": "refused: the account has no PIN (eslbot users pin {name})",
    "locked": "refused for a while: wrong PINs (eslbot users pin {name}, or users enable {name})",
    "disabled": "refused: the account is disabled (eslbot users enable {name})",
}
"""How a phone's feature codes stand, by shown.CODES."""


@app.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="admin, supervisor, quality, auditor or agent.")],
    team: Team = None,
    phone: Annotated[str, typer.Option("--phone", metavar="NUMBER", help="Of their desk, as the switch has it.")] = "",
    no_password: Annotated[bool, typer.Option("--no-password", help="Known by phone and token alone.")] = False,
    password_stdin: FromInput = False,
    must_change: MustChange = True,
    language: Annotated[str, typer.Option("--language", metavar="zh|en", help="Of the console's pages.")] = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Make an account. A password is asked for. Of supervisors and those above, no team means everybody's calls."""
    from eslbot.supervise.shown import codes

    password = None if no_password else _secret("Password", password_stdin)
    with staffing_of(config) as staffing:
        row = staffing.add(name, role, team or (), phone, password, must_change=must_change, language=language)
    typer.echo(f"{row.name}: {row.role}{', sees ' + (' '.join(row.teams) or 'everybody') if role != 'agent' else ''}")
    if codes(row, time.time()) == "no PIN":
        typer.echo(f"{row.name}: feature codes are {_CODES['no PIN'].format(name=row.name)}", err=True)


@app.command("list")
def list_(config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """The accounts there are."""
    from eslbot.supervise.shown import shown

    with staffing_of(config) as staffing:
        rows = [shown(row, time.time()) for row in staffing.store.users()]
    if as_json:
        say.json(rows)
        return
    table = [{**row, "state": _state(row), "signed_in": say.local_time(row["signed_in"])} for row in rows]
    say.table(_COLUMNS, table, "no account yet: `eslbot users add NAME --role admin` makes the first")


@app.command("show")
def show(name: Name, config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """One account, with its sessions and tokens."""
    from eslbot.supervise.shown import shown, shown_session, shown_token

    with staffing_of(config) as staffing:
        row = staffing.store.user(name)
        if row is None:
            say.fail(f"there is no account {name!r}")
        found = {
            **shown(row, time.time()),
            "sessions": [shown_session(one) for one in staffing.store.sessions(name)],
            "tokens": [shown_token(one) for one in staffing.store.tokens(name)],
        }
    if as_json:
        say.json(found)
        return
    for key in ("name", "role", "teams", "phone", "language", "pin", "created", "signed_in"):
        value = say.local_time(found[key]) if key in ("created", "signed_in") else found[key]
        typer.echo(f"{key.replace('_', ' ')}: {' '.join(value) if isinstance(value, list) else value}")
    typer.echo(f"feature codes: {_CODES[found['codes']].format(name=name)}")
    typer.echo(f"state: {_state(found)}\nsessions: {len(found['sessions'])}\ntokens: {len(found['tokens'])}")


@app.command("password")
def password_(
    name: Name, password_stdin: FromInput = False, must_change: MustChange = True, config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Set a password. The account's sessions end, and a lockout too."""
    password = _secret("Password", password_stdin)
    with staffing_of(config) as staffing:
        staffing.password(name, password, must_change)
    typer.echo(f"{name}: the password is set{'; it has to be changed at the first sign-in' if must_change else ''}")


@app.command("pin")
def pin_(
    name: Name,
    none: Annotated[bool, typer.Option("--none", help="Take it away: feature codes let nobody in then.")] = False,
    pin_stdin: Annotated[bool, typer.Option("--pin-stdin", help="Read it from standard input.")] = False,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Set the PIN that the phone's feature codes ask for; without one they let nobody in. 4 to 12 digits, and not what
    is tried first: a row of digits, a year, the phone's own number. A lockout of PINs ends."""
    pin = None if none else _secret("PIN", pin_stdin)
    with staffing_of(config) as staffing:
        staffing.pin(name, pin)
    typer.echo(f"{name}: {'no PIN' if none else 'the PIN is set'}")


@app.command("phone")
def phone_(
    name: Name,
    number: Annotated[str, typer.Argument(metavar="[NUMBER]", help="Absent: none.", show_default=False)] = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Set the desk phone: an agent's calls are known by it, a supervisor is rung on it."""
    with staffing_of(config) as staffing:
        staffing.phone(name, number)
    typer.echo(f"{name}: {'the phone is set' if number else 'no phone'}")


@app.command("language")
def language_(
    name: Name,
    language: Annotated[
        str, typer.Argument(metavar="[zh|en]", help="Absent: the browser's.", show_default=False)
    ] = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Set the language of the console's pages; its owner can change it there."""
    with staffing_of(config) as staffing:
        staffing.language(name, language)
    typer.echo(f"{name}: {language or 'as the browser'}")


@app.command("role")
def role_(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="admin, supervisor, quality, auditor or agent.")],
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Give another role. The account's sessions end."""
    with staffing_of(config) as staffing:
        staffing.role(name, role)
    typer.echo(f"{name}: {role}")


@app.command("team")
def team_(
    name: Name,
    teams: Annotated[
        list[str] | None, typer.Argument(metavar="[TEAM]...", help="None: everybody's.", show_default=False)
    ] = None,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Say whose calls they see, or which team an agent belongs to, from the next call on."""
    with staffing_of(config) as staffing:
        staffing.teams(name, teams or ())
    typer.echo(f"{name}: {' '.join(teams or ()) or 'no team'}")


@app.command("disable")
def disable(name: Name, config: ConfigFile = DEFAULT_FILE) -> None:
    """Let the account in nowhere. Its sessions end, and its tokens are of no use."""
    with staffing_of(config) as staffing:
        staffing.disable(name, True)
    typer.echo(f"{name}: disabled")


@app.command("enable")
def enable(name: Name, config: ConfigFile = DEFAULT_FILE) -> None:
    """Let it in again; a lockout ends, too."""
    with staffing_of(config) as staffing:
        staffing.disable(name, False)
    typer.echo(f"{name}: enabled")


@app.command("remove")
def remove(name: Name, config: ConfigFile = DEFAULT_FILE) -> None:
    """Take the account away, with its sessions and tokens. Calls and the audit keep its name."""
    with staffing_of(config) as staffing:
        staffing.remove(name)
    typer.echo(f"{name}: removed")


@app.command("sessions")
def sessions(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only of it.", show_default=False)] = None,
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """Who is signed in."""
    from eslbot.supervise.shown import shown_session

    now = time.time()
    with staffing_of(config) as staffing:
        rows = [shown_session(row) for row in staffing.store.sessions(name) if row.until > now]
    if as_json:
        say.json(rows)
        return
    table = [{**row, **{key: say.local_time(row[key]) for key in ("created", "seen", "until")}} for row in rows]
    columns = {"name": "name", "created": "since", "seen": "seen", "until": "until", "address": "from"}
    say.table(columns, table, "nobody is signed in")


@app.command("sign-out")
def sign_out(name: Name, config: ConfigFile = DEFAULT_FILE) -> None:
    """End the account's sessions; within a second a running service knows it."""
    with staffing_of(config) as staffing:
        count = staffing.sign_out(name)
    typer.echo(f"{name}: {count} {'session has' if count == 1 else 'sessions have'} ended")


# ---------------------------------------------------------------------------------------------------------------------
def _secret(what: str, from_input: bool) -> str:
    """Asked for twice, without an echo; or the first line that comes in."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        say.fail(f"{what.lower()}: there is no terminal to ask at; give it by --{what.lower()}-stdin", say.USAGE)
    return str(typer.prompt(what, hide_input=True, confirmation_prompt=True, err=True))


def _state(row: dict[str, Any]) -> str:
    if row["disabled"]:
        return "disabled"
    if row["locked_for"]:
        return f"locked for {row['locked_for']:.0f} s"
    return "password to be changed" if row["must_change"] else "no password" if not row["password"] else "ready"
