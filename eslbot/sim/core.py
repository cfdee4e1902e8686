"""The switch without its socket: its legs, its clock, the one greenlet that moves every frame, its scheduler, and the
events it fires. Knows where calls are routed. How legs come to be is in exchange.py, the event socket in esl.py, the
commands in api/."""

import json
import re
import time
import traceback
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import gevent

from eslbot.greenlets import Greenlets
from eslbot.sim import apps, events, hold
from eslbot.sim.api import COMMANDS
from eslbot.sim.dialplan import Action, Dialplan, inline
from eslbot.sim.leg import Leg, Step, Thread
from eslbot.sim.outbound import Visit
from eslbot.sim.party import Party
from eslbot.sim.phonebook import Address, Phone
from eslbot.sim.sound import FRAMES_A_SECOND
from eslbot.switch.codec import Event

_MUST_CATCH_UP = 1.0
"""Seconds behind its clock beyond which the mixer gives the lost time up."""
_HEARTBEAT_FRAMES = 20 * FRAMES_A_SECOND
_SCHEDULER_FRAMES = FRAMES_A_SECOND // 2
_API_IN_TEXT = re.compile(r"([a-z_]+)\((.*)\)$", re.DOTALL)
_INNERMOST = re.compile(r"(?<!\$)\$\{([^${}]+)\}")


class Listener(Protocol):
    """Who is offered every event."""

    def offer(self, event: Event) -> None: ...


@dataclass(frozen=True, slots=True)
class Task:
    """A command for later (sched_api)."""

    id: int
    when: int
    """Whole seconds since the epoch: FreeSWITCH's grain."""
    group: str
    command: str


class Core:
    """One running switch. `speed`: how many times faster than real time."""

    def __init__(self, greenlets: Greenlets, dialplan: Dialplan, name: str = "pbx", speed: float = 1.0) -> None:
        self.greenlets = greenlets
        self.dialplan = dialplan
        self.name = name
        self.speed = speed
        self.uuid = self.new_uuid()
        self.legs: dict[str, Leg] = {}
        self.sessions = 0
        self.listeners: list[Listener] = []
        self.tasks: list[Task] = []
        self.globals = {"hostname": name, "domain": "127.0.0.1", "core_uuid": self.uuid} | dialplan.globals
        self.phones: dict[str, deque[Party]] = {}
        """Who answers the next calls to a number (exchange.py)."""
        self.registered: dict[Address, Phone] = {}
        """Who takes texts outside of calls (phonebook.py)."""
        self.unloaded: set[str] = set()
        """Modules that this switch is to have none of what they bring."""
        self.rate = 8000
        self.notes: deque[str] = deque(maxlen=1000)
        """What FreeSWITCH would have logged as an error."""
        self.faults: list[str] = []
        """Errors of this program itself (tracebacks) and commands said to crash a real switch."""
        self.visit: Callable[[Leg, str], Visit] = lambda leg, address: Visit(refused=True)
        self.shutdown: Callable[[], None] = lambda: None
        """What `fsctl shutdown` does."""
        self._sequence = 0
        self._tasks = 0
        self._ticks = 0
        self._epoch = time.time()
        self._started = self._epoch

    # --- time --------------------------------------------------------------------------------------------------------
    @property
    def now(self) -> float:
        """Seconds since the epoch on this switch's own clock."""
        return self._epoch + self._ticks / FRAMES_A_SECOND

    @property
    def uptime(self) -> float:
        return self.now - self._started

    def run(self) -> None:
        """Moves frames, for ever."""
        due = time.monotonic()
        while True:
            self.tick()
            due += 1 / FRAMES_A_SECOND / self.speed
            ahead = due - time.monotonic()
            if ahead < -_MUST_CATCH_UP:
                self._epoch -= ahead * self.speed
                due -= ahead
            gevent.sleep(max(0.0, ahead))

    def tick(self) -> None:
        """20 ms pass."""
        self._ticks += 1
        if self._ticks % _SCHEDULER_FRAMES == 0:
            self._run_tasks()
        for leg in tuple(self.legs.values()):
            try:
                leg.step()
            except Exception:  # noqa: BLE001 - one broken leg must not stop the others; `faults` fails the test
                self.faults.append(traceback.format_exc())
                leg.cause = leg.cause or "CRASH"
                self.drop(leg)
        if self._ticks % _HEARTBEAT_FRAMES == 0:
            self.fire("HEARTBEAT", {"Event-Info": "System Ready", "Session-Count": str(len(self.legs))})

    def wait(self, seconds: float) -> None:
        """Lets that much of the switch's time pass for the calling greenlet."""
        gevent.sleep(seconds / self.speed)

    # --- the scheduler -----------------------------------------------------------------------------------------------
    def schedule(self, seconds: int, group: str, command: str) -> int:
        """Runs a command after so many seconds of the wall clock's whole seconds; returns the task's number."""
        self._tasks += 1
        self.tasks.append(Task(self._tasks, int(self.now) + seconds, group, command))
        return self._tasks

    def unschedule(self, which: str) -> int:
        """Takes tasks back, by number or group; returns how many."""
        kept = [task for task in self.tasks if which not in (str(task.id), task.group)]
        taken, self.tasks = len(self.tasks) - len(kept), kept
        return taken

    def _run_tasks(self) -> None:
        due = [task for task in self.tasks if task.when <= int(self.now)]
        self.tasks = [task for task in self.tasks if task not in due]
        for task in due:
            self.greenlets.spawn(f"task {task.group}", self.api, task.command)

    # --- what it tells -----------------------------------------------------------------------------------------------
    def new_uuid(self) -> str:
        return str(uuid.uuid4())

    def note(self, text: str) -> None:
        """Writes down an error of a caller's making."""
        self.notes.append(text)

    def stamp(self, name: str, subclass: str = "") -> Event:
        """The headers an event begins with."""
        self._sequence += 1
        return events.stamp(self.uuid, name, self.name, self._sequence, self.now, subclass)

    def fire(self, name: str, headers: Event | dict[str, str], subclass: str = "", body: str = "") -> None:
        """Fires an event to everyone who listens."""
        event = self.stamp(name, subclass) | headers
        if body:
            event["_body"] = body
        for listener in tuple(self.listeners):
            listener.offer(event)

    # --- commands ----------------------------------------------------------------------------------------------------
    def api(self, text: str) -> str:
        """The answer to an api command, as the switch words it. May take time (originate, msleep)."""
        name, _, arguments = text.strip().partition(" ")
        command = COMMANDS.get(name)
        return command(self, arguments.strip()) if command else f"-ERR {name} Command not found!\n"

    def expand(self, leg: Leg, text: str) -> str:
        """Replaces ${variable} and ${command(arguments)}, innermost first, as often as there are any (at most 20)."""

        def value(found: re.Match[str]) -> str:
            called = _API_IN_TEXT.match(found[1])
            if called and called[1] in COMMANDS:
                return self.api(f"{called[1]} {called[2]}").strip()
            return leg.variable(found[1])

        for _ in range(20):
            text, changed = _INNERMOST.subn(value, text)
            if not changed:
                break
        return text

    # --- legs ---------------------------------------------------------------------------------------------------------
    def drop(self, leg: Leg) -> None:
        """The leg is no more."""
        self.legs.pop(leg.uuid, None)

    # --- what legs do ------------------------------------------------------------------------------------------------
    def application(self, name: str, data: str) -> Step:
        """An application as a step of a leg's plan."""
        return apps.step_of(name, data)

    def run_told(self, leg: Leg) -> Thread:
        """What the leg was told to run meanwhile."""
        yield from apps.run_told(leg)

    def execute(self, leg: Leg, name: str, data: str) -> Thread:
        """One application, now."""
        yield from apps.execute(leg, name, data)

    def transfer(self, leg: Leg, extension: str, dialplan: str, context: str) -> None:
        """Sends the leg into the dialplan, out of whatever it does now (switch_ivr_session_transfer)."""
        note = f"{int(self.now)}:{self.new_uuid()}:bl_xfer:{extension}/{context}/{dialplan}"
        leg.retarget(extension, dialplan, context, note)
        leg.go(self.routed)

    def routed(self, leg: Leg) -> Thread:
        """The step that looks the leg's destination up in the dialplan and runs what it finds."""
        leg.state = "CS_ROUTING"
        hold.release(leg)
        yield
        leg.state = "CS_EXECUTE"
        if leg.call_state == "DOWN":
            leg.call_state = "RINGING"
        actions = self.actions(leg, leg.profile.destination, leg.profile.dialplan)
        if not actions:
            self.note(f"no extension {leg.profile.destination}")
            leg.hangup("NO_ROUTE_DESTINATION")
        for action in actions:
            if not leg.ready:
                return
            yield from apps.execute(leg, action.application, action.data)

    def actions(self, leg: Leg, extension: str, dialplan: str) -> list[Action]:
        """What that dialplan has for the leg at that extension."""
        if dialplan == "inline":
            return inline(extension)
        return list(self.dialplan.route(extension, lambda text: self.expand(leg, text), leg.set))

    def table(self) -> str:
        """`show channels as json`."""
        rows = [events.row(leg, self.name) for leg in self.legs.values()]
        return json.dumps({"row_count": len(rows), "rows": rows}, separators=(",", ":"), ensure_ascii=False)
