"""/metrics, /healthz and /readyz. Knows the paths and what they answer with; not how a connection is guarded."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.exposition import choose_encoder

from eslbot.greenlets import Greenlets
from eslbot.watch.guard import Failed, GuardedServer, Limits
from eslbot.watch.health import Health

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    body: bytes
    kind: str = _JSON
    """Content-Type."""


class _Plain(CollectorRegistry):
    """A registry's page without the `_created` series, which double it and which nobody reads."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._whole = registry

    def collect(self) -> Iterator[Metric]:
        for family in self._whole.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family


class WatchServer:
    """Serves them at (host, port)."""

    def __init__(
        self,
        address: tuple[str, int],
        registry: CollectorRegistry,
        health: Health,
        greenlets: Greenlets,
        failed: Failed,
        limits: Limits | None = None,
    ) -> None:
        self._registry = registry
        self._health = health
        self._paths: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "/metrics": self._metrics,
            "/healthz": self._alive,
            "/readyz": self._ready,
        }
        self._server = GuardedServer(address, self._answer, greenlets, failed, limits)

    def start(self) -> None:
        """Listen. Raises OSError where the address cannot be had."""
        self._server.start()

    def stop(self) -> None:
        """Stop listening; connections end with their greenlets."""
        self._server.stop(timeout=0)

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        return int(self._server.server_port)

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, serve = environ["REQUEST_METHOD"], self._paths.get(environ["PATH_INFO"])
        more = []
        if serve is None:
            answer = Answer("404 Not Found", b'{"error":"there are /metrics, /healthz and /readyz"}')
        elif method not in ("GET", "HEAD"):
            answer = Answer("405 Method Not Allowed", b'{"error":"only GET and HEAD"}')
            more = [("Allow", "GET, HEAD")]
        elif int(environ.get("CONTENT_LENGTH") or 0) or environ.get("HTTP_TRANSFER_ENCODING"):
            answer = Answer("413 Content Too Large", b'{"error":"no body is taken here"}')
            more = [("Connection", "close")]
        else:
            answer = serve(environ)
        start_response(
            answer.status,
            [
                ("Content-Type", answer.kind),
                ("Content-Length", str(len(answer.body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                *more,
            ],
        )
        return [] if method == "HEAD" else [answer.body]

    def _metrics(self, environ: dict[str, Any]) -> Answer:
        encode, kind = choose_encoder(environ.get("HTTP_ACCEPT", ""))
        return Answer("200 OK", encode(_Plain(self._registry)), kind)

    def _alive(self, environ: dict[str, Any]) -> Answer:
        return Answer("200 OK", b'{"alive":true}')

    def _ready(self, environ: dict[str, Any]) -> Answer:
        reasons = self._health.reasons()
        body = orjson.dumps({"ready": not reasons, "reasons": reasons})
        return Answer("503 Service Unavailable" if reasons else "200 OK", body)
