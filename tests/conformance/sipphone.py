"""A small SIP phone that takes texts: registers by digest over UDP, keeps every MESSAGE that reaches it, and answers
with the status it was told to. Has no calls. Knows SIP and no switch of ours."""

import contextlib
import hashlib
import re
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

PHRASES = {200: "OK", 405: "Method Not Allowed", 415: "Unsupported Media Type", 486: "Busy Here"}
LARGEST = 65535


class PhoneError(RuntimeError):
    """The switch did not let it register, or said nothing. The text says what."""


@dataclass(frozen=True, slots=True)
class Text:
    """One message."""

    kind: str
    """Its content type."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A SIP request or answer, as far as the phone needs it."""

    start: str
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, in order."""
    body: bytes

    @classmethod
    def of(cls, data: bytes) -> Self:
        head, _, body = data.partition(b"\r\n\r\n")
        start, *lines = head.decode("utf-8", "replace").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return cls(start, tuple((name.strip().lower(), value.strip()) for name, _, value in pairs), body)

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known == name), "")

    def answer(self, status: int) -> bytes:
        """What a server repeats of a request, and the status."""
        lines = [f"SIP/2.0 {status} {PHRASES[status]}"]
        lines += [f"{name}: {value}" for name, value in self.headers if name in ("via", "from", "call-id", "cseq")]
        tag = "" if ";tag=" in self.header("to") else f";tag={secrets.token_hex(4)}"
        return "\r\n".join([*lines, f"to: {self.header('to')}{tag}", "content-length: 0", "", ""]).encode()


@dataclass(slots=True)
class SipPhone:
    """Registered from `register` to `unregister`."""

    user: str
    password: str
    domain: str
    registrar: int
    """The switch's SIP port on loopback."""
    answers: int = 200
    texts: list[Text] = field(default_factory=list)
    _socket: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    _call: str = field(default_factory=lambda: secrets.token_hex(8))
    _number: int = 0
    _answers: dict[int, Message] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self._socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._take, name=f"phone {self.user}", daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    # --- its registration --------------------------------------------------------------------------------------------
    def register(self, seconds: int = 3600) -> None:
        """Raises PhoneError."""
        asked = self._ask(seconds, "")
        if " 401 " in asked.start:
            asked = self._ask(seconds, self._proof(asked.header("www-authenticate")))
        if " 200 " not in asked.start:
            raise PhoneError(f"{self.user}: {asked.start}")

    def unregister(self) -> None:
        self.register(0)

    def _ask(self, seconds: int, proof: str) -> Message:
        self._number += 1
        port = self._socket.getsockname()[1]
        own = f"<sip:{self.user}@{self.domain}>"
        lines = [
            f"REGISTER sip:{self.domain} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{secrets.token_hex(8)};rport",
            "Max-Forwards: 70", f"From: {own};tag={self._call}", f"To: {own}", f"Call-ID: {self._call}@phone",
            f"CSeq: {self._number} REGISTER", f"Contact: <sip:{self.user}@127.0.0.1:{port}>", f"Expires: {seconds}",
            *([f"Authorization: {proof}"] if proof else []), "Content-Length: 0",
        ]
        self._socket.sendto("\r\n".join([*lines, "", ""]).encode(), ("127.0.0.1", self.registrar))
        number = self._number
        with self._changed:
            if not self._changed.wait_for(lambda: number in self._answers, 10.0):
                raise PhoneError(f"{self.user}: no answer to REGISTER")
            return self._answers[number]

    def _proof(self, challenge: str) -> str:
        """RFC 2617, with qop=auth."""
        asked = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge))
        realm, nonce, uri, mine = asked["realm"], asked["nonce"], f"sip:{self.domain}", secrets.token_hex(8)
        who, what = _md5(f"{self.user}:{realm}:{self.password}"), _md5(f"REGISTER:{uri}")
        response = _md5(f"{who}:{nonce}:00000001:{mine}:auth:{what}")
        return (f'Digest username="{self.user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm=MD5, '
                f'qop=auth, nc=00000001, cnonce="{mine}", response="{response}"')

    # --- what reaches it ---------------------------------------------------------------------------------------------
    def _take(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                data, sender = self._socket.recvfrom(LARGEST)
                message = Message.of(data)
                if message.start.startswith("SIP/2.0 "):
                    with self._changed:
                        self._answers[int(message.header("cseq").split()[0])] = message
                        self._changed.notify_all()
                elif message.start.startswith("MESSAGE "):
                    self.texts.append(Text(message.header("content-type"), message.body))
                    self._socket.sendto(message.answer(self.answers), sender)
                elif not message.start.startswith("ACK "):
                    self._socket.sendto(message.answer(405), sender)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@contextmanager
def registered(user: str, password: str, domain: str, registrar: int, answers: int = 200) -> Iterator[SipPhone]:
    """A phone that is registered meanwhile."""
    phone = SipPhone(user, password, domain, registrar, answers)
    try:
        phone.register()
        yield phone
        phone.unregister()
    finally:
        phone.close()
