"""What the web is made of: the handlers it asks, the accounts it lets in, and how it stands in the network. Knows no
path and no request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from flask import Blueprint, current_app

from eslbot.supervise.accounts import Accounts
from eslbot.supervise.admin import Handler


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How the web stands in the network."""

    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Whose X-Forwarded-For, -Proto and -Host are believed."""
    hosts: tuple[str, ...] = ()
    """Names that a request may ask for; empty: any."""
    language: str = "zh"
    """zh or en, where a browser asks for neither."""
    requests_per_minute: int = 1200
    """Of one person."""
    strangers_per_minute: int = 240
    """Of one address that has not signed in."""
    wrong_per_minute: int = 10
    """Wrong passwords from one address."""
    strangers_within: int = 128
    """Requests of nobody known that wait or are being answered..."""
    pages_within: int = 256
    """...and those of people who are signed in that are no acts."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One application's."""

    handlers: Mapping[str, Handler]
    """By verb: the same as the admin socket's. Looked up at each request."""
    accounts: Accounts
    failed: Callable[[str, BaseException], None]
    """Told of what went wrong inside; the asker sees a 500."""
    options: WebOptions = field(default_factory=WebOptions)
    blueprints: Sequence[Blueprint] = ()
    """More pages: the console's, the API's."""
    refused: Callable[[str], None] = lambda why: None
    """Told why a request was not taken: `strangers`, `pages`, `live`, `rate`, `attempts` (bounded)."""


def frame() -> Frame:
    """Of the application that answers now."""
    found = current_app.extensions["eslbot"]
    assert isinstance(found, Frame)
    return found
