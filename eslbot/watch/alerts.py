"""What becomes of an alert: always a WARNING line, a metric and a row; and a post to the webhook, where there is one,
unless people were told of the same rule in the same call a moment ago. Knows no room that raises one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import orjson
import structlog

from eslbot.model.orders import Alert
from eslbot.store.rows import AlertRow
from eslbot.watch.metrics import Metrics
from eslbot.watch.redact import redact_text
from eslbot.watch.webhook import Webhook

OLD = 86_400.0
"""Seconds after which nobody is told any more what was not posted before a restart."""
_REMEMBERED = 10_000
"""Last posts, the oldest forgotten first."""


@dataclass(frozen=True, slots=True)
class AlertOptions:
    cooldown: float = 60.0
    """Seconds in which an alert of the same call, kind and rule is not posted again."""
    node: str = ""
    """This service's name, for the receiver."""


class Alerts:
    """Performs Alert orders. `put` stores a row; it must not wait."""

    def __init__(
        self,
        options: AlertOptions,
        clock: Callable[[], float],
        metrics: Metrics,
        put: Callable[[AlertRow], object],
        webhook: Webhook | None = None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._metrics = metrics
        self._put = put
        self._webhook = webhook
        self._posted: dict[tuple[str, str, str], tuple[float, int]] = {}
        """When the last post of (call, kind, rule) was, oldest first, and how many alerts it has silenced since."""
        self._log = structlog.get_logger("eslbot.alert")
        self.followers: list[Callable[[AlertRow], None]] = []
        """Are shown what people are told of, once for the like; must not wait."""

    def tell(self, alert: Alert) -> tuple[str, str]:
        """Tell people; never waits. Returns the outcome of the order."""
        alert = replace(alert, detail=redact_text(alert.detail))  # a switch's words may quote what was dialled
        now = self._clock()
        silenced = self._silenced(alert, now)
        posts = self._webhook is not None and silenced is not None
        self._metrics.alerted(alert.kind, alert.severity)
        self._log.warning(
            "alert", id=alert.id, call=alert.call, kind=alert.kind, severity=alert.severity, rule=alert.rule,
            detail=alert.detail, start=alert.start, end=alert.end,
        )  # fmt: skip
        hit = alert.hit.key if alert.hit is not None else ""
        delivery = "pending" if posts else "none"
        row = AlertRow(
            alert.id, alert.call, now, alert.kind, alert.severity, alert.rule, hit, alert.start, alert.end,
            alert.detail, delivery,
        )  # fmt: skip
        self._put(row)
        if silenced is not None:
            for follower in self.followers:
                follower(row)
        if self._webhook is not None and silenced is not None:
            self._webhook.post(alert.id, self._body(alert, now, silenced))
        return "done", ""

    def resume(self, rows: Iterable[AlertRow]) -> None:
        """Post what a store says was not posted before a restart, oldest first, under its own id: a receiver drops what
        it has seen. What follows from the rule alone is not in the row, and is null."""
        for row in rows:
            if self._webhook is not None and row.at > self._clock() - OLD:
                self._webhook.post(row.id, self._resumed(row))

    def _resumed(self, row: AlertRow) -> bytes:
        return orjson.dumps({
            "type": f"alert.{row.kind}", "id": row.id, "at": row.at, "node": self._options.node, "call": row.call,
            "severity": row.severity, "rule": row.rule or None, "title": None, "pack": None, "version": None,
            "law": None, "role": None, "start": row.start, "end": row.end, "detail": row.detail, "silenced": 0,
        })

    def _silenced(self, alert: Alert, now: float) -> int | None:
        """None: people were told of the like a moment ago. Else how many were kept from them since the last post."""
        key = (alert.call, alert.kind, alert.rule)
        at, count = self._posted.get(key, (float("-inf"), 0))
        if now - at < self._options.cooldown:
            self._posted[key] = (at, count + 1)
            return None
        self._posted.pop(key, None)
        self._posted[key] = (now, 0)
        if len(self._posted) > _REMEMBERED:
            del self._posted[next(iter(self._posted))]
        return count

    def _body(self, alert: Alert, now: float, silenced: int) -> bytes:
        verdict = alert.verdict
        laws = verdict.laws if verdict is not None else ()
        return orjson.dumps({
            "type": f"alert.{alert.kind}",
            "id": alert.id,
            "at": now,
            "node": self._options.node,
            "call": alert.call,
            "severity": alert.severity,
            "rule": alert.rule or None,
            "title": verdict.title if verdict is not None else None,
            "pack": verdict.pack if verdict is not None else None,
            "version": verdict.version if verdict is not None else None,
            "law": "; ".join(law.source for law in laws) or None,
            "role": alert.hit.role.value if alert.hit is not None else None,
            "start": alert.start,
            "end": alert.end,
            "detail": alert.detail,
            "silenced": silenced,
        })  # fmt: skip
