"""Posts alerts to a URL, signed where there is a secret, and tries again until somebody took them. The form is that of
Standard Webhooks (standardwebhooks.com): headers webhook-id (the same on every try, so that a receiver can drop what it
has seen), webhook-timestamp, and webhook-signature `v1,` + base64 of HMAC-SHA256 over `id.timestamp.body`. One greenlet
posts, one at a time; nothing ever waits for it. Knows nothing of what an alert says."""

import base64
import binascii
import hashlib
import heapq
import hmac
import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import gevent
import gevent.socket
import gevent.ssl
from gevent.event import Event

from eslbot.greenlets import Greenlets

Told = Callable[[str, str, int, float | None], None]
"""(id, `delivered` | `failed` | `dropped`, tries, when delivered): the end of each post, told once."""


@dataclass(frozen=True, slots=True)
class WebhookOptions:
    url: str
    """https, or http where the configuration allows it."""
    secret: str
    """`whsec_` + base64, or any text; empty: posts are not signed."""
    within: float = 5.0
    """Seconds for one try, from resolving the name to the answer's status."""
    tries: int = 300
    """Beyond them nobody is told: a day's worth, of a receiver that refuses at once."""
    first_pause: float = 1.0
    """Seconds after the first failed try; doubled after each."""
    longest_pause: float = 300.0
    ca_file: str | None = None
    """PEM file of the authorities to believe for https; None: the system's."""
    most_waiting: int = 1000
    """Posts that wait; beyond that the oldest is dropped."""


@dataclass(order=True, slots=True)
class _Post:
    due: float
    number: int
    id: str = field(compare=False)
    body: bytes = field(compare=False)
    tries: int = field(compare=False, default=0)


def signature(secret: str, name: str, timestamp: int, body: bytes) -> str:
    """The value of webhook-signature."""
    mac = hmac.new(_key(secret), f"{name}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


def _key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass  # it only looks like one
    return secret.encode()


class Webhook:
    """`clock`: seconds since the epoch."""

    def __init__(
        self, options: WebhookOptions, greenlets: Greenlets, clock: Callable[[], float], told: Told
    ) -> None:
        self._options = options
        self._greenlets = greenlets
        self._clock = clock
        self._told = told
        self._parts = urlsplit(options.url)
        self._trust: ssl.SSLContext | None = None
        self._queue: list[_Post] = []
        self._numbered = 0
        self._woken = Event()

    def start(self) -> None:
        """Begin to post. Raises ValueError for a URL that is none, OSError for a ca_file that cannot be read."""
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
            raise ValueError("the webhook's URL must be http or https, with a host")
        if self._parts.scheme == "https":
            self._trust = _verifying(self._options.ca_file)
        self._greenlets.spawn("webhook", self._run, restart_after=1.0)

    def post(self, name: str, body: bytes) -> None:
        """Queue a JSON body under an id; never waits. Posting one id again is the caller's to avoid."""
        if len(self._queue) >= self._options.most_waiting:
            oldest = min(self._queue, key=lambda post: post.number)
            self._queue.remove(oldest)
            heapq.heapify(self._queue)
            self._told(oldest.id, "dropped", oldest.tries, None)
        self._numbered += 1
        heapq.heappush(self._queue, _Post(self._clock(), self._numbered, name, body))
        self._woken.set()

    @property
    def waiting(self) -> int:
        """Posts that have not come to an end."""
        return len(self._queue)

    def _run(self) -> None:
        while True:
            self._woken.clear()
            now = self._clock()
            if not self._queue:
                self._woken.wait()
            elif self._queue[0].due > now:
                self._woken.wait(self._queue[0].due - now)
            else:
                self._try(self._queue[0])

    def _try(self, post: _Post) -> None:
        post.tries += 1
        taken = self._send(post)
        if post not in self._queue:
            return  # dropped meanwhile, and told
        self._queue.remove(post)
        heapq.heapify(self._queue)
        if taken:
            self._told(post.id, "delivered", post.tries, self._clock())
        elif post.tries >= self._options.tries:
            self._told(post.id, "failed", post.tries, None)
        else:
            pause = min(self._options.first_pause * 2 ** (post.tries - 1), self._options.longest_pause)
            post.due = self._clock() + pause
            heapq.heappush(self._queue, post)

    def _send(self, post: _Post) -> bool:
        """One try. True: the receiver answered 2xx."""
        timestamp = int(self._clock())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "eslbot",
            "webhook-id": post.id,
            "webhook-timestamp": str(timestamp),
        }
        if self._options.secret:
            headers["webhook-signature"] = signature(self._options.secret, post.id, timestamp, post.body)
        target = (self._parts.path or "/") + (f"?{self._parts.query}" if self._parts.query else "")
        connection = _Connection(self._parts.hostname or "", self._parts.port, self._trust, self._options.within)
        try:
            with gevent.Timeout(self._options.within, TimeoutError("no answer")):
                connection.request("POST", target, post.body, headers)
                return 200 <= connection.getresponse().status < 300
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            connection.close()


def _verifying(ca_file: str | None) -> ssl.SSLContext:
    """A context that checks chain and name. gevent's own class: create_default_context makes the standard library's,
    whose handshake stalls the hub where nothing is patched."""
    context: ssl.SSLContext = gevent.ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(ca_file)
    return context


class _Connection(http.client.HTTPConnection):
    """An HTTP(S) connection over gevent's sockets, whether or not the standard library is patched."""

    def __init__(self, host: str, port: int | None, trust: ssl.SSLContext | None, timeout: float) -> None:
        super().__init__(host, port or (443 if trust is not None else 80), timeout=timeout)
        self._trust = trust

    def connect(self) -> None:
        sock: Any = gevent.socket.create_connection((self.host, self.port), self.timeout)
        self.sock = sock if self._trust is None else self._trust.wrap_socket(sock, server_hostname=self.host)
