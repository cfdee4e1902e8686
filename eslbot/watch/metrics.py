"""What happened, as Prometheus metrics. It observes facts and the outcome of orders; nobody asks it anything but the
page that shows it. No label holds a call, a number or a name of a person: every label's values are counted at start
(switches, rules) or enumerated here, and anything else counts as `other`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

import eslbot
from eslbot.model import facts, orders
from eslbot.model.call import Severity
from eslbot.model.facts import Fact
from eslbot.model.judgement import Disclosure
from eslbot.model.orders import Order
from eslbot.model.words import Hypothesis

ACTS: Mapping[type, str] = {
    orders.Remind: "remind",
    orders.Alert: "alert",
    orders.Mute: "mute",
    orders.Unmute: "unmute",
    orders.Announce: "announce",
    orders.HangUp: "hang_up",
    orders.Mask: "mask",
    orders.Unmask: "unmask",
}
_LATENCIES = (0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)
_OTHER = "other"
_REMEMBERED = 20_000
"""Hits: far more than all calls of a machine can have while they are up."""
_ALLOWED: Mapping[str, frozenset[str]] = {
    name: frozenset(values.split())
    for name, values in {
        "call": "completed unanswered lost aborted merged",
        "role": "agent customer supervisor unknown",
        "act": "remind alert mute unmute announce hang_up supervisor mask unmask",
        "act_outcome": "done failed unknown shadow not-allowed role-unknown repeated too-late suppressed",
        "closing": "played partial impossible failed unknown",
        "recording": "complete partial incomplete",
        "gap": "recogniser audio-late shed restart source",
        "alert": "violation supervisor-wanted mute-failed audio-lost closing-failed recording-missing packs-broken"
        " review-due store-down store-backlog-full audit-down retention-refused backup-failed"
        " mask-failed mask-forgotten",
        "reload": "done failed",
        "severity": " ".join(severity.label for severity in Severity),
        "delivery": "delivered failed dropped",
    }.items()
}


def _one_of(kind: str, value: str) -> str:
    return value if value in _ALLOWED[kind] else _OTHER


@dataclass(frozen=True, slots=True)
class Readings:
    """What is measured when someone looks, rather than counted when it happens. Each must answer at once."""

    calls_active: Callable[[], int]
    workers: Callable[[], Mapping[str, int]] = dict
    """Recogniser workers by state."""
    spool_bytes: Callable[[], int] = int
    """Allocated in the spool."""
    greenlets: Callable[[], int] = int
    queues: Callable[[], Mapping[str, int]] = dict
    """Things waiting, by queue."""
    refusals: Callable[[], Mapping[str, int]] = dict
    """Connections of the audio fork that were turned away or cut off, by reason (bounded)."""


class _Reader(Collector):
    """Asks the readings whenever the page is made."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def collect(self) -> Iterable[GaugeMetricFamily | CounterMetricFamily]:
        now = self._readings
        yield GaugeMetricFamily("eslbot_calls_active", "Calls that are up.", value=now.calls_active())
        yield GaugeMetricFamily("eslbot_spool_bytes", "Bytes that the spool holds in memory.", value=now.spool_bytes())
        yield GaugeMetricFamily("eslbot_greenlets", "Greenlets that are alive.", value=now.greenlets())
        workers = GaugeMetricFamily("eslbot_workers", "Recogniser workers by state.", labels=["state"])
        for state, count in now.workers().items():
            workers.add_metric([state], count)
        yield workers
        queues = GaugeMetricFamily("eslbot_queue_length", "Things that wait, by queue.", labels=["queue"])
        for queue, count in now.queues().items():
            queues.add_metric([queue], count)
        yield queues
        text = "Connections of the audio fork turned away or cut off, by reason."
        refused = CounterMetricFamily("eslbot_fork_refused", text, labels=["reason"])
        for reason, count in now.refusals().items():
            refused.add_metric([reason], count)
        yield refused


class Metrics:
    """`observe` every fact and `performed` every order once. `rules` maps each rule's id to its severity's label."""

    def __init__(
        self,
        registry: CollectorRegistry,
        switches: Iterable[str] = (),
        rules: Mapping[str, str] | None = None,
        readings: Readings | None = None,
    ) -> None:
        self._rules = dict(rules or {})
        self._switches = frozenset(switches)
        self._hits: dict[str, None] = {}
        """Keys of the hits that were counted, oldest first."""

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"eslbot_{name}", text, labels, registry=registry)

        def histogram(name: str, text: str, *labels: str) -> Histogram:
            return Histogram(f"eslbot_{name}", text, labels, buckets=_LATENCIES, registry=registry)

        self._calls = counter("calls_total", "Calls that ended, by outcome.", "outcome")
        self._words = counter("words_total", "Words recognised, by who said them.", "role")
        self._counted = counter("hits_total", "Rules that matched, each hit once.", "rule", "severity")
        self._retracted = counter("retractions_total", "Hits that the final words took back.", "rule")
        self._disclosures = counter("disclosures_total", "Required disclosures, by how they came out.", "rule", "state")
        self._acts = counter("acts_total", "Acts, by what became of them.", "act", "outcome")
        self._closings = counter("closings_total", "Closing announcements, by outcome.", "outcome")
        self._recordings = counter("recordings_total", "Recordings that were closed, by state.", "state")
        self._gap_seconds = counter("recognition_gap_seconds_total", "Audio that nobody recognised.")
        self._masked_seconds = counter("masked_seconds_total", "Audio that was left out of recordings on purpose.")
        self._gaps = counter("gaps_total", "Stretches of audio that were lost or not recognised.", "reason")
        self._alerts = counter("alerts_total", "Alerts, by kind.", "kind", "severity")
        self._posts = counter("webhook_total", "Alerts for the webhook, by what became of them.", "state")
        self._losses = counter("link_losses_total", "Times a switch's link was lost.", "switch")
        self._troubles = counter("troubles_total", "Failures inside the service, by where.", "where")
        self._hit_latency = histogram("hit_latency_seconds", "From the deciding frame's arrival to the hit.")
        self._word_latency = histogram("word_latency_seconds", "From the end of the words, as spoken, to the hit.")
        self._act_latency = histogram("act_latency_seconds", "From the deciding frame to the switch's answer.", "act")
        self._reloads = counter("packs_reload_total", "Times the rule packs were loaded anew, by result.", "result")
        self._reviews = Gauge(
            "eslbot_pack_review_timestamp_seconds", "When a pack in force is to be looked at again, by pack.", ["pack"],
            registry=registry,
        )  # fmt: skip
        self._packs: frozenset[str] = frozenset()
        self._link = Gauge("eslbot_link_up", "1: the switch's link stands.", ["switch"], registry=registry)
        self._shadow = Gauge("eslbot_shadow", "1: shadow mode, no automatic acts.", registry=registry)
        info = Gauge("eslbot_build_info", "The version that runs.", ["version"], registry=registry)
        info.labels(eslbot.__version__).set(1)
        self._begin_at_zero()
        ProcessCollector(registry=registry)
        if readings is not None:
            registry.register(_Reader(readings))
        self._observers: Mapping[type, Callable[..., None]] = {
            facts.SwitchUp: lambda fact: self._link.labels(self._switch(fact.switch)).set(1),
            facts.SwitchDown: self._link_lost,
            facts.Violated: self._violated,
            facts.Retracted: lambda fact: self._retracted.labels(self._rule(fact.verdict.rule)).inc(),
            facts.DisclosureChanged: self._disclosed,
            facts.AudioLost: self._lost,
            facts.AudioEnded: lambda fact: self._recordings.labels(_one_of("recording", fact.state)).inc(),
            orders.BookCall: self._booked,
            orders.BookClosing: lambda order: self._closings.labels(_one_of("closing", order.outcome)).inc(),
            orders.BookAct: lambda order: self._act(order.act, order.outcome),
        }

    def _begin_at_zero(self) -> None:
        """Every child whose labels are known: of a counter that is first seen at 1, Prometheus sees no increase."""
        for rule, severity in self._rules.items():
            self._counted.labels(rule, _one_of("severity", severity))
        for switch in self._switches:
            self._link.labels(switch).set(0)
            self._losses.labels(switch)
        for counter, kinds in (
            (self._calls, ("call",)),
            (self._words, ("role",)),
            (self._acts, ("act", "act_outcome")),
            (self._closings, ("closing",)),
            (self._recordings, ("recording",)),
            (self._gaps, ("gap",)),
            (self._alerts, ("alert", "severity")),
            (self._posts, ("delivery",)),
            (self._reloads, ("reload",)),
        ):
            for values in product(*(sorted(_ALLOWED[kind]) for kind in kinds)):
                counter.labels(*values)

    def observe(self, fact: Fact) -> None:
        """A fact was taken in."""
        observer = self._observers.get(type(fact))
        if observer is not None:
            observer(fact)

    def performed(self, order: Order, outcome: tuple[str, str] | None) -> None:
        """An order was performed, with (`done` | `failed` | `unknown`, detail); None: nothing to tell."""
        act = ACTS.get(type(order))
        if act is not None and outcome is not None:
            self._act(act, outcome[0])
        observer = self._observers.get(type(order))
        if observer is not None:
            observer(order)

    def heard(self, hypothesis: Hypothesis) -> None:
        """Words were recognised; partial ones do not count."""
        if hypothesis.final:
            self._words.labels(_one_of("role", hypothesis.role)).inc(len(hypothesis.text.split()))

    def hit_latency(self, seconds: float) -> None:
        """From the arrival of the frame that decided to the hit."""
        self._hit_latency.observe(max(0.0, seconds))

    def word_latency(self, seconds: float) -> None:
        """From the end of the words, on the call's sample clock, to the hit."""
        self._word_latency.observe(max(0.0, seconds))

    def act_latency(self, act: str, seconds: float) -> None:
        """From the frame that decided to the switch's answer."""
        self._act_latency.labels(_one_of("act", act)).observe(max(0.0, seconds))

    def alerted(self, kind: str, severity: str) -> None:
        """People were told."""
        self._alerts.labels(_one_of("alert", kind), _one_of("severity", severity)).inc()

    def masked(self, seconds: float) -> None:
        """A recording was closed of which so much is masked."""
        self._masked_seconds.inc(max(0.0, seconds))

    def delivered(self, state: str) -> None:
        """An alert's post came to its end: `delivered`, `failed` or `dropped`."""
        self._posts.labels(_one_of("delivery", state)).inc()

    def trouble(self, where: str) -> None:
        """Something of ours failed. Only the first word of `where` becomes the label."""
        found = re.match(r"[A-Za-z][A-Za-z_-]{0,30}(?![-_0-9A-Za-z])", where)
        self._troubles.labels(found[0] if found else _OTHER).inc()

    def shadow(self, on: bool) -> None:
        """Shadow mode was switched."""
        self._shadow.set(on)

    def reloaded(self, result: str) -> None:
        """The packs were loaded anew: `done` or `failed`."""
        self._reloads.labels(_one_of("reload", result)).inc()

    def rules(self, severities: Mapping[str, str]) -> None:
        """The rules in force, each with its severity's label. Those that were in force before keep their series: calls
        that are up go on under them."""
        for rule, severity in severities.items():
            if rule not in self._rules:
                self._counted.labels(rule, _one_of("severity", severity))
        self._rules |= severities

    def reviews(self, due: Mapping[str, float]) -> None:
        """The packs in force that are to be looked at again: pack -> when, seconds since the epoch."""
        for pack in self._packs - due.keys():
            self._reviews.remove(pack)
        self._packs = frozenset(due)
        for pack, at in due.items():
            self._reviews.labels(pack).set(at)

    def _rule(self, rule: str) -> str:
        return rule if rule in self._rules else _OTHER

    def _switch(self, switch: str) -> str:
        return switch if switch in self._switches else _OTHER

    def _link_lost(self, fact: facts.SwitchDown) -> None:
        self._link.labels(self._switch(fact.switch)).set(0)
        self._losses.labels(self._switch(fact.switch)).inc()

    def _violated(self, fact: facts.Violated) -> None:
        """Each hit once: it is told again as its words become surer."""
        if fact.hit.key not in self._hits:
            self._hits[fact.hit.key] = None
            if len(self._hits) > _REMEMBERED:
                del self._hits[next(iter(self._hits))]
            self._counted.labels(self._rule(fact.verdict.rule), fact.verdict.severity.label).inc()

    def _disclosed(self, fact: facts.DisclosureChanged) -> None:
        if fact.state is not Disclosure.PENDING:
            self._disclosures.labels(self._rule(fact.rule), fact.state.value).inc()

    def _lost(self, fact: facts.AudioLost) -> None:
        self._gap_seconds.inc(max(0, fact.end - fact.first) / fact.rate)
        self._gaps.labels(_one_of("gap", fact.reason)).inc()

    def _booked(self, order: orders.BookCall) -> None:
        self._calls.labels(_one_of("call", order.outcome)).inc()

    def _act(self, act: str, outcome: str) -> None:
        self._acts.labels(_one_of("act", act), _one_of("act_outcome", outcome)).inc()
