"""listen, whisper, barge, takeover, leave, correct: a supervisor's part in a call that is going on. The running service
does it; this asks it over the admin socket. Knows the verbs and their arguments, not how they are done."""

import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, AsJson, Call, ConfigFile, Reason, asked, settings_of

Phone = Annotated[str, typer.Option("--phone", metavar="NUMBER", help="Your phone's number.", show_default=False)]
LONGER = 15.0
"""Seconds on top of the ringing time in which the service has to answer."""


def listen(
    call: Call, phone: Phone, reason: Reason = "", config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False
) -> None:
    """Your phone rings and you hear both sides; nobody hears you."""
    _join("listen", call, phone, reason, config, as_json)


def whisper(
    call: Call, phone: Phone, reason: Reason = "", config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False
) -> None:
    """The agent hears you, the customer does not. In the same call of yours, where you are in already."""
    _join("whisper", call, phone, reason, config, as_json)


def barge(
    call: Call, phone: Phone, reason: Reason = "", config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False
) -> None:
    """Both sides hear you. In the same call of yours, where you are in already."""
    _join("barge", call, phone, reason, config, as_json)


def takeover(
    call: Call, phone: Phone, reason: Reason = "", config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False
) -> None:
    """You talk with the customer; the agent is out of the call. When you leave, the closing plays."""
    _join("takeover", call, phone, reason, config, as_json)


def leave(
    call: Call,
    phone: Annotated[str, typer.Option(
        "--phone", metavar="NUMBER", help="Which of yours, where there are several.", show_default=False)] = "",
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """End your part in the call."""
    answer = _ask(config, "leave", 0.0, call=call, phone=phone, id=str(uuid.uuid4()))
    _say(answer, f"{answer.get('call')}: you have left", as_json)


def correct(
    call: Call,
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="A prompt's name.", show_default=False)],
    reason: Reason = "",
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """Play a prepared sentence to the customer, such as `correction`."""
    answer = _ask(config, "correct", 0.0, call=call, prompt=prompt, reason=reason, id=str(uuid.uuid4()))
    _say(answer, f"{answer.get('call')}: the customer hears {prompt}", as_json)


IN = {
    "listen": "you hear it; nobody hears you", "whisper": "the agent hears you, the customer does not",
    "barge": "both hear you", "takeover": "the customer is yours; the agent is out",
}


def _join(verb: str, call: str, phone: str, reason: str, config: Path, as_json: bool) -> None:
    """Waits until the phone is picked up; the service gives it up after its ringing time."""
    ring = settings_of(config).supervise.ring
    asked = {"call": call, "phone": phone, "reason": reason, "id": str(uuid.uuid4()), "wait": True}
    answer = _ask(config, verb, ring, **asked)
    if answer.get("state") == "gone":
        say.fail(f"{answer.get('call')}: the call has ended")
    said = IN[verb] if answer.get("state") == "in" else f"{phone} still rings"
    _say(answer, f"{answer.get('call')}: {said}", as_json)


def _say(answer: dict[str, Any], text: str, as_json: bool) -> None:
    if as_json:
        say.json(answer)
    else:
        typer.echo(text)


def _ask(config: Path, verb: str, ringing: float, **args: Any) -> dict[str, Any]:
    from eslbot.supervise.admin import AdminClient

    return asked(AdminClient(settings_of(config).admin.socket, timeout=ringing + LONGER), verb, **args)
