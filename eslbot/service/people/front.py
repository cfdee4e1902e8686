"""What people reach one service by: the admin socket, the web with its accounts, API and console, desk phones' feature
codes, the live feed, and who is told when nobody answers an alert. Knows the doors and which handlers stand behind
them; what the rooms do is behind those."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from eslbot.call.desk import Desk
from eslbot.config import Settings
from eslbot.greenlets import Greenlets
from eslbot.model.call import CallId
from eslbot.service import options
from eslbot.service.hearing.ears import Ears
from eslbot.service.observing import Watchers
from eslbot.service.orders import SwitchHand
from eslbot.service.people import alerting, looking, reasons, web
from eslbot.service.people.appealing import Appealing, Periods
from eslbot.service.people.asking import People
from eslbot.service.people.contested import Contested
from eslbot.service.people.dismissing import Dismissing
from eslbot.service.people.erasing import Erasing, eraser
from eslbot.service.people.joining import Joining
from eslbot.service.people.letters import Letters
from eslbot.service.people.owners import Owners
from eslbot.service.people.phones import THINKING, Phones
from eslbot.service.people.playing import Playing
from eslbot.service.people.supervising import Supervisors
from eslbot.service.people.views import Views
from eslbot.service.rules import RulesInForce
from eslbot.store.rows import AlertRow
from eslbot.store.store import Store
from eslbot.supervise.admin import AdminServer, Handler
from eslbot.supervise.live.feed import Feed
from eslbot.supervise.records import Records
from eslbot.supervise.staff import Staff
from eslbot.supervise.trail import Trail
from eslbot.supervise.web import api, console
from eslbot.supervise.web.pages import Console
from eslbot.switch.link import Link
from eslbot.switch.outbound import OutboundServer
from eslbot.watch.alerts import Alerts
from eslbot.watch.metrics import Metrics

log = structlog.get_logger("eslbot")


@dataclass(frozen=True, slots=True)
class Behind:
    """The rooms that people are let to."""

    desk: Desk
    store: Store
    rules: RulesInForce
    ears: Ears
    alerts: Alerts
    watchers: Watchers
    views: Views
    alarmed: list[Callable[[AlertRow], None]]
    """Are shown every alert."""
    links: Mapping[str, Link]
    hand: SwitchHand
    supervisors: Supervisors
    trail: Trail
    metrics: Metrics


class Front:
    """One service's. `start` raises OSError where an address or a socket cannot be had."""

    def __init__(self, settings: Settings, greenlets: Greenlets, clock: Callable[[], float], rooms: Behind) -> None:
        self._settings, self._greenlets, self._clock, self._rooms = settings, greenlets, clock, rooms
        desk, store, audit = rooms.desk, rooms.store, rooms.trail.add
        self.accounts = web.accounts(settings, greenlets, clock, audit)
        self.owners = Owners(self.accounts.roster, desk.number_of, store, greenlets, rooms.ears)
        rooms.watchers.followers.append(self.owners.follow)
        self.people = People(
            desk, store, clock, rooms.metrics.shadow, audit, self.owners, rooms.rules.severities)
        self.joining = Joining(
            options.joining(settings), desk, rooms.supervisors, clock, self.people.meant, audit, self._owner_of)
        self.accounts.roster.on_change(
            Dismissing(desk, self.owners, greenlets, clock, audit).look)
        self.records = Records(store, clock, audit)
        self.feed = self._feed()
        self.sounds = web.sounds(settings, self.accounts, self.records, clock)
        read = None if self.sounds is None else Letters(self.sounds, settings.record.directory)
        self.appealing = Appealing(
            store, Contested(store, settings.store.url, read, settings.node),
            Periods(settings.appeals.within, settings.appeals.answer), clock,
            lambda call: desk.state(CallId(call)) is not None)
        record = settings.record
        self.erasing = Erasing(
            eraser(settings.store.url, record.directory, record.live, settings.node, clock), store, self.records,
            lambda call: desk.state(CallId(call)) is not None)
        self.escalation = alerting.escalation(settings, greenlets, clock, rooms.links, rooms.hand.send, store)
        self.handlers = reasons.asked(self._verbs(), settings.reasons.acts)
        """By verb: the admin socket's, the API's, the console's."""
        self.admin = AdminServer(settings.admin.socket, greenlets, self.handlers)
        self.phones = self._phones()
        shown = Console(
            self.feed, store, None if self.sounds is None else Playing(self.sounds, store),
            options.prompt_texts(settings), settings.reasons.acts, self.appealing.waiting)
        self.web = web.Web(
            settings, self.accounts, self.handlers, greenlets, rooms.watchers.trouble,
            [api.blueprint(self.sounds), console.blueprint(shown)])

    def _verbs(self) -> dict[str, Handler]:
        verbs: dict[str, Handler] = {"reload": self._rooms.rules.asked}
        staff = Staff(self.accounts, self._clock)
        for asked in (self.people, self.joining, self.records, self.appealing, self.erasing, staff):
            verbs |= asked.handlers
        verbs["acknowledge"] = looking.acknowledging(self.feed, verbs["acknowledge"])
        if self.escalation is not None:
            self._rooms.alerts.followers.append(self.escalation[0].raised)
            verbs = alerting.noting(verbs, self.escalation[0].acknowledged)
        return verbs

    def _owner_of(self, phone: str) -> str:
        member = self.accounts.roster.by_phone(phone)
        return "" if member is None else member.name

    def _feed(self) -> Feed:
        """Who looks on is shown what everybody else is told."""
        rooms = self._rooms
        feed = looking.feed(
            self._clock, rooms.ears.disclosures, lambda: rooms.rules.packs, options.prompt_texts(self._settings),
            self.owners, rooms.desk.number_of, rooms.store, self._greenlets,
        )
        if self._settings.web.enabled:
            trouble = rooms.watchers.trouble
            rooms.watchers.followers.append(looking.unfailing(feed.follow, trouble))
            rooms.views.listeners.append(looking.unfailing(feed.hear, trouble))
            rooms.ears.lookers.append(looking.unfailing(feed.frame, trouble))
            rooms.alarmed.append(looking.unfailing(feed.alerted, trouble))
        return feed

    def _phones(self) -> OutboundServer | None:
        """Feature codes of desk phones, where the dialplan is to ask about them."""
        where = self._settings.supervise.phones
        if where is None:
            return None
        return OutboundServer(
            (where.host, where.port), self._greenlets,
            Phones(self.accounts, self.joining, self._rooms.trail.add, self._settings.message.domain).answer,
            self._clock, lambda reason: log.warning("a feature code got no answer", reason=reason), thinking=THINKING)

    def start(self) -> None:
        """Open the doors."""
        if self.escalation is not None:
            alerting.start(*self.escalation, self._rooms.store, self._greenlets, self._rooms.links)
        self.appealing.start(self._greenlets)
        self.admin.start()
        if self.phones is not None:
            self.phones.start()
        self.web.start()

    def stop(self) -> None:
        """Shut them. Whoever is inside ends with the greenlets."""
        self.admin.stop()
        if self.phones is not None:
            self.phones.stop()
        self.web.stop()

    def end(self) -> None:
        """Let go of what the store's writer still serves."""
        self.accounts.stop()
        self.erasing.stop()
        self.appealing.stop()
        if self.sounds is not None:
            self.sounds.stop()
