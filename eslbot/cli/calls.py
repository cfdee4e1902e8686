"""calls, mute, unmute, mask, unmask, hangup, shadow, disarm: what people see of calls that go on, and do to them. The
running service does it; this asks it over the admin socket. Knows the verbs, not how they are done."""

import contextlib
import uuid
from enum import StrEnum
from typing import Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, AsJson, Call, ConfigFile, Reason, asked, client_of

_COLUMNS = {
    "call": "call", "switch": "switch", "phase": "phase", "seconds": "seconds", "roles_known": "roles",
    "recording": "recorded", "muted_for": "muted for", "masked_for": "masked for",
    "violations": "violations", "worst": "worst",
    "disclosures": "disclosures", "seats": "supervisors",
}


class ShadowWish(StrEnum):
    """What is wanted of shadow mode."""

    ON = "on"
    OFF = "off"
    STATUS = "status"


def calls(
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", help="Live, the worst first; q ends. With --json a line each.")]
    = False,
) -> None:
    """List the calls that are going on."""
    if watch:
        from eslbot.cli import watching

        with contextlib.suppress(KeyboardInterrupt):
            watching.lines(lambda: asked(client_of(config), "calls"), lambda: True) if as_json else watching.watch(
                lambda: asked(client_of(config), "calls"))
        return
    answer = asked(client_of(config), "calls")
    rows = answer.get("calls", [])
    if as_json:
        say.json(rows)
        return
    say.table(_COLUMNS, [{**row, "seats": _seats(row)} for row in rows], "no call is up")
    if answer.get("shadow"):
        typer.echo("shadow mode is on: nothing is done to calls but what people command")


def _seats(row: dict[str, Any]) -> list[str]:
    how = {"ringing": "rings", "consult": "waits: consult"}
    return [f"{one.get('by')} {how.get(str(one.get('state')), one.get('mode'))}"
            for one in row.get("supervisors", [])]


def mute(
    call: Call,
    how_long: Annotated[str, typer.Option("--for", metavar="DURATION", help="500ms, 3s, 2m.")] = "30s",
    reason: Reason = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """The customer stops hearing the agent, for a while. It ends by itself."""
    from eslbot.config.durations import parse_duration

    try:
        seconds = parse_duration(how_long)
    except ValueError as error:
        say.fail(f"--for: {error}", say.USAGE)
    answer = asked(client_of(config), "mute", call=call, seconds=seconds, reason=reason, id=str(uuid.uuid4()))
    typer.echo(f"{answer.get('call')}: {f'muted for {how_long}' if answer.get('done') else 'is muted for longer'}")


def unmute(call: Call, reason: Reason = "", config: ConfigFile = DEFAULT_FILE) -> None:
    """The customer hears the agent again."""
    answer = asked(client_of(config), "unmute", call=call, reason=reason, id=str(uuid.uuid4()))
    typer.echo(f"{answer.get('call')}: {'unmuted' if answer.get('done') else 'was not muted'}")


def mask(
    call: Call,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, max=3600, help="For so long; without it until it is lifted.")
    ] = None,
    reason: Reason = "",
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Keep nothing of what is said: the recording is silent, the words become a mark, times stay. For payment data."""
    answer = asked(client_of(config), "mask", call=call, seconds=seconds, reason=reason, id=str(uuid.uuid4()))
    how_long = "until it is lifted" if seconds is None else f"for {seconds:g} s"
    typer.echo(f"{answer.get('call')}: masked {how_long}, at most for [mask] longest")


def unmask(call: Call, reason: Reason = "", config: ConfigFile = DEFAULT_FILE) -> None:
    """Keep again what is said."""
    answer = asked(client_of(config), "unmask", call=call, reason=reason, id=str(uuid.uuid4()))
    typer.echo(f"{answer.get('call')}: {'unmasked' if answer.get('done') else 'was not masked'}")


def hangup(call: Call, reason: Reason = "", config: ConfigFile = DEFAULT_FILE) -> None:
    """End the agent's leg; the customer hears the closing announcement."""
    answer = asked(client_of(config), "hangup", call=call, reason=reason, id=str(uuid.uuid4()))
    typer.echo(f"{answer.get('call')}: {'the agent was hung up' if answer.get('done') else 'has ended already'}")


def disarm(reason: Reason = "", config: ConfigFile = DEFAULT_FILE) -> None:
    """Take the closing back from all calls and arm no more: run it before you remove eslbot or its dialplan."""
    count = asked(client_of(config), "disarm", reason=reason).get("disarmed", 0)
    calls = "1 call" if count == 1 else f"{count} calls"
    typer.echo(f"taken back from {calls}; no more are armed until eslbot is started again")


def shadow(
    wish: Annotated[
        ShadowWish, typer.Argument(metavar="[on|off|status]", help="Switch it, or ask.")
    ] = ShadowWish.STATUS,
    reason: Reason = "",
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """Shadow mode: judge, record and close, but do nothing to a call unless a person commands it."""
    wanted = {} if wish is ShadowWish.STATUS else {"on": wish is ShadowWish.ON, "reason": reason}
    answer = asked(client_of(config), "shadow", **wanted)
    if as_json:
        say.json({"shadow": bool(answer.get("shadow"))})
    else:
        typer.echo(f"shadow mode is {'on' if answer.get('shadow') else 'off'}")
