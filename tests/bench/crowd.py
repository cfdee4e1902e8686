"""What a crowd costs the calls: how late a mute is at the switch, one that words decide and one that a button asks for,
and how late the service's hub is, with 200 calls that talk, first alone and then beside each kind of crowd. All in one
run, the calls alone first: that is the 1 of the ratios.

    python -m tests.bench.crowd [--calls 200] [--only herd "300 live"]

The crowd, the service and the switch are three processes on one machine and share its cores and its monotonic clock.
Prints; asserts nothing."""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import http.client  # noqa: E402
import json  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402

from eslbot.supervise import secrets  # noqa: E402
from tests.bench.crowds import ALERTS, KINDS  # noqa: E402


class Host:
    """The other process, spoken to in JSON lines."""

    def __init__(self, directory: str, *arguments: str) -> None:
        self.log = Path(directory) / "log"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.crowd_host", directory, *arguments], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log.open("w"))
        self.first = self._read()
        self.port: int = self.first["port"]
        self.cookies: list[str] = self.first["cookies"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the service ended: {self.log.read_text()[-800:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._read()

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


class Beside:
    """A crowd in a process of its own, which yields to the others, as people elsewhere would. `stop` says how often
    each answer came."""

    def __init__(self, host: Host, kind: str, number: int) -> None:
        command = [sys.executable, "-m", "tests.bench.crowds", kind, str(number)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(host.first) + "\n")
        self._process.stdin.flush()

    def stop(self) -> dict[str, int]:
        came, _ = self._process.communicate(timeout=30)
        answered: dict[str, int] = json.loads(came or "{}")
        return answered


class Presser:
    """Somebody who has signed in long since, with a page's kept connection."""

    def __init__(self, host: Host) -> None:
        self._host, self._cookie = host, host.cookies[1]
        self._kept = http.client.HTTPConnection("127.0.0.1", host.port, timeout=30)
        self.failed = 0

    def mute(self) -> float | None:
        """Seconds from the button to the switch; None: it was refused."""
        free = self._host.ask("free")
        headers = {"Cookie": f"eslbot={self._cookie}", "Content-Type": "application/json",
                   "X-CSRF-Token": secrets.form_token(self._cookie)}
        began = time.monotonic()
        try:
            self._kept.request("POST", f"/calls/{free['call']}/mute", '{"seconds": 2}', headers)
            answer = self._kept.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._kept.close()
            self.failed += 1
            return None
        if answer.status != 200:
            self.failed += 1
            return None
        at: float | None = self._host.ask(f"arrived {free['seen']}")["at"]
        return None if at is None else at - began


def spread(values: list[float]) -> str:
    found = sorted(1000 * value for value in values)
    return f"{found[len(found) // 2]:5.0f} {found[int(len(found) * 0.95)]:5.0f} {found[-1]:5.0f}" if found else "none"


def measure(name: str, host: Host, marks: int, settle: float, crowd: Beside | None = None, cut: int = 0) -> None:
    """One row: mutes by words and by button, the hub's lag, what was taken of the core and of memory. `cut`: all live
    pages are cut off, and connect anew, before each so many mutes."""
    gevent.sleep(settle)
    presser, first = Presser(host), host.ask("stats")
    told: list[float] = []
    pressed: list[float] = []
    lost = 0
    for number in range(marks):
        if cut and number % cut == 0:
            host.ask("web")
            gevent.sleep(1.5)   # as long as a page waits
        for took, kept in ((host.ask("mute")["took"], told), (presser.mute(), pressed)):
            if took is None:   # the switch did not answer us: its part, and said
                lost += 1
                host.ask("settle")
            else:
                kept.append(took)
        gevent.sleep(0.05)
    last = host.ask("stats")
    answers = {} if crowd is None else crowd.stop()
    cores = (last["cpu"] - first["cpu"]) / (last["at"] - first["at"])
    lag = " ".join(f"{1000 * one:4.0f}" for one in last["lag"])
    came = [f"{what} {count}" for what, count in sorted(answers.items())]
    refused = [f"{lost} mutes did not come, {presser.failed} of them refused"] if lost else []
    print(f"  {name:<40} words {spread(told)}  button {spread(pressed)}  lag {lag}  {cores:4.2f} cores"
          f" {last['memory'] / 2**20:4.0f} MiB  live {last['streams']:4}  {'; '.join(came + refused)}", flush=True)


def wanted(words: list[str]) -> list[tuple[str, int, str]]:
    """(kind, number, name) of the rows that have one of the words in their kind or their name."""
    rows = [(kind, number, name) for kind, all_ in KINDS.items() for number, (name, _) in enumerate(all_)]
    return [row for row in rows if any(word == row[0] or word in row[2] for word in words)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--marks", type=int, default=40)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--settle", type=float, default=4.0)
    parser.add_argument("--only", nargs="*", default=[*KINDS])
    parser.add_argument("--web", default="", help="more lines of [web]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        host = Host(directory, "--calls", str(options.calls), "--people", str(options.people), "--web", options.web)
        try:
            print(f"{options.calls} calls talk; p50, p95, most in ms; the hub's lag p50, p95, p99, most")
            measure("nobody looks", host, options.marks, options.settle)
            for kind, number, name in wanted(options.only):
                if kind == "alerts":
                    host.ask(f"alerts {ALERTS}")
                crowd = Beside(host, kind, number)
                measure(name, host, options.marks, options.settle, crowd, 8 if kind == "herd" else 0)
                gevent.sleep(2)
            measure("nobody looks, again", host, options.marks, options.settle)
        finally:
            host.stop()
            log = host.log.read_text()
            print("  troubles:", log.count(" trouble "), log[log.index("Traceback"):][:2000] if "Traceback" in log
                  else "")


if __name__ == "__main__":
    main()
