"""How late words are on a page while 200 calls talk: from the hypothesis to the event that a client has received, to
the text that chromium shows, and how soon a button reaches its handler. `python -m tests.bench.console`. Two processes
on one machine share its monotonic clock. Prints milliseconds; asserts nothing."""

import argparse
import http.client
import re
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Any

from tests.browser.crowd import PASSWORD
from tests.browser.stage import Process

CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
PAGE_CSRF = re.compile(r'"csrf":"([0-9a-f]{64})"')
CALL = "{:08x}-1111-4111-8111-111111111111"
WATCH = """() => { window.seen = {}; new MutationObserver(() => {
  for (const [mark] of document.body.textContent.matchAll(/mark\\d+x/g)) window.seen[mark] ??= Date.now() / 1000; })
  .observe(document.body, {subtree: true, childList: true, characterData: true}); }"""


class Client:
    """Somebody who has signed in, over plain sockets."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        page = self.ask("GET", "/sign-in")
        form = {"csrf": CSRF.search(page)[1], "name": "sup", "password": PASSWORD}  # type: ignore[index]
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self.ask("POST", "/sign-in", urllib.parse.urlencode(form), kind)
        self.csrf = PAGE_CSRF.search(self.ask("GET", "/help"))[1]  # type: ignore[index]
        self._kept = http.client.HTTPConnection("127.0.0.1", port)

    def headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def ask(self, method: str, path: str, body: str = "", more: dict[str, str] | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, path, body or None, {**self.headers(), **(more or {})})
        answer = connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.read().decode()

    def press(self, call: str, verb: str) -> None:
        headers = {**self.headers(), "Content-Type": "application/json", "X-CSRF-Token": self.csrf}
        self._kept.request("POST", f"/calls/{call}/{verb}", "{}", headers)
        answer = self._kept.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()

    def listen(self, query: str, seen: dict[str, float]) -> None:
        """When each mark came, until the stream ends."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", f"/live?{query}", headers=self.headers())
        answer = connection.getresponse()
        while line := answer.readline():
            for mark in re.findall(rb"mark\d+x", line):
                seen.setdefault(mark.decode(), time.monotonic())


def spread(values: list[float]) -> str:
    found = sorted(1000 * value for value in values)
    if not found:
        return "none"
    middle, late = found[len(found) // 2], found[int(len(found) * 0.95)]
    return f"p50 {middle:.0f}, p95 {late:.0f}, most {found[-1]:.0f} ms (n={len(found)})"


def browser(url: str, crowd: Process, call: str, n: int, marks: int) -> list[float]:
    """From the hypothesis to the text in chromium's page of that call."""
    from playwright.sync_api import sync_playwright

    from tests.browser.window import Window, launched

    with sync_playwright() as playwright:
        chromium = launched(playwright)
        window = Window(chromium, url)
        page = window.sign_in("sup")
        page.goto(f"{url}/calls/{call}")
        page.wait_for_selector("#finals li")
        page.evaluate(WATCH)
        given = {}
        for number in range(5000, 5000 + marks):
            given[f"mark{number}x"] = crowd.ask(f"mark {n} {number}")["wall"]
            page.wait_for_timeout(170)
        page.wait_for_timeout(1000)
        seen: dict[str, Any] = page.evaluate("() => window.seen")
        chromium.close()
    return [seen[mark] - at for mark, at in given.items() if mark in seen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--marks", type=int, default=100)
    parser.add_argument("--viewers", type=int, default=5, help="who look on besides")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        crowd = Process("tests.browser.crowd", directory, "--calls", str(options.calls))
        try:
            measure(options, crowd, Path(directory))
        finally:
            crowd.stop()


def measure(options: argparse.Namespace, crowd: Process, directory: Path) -> None:
    port, n = crowd.first["port"], options.calls // 2
    call, client = CALL.format(n + 1), Client(port)
    focused: dict[str, float] = {}
    wall: dict[str, float] = {}
    for query, seen in ((f"call={call}", focused), ("", wall), *(("", {}) for _ in range(options.viewers))):
        threading.Thread(target=client.listen, args=(query, seen), daemon=True).start()
    time.sleep(5)
    first = crowd.ask("stats")
    given, pressed = {}, []
    for number in range(1000, 1000 + options.marks):
        given[f"mark{number}x"] = crowd.ask(f"mark {n} {number}")["given"]
        time.sleep(0.11)
        began = time.monotonic()
        client.press(call, "mute")
        pressed.append(crowd.ask("act")["at"] - began)
    time.sleep(1)
    last = crowd.ask("stats")
    seconds = last["at"] - first["at"]
    name = f"{options.calls} calls, {(last['number'] - first['number']) / seconds:.0f} messages a second, " \
           f"{options.viewers + 2} who look on"
    cores = (last["cpu"] - first["cpu"]) / seconds
    cost = 1e6 * (last["seconds"] - first["seconds"]) / (last["given"] - first["given"])
    one = spread([focused[m] - at for m, at in given.items() if m in focused])
    print(f"  {name}: {cores:.2f} of a core for feed, redaction, pages and talk together")
    print(f"  a hypothesis costs its call {cost:.0f} us of waiting (redaction and feed)")
    print(f"  words to a client, one call open   {one}")
    print(f"  words to a client, wall            {spread([wall[m] - at for m, at in given.items() if m in wall])}")
    print(f"  a button's request to its handler  {spread(pressed)}", flush=True)
    if not options.no_browser:
        found = browser(f"http://127.0.0.1:{port}", crowd, call, n, options.marks)
        print(f"  words in chromium, one call open   {spread(found)}")


if __name__ == "__main__":
    main()
