"""The instruments that count: every metric there is, its labels and the values they may have, and what is read when
the page is made. No label holds a call, a number or a name of a person: every label's values are counted at start
(switches, rules) or enumerated here, and anything else counts as `other`. Knows no fact and no order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

import eslbot
from eslbot.model.call import Severity

_LATENCIES = (0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)
OTHER = "other"
ALLOWED: Mapping[str, frozenset[str]] = {
    name: frozenset(values.split())
    for name, values in {
        "call": "completed unanswered lost aborted merged",
        "role": "agent customer supervisor unknown",
        "act": "remind alert mute unmute announce hang_up supervisor mask unmask",
        "act_outcome": "done failed unknown shadow not-allowed role-unknown repeated too-late suppressed"
        " handed-over",
        "closing": "played partial impossible failed unknown",
        "recording": "complete partial incomplete",
        "gap": "recogniser audio-late shed restart source",
        "alert": "violation supervisor-wanted mute-failed audio-lost closing-failed closing-unknown recording-missing"
        " packs-broken pack-outdated review-due store-down store-backlog-full audit-down retention-refused"
        " backup-failed mask-failed mask-forgotten",
        "reload": "done failed",
        "severity": " ".join(severity.label for severity in Severity),
        "delivery": "delivered failed dropped",
    }.items()
}


def one_of(kind: str, value: str) -> str:
    """The value, where it is one of that kind's; else `other`."""
    return value if value in ALLOWED[kind] else OTHER


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
    web: Callable[[], Mapping[str, int]] = dict
    """How much is taken of what the web has room for."""
    web_refusals: Callable[[], Mapping[str, int]] = dict
    """What the web did not take, by reason (bounded)."""
    appeals: Callable[[], tuple[int, int]] = lambda: (0, 0)
    """Open ones, and those of them that should have been decided by now."""


class Reader(Collector):
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
        waiting, overdue = now.appeals()
        yield GaugeMetricFamily("eslbot_appeals_open", "Appeals that wait for a decision.", value=waiting)
        yield GaugeMetricFamily("eslbot_appeals_overdue", "Open appeals that are past their time.", value=overdue)
        text = "Connections of the audio fork turned away or cut off, by reason."
        refused = CounterMetricFamily("eslbot_fork_refused", text, labels=["reason"])
        for reason, count in now.refusals().items():
            refused.add_metric([reason], count)
        yield refused
        web = GaugeMetricFamily("eslbot_web", "Of the web's limits, how much is taken.", labels=["what"])
        for what, count in now.web().items():
            web.add_metric([what], count)
        yield web
        text = "Requests and connections that the web did not take, by reason."
        turned = CounterMetricFamily("eslbot_web_refused", text, labels=["reason"])
        for reason, count in now.web_refusals().items():
            turned.add_metric([reason], count)
        yield turned


class Instruments:
    """All of them, in one registry. `rules` maps each rule's id to its severity's label."""

    def __init__(self, registry: CollectorRegistry, switches: Iterable[str], rules: Mapping[str, str]) -> None:
        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"eslbot_{name}", text, labels, registry=registry)

        def histogram(name: str, text: str, *labels: str) -> Histogram:
            return Histogram(f"eslbot_{name}", text, labels, buckets=_LATENCIES, registry=registry)

        self.calls = counter("calls_total", "Calls that ended, by outcome.", "outcome")
        self.words = counter("words_total", "Words recognised, by who said them.", "role")
        self.counted = counter("hits_total", "Rules that matched, each hit once.", "rule", "severity")
        self.retracted = counter("retractions_total", "Hits that the final words took back.", "rule")
        self.disclosures = counter("disclosures_total", "Required disclosures, by how they came out.", "rule", "state")
        self.acts = counter("acts_total", "Acts, by what became of them.", "act", "outcome")
        self.closings = counter("closings_total", "Closing announcements, by outcome.", "outcome")
        self.recordings = counter("recordings_total", "Recordings that were closed, by state.", "state")
        self.masked_seconds = counter("masked_seconds_total", "Audio that was left out of recordings on purpose.")
        self.gap_seconds = counter("recognition_gap_seconds_total", "Audio that nobody recognised.")
        self.gaps = counter("gaps_total", "Stretches of audio that were lost or not recognised.", "reason")
        self.alerts = counter("alerts_total", "Alerts, by kind.", "kind", "severity")
        self.posts = counter("webhook_total", "Alerts for the webhook, by what became of them.", "state")
        self.losses = counter("link_losses_total", "Times a switch's link was lost.", "switch")
        self.troubles = counter("troubles_total", "Failures inside the service, by where.", "where")
        self.hit_latency = histogram("hit_latency_seconds", "From the deciding frame's arrival to the hit.")
        self.word_latency = histogram("word_latency_seconds", "From the end of the words, as spoken, to the hit.")
        self.act_latency = histogram("act_latency_seconds", "From the deciding frame to the switch's answer.", "act")
        self.hub_lag = histogram("hub_lag_seconds", "How late the service's hub runs what is due.")
        self.reloads = counter("packs_reload_total", "Times the rule packs were loaded anew, by result.", "result")
        self.reviews = Gauge(
            "eslbot_pack_review_timestamp_seconds", "When a pack in force is to be looked at again, by pack.", ["pack"],
            registry=registry,
        )  # fmt: skip
        self.link = Gauge("eslbot_link_up", "1: the switch's link stands.", ["switch"], registry=registry)
        self.shadow = Gauge("eslbot_shadow", "1: shadow mode, no automatic acts.", registry=registry)
        info = Gauge("eslbot_build_info", "The version that runs.", ["version"], registry=registry)
        info.labels(eslbot.__version__).set(1)
        self._begin_at_zero(switches, rules)
        ProcessCollector(registry=registry)

    def _begin_at_zero(self, switches: Iterable[str], rules: Mapping[str, str]) -> None:
        """Every child whose labels are known: of a counter that is first seen at 1, Prometheus sees no increase."""
        for rule, severity in rules.items():
            self.counted.labels(rule, one_of("severity", severity))
        for switch in switches:
            self.link.labels(switch).set(0)
            self.losses.labels(switch)
        for counter, kinds in (
            (self.calls, ("call",)),
            (self.words, ("role",)),
            (self.acts, ("act", "act_outcome")),
            (self.closings, ("closing",)),
            (self.recordings, ("recording",)),
            (self.gaps, ("gap",)),
            (self.alerts, ("alert", "severity")),
            (self.posts, ("delivery",)),
            (self.reloads, ("reload",)),
        ):
            for values in product(*(sorted(ALLOWED[kind]) for kind in kinds)):
                counter.labels(*values)
