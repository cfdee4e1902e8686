"""`eslbot demo`: three calls on the embedded switch, kept lawful by the real service, seen and heard. Knows the order
of the evening; the stage, the timeline and the summary are the files beside this one."""

import signal
import sys
from pathlib import Path
from typing import Any

import gevent
from rich.console import Console
from rich.text import Text

from eslbot.cli import say
from eslbot.cli.demo_stage import Played, Stage
from eslbot.cli.demo_summary import gather, show
from eslbot.cli.demo_timeline import Timeline
from eslbot.watch import logs

OUTPUT = Path("demo-out")
_READY_SECONDS = 60.0
_END_SECONDS = 120.0
_APART = 2.0
"""Seconds between one call's beginning and the next one's."""


class Stalled(Exception):
    """The demo waits for something that does not come. The message says for what."""


def run_demo(
    language: str = "zh", as_json: bool = False, keep: bool = False, output: Path = OUTPUT, pages: bool = False,
) -> int:
    """Runs the demo. Returns 0, or 1 when something was not as it should be.

    `as_json`: one JSON object on standard output, the timeline on standard error. `keep`: afterwards call again and
    again until interrupted. `output`: directory of the WAVs and the log. `pages`: with the console open to whoever
    reads its password here.
    """
    console = Console(stderr=as_json, highlight=False, soft_wrap=True)
    output.mkdir(parents=True, exist_ok=True)
    with (output / "eslbot.log").open("w", encoding="utf-8") as log:
        logs.configure("info", "console", log)
        stage = Stage(language, pages)
        interrupts = [_throwing(number) for number in (signal.SIGINT, signal.SIGTERM)]
        try:
            stage.open()
            if pages:
                who = f"account {stage.name}, password {stage.password}"
                console.print(Text(f"The console: {stage.console} ({who})", "bold"))
            found = _evening(stage, console, output)
            _tell(found, as_json, console, output)
            if keep:
                _go_on(stage, console)
        except KeyboardInterrupt:
            return 130
        except Stalled as error:
            print(f"{error}; see {output}/eslbot.log", file=sys.stderr)
            return 1
        finally:
            for interrupt in interrupts:
                interrupt.cancel()
            stage.close()
            logs.configure()
    for fault in stage.switch.core.faults:
        print(fault, file=sys.stderr)
    return 1 if found["wrong"] or stage.switch.core.faults else 0


def _throwing(number: int) -> Any:
    """A signal becomes a KeyboardInterrupt in this greenlet, wherever in the program it comes."""
    return gevent.signal_handler(number, gevent.getcurrent().throw, KeyboardInterrupt)


def _evening(stage: Stage, console: Console, output: Path) -> dict[str, Any]:
    """Waits for the service, plays the dialogues side by side, and gathers what came of them."""
    timeline = Timeline(console, stage.service.clock)
    stage.service.followers.append(timeline.follow)
    stage.service.listeners.append(timeline.hear)
    console.print(Text("An embedded switch, and eslbot beside it. Waiting for the recogniser ...", "dim"))
    _until(lambda: stage.service.recogniser.ready and all(link.up for link in stage.service.links.values()),
           _READY_SECONDS, "the service did not become ready")  # fmt: skip
    calls = []
    for play in stage.plays:
        calls.append(stage.place(play))
        timeline.entitle(calls[-1].id, play.title)
        stage.switch.pass_time(_APART)
    _until(lambda: _over(stage, calls), _END_SECONDS, "the calls did not end")
    return gather(stage, calls, output)


def _over(stage: Stage, calls: list[Played]) -> bool:
    """Both legs are gone and the recording is closed."""
    ended = {row.call for row in stage.service.store.recordings.find() if row.ended is not None}
    return all(played.call.a.gone and played.call.b.gone and played.id in ended for played in calls)


def _until(condition: Any, seconds: float, otherwise: str) -> None:
    with gevent.Timeout(seconds, Stalled(f"{otherwise} within {seconds:g} s")):
        while not condition():
            gevent.sleep(0.1)


def _tell(found: dict[str, Any], as_json: bool, console: Console, output: Path) -> None:
    if as_json:
        say.json(found)
        return
    show(found, console)
    console.print(Text(f"Listen to them: {output}/*.wav. The service's own log: {output}/eslbot.log"))


def _go_on(stage: Stage, console: Console) -> None:
    """Calls again and again, so that there is something to look at and to act on."""
    console.print(Text(
        f"Going on until Ctrl-C. Metrics: http://{stage.settings.watch.listen}/metrics. In another terminal: "
        f"eslbot calls -c {stage.configuration}"
    ))  # fmt: skip
    while True:
        calls = [stage.place(play) for play in stage.plays]
        _until(lambda calls=calls: _over(stage, calls), _END_SECONDS, "the calls did not end")
