"""Builds the rooms, ties them together, starts them in order and stops them in order. Knows every room's front door and
no room's inside; the ties themselves are in this folder's other files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from eslbot.call.desk import Desk
from eslbot.call.journal import Journal
from eslbot.clock import SteadyClock
from eslbot.config import Settings
from eslbot.greenlets import Greenlets
from eslbot.judge import CallJudge, Packs
from eslbot.listen.fork import ForkServer
from eslbot.listen.recogniser import Recogniser
from eslbot.listen.spool import Spool
from eslbot.model.call import CallId
from eslbot.model.facts import Fact, SwitchUp
from eslbot.model.words import Hypothesis
from eslbot.record.vault import Vault
from eslbot.service import chores, options, readings
from eslbot.service.hearing.completeness import Completeness
from eslbot.service.hearing.ear import EarOptions
from eslbot.service.hearing.ears import Ears, EarsOptions
from eslbot.service.hearing.leftovers import USUAL_RATE, Leftovers
from eslbot.service.hearing.taps import ForkTap, SpoolTap
from eslbot.service.observing import Follower, Watchers
from eslbot.service.orders import SwitchHand
from eslbot.service.people import texts
from eslbot.service.people.asking import SHADOW
from eslbot.service.people.front import Behind, Front
from eslbot.service.people.supervising import Supervisors
from eslbot.service.people.views import Views
from eslbot.service.performing import performers
from eslbot.service.rules import LOOK_EVERY, RulesInForce
from eslbot.service.troubles import Troubles
from eslbot.store import chain
from eslbot.store.chain import Entry
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import AlertRow
from eslbot.store.store import Store
from eslbot.supervise.trail import Trail
from eslbot.switch.link import Link
from eslbot.watch import pulse
from eslbot.watch.alerts import Alerts
from eslbot.watch.health import Health
from eslbot.watch.http import WatchServer
from eslbot.watch.metrics import Metrics
from eslbot.watch.webhook import Webhook

log = structlog.get_logger("eslbot")
UNPOSTED = 1000
"""Newest alerts that no webhook had taken before a restart, and that are posted after it."""


class Service:
    """One eslbot. `start`, then `stop`; `followers` are shown every fact and every performed order."""

    webhook: Webhook | None
    metrics: Metrics
    alerts: Alerts
    followers: list[Follower]
    spool: Spool | None
    source: Spool | ForkServer
    desk: Desk
    trail: Trail
    watchers: Watchers
    front: Front

    def __init__(self, settings: Settings, file: Path | None = None) -> None:
        """Raises the rooms' own errors for what cannot work (packs, model, recipients, store), before anything runs."""
        self.settings = settings
        self.clock = SteadyClock()
        self.greenlets = Greenlets(lambda name, error: self.watchers.trouble(name, error))
        self.troubles = Troubles(
            settings.node, self.clock, lambda: self.metrics, lambda: self.alerts, lambda: self.store,
            lambda: self.webhook,
        )
        self.rules = RulesInForce(
            settings.judge.packs, settings.judge.directory, lambda: self.metrics, lambda what: self.alerts.tell(what),
            lambda name: self.store.alerts.get(name) is not None, in_force=self._packs_in_force,
            kept=options.kept_packs(settings),
        )
        self.recogniser = Recogniser(
            options.recogniser(settings), self.greenlets, self.clock, self.troubles.worker_changed)
        self.store = Store(settings.store.url, self.greenlets, self.troubles.store_alarm)
        self.links: dict[str, Link] = {}
        self._watching()
        self._hearing()
        self._deciding()
        for one in options.links(settings):
            self.links[one.name] = Link(one, self.greenlets, self.clock, self._told, self.troubles.notice)
        self.completeness = Completeness(
            self.desk.call_of, self.ears.last, self.troubles.record_failed, self.clock)
        self.followers.append(self.completeness.follow)
        self._leftovers = Leftovers(
            self.links, self.vault, self.ears, self.spool, self.clock, lambda call: self.desk.state(call) is not None)
        self.chores = None if file is None else chores.Chores(
            chores.of(settings), chores.command(file.absolute()), self.store, self.clock, self.troubles.told,
            self.troubles.chore_done,
        )

    # --- building ----------------------------------------------------------------------------------------------------
    def _watching(self) -> None:
        """Metrics, alerts, health: they only look on."""
        settings = self.settings
        self.registry = CollectorRegistry()
        names = [one.name for one in settings.switches]
        self.metrics = Metrics(self.registry, names, self.rules.severities(), readings.readings(self))
        self.watchers = Watchers(
            self.metrics, self.store, self.clock, lambda call, at: self.ears.arrival(call, at),
            options.prompt_texts(settings), lambda *said: self.front.owners.said(*said),
        )
        self.followers = self.watchers.followers
        self.views = Views(self._rate_of)
        self.listeners = self.views.listeners
        """Are shown every hypothesis, redacted: the demo's timeline, the live view."""
        webhook = options.webhook(settings)
        self.webhook = None if webhook is None else Webhook(webhook, self.greenlets, self.clock, self.troubles.posted)
        self.alarmed: list[Callable[[AlertRow], None]] = []
        """Are shown every alert."""
        self.alerts = Alerts(
            options.alerts(settings), self.clock, self.metrics, self._alerted, self.webhook,
        )
        self.health = Health(readings.checks(self, names))
        address = (settings.watch.listen.host, settings.watch.listen.port)
        self.watch = WatchServer(address, self.registry, self.health, self.greenlets, self.watchers.trouble)

    def _hearing(self) -> None:
        """The recordings, the source of audio, and an ear a call."""
        settings = self.settings
        self.vault = Vault(
            options.vault(settings), self.store.recordings, self.greenlets, self.clock,
            lambda call, samples: self.ears.durable(call, samples), self.troubles.record_failed, self._sealed,
        )
        self.hand = SwitchHand(self.links, options.commands(settings), self._switch_of)
        ear = EarOptions(
            lambda call, switch, rate: self.vault.open(call, switch, rate, self.clock()), self.recogniser,
            lambda call, rate, known: CallJudge(self.rules.packs, call, rate, known), self.clock, self._words,
        )
        self.spool = None
        spooled = settings.audio.source == "spool"
        tap = SpoolTap(self.hand.send) if spooled else ForkTap(self.hand.send)
        self.ears = Ears(EarsOptions(ear, tap, lambda call: self.desk.state(call), self._tell, self.clock))
        if spooled:
            self.spool = Spool(options.spool(settings), self.greenlets, self.clock, self.ears.sink)
        self.source = self.spool or ForkServer(options.fork(settings), self.greenlets, self.clock, self.ears.sink)
        self.ears.attach(self.source)
        self.followers.append(self.ears.follow)

    def _deciding(self) -> None:
        """The desk, what performs its orders, and what people reach it by."""
        settings = self.settings
        self.supervisors = Supervisors(
            self.links, self.hand, lambda: self.desk, self.greenlets, self.clock, self._tell,
            options.display(settings), lambda entry: self.trail.add(entry),
            lambda by, call: self.front.owners.hears(by, call),
        )
        self.followers.append(self.supervisors.follow)
        reminders = texts.reminders(
            settings, self.hand, self._switch_of, lambda leg: self.desk.number_of(leg), self.greenlets)
        hands = performers(self.hand, reminders, self.supervisors, self.ears, self.alerts.tell, self.watchers)
        flag = self.store.flags.get(SHADOW)
        shadow = settings.act.shadow or (flag is not None and flag.value == "on")
        self.desk = Desk(
            options.policy(settings), options.leg_book(settings),
            Journal(settings.journal.directory), hands, self.greenlets, self.clock, self.watchers, shadow,
        )
        self.metrics.shadow(shadow)
        self.trail = Trail(
            settings.store.url, settings.journal.directory, settings.node, self.greenlets, self.troubles.audit,
        )
        self.front = Front(settings, self.greenlets, self.clock, Behind(
            self.desk, self.store, self.rules, self.ears, self.alerts, self.watchers, self.views, self.alarmed,
            self.links, self.hand, self.supervisors, self.trail, self.metrics,
        ))

    # --- running -----------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """In order: what takes, then what was left behind, then what gives. Raises OSError and the rooms' own errors
        where a directory, an address or a socket cannot be had."""
        began = self.clock()
        self.recogniser.start()
        self.source.start()
        self.vault.abandon()
        restored = self.desk.restore()
        if restored:
            log.info("took up calls that were going on", calls=len(restored))
        if self.webhook is not None:
            unposted = self.store.alerts.find(delivery="pending", newest_first=True, limit=UNPOSTED, until=began)
            self.alerts.resume(reversed(unposted))
            self.webhook.start()
        self.watch.start()
        self.greenlets.spawn("pulse", pulse.beat, self.metrics.hub_late, restart_after=1.0)
        self._packs_in_force("start")
        self.front.start()
        for link in self.links.values():
            link.start()
        self.greenlets.spawn("leftovers", self._leftovers.run)
        self.completeness.start(self.greenlets)
        if self.chores is not None:
            self.chores.start(self.greenlets)
        self.greenlets.spawn("rules", self.rules.watch, restart_after=LOOK_EVERY)

    def reload(self) -> None:
        """Take the rule packs and the web's certificate anew, for what is to come. Returns at once."""
        self.greenlets.spawn("rules-reload", self.rules.reload, "signal")
        self.greenlets.spawn("certificate", self.front.web.renew)

    @property
    def packs(self) -> Packs:
        """The rules that a call is judged by that begins now."""
        return self.rules.packs

    def stop(self) -> None:
        """Stop taking, write down what is known, let go. Calls go on without us; a start takes them up again."""
        self.front.stop()
        for link in self.links.values():
            link.stop()
        self.source.stop()
        self.recogniser.stop()
        self.watch.stop()
        self.vault.stop()
        self.trail.stop()
        self.front.end()
        self.store.stop()
        self.greenlets.stop()

    # --- what the rooms say ------------------------------------------------------------------------------------------
    def _tell(self, fact: Any) -> None:
        self.desk.tell(fact)

    def _told(self, fact: Fact) -> None:
        self.desk.tell(fact)
        if isinstance(fact, SwitchUp):
            self._leftovers.seen(fact.switch)

    def _switch_of(self, call: CallId) -> str:
        state = self.desk.state(call)
        assert state is not None  # only a live call gives orders
        return state.switch

    def _rate_of(self, call: CallId) -> int:
        state = self.desk.state(call)
        return state.rate if state is not None else USUAL_RATE

    def _words(self, hypothesis: Hypothesis) -> None:
        self.metrics.heard(hypothesis)
        self.views.show(hypothesis)

    def _alerted(self, row: AlertRow) -> object:
        for look in self.alarmed:
            look(row)
        return self.store.alerts.put(row)

    def _sealed(self, row: RecordingRow) -> None:
        self.watchers.sealed(row)
        self.views.forget(CallId(row.call))
        self.ears.closed(CallId(row.call), row.samples, row.state)

    def _packs_in_force(self, why: str) -> None:
        packs = ", ".join(f"{pack.name} {pack.version}" for pack in self.packs.packs)
        self.trail.add(Entry("packs", chain.SERVICE, subject=packs, detail=why))
