"""Whom an alert that nobody has acknowledged is told to: a webhook, phones. Knows where texts go; when it is time, and
an alert's own way, are in watch/."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import gevent
import orjson
import structlog

from eslbot.config import Settings
from eslbot.greenlets import Greenlets
from eslbot.model.call import Severity
from eslbot.store.rows import AlertRow
from eslbot.store.store import Store
from eslbot.supervise.access import Person
from eslbot.supervise.admin import Handler
from eslbot.switch import supervising
from eslbot.switch.building import Command, Refused
from eslbot.watch.escalation import Escalation, EscalationOptions
from eslbot.watch.webhook import Webhook, WebhookOptions

RECALLED = 1000
"""Newest alerts, of those that nobody has acknowledged or was told of, that are looked at after a start."""
LINK_WITHIN, LOOK_EVERY = 20.0, 0.1
"""Seconds after a start that a switch may take to be there."""
log = structlog.get_logger("eslbot")
TEXTS: Mapping[str, str] = {
    "zh": "eslbot：告警未确认（{severity}，{kind}）{call}",
    "en": "eslbot: an alert is not acknowledged ({severity}, {kind}) {call}",
}
"""What a phone shows, by language."""
MANY: Mapping[str, str] = {
    "zh": "eslbot：{count} 条告警未确认，最严重：{severity}，{kind}，{call}",
    "en": "eslbot: {count} alerts are not acknowledged, the worst: {severity}, {kind}, {call}",
}
"""The same of several."""
APART = 10.0
"""Seconds between two texts: what falls due meanwhile is one text. A thousand would tell nobody anything, and each
takes its turn on the link that mutes go over."""


class Line(Protocol):
    """A link to a switch, as far as texts need it."""

    @property
    def up(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Escalated:
    """Where an alert goes that nobody has acknowledged."""

    node: str
    phones: Sequence[str]
    profile: str
    domain: str
    language: str


class Tell:
    """Told of what nobody has acknowledged: posts it, and sends texts to phones."""

    def __init__(
        self, options: Escalated, links: Mapping[str, Line], send: Callable[[str, Sequence[Command]], Any],
        webhook: Webhook | None, clock: Callable[[], float], told: Callable[[str, float], Any], greenlets: Greenlets,
    ) -> None:
        """`send`: sends commands to a switch of that name; `told`: writes down when an alert (its id) was told of."""
        self._told = told
        self._options, self._links, self._send = options, links, send
        self._webhook, self._clock, self._greenlets = webhook, clock, greenlets
        self._due: list[AlertRow] = []
        self._texting = False

    def __call__(self, row: AlertRow) -> None:
        log.warning("an alert is not acknowledged", id=row.id, call=row.call, kind=row.kind, severity=row.severity)
        if self._webhook is not None:
            self._webhook.post(f"{row.id}!{uuid.uuid4()}", self._body(row))
        if self._options.phones:
            self._due.append(row)
            if not self._texting:
                self._texting = True
                self._greenlets.spawn("texts", self._texts)
        self._told(row.id, self._clock())

    def _texts(self) -> None:
        """What is due, as one text; then what has fallen due until the next may be sent."""
        try:
            while self._due:
                due, self._due = self._due, []
                worst = max(due, key=lambda row: Severity[row.severity.upper()])
                text = (MANY if len(due) > 1 else TEXTS)[self._options.language]
                self.text(text.format(
                    count=len(due), severity=worst.severity, kind=worst.kind, call=worst.call[:8]))
                gevent.sleep(APART)
        finally:
            self._texting = False

    def text(self, text: str) -> None:
        """To all phones, by every switch: one of them has the phone."""
        options = self._options
        for phone in options.phones:
            try:
                command = supervising.message_to(phone, options.domain, options.profile, text)
            except Refused as refused:
                log.warning("a text was not sent", reason=str(refused))
                continue
            for name, line in self._links.items():
                if line.up:
                    self._send(name, (command,))

    def _body(self, row: AlertRow) -> bytes:
        return orjson.dumps({
            "type": "alert.unacknowledged", "id": row.id, "at": row.at, "node": self._options.node, "call": row.call,
            "kind": row.kind, "severity": row.severity, "rule": row.rule or None, "detail": row.detail,
            "waited": round(self._clock() - row.at, 1),
        })


def escalation(
    settings: Settings, greenlets: Greenlets, clock: Callable[[], float], links: Mapping[str, Line],
    send: Callable[[str, Sequence[Command]], Any], store: Store,
) -> tuple[Escalation, Webhook | None] | None:
    """As the configuration has it, with the webhook that has to be started; None: nothing is escalated."""
    section, message = settings.escalation, settings.message
    if section.after is None:
        return None
    webhook = None
    if section.webhook is not None:
        alert = settings.alert
        options = WebhookOptions(section.webhook, alert.secret, ca_file=str(alert.ca_file) if alert.ca_file else None)
        webhook = Webhook(options, greenlets, clock, _posted)
    where = Escalated(settings.node, section.phones, message.profile, message.domain or "", settings.prompt_language)
    wanted = EscalationOptions(section.after, Severity[section.severity.upper()])
    return Escalation(wanted, greenlets, clock, Tell(
        where, links, send, webhook, clock, lambda id_, at: store.alerts.patch(id_, escalated=at), greenlets)), webhook


def start(
    escalation: Escalation, webhook: Webhook | None, store: Store, greenlets: Greenlets, links: Mapping[str, Line],
) -> None:
    """With what the store says of before, once a text can reach a phone, or LINK_WITHIN seconds later. Returns at
    once."""
    if webhook is not None:
        webhook.start()

    def begin() -> None:
        for _ in range(round(LINK_WITHIN / LOOK_EVERY)):
            if any(line.up for line in links.values()):
                break
            gevent.sleep(LOOK_EVERY)
        _recall(escalation, store)

    greenlets.spawn("escalation-begins", begin, restart_after=1.0)


def _recall(escalation: Escalation, store: Store) -> None:
    escalation.start(reversed(store.alerts.find(limit=RECALLED, newest_first=True, acknowledged=None, escalated=None)))


def noting(handlers: Mapping[str, Handler], done: Callable[[str], None]) -> dict[str, Handler]:
    """The same handlers; an alert that was acknowledged is told to `done`."""
    acknowledge = handlers["acknowledge"]

    def noted(args: dict[str, Any], person: Person) -> dict[str, Any]:
        shown = acknowledge(args, person)
        done(str(shown["id"]))
        return shown

    return {**handlers, "acknowledge": noted}


def _posted(name: str, state: str, tries: int, delivered: float | None) -> None:
    level = log.info if state == "delivered" else log.warning
    level("an unacknowledged alert was posted", id=name, state=state, tries=tries)
