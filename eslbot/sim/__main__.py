"""`python -m eslbot.sim`: the embedded switch as a process of its own. Prints a JSON line with its port, then one for
each thing that happens. Knows the command line; the rest is in script.py and switch.py."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import gevent

from eslbot.sim import script
from eslbot.sim.switch import DEFAULT_CLOSING, Switch


def main(arguments: list[str] | None = None) -> int:
    """Runs until the script ends, or SIGTERM or SIGINT comes. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eslbot.sim", description="eslbot's embedded switch")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="of the event socket; 0: any")
    parser.add_argument("--password", default="embedded")
    parser.add_argument("--closing", default=DEFAULT_CLOSING, help="a WAV file or a stream")
    parser.add_argument("--dialplan", type=Path, action="append", default=[], help="an XML file; may be given again")
    parser.add_argument("--global", dest="globals", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--speed", type=float, default=1.0, help="times faster than real time")
    parser.add_argument("--rate", type=int, default=8000, choices=(8000, 16000))
    parser.add_argument("--script", type=Path, help="a JSON file of calls and faults")
    given = parser.parse_args(arguments)
    try:
        wanted = script.read(given.script, given.rate) if given.script else script.Script((), (), None)
    except script.ScriptError as error:
        print(error, file=sys.stderr)
        return 2
    switch = Switch(
        host=given.host, port=given.port, password=given.password, closing=given.closing, dialplan=given.dialplan,
        globals=dict(pair.split("=", 1) for pair in given.globals), speed=given.speed, rate=given.rate,
    )  # fmt: skip
    here = gevent.getcurrent()
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, here.throw, gevent.GreenletExit)
    with switch:
        _say({"port": switch.port, "pid": os.getpid()})
        try:
            script.play(switch, wanted, _say)
        except gevent.GreenletExit:
            _say({"stopped": True})
    return 0


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    sys.exit(main())
