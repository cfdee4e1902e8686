"""What happened, counted. It observes facts and the outcome of orders; nobody asks it anything but the page that shows
it. Knows which fact moves which instrument (instruments.py), and counts each hit once."""

import re
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry

from eslbot.model import facts, orders
from eslbot.model.facts import Fact
from eslbot.model.judgement import Disclosure
from eslbot.model.orders import Order
from eslbot.model.words import Hypothesis
from eslbot.watch.instruments import OTHER, Instruments, Reader, Readings, one_of

__all__ = ["ACTS", "Metrics", "Readings"]

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
_REMEMBERED = 20_000
"""Hits: far more than all calls of a machine can have while they are up."""


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
        self._packs: frozenset[str] = frozenset()
        self._hits: dict[str, None] = {}
        """Keys of the hits that were counted, oldest first."""
        self._made = Instruments(registry, self._switches, self._rules)
        if readings is not None:
            registry.register(Reader(readings))
        self._observers: Mapping[type, Callable[..., None]] = {
            facts.SwitchUp: lambda fact: self._made.link.labels(self._switch(fact.switch)).set(1),
            facts.SwitchDown: self._link_lost,
            facts.Violated: self._violated,
            facts.Retracted: lambda fact: self._made.retracted.labels(self._rule(fact.verdict.rule)).inc(),
            facts.DisclosureChanged: self._disclosed,
            facts.AudioLost: self._lost,
            facts.AudioEnded: lambda fact: self._made.recordings.labels(one_of("recording", fact.state)).inc(),
            orders.BookCall: self._booked,
            orders.BookClosing: lambda order: self._made.closings.labels(one_of("closing", order.outcome)).inc(),
            orders.BookAct: lambda order: self._act(order.act, order.outcome),
        }

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
            self._made.words.labels(one_of("role", hypothesis.role)).inc(len(hypothesis.text.split()))

    def hit_latency(self, seconds: float) -> None:
        """From the arrival of the frame that decided to the hit."""
        self._made.hit_latency.observe(max(0.0, seconds))

    def word_latency(self, seconds: float) -> None:
        """From the end of the words, on the call's sample clock, to the hit."""
        self._made.word_latency.observe(max(0.0, seconds))

    def act_latency(self, act: str, seconds: float) -> None:
        """From the frame that decided to the switch's answer."""
        self._made.act_latency.labels(one_of("act", act)).observe(max(0.0, seconds))

    def hub_late(self, seconds: float) -> None:
        """The hub ran what was due so much later."""
        self._made.hub_lag.observe(seconds)

    def alerted(self, kind: str, severity: str) -> None:
        """People were told."""
        self._made.alerts.labels(one_of("alert", kind), one_of("severity", severity)).inc()

    def masked(self, seconds: float) -> None:
        """A recording was closed of which so much is masked."""
        self._made.masked_seconds.inc(max(0.0, seconds))

    def delivered(self, state: str) -> None:
        """An alert's post came to its end: `delivered`, `failed` or `dropped`."""
        self._made.posts.labels(one_of("delivery", state)).inc()

    def trouble(self, where: str) -> None:
        """Something of ours failed. Only the first word of `where` becomes the label."""
        found = re.match(r"[A-Za-z][A-Za-z_-]{0,30}(?![-_0-9A-Za-z])", where)
        self._made.troubles.labels(found[0] if found else OTHER).inc()

    def shadow(self, on: bool) -> None:
        """Shadow mode was switched."""
        self._made.shadow.set(on)

    def reloaded(self, result: str) -> None:
        """The packs were loaded anew: `done` or `failed`."""
        self._made.reloads.labels(one_of("reload", result)).inc()

    def rules(self, severities: Mapping[str, str]) -> None:
        """The rules in force, each with its severity's label. Those that were in force before keep their series: calls
        that are up go on under them."""
        for rule, severity in severities.items():
            if rule not in self._rules:
                self._made.counted.labels(rule, one_of("severity", severity))
        self._rules |= severities

    def reviews(self, due: Mapping[str, float]) -> None:
        """The packs in force that are to be looked at again: pack -> when, seconds since the epoch."""
        for pack in self._packs - due.keys():
            self._made.reviews.remove(pack)
        self._packs = frozenset(due)
        for pack, at in due.items():
            self._made.reviews.labels(pack).set(at)

    def _rule(self, rule: str) -> str:
        return rule if rule in self._rules else OTHER

    def _switch(self, switch: str) -> str:
        return switch if switch in self._switches else OTHER

    def _link_lost(self, fact: facts.SwitchDown) -> None:
        self._made.link.labels(self._switch(fact.switch)).set(0)
        self._made.losses.labels(self._switch(fact.switch)).inc()

    def _violated(self, fact: facts.Violated) -> None:
        """Each hit once: it is told again as its words become surer."""
        if fact.hit.key not in self._hits:
            self._hits[fact.hit.key] = None
            if len(self._hits) > _REMEMBERED:
                del self._hits[next(iter(self._hits))]
            self._made.counted.labels(self._rule(fact.verdict.rule), fact.verdict.severity.label).inc()

    def _disclosed(self, fact: facts.DisclosureChanged) -> None:
        if fact.state is not Disclosure.PENDING:
            self._made.disclosures.labels(self._rule(fact.rule), fact.state.value).inc()

    def _lost(self, fact: facts.AudioLost) -> None:
        self._made.gap_seconds.inc(max(0, fact.end - fact.first) / fact.rate)
        self._made.gaps.labels(one_of("gap", fact.reason)).inc()

    def _booked(self, order: orders.BookCall) -> None:
        self._made.calls.labels(one_of("call", order.outcome)).inc()

    def _act(self, act: str, outcome: str) -> None:
        self._made.acts.labels(one_of("act", act), one_of("act_outcome", outcome)).inc()
