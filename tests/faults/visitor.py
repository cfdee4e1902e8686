"""Somebody with a browser, over real sockets on the hub: keeps cookies, sends forms, comes from an address of
choice."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

import gevent
from gevent import socket

from tests.watch.clients import receive

CSRF = re.compile(rb'name="csrf" value="([0-9a-f]{64})"')
PASSWORD = "correct horse battery"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass
class Visitor:
    port: int
    address: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """One request on a connection of its own."""
        body = b"" if form is None else urlencode(form).encode()
        lines = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", **{
            name.replace("_", "-"): value for name, value in headers.items()}}
        if form is not None:
            lines |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        if self.cookies:
            lines["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = "".join([f"{method} {path} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in lines.items())])
        with gevent.Timeout(60), socket.socket() as connection:
            connection.bind((self.address, 0))
            connection.connect(("127.0.0.1", self.port))
            connection.sendall(head.encode() + b"\r\n" + body)
            return self._read(receive(connection))

    def sign_in(self, name: str, password: str = PASSWORD) -> Answer:
        """By the page's form."""
        return self.ask("POST", "/sign-in", {"csrf": self.form(), "name": name, "password": password})

    def form(self) -> str:
        """The token that the sign-in's page has in its form."""
        page = self.ask("GET", "/sign-in")
        found = CSRF.search(page.body)
        assert found is not None, page
        return found[1].decode()

    def _read(self, raw: bytes) -> Answer:
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        for name, value in headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(int(first.split()[1]), headers, body)
