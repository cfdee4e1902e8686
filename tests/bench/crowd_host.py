"""The service that `tests.bench.crowd` crowds: a whole one over the embedded switch in another process, with so many
calls up, whose words come from here at a recogniser's pace (recognisers work elsewhere and are not what is measured).
Run as `python -m tests.bench.crowd_host DIRECTORY --calls 200 --people 300`; answers JSON lines.

What it measures of itself: how late its hub runs what is due (a greenlet that sleeps 5 ms, again and again), and how
long after the words that decide a mute's command was at the switch, which is the other process's own time."""

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from gevent.fileobject import FileObject

import eslbot.sim
from eslbot.model.call import Role
from eslbot.model.words import Hypothesis
from eslbot.store.account_rows import SessionRow, UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.supervise import secrets
from eslbot.supervise.access import Staff
from eslbot.supervise.passwords import Passwords
from tests.bench.crowds import PASSWORD

SECRET = "bench"
PACE = 0.2
"""Seconds between two hypotheses of who speaks."""
SMALL_TALK = [list(line) for line in ("好的您稍等我帮您看一下", "嗯我知道了谢谢你", "请问您今天下午方便接听吗")]
DOOMED = list("这个产品稳赚不赔保本保息")
"""What mutes."""
SLOW, STANDS = 0.4, 4.0
MUTES, BEAT = "sched_api ", 0.005


def switch(calls: int) -> None:
    """The other process: so many calls, as tests.bench.acts has them, their audio at SLOW times life's pace: moving
    the frames of 200 calls takes the embedded switch most of a core, which no real switch would take from the rest."""
    from eslbot.sim import Switch
    from tests.bench import acts

    class Slow(Switch):
        def __init__(self, **given: Any) -> None:
            super().__init__(speed=SLOW, **given)

    eslbot.sim.Switch = Slow   # type: ignore[misc]
    acts.switch(calls)


def accounts(url: str, people: int) -> list[str]:
    """So many supervisors who have signed in: their cookies."""
    store, now = AccountStore.made(url), time.time()
    encoded, cookies = Passwords().hash(PASSWORD), []
    for number in range(people):
        name, secret = f"sup{number:03}", secrets.new_session()
        teams = () if number % 2 else (f"team{number % 20}",)
        store.add(UserRow(name, Staff.SUPERVISOR.value, teams, password=encoded), Entry("user-added", "bench"))
        store.begin(SessionRow(secrets.digest(secret), name, now, now, now + 36000), Entry("sign-in", "bench"))
        cookies.append(secret)
    for number in range(1000, 1200):
        team = (f"team{number % 20}",)
        store.add(UserRow(f"seat{number}", Staff.AGENT.value, team, str(number), encoded), Entry("user-added", "bench"))
    store.close()
    return cookies


class Host:
    """One service, its switch, and those who talk."""

    def __init__(self, directory: Path, memory: Path, calls: int, more: str) -> None:
        from eslbot.config import load
        from eslbot.record.keys import new_identity, recipient
        from eslbot.service import Service

        command = [sys.executable, "-m", "tests.bench.crowd_host", "-", "--switch", "--calls", str(calls)]
        self._switch = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._switch.stdout is not None
        ready = json.loads(self._switch.stdout.readline())
        file = directory / "eslbot.toml"
        file.write_text(
            f'[[switch]]\nname = "pbx"\nport = {ready["port"]}\npassword_env = "PASSWORD"\n'
            "[roles]\nagent = '1\\d{3}'\ncustomer = '9\\d+'\n"
            f'[audio]\nspool = "{memory}/spool"\n[audio.fork]\nlisten = "127.0.0.1:0"\n'
            f'[record]\nrecipients = ["{recipient(new_identity())}"]\nlive = "{memory}/live"\n'
            f'[watch]\nlisten = "127.0.0.1:0"\n[web]\nlisten = "127.0.0.1:0"\n{more}\n'
            '[judge]\npacks = ["cn-marketing"]\n')
        self.settings = load(file, {"PASSWORD": SECRET, **os.environ})
        self.calls = calls
        self.random = random.Random(7)
        self._number = 1000
        self._next = 0
        self.came: list[tuple[float, str]] = []
        self.lags: list[float] = []
        self._make: Callable[[], Any] = lambda: Service(self.settings)

    def start(self) -> None:
        """The service, once all calls are taken up and talk."""
        self.service = self._make()
        self.service.start()
        self.settle()
        gevent.spawn(self._read)
        gevent.spawn(self._beat)
        self.ids = [state.id for state in self.service.desk.states()]
        for call in self.ids:
            gevent.spawn(self._talk, call)

    def settle(self) -> dict[str, int]:
        """Until the link has stood for some seconds and all calls are taken up: the embedded switch answers late while
        they all begin, and whatever else runs on a machine may keep it from answering at all."""
        ends, since = time.monotonic() + 150, time.monotonic()
        while time.monotonic() < since + STANDS:
            states = self.service.desk.states()
            ready = sum(state.actable and state.heard for state in states)
            if ready < self.calls or not all(link.up for link in self.service.links.values()):
                since = time.monotonic()
            if time.monotonic() > ends:
                raise SystemExit(f"only {ready} of {len(states)} calls can be acted in")
            gevent.sleep(0.1)
        return {"calls": self.calls}

    def _read(self) -> None:
        for line in self._switch.stdout or ():
            self.came.append(tuple(json.loads(line)))

    def _beat(self) -> None:
        while True:
            due = time.monotonic() + BEAT
            gevent.sleep(BEAT)
            self.lags.append(time.monotonic() - due)

    def _talk(self, call: Any) -> None:
        numbers = dict.fromkeys((Role.AGENT, Role.CUSTOMER), 0)
        ear = self.service.ears._ears[call]
        gevent.sleep(self.random.uniform(0, 3))
        while True:
            words = self.random.choice(SMALL_TALK)
            role = self.random.choice(list(numbers))
            start = ear.writer.samples
            numbers[role] += 1
            for said in range(2, len(words) + 2, 2):
                gevent.sleep(PACE)
                self._say(ear, role, numbers[role], words[:said], said >= len(words), start)
            gevent.sleep(self.random.uniform(0.4, 1.6))

    def _say(self, ear: Any, role: Role, number: int, words: list[str], final: bool, start: int) -> None:
        at = ear.writer.samples
        ear._hypothesis(Hypothesis(ear.call, role, number, " ".join(words), final, min(start, at), at, at))

    def mute(self) -> dict[str, float | None]:
        """Words that mute in the next call that is not muted: seconds to the command at the switch; None: none came."""
        call, seen = self._unmuted(), len(self.came)
        ear = self.service.ears._ears[call]
        self._number += 1
        began = time.monotonic()
        self._say(ear, Role.AGENT, self._number, DOOMED, True, ear.writer.samples)
        at = self._at_switch(call, seen)
        return {"took": None if at is None else at - began}

    def free(self) -> dict[str, Any]:
        """A call that a button may mute, and how many commands came so far."""
        return {"call": self._unmuted(), "seen": len(self.came)}

    def arrived(self, seen: int) -> dict[str, float | None]:
        """When the mute of the call that was free was at the switch; None: it was not."""
        return {"at": self._at_switch(self.ids[(self._next - 1) % len(self.ids)], seen)}

    def _unmuted(self) -> Any:
        for _ in self.ids:
            call = self.ids[self._next % len(self.ids)]
            self._next += 1
            state = self.service.desk.state(call)
            if state is not None and state.actable and state.mutes.group is None:
                return call
        raise SystemExit("all are muted: more calls, or fewer marks")

    def _at_switch(self, call: Any, seen: int) -> float | None:
        state, ends = self.service.desk.state(call), time.monotonic() + 5.0
        legs = () if state is None else (call, state.other)
        while time.monotonic() < ends:
            for at, text in self.came[seen:]:
                if text.startswith(MUTES) and any(leg in text for leg in legs):
                    return at
            gevent.sleep(0.001)
        return None

    def stats(self) -> dict[str, Any]:
        """Since the last time."""
        used, lags = resource.getrusage(resource.RUSAGE_SELF), sorted(self.lags) or [0.0]
        self.lags.clear()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return {
            "cpu": used.ru_utime + used.ru_stime, "at": time.monotonic(), "number": self.service.front.feed.number,
            "lag": [lags[len(lags) // 2], lags[int(len(lags) * 0.95)], lags[int(len(lags) * 0.99)], lags[-1]],
            "memory": pages * os.sysconf("SC_PAGE_SIZE"), "streams": self.service.front.web.taken["live-pages"],
            "greenlets": len(self.service.greenlets.names),
        }

    def alerts(self, count: int) -> dict[str, int]:
        """So many alerts that nobody acknowledges."""
        from eslbot.model.orders import Alert

        for number in range(count):
            call = self.ids[number % len(self.ids)]
            self._number += 1
            self.service.alerts.tell(Alert(f"{call}#x{self._number}", call, "violation", "warning", f"r{number}"))
            if number % 20 == 0:
                gevent.sleep(0.01)
        return {"told": count}

    def web(self) -> dict[str, int]:
        """As in a restart: all connections are cut, and every page connects anew, with an id of another life."""
        self.service.front.feed.epoch = secrets.new_session()[:8]
        for handler in list(self.service.front.web._server._open):
            handler.shut()
        return {"port": self.service.front.web.port}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--web", default="", help="more lines of [web]")
    parser.add_argument("--switch", action="store_true")
    given = parser.parse_args()
    if given.switch:
        switch(given.calls)
        return
    answers, sys.stdout = sys.stdout, sys.stderr   # log lines go there
    cookies = accounts(f"sqlite:///{given.directory}/eslbot.db", given.people)
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as fast:
        host = Host(given.directory, Path(fast), given.calls, given.web)
        host.start()
        print(json.dumps({"port": host.service.front.web.port, "watch": host.service.watch.port, "cookies": cookies,
                          "socket": str(host.settings.admin.socket), "pid": os.getpid()}), file=answers, flush=True)
        for line in FileObject(sys.stdin.fileno(), "rb", close=False):
            verb, *numbers = line.split()
            print(json.dumps(getattr(host, verb.decode())(*map(int, numbers))), file=answers, flush=True)


if __name__ == "__main__":
    main()
