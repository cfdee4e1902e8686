"""The settings of how people come in: the web's address, its TLS, the proxy before it, how long a sign-in lasts; and
what they must give a reason for. Knows what a value may be, not who uses it."""

import ipaddress
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator, model_validator

from eslbot.config.fields import Address, Listed, Listen, LocalPath, WebUrl, is_loopback
from eslbot.config.periods import Period
from eslbot.config.section import Language, Section

Verb = Literal["mute", "unmute", "hangup", "listen", "whisper", "barge", "takeover", "correct", "mask", "unmask",
               "shadow", "disarm", "play"]


def _network(value: Any) -> Any:
    try:
        return ipaddress.ip_network(value)
    except ValueError:
        raise ValueError(f"{value!r} is no address and no network: write 10.0.0.7 or 10.0.0.0/24") from None


Network = Annotated[ipaddress.IPv4Network | ipaddress.IPv6Network, BeforeValidator(_network)]


class WebSection(Section):
    """The pages and the HTTP API, for those who have an account (`eslbot users add`)."""

    enabled: bool = True
    """Whether there are pages and an API at all."""
    listen: Listen = Address("127.0.0.1", 8088)
    """Their address. Another than this machine's own needs `certificate`, or `behind_proxy`."""
    certificate: LocalPath | None = None
    """PEM file of the certificate and its chain; with it TLS (1.2 or newer) is spoken. Read anew at SIGHUP."""
    key: LocalPath | None = None
    """PEM file of its private key."""
    behind_proxy: Annotated[tuple[Network, ...], Listed] = ()
    """Addresses or networks of a proxy that speaks TLS for us: what it says of the client is believed, what anybody
    else says is not."""
    public_url: WebUrl | None = None
    """What people type. A request for another host is refused."""
    language: Language = "zh"
    """Where neither the account nor the browser asks for `zh` or `en`."""
    connections: int = Field(default=640, ge=32, le=65536)
    """Browsers' and programs' connections at a time, live pages among them. One more makes the one that has been idle
    longest close; where none is idle, it is answered 503."""
    live_pages: int = Field(default=320, ge=1, le=65536)
    """Live pages of the console at a time; one more is answered 503 and tries again. At most half of
    `connections`: the rest is for what else is asked."""
    live_pages_each: int = Field(default=16, ge=1, le=1024)
    """Of them, those of one account."""
    idle: Period = Field(default=4 * 3600.0, validate_default=False)
    """After that long without a request somebody has to sign in again."""
    lasts: Period = Field(default=12 * 3600.0, validate_default=False)
    """After that long anyway."""

    @field_validator("public_url")
    @classmethod
    def _bare(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).path not in ("", "/") or urlsplit(url).query):
            raise ValueError("must be a host alone, without a path")
        return url

    @model_validator(mode="after")
    def _safe(self) -> "WebSection":
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key go together")
        if 2 * self.live_pages > self.connections:
            raise ValueError(f"live_pages: at most half of connections ({self.connections})")
        if self.enabled and self.certificate is None and not self.behind_proxy and not is_loopback(self.listen.host):
            raise ValueError(f"listen: passwords would cross the network to {self.listen.host} in plain: "
                             "set certificate and key, or behind_proxy")
        return self


class ReasonSection(Section):
    """What people must give a reason for, by whichever way they come."""

    acts: Annotated[tuple[Verb, ...], Listed] = ()
    """Verbs, like `listen` or `hangup`. The reason is kept in the audit."""
