"""The web: whatever a request says in its path, query, headers, form or JSON body, over the whole application with real
accounts. It answers, never by failing; a handler is asked by nobody but who has shown who they are, with what its
operation takes and nothing else; a request that names itself is done once; a range is those bytes; nothing that came
becomes a header of its own."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import orjson
from werkzeug.test import run_wsgi_app

from eslbot.record.wav import Side
from eslbot.supervise import secrets
from eslbot.supervise.access import Permission, Person
from eslbot.supervise.web import WebOptions, api, asking
from eslbot.supervise.web.live import after
from eslbot.supervise.web.openapi import arguments
from eslbot.supervise.web.operations import OPERATIONS, PATH, Operation
from eslbot.watch.head import BadHead, check_head
from tests.fuzz.tools import Choices, scratch
from tests.supervise.web.rig import PASSWORD, WebRig

CALL = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
SOUND = bytes(range(256)) * 8
FAILED = 500
HEADERS = ("Range", "If-Range", "Idempotency-Key", "Last-Event-ID", "Content-Type", "Accept", "Accept-Language",
           "Origin", "Sec-Fetch-Site", "X-Forwarded-For", "Cookie", "Host", "Authorization")
FORMS = ("/sign-in", "/language", "/password", "/sign-out")
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")


class Brakes(asking.Brakes):
    """A fuzzer asks more often than anybody may."""

    def take(self, per_minute: int, *key: str) -> None:
        pass

    def look(self, per_minute: int, *key: str) -> None:
        pass

    def count(self, per_minute: int, *key: str) -> bool:
        return True


class Recording:
    """Opened: bytes that tell where they stand."""

    def open(self, call: str, part: int, side: Side, reason: str, person: Person) -> Any:
        assert side in ("both", "customer", "agent")
        assert isinstance(part, int)
        return SimpleNamespace(tag="t", size=len(SOUND), read=lambda start, stop: iter([SOUND[start:stop]]))

    def next(self, pieces: Iterator[bytes]) -> bytes:
        return next(pieces, b"")


class Site:
    """The application, and what its handlers were asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any], Person]] = []
        self.rig = WebRig(scratch(), {one.verb: self._noting(one.verb) for one in OPERATIONS},
                          [api.blueprint(Recording())], WebOptions(hosts=("localhost",)))
        self.rig.app.extensions["eslbot-brakes"] = Brakes()
        self.rig.add("boss")
        self.rig.add("keeper")
        self.token, self._session = self.rig.token("boss")["Authorization"], ""

    def session(self) -> str:
        """The cookie of a browser that keeper has signed in with, from elsewhere, whatever was done to the one
        before."""
        if self.rig.accounts.session(self._session) is None:
            self._session = self.rig.accounts.sign_in("keeper", PASSWORD, "192.0.2.1")
        return self._session

    def _noting(self, verb: str) -> Any:
        def handler(args: dict[str, Any], person: Person) -> dict[str, Any]:
            person.needs(*Permission)
            self.asked.append((verb, args, person))
            return {"verb": verb, "number": len(self.asked)}

        return handler


@cache
def site() -> Site:
    return Site()


def seeds() -> list[bytes]:
    """Mode, who, then lines: a query, headers, an empty line and a body (see `one`)."""
    def seed(mode: int, number: int, text: bytes) -> bytes:
        return bytes([mode]) + number.to_bytes(2, "big") + text

    number = {(each.verb, each.method): at for at, each in enumerate(OPERATIONS)}
    mute = number["mute", "POST"]
    return [
        seed(1, mute, b'\nIdempotency-Key: k1\n\n{"seconds": 5, "reason": "too loud", "id": "a"}'),
        seed(1, mute, b'\nContent-Type: text/plain\n\n{"seconds": 5}'), seed(0, mute, b"\n\n{}"),
        seed(1, mute, b'\n\n{"seconds": 1e999, "id": 7, "x": [[[[]]]]}'), seed(1, mute, b"a=1&a=2\n\n[]"),
        seed(2, 0, b"part=1&side=agent\nRange: bytes=10-20\nIf-Range: \"t\"\n"),
        seed(2, 0, b"\nRange: bytes=-5\n"), seed(2, 0, b"part=x\nRange: bytes=99999-\n"),
        seed(3, 0, b"next=/x\nSec-Fetch-Site: same-origin\n\nname=boss&password=no&csrf=1"),
        seed(3, 256, b"\n\nname=boss&password=correct horse battery&next=/a"),
        seed(3, 256, b"\n\nname=boss&password=no"),
        seed(3, 257, b"\n\nlanguage=en&next=/%0d%0ax"), seed(3, 258, b"\n\nold=a&new=b&again=b"),
        seed(3, 1, b"\nAccept-Language: en,zh;q=0.5\n\nlanguage=en&next=//evil/"),
        seed(4, 1, b"/static/../x?y\nHost: localhost\nX-Forwarded-For: 1.2.3.4\n\n"),
        seed(4, 0, b"/api/v1/calls/%00%ff\nCookie: eslbot=x\n\n"), seed(4, 0, b"/sign-in?next=%0d%0aSet-Cookie:x\n\n"),
        b"\x05e1-17", b"\x05e1-\xd9\xa3",
        *(seed(1, at, b"\n\n") for at in range(len(OPERATIONS))),
    ]


def one(data: bytes) -> None:
    choices = Choices(data)
    mode = choices.byte() % 6
    if mode == 5:
        number = after(choices.rest().decode("latin-1"), "e1")
        assert number is None or number >= 0
        return
    number = choices.number(1 << 16)
    head, _, body = choices.rest().partition(b"\n\n")
    line, *lines = head.split(b"\n")
    headers = [pair.partition(b": ")[::2] for pair in lines]
    operation = OPERATIONS[number % len(OPERATIONS)]
    if mode <= 1:
        path, names = PATH + operation.path, {}
        for name in arguments(operation):
            path = path.replace(f"{{{name}}}", CALL)
            names[name] = CALL
        _api(operation, operation.method, path, line, headers, body, signed=mode == 1)
    elif mode == 2:
        _sound(line, headers)
    elif mode == 3:
        sent = [(b"Content-Type", b"application/x-www-form-urlencoded"), *headers]
        if number & 256:   # as our own page would send it
            secret = "s" if number % len(FORMS) == 0 else site().session()
            sent.append((b"Cookie", f"eslbot-form=s; eslbot={secret}".encode()))
            body = b"csrf=%s&%s" % (secrets.form_token(secret).encode(), body)
        _ask("POST", FORMS[number % len(FORMS)], line, sent, body, "")
        assert not site().asked
    else:
        path, _, query = line.partition(b"?")
        _ask(METHODS[number % len(METHODS)], path.decode("latin-1"), query, headers, body, site().token)
        site().asked.clear()


def _api(
    operation: Operation, method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes,
    signed: bool,
) -> None:
    """One request, and the same again."""
    token = site().token if signed else ""
    sent = [(b"Content-Type", b"application/json"), *headers]
    site().asked.clear()
    first = _ask(method, path, query, sent, body, token)
    asked = list(site().asked)
    assert len(asked) <= 1
    if not signed:
        assert first is None or first[0] in (400, 401, 403, 411), first
        assert not asked, "a stranger was heard"
        return
    for verb, args, person in asked:
        assert verb == operation.verb
        assert person.name == "boss"
        assert set(args) <= {*arguments(operation), *operation.query, *operation.body, "id"}, args
        assert set(operation.required) <= set(args)
        orjson.dumps(args)   # the wire of the journal and the audit
    again = _ask(method, path, query, sent, body, token)
    if operation.idempotent and asked and "id" in asked[0][1] and first is not None and first[0] < 400:
        assert again is not None
        assert again[::2] == first[::2]
        assert len(site().asked) == 1, "done twice"
    site().asked.clear()


def _sound(query: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    answer = _ask("GET", f"{PATH}/recordings/{CALL}/audio", query, headers, b"", site().token)
    if answer is None:
        return
    status, said, body = answer
    if status == 206:
        unit, _, rest = said["content-range"].partition(" ")
        where, _, size = rest.partition("/")
        first, last = map(int, where.split("-"))
        assert (unit, int(size)) == ("bytes", len(SOUND))
        assert body == SOUND[first : last + 1] != b""
    elif status == 200:
        assert body == SOUND
    else:
        assert status in (400, 401, 409, 416), status


def _ask(
    method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes, token: str,
) -> tuple[int, dict[str, str], bytes] | None:
    """The answer; None where the server in front would have refused the head."""
    fields = {b"host": b"localhost", b"content-length": str(len(body)).encode()}
    fields |= {b"authorization": token.encode()} if token else {}
    known = {name.lower().encode() for name in HEADERS} - ({b"authorization", b"host"} if token else set())
    fields |= {name.lower(): value for name, value in headers if name.lower() in known}
    raw = b"".join(b"%s: %s\r\n" % pair for pair in fields.items()) + b"\r\n"
    try:
        check_head("HTTP/1.1", raw)
    except BadHead:
        return None
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query.decode("latin-1"), "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body), "wsgi.errors": BytesIO(), "wsgi.version": (1, 0),
        "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }
    for name, value in fields.items():
        plain = name.decode().upper().replace("-", "_")
        environ[plain if plain.startswith("CONTENT_") else f"HTTP_{plain}"] = value.strip(b" \t").decode("latin-1")
    told, status, said = run_wsgi_app(site().rig.app.wsgi_app, environ, buffered=True)
    content = b"".join(told)
    assert not site().rig.failures, site().rig.failures
    code = int(status.split()[0])
    assert code < FAILED, (code, content[:500])
    for name, text in said.items():
        assert not set("\r\n\0") & set(name + text), name
        assert text.isprintable() or not text, (name, text)
    if "Location" in said:
        assert said["Location"].startswith("/"), said["Location"]
        assert not said["Location"].startswith("//"), said["Location"]
    return code, {name.lower(): text for name, text in said.items()}, content

