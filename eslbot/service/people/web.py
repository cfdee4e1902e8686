"""The web beside the calls: the accounts, the application made of the service's handlers, and the server that guards
it. Knows settings and doors, no page."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint

from eslbot.config import Settings
from eslbot.config.web import WebSection
from eslbot.greenlets import Greenlets
from eslbot.service import options
from eslbot.service.people.sounds import Sounds
from eslbot.store.chain import Entry
from eslbot.supervise.accounts import AccountOptions, Accounts
from eslbot.supervise.admin import Handler
from eslbot.supervise.records import Records
from eslbot.supervise.web import Frame, WebOptions, make_app
from eslbot.watch import tls
from eslbot.watch.guard import Failed, GuardedServer, Limits

LOCAL = ("127.0.0.1", "localhost")
"""An IPv6 address cannot stand here: what checks the Host takes a colon for a port's."""
REASONS = ("strangers", "pages", "live", "rate", "attempts", "connections", "displaced")
"""Why something is not taken: too many requests of nobody known wait, or of others' pages; too many live pages,
requests a minute, sign-ins; all connections busy; and connections that had to make room."""
HEAD_WITHIN, ANSWER_WITHIN = 5.0, 20.0
"""More than the metrics page gives: people's networks are slower, and a sign-in waits for those before it."""


class Web:
    """One service's. `start` raises OSError where the address, the certificate or its key cannot be had."""

    def __init__(
        self, settings: Settings, accounts: Accounts, handlers: Mapping[str, Handler], greenlets: Greenlets,
        failed: Failed, blueprints: Sequence[Blueprint] = (),
    ) -> None:
        self._section = settings.web
        self._tls: Any = None
        self._refused: Counter[str] = Counter(dict.fromkeys(REASONS, 0))
        self.app = make_app(Frame(handlers, accounts, failed, standing(settings), blueprints, self._refuse))
        self._greenlets, self._failed = greenlets, failed
        self._server: GuardedServer | None = None

    def start(self) -> None:
        """Listen."""
        section = self._section
        if not section.enabled:
            return
        if section.certificate is not None and section.key is not None:
            self._tls = tls.context(section.certificate, section.key)
        self._server = GuardedServer(
            (section.listen.host, section.listen.port), self.app, self._greenlets, self._failed, limits(section),
            self._tls)
        self._server.start()

    def renew(self) -> None:
        """Take the certificate anew, for the connections to come. Raises OSError where it cannot be used; the one
        before stays then."""
        section = self._section
        if self._tls is not None and section.certificate is not None and section.key is not None:
            tls.load(self._tls, section.certificate, section.key)

    def stop(self) -> None:
        """Stop listening; connections end with their greenlets."""
        if self._server is not None:
            self._server.stop(timeout=0)
            self._server = None

    def _refuse(self, why: str) -> None:
        self._refused[why] += 1

    @property
    def refused(self) -> Mapping[str, int]:
        """What was not taken, by why (bounded)."""
        server = self._server
        return self._refused if server is None else {
            **self._refused, "connections": server.places.refused, "displaced": server.places.displaced}

    @property
    def taken(self) -> Mapping[str, int]:
        """How much of each limit is taken."""
        server = self._server
        return {} if server is None else {"connections": server.places.taken, "live-pages": len(server.places.going_on)}

    @property
    def port(self) -> int:
        """The port it listens on, once started; 0 where there is no web."""
        return 0 if self._server is None else int(self._server.server_port)


def limits(section: WebSection) -> Limits:
    """As the configuration has them."""
    return Limits(HEAD_WITHIN, ANSWER_WITHIN, section.connections, section.live_pages, section.live_pages_each)


def accounts(
    settings: Settings, greenlets: Greenlets, clock: Callable[[], float], audit: Callable[[Entry], None],
) -> Accounts:
    """Of the configured store, which is there. Raises StoreProblem."""
    lasting = AccountOptions(settings.web.idle, settings.web.lasts)
    return Accounts(settings.store.url, greenlets, clock, audit, lasting)


def sounds(settings: Settings, accounts: Accounts, records: Records, clock: Callable[[], float]) -> Sounds | None:
    """What opens recordings for those who hear them; None: no key is set."""
    keys = options.identities(settings)
    if keys is None:
        return None
    audit: Callable[[Entry], None] = lambda entry: accounts.append(replace(entry, node=settings.node))  # noqa: E731
    return Sounds(keys, settings.record.directory, records, audit, clock, "play" in settings.reasons.acts)


def standing(settings: Settings) -> WebOptions:
    """As the configuration has it. Plain HTTP on this machine alone is asked for by this machine's names alone: a page
    of another site, whose name was made to mean 127.0.0.1, asks by its own."""
    section = settings.web
    named = urlsplit(section.public_url).hostname if section.public_url is not None else None
    alone = section.certificate is None and not section.behind_proxy and section.listen.host in LOCAL
    hosts = (*filter(None, [named]), *LOCAL) if named or alone else ()
    strangers, pages = max(8, section.connections // 8), max(8, section.connections // 4)   # which leaves room for acts
    return WebOptions(
        section.behind_proxy, hosts, section.language, strangers_within=strangers, pages_within=pages)
