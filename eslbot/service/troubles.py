"""What the service itself has to tell people: of a link, a recogniser, a store, an audit, a chore. Each becomes a log
line, a metric or an alert that no machine of a call gave. Knows the watching rooms; decides nothing."""

from collections.abc import Callable
from uuid import uuid4

import orjson
import structlog

from eslbot.act import alert
from eslbot.listen.pool import WorkerChanged
from eslbot.model.call import CallId
from eslbot.store.store import Store
from eslbot.switch.link import Notice
from eslbot.watch.alerts import Alerts
from eslbot.watch.metrics import Metrics
from eslbot.watch.webhook import Webhook

log = structlog.get_logger("eslbot")


class Troubles:
    """One service's. The methods are the callbacks that rooms are built with; none waits.

    `metrics`, `alerts`, `store` and `webhook` are asked for when something happens, since rooms that may call are built
    before them."""

    def __init__(
        self, node: str, clock: Callable[[], float], metrics: Callable[[], Metrics], alerts: Callable[[], Alerts],
        store: Callable[[], Store], webhook: Callable[[], Webhook | None],
    ) -> None:
        self._node, self._clock = node, clock
        self._metrics, self._alerts, self._store, self._webhook = metrics, alerts, store, webhook
        self._count = 0

    def told(self, kind: str, reason: str) -> None:
        """An alert of no call; `kind` is one of Alert.kind's."""
        self._alerts().tell(alert.of_trouble(CallId(""), kind, reason, order=f"{kind}!{uuid4()}"))

    def audit(self, reason: str) -> None:
        """The audit cannot be written."""
        self.told("audit-down", reason)

    def record_failed(self, call: CallId, reason: str) -> None:
        """A call is up and is not recorded."""
        self._alerts().tell(alert.of_trouble(call, "recording-missing", reason, order=self._own_id(call)))

    def store_alarm(self, kind: str, detail: str) -> None:
        """People are told that it went away and that rows are lost; a row of its own that it refuses is logged only."""
        log.error("store", kind=kind, detail=detail)
        self._metrics().trouble(kind)
        if kind in ("store-down", "store-backlog-full"):
            self._alerts().tell(alert.of_trouble(CallId(""), kind, detail, order=self._own_id(self._node)))

    def posted(self, name: str, state: str, tries: int, delivered: float | None) -> None:
        """What became of a post to the webhook."""
        self._metrics().delivered(state)
        self._store().alerts.patch(name, delivery=state, attempts=tries, delivered=delivered)

    def notice(self, notice: Notice) -> None:
        """A link has something to say."""
        log.warning("link", kind=notice.kind, detail=notice.detail)

    def worker_changed(self, change: WorkerChanged) -> None:
        """A recogniser came, went or died."""
        level = log.info if change.state in ("ready", "retired") else log.warning
        level("recogniser", worker=change.name, state=change.state, detail=change.detail)

    def chore_done(self, name: str, output: bytes) -> None:
        """A checkpoint goes where no hand of this host reaches it; each call that turned out to have no recording is
        told of once."""
        if name == "completeness":
            self._reconciled(output)
        webhook = self._webhook()
        if name == "checkpoint" and webhook is not None:
            webhook.post(f"checkpoint!{uuid4()}", output.strip())

    def _reconciled(self, output: bytes) -> None:
        for one in orjson.loads(output)["missing"]:
            order = f"missing!{one['call']}"
            if self._store().alerts.get(order) is None:
                text = "it ended without one" if one["what"] == "none" else "it was begun and never closed"
                told = alert.of_trouble(CallId(one["call"]), "recording-missing", f"reconciled: {text}", order=order)
                self._alerts().tell(told)

    def _own_id(self, of: str) -> str:
        """Of an alert that no machine gave; another after each restart, or it would stand over the one before."""
        self._count += 1
        return f"{of}!{self._clock():.3f}!{self._count}"
